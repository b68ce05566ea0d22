// The generated package follows rooms, whatever happens to the connection: with its own client, and with the official one.
import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { IDEMPOTENT_EVENTS } from '../../schema/generated/typescript/constants.js';
import { newDatabase } from './harness/database.js';
import { begin, server, start, stop } from './harness/followed_rooms.js';
import { asked, Follower } from './harness/follower.js';
import { CHANNEL, KINDS } from './harness/kinds.js';
import { CLIENTS } from './harness/member.js';
import { Server } from './harness/server.js';
import { makeWorld } from './harness/world.js';

before(start);
after(stop);

for (const client of Object.keys(CLIENTS)) {
  for (const kind of KINDS) {
    describe(`with the ${client} client, in a ${kind.scope}`, () => {
      test('entries are delivered once and in order, however often the connection breaks', async () => {
        const { fixture, network, bob, ada, room, to, end } = await begin(client, { kind });
        const other = { [kind.key]: kind.otherRoom(fixture) };
        const cyd = [new Follower(fixture, kind, 'cyd'), Object.assign(new Follower(fixture, kind, 'cyd'), { room: kind.otherRoom(fixture) })];
        await Promise.all(cyd.map((follower) => follower.follow()));
        bob.join(kind.scope, room).join(kind.scope, other[kind.key]);
        await bob.connected(2);
        let flowing = true;
        const flow = async (where) => {
          while (flowing) {
            const { id } = await asked(ada, kind.send, { content: 'on and on', ...where });
            await asked(ada, kind.edit, { content: 'and on', messageId: id, ...where });
            // Reactions do not say which room they are in.
            for (const event of [kind.react, kind.unreact, kind.react]) await asked(ada, event, { emoji: '👍', messageId: id, ...where });
          }
        };
        const flows = [to, to, other].map(flow);
        for (let round = 0; round < 12; round += 1) {
          const from = bob.entries.length;
          await bob.until(() => bob.entries.length > from + 7 * round, 'more entries');
          network.cut();
          await bob.gone();
        }
        flowing = false;
        await Promise.all(flows);
        for (const [index, where] of [to, other].entries()) {
          const { id, seq } = await asked(ada, kind.send, { content: 'the end', ...where });
          await Promise.all([cyd[index].reach(seq), bob.heard((entry) => entry.id === id)]);
          const ids = new Set(cyd[index].entries.map((entry) => entry.messageId ?? entry.id));
          const got = bob.entries.filter((entry) => ids.has(entry.messageId ?? entry.id));
          assert.deepEqual(got, cyd[index].entries);
        }
        await end();
      });

      test('a room from which the user was removed is dropped, and the others are followed', async () => {
        const { fixture, network, bob, ada, room, end } = await begin(client, { kind });
        const other = kind.otherRoom(fixture);
        bob.join(kind.scope, room).join(kind.scope, other);
        await bob.connected(2);
        network.shut();
        await bob.gone();
        const membership = `${kind.admin(room)}/members/${fixture.users.bob.id}`;
        assert.equal((await server.admin.delete(membership)).status, 200);
        await asked(ada, kind.send, { content: 'missed', [kind.key]: other });
        network.open();
        await bob.traced('refused: access_denied');
        await bob.heard(({ content }) => content === 'missed');
        assert.equal(bob.rooms.position(kind.scope, room), undefined);
        assert.equal((await server.admin.put(membership)).status, 200);
        network.cut();
        await bob.gone();
        await asked(ada, kind.send, { content: 'not for Bob', [kind.key]: room });
        await asked(ada, kind.send, { content: 'for Bob', [kind.key]: other });
        await bob.heard(({ content }) => content === 'for Bob');
        assert.deepEqual(bob.entries.map(({ content }) => content), ['missed', 'for Bob']);
        assert.deepEqual(bob.trace, ['joined', 'joined', 'refused: access_denied', 'joined', 'joined']);
        await end();
      });

      test('with a position of another epoch, the room is loaded, and joined from the position of its history', async () => {
        const { bob, ada, room, to, load, end } = await begin(client, { kind });
        for (const content of ['1', '2']) await asked(ada, kind.send, { content, ...to });
        bob.join(kind.scope, room, { load, since: { epoch: 'before the flood', seq: 1 } });
        await bob.connected(1);
        await asked(ada, kind.send, { content: '3', ...to });
        await bob.heard(({ content }) => content === '3');
        assert.deepEqual(bob.trace, ['loaded', 'joined']);
        assert.deepEqual([...bob.loaded, ...bob.entries.map(({ content }) => content)], ['1', '2', '3']);
        assert.equal(bob.rooms.position(kind.scope, room).seq, 3);
        await end();
      });
    });
  }

  test(`with the ${client} client, the room is loaded if the server returns with another database`, async () => {
    const restored = await Server.start({ fixtures: 1 });
    const { port } = restored;
    const { network, bob, ada, room, to, load, end } = await begin(client, { at: restored });
    try {
      for (const content of ['1', '2', '3']) await asked(ada, 'send_message', { content, ...to });
      bob.join('channel', room, { load });
      await bob.connected(1);
      assert.deepEqual([bob.trace, bob.loaded], [['loaded', 'joined'], ['1', '2', '3']]);
      network.shut();
      await bob.gone();
      ada.close();
      await restored.stop();
      await restored.database.drop();
      restored.database = await newDatabase(await mkdtemp(join(restored.directory, 'other-')));
      await restored.seed(makeWorld(1));
      await restored.launch(port);
      const again = await restored.fixtures.taken[0].connect('ada');
      await again.ok('send_message', { content: 'A', ...to });
      network.open();
      await bob.traced('joined', 2);
      await again.ok('send_message', { content: 'B', ...to });
      await bob.heard(({ content }) => content === 'B');
      assert.deepEqual(bob.trace, ['loaded', 'joined', 'loaded', 'joined']);
      assert.deepEqual(bob.loaded, ['A']);
      assert.deepEqual(bob.entries.map(({ content, seq }) => [content, seq]), [['B', 2]]);
    } finally {
      await end();
      await restored.close();
    }
  });

  test(`with the ${client} client, loading a room is retried if its history cannot be read`, async () => {
    const { bob, room, load, end } = await begin(client);
    let isBroken = true;
    bob.join('channel', room, { load: async () => (isBroken ? Promise.reject(new Error('no way')) : load()) });
    await bob.connected();
    await bob.traced('failed: no way');
    isBroken = false;
    bob.rooms.retry();
    await bob.traced('joined');
    assert.deepEqual(bob.trace, ['failed: no way', 'loaded', 'joined']);
    await end();
  });

  test(`with the ${client} client, a room that was left is no longer followed`, async () => {
    const { fixture, network, bob, ada, room, to, end } = await begin(client);
    bob.join('channel', room).join('channel', fixture.side);
    await bob.connected(2);
    bob.rooms.leave('channel', room);
    await asked(ada, 'send_message', { content: 'left', ...to });
    await asked(ada, 'send_message', { content: 'followed', channelId: fixture.side });
    await bob.heard(({ content }) => content === 'followed');
    network.cut();
    await bob.traced('joined', 3);
    await asked(ada, 'send_message', { content: 'left', ...to });
    await asked(ada, 'send_message', { content: 'still', channelId: fixture.side });
    await bob.heard(({ content }) => content === 'still');
    assert.deepEqual(bob.entries.map(({ content }) => content), ['followed', 'still']);
    // Joined again, and while it is joined.
    for (let times = 0; times < 2; times += 1) bob.join('channel', room);
    await bob.traced('joined', 4);
    await asked(ada, 'send_message', { content: 'back', ...to });
    await bob.heard(({ content }) => content === 'back');
    assert.equal(bob.entries.length, 3);
    await end();
  });
}

