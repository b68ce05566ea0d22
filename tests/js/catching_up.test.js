// Catching up: a member first gets the missed events and then new ones, none lost, doubled or out of order; if that is
// impossible, joining fails.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { areNumbered, asked, Follower } from './harness/follower.js';
import { KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { assertIs, natural, text } from './harness/shape.js';
import { violations } from './harness/values.js';

const server = await Server.start({ fixtures: 80 });
after(() => server.close());

const LOST = { message: 'Missed events are no longer available', code: 'position_lost' };

/** Has a member send until it is stopped, some messages at a time; `stop` returns the number of the last one. */
function flow(client, kind, room, { width = 4 } = {}) {
  let flowing = true;
  let last = 0;
  let count = 0;
  const lane = async () => {
    while (flowing) {
      const { seq } = await asked(client, kind.send, { content: `${(count += 1)}`, [kind.key]: room });
      last = Math.max(last, seq);
    }
  };
  const lanes = Promise.all(Array.from({ length: width }, lane));
  return async () => {
    flowing = false;
    await lanes;
    return last;
  };
}

for (const kind of KINDS) {
  for (const transport of ['websocket', 'polling']) {
    describe(`in a ${kind.scope}, over ${transport}`, () => {
      const begin = async () => {
        const fixture = server.fixture();
        const ada = await fixture.connect('ada', { transport });
        const at = { [kind.key]: kind.room(fixture) };
        const send = (content, extra) => asked(ada, kind.send, { content, ...at, ...extra });
        return { fixture, ada, at, send, bob: new Follower(fixture, kind, 'bob', { transport }) };
      };

      test('the answer to a join has the position, and every later event arrives', async () => {
        const { send, bob } = await begin();
        await send('before');
        const position = await bob.follow();
        assertIs(position, { epoch: text, seq: natural });
        assert.equal(position.seq, 1);
        const sent = await send('after');
        await bob.reach(2);
        assert.deepEqual(bob.entries, [{ event: kind.sent, ...sent }]);
        assert.deepEqual(bob.order.slice(2), [kind.sent]);
      });

      test('the acknowledgement comes first, then the joined event, the replay, its end, and new events', async () => {
        const { send, bob } = await begin();
        await bob.follow();
        bob.cut();
        const missed = [await send('1'), await send('2'), await send('3')];
        bob.entries = [];
        const position = await bob.follow();
        assert.deepEqual(position, { epoch: bob.position.epoch, seq: 3 });
        const live = await send('4');
        await bob.reach(4);
        assert.deepEqual(bob.entries, [...missed, live].map((message) => ({ event: kind.sent, ...message })));
        assert.deepEqual(bob.order.slice(0, 2).sort(), ['(acknowledged)', kind.joined].sort());
        assert.deepEqual(bob.order.slice(2), [kind.sent, kind.sent, kind.sent, kind.caughtUp, kind.sent]);
      });

      test('joining with the newest position in `since` succeeds, with an empty replay', async () => {
        const { send, bob, at } = await begin();
        const empty = await bob.follow();
        bob.cut();
        assert.deepEqual(await bob.follow(), empty);
        assert.deepEqual(bob.entries, []);
        await send('1');
        await bob.reach(1);
        bob.cut();
        assert.deepEqual(await bob.follow(), { ...empty, seq: 1 });
        assert.equal(bob.entries.length, 1);
        assert.deepEqual(await asked(bob.client, kind.join, { ...at, since: null }), { ...at, position: { ...empty, seq: 1 } });
      });

      test('nothing is lost or doubled across reconnects while others send', async () => {
        const { fixture, ada, bob } = await begin();
        const cyd = new Follower(fixture, kind, 'cyd', { transport });
        await Promise.all([bob.follow(), cyd.follow()]);
        const stop = flow(ada, kind, kind.room(fixture), { width: 16 });
        for (let round = 0; round < 6; round += 1) {
          const from = bob.position.seq;
          await bob.reach(from + 20);
          bob.cut();
          await cyd.reach(from + 20 + 50 * round);
          await bob.follow();
        }
        const last = await stop();
        await Promise.all([bob.reach(last), cyd.reach(last)]);
        areNumbered(cyd.entries, 1, last, 'who stayed');
        assert.deepEqual(bob.entries, cyd.entries, 'who went away');
      });

      test('several pages are replayed while others send', async () => {
        const { ada, bob, fixture } = await begin();
        await bob.follow();
        bob.cut();
        await Promise.all(Array.from({ length: 700 }, (_, n) => asked(ada, kind.send, { content: `${n}`, [kind.key]: kind.room(fixture) })));
        const stop = flow(ada, kind, kind.room(fixture));
        await bob.follow();
        assert.ok(bob.position.seq >= 700);
        const last = await stop();
        await bob.reach(last);
        areNumbered(bob.entries, 1, last);
      });

      test('joining a room again does not replay it, and answers with the position of this socket', async () => {
        const { send, bob, at } = await begin();
        const { epoch } = await bob.follow();
        await send('1');
        await bob.reach(1);
        const again = await asked(bob.client, kind.join, { ...at, since: { epoch, seq: 0 } });
        assert.deepEqual(again.position, { epoch, seq: 1 });
        await send('2');
        await bob.reach(2);
        areNumbered(bob.entries, 1, 2);
        assert.ok(!bob.order.includes(kind.caughtUp));
      });

      test('a join with a lost position fails, and history has the position to continue from', async () => {
        const { fixture, send, bob, at } = await begin();
        await send('1');
        await bob.connect();
        const { epoch } = (await asked(bob.client, kind.join, at)).position;
        await asked(bob.client, kind.leave, at);
        for (const since of [{ epoch, seq: 2 }, { epoch, seq: 2 ** 53 - 1 }, { epoch: `${epoch}x`, seq: 1 }, { epoch: '', seq: 0 }]) {
          assert.deepEqual(await bob.client.fails(kind.join, { ...at, since }), { ...LOST, event: kind.join });
          assert.deepEqual(await bob.client.errs(kind.join, { ...at, since }), { ...LOST, event: kind.join });
        }
        await send('2');
        await bob.client.settle();
        assert.deepEqual(bob.entries, [], 'it has not joined');
        const { body } = await fixture.rest('bob').get(kind.history(bob.room));
        assert.deepEqual(body.data.position, { epoch, seq: 2 });
        bob.position = body.data.position;
        await bob.join(bob.position);
        await send('3');
        await bob.reach(3);
        areNumbered(bob.entries, 3, 3);
      });

      test('the position of a page of history leaves no gap and no overlap while others send', async () => {
        const { fixture, ada } = await begin();
        const stop = flow(ada, kind, kind.room(fixture));
        const clients = [];
        for (let round = 0; round < 8; round += 1) {
          const follower = new Follower(fixture, kind, 'bob', { transport });
          const { body } = await fixture.rest('bob').get(kind.history(follower.room, 'limit=100'));
          follower.position = body.data.position;
          await follower.follow();
          clients.push([follower, body.data]);
        }
        const last = await stop();
        const { body } = await fixture.rest('bob').get(kind.history(kind.room(fixture), 'limit=100'));
        for (const [follower, { messages, position }] of clients) {
          await follower.reach(last);
          areNumbered(follower.entries, position.seq + 1, last);
          const got = [...messages.toReversed(), ...follower.messages].map(({ content }) => content);
          assert.equal(new Set(got).size, got.length, 'nothing twice');
          const newest = body.data.messages.toReversed().map(({ content }) => content);
          assert.deepEqual(got.slice(-100), newest, 'nothing missing');
        }
      });
    });
  }

  test(`in a ${kind.scope}, a position is validated like other input`, async () => {
    const fixture = server.fixture();
    const [ada, eve] = await fixture.connectAll(['ada', 'eve']);
    const at = { [kind.key]: kind.room(fixture) };
    for (const [since, ...paths] of [
      [{ epoch: 'e', seq: -1 }, '/since/seq'],
      [{ epoch: 'e', seq: 1.5 }, '/since/seq'],
      [{ epoch: 'e' }, '/since/seq'],
      [{ seq: 1 }, '/since/epoch'],
      [{ epoch: 'e'.repeat(65), seq: 1 }, '/since/epoch'],
      ['e:1', '/since'],
    ]) {
      assertIs(await ada.fails(kind.join, { ...at, since }), violations(kind.join, ...paths));
    }
    const since = { epoch: 'e', seq: 1 };
    assert.equal((await eve.fails(kind.join, { ...at, since })).code, 'access_denied', 'others learn nothing of a room');
  });

  test(`in a ${kind.scope}, a replay does not show deleted messages`, async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const at = { [kind.key]: kind.room(fixture) };
    const bob = new Follower(fixture, kind, 'bob');
    await bob.follow();
    bob.cut();
    const gone = await asked(ada, kind.send, { content: 'a secret', ...at });
    await asked(ada, kind.edit, { messageId: gone.id, content: 'another secret', ...at });
    await asked(ada, kind.react, { messageId: gone.id, emoji: '👍', ...at });
    const reply = await asked(ada, kind.send, { content: 'a reply', replyToId: gone.id, ...at });
    const kept = await asked(ada, kind.send, { content: 'as it was sent', ...at });
    const edited = await asked(ada, kind.edit, { messageId: kept.id, content: 'as it was edited', ...at });
    const removed = await asked(ada, kind.remove, { messageId: gone.id, ...at });
    await bob.follow();
    assert.deepEqual(bob.entries, [
      { event: kind.sent, ...reply, replyTo: null },
      { event: kind.sent, ...kept },
      { event: kind.edited, ...edited },
      { event: kind.removed, ...removed },
    ]);
    assert.equal(bob.position.seq, removed.seq);
  });

  test(`in a ${kind.scope}, a user who rejoins many rooms at once gets the replays of all of them`, async () => {
    const fixture = server.fixture();
    const members = ['ada', 'bob'].map((role) => fixture.users[role].id);
    const rooms = Array.from({ length: 30 }, (_, n) => `many-${fixture.general}-${n}`);
    for (const room of rooms) assert.equal((await server.admin.put(kind.admin(room), kind.state(members))).status, 200);
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const { position } = await asked(bob, kind.join, { [kind.key]: rooms[0] });
    const since = { ...position, seq: 0 };
    const expected = [];
    for (const room of rooms) {
      for (let n = 0; n < 3; n += 1) expected.push([room, (await asked(ada, kind.send, { content: `${n}`, [kind.key]: room })).id]);
    }
    const again = await fixture.connect('bob');
    await Promise.all(rooms.map((room) => asked(again, kind.join, { [kind.key]: room, since })));
    for (const room of rooms) await again.next(kind.caughtUp, (value) => value[kind.key] === room);
    const got = again.seen.filter(([event]) => event === kind.sent).map(([, value]) => [value[kind.key], value.id]);
    assert.deepEqual(got.sort(), expected.sort());
  });
}

