// The generated package follows rooms and sends once, whatever happens to the connection: with its own client, and with the
// official one.
import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { IDEMPOTENT_EVENTS } from '../../schema/generated/typescript/constants.js';
import { Refusal } from '../../schema/generated/typescript/rooms.js';
import { exhaust } from './harness/bursts.js';
import { newDatabase } from './harness/database.js';
import { asked, Follower } from './harness/follower.js';
import { CHANNEL, KINDS } from './harness/kinds.js';
import { CLIENTS, Member } from './harness/member.js';
import { Network } from './harness/proxy.js';
import { Server } from './harness/server.js';
import { makeWorld } from './harness/world.js';

let server;
before(async () => (server = await Server.start({ fixtures: 80 })));
/** What ends the members of tests that have failed. */
const ends = new Set();
after(async () => {
  for (const end of ends) await end();
  await server?.close();
});

/** All messages of a room, oldest first. */
async function history(fixture, kind, room) {
  const messages = [];
  for (let cursor = ''; cursor !== null; ) {
    const query = `limit=100${cursor && `&before=${encodeURIComponent(cursor)}`}`;
    const { body } = await fixture.rest('ada').get(kind.history(room, query));
    messages.push(...body.data.messages);
    cursor = body.data.nextCursor;
  }
  return messages.reverse();
}

/** Bob, over a network of his own, and Ada, whose connection never breaks. */
async function begin(client, { kind = CHANNEL, at = server, options } = {}) {
  const fixture = at.fixture();
  const network = await Network.start(at.port);
  const bob = new Member(client, network.url, { token: fixture.token('bob') }, options);
  const ada = await fixture.connect('ada', { numbered: true });
  const room = kind.room(fixture);
  const to = { [kind.key]: room };
  const load = async () => {
    const { body } = await fixture.rest('bob').get(kind.history(room));
    bob.loaded = body.data.messages.map(({ content }) => content).reverse();
    return body.data.position;
  };
  const end = async () => {
    ends.delete(end);
    bob.close();
    await network.close();
  };
  ends.add(end);
  const send = (content, extra) => bob.rooms.send(kind.send, { ...to, content, ...extra });
  const sent = async () => (await history(fixture, kind, room)).map(({ content }) => content);
  return { fixture, network, bob, ada, room, to, load, send, sent, end };
}

const numbered = (prefix, count) => Array.from({ length: count }, (_, n) => `${prefix} ${n}`);

