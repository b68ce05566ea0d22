// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

import type * as protocol from './protocol.js';

/** The server's address, and the caller's token. */
export interface RestServer {
  /** Its address, like `https://api.example.com`. */
  url: string | URL;
  /** The token, or a function that gets it before each request. */
  token?: string | (() => string | Promise<string>);
  /** A replacement for the global `fetch`. */
  fetch?: typeof globalThis.fetch;
}

/** Options of a single request. */
export interface RestOptions {
  /** Cancels the request. */
  signal?: AbortSignal;
}

/** Options of an upload. */
export interface UploadOptions extends RestOptions {
  /** The file's name; defaults to that of a `File`. */
  name?: string;
  /** Called with the number of bytes sent; never called without `XMLHttpRequest`. */
  onProgress?: (sent: { loaded: number; total: number }) => void;
}

/** A request that the server, or something in front of it, refused. */
export declare class RestError extends globalThis.Error {
  readonly name: 'RestError';
  /** The HTTP status. */
  readonly status: number;
  /** The error's code; absent if the answer is not the server's. */
  readonly code: protocol.ErrorCode | undefined;
  /** Every rule that the input breaks. */
  readonly details: NonNullable<protocol.Error['details']>;
  /** When a retry may succeed, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;
  /** The whole body, if it is the server's. */
  readonly body: protocol.Error | undefined;
}

/**
 * The REST operations: each resolves to the data of a success, and rejects with a `RestError` if it is refused.
 *
 * @example
 * const rest = new Rest({ url: 'https://api.example.com', token });
 */
export declare class Rest {
  constructor(server: RestServer);

  /**
   * A channel's history, newest first.
   *
   * `GET /api/messages`.
   *
   * Errors of its own: `invalid_payload`.
   */
  listMessages(input: protocol.ListMessages, options?: RestOptions): Promise<protocol.MessagePage>;

  /**
   * A conversation's history, newest first.
   *
   * `GET /api/conversations/{conversationId}/messages`.
   *
   * Errors of its own: `invalid_payload`.
   */
  listDirectMessages(input: protocol.ListDirectMessages, options?: RestOptions): Promise<protocol.DirectMessagePage>;

  /**
   * The receipts of a channel's members, which say how far each has read. Members without a receipt are not listed.
   *
   * `GET /api/receipts`.
   * @since 1.1.0
   */
  listReceipts(input: protocol.ListReceipts, options?: RestOptions): Promise<protocol.ReadReceipt[]>;

  /**
   * The receipts of a conversation's participants, which say how far each has read. Participants without a receipt are not listed.
   *
   * `GET /api/conversations/{conversationId}/receipts`.
   * @since 1.1.0
   */
  listDirectReceipts(input: protocol.ListDirectReceipts, options?: RestOptions): Promise<protocol.ReadReceipt[]>;

  /**
   * Upload a file, to be attached to a message.
   *
   * If a file has no type, or `application/octet-stream`, the server detects the type from its bytes; text is then `text/plain`. CSV may be declared as `application/vnd.ms-excel`. A refusal says in `details` what is wrong with the file. Since 1.2.0, more types may be uploaded; an operator may narrow or widen the list.
   *
   * `POST /api/upload`.
   *
   * Errors of its own: `invalid_payload`, `too_large`, `unsupported_type`, `quota_exceeded`.
   *
   * `file` is of type `image/jpeg`, `image/png`, `image/gif`, `image/webp`, `image/avif`, `image/heic`, `video/mp4`, `video/webm`, `audio/mpeg`, `audio/ogg`, `audio/wav`, `audio/mp4`, `audio/webm`, `application/pdf`, `text/plain`, `text/csv`, `text/markdown`, `application/json`, `application/zip`, `application/msword`, `application/vnd.openxmlformats-officedocument.wordprocessingml.document`, `application/vnd.ms-excel`, `application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`, `application/vnd.ms-powerpoint`, `application/vnd.openxmlformats-officedocument.presentationml.presentation`, `application/vnd.oasis.opendocument.text`, `application/vnd.oasis.opendocument.spreadsheet` or `application/vnd.oasis.opendocument.presentation`.
   */
  uploadFile(file: Blob, options?: UploadOptions): Promise<protocol.Attachment>;

  /**
   * The bytes of an upload. Its address cannot be guessed, and needs no token.
   *
   * Since 1.2.0, the answer to `Range` is a part of the file, and the answer to `If-None-Match` is 304 if the client already has the file.
   *
   * `GET /files/{filename}`. Needs no token.
   *
   * Errors of its own: `not_found`.
   */
  downloadFile(input: protocol.DownloadFile, options?: RestOptions): Promise<globalThis.Response>;

