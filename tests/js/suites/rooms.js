// Joining and leaving, and the receivers of events: the same for channels and conversations.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from '../harness/client.js';
import { assertIs } from '../harness/shape.js';
import { denied, message, messageNotFound } from '../harness/values.js';

export function roomSuite(kind, server) {
  const at = (room) => ({ [kind.key]: room });
  const events = (client, name) => client.seen.filter(([event]) => event === name);
  const say = (client, room, content) => client.ok(kind.send, { content, ...at(room) });

  test('a socket that has joined receives later events, and no earlier ones', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    await say(ada, kind.room(fixture), 'before');
    await bob.ok(kind.join, at(kind.room(fixture)));
    const sent = await say(ada, kind.room(fixture), 'after');
    await bob.saw([
      [kind.joined, at(kind.room(fixture))],
      [kind.sent, sent],
    ]);
  });

  test('joining twice succeeds, and every event still comes once', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const room = at(kind.room(fixture));
    assert.deepEqual(await ada.ok(kind.join, room), room);
    assert.deepEqual(await ada.ok(kind.join, room), room);
    const sent = await say(ada, kind.room(fixture), 'once');
    await ada.saw([[kind.joined, room], [kind.joined, room], [kind.sent, sent]]);
  });

  test('after joining twice, leaving once is enough', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const room = at(kind.room(fixture));
    await ada.ok(kind.join, room);
    await ada.ok(kind.join, room);
    await ada.ok(kind.leave, room);
    await say(ada, kind.room(fixture), 'unheard');
    await ada.saw([[kind.joined, room], [kind.joined, room], [kind.left, room]]);
  });

  test('leaving a room that was never joined succeeds', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const room = at(kind.room(fixture));
    assert.deepEqual(await ada.ok(kind.leave, room), room);
    assert.deepEqual(await ada.ok(kind.leave, room), room);
    await ada.saw([[kind.left, room], [kind.left, room]]);
  });

  test('a socket that has left receives nothing until it joins again', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = at(kind.room(fixture));
    await bob.ok(kind.join, room);
    await bob.ok(kind.leave, room);
    await say(ada, kind.room(fixture), 'unheard');
    await bob.ok(kind.join, room);
    const heard = await say(ada, kind.room(fixture), 'heard');
    await bob.saw([[kind.joined, room], [kind.left, room], [kind.joined, room], [kind.sent, heard]]);
  });

  test('a member may send, edit, react and delete without having joined, and receives no events of it', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = at(kind.room(fixture));
    await bob.ok(kind.join, room);
    bob.log = [];
    const sent = await say(ada, kind.room(fixture), 'from outside the room');
    const edited = await ada.ok(kind.edit, { messageId: sent.id, content: 'edited', ...room });
    const reacted = await ada.ok(kind.react, { messageId: sent.id, emoji: '👍', ...room });
    const unreacted = await ada.ok(kind.unreact, { messageId: sent.id, emoji: '👍', ...room });
    const removed = await ada.ok(kind.remove, { messageId: sent.id, ...room });
    await ada.saw([]);
    await bob.saw([
      [kind.sent, sent],
      [kind.edited, edited],
      [kind.reacted, reacted],
      [kind.unreacted, unreacted],
      [kind.removed, removed],
    ]);
  });

  test('a socket joins a room, not its user', async () => {
    const fixture = server.fixture();
    const [desk, phone, bob] = await fixture.connectAll(['ada', 'ada', 'bob']);
    const room = at(kind.room(fixture));
    await desk.ok(kind.join, room);
    const first = await say(bob, kind.room(fixture), 'for the desk');
    await phone.ok(kind.join, room);
    await desk.ok(kind.leave, room);
    const second = await say(bob, kind.room(fixture), 'for the phone');
    await desk.saw([[kind.joined, room], [kind.sent, first], [kind.left, room]]);
    await phone.saw([[kind.joined, room], [kind.sent, second]]);
  });

  test('a connection that has ended left its rooms: the next one joins for itself', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    await bob.ok(kind.join, at(kind.room(fixture)));
    bob.close();
    const again = await fixture.connect('bob');
    await say(ada, kind.room(fixture), 'unheard');
    await again.saw([]);
  });

  test('sec_21 a room that does not exist and a room of others give the same answer to every event', async () => {
    const fixture = server.fixture();
    const [ada, eve] = await fixture.connectAll(['ada', 'eve']);
    const { id } = await say(ada, kind.room(fixture), 'private');
    for (const [event, payload] of [
      [kind.join, {}],
      [kind.send, { content: 'let me in' }],
      [kind.edit, { messageId: id, content: 'changed' }],
      [kind.remove, { messageId: id }],
      [kind.react, { messageId: id, emoji: '👍' }],
      [kind.unreact, { messageId: id, emoji: '👍' }],
    ]) {
      for (const room of [kind.room(fixture), 'no-such-room']) {
        assert.deepEqual(await eve.fails(event, { ...payload, ...at(room) }), denied(kind, event));
        assert.deepEqual(await eve.errs(event, { ...payload, ...at(room) }), denied(kind, event));
      }
    }
    await eve.saw([]);
    const { body } = await fixture.rest('ada').get(kind.history(kind.room(fixture)));
    assert.deepEqual(body.data.messages.map(({ content }) => content), ['private']);
  });

  test('sec_21 anybody may leave any room, and the answer does not reveal whether it exists', async () => {
    const fixture = server.fixture();
    const eve = await fixture.connect('eve');
    for (const room of [kind.room(fixture), 'no-such-room']) {
      assert.deepEqual(await eve.ok(kind.leave, at(room)), at(room));
      await eve.saw([[kind.left, at(room)]]);
    }
  });

  test('a socket that may not join receives nothing', async () => {
    const fixture = server.fixture();
    const [ada, eve] = await fixture.connectAll(['ada', 'eve']);
    await eve.fails(kind.join, at(kind.room(fixture)));
    await say(ada, kind.room(fixture), 'private');
    await eve.saw([]);
  });

  test('a channel and a conversation of the same id never mix', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    await ada.ok('join_channel', { channelId: fixture.general });
    await bob.ok('join_conversation', { conversationId: fixture.twin });
    const inChannel = await bob.ok('send_message', { content: 'channel', channelId: fixture.general });
    const inConversation = await ada.ok('send_direct_message', { content: 'conversation', conversationId: fixture.twin });
    await ada.ok('leave_conversation', { conversationId: fixture.twin });
    await bob.ok('leave_channel', { channelId: fixture.general });
    const second = await bob.ok('send_message', { content: 'channel again', channelId: fixture.general });
    const third = await ada.ok('send_direct_message', { content: 'conversation again', conversationId: fixture.twin });
    await settle(ada, bob);
    assert.deepEqual(events(ada, 'new_message').map(([, value]) => value), [inChannel, second]);
    assert.deepEqual(events(ada, 'new_direct_message'), []);
    assert.deepEqual(events(bob, 'new_direct_message').map(([, value]) => value), [inConversation, third]);
    assert.deepEqual(events(bob, 'new_message'), []);
    const missing = { messageId: kind.scope === 'channel' ? inConversation.id : inChannel.id, ...at(fixture.general) };
    assert.deepEqual(await ada.fails(kind.react, { ...missing, emoji: '👍' }), messageNotFound(kind.react));
  });

  test('a member of a channel is not a member of the conversation of the same id', async () => {
    const fixture = server.fixture();
    const eve = await fixture.connect('eve');
    const own = kind.scope === 'channel' ? fixture.elsewhere : fixture.alone;
    const other = kind.scope === 'channel' ? 'send_direct_message' : 'send_message';
    await say(eve, own, 'mine');
    const key = kind.scope === 'channel' ? 'conversationId' : 'channelId';
    const error = await eve.fails(other, { content: 'not mine', [key]: own });
    const scope = kind.scope === 'channel' ? 'conversation' : 'channel';
    assert.deepEqual(error, { message: `Access denied to ${scope}`, code: 'access_denied', event: other });
  });

  test('sec_18 once a removal is acknowledged, nothing reaches the former member on any socket, and nothing from it is accepted', async () => {
    const fixture = server.fixture();
    const [ada, bob, bobToo] = await fixture.connectAll(['ada', 'bob', 'bob']);
    const room = kind.room(fixture);
    for (const client of [ada, bob, bobToo]) await client.ok(kind.join, at(room));
    const own = await say(bob, room, 'last words');
    const { status } = await server.admin.delete(`${kind.admin(room)}/members/${fixture.users.bob.id}`);
    assert.equal(status, 200);
    const after = await say(ada, room, 'without Bob');
    for (const client of [bob, bobToo]) {
      await client.saw([[kind.joined, at(room)], [kind.sent, own], [kind.ended, at(room)]]);
      assert.deepEqual(await client.fails(kind.send, { content: 'still here', ...at(room) }), denied(kind, kind.send));
      assert.deepEqual(await client.fails(kind.join, at(room)), denied(kind, kind.join));
      const edit = { messageId: own.id, content: 'changed', ...at(room) };
      assert.deepEqual(await client.fails(kind.edit, edit), denied(kind, kind.edit));
    }
    assert.equal((await fixture.rest('bob').get(kind.history(room))).status, 403);
    const removed = [kind.memberRemoved, { ...at(room), userId: fixture.users.bob.id }];
    await ada.saw([[kind.joined, at(room)], [kind.sent, own], removed, [kind.sent, after]]);
  });

  test('sec_18 setting a room without a member removes that member at once', async () => {
    const fixture = server.fixture();
    const [ada, bob, cyd] = await fixture.connectAll(['ada', 'bob', 'cyd']);
    const room = kind.room(fixture);
    for (const client of [ada, bob, cyd]) await client.ok(kind.join, at(room));
    const members = [fixture.users.ada.id, fixture.users.cyd.id];
    const { status } = await server.admin.put(kind.admin(room), kind.state(members));
    assert.equal(status, 200);
    const after = await say(ada, room, 'without Bob');
    await bob.saw([[kind.joined, at(room)], [kind.ended, at(room)]]);
    const removed = [kind.memberRemoved, { ...at(room), userId: fixture.users.bob.id }];
    await cyd.saw([[kind.joined, at(room)], removed, [kind.sent, after]]);
    assert.deepEqual(await bob.fails(kind.join, at(room)), denied(kind, kind.join));
  });

  test('a new member may join at once, and a user who becomes a member again has to join again', async () => {
    const fixture = server.fixture();
    const [ada, eve] = await fixture.connectAll(['ada', 'eve']);
    const room = kind.room(fixture);
    const membership = `${kind.admin(room)}/members/${fixture.users.eve.id}`;
    assert.equal((await server.admin.put(membership)).status, 200);
    await eve.ok(kind.join, at(room));
    assert.equal((await server.admin.delete(membership)).status, 200);
    assert.equal((await server.admin.put(membership)).status, 200);
    await say(ada, room, 'before joining again');
    await eve.ok(kind.join, at(room));
    const after = await say(ada, room, 'after joining again');
    await eve.settle();
    const seen = eve.seen.map(([event, value]) => (event === kind.added ? [event, value[kind.scope].id] : [event, value]));
    assert.deepEqual(seen, [
      [kind.added, room],
      [kind.joined, at(room)],
      [kind.ended, at(room)],
      [kind.added, room],
      [kind.joined, at(room)],
      [kind.sent, after],
    ]);
  });

  test('an id may have any characters but control characters, and 128 of them', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const longest = '😀'.repeat(128 - fixture.general.length) + fixture.general;
    for (const room of [`a b/c?d#e%f${fixture.general}`, `"quoted\\"${fixture.general}`, `Ünïcödé 漢字 👩‍👩‍👧${fixture.general}`, longest]) {
      assert.equal((await server.admin.put(kind.admin(room), kind.state([fixture.users.ada.id]))).status, 200, room);
      await ada.ok(kind.join, at(room));
      const sent = await say(ada, room, 'here');
      assertIs(sent, message(kind, room, fixture.users.ada, 'here'));
      const members = [fixture.profile('ada')];
      const made = { id: room, name: kind.shownName, members, memberCount: 1 };
      await ada.saw([[kind.added, { [kind.scope]: made }], [kind.joined, at(room)], [kind.sent, sent]]);
    }
  });

  test('sec_22 events of a room reach only its joined members, in any order of joining, leaving, removing and sending', async () => {
    for (let seed = 1; seed <= 5; seed += 1) await interleave(kind, server, seed);
  });
}

