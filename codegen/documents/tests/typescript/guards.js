// Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema.

import * as check from './check.js';

const of = (name) => (...given) => types[name](...given);

const types = {
  BoardId: check.text({ minLength: 1, maxLength: 64, pattern: { pattern: new RegExp('^[a-z0-9-]+$', 'u'), violation: 'must match ^[a-z0-9-]+$' } }),
  Kind: check.choice(['broad-leaf', 'x2', 'type']),
  Slug: check.text({ minLength: 1, pattern: { pattern: new RegExp("^[^\"\\s]+$", 'u'), violation: "must match ^[^\"\\s]+$" } }),
  Level: check.integer({ exclusiveMinimum: 0, maximum: 10 }),
  Share: check.number({ minimum: -0.5, exclusiveMaximum: 1 }),
  Tree: check.object({
    type: of('Kind'),
    left: check.nullable(of('Tree')),
    right: check.optional(of('Tree')),
    children: check.array(of('Tree'), { minItems: 0, maxItems: 2 }),
    weights: check.map(of('Share')),
    genus: check.constant('tree'),
    isLeaf: check.optional(check.boolean),
    at: check.optional(check.nullable(check.text({ dateTime: true }))),
  }, [
    check.rule('/isLeaf', 'must not be true for x2', check.not(check.all(check.present('isLeaf'), check.oneOf('isLeaf', [true, null]), check.oneOf('type', ['x2'])))),
  ]),
  Stayed: check.object({
    userId: check.text(),
    expiresAt: check.text({ dateTime: true }),
  }),
  Error: check.object({
    message: check.text(),
    code: check.text(),
    event: check.optional(check.text()),
    retryAfterMs: check.optional(check.integer({ minimum: 0 })),
    boardId: check.optional(check.text()),
  }),
  JoinBoard: check.object({
    boardId: of('BoardId'),
  }),
  Plant: check.object({
    boardId: of('BoardId'),
    otherId: of('BoardId'),
    tree: of('Tree'),
    level: check.optional(of('Level')),
    slug: check.optional(of('Slug')),
  }),
  Show: check.object({
    boardId: of('BoardId'),
    otherId: of('BoardId'),
  }),
  Stay: check.object({
    key: check.text({ maxLength: 16384 }),
  }),
  BoardJoined: check.object({
    boardId: of('BoardId'),
  }),
  Counted: check.object({
    count: check.integer({ minimum: 0 }),
  }),
  ListTrees: check.object({
    boardId: of('BoardId'),
    deep: check.optional(check.boolean),
    level: check.optional(of('Level')),
    kind: check.optional(of('Kind')),
  }),
  RemoveBoard: check.object({
    boardId: of('BoardId'),
  }),
};

export const isBoardId = (value) => check.fits(types.BoardId, value);
export const isKind = (value) => check.fits(types.Kind, value);
export const isSlug = (value) => check.fits(types.Slug, value);
export const isLevel = (value) => check.fits(types.Level, value);
export const isShare = (value) => check.fits(types.Share, value);
export const isTree = (value) => check.fits(types.Tree, value);
export const isStayed = (value) => check.fits(types.Stayed, value);
export const isError = (value) => check.fits(types.Error, value);
export const isJoinBoard = (value) => check.fits(types.JoinBoard, value);
export const isPlant = (value) => check.fits(types.Plant, value);
export const isShow = (value) => check.fits(types.Show, value);
export const isStay = (value) => check.fits(types.Stay, value);
export const isBoardJoined = (value) => check.fits(types.BoardJoined, value);
export const isCounted = (value) => check.fits(types.Counted, value);
export const isListTrees = (value) => check.fits(types.ListTrees, value);
export const isRemoveBoard = (value) => check.fits(types.RemoveBoard, value);

export const validateJoinBoard = (value) => check.violations(types.JoinBoard, value);
export const validatePlant = (value) => check.violations(types.Plant, value);
export const validateShow = (value) => check.violations(types.Show, value);
export const validateStay = (value) => check.violations(types.Stay, value);
export const validateListTrees = (value) => check.violations(types.ListTrees, value);
export const validateRemoveBoard = (value) => check.violations(types.RemoveBoard, value);

export const serverEvents = {
  board_joined: isBoardJoined,
  planted: isTree,
  counted: isCounted,
  error: isError,
};

export const clientEvents = {
  join_board: validateJoinBoard,
  plant: validatePlant,
  show: validateShow,
  stay: validateStay,
};