/** Bob follows a room with three messages; the fourth is on its way to him when he leaves, and comes before he has left. */
async function leftInTheMeantime(client, joinAgain) {
  const { fixture, network, bob, ada, room, to, load, end } = await begin(client);
  for (const content of ['1', '2', '3']) await asked(ada, 'send_message', { content, ...to });
  const arrived = new Promise((resolve) => bob.socket.on('new_message', ({ content }) => content === '4' && resolve()));
  const { body } = await fixture.rest('bob').get(CHANNEL.history(room));
  // Until then, the server might only send the fourth once it has heard that Bob leaves: not at all.
  const caughtUp = new Promise((resolve) => bob.socket.once(CHANNEL.caughtUp, resolve));
  bob.join('channel', room, { since: body.data.position });
  await bob.connected(1);
  await caughtUp;
  const goOn = network.stall();
  // Ada's acknowledgement may come before the server has sent the fourth to Bob.
  const keptBack = network.keptBack();
  await asked(ada, 'send_message', { content: '4', ...to });
  await keptBack;
  bob.rooms.leave('channel', room);
  joinAgain({ bob, room, position: body.data.position, load: () => Promise.all([load(), arrived]).then(([position]) => position) });
  assert.equal(bob.entries.length, 0);
  goOn();
  await bob.traced('joined', 2);
  await asked(ada, 'send_message', { content: '5', ...to });
  await bob.heard(({ content }) => content === '5');
  await end();
  return [bob.loaded, bob.entries.map(({ content }) => content)];
}

for (const client of Object.keys(CLIENTS)) {
  test(`with the ${client} client, a room that is left and loaded again shows nothing twice`, async () => {
    const shown = await leftInTheMeantime(client, ({ bob, room, load }) => bob.join('channel', room, { load }));
    assert.deepEqual(shown, [['1', '2', '3', '4'], ['5']]);
  });

  test(`with the ${client} client, a room that is left and joined from an earlier position misses nothing`, async () => {
    const shown = await leftInTheMeantime(client, ({ bob, room, position }) =>
      bob.join('channel', room, { since: { ...position, seq: 1 } }),
    );
    assert.deepEqual(shown, [undefined, ['2', '3', '4', '5']]);
  });
}

test('names of other events and rooms are refused', async () => {
  const { bob, end } = await begin('own');
  assert.throws(() => bob.rooms.on('pong', () => {}), { message: 'pong is in no log: listen for it on the socket' });
  assert.throws(() => bob.rooms.join('presence', 'alice'), { message: 'rooms of the kind presence have no log' });
  assert.deepEqual(Object.keys(IDEMPOTENT_EVENTS).length, 4);
  await end();
});
