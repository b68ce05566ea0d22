// The invariants of a room, checked from its clients' actions, their received events, and its history. Pure functions,
// which return violations in words.
import { isDeepStrictEqual } from 'node:util';
import { entriesOf } from '../harness/kinds.js';
import { REFUSALS } from './deeds.js';

/** The keys that a replay may show without a message that was deleted meanwhile. */
const EMBEDDING = ['replyTo', 'originalMessage'];

const withoutEmbedded = (entry) => JSON.stringify(entry, (key, value) => (EMBEDDING.includes(key) ? undefined : value));

/**
 * `kind` and `room` say which room; `clients` are `{name, userId, followed, shown}`, `shown` being `null` if the user is not a member
 * at the end; `deeds` is all that was done; `history` is the room's, oldest first.
 */
export function judge({ kind, room, clients, deeds, history }) {
  const log = logOf(kind, clients, deeds);
  const deleted = new Set([...log.entries.values()].filter(({ event }) => event === kind.removed).map(({ messageId }) => messageId));
  const about = { kind, log: log.entries, deleted, ...indexed(kind, log.entries) };
  const faults = [
    ...log.faults,
    ...clients.flatMap((client) => clientFaults(about, client, history).map((fault) => `${client.name}: ${fault}`)),
    ...deeds.flatMap((deed) => deedFaults(about, deed)),
    ...historyFaults(about, deeds, history),
  ];
  return faults.map((fault) => `${kind.scope} ${room}: ${fault}`);
}

/** The entries by their numbers, as far as anybody received them, and where clients were sent different ones. */
function logOf(kind, clients, deeds) {
  const entries = new Map();
  const faults = [];
  const texts = new Map();
  for (const { name, followed } of clients) {
    for (const entry of followed.entries) {
      const known = entries.get(entry.seq);
      if (known === entry) continue;
      entries.set(entry.seq, known ?? entry);
      const text = withoutEmbedded(entry);
      if (texts.has(entry.seq) && texts.get(entry.seq) !== text) faults.push(`${name} has another entry ${entry.seq}: ${text}`);
      else texts.set(entry.seq, text);
    }
  }
  // Nobody may have been there when it happened, and the replay hides what was deleted since.
  for (const { event, data, what } of deeds) {
    if (data !== undefined && what !== 'react' && !entries.has(data.seq)) entries.set(data.seq, { event: doneBy(kind, event), ...data });
  }
  return { entries, faults };
}

/** The log's removals by user, its messages by author and client id, and its reactions by id. */
function indexed(kind, log) {
  const removals = new Map();
  const messages = new Map();
  const reactions = new Map();
  for (const entry of log.values()) {
    const message = messageOf(kind, entry);
    if (message !== undefined) messages.set(key(message), message);
    if (entry.event === kind.reacted) reactions.set(entry.id, entry);
    if (entry.event === kind.memberRemoved) removals.set(entry.userId, [...(removals.get(entry.userId) ?? []), entry.seq]);
  }
  return { removals, messages, reactions };
}

/** The author and the client id of a message, which no two messages of a room share. */
const key = ({ userId, clientId }) => `${userId}: ${clientId}`;

/** The event that tells of what a client's event has done. */
const doneBy = (kind, event) =>
  ({ [kind.send]: kind.sent, [kind.edit]: kind.edited, [kind.remove]: kind.removed, [kind.unreact]: kind.unreacted, [kind.forward]: kind.sent })[event];

/** The id of the message that an entry tells of. */
const subject = (kind, entry) =>
  entry.event === kind.sent ? entry.id : entry.event === kind.forwarded ? entry.message.id : (entry.messageId ?? null);

/** Whether a replay leaves a number out: it tells of a message that was deleted since. */
function isHidden({ kind, log, deleted }, seq) {
  const entry = log.get(seq);
  return entry === undefined || (entry.event !== kind.removed && deleted.has(subject(kind, entry)));
}

function clientFaults(about, { userId, followed, shown }, history) {
  const { kind } = about;
  const faults = [];
  if (followed.strays.length > 0) faults.push(`received outside of the room: ${list(followed.strays)}`);
  if (followed.lost.length > 0) faults.push(`positions were lost: ${JSON.stringify(followed.lost)}`);
  for (const stay of followed.stays) faults.push(...orderFaults(about, stay), ...removalFaults(about, stay, userId));
  for (const entry of new Set(followed.entries)) faults.push(...embeddedFaults(about, entry));
  const unknown = followed.entries.find(({ event }) => !entriesOf(kind).includes(event));
  if (unknown) faults.push(`received an entry of another room: ${JSON.stringify(unknown)}`);
  if (shown !== null) faults.push(...viewFaults(shown, history));
  return faults;
}

const list = (entries) => entries.slice(0, 3).map(({ event, seq }) => `${event} ${seq}`).join(', ');

