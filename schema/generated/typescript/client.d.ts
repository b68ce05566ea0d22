// Generated from the schema of chat 1.1.0 by "accord gen all". Do not edit: change the schema.

import type { ClientSocket, TimedSocket } from './protocol.js';

/** How a connection is made and kept; all of it may be left out. */
export interface ClientOptions {
  /** Who connects: what the server is shown at each connect, or a function that gives it to its argument. */
  auth?: Record<string, unknown> | ((give: (auth: object) => void) => void);
  /** Whether to connect at once; `true` unless told. */
  autoConnect?: boolean;
  /** Whether a connection that is lost, or cannot be made, is made again; `true` unless told. */
  reconnection?: boolean;
  /** After how many attempts in a row to give up; never unless told. */
  reconnectionAttempts?: number;
  /** Milliseconds until the first attempt, twice as many for each further one; 1000 unless told. */
  reconnectionDelay?: number;
  /** The most milliseconds until an attempt; 5000 unless told. */
  reconnectionDelayMax?: number;
  /** By which part a wait is longer or shorter at random, so that not all clients return at once; 0.5 unless told. */
  randomizationFactor?: number;
  /** Milliseconds until a connection that does not come about is given up; 20000 unless told. */
  timeout?: number;
  /** Where the server has Socket.IO; `/socket.io/` unless told. */
  path?: string;
  /** What is added to the address. Addresses are logged: a token belongs into `auth`. */
  query?: Record<string, string>;
  /** Instead of the global `WebSocket`. */
  WebSocket?: new (address: URL) => unknown;
}

/**
 * What of a `ClientSocket` there is. It is of socket.io-client's own types, so that either client can be given where this
 * type is asked for.
 */
export type Socket = Pick<
  ClientSocket,
  | 'id' | 'connected' | 'disconnected' | 'active' | 'auth'
  | 'connect' | 'open' | 'disconnect' | 'close'
  | 'on' | 'once' | 'off' | 'listeners' | 'hasListeners'
  | 'onAny' | 'offAny' | 'onAnyOutgoing' | 'offAnyOutgoing'
  | 'emit' | 'emitWithAck' | 'volatile'
> & {
  /** Gives up on an acknowledgement that has not come in as many milliseconds. */
  timeout(milliseconds: number): Pick<TimedSocket, 'emit' | 'emitWithAck'>;
  /** The connection below: its attempts to come back. */
  readonly io: Pick<ClientSocket['io'], 'on' | 'once' | 'off'>;
};

/**
 * A Socket.IO client over WebSocket without dependencies, for pages that have no bundler; code that is written with it
 * also works with `io` of socket.io-client. The path of `url` is the namespace; without one it is the page's server.
 *
 * @example
 * const socket = io({ auth: { token, protocol: PROTOCOL.version } });
 */
export declare function io(url?: string | URL, options?: ClientOptions): Socket;
export declare function io(options: ClientOptions): Socket;
