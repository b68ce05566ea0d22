// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

import { PROTOCOL } from './constants.js';
import { call, RestError } from './request.js';

export { RestError };

export class Rest {
  #server;

  constructor(server) {
    this.#server = { ...server, version: PROTOCOL.version };
  }

  listMessages(input, options) {
    return call(this.#server, { method: 'GET', path: '/api/messages', query: ['channelId', 'page', 'limit', 'before'], answer: 'json', envelope: 'data' }, input, options);
  }

  listDirectMessages(input, options) {
    return call(this.#server, { method: 'GET', path: '/api/conversations/{conversationId}/messages', query: ['page', 'limit', 'before'], answer: 'json', envelope: 'data' }, input, options);
  }

  listReceipts(input, options) {
    return call(this.#server, { method: 'GET', path: '/api/receipts', query: ['channelId'], answer: 'json', envelope: 'data' }, input, options);
  }

  listDirectReceipts(input, options) {
    return call(this.#server, { method: 'GET', path: '/api/conversations/{conversationId}/receipts', answer: 'json', envelope: 'data' }, input, options);
  }

  uploadFile(file, options) {
    return call(this.#server, { method: 'POST', path: '/api/upload', upload: 'file', answer: 'json', envelope: 'data' }, undefined, options, { file, name: options?.name });
  }

  downloadFile(input, options) {
    return call(this.#server, { method: 'GET', path: '/files/{filename}', public: true, answer: 'response' }, input, options);
  }

  listChannels(input, options) {
    return call(this.#server, { method: 'GET', path: '/api/channels', query: ['limit', 'before'], answer: 'json', envelope: 'data', beside: ['nextCursor'] }, input, options);
  }

  listConversations(input, options) {
    return call(this.#server, { method: 'GET', path: '/api/conversations', query: ['limit', 'before'], answer: 'json', envelope: 'data', beside: ['nextCursor'] }, input, options);
  }

  getStats(options) {
    return call(this.#server, { method: 'GET', path: '/api/stats', answer: 'json', envelope: 'data' }, undefined, options);
  }

  putChannel(input, options) {
    return call(this.#server, { method: 'PUT', path: '/api/admin/channels/{id}', body: ['name', 'members'], answer: 'json', envelope: 'data' }, input, options);
  }

  putChannelMember(input, options) {
    return call(this.#server, { method: 'PUT', path: '/api/admin/channels/{id}/members/{userId}', answer: 'json', envelope: 'data' }, input, options);
  }

  deleteChannelMember(input, options) {
    return call(this.#server, { method: 'DELETE', path: '/api/admin/channels/{id}/members/{userId}', answer: 'json', envelope: 'data' }, input, options);
  }

  putConversation(input, options) {
    return call(this.#server, { method: 'PUT', path: '/api/admin/conversations/{id}', body: ['members'], answer: 'json', envelope: 'data' }, input, options);
  }

  putConversationMember(input, options) {
    return call(this.#server, { method: 'PUT', path: '/api/admin/conversations/{id}/members/{userId}', answer: 'json', envelope: 'data' }, input, options);
  }

  deleteConversationMember(input, options) {
    return call(this.#server, { method: 'DELETE', path: '/api/admin/conversations/{id}/members/{userId}', answer: 'json', envelope: 'data' }, input, options);
  }

  putUser(input, options) {
    return call(this.#server, { method: 'PUT', path: '/api/admin/users/{id}', body: ['name', 'email', 'image'], answer: 'json', envelope: 'data' }, input, options);
  }

  revokeUser(input, options) {
    return call(this.#server, { method: 'POST', path: '/api/admin/users/{id}/revoke', answer: 'nothing' }, input, options);
  }

  getHealth(options) {
    return call(this.#server, { method: 'GET', path: '/healthz', public: true, answer: 'json', envelope: 'data' }, undefined, options);
  }

  getReadiness(options) {
    return call(this.#server, { method: 'GET', path: '/readyz', public: true, answer: 'json', envelope: 'data' }, undefined, options);
  }

  getMetrics(options) {
    return call(this.#server, { method: 'GET', path: '/metrics', public: true, answer: 'response' }, undefined, options);
  }
}
