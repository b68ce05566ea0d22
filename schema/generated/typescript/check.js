// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

// Checks of values. A check gets a value, its JSON Pointer, whether lengths, bounds, patterns and rules count, and the
// list to which it adds violations.

/** The maximum number of violations that the server lists. */
const MAX_VIOLATIONS = 1000;

/** Every violation in a value. */
export function violations(check, value) {
  const found = [];
  check(value, '', true, found);
  return found.slice(0, MAX_VIOLATIONS);
}

/** Whether a value is of a check's type, whatever its lengths and bounds. */
export function fits(check, value) {
  const found = [];
  check(value, '', false, found);
  return found.length === 0;
}

export const text = (rules = {}) => (value, at, strict, found) => {
  if (typeof value !== 'string') return void found.push({ path: at, message: 'must be a string' });
  if (strict) test(rules, value, at, found);
};

export const integer = (rules = {}) => (value, at, strict, found) => {
  if (strict && isNumber(value)) test(rules, value, at, found);
  if (!Number.isInteger(value)) return void found.push({ path: at, message: 'must be an integer' });
  if (!Number.isSafeInteger(value)) {
    found.push({ path: at, message: 'must be between -9007199254740991 and 9007199254740991' });
  }
};

export const number = (rules = {}) => (value, at, strict, found) => {
  if (!isNumber(value)) return void found.push({ path: at, message: 'must be a number' });
  if (strict) test(rules, value, at, found);
};

export const boolean = (value, at, _strict, found) => {
  if (typeof value !== 'boolean') found.push({ path: at, message: 'must be true or false' });
};

export const constant = (expected) => (value, at, _strict, found) => {
  if (typeof value !== 'string') return void found.push({ path: at, message: 'must be a string' });
  if (value !== expected) found.push({ path: at, message: `must be: ${expected}` });
};

export const choice = (choices) => (value, at, _strict, found) => {
  if (typeof value !== 'string') return void found.push({ path: at, message: 'must be a string' });
  if (!choices.includes(value)) found.push({ path: at, message: `must be one of: ${choices.join(', ')}` });
};

export const array = (items, rules = {}) => (value, at, strict, found) => {
  if (!Array.isArray(value)) return void found.push({ path: at, message: 'must be an array' });
  if (strict) test(rules, value, at, found);
  for (const [index, item] of value.entries()) items(item, `${at}/${index}`, strict, found);
};

export const map = (values) => (value, at, strict, found) => {
  if (!isObject(value)) return void found.push({ path: at, message: 'must be an object' });
  for (const [key, item] of Object.entries(value)) values(item, `${at}/${escape(key)}`, strict, found);
};

/** A key in `optional` may be missing; unknown keys are ignored. */
export const object = (fields, rules = []) => (value, at, strict, found) => {
  if (!isObject(value)) return void found.push({ path: at, message: 'must be an object' });
  const members = new Map();
  for (const [name, check] of Object.entries(fields)) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member === undefined || (member === null && check.optional)) {
      if (!check.optional) found.push({ path: `${at}/${escape(name)}`, message: 'is required' });
      continue;
    }
    members.set(name, member);
    check(member, `${at}/${escape(name)}`, strict, found);
  }
  if (!strict) return;
  for (const { path, message, passes } of rules) {
    if (!passes(members)) found.push({ path: at + path, message });
  }
};

export const nullable = (check) => (value, at, strict, found) => {
  if (value !== null) check(value, at, strict, found);
};

/** A key that may be missing; `null` counts as absent. */
export const optional = (check) => Object.assign((...given) => check(...given), { optional: true });

// Rules across the fields of an object: tests of its members, without those that are absent.

export const rule = (path, message, passes) => ({ path, message, passes });
export const all = (...tests) => (members) => tests.every((passes) => passes(members));
export const any = (...tests) => (members) => tests.some((passes) => passes(members));
export const not = (passes) => (members) => !passes(members);
export const present = (name) => (members) => (members.get(name) ?? null) !== null;
export const oneOf = (name, values) => (members) => !members.has(name) || values.includes(members.get(name));
/** A value of another type passes, as in JSON Schema. */
export const field = (name, constraint, limit) => (members) => {
  const { applies, holds } = CONSTRAINTS[constraint];
  const member = members.get(name);
  return !applies(member) || holds(member, limit);
};

const isString = (value) => typeof value === 'string';
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const escape = (key) => key.replaceAll('~', '~0').replaceAll('/', '~1');
const plural = (count, noun) => (count === 1 ? `${count} ${noun}` : `${count} ${noun}s`);

/** In Unicode code points. */
function length(string) {
  let count = 0;
  for (const _ of string) count += 1;
  return count;
}

/** The constraints on a value: the values that each applies to, when it holds, and the message of a violation. */
const CONSTRAINTS = {
  minLength: {
    applies: isString,
    holds: (value, limit) => length(value) >= limit,
    says: (limit) => `must be at least ${plural(limit, 'character')}`,
  },
  maxLength: {
    applies: isString,
    holds: (value, limit) => value.length <= limit || length(value) <= limit,
    says: (limit) => `must be at most ${plural(limit, 'character')}`,
  },
  pattern: { applies: isString, holds: (value, { pattern }) => pattern.test(value), says: ({ violation }) => violation },
  dateTime: {
    applies: isString,
    holds: isDateTime,
    says: () => 'must be a date and time, like 2026-01-31T09:30:00Z (RFC 3339)',
  },
  minimum: { applies: isNumber, holds: (value, limit) => value >= limit, says: (limit) => `must be at least ${limit}` },
  exclusiveMinimum: { applies: isNumber, holds: (value, limit) => value > limit, says: (limit) => `must be more than ${limit}` },
  maximum: { applies: isNumber, holds: (value, limit) => value <= limit, says: (limit) => `must be at most ${limit}` },
  exclusiveMaximum: { applies: isNumber, holds: (value, limit) => value < limit, says: (limit) => `must be less than ${limit}` },
  minItems: {
    applies: Array.isArray,
    holds: (value, limit) => value.length >= limit,
    says: (limit) => `must have at least ${plural(limit, 'item')}`,
  },
  maxItems: {
    applies: Array.isArray,
    holds: (value, limit) => value.length <= limit,
    says: (limit) => `must have at most ${plural(limit, 'item')}`,
  },
};

function test(rules, value, at, found) {
  for (const [name, limit] of Object.entries(rules)) {
    const { holds, says } = CONSTRAINTS[name];
    if (!holds(value, limit)) found.push({ path: at, message: says(limit) });
  }
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** RFC 3339, section 5.6; the second 60 where it can be one, at 23:59 in UTC. */
function isDateTime(value) {
  const parts = DATE_TIME.exec(value);
  if (parts === null) return false;
  const [year, month, day, hour, minute, second, offsetHour, offsetMinute] =
    [1, 2, 3, 4, 5, 6, 8, 9].map((index) => Number(parts[index] ?? 0));
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  if (day < 1 || day > days || hour > 23 || minute > 59 || offsetHour > 23 || offsetMinute > 59) return false;
  const offset = (parts[7] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  const utc = (hour * 60 + minute - offset + 2880) % 1440;
  return second < 60 || (second === 60 && utc === 1439);
}
