// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

export * from './protocol.js';
export * from './constants.js';
export * from './guards.js';
export * from './rest.js';