  /**
   * The caller's channels.
   *
   * All rooms with all of their members, unless `limit` or `before` (since 1.2.0) asks for a page. A page is ordered by id, and has the first 100 members of each room.
   *
   * `GET /api/channels`.
   *
   * Errors of its own: `invalid_payload`.
   */
  listChannels(input?: protocol.ListChannels, options?: RestOptions): Promise<protocol.RoomInfo[] & Partial<protocol.ListChannelsBeside>>;

  /**
   * The caller's conversations.
   *
   * All rooms with all of their members, unless `limit` or `before` (since 1.2.0) asks for a page. A page is ordered by id, and has the first 100 members of each room.
   *
   * `GET /api/conversations`.
   *
   * Errors of its own: `invalid_payload`.
   */
  listConversations(input?: protocol.ListConversations, options?: RestOptions): Promise<protocol.RoomInfo[] & Partial<protocol.ListConversationsBeside>>;

  /**
   * Connections, and the rooms that sockets have joined.
   *
   * `GET /api/stats`.
   */
  getStats(options?: RestOptions): Promise<protocol.Stats>;

  /**
   * Create a channel, or set its state. Former members leave its room at once.
   *
   * `PUT /api/admin/channels/{id}`. For administrators.
   *
   * Leads to the events `member_added`, `member_removed`, `members_changed`, which sockets receive.
   *
   * Errors of its own: `not_found`.
   */
  putChannel(input: protocol.PutChannel, options?: RestOptions): Promise<protocol.RoomInfo>;

  /**
   * Make a user a member of a channel.
   *
   * `PUT /api/admin/channels/{id}/members/{userId}`. For administrators.
   *
   * Leads to the events `member_added`, which sockets receive.
   *
   * Errors of its own: `not_found`.
   */
  putChannelMember(input: protocol.PutChannelMember, options?: RestOptions): Promise<protocol.RoomInfo>;

  /**
   * End a user's membership of a channel. The user's sockets leave its room at once.
   *
   * `DELETE /api/admin/channels/{id}/members/{userId}`. For administrators.
   *
   * Leads to the events `member_removed`, which sockets receive.
   *
   * Errors of its own: `not_found`.
   */
  deleteChannelMember(input: protocol.DeleteChannelMember, options?: RestOptions): Promise<protocol.RoomInfo>;

  /**
   * Create a conversation, or set its state. Former members leave its room at once.
   *
   * `PUT /api/admin/conversations/{id}`. For administrators.
   *
   * Leads to the events `direct_member_added`, `direct_member_removed`, `direct_members_changed`, which sockets receive.
   *
   * Errors of its own: `not_found`.
   */
  putConversation(input: protocol.PutConversation, options?: RestOptions): Promise<protocol.RoomInfo>;

  /**
   * Make a user a member of a conversation.
   *
   * `PUT /api/admin/conversations/{id}/members/{userId}`. For administrators.
   *
   * Leads to the events `direct_member_added`, which sockets receive.
   *
   * Errors of its own: `not_found`.
   */
  putConversationMember(input: protocol.PutConversationMember, options?: RestOptions): Promise<protocol.RoomInfo>;

  /**
   * End a user's membership of a conversation. The user's sockets leave its room at once.
   *
   * `DELETE /api/admin/conversations/{id}/members/{userId}`. For administrators.
   *
   * Leads to the events `direct_member_removed`, which sockets receive.
   *
   * Errors of its own: `not_found`.
   */
  deleteConversationMember(input: protocol.DeleteConversationMember, options?: RestOptions): Promise<protocol.RoomInfo>;

  /**
   * Create a user, or set the user's state.
   *
   * `PUT /api/admin/users/{id}`. For administrators.
   */
  putUser(input: protocol.PutUser, options?: RestOptions): Promise<protocol.User>;

  /**
   * Revoke a user's access with all tokens issued so far.
   *
   * The user's connections and uploads end within a second. From then on, the server refuses the user's tokens without `iat`, and those whose `iat` is not in a later second than the revocation. Tokens that are issued later are accepted.
   *
   * `POST /api/admin/users/{id}/revoke`. For administrators.
   *
   * Errors of its own: `not_found`.
   * @since 1.2.0
   */
  revokeUser(input: protocol.RevokeUser, options?: RestOptions): Promise<void>;

  /**
   * Check that the process is alive.
   *
   * `GET /healthz`. Needs no token.
   */
  getHealth(options?: RestOptions): Promise<protocol.Status>;

  /**
   * Check that the server can serve requests: its database completes a write.
   *
   * `GET /readyz`. Needs no token.
   *
   * Errors of its own: `unavailable`.
   */
  getReadiness(options?: RestOptions): Promise<protocol.Status>;

  /**
   * Metrics in Prometheus' text format.
   *
   * `GET /metrics`. Needs no token.
   */
  getMetrics(options?: RestOptions): Promise<globalThis.Response>;
}
