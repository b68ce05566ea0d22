// Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema.

/**
 * A board's id.
 *
 * 1 to 64 characters; must match `^[a-z0-9-]+$`.
 * @example
 * "board-1"
 */
export type BoardId = string;

/**
 * Names with more than letters.
 * @example
 * "type"
 */
export type Kind = 'broad-leaf' | 'x2' | 'type';

/**
 * A pattern with a quotation mark.
 *
 * At least 1 character; must match `^[^"\s]+$`.
 * @deprecated since 0.3.0
 * @example
 * "a"
 */
export type Slug = string;

/**
 * A whole number.
 *
 * More than 0, at most 10.
 * @example
 * 1
 */
export type Level = number;

/**
 * A part of something.
 *
 * At least -0.5, less than 1.
 * @example
 * 0.25
 */
export type Share = number;

/**
 * Something recursive.
 *
 * It has two paragraphs.
 *
 * `isLeaf` must not be true for x2.
 * @example
 * {
 *   "type": "x2",
 *   "left": null,
 *   "children": [],
 *   "weights": {
 *     "a": 0.25
 *   },
 *   "genus": "tree"
 * }
 */
export interface Tree {
  /** Names with more than letters. */
  type: Kind;
  /** Something recursive. */
  left: Tree | null;
  /** Something recursive. */
  right?: Tree | null;
  /**
   * `children`.
   *
   * 0 to 2 items.
   */
  children: Tree[];
  /** `weights`. */
  weights: { [key: string]: Share };
  /**
   * `genus`.
   *
   * Always `tree`.
   */
  genus: 'tree';
  /**
   * `isLeaf`.
   * @deprecated since 0.2.0, and gone in 1.0.0: use `children`
   */
  isLeaf?: boolean | null;
  /**
   * `at`.
   *
   * RFC 3339.
   */
  at?: string | null;
}

/**
 * Until when.
 * @example
 * {
 *   "userId": "ann",
 *   "expiresAt": "2026-01-31T09:30:00.000Z"
 * }
 */
export interface Stayed {
  /** `userId`. */
  userId: string;
  /**
   * `expiresAt`.
   *
   * RFC 3339.
   */
  expiresAt: string;
}

/**
 * Why something failed.
 * @example
 * {
 *   "message": "Access denied",
 *   "code": "denied"
 * }
 */
export interface Error {
  /** What happened. */
  message: string;
  /** What happened, for programs. */
  code: string;
  /** The event. */
  event?: string | null;
  /**
   * When a retry may succeed.
   *
   * At least 0.
   */
  retryAfterMs?: number | null;
  /** The board, as the payload named it. */
  boardId?: string | null;
}

/**
 * The payload of `join_board`.
 * @example
 * {
 *   "boardId": "board-1"
 * }
 */
export interface JoinBoard {
  /** A board's id. */
  boardId: BoardId;
}

/**
 * The payload of `plant`.
 * @example
 * {
 *   "boardId": "board-1",
 *   "otherId": "board-2",
 *   "tree": {
 *     "type": "x2",
 *     "left": null,
 *     "children": [],
 *     "weights": {
 *       "a": 0.25
 *     },
 *     "genus": "tree"
 *   }
 * }
 */
export interface Plant {
  /** A board's id. */
  boardId: BoardId;
  /** A board's id. */
  otherId: BoardId;
  /** Something recursive. */
  tree: Tree;
  /**
   * A whole number.
   * @deprecated since 0.3.1: use the tree's weights
   */
  level?: Level | null;
  /** A pattern with a quotation mark. */
  slug?: Slug | null;
}

/**
 * The payload of `show`.
 * @example
 * {
 *   "boardId": "board-1",
 *   "otherId": "board-2"
 * }
 */
export interface Show {
  /** A board's id. */
  boardId: BoardId;
  /** A board's id. */
  otherId: BoardId;
}

/**
 * The payload of `stay`.
 * @example
 * {
 *   "key": "a.b.c"
 * }
 */
export interface Stay {
  /**
   * `key`.
   *
   * At most 16384 characters.
   */
  key: string;
}