/** What came twice, out of order, or not at all during a stay. */
function orderFaults(about, { since, joined, caughtUp, entries }) {
  const faults = [];
  let last = since;
  const missing = (until) => {
    for (let seq = last + 1; seq < until; seq += 1) {
      const isReplayed = caughtUp === undefined || seq <= caughtUp;
      if (isReplayed && isHidden(about, seq)) continue;
      const { event } = about.log.get(seq) ?? {};
      const what = `${event}${isHidden(about, seq) ? ', deleted since' : ''}`;
      faults.push(`lost ${seq}, after ${last} (${what}; joined at ${joined} with ${since}, caught up with ${caughtUp})`);
    }
  };
  for (const { event, seq } of entries) {
    if (seq <= last) {
      faults.push(`received ${event} ${seq} after ${last}`);
      continue;
    }
    missing(seq);
    last = seq;
  }
  if (caughtUp !== undefined) missing(caughtUp + 1);
  return faults;
}

/** What came after the user had been removed, since it joined. */
function removalFaults({ removals }, { joined, entries }, userId) {
  const removal = Math.min(...(removals.get(userId) ?? []).filter((seq) => seq > joined));
  const after = entries.filter(({ seq }) => seq >= removal);
  return after.length > 0 ? [`removed at ${removal}, but received ${list(after)}`] : [];
}

/** A message that is not embedded must have been deleted. */
function embeddedFaults({ kind, deleted }, entry) {
  const message = entry.event === kind.sent ? entry : entry.event === kind.forwarded ? entry.message : undefined;
  if (!message?.replyToId) return [];
  if (message.replyTo === null) return deleted.has(message.replyToId) ? [] : [`${entry.seq} replies to ${message.replyToId}, which is not shown`];
  return message.replyTo.id === message.replyToId ? [] : [`${entry.seq} shows another message than it replies to`];
}

function viewFaults(shown, history) {
  const faults = [];
  for (let n = 0; n < Math.max(shown.length, history.length); n += 1) {
    if (isDeepStrictEqual(shown[n], history[n])) continue;
    faults.push(`message ${n} is shown as ${JSON.stringify(shown[n])}, and is ${JSON.stringify(history[n])}`);
    // The next ones are likely to be moved by one.
    if (shown[n]?.id !== history[n]?.id) break;
  }
  return faults;
}

/** What was done, answered, and is not so. */
function deedFaults(about, deed) {
  const { what, event, payload, tries, data, refused, once } = deed;
  const { kind, log, deleted, messages, reactions } = about;
  const said = `${what} ${JSON.stringify(payload)}`;
  if (data === undefined && refused === undefined) return [`${said} was never answered`];
  if (refused !== undefined) {
    if (![...REFUSALS[what], 'access_denied'].includes(refused)) return [`${said} was refused: ${refused}`];
    // Only who has been removed cannot tell whether an earlier attempt succeeded.
    const isDone = refused !== 'access_denied' && once !== null && messages.has(key({ userId: deed.userId, clientId: once }));
    return isDone ? [`${said} was refused, and is done`] : [];
  }
  const { seq, ...value } = data;
  if (what === 'react') {
    const isThere = reactions.get(value.id)?.seq <= seq || deleted.has(payload.messageId);
    return isThere ? [] : [`${said} was acknowledged with ${value.id}, and is not in the log`];
  }
  const entry = log.get(seq);
  return isDoneBy(kind, deed, entry, value) ? [] : [`${said} was acknowledged as ${seq}, which is ${JSON.stringify(entry)}`];
}

/** Whether an entry tells of a deed that was acknowledged with a value. */
function isDoneBy(kind, { event, tries }, entry, value) {
  const message = messageOf(kind, entry);
  if (message === undefined) {
    const { event: name, seq, ...rest } = entry;
    return name === doneBy(kind, event) && isDeepStrictEqual(rest, value);
  }
  // A repeated message is answered as it is now.
  return tries > 1 ? message.id === value.id && key(message) === key(value) : withoutEmbedded(message) === withoutEmbedded(value);
}

/** The message that an entry brings. */
function messageOf(kind, { event, seq, ...value }) {
  return event === kind.sent ? value : event === kind.forwarded ? value.message : undefined;
}

/** What is stored twice, in another order than the log, not at all, or that nobody has sent. */
function historyFaults({ kind, log, deleted }, deeds, history) {
  const faults = [];
  const sent = new Set(deeds.filter(({ once }) => once !== null).map(({ userId, once }) => key({ userId, clientId: once })));
  const stored = new Set();
  for (const message of history) {
    if (stored.has(key(message))) faults.push(`stored twice: ${key(message)}`);
    if (!sent.has(key(message))) faults.push(`nobody has sent: ${key(message)}`);
    stored.add(key(message));
  }
  const inLog = [...log.values()].sort((a, b) => a.seq - b.seq).flatMap((entry) => messageOf(kind, entry)?.id ?? []);
  const expected = inLog.filter((id) => !deleted.has(id));
  const ids = history.map(({ id }) => id);
  if (!isDeepStrictEqual(ids, expected)) {
    const at = ids.findIndex((id, n) => id !== expected[n]);
    faults.push(`history is not the messages of the log in their order: at ${at} of ${ids.length} and ${expected.length}, ${ids[at]} is not ${expected[at]}`);
  }
  return faults;
}
