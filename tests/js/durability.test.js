// Everything acknowledged or broadcast is in the database, even if the process is killed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SYSTEM } from './harness/database.js';
import { asked } from './harness/follower.js';
import { readHistory } from './harness/history.js';
import { KINDS } from './harness/kinds.js';
import { run, Server } from './harness/server.js';
import { reacted } from './harness/values.js';

let server;
before(async () => {
  server = await Server.start({ fixtures: 20 });
});
after(() => server.close());

/** The messages of a room, oldest first. */
const history = async (fixture, kind) => (await readHistory(fixture.rest('cyd'), kind, kind.room(fixture))).messages;

for (const kind of KINDS) {
  test(`in a ${kind.scope}, acknowledged changes survive the end of the process at any moment`, async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const room = { [kind.key]: kind.room(fixture) };
    const send = (content, extra) => ada.ok(kind.send, { content, ...room, ...extra });
    const parent = await send('parent');
    const edited = await send('before', { replyToId: parent.id });
    const deleted = await send('deleted');
    const { updatedAt } = await ada.ok(kind.edit, { messageId: edited.id, content: 'after', ...room });
    const reaction = await ada.ok(kind.react, { messageId: parent.id, emoji: '👍', ...room });
    await ada.ok(kind.react, { messageId: edited.id, emoji: '👍', ...room });
    await ada.ok(kind.unreact, { messageId: edited.id, emoji: '👍', ...room });
    await ada.ok(kind.remove, { messageId: deleted.id, ...room });
    const last = await send('last');
    await server.kill();
    await server.launch();
    const shownParent = { ...parent, ...reacted([reaction]) };
    const expected = [shownParent, { ...edited, content: 'after', updatedAt, replyTo: shownParent }, last];
    assert.deepEqual(await history(fixture, kind), expected);
  });
}

test('a message is durable before it is broadcast and acknowledged: killed in full flow, none is missing', async () => {
  for (let round = 0; round < 3; round += 1) {
    const fixture = server.fixture();
    const [ada, bob, cyd] = await fixture.connectAll(['ada', 'bob', 'cyd']);
    const channelId = fixture.general;
    await cyd.ok('join_channel', { channelId });
    const acknowledged = new Set();
    const enough = new Promise((resolve) => {
      for (const client of [ada, bob]) {
        for (let n = 0; n < 500; n += 1) {
          client.socket.emit('send_message', { content: `${n}`, channelId }, ({ ok, data }) => {
            if (ok) acknowledged.add(data.id);
            if (acknowledged.size === 20 + round * 37) resolve();
          });
        }
      }
    });
    await enough;
    await server.kill();
    await cyd.disconnected();
    const heard = cyd.seen.filter(([event]) => event === 'new_message').map(([, { id }]) => id);
    await server.launch();
    const stored = new Set((await history(fixture, KINDS[0])).map(({ id }) => id));
    assert.ok(acknowledged.size >= 20);
    assert.deepEqual([...acknowledged].filter((id) => !stored.has(id)), [], 'acknowledged, and missing');
    assert.deepEqual(heard.filter((id) => !stored.has(id)), [], 'broadcast, and missing');
  }
});

test('an upload that was answered survives the end of the process', async () => {
  const fixture = server.fixture();
  const { body } = await fixture.rest('ada').upload('durable', { name: 'durable.txt' });
  await server.kill();
  await server.launch();
  assert.equal((await server.rest().get(body.data.url)).bytes.toString(), 'durable');
  const ada = await fixture.connect('ada');
  const sent = await ada.ok('send_message', { content: '', channelId: fixture.general, attachments: [body.data] });
  assert.deepEqual(sent.attachments, [body.data]);
});

test('a removal of a member that was answered survives the end of the process', async () => {
  const fixture = server.fixture();
  const path = `/api/admin/channels/${fixture.general}/members/${fixture.users.bob.id}`;
  assert.equal((await server.admin.delete(path)).status, 200);
  await server.kill();
  await server.launch();
  const bob = await fixture.connect('bob');
  assert.equal((await bob.fails('join_channel', { channelId: fixture.general })).code, 'access_denied');
});

