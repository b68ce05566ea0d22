// Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema.

import type * as protocol from './protocol.js';

/** Whether a value is a `BoardId`, whatever its lengths and bounds. */
export declare function isBoardId(value: unknown): value is protocol.BoardId;
/** Whether a value is a `Kind`, whatever its lengths and bounds. */
export declare function isKind(value: unknown): value is protocol.Kind;
/** Whether a value is a `Slug`, whatever its lengths and bounds. */
export declare function isSlug(value: unknown): value is protocol.Slug;
/** Whether a value is a `Level`, whatever its lengths and bounds. */
export declare function isLevel(value: unknown): value is protocol.Level;
/** Whether a value is a `Share`, whatever its lengths and bounds. */
export declare function isShare(value: unknown): value is protocol.Share;
/** Whether a value is a `Tree`, whatever its lengths and bounds. */
export declare function isTree(value: unknown): value is protocol.Tree;
/** Whether a value is a `Error`, whatever its lengths and bounds. */
export declare function isError(value: unknown): value is protocol.Error;
/** Whether a value is a `JoinBoard`, whatever its lengths and bounds. */
export declare function isJoinBoard(value: unknown): value is protocol.JoinBoard;
/** Whether a value is a `Plant`, whatever its lengths and bounds. */
export declare function isPlant(value: unknown): value is protocol.Plant;
/** Whether a value is a `Show`, whatever its lengths and bounds. */
export declare function isShow(value: unknown): value is protocol.Show;
/** Whether a value is a `BoardJoined`, whatever its lengths and bounds. */
export declare function isBoardJoined(value: unknown): value is protocol.BoardJoined;
/** Whether a value is a `Counted`, whatever its lengths and bounds. */
export declare function isCounted(value: unknown): value is protocol.Counted;
/** Whether a value is a `ListTrees`, whatever its lengths and bounds. */
export declare function isListTrees(value: unknown): value is protocol.ListTrees;
/** Whether a value is a `RemoveBoard`, whatever its lengths and bounds. */
export declare function isRemoveBoard(value: unknown): value is protocol.RemoveBoard;
/** Every rule that a `JoinBoard` breaks, as the server says it; `path` is a JSON Pointer. */
export declare function validateJoinBoard(value: unknown): { path: string; message: string }[];
/** Every rule that a `Plant` breaks, as the server says it; `path` is a JSON Pointer. */
export declare function validatePlant(value: unknown): { path: string; message: string }[];
/** Every rule that a `Show` breaks, as the server says it; `path` is a JSON Pointer. */
export declare function validateShow(value: unknown): { path: string; message: string }[];
/** Every rule that a `ListTrees` breaks, as the server says it; `path` is a JSON Pointer. */
export declare function validateListTrees(value: unknown): { path: string; message: string }[];
/** Every rule that a `RemoveBoard` breaks, as the server says it; `path` is a JSON Pointer. */
export declare function validateRemoveBoard(value: unknown): { path: string; message: string }[];

/** The guards of what the server sends, by event; an event without a payload has none. */
export declare const serverEvents: {
  readonly board_joined: typeof isBoardJoined;
  readonly planted: typeof isTree;
  readonly counted: typeof isCounted;
  readonly error: typeof isError;
};

/** The validators of what clients send, by event; an event without a payload has none. */
export declare const clientEvents: {
  readonly join_board: typeof validateJoinBoard;
  readonly plant: typeof validatePlant;
  readonly show: typeof validateShow;
};
