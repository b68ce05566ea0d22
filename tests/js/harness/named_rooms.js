// The rooms that failures name, as the payload of the event did that failed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const description = new URL('../../../schema/generated/asyncapi.json', import.meta.url);
const { operations, 'x-accord-scopes': scopes } = JSON.parse(readFileSync(description, 'utf8'));

/** The fields of a failure that name a room. */
const FIELDS = ['channelId', 'conversationId'];
const LONGEST = 128;

/** The rooms that a failure of `event` must name: those of its payload, if they are strings no longer than ids. */
function namedRooms(event, payload) {
  const operation = Object.hasOwn(operations, event) && operations[event].action === 'receive' ? operations[event] : {};
  const { 'x-accord-scope': scope, 'x-accord-also': also = [] } = operation;
  const own = scope === undefined ? [] : [{ key: scopes[scope].key, scope }];
  const named = {};
  for (const { key, scope: of } of [...own, ...also]) {
    const field = scopes[of].key;
    const id = payload?.[key];
    const isFirst = !(field in named);
    if (FIELDS.includes(field) && isFirst) named[field] = typeof id === 'string' && [...id].length <= LONGEST ? id : undefined;
  }
  return Object.fromEntries(Object.entries(named).filter(([, id]) => id !== undefined));
}

/** Checks that a failure names the rooms of its event, and returns its other fields. */
export function besidesRooms(event, payload, error) {
  const entries = Object.entries(error ?? {});
  const rooms = Object.fromEntries(entries.filter(([field]) => FIELDS.includes(field)));
  assert.deepEqual(rooms, namedRooms(event, payload), `the rooms that the failure of ${event} names`);
  return Object.fromEntries(entries.filter(([field]) => !FIELDS.includes(field)));
}