test('a stop under load ends cleanly, and loses no message that was acknowledged or broadcast', async () => {
  const fixture = server.fixture();
  const clients = await fixture.connectAll(['ada', 'bob', 'ada', 'bob']);
  const cyd = await fixture.connect('cyd');
  const channelId = fixture.general;
  await cyd.ok('join_channel', { channelId });
  const acknowledged = new Set();
  let flowing = true;
  const enough = new Promise((resolve) => {
    const send = (client, n) => {
      if (!flowing || !client.socket.connected) return;
      client.socket.emit('send_message', { content: `${n}`, channelId }, ({ ok, data }) => {
        if (ok) acknowledged.add(data.id);
        if (acknowledged.size === 200) resolve();
        send(client, n + 1);
      });
    };
    for (const client of clients) for (let lane = 0; lane < 10; lane += 1) send(client, lane * 10_000);
  });
  await enough;
  await server.stop();
  flowing = false;
  for (const client of [...clients, cyd]) await client.waitFor(() => (client.socket.connected ? undefined : true), 'the end');
  const heard = cyd.seen.filter(([event]) => event === 'new_message').map(([, { id }]) => id);
  await server.launch();
  const stored = new Set((await history(fixture, KINDS[0])).map(({ id }) => id));
  assert.deepEqual([...acknowledged].filter((id) => !stored.has(id)), [], 'acknowledged, and missing');
  assert.deepEqual(heard.filter((id) => !stored.has(id)), [], 'broadcast, and missing');
});

test('a stop ends idle connections of every transport, and the process within seconds', async () => {
  const fixture = server.fixture();
  const clients = await Promise.all(['polling', 'websocket', 'upgrade'].map((transport) => fixture.connect('ada', { transport })));
  const began = performance.now();
  await server.stop();
  assert.ok(performance.now() - began < 15_000);
  for (const client of clients) await client.waitFor(() => (client.socket.connected ? undefined : true), 'the end');
  await server.launch();
});

test('a client that reconnects after a restart goes on from its last state', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const first = await ada.ok('send_message', { content: 'before', channelId: fixture.general });
  await server.stop();
  await ada.disconnected();
  await server.launch();
  const again = await fixture.connect('ada');
  const second = await again.ok('send_message', { content: 'after', channelId: fixture.general, replyToId: first.id });
  assert.deepEqual(await history(fixture, KINDS[0]), [first, second]);
  assert.ok(second.id > first.id, 'ids go on');
});

for (const kind of KINDS) {
  test(`in a ${kind.scope}, positions from before the epoch was renewed are lost, and history and joining go on`, async () => {
    const fixture = server.fixture();
    const room = { [kind.key]: kind.room(fixture) };
    const ada = await fixture.connect('ada');
    const { position: old } = await asked(ada, kind.join, room);
    const { seq, ...sent } = await asked(ada, kind.send, { content: 'before', ...room });
    const renew = (url = server.database.url) => run(['renew-epoch', '--database', url]);
    if (SYSTEM === 'SQLite') {
      const [used, missing] = [await renew(), await renew(`${server.database.url}.missing`)];
      assert.deepEqual([used.code, missing.code], [1, 1]);
      assert.match(used.stderr, /another server \(process \d+\) is using it; stop that server/);
      assert.match(missing.stderr, /there is no file \S+\.missing; name the one that was restored/);
    }
    await server.stop();
    const { code, stdout, stderr } = await renew();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^the epoch of \S+ is renewed\n$/);
    await server.launch();

    const again = await fixture.connect('ada');
    for (const position of [old, { ...old, seq }]) {
      assert.equal((await again.fails(kind.join, { ...room, since: position })).code, 'position_lost');
    }
    const { body } = await fixture.rest('ada').get(kind.history(kind.room(fixture)));
    const { messages, position } = body.data;
    assert.deepEqual([messages, position.seq], [[sent], seq]);
    assert.notEqual(position.epoch, old.epoch);
    assert.deepEqual((await asked(again, kind.join, { ...room, since: position })).position, position);
    assert.equal((await asked(again, kind.send, { content: 'after', ...room })).seq, seq + 1);
  });
}
