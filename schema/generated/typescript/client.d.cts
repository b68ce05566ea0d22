// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

import type { ClientSocket } from './protocol.cjs';

/** Options of a connection; all of them are optional. */
export interface ClientOptions {
  /**
   * The credentials to send, or a function that passes them to its argument. The function is called at each attempt to
   * connect, so it can get a valid token.
   */
  auth?: Record<string, unknown> | ((give: (auth: object) => void) => void);
  /** Whether to connect at once; defaults to `true`. */
  autoConnect?: boolean;
  /** Whether to reconnect after a connection is lost or fails; defaults to `true`. */
  reconnection?: boolean;
  /** The number of attempts in a row before giving up; unlimited by default. */
  reconnectionAttempts?: number;
  /** Milliseconds until the first attempt, doubled for each further one; defaults to 1000. */
  reconnectionDelay?: number;
  /** The maximum milliseconds until an attempt; defaults to 5000. */
  reconnectionDelayMax?: number;
  /** The random variation of a wait, as a fraction, so that not all clients return at once; defaults to 0.5. */
  randomizationFactor?: number;
  /** The timeout of an attempt, in milliseconds; defaults to 20000. */
  timeout?: number;
  /** The path of the server's Socket.IO; defaults to `/socket.io/`. */
  path?: string;
  /** Query parameters to add to the address. Addresses are logged: put a token in `auth`. */
  query?: Record<string, string>;
  /** A replacement for the global `WebSocket`. */
  WebSocket?: new (address: URL) => unknown;
}

/** A socket, of this client or of socket.io-client. */
export type Socket = ClientSocket;

/**
 * A Socket.IO client over WebSocket without dependencies, for pages that have no bundler; code that uses it also works
 * with `io` of socket.io-client. The path of `url` is the namespace; the default server is the page's own.
 *
 * Like the official client, it reconnects by itself after its transport has closed, but not after `io server
 * disconnect` or a `connect_error` sent by the server: `active` is then `false`.
 *
 * @example
 * const socket = io({
 *   // Called at each attempt to connect: a token expires.
 *   auth: (give) => fetchToken().then((token) => give({ token, protocol: PROTOCOL.version })),
 * });
 */
export declare function io(url?: string | URL, options?: ClientOptions): Socket;
export declare function io(options: ClientOptions): Socket;
