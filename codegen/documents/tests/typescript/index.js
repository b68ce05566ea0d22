// Generated from the schema of sample 0.3.1 by "accord gen all". Do not edit: change the schema.

export * from './constants.js';
export * from './guards.js';
export * from './rest.js';