/**
 * The payload of `board_joined`.
 * @example
 * {
 *   "boardId": "board-1"
 * }
 */
export interface BoardJoined {
  /** A board's id. */
  boardId: BoardId;
}

/**
 * The payload of `counted`.
 * @example
 * {
 *   "count": 1
 * }
 */
export interface Counted {
  /**
   * `count`.
   *
   * At least 0.
   */
  count: number;
}

/** The input of `list_trees`. */
export interface ListTrees {
  /** A board's id. */
  boardId: BoardId;
  /**
   * `deep`.
   * @deprecated since 0.3.0, and gone in 1.0.0: use `level`
   */
  deep?: boolean | null;
  /** A whole number. */
  level?: Level | null;
  /** Names with more than letters. */
  kind?: Kind | null;
}

/** The input of `remove_board`. */
export interface RemoveBoard {
  /** A board's id. */
  boardId: BoardId;
}

/** The codes that distinguish failures. */
export type ErrorCode = 'auth' | 'denied' | 'fault' | 'other';

/** Why something failed. */
export type ProtocolError<Code extends string = ErrorCode> = Error & { code: Code };

/** The error codes of each client event. */
export interface EventErrors {
  join_board: 'denied' | 'other';
  plant: 'denied' | 'fault' | 'other';
  show: 'denied' | 'other';
  stay: 'auth' | 'other';
  poke: 'other';
}

/** The acknowledgement of an event. */
export type Answer<Data, Code extends string = ErrorCode> =
  | { ok: true; data: Data }
  | { ok: false; error: ProtocolError<Code> };

/** The events that the server sends. */
export interface ServerToClientEvents {
  /** Joined. */
  board_joined: (payload: BoardJoined) => void;
  /** Planted. */
  planted: (payload: Tree) => void;
  /**
   * Shown, without a payload.
   * @deprecated since 0.3.0, and gone in 1.0.0: use `planted`
   */
  shown: () => void;
  /** Counted. */
  counted: (payload: Counted) => void;
  /** Failed. */
  error: (error: ProtocolError) => void;
}

/**
 * The events that clients send. The last argument is the acknowledgement: required here, because `emitWithAck` of
 * socket.io-client derives its types from it. A `ClientSocket` also emits without one.
 */
export interface ClientToServerEvents {
  /**
   * Join.
   *
   * Leads to `board_joined`, to this socket.
   */
  join_board: (payload: JoinBoard, ack: (answer: Answer<BoardJoined, EventErrors['join_board']>) => void) => void;
  /**
   * Plant a tree on one board, and tell another.
   *
   * Leads to `planted`, to all others who have joined the board.
   *
   * Leads to `shown`, to all who have joined the board of `otherId`.
   *
   * Leads to `counted`, to every socket of this user.
   */
  plant: (payload: Plant, ack: (answer: Answer<Tree[], EventErrors['plant']>) => void) => void;
  /**
   * Tell boards, without having to do with one first.
   *
   * Leads to `shown`, to all who have joined the board of `otherId`.
   */
  show: (payload: Show, ack: (answer: Answer<null, EventErrors['show']>) => void) => void;
  /** Stay with a new token. */
  stay: (payload: Stay, ack: (answer: Answer<Stayed, EventErrors['stay']>) => void) => void;
  /**
   * Neither a payload nor an answer.
   * @deprecated since 0.2.0
   */
  poke: (ack: (answer: Answer<null, EventErrors['poke']>) => void) => void;
}

/** The arguments of a client event, without its acknowledgement. */
export type EventArguments<Event extends keyof ClientToServerEvents> =
  Parameters<ClientToServerEvents[Event]> extends [...infer Given, unknown] ? Given : never;

/** The acknowledgement of a client event. */
export type EventAnswer<Event extends keyof ClientToServerEvents> =
  Parameters<ClientToServerEvents[Event]> extends [...unknown[], (answer: infer Given) => void] ? Given : never;