/** Runs a random sequence of steps on two rooms, and compares the events at every socket with a model. */
async function interleave(kind, server, seed) {
  let state = seed;
  const random = (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  const fixture = server.fixture();
  const roles = ['ada', 'bob', 'cyd'];
  const clients = await fixture.connectAll([...roles, ...roles]);
  const rooms = [kind.room(fixture), kind.otherRoom(fixture)];
  const members = new Map(rooms.map((room) => [room, new Set(roles)]));
  const joined = new Map(rooms.map((room) => [room, new Set()]));
  const expected = new Map(clients.map((client) => [client, []]));
  for (let step = 0; step < 80; step += 1) {
    const room = rooms[random(rooms.length)];
    const at = { [kind.key]: room };
    const index = random(clients.length);
    const client = clients[index];
    const role = roles[index % roles.length];
    const isMember = members.get(room).has(role);
    const action = random(8);
    if (action <= 1) {
      const answer = await client.ack(kind.join, at);
      assert.equal(answer.ok, isMember, `seed ${seed}, step ${step}: join`);
      if (isMember) joined.get(room).add(client);
    } else if (action === 2) {
      assert.deepEqual(await client.ok(kind.leave, at), at);
      joined.get(room).delete(client);
    } else if (action === 3) {
      const membership = `${kind.admin(room)}/members/${fixture.users[role].id}`;
      const { status } = isMember ? await server.admin.delete(membership) : await server.admin.put(membership);
      assert.equal(status, 200);
      members.get(room)[isMember ? 'delete' : 'add'](role);
      if (isMember) clients.filter((_, i) => roles[i % 3] === role).forEach((gone) => joined.get(room).delete(gone));
    } else {
      const answer = await client.ack(kind.send, { content: `step ${step}`, ...at });
      assert.equal(answer.ok, isMember, `seed ${seed}, step ${step}: send`);
      if (isMember) joined.get(room).forEach((listener) => expected.get(listener).push(answer.data));
    }
  }
  for (const client of clients) {
    await client.settle();
    const got = client.seen.filter(([event]) => event === kind.sent).map(([, value]) => value);
    assert.deepEqual(got, expected.get(client), `seed ${seed}`);
  }
  fixture.close();
}
