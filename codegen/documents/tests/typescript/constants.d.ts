// Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema.

/** The protocol of this package. */
export declare const PROTOCOL: { readonly name: 'sample'; readonly version: '0.3.1' };

/** The rate limits: a bucket holds `burst` tokens, and `rate` are added every `periodMs`. */
export declare const LIMITS: {
  readonly events: { readonly per: 'socket'; readonly rate: 7; readonly periodMs: 1000; readonly burst: 10 };
};

/** The bounds of values, by type and field; lengths are in Unicode code points. */
export declare const BOUNDS: {
  readonly BoardId: { readonly minLength: 1; readonly maxLength: 64 };
  readonly Slug: { readonly minLength: 1 };
  readonly Level: { readonly exclusiveMinimum: 0; readonly maximum: 10 };
  readonly Share: { readonly minimum: -0.5; readonly exclusiveMaximum: 1 };
  readonly Tree: {
    readonly children: { readonly minItems: 0; readonly maxItems: 2 };
  };
  readonly Error: {
    readonly retryAfterMs: { readonly minimum: 0 };
  };
  readonly JoinBoard: {
    readonly boardId: { readonly minLength: 1; readonly maxLength: 64 };
  };
  readonly Plant: {
    readonly boardId: { readonly minLength: 1; readonly maxLength: 64 };
    readonly otherId: { readonly minLength: 1; readonly maxLength: 64 };
    readonly level: { readonly exclusiveMinimum: 0; readonly maximum: 10 };
    readonly slug: { readonly minLength: 1 };
  };
  readonly Show: {
    readonly boardId: { readonly minLength: 1; readonly maxLength: 64 };
    readonly otherId: { readonly minLength: 1; readonly maxLength: 64 };
  };
  readonly Stay: {
    readonly key: { readonly maxLength: 16384 };
  };
  readonly BoardJoined: {
    readonly boardId: { readonly minLength: 1; readonly maxLength: 64 };
  };
  readonly Counted: {
    readonly count: { readonly minimum: 0 };
  };
  readonly ListTrees: {
    readonly boardId: { readonly minLength: 1; readonly maxLength: 64 };
    readonly level: { readonly exclusiveMinimum: 0; readonly maximum: 10 };
  };
  readonly RemoveBoard: {
    readonly boardId: { readonly minLength: 1; readonly maxLength: 64 };
  };
};

/** The errors of the protocol. Several may have the same code. */
export declare const ERRORS: {
  readonly auth: { readonly code: 'auth'; readonly message: 'Say "who"'; readonly status: 401; readonly retry: 'new_token' };
  readonly denied: { readonly code: 'denied'; readonly message: 'Access denied'; readonly status: 403; readonly retry: 'no' };
  /** @deprecated since 0.3.0, and gone in 1.0.0: use `other` */
  readonly fault: { readonly code: 'fault'; readonly message: 'A fault'; readonly status: 409; readonly retry: 'yes' };
  readonly other: { readonly code: 'other'; readonly message: 'Something else'; readonly status: 400; readonly retry: 'no' };
};

/** The events that clients send. */
export declare const CLIENT_EVENTS: {
  readonly join_board: 'join_board';
  readonly plant: 'plant';
  readonly show: 'show';
  readonly stay: 'stay';
  /** @deprecated since 0.2.0 */
  readonly poke: 'poke';
};

/** The events that the server sends. */
export declare const SERVER_EVENTS: {
  readonly board_joined: 'board_joined';
  readonly planted: 'planted';
  /** @deprecated since 0.3.0, and gone in 1.0.0: use `planted` */
  readonly shown: 'shown';
  readonly counted: 'counted';
  readonly error: 'error';
};
