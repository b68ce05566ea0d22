// Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema.

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

/** A request that the server, or something in front of it, refused. */
export declare class RestError extends globalThis.Error {
  readonly name: 'RestError';
  /** The HTTP status. */
  readonly status: number;
  /** The error's code; absent if the answer is not the server's. */
  readonly code: protocol.ErrorCode | undefined;
  /** Every rule that the input breaks. */
  readonly details: unknown[];
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
   * Trees.
   *
   * `GET /boards/{boardId}/trees`.
   */
  listTrees(input: protocol.ListTrees, options?: RestOptions): Promise<protocol.Tree[]>;

  /**
   * Remove a board.
   *
   * `DELETE /boards/{boardId}`. For administrators.
   * @deprecated since 0.3.0, and gone in 1.0.0
   */
  removeBoard(input: protocol.RemoveBoard, options?: RestOptions): Promise<void>;
}
