// The fields that the room log adds to values: `seq` to durable events and their acknowledgements, `position` where a
// room is joined. They are checked and taken off here, so that tests compare the other fields; catching_up.test.js
// judges the numbers themselves.
import { readFileSync } from 'node:fs';
import { KINDS } from './kinds.js';

const description = new URL('../../../schema/generated/asyncapi.json', import.meta.url);
const { operations } = JSON.parse(readFileSync(description, 'utf8'));

/** The events that have a number: a server's in the event, a client's in the acknowledgement. */
const DURABLE = new Set(Object.keys(operations).filter((event) => operations[event]['x-accord-durable']));
/** Likewise those that have a position. */
const JOINING = new Set(KINDS.flatMap(({ join, joined }) => [join, joined]));

const isNumber = (seq, least) => Number.isSafeInteger(seq) && seq >= least;
const isPosition = (position) => typeof position?.epoch === 'string' && position.epoch !== '' && isNumber(position.seq, 0);

/** A field that should be there, and right: nothing if it is, else what makes every comparison fail. */
const wrong = (field, value) => ({ [field]: `(missing or wrong: ${JSON.stringify(value)})` });

/** The value of an event or an acknowledgement without its number or position. */
export function besidesNumbers(event, value) {
  if (DURABLE.has(event)) {
    const { seq, ...others } = value ?? {};
    return isNumber(seq, 1) ? others : { ...others, ...wrong('seq', seq) };
  }
  if (JOINING.has(event)) {
    const { position, ...others } = value ?? {};
    return isPosition(position) ? others : { ...others, ...wrong('position', position) };
  }
  return value;
}
