// The content of failures, their receivers, and their order.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { settle } from './harness/client.js';
import { CHANNEL, KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { assertIs } from './harness/shape.js';
import { denied, inOrder, messageNotFound, refusal, violations } from './harness/values.js';

const server = await Server.start({ fixtures: 50 });
after(() => server.close());

const EVENTS = [
  ...KINDS.flatMap((kind) => [kind.join, kind.leave, kind.send, kind.edit, kind.remove, kind.react, kind.unreact]),
  'forward_message',
];

for (const transport of ['websocket', 'polling', 'upgrade']) test(`an event that the protocol does not have is answered as unknown, over ${transport}`, async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada', { transport });
  const names = ['no_such_event', 'SEND_MESSAGE', 'send_message ', 'new_message', 'authenticated', 'error', 'pong', '', '__proto__', 'constructor', 'x'.repeat(1000), '漢字 👍', '\u07b2', '\u2028'];
  for (const name of names) {
    assert.deepEqual(await ada.fails(name, { channelId: fixture.general }), refusal('unknown_event', 'Unknown event', name));
    assert.deepEqual(await ada.errs(name, { channelId: fixture.general }), refusal('unknown_event', 'Unknown event', name));
    assert.deepEqual(await ada.fails(name), refusal('unknown_event', 'Unknown event', name));
  }
  await ada.saw([]);
});

test('a failure that was acknowledged is not also an error event, for any event', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  for (const event of EVENTS) assert.equal((await ada.fails(event, {})).code, 'invalid_payload', event);
  await ada.saw([]);
});

test('an error event reaches only the socket that failed', async () => {
  const fixture = server.fixture();
  const [ada, adaToo, bob] = await fixture.connectAll(['ada', 'ada', 'bob']);
  for (const client of [ada, adaToo, bob]) await client.ok('join_channel', { channelId: fixture.general });
  for (const client of [ada, adaToo, bob]) await client.saw([['joined_channel', { channelId: fixture.general }]]);
  const event = 'delete_message';
  const error = await ada.errs(event, { messageId: 'no-such-message', channelId: fixture.general });
  assert.deepEqual(error, messageNotFound(event));
  await settle(ada, adaToo, bob);
  for (const client of [ada, adaToo, bob]) assert.deepEqual(client.seen, []);
});

for (const event of EVENTS) {
  test(`${event} without its fields names all missing fields`, async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const kind = KINDS.find((one) => Object.values(one).includes(event)) ?? CHANNEL;
    const fields = {
      [kind.join]: [],
      [kind.leave]: [],
      [kind.send]: ['/content'],
      [kind.edit]: ['/content', '/messageId'],
      [kind.remove]: ['/messageId'],
      [kind.react]: ['/emoji', '/messageId'],
      [kind.unreact]: ['/emoji', '/messageId'],
      forward_message: ['/messageId', '/targetChannelId'],
    };
    const expected = violations(event, ...[...fields[event], `/${kind.key}`].sort());
    assertIs(inOrder(await ada.fails(event, {})), expected);
    assertIs(inOrder(await ada.errs(event, {})), expected);
    const nulls = Object.fromEntries(expected.details.map(({ path }) => [path.slice(1), null]));
    assertIs(inOrder(await ada.fails(event, nulls)), expected, 'null is not a value of a required field');
  });

  test(`${event} with a payload that is not an object has a violation of the payload itself`, async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    for (const payload of ['text', '', 42, 0, true, false, null, [], [{ channelId: fixture.general }]]) {
      assertIs(await ada.fails(event, payload), violations(event, ''), JSON.stringify(payload));
      assertIs(await ada.errs(event, payload), violations(event, ''), JSON.stringify(payload));
    }
    assertIs(await ada.fails(event), violations(event, ''), 'nothing');
    assertIs(await ada.errs(event), violations(event, ''), 'nothing');
    assertIs(await ada.fails(event, Buffer.from('binary')), violations(event, ''), 'binary');
    assertIs(await ada.errs(event, Buffer.from('binary')), violations(event, ''), 'binary');
    await ada.saw([]);
  });
}

for (const kind of KINDS) {
  test(`sec_23 in a ${kind.scope}, the payload is judged before membership, existence and authorship`, async () => {
    const fixture = server.fixture();
    const [ada, eve] = await fixture.connectAll(['ada', 'eve']);
    const room = { [kind.key]: kind.room(fixture) };
    const { id } = await ada.ok(kind.send, { content: 'mine', ...room });
    const path = ['/content'];
    assertIs(await eve.fails(kind.send, { content: '', ...room }), violations(kind.send, ...path));
    // Whether a text may be empty depends on the message.
    assertIs(await eve.fails(kind.edit, { content: 'a\0b', messageId: id, ...room }), violations(kind.edit, ...path));
    assertIs(await eve.fails(kind.react, { emoji: '', messageId: id, ...room }), violations(kind.react, '/emoji'));
    assertIs(await eve.fails(kind.join, { [kind.key]: 42 }), violations(kind.join, `/${kind.key}`));
  });

  test(`sec_21 in a ${kind.scope}, membership is judged before existence and authorship`, async () => {
    const fixture = server.fixture();
    const [ada, eve] = await fixture.connectAll(['ada', 'eve']);
    const room = { [kind.key]: kind.room(fixture) };
    const { id } = await ada.ok(kind.send, { content: 'mine', ...room });
    for (const messageId of [id, 'no-such-message']) {
      for (const [event, payload] of [
        [kind.edit, { messageId, content: 'x', ...room }],
        [kind.remove, { messageId, ...room }],
        [kind.react, { messageId, emoji: '👍', ...room }],
        [kind.unreact, { messageId, emoji: '👍', ...room }],
        [kind.send, { replyToId: messageId, content: 'x', ...room }],
        [kind.send, { attachments: [{ id: 'no-such-upload' }], content: 'x', ...room }],
      ]) {
        assert.deepEqual(await eve.fails(event, payload), denied(kind, event));
      }
    }
  });

  test(`in a ${kind.scope}, existence is judged before authorship`, async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = { [kind.key]: kind.room(fixture) };
    const { id } = await ada.ok(kind.send, { content: 'mine', ...room });
    await ada.ok(kind.remove, { messageId: id, ...room });
    assert.deepEqual(await bob.fails(kind.edit, { messageId: id, content: 'x', ...room }), messageNotFound(kind.edit));
    assert.deepEqual(await bob.fails(kind.remove, { messageId: id, ...room }), messageNotFound(kind.remove));
  });
}

test('sec_39 an error reveals no internals', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const probes = [
    ['send_message', { content: 'x', channelId: "' or 1=1 --" }],
    ['delete_message', { messageId: "'; drop table messages; --", channelId: fixture.general }],
    ['send_message', { content: {}, channelId: [] }],
    ['send_message', { content: 'x', channelId: fixture.general, attachments: [{ id: "' or ''='" }] }],
  ];
  for (const [event, payload] of probes) {
    const error = JSON.stringify(await ada.fails(event, payload));
    assert.doesNotMatch(error, /sql|select|insert|panicked|\.rs\b|stack|serde|column \d/i);
  }
  await ada.ok('send_message', { content: 'still there', channelId: fixture.general });
});
