// Sending, replying, editing, deleting and forwarding in channels.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { settle } from './harness/client.js';
import { CHANNEL } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { assertIs } from './harness/shape.js';
import { denied, message, messageNotFound } from './harness/values.js';
import { messageSuite } from './suites/messages.js';

const server = await Server.start();
after(() => server.close());

messageSuite(CHANNEL, server);

const EVENT = 'forward_message';
const forwarded = (stage, author, content, extra) => message(CHANNEL, stage.side, author, content, extra);

async function history(stage, channelId) {
  return (await stage.rest('ada').get(CHANNEL.history(channelId))).body.data.messages;
}

test('forwarding makes a new message of the forwarder, with the content and attachments of the original', async () => {
  const stage = server.stage();
  const [ada, bob, cyd] = await stage.connectAll(['ada', 'bob', 'cyd']);
  const upload = (await stage.rest('ada').upload('a note', { name: 'note.txt' })).body.data;
  const parent = await ada.ok('send_message', { content: 'parent', channelId: stage.general });
  const original = await ada.ok('send_message', {
    content: 'original',
    channelId: stage.general,
    replyToId: parent.id,
    attachments: [upload],
  });
  const reaction = await cyd.ok('add_reaction', { messageId: original.id, emoji: '👍', channelId: stage.general });
  await cyd.ok('join_channel', { channelId: stage.side });
  await ada.ok('join_channel', { channelId: stage.general });
  ada.log = [];
  cyd.log = [];
  const payload = { messageId: original.id, channelId: stage.general, targetChannelId: stage.side };
  const copy = await bob.ok(EVENT, payload);
  assertIs(copy, forwarded(stage, stage.users.bob, 'original', { attachments: [upload] }));
  assert.notEqual(copy.id, original.id);
  await cyd.settle();
  assert.deepEqual(
    cyd.seen.map(([event, { originalMessage, ...value }]) => [event, value]),
    [['message_forwarded', { targetChannelId: stage.side, message: copy, forwardedBy: stage.profile('bob') }]],
  );
  assertIs(cyd.seen[0][1].originalMessage, { ...original, reactions: [reaction] });
  await bob.saw([]);
  await ada.saw([], 'the source hears nothing of it');
  assert.deepEqual(await history(stage, stage.side), [copy]);
  assert.deepEqual(await history(stage, stage.general), [{ ...original, reactions: [reaction] }, parent]);
});

test('a forwarded message is its forwarder\'s to edit and delete, and outlives the original', async () => {
  const stage = server.stage();
  const [ada, bob] = await stage.connectAll(['ada', 'bob']);
  const original = await ada.ok('send_message', { content: 'original', channelId: stage.general });
  const copy = await bob.ok(EVENT, { messageId: original.id, channelId: stage.general, targetChannelId: stage.side });
  await ada.ok('edit_message', { messageId: original.id, content: 'changed', channelId: stage.general });
  assert.deepEqual(await history(stage, stage.side), [copy]);
  await ada.ok('delete_message', { messageId: original.id, channelId: stage.general });
  assert.deepEqual(await history(stage, stage.side), [copy]);
  const asAda = await ada.fails('edit_message', { messageId: copy.id, content: 'x', channelId: stage.side });
  assert.equal(asAda.code, 'forbidden');
  const edited = await bob.ok('edit_message', { messageId: copy.id, content: 'mine', channelId: stage.side });
  assert.deepEqual(await history(stage, stage.side), [{ ...copy, content: 'mine', updatedAt: edited.updatedAt }]);
  await bob.ok('delete_message', { messageId: copy.id, channelId: stage.side });
  assert.deepEqual(await history(stage, stage.side), []);
});

test('a message may be forwarded to the channel that it is in, and a forwarded one again', async () => {
  const stage = server.stage();
  const ada = await stage.connect('ada');
  const original = await ada.ok('send_message', { content: 'again', channelId: stage.general });
  const same = await ada.ok(EVENT, { messageId: original.id, channelId: stage.general, targetChannelId: stage.general });
  const next = await ada.ok(EVENT, { messageId: same.id, channelId: stage.general, targetChannelId: stage.side });
  assertIs(next, forwarded(stage, stage.users.ada, 'again'));
  assert.deepEqual(await history(stage, stage.general), [same, original]);
  assert.deepEqual(await history(stage, stage.side), [next]);
});

test('sec_19 forwarding takes membership of both channels', async () => {
  const stage = server.stage();
  const [ada, eve] = await stage.connectAll(['ada', 'eve']);
  const original = await ada.ok('send_message', { content: 'secret', channelId: stage.general });
  const own = await eve.ok('send_message', { content: 'mine', channelId: stage.elsewhere });
  await ada.ok('join_channel', { channelId: stage.general });
  await eve.ok('join_channel', { channelId: stage.elsewhere });
  await settle(ada, eve);
  ada.log = [];
  eve.log = [];
  for (const [client, payload] of [
    [eve, { messageId: original.id, channelId: stage.general, targetChannelId: stage.elsewhere }],
    [eve, { messageId: own.id, channelId: stage.elsewhere, targetChannelId: stage.general }],
    [ada, { messageId: original.id, channelId: stage.general, targetChannelId: stage.elsewhere }],
    [ada, { messageId: original.id, channelId: stage.general, targetChannelId: 'no-such-channel' }],
    [ada, { messageId: original.id, channelId: 'no-such-channel', targetChannelId: stage.general }],
  ]) {
    assert.deepEqual(await client.fails(EVENT, payload), denied(CHANNEL, EVENT));
    assert.deepEqual(await client.errs(EVENT, payload), denied(CHANNEL, EVENT));
  }
  await eve.saw([]);
  await ada.saw([]);
});

test('what is not in the source channel cannot be forwarded from it', async () => {
  const stage = server.stage();
  const ada = await stage.connect('ada');
  const elsewhere = await ada.ok('send_message', { content: 'side', channelId: stage.side });
  const deleted = await ada.ok('send_message', { content: 'gone', channelId: stage.general });
  await ada.ok('delete_message', { messageId: deleted.id, channelId: stage.general });
  const direct = await ada.ok('send_direct_message', { content: 'direct', conversationId: stage.twin });
  for (const messageId of [elsewhere.id, deleted.id, direct.id, 'no-such-message']) {
    const payload = { messageId, channelId: stage.general, targetChannelId: stage.side };
    assert.deepEqual(await ada.fails(EVENT, payload), messageNotFound(EVENT));
    assert.deepEqual(await ada.errs(EVENT, payload), messageNotFound(EVENT));
  }
});
