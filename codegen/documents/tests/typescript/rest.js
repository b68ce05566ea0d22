// Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema.

import { PROTOCOL } from './constants.js';
import { call, RestError } from './request.js';

export { RestError };

export class Rest {
  #server;

  constructor(server) {
    this.#server = { ...server, version: PROTOCOL.version };
  }

  listTrees(input, options) {
    return call(this.#server, { method: 'GET', path: '/boards/{boardId}/trees', query: ['deep', 'level', 'kind'], answer: 'json' }, input, options);
  }

  removeBoard(input, options) {
    return call(this.#server, { method: 'DELETE', path: '/boards/{boardId}', answer: 'nothing' }, input, options);
  }
}
