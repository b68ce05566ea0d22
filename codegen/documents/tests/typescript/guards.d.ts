// Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema.

import type * as protocol from './protocol.js';

/** Whether a value has the type `BoardId`, regardless of lengths and bounds. */
export declare function isBoardId(value: unknown): value is protocol.BoardId;
/** Whether a value has the type `Kind`, regardless of lengths and bounds. */
export declare function isKind(value: unknown): value is protocol.Kind;
/** Whether a value has the type `Slug`, regardless of lengths and bounds. */
export declare function isSlug(value: unknown): value is protocol.Slug;
/** Whether a value has the type `Level`, regardless of lengths and bounds. */
export declare function isLevel(value: unknown): value is protocol.Level;
/** Whether a value has the type `Share`, regardless of lengths and bounds. */
export declare function isShare(value: unknown): value is protocol.Share;
/** Whether a value has the type `Tree`, regardless of lengths and bounds. */
export declare function isTree(value: unknown): value is protocol.Tree;
/** Whether a value has the type `Stayed`, regardless of lengths and bounds. */
export declare function isStayed(value: unknown): value is protocol.Stayed;
/** Whether a value has the type `Error`, regardless of lengths and bounds. */
export declare function isError(value: unknown): value is protocol.Error;
/** Whether a value has the type `JoinBoard`, regardless of lengths and bounds. */
export declare function isJoinBoard(value: unknown): value is protocol.JoinBoard;
/** Whether a value has the type `Plant`, regardless of lengths and bounds. */
export declare function isPlant(value: unknown): value is protocol.Plant;
/** Whether a value has the type `Show`, regardless of lengths and bounds. */
export declare function isShow(value: unknown): value is protocol.Show;
/** Whether a value has the type `Stay`, regardless of lengths and bounds. */
export declare function isStay(value: unknown): value is protocol.Stay;
/** Whether a value has the type `BoardJoined`, regardless of lengths and bounds. */
export declare function isBoardJoined(value: unknown): value is protocol.BoardJoined;
/** Whether a value has the type `Counted`, regardless of lengths and bounds. */
export declare function isCounted(value: unknown): value is protocol.Counted;
/** Whether a value has the type `ListTrees`, regardless of lengths and bounds. */
export declare function isListTrees(value: unknown): value is protocol.ListTrees;
/** Whether a value has the type `RemoveBoard`, regardless of lengths and bounds. */
export declare function isRemoveBoard(value: unknown): value is protocol.RemoveBoard;
/** Every rule that a `JoinBoard` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateJoinBoard(value: unknown): { path: string; message: string }[];
/** Every rule that a `Plant` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validatePlant(value: unknown): { path: string; message: string }[];
/** Every rule that a `Show` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateShow(value: unknown): { path: string; message: string }[];
/** Every rule that a `Stay` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateStay(value: unknown): { path: string; message: string }[];
/** Every rule that a `ListTrees` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateListTrees(value: unknown): { path: string; message: string }[];
/** Every rule that a `RemoveBoard` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateRemoveBoard(value: unknown): { path: string; message: string }[];

/** The guards for what the server sends, by event; an event without a payload has none. */
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
  readonly stay: typeof validateStay;
};