test('a replay shows that a deleted message was forwarded, but not its content', async () => {
  const [kind] = KINDS;
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const bob = new Follower(fixture, kind, 'bob');
  bob.room = fixture.side;
  await bob.follow();
  bob.cut();
  const original = await asked(ada, 'send_message', { content: 'original', channelId: fixture.general });
  const forward = { messageId: original.id, channelId: fixture.general, targetChannelId: fixture.side };
  const { seq, ...copy } = await asked(ada, 'forward_message', forward);
  await asked(ada, 'delete_message', { messageId: original.id, channelId: fixture.general });
  await bob.follow();
  const { seq: _, ...shown } = original;
  assert.deepEqual(bob.entries, [
    {
      event: 'message_forwarded',
      originalMessage: { ...shown, content: '' },
      targetChannelId: fixture.side,
      message: copy,
      forwardedBy: fixture.profile('ada'),
      seq,
    },
  ]);
});

test('a client of an earlier version joins, gets the events that it knows, and its position advances', async () => {
  const [kind] = KINDS;
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const old = await fixture.connect('bob', { auth: { token: fixture.token('bob'), protocol: '1.1.0' } });
  await old.ok('join_channel', { channelId: fixture.general });
  const membership = `${kind.admin(fixture.general)}/members/${fixture.users.eve.id}`;
  const before = await ada.ok('send_message', { content: 'before', channelId: fixture.general });
  assert.equal((await server.admin.put(membership)).status, 200);
  assert.equal((await server.admin.delete(membership)).status, 200);
  const later = await ada.ok('send_message', { content: 'after', channelId: fixture.general });
  await old.saw([['joined_channel', { channelId: fixture.general }], ['new_message', before], ['new_message', later]]);
  const answer = await asked(ada, 'join_channel', { channelId: fixture.general });
  assertIs(answer, { channelId: fixture.general, position: { epoch: text, seq: natural } });
  assert.equal(answer.position.seq, 4);
});
