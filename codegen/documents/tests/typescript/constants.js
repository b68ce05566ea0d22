// Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema.

export const PROTOCOL = { name: 'sample', version: '0.3.1' };

export const LIMITS = {
  events: { per: 'socket', rate: 7, periodMs: 1000, burst: 10 },
};

export const BOUNDS = {
  BoardId: { minLength: 1, maxLength: 64 },
  Slug: { minLength: 1 },
  Level: { exclusiveMinimum: 0, maximum: 10 },
  Share: { minimum: -0.5, exclusiveMaximum: 1 },
  Tree: {
    children: { minItems: 0, maxItems: 2 },
  },
  Error: {
    retryAfterMs: { minimum: 0 },
  },
  JoinBoard: {
    boardId: { minLength: 1, maxLength: 64 },
  },
  Plant: {
    boardId: { minLength: 1, maxLength: 64 },
    otherId: { minLength: 1, maxLength: 64 },
    level: { exclusiveMinimum: 0, maximum: 10 },
    slug: { minLength: 1 },
  },
  Show: {
    boardId: { minLength: 1, maxLength: 64 },
    otherId: { minLength: 1, maxLength: 64 },
  },
  Stay: {
    key: { maxLength: 16384 },
  },
  BoardJoined: {
    boardId: { minLength: 1, maxLength: 64 },
  },
  Counted: {
    count: { minimum: 0 },
  },
  ListTrees: {
    boardId: { minLength: 1, maxLength: 64 },
    level: { exclusiveMinimum: 0, maximum: 10 },
  },
  RemoveBoard: {
    boardId: { minLength: 1, maxLength: 64 },
  },
};

export const ERRORS = {
  auth: { code: 'auth', message: 'Say "who"', status: 401, retry: 'new_token' },
  denied: { code: 'denied', message: 'Access denied', status: 403, retry: 'no' },
  fault: { code: 'fault', message: 'A fault', status: 409, retry: 'yes' },
  other: { code: 'other', message: 'Something else', status: 400, retry: 'no' },
};

export const CLIENT_EVENTS = {
  join_board: 'join_board',
  plant: 'plant',
  show: 'show',
  stay: 'stay',
  poke: 'poke',
};

export const SERVER_EVENTS = {
  board_joined: 'board_joined',
  planted: 'planted',
  shown: 'shown',
  counted: 'counted',
  error: 'error',
};
