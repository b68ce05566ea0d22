// Sending, replying, editing, deleting and forwarding in channels.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { settle } from './harness/client.js';
import { CHANNEL } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { assertIs } from './harness/shape.js';
import { denied, message, messageNotFound, reacted } from './harness/values.js';
import { messageSuite } from './suites/messages.js';

const server = await Server.start();
after(() => server.close());

messageSuite(CHANNEL, server);

const EVENT = 'forward_message';
const forwarded = (fixture, author, content, extra) => message(CHANNEL, fixture.side, author, content, extra);

async function history(fixture, channelId) {
  return (await fixture.rest('ada').get(CHANNEL.history(channelId))).body.data.messages;
}

test('forwarding makes a new message of the forwarder, with the content and attachments of the original', async () => {
  const fixture = server.fixture();
  const [ada, bob, cyd] = await fixture.connectAll(['ada', 'bob', 'cyd']);
  const upload = (await fixture.rest('ada').upload('a note', { name: 'note.txt' })).body.data;
  const parent = await ada.ok('send_message', { content: 'parent', channelId: fixture.general });
  const original = await ada.ok('send_message', {
    content: 'original',
    channelId: fixture.general,
    replyToId: parent.id,
    attachments: [upload],
  });
  const reaction = await cyd.ok('add_reaction', { messageId: original.id, emoji: '👍', channelId: fixture.general });
  await cyd.ok('join_channel', { channelId: fixture.side });
  await ada.ok('join_channel', { channelId: fixture.general });
  ada.log = [];
  cyd.log = [];
  const payload = { messageId: original.id, channelId: fixture.general, targetChannelId: fixture.side };
  const copy = await bob.ok(EVENT, payload);
  assertIs(copy, forwarded(fixture, fixture.users.bob, 'original', { attachments: [upload] }));
  assert.notEqual(copy.id, original.id);
  await cyd.settle();
  assert.deepEqual(
    cyd.seen.map(([event, { originalMessage, ...value }]) => [event, value]),
    [['message_forwarded', { targetChannelId: fixture.side, message: copy, forwardedBy: fixture.profile('bob') }]],
  );
  assertIs(cyd.seen[0][1].originalMessage, { ...original, ...reacted([reaction]) });
  await bob.saw([]);
  await ada.saw([], 'the source hears nothing of it');
  assert.deepEqual(await history(fixture, fixture.side), [copy]);
  assert.deepEqual(await history(fixture, fixture.general), [{ ...original, ...reacted([reaction]) }, parent]);
});

test('only the forwarder may edit and delete a forwarded message, which outlives the original', async () => {
  const fixture = server.fixture();
  const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
  const original = await ada.ok('send_message', { content: 'original', channelId: fixture.general });
  const copy = await bob.ok(EVENT, { messageId: original.id, channelId: fixture.general, targetChannelId: fixture.side });
  await ada.ok('edit_message', { messageId: original.id, content: 'changed', channelId: fixture.general });
  assert.deepEqual(await history(fixture, fixture.side), [copy]);
  await ada.ok('delete_message', { messageId: original.id, channelId: fixture.general });
  assert.deepEqual(await history(fixture, fixture.side), [copy]);
  const asAda = await ada.fails('edit_message', { messageId: copy.id, content: 'x', channelId: fixture.side });
  assert.equal(asAda.code, 'forbidden');
  const edited = await bob.ok('edit_message', { messageId: copy.id, content: 'mine', channelId: fixture.side });
  assert.deepEqual(await history(fixture, fixture.side), [{ ...copy, content: 'mine', updatedAt: edited.updatedAt }]);
  await bob.ok('delete_message', { messageId: copy.id, channelId: fixture.side });
  assert.deepEqual(await history(fixture, fixture.side), []);
});

test('a message may be forwarded to the channel that it is in, and a forwarded one again', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const original = await ada.ok('send_message', { content: 'again', channelId: fixture.general });
  const same = await ada.ok(EVENT, { messageId: original.id, channelId: fixture.general, targetChannelId: fixture.general });
  const next = await ada.ok(EVENT, { messageId: same.id, channelId: fixture.general, targetChannelId: fixture.side });
  assertIs(next, forwarded(fixture, fixture.users.ada, 'again'));
  assert.deepEqual(await history(fixture, fixture.general), [same, original]);
  assert.deepEqual(await history(fixture, fixture.side), [next]);
});

test('sec_19 forwarding requires membership of both channels', async () => {
  const fixture = server.fixture();
  const [ada, eve] = await fixture.connectAll(['ada', 'eve']);
  const original = await ada.ok('send_message', { content: 'secret', channelId: fixture.general });
  const own = await eve.ok('send_message', { content: 'mine', channelId: fixture.elsewhere });
  await ada.ok('join_channel', { channelId: fixture.general });
  await eve.ok('join_channel', { channelId: fixture.elsewhere });
  await settle(ada, eve);
  ada.log = [];
  eve.log = [];
  for (const [client, payload] of [
    [eve, { messageId: original.id, channelId: fixture.general, targetChannelId: fixture.elsewhere }],
    [eve, { messageId: own.id, channelId: fixture.elsewhere, targetChannelId: fixture.general }],
    [ada, { messageId: original.id, channelId: fixture.general, targetChannelId: fixture.elsewhere }],
    [ada, { messageId: original.id, channelId: fixture.general, targetChannelId: 'no-such-channel' }],
    [ada, { messageId: original.id, channelId: 'no-such-channel', targetChannelId: fixture.general }],
  ]) {
    assert.deepEqual(await client.fails(EVENT, payload), denied(CHANNEL, EVENT));
    assert.deepEqual(await client.errs(EVENT, payload), denied(CHANNEL, EVENT));
  }
  await eve.saw([]);
  await ada.saw([]);
});

test('a message that is not in the source channel cannot be forwarded from it', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const elsewhere = await ada.ok('send_message', { content: 'side', channelId: fixture.side });
  const deleted = await ada.ok('send_message', { content: 'gone', channelId: fixture.general });
  await ada.ok('delete_message', { messageId: deleted.id, channelId: fixture.general });
  const direct = await ada.ok('send_direct_message', { content: 'direct', conversationId: fixture.twin });
  for (const messageId of [elsewhere.id, deleted.id, direct.id, 'no-such-message']) {
    const payload = { messageId, channelId: fixture.general, targetChannelId: fixture.side };
    assert.deepEqual(await ada.fails(EVENT, payload), messageNotFound(EVENT));
    assert.deepEqual(await ada.errs(EVENT, payload), messageNotFound(EVENT));
  }
});
