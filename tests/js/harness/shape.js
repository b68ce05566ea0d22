// Assertions on whole values, which check the form of values that the server chooses (ids, times).
import assert from 'node:assert/strict';

class Shape {
  constructor(label, fits) {
    this.label = label;
    this.fits = fits;
  }
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const isTime = (value) => typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));

/** An id that sorts by creation time: a UUIDv7 or a ULID. */
export const id = new Shape('<id>', (v) => typeof v === 'string' && (ULID.test(v) || UUID_V7.test(v)));
/** A time: RFC 3339, UTC, with milliseconds. */
export const time = new Shape('<time>', isTime);
/** A time that is not before `earlier`. */
export const timeFrom = (earlier) => new Shape(`<time from ${earlier}>`, (v) => isTime(v) && v >= earlier);
export const text = new Shape('<text>', (v) => typeof v === 'string' && v.length > 0);
export const string = new Shape('<string>', (v) => typeof v === 'string');
export const positive = new Shape('<positive integer>', (v) => Number.isInteger(v) && v > 0);
export const natural = new Shape('<integer from 0>', (v) => Number.isInteger(v) && v >= 0);
export const between = (low, high) =>
  new Shape(`<integer from ${low} to ${high}>`, (v) => Number.isInteger(v) && v >= low && v <= high);
export const matching = (pattern) => new Shape(`<${pattern}>`, (v) => typeof v === 'string' && pattern.test(v));

function expectedFor(expected) {
  if (expected instanceof Shape) return expected.label;
  if (Array.isArray(expected)) return expected.map(expectedFor);
  if (expected !== null && typeof expected === 'object') {
    return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, expectedFor(value)]));
  }
  return expected;
}

function actualFor(actual, expected) {
  if (expected instanceof Shape) return expected.fits(actual) ? expected.label : actual;
  if (Array.isArray(expected) && Array.isArray(actual)) return actual.map((item, i) => actualFor(item, expected[i]));
  const objects = [actual, expected].every((v) => v !== null && typeof v === 'object' && !Array.isArray(v));
  if (!objects) return actual;
  return Object.fromEntries(Object.entries(actual).map(([key, value]) => [key, actualFor(value, expected[key])]));
}

/** Asserts that `actual` is `expected` in every key, with shapes where the server chooses. */
export function assertIs(actual, expected, message) {
  assert.deepEqual(actualFor(actual, expected), expectedFor(expected), message);
}