/** The events of a socket's own connection. */
export interface ConnectionEvents {
  connect: () => void;
  /** The socket could not connect. If it is not `active` now, the server has refused it. */
  connect_error: (error: globalThis.Error & { data?: any }) => void;
  disconnect: (
    reason:
      | 'io server disconnect' | 'io client disconnect' | 'forced close'
      | 'ping timeout' | 'transport close' | 'transport error' | 'parse error',
  ) => void;
}

/**
 * A socket of the protocol: the part that `io` of socket.io-client and of this package's `client` have in common. Without an
 * acknowledgement, a failure is the event that `ServerToClientEvents` has for it.
 *
 * @example
 * const socket: ClientSocket = io(url, {
 *   // Called at each attempt to connect: a token expires.
 *   auth: (give) => fetchToken().then((token) => give({ token, protocol: PROTOCOL.version })),
 * });
 */
export interface ClientSocket {
  /** The id of the connection: a new one each time. */
  readonly id: string | undefined;
  readonly connected: boolean;
  readonly disconnected: boolean;
  /** Whether the socket is connected, or will reconnect by itself. */
  readonly active: boolean;
  auth: Record<string, any> | ((give: (auth: object) => void) => void);
  /** The underlying connection, with its attempts to reconnect. */
  readonly io: ClientConnection;

  connect(): this;
  open(): this;
  disconnect(): this;
  close(): this;

  on(event: 'connect', listener: ConnectionEvents['connect']): this;
  on(event: 'connect_error', listener: ConnectionEvents['connect_error']): this;
  on(event: 'disconnect', listener: ConnectionEvents['disconnect']): this;
  on<Event extends keyof ServerToClientEvents>(event: Event, listener: ServerToClientEvents[Event]): this;
  once(event: 'connect', listener: ConnectionEvents['connect']): this;
  once(event: 'connect_error', listener: ConnectionEvents['connect_error']): this;
  once(event: 'disconnect', listener: ConnectionEvents['disconnect']): this;
  once<Event extends keyof ServerToClientEvents>(event: Event, listener: ServerToClientEvents[Event]): this;
  off(event?: keyof (ServerToClientEvents & ConnectionEvents), listener?: (...args: any[]) => void): this;
  listeners(event: keyof (ServerToClientEvents & ConnectionEvents)): ((...args: any[]) => void)[];
  hasListeners(event: keyof (ServerToClientEvents & ConnectionEvents)): boolean;

  onAny(listener: (...args: any[]) => void): this;
  offAny(listener?: (...args: any[]) => void): this;
  onAnyOutgoing(listener: (...args: any[]) => void): this;
  offAnyOutgoing(listener?: (...args: any[]) => void): this;

  emit<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: Parameters<ClientToServerEvents[Event]> | EventArguments<Event>
  ): this;
  emitWithAck<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: EventArguments<Event>
  ): Promise<EventAnswer<Event>>;

  /** Events emitted on this are dropped while there is no connection. */
  readonly volatile: this;
  /** Events emitted on this fail if they are not acknowledged within this many milliseconds. */
  timeout(milliseconds: number): TimedSocket;
}

/** A `ClientSocket` that waits this long for acknowledgements. */
export interface TimedSocket {
  emit<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: [...EventArguments<Event>, (error: globalThis.Error | null, answer: EventAnswer<Event>) => void]
  ): unknown;
  emitWithAck<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: EventArguments<Event>
  ): Promise<EventAnswer<Event>>;
}

/** A connection to a server, which reopens when it is lost. */
export interface ClientConnection {
  /** The current connection. Closing it makes the client reconnect. */
  readonly engine: { close(): unknown };

  on(event: 'open' | 'ping' | 'reconnect_failed', listener: () => void): this;
  on(event: 'error' | 'reconnect_error', listener: (error: globalThis.Error) => void): this;
  on(event: 'close', listener: (reason: string) => void): this;
  on(event: 'reconnect_attempt' | 'reconnect', listener: (attempt: number) => void): this;
  off(
    event?: 'open' | 'ping' | 'error' | 'close' | 'reconnect' | 'reconnect_attempt' | 'reconnect_error' | 'reconnect_failed',
    listener?: (...args: any[]) => void,
  ): this;
}