for (const client of Object.keys(CLIENTS)) {
  for (const kind of KINDS) {
    describe(`with the ${client} client, in a ${kind.scope}`, () => {
      test('entries are handed over once and in order, however often the connection breaks', async () => {
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

      test('what is sent while the connection breaks arrives once and in order', async () => {
        const { network, bob, send, sent, end } = await begin(client, { kind });
        await bob.connected();
        const texts = numbered('message', 60);
        let answered = 0;
        const sending = texts.map((text) =>
          send(text).then((message) => {
            answered += 1;
            bob.look();
            return message;
          }),
        );
        for (const count of [1, 5, 6, 20, 21, 40]) {
          await bob.until(() => answered >= count, `${count} answers`);
          network.cut();
        }
        const messages = await Promise.all(sending);
        assert.deepEqual(messages.map(({ content }) => content), texts);
        assert.deepEqual(await sent(), texts);
        await end();
      });

      test('a message is there once if the connection breaks before it arrives, and if it breaks before it is answered', async () => {
        const { network, bob, ada, to, send, sent, end } = await begin(client, { kind });
        await ada.ok(kind.join, to);
        await bob.connected();
        network.holdRequests();
        const unheard = send('before it arrives');
        network.cut();
        const { id } = await ada.next(kind.sent);
        assert.equal((await unheard).id, id);
        await bob.until(() => bob.socket.connected, 'the connection');
        network.holdAnswers();
        const unanswered = send('before it is answered');
        const heard = await ada.next(kind.sent);
        network.cut();
        assert.deepEqual(await unanswered, heard);
        await ada.settle();
        assert.deepEqual(ada.seen.filter(([event]) => event === kind.sent), []);
        assert.deepEqual(await sent(), ['before it arrives', 'before it is answered']);
        await end();
      });

      test('what is sent without a connection goes out with the next one, in order', async () => {
        const { network, bob, send, sent, end } = await begin(client, { kind });
        const early = numbered('early', 3).map((text) => send(text));
        await bob.connected();
        await Promise.all(early);
        network.shut();
        await bob.gone();
        const late = numbered('late', 3).map((text, n) => send(text, { clientId: `late-${n}` }));
        network.open();
        assert.deepEqual((await Promise.all(late)).map(({ clientId }) => clientId), ['late-0', 'late-1', 'late-2']);
        assert.deepEqual(await sent(), [...numbered('early', 3), ...numbered('late', 3)]);
        await end();
      });

      test('a room that the user was removed from meanwhile is given up, and the others are followed', async () => {
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

      test('a position of another epoch has the room loaded, and joined from where its history is', async () => {
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

  test(`with the ${client} client, a server that comes back with another database has the room loaded`, async () => {
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

  test(`with the ${client} client, what is sent too fast arrives in order`, async () => {
    const limited = await Server.start({ fixtures: 1, rateLimits: 'on' });
    const { fixture, bob, send, sent, end } = await begin(client, { at: limited });
    try {
      await bob.connected();
      const other = await fixture.connect('bob');
      const delays = [];
      let refused;
      const refusal = new Promise((resolve) => (refused = resolve));
      const failed = (error, retryAt) => refused(delays.push([error instanceof Refusal, error.code, retryAt > Date.now()]));
      const to = { channelId: fixture.general };
      const texts = numbered('fast', 30);
      const sending = [];
      await exhaust(other, 80);
      for (const content of texts) {
        // Another connection of Bob's uses up what the limit has regained, until a message is refused.
        if (delays.length === 0) await exhaust(other, 2);
        sending.push(bob.rooms.send('send_message', { ...to, content }, { failed }));
        if (delays.length === 0) await Promise.race([sending.at(-1), refusal]);
      }
      await Promise.all(sending);
      assert.deepEqual(await sent(), texts);
      assert.deepEqual(delays[0], [true, 'rate_limited', true]);
      await assert.rejects(send('  '), { name: 'Refusal', code: 'invalid_payload' });
    } finally {
      await end();
      await limited.close();
    }
  });

  test(`with the ${client} client, a message that is refused lets the next ones go on`, async () => {
    const { bob, to, send, sent, end } = await begin(client);
    await bob.connected();
    const [refused, next] = [send('1', { replyToId: 'nothing' }), send('2', { clientId: 'two' })];
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof Refusal);
      assert.deepEqual([error.code, error.details, error.body.event], ['reply_not_found', [], 'send_message']);
      return true;
    });
    const { id } = await next;
    assert.equal((await send('2', { clientId: 'two' })).id, id);
    await assert.rejects(send('other', { clientId: 'two' }), { code: 'idempotency_conflict' });
    await assert.rejects(bob.rooms.send('edit_message', { ...to, messageId: id, content: '3' }), TypeError);
    assert.deepEqual(await sent(), ['2']);
    await end();
  });

  test(`with the ${client} client, what waits can be given up, and is bounded`, async () => {
    const { bob, send, sent, end, to } = await begin(client);
    const endings = Array.from({ length: 990 }, () => new AbortController());
    const given = endings.map(({ signal }) => bob.rooms.send('send_message', { ...to, content: 'never mind' }, { signal }));
    const waiting = numbered('message', 10).map((text) => send(text));
    await assert.rejects(send('one too many'), { name: 'RangeError', message: '1000 events wait for their acknowledgement already' });
    for (const [n, ending] of endings.entries()) ending.abort(new Error(`given up ${n}`));
    for (const [n, { reason }] of (await Promise.allSettled(given)).entries()) assert.equal(reason, endings[n].signal.reason);
    const { signal } = endings[0];
    await assert.rejects(bob.rooms.send('send_message', { ...to, content: 'too late' }, { signal }), signal.reason);
    await bob.connected();
    await Promise.all(waiting);
    assert.deepEqual(await sent(), numbered('message', 10));
    await end();
  });

  test(`with the ${client} client, an answer that does not come is asked for again`, async () => {
    const { network, bob, ada, to, send, sent, end } = await begin(client, { options: { timeout: 100 } });
    await ada.ok('join_channel', to);
    await bob.connected();
    network.holdAnswers();
    const failures = [];
    const unanswered = bob.rooms.send('send_message', { ...to, content: 'hello?' }, { failed: ({ message }) => failures.push(message) });
    await ada.next('new_message');
    while (failures.length === 0) await ada.settle();
    network.cut();
    await unanswered;
    assert.equal(failures[0], 'The server did not answer in time.');
    await send('again');
    assert.deepEqual(await sent(), ['hello?', 'again']);
    await end();
  });

  test(`with the ${client} client, a room whose history cannot be read is tried again`, async () => {
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

  test(`with the ${client} client, a room that is left is followed no longer`, async () => {
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

test('names of other events and rooms are refused', async () => {
  const { bob, end } = await begin('own');
  assert.throws(() => bob.rooms.on('pong', () => {}), { message: 'pong is in no log: listen for it on the socket' });
  assert.throws(() => bob.rooms.join('presence', 'alice'), { message: 'rooms of the kind presence have no log' });
  assert.deepEqual(Object.keys(IDEMPOTENT_EVENTS).length, 4);
  await end();
});
