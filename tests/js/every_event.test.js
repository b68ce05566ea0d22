// Every client event, with and without an acknowledgement, over every transport: the acknowledgement, the events to the
// caller and to all who have joined the room, and that nobody else receives anything.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { settle, TRANSPORTS } from './harness/client.js';
import { CHANNEL, KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';
import * as shape from './harness/shape.js';
import { message, reaction } from './harness/values.js';

const server = await Server.start({ fixtures: 100, rateLimits: 'on' });
after(() => server.close());

const sent = (kind) => (fixture, ada) => ada.ok(kind.send, { content: 'The subject', [kind.key]: kind.room(fixture) });

async function sentAndReacted(kind, fixture, ada) {
  const subject = await sent(kind)(fixture, ada);
  await ada.ok(kind.react, { messageId: subject.id, emoji: '👍', [kind.key]: kind.room(fixture) });
  return subject;
}

/**
 * What each event does: `prepare` makes its subject, `payload` is what is emitted, `data` what is acknowledged, `caller`
 * and `broadcast` the events that come of it, their values being `value` or, where there is none, `data`.
 */
const eventsOf = (kind) => [
  {
    event: kind.join,
    rooms: () => [],
    payload: (fixture) => ({ [kind.key]: kind.room(fixture) }),
    data: (fixture) => ({ [kind.key]: kind.room(fixture) }),
    caller: kind.joined,
  },
  {
    event: kind.leave,
    payload: (fixture) => ({ [kind.key]: kind.room(fixture) }),
    data: (fixture) => ({ [kind.key]: kind.room(fixture) }),
    caller: kind.left,
  },
  {
    event: kind.send,
    payload: (fixture) => ({ content: 'Hello, world!', [kind.key]: kind.room(fixture) }),
    data: (fixture) => message(kind, kind.room(fixture), fixture.users.ada, 'Hello, world!'),
    broadcast: kind.sent,
  },
  {
    event: kind.edit,
    prepare: sent(kind),
    payload: (fixture, { id }) => ({ messageId: id, content: 'Updated content', [kind.key]: kind.room(fixture) }),
    data: (fixture, { id, updatedAt }) => ({
      messageId: id,
      content: 'Updated content',
      [kind.key]: kind.room(fixture),
      updatedAt: shape.timeFrom(updatedAt),
    }),
    broadcast: kind.edited,
  },
  {
    event: kind.remove,
    prepare: sent(kind),
    payload: (fixture, { id }) => ({ messageId: id, [kind.key]: kind.room(fixture) }),
    data: (fixture, { id }) => ({ messageId: id, [kind.key]: kind.room(fixture) }),
    broadcast: kind.removed,
  },
  {
    event: kind.react,
    prepare: sent(kind),
    payload: (fixture, { id }) => ({ messageId: id, emoji: '🎉', [kind.key]: kind.room(fixture) }),
    data: (fixture, { id }) => reaction(id, '🎉', fixture.users.ada),
    broadcast: kind.reacted,
  },
  {
    event: kind.unreact,
    prepare: (fixture, ada) => sentAndReacted(kind, fixture, ada),
    payload: (fixture, { id }) => ({ messageId: id, emoji: '👍', [kind.key]: kind.room(fixture) }),
    data: (fixture, { id }) => ({ messageId: id, emoji: '👍', userId: fixture.users.ada.id }),
    broadcast: kind.unreacted,
  },
];

const EVENTS = [
  ...KINDS.flatMap((kind) => eventsOf(kind).map((entry) => ({ kind, ...entry }))),
  {
    kind: CHANNEL,
    event: 'forward_message',
    rooms: (fixture) => [fixture.side],
    prepare: sent(CHANNEL),
    payload: (fixture, { id }) => ({ messageId: id, channelId: fixture.general, targetChannelId: fixture.side }),
    data: (fixture) => message(CHANNEL, fixture.side, fixture.users.ada, 'The subject'),
    broadcast: 'message_forwarded',
    value: (fixture, subject) => ({
      originalMessage: subject,
      targetChannelId: fixture.side,
      message: message(CHANNEL, fixture.side, fixture.users.ada, 'The subject'),
      forwardedBy: fixture.profile('ada'),
    }),
  },
  {
    kind: CHANNEL,
    event: 'ping',
    rooms: () => [],
    payload: () => undefined,
    data: () => ({ timestamp: shape.between(1_700_000_000_000, 10_000_000_000_000) }),
    caller: 'pong',
  },
];

async function play(entry, transport, withAck) {
  const { kind, event, rooms = (fixture) => [kind.room(fixture)], prepare = () => undefined } = entry;
  const fixture = server.fixture();
  const [ada, bob, cyd, eve] = await fixture.connectAll(['ada', 'bob', 'cyd', 'eve'], { transport });
  const subject = await prepare(fixture, ada);
  await bob.ok(kind.join, { [kind.key]: kind.room(fixture) });
  for (const room of rooms(fixture)) await Promise.all([ada, bob].map((client) => client.ok(kind.join, { [kind.key]: room })));
  await eve.ok(kind.join, { [kind.key]: kind.foreignRoom(fixture) });
  await settle(ada, bob, cyd, eve);
  for (const client of [ada, bob, cyd, eve]) client.log = [];

  const payload = entry.payload(fixture, subject);
  const args = payload === undefined ? [] : [payload];
  const data = entry.data(fixture, subject);
  const value = entry.value?.(fixture, subject) ?? data;
  if (withAck) {
    const answer = await ada.ack(event, ...args);
    shape.assertIs(answer, { ok: true, data }, 'the acknowledgement');
    entry.acknowledged = answer.data;
  } else {
    ada.emit(event, ...args);
  }

  const toCaller = entry.caller ? [[entry.caller, value]] : [];
  const toRoom = entry.broadcast ? [[entry.broadcast, value]] : [];
  await settle(ada, bob, cyd, eve);
  shape.assertIs(ada.seen, [...toCaller, ...toRoom], 'what the caller got');
  shape.assertIs(bob.seen, toRoom, 'what a joined member got');
  assert.deepEqual(cyd.seen, [], 'what a member got who has not joined');
  assert.deepEqual(eve.seen, [], 'what an outsider got');
  if (withAck && !entry.value) {
    for (const [, got] of [...ada.seen, ...bob.seen]) assert.deepEqual(got, entry.acknowledged, 'one value everywhere');
  }
  if (entry.broadcast) assert.deepEqual(ada.seen, bob.seen, 'the sender gets what everybody gets');
  fixture.close();
}

for (const transport of Object.keys(TRANSPORTS)) {
  describe(`over ${transport}`, () => {
    for (const entry of EVENTS) {
      test(`${entry.event} without an acknowledgement reaches its receivers`, () => play(entry, transport, false));
      test(`${entry.event} with an acknowledgement reaches its receivers`, () => play(entry, transport, true));
    }
  });
}
