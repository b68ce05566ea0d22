// Memberships that begin and end while others send: the events of the room, the events of the user's own sockets, and
// that nothing reaches a former member.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { areNumbered, asked, Follower } from './harness/follower.js';
import { KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';

const server = await Server.start({ fixtures: 40 });
after(() => server.close());

const succeeds = async (answer) => assert.equal((await answer).status, 200);

/** Makes users whom no fixture has. */
async function people(prefix, count) {
  const ids = Array.from({ length: count }, (_, n) => `${prefix}-${`${n}`.padStart(3, '0')}`);
  for (const id of ids) await succeeds(server.admin.put(`/api/admin/users/${id}`, { name: `Name of ${id}` }));
  return ids;
}

for (const kind of KINDS) {
  const list = (rest) => rest.get(`/api/${kind.plural}`);
  const membership = (room, { id }) => `${kind.admin(room)}/members/${id}`;

  for (const transport of ['websocket', 'polling']) {
    test(`while others send over ${transport}, a former member of a ${kind.scope} gets nothing from its removal on`, async () => {
      const fixture = server.fixture();
      const [ada, desk] = await fixture.connectAll(['ada', 'bob'], { transport });
      const [bob, too, cyd] = ['bob', 'bob', 'cyd'].map((role) => new Follower(fixture, kind, role, { transport }));
      await Promise.all([bob, too, cyd].map((follower) => follower.follow()));
      const { at, room } = bob;
      let flowing = true;
      const lanes = Array.from({ length: 8 }, async () => {
        let last = 0;
        while (flowing) last = (await asked(ada, kind.send, { content: 'on and on', ...at })).seq;
        return last;
      });
      await Promise.all([bob, too, cyd].map((follower) => follower.reach(40)));
      await succeeds(server.admin.delete(membership(room, fixture.users.bob)));
      await Promise.all([bob, too].map((follower) => follower.client.settle()));
      const [until, untilToo] = [bob.entries.length, too.entries.length];
      await cyd.reach(cyd.position.seq + 40);
      flowing = false;
      const last = Math.max(...(await Promise.all(lanes)));
      await cyd.reach(last);
      areNumbered(cyd.entries, 1, last, 'who stayed');
      const removal = cyd.entries.find(({ event }) => event === kind.memberRemoved);
      assert.deepEqual(removal, { event: kind.memberRemoved, ...at, userId: fixture.users.bob.id, seq: removal.seq });
      for (const [follower, length] of [[bob, until], [too, untilToo]]) {
        await follower.client.settle();
        assert.equal(follower.entries.length, length, 'nothing came after the removal was answered');
        areNumbered(follower.entries, 1, removal.seq - 1, 'everything before the removal, and nothing from it on');
      }
      for (const client of [bob.client, too.client, desk]) assert.deepEqual(await client.next(kind.ended), at);
      await cyd.client.settle();
      assert.deepEqual(cyd.client.seen.filter(([event]) => event === kind.ended), [], 'it concerns nobody else');
    });
  }

  describe(`of a ${kind.scope}`, () => {
    test('changes of members are in the log, and reach the sockets of these users, joined or not', async () => {
      const fixture = server.fixture();
      const [desk, phone] = await fixture.connectAll(['eve', 'eve']);
      const bob = new Follower(fixture, kind, 'bob');
      await bob.follow();
      const { at, room } = bob;
      const eve = fixture.users.eve;
      await succeeds(server.admin.put(membership(room, eve)));
      await succeeds(server.admin.put(membership(room, eve)));
      const shown = (await list(fixture.rest('eve'))).body.data.find(({ id }) => id === room);
      assert.equal(shown.memberCount, 4);
      for (const client of [desk, phone]) await client.saw([[kind.added, { [kind.scope]: shown }]]);
      await succeeds(server.admin.delete(membership(room, eve)));
      await succeeds(server.admin.delete(membership(room, eve)));
      for (const client of [desk, phone]) await client.saw([[kind.ended, at]]);
      await bob.reach(2);
      await bob.client.settle();
      assert.deepEqual(bob.entries, [
        { event: kind.memberAdded, ...at, user: fixture.profile('eve'), seq: 1 },
        { event: kind.memberRemoved, ...at, userId: eve.id, seq: 2 },
      ]);
    });

    test('a new room begins with an empty log, and its members are notified', async () => {
      const fixture = server.fixture();
      const [ada, eve] = await fixture.connectAll(['ada', 'eve']);
      const room = `new-${kind.room(fixture)}`;
      const members = [fixture.users.ada.id, fixture.users.bob.id];
      await succeeds(server.admin.put(kind.admin(room), kind.state(members)));
      const shown = (await list(fixture.rest('ada'))).body.data.find(({ id }) => id === room);
      await ada.saw([[kind.added, { [kind.scope]: shown }]]);
      await eve.saw([]);
      assert.equal((await asked(ada, kind.join, { [kind.key]: room })).position.seq, 0);
    });

    test('setting a room has an event for each member, and one for more than 100 changes', async () => {
      const fixture = server.fixture();
      const crowd = await people(`crowd-${kind.room(fixture)}`, 101);
      const bob = new Follower(fixture, kind, 'bob');
      const cyd = new Follower(fixture, kind, 'cyd');
      await Promise.all([bob.follow(), cyd.follow()]);
      const { at, room } = bob;
      const [ada, bobId, cydId] = ['ada', 'bob', 'cyd'].map((role) => fixture.users[role].id);
      const first = [ada, bobId, cydId, ...crowd.slice(0, 2)];
      await succeeds(server.admin.put(kind.admin(room), kind.state(first)));
      await bob.reach(2);
      const added = bob.entries.map(({ event, user }) => [event, user?.id]);
      assert.deepEqual(added.sort(), crowd.slice(0, 2).map((id) => [kind.memberAdded, id]));
      // 99 come and Bob and another go: 101 changes.
      const eve = await fixture.connect('eve');
      await succeeds(server.admin.put(kind.admin(room), kind.state([ada, cydId, fixture.users.eve.id, ...crowd.slice(1, 100)])));
      await cyd.reach(3);
      assert.deepEqual(cyd.entries.at(-1), { event: kind.membersChanged, ...at, seq: 3 });
      areNumbered(cyd.entries, 1, 3);
      assert.deepEqual(await bob.client.next(kind.ended), at);
      await bob.client.settle();
      areNumbered(bob.entries, 1, 2, 'who was removed hears only of itself');
      const { [kind.scope]: shown } = await eve.next(kind.added);
      assert.deepEqual([shown.id, shown.members.length, shown.memberCount], [room, 100, 102]);
      const inList = (await list(fixture.rest('eve'))).body.data.find(({ id }) => id === room);
      assert.deepEqual(shown, { ...inList, members: inList.members.slice(0, 100) });
    });

    test('only a user who was removed and added again gets a replay of the time in between', async () => {
      const fixture = server.fixture();
      const ada = await fixture.connect('ada');
      const bob = new Follower(fixture, kind, 'bob');
      await bob.follow();
      const { at, room } = bob;
      const say = (content) => asked(ada, kind.send, { content, ...at });
      await say('before');
      await bob.reach(1);
      await succeeds(server.admin.delete(membership(room, fixture.users.bob)));
      await say('without Bob');
      assert.equal((await bob.client.fails(kind.join, { ...at, since: bob.position })).code, 'access_denied');
      await succeeds(server.admin.put(membership(room, fixture.users.bob)));
      await say('with Bob');
      await bob.client.settle();
      areNumbered(bob.entries, 1, 1);
      await bob.join(bob.position);
      await bob.reach(5);
      areNumbered(bob.entries, 1, 5);
      assert.deepEqual(bob.entries.map(({ event }) => event), [kind.sent, kind.memberRemoved, kind.sent, kind.memberAdded, kind.sent]);
    });

    test('clients of earlier versions get none of these events', async () => {
      const fixture = server.fixture();
      const ada = await fixture.connect('ada');
      const token = fixture.token('bob');
      const old = await Promise.all(['1.0.0', '1.1.0'].map((protocol) => fixture.connect('bob', { auth: { token, protocol } })));
      const room = kind.room(fixture);
      const at = { [kind.key]: room };
      for (const client of old) await client.ok(kind.join, at);
      await succeeds(server.admin.put(membership(room, fixture.users.eve)));
      await succeeds(server.admin.delete(membership(room, fixture.users.eve)));
      const sent = await ada.ok(kind.send, { content: 'Hello', ...at });
      await succeeds(server.admin.delete(membership(room, fixture.users.bob)));
      for (const client of old) await client.saw([[kind.joined, at], [kind.sent, sent]]);
    });
  });
}
