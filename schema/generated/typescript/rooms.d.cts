// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

import type { DURABLE_EVENTS, IDEMPOTENT_EVENTS, LOGS } from './constants.cjs';
import type { EventAnswer, EventArguments, ProtocolError, ServerToClientEvents } from './protocol.cjs';

/** A kind of room that has a log. */
export type Scope = keyof typeof LOGS;

/** A server event that is an entry of a log. */
export type Entry = keyof typeof DURABLE_EVENTS;

/** A client event that can be sent again. */
export type Sendable = keyof typeof IDEMPOTENT_EVENTS;

/** The data of an acknowledgement. */
export type Acknowledged<Given> = Given extends { ok: true; data: infer Data } ? Data : never;

/** A place in the log of a room. */
export interface Position {
  epoch: string;
  seq: number;
}

/** The server's refusal of an event. */
export declare class Refusal extends globalThis.Error {
  readonly name: 'Refusal';
  /** The error's code. */
  readonly code: string;
  /** Every rule that the payload breaks. */
  readonly details: unknown[];
  /** When another attempt may succeed, in milliseconds from when it was refused. */
  readonly retryAfterMs: number | undefined;
  /** The whole error. */
  readonly body: ProtocolError;
}

/** Options of following; all of them are optional. */
export interface FollowOptions {
  /** The timeout of an acknowledgement, after which an event is sent again, in milliseconds; defaults to 20000. */
  timeout?: number;
}

/** Options of a room that is followed; all of them are optional. */
export interface JoinOptions {
  /**
   * Shows the room anew, and resolves to the position that its history has. Called before the room is joined for the first
   * time, unless there is `since`, and whenever the room's position has been lost. At most 4 rooms are loaded at a time.
   * Without it, the room is followed from the moment of joining, and forgotten if its position is lost.
   */
  load?: () => Promise<Position>;
  /** The position to continue from, such as one that was stored. */
  since?: Position;
  /** Called whenever the room has been joined. The missed entries follow. */
  joined?: () => void;
  /**
   * Called if loading or joining fails. It is tried again at `retryAt`, in milliseconds since 1970, or with the next
   * connection. `null` means that the server refuses the room, which is forgotten.
   */
  failed?: (error: globalThis.Error, retryAt: number | null) => void;
}

/** Options of an event that is sent once; all of them are optional. */
export interface SendOptions {
  /** Called if it fails and is tried again at `retryAt`, in milliseconds since 1970, or with the next connection. */
  failed?: (error: globalThis.Error, retryAt: number) => void;
  /** Stops sending it. An attempt that is already on its way may still arrive. */
  signal?: AbortSignal;
}

/** Follows rooms, and sends events once. */
export interface Rooms {
  /** Calls a listener with each entry of the followed rooms, once and in the order of its log. */
  on<Event extends Entry>(event: Event, listener: ServerToClientEvents[Event]): this;

  /** Removes a listener. */
  off<Event extends Entry>(event: Event, listener: ServerToClientEvents[Event]): this;

  /**
   * Follows a room over all connections until `leave`. A room that is followed already is joined again at once, from its
   * position and with these options.
   */
  join(scope: Scope, id: string, options?: JoinOptions): void;

  /**
   * Stops following a room: entries that are still on their way are dropped, and joining it again begins once the server has
   * answered. Call this also when the user was removed: the server has taken the socket out of the room.
   */
  leave(scope: Scope, id: string): void;

  /** The place in a room's log up to which it has been followed; `undefined` if that is not known. */
  position(scope: Scope, id: string): Position | undefined;

  /**
   * Sends an event once, now or when connected: until it is acknowledged, it is sent again with the same id, which is chosen
   * here unless the payload has one. The payload is copied. Events to one room are sent one after the other, in their order.
   * Resolves to the data of the acknowledgement. Rejects with a `Refusal`; with a `RangeError` if 1000 events wait already; or
   * with the reason of `signal`.
   */
  send<Event extends Sendable>(
    event: Event,
    payload: EventArguments<Event>[0],
    options?: SendOptions,
  ): Promise<Acknowledged<EventAnswer<Event>>>;

  /** Tries at once what waits because it has failed. */
  retry(): void;
}

/** A socket that can follow rooms: a `ClientSocket`, or one with the types of socket.io-client. */
export interface FollowedSocket {
  readonly connected: boolean;
  on(event: any, listener: (...args: any[]) => void): unknown;
  emit(event: any, ...args: any[]): unknown;
  timeout(milliseconds: number): { emit(event: any, ...args: any[]): unknown };
}

/**
 * Follows rooms on a socket: that of `io` of this package, or that of socket.io-client. Each room is joined again after
 * each connection from its last position, so that nothing is missed and nothing comes twice.
 *
 * However many rooms are joined and events are sent at once, the server does not take it for a flood: at most 32 joins, and 32
 * events, wait for their acknowledgement at a time, and what a limit refuses is tried again after waits that grow.
 *
 * Listen for entries here, and for all other events on the socket. Join and leave rooms here, too: a room that is joined on
 * the socket alone is not followed.
 *
 * An entry that does not name its room does not move the room's position, so a replay may repeat it. A repetition is
 * recognized by its content, among the last 10,000 such entries.
 */
export declare function follow(socket: FollowedSocket, options?: FollowOptions): Rooms;
