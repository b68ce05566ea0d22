// Every client event, with and without an acknowledgement, over every transport: what is acknowledged, what the caller
// gets, what everybody gets who joined the room, and that nobody else gets anything.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { settle, TRANSPORTS } from './harness/client.js';
import { CHANNEL, KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';
import * as shape from './harness/shape.js';
import { message, reaction } from './harness/values.js';

const server = await Server.start({ stages: 100, rateLimits: 'on' });
after(() => server.close());

const sent = (kind) => (stage, ada) => ada.ok(kind.send, { content: 'The subject', [kind.key]: kind.room(stage) });

async function sentAndReacted(kind, stage, ada) {
  const subject = await sent(kind)(stage, ada);
  await ada.ok(kind.react, { messageId: subject.id, emoji: '👍', [kind.key]: kind.room(stage) });
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
    payload: (stage) => ({ [kind.key]: kind.room(stage) }),
    data: (stage) => ({ [kind.key]: kind.room(stage) }),
    caller: kind.joined,
  },
  {
    event: kind.leave,
    payload: (stage) => ({ [kind.key]: kind.room(stage) }),
    data: (stage) => ({ [kind.key]: kind.room(stage) }),
    caller: kind.left,
  },
  {
    event: kind.send,
    payload: (stage) => ({ content: 'Hello, world!', [kind.key]: kind.room(stage) }),
    data: (stage) => message(kind, kind.room(stage), stage.users.ada, 'Hello, world!'),
    broadcast: kind.sent,
  },
  {
    event: kind.edit,
    prepare: sent(kind),
    payload: (stage, { id }) => ({ messageId: id, content: 'Updated content', [kind.key]: kind.room(stage) }),
    data: (stage, { id, updatedAt }) => ({
      messageId: id,
      content: 'Updated content',
      [kind.key]: kind.room(stage),
      updatedAt: shape.timeFrom(updatedAt),
    }),
    broadcast: kind.edited,
  },
  {
    event: kind.remove,
    prepare: sent(kind),
    payload: (stage, { id }) => ({ messageId: id, [kind.key]: kind.room(stage) }),
    data: (stage, { id }) => ({ messageId: id, [kind.key]: kind.room(stage) }),
    broadcast: kind.removed,
  },
  {
    event: kind.react,
    prepare: sent(kind),
    payload: (stage, { id }) => ({ messageId: id, emoji: '🎉', [kind.key]: kind.room(stage) }),
    data: (stage, { id }) => reaction(id, '🎉', stage.users.ada),
    broadcast: kind.reacted,
  },
  {
    event: kind.unreact,
    prepare: (stage, ada) => sentAndReacted(kind, stage, ada),
    payload: (stage, { id }) => ({ messageId: id, emoji: '👍', [kind.key]: kind.room(stage) }),
    data: (stage, { id }) => ({ messageId: id, emoji: '👍', userId: stage.users.ada.id }),
    broadcast: kind.unreacted,
  },
];

const EVENTS = [
  ...KINDS.flatMap((kind) => eventsOf(kind).map((entry) => ({ kind, ...entry }))),
  {
    kind: CHANNEL,
    event: 'forward_message',
    rooms: (stage) => [stage.side],
    prepare: sent(CHANNEL),
    payload: (stage, { id }) => ({ messageId: id, channelId: stage.general, targetChannelId: stage.side }),
    data: (stage) => message(CHANNEL, stage.side, stage.users.ada, 'The subject'),
    broadcast: 'message_forwarded',
    value: (stage, subject) => ({
      originalMessage: subject,
      targetChannelId: stage.side,
      message: message(CHANNEL, stage.side, stage.users.ada, 'The subject'),
      forwardedBy: stage.profile('ada'),
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
  const { kind, event, rooms = (stage) => [kind.room(stage)], prepare = () => undefined } = entry;
  const stage = server.stage();
  const [ada, bob, cyd, eve] = await stage.connectAll(['ada', 'bob', 'cyd', 'eve'], { transport });
  const subject = await prepare(stage, ada);
  await bob.ok(kind.join, { [kind.key]: kind.room(stage) });
  for (const room of rooms(stage)) await Promise.all([ada, bob].map((client) => client.ok(kind.join, { [kind.key]: room })));
  await eve.ok(kind.join, { [kind.key]: kind.foreignRoom(stage) });
  await settle(ada, bob, cyd, eve);
  for (const client of [ada, bob, cyd, eve]) client.log = [];

  const payload = entry.payload(stage, subject);
  const args = payload === undefined ? [] : [payload];
  const data = entry.data(stage, subject);
  const value = entry.value?.(stage, subject) ?? data;
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
  stage.close();
}

for (const transport of Object.keys(TRANSPORTS)) {
  describe(`over ${transport}`, () => {
    for (const entry of EVENTS) {
      test(`${entry.event} without an acknowledgement reaches whom it should`, () => play(entry, transport, false));
      test(`${entry.event} with an acknowledgement reaches whom it should`, () => play(entry, transport, true));
    }
  });
}
