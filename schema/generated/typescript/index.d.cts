// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

export * from './protocol.cjs';
export * from './constants.cjs';
export * from './guards.cjs';
export * from './rest.cjs';
