// The REST operations other than history and uploads: room lists, stats, administration.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { assertIs, natural, text } from './harness/shape.js';

const server = await Server.start();
after(() => server.close());

const byId = (a, b) => (a.id < b.id ? -1 : Number(a.id > b.id));
const sorted = (rooms) => rooms.map((room) => ({ ...room, members: [...room.members].sort(byId) })).sort(byId);
const DENIED = { message: 'Administrator access required', code: 'access_denied' };

async function data(rest, path) {
  const { status, body } = await rest.get(path);
  assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  assert.deepEqual(Object.keys(body), ['data']);
  return body.data;
}

/** A channel or a conversation as it is listed. */
const info = (id, name, members) => ({ id, name, members, memberCount: members.length });

test("a user's channels and conversations are listed, with their members, and nobody else's", async () => {
  const fixture = server.fixture();
  const members = ['ada', 'bob', 'cyd'].map((role) => fixture.profile(role));
  const n = fixture.general.slice('general-'.length);
  assert.deepEqual(sorted(await data(fixture.rest('ada'), '/api/channels')), [
    info(fixture.general, `General ${n}`, members),
    info(fixture.side, `Side ${n}`, members),
  ]);
  assert.deepEqual(sorted(await data(fixture.rest('ada'), '/api/conversations')), [
    info(fixture.dm, null, members),
    info(fixture.twin, null, members),
    info(fixture.second, null, members),
  ]);
  const eve = [fixture.profile('eve')];
  assert.deepEqual(await data(fixture.rest('eve'), '/api/channels'), [info(fixture.elsewhere, `Elsewhere ${n}`, eve)]);
  assert.deepEqual(await data(fixture.rest('eve'), '/api/conversations'), [info(fixture.alone, null, eve)]);
  const stranger = server.rest(server.token({ id: `stranger-${n}`, name: 'Stranger' }));
  assert.deepEqual(await data(stranger, '/api/channels'), []);
});

test('sec_30 lists of rooms are read page by page on request', async () => {
  const fixture = server.fixture();
  for (const path of ['/api/channels', '/api/conversations']) {
    const rest = fixture.rest('ada');
    const all = sorted(await data(rest, path));
    const pages = [];
    let cursor;
    do {
      const { status, body } = await rest.get(`${path}?limit=1${cursor === undefined ? '' : `&before=${cursor}`}`);
      assert.equal(status, 200);
      assert.deepEqual(Object.keys(body), ['data', 'nextCursor']);
      pages.push(...body.data);
      cursor = body.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(pages, all);
    const { body } = await rest.get(`${path}?limit=1`);
    const others = await rest.get(`${path}?before=${body.nextCursor}`);
    assert.deepEqual(others.body, { data: all.slice(1), nextCursor: null });
    const bobs = [fixture.rest('bob'), `before=${body.nextCursor}`];
    for (const [caller, query] of [bobs, [rest, 'before=x'], [rest, 'limit=0'], [rest, 'limit=1001'], [rest, 'limit=x']]) {
      const { status, body: refused } = await caller.get(`${path}?${query}`);
      assert.deepEqual([status, refused.code, refused.details.map((one) => one.path)], [400, 'invalid_payload', [`/${query.split('=')[0]}`]]);
    }
  }
});

test('every call that names a user needs a token, and a bad one is refused', async () => {
  const fixture = server.fixture();
  for (const [method, path] of [
    ['GET', `/api/messages?channelId=${fixture.general}`],
    ['GET', `/api/conversations/${fixture.dm}/messages`],
    ['POST', '/api/upload'],
    ['GET', '/api/channels'],
    ['GET', '/api/conversations'],
    ['GET', '/api/stats'],
    ['PUT', `/api/admin/channels/${fixture.general}`],
    ['PUT', `/api/admin/conversations/${fixture.dm}`],
    ['PUT', `/api/admin/channels/${fixture.general}/members/x`],
    ['DELETE', `/api/admin/channels/${fixture.general}/members/x`],
    ['PUT', `/api/admin/conversations/${fixture.dm}/members/x`],
    ['DELETE', `/api/admin/conversations/${fixture.dm}/members/x`],
    ['PUT', '/api/admin/users/x'],
    ['POST', '/api/admin/users/x/revoke'],
  ]) {
    const none = await server.rest().request(method, path);
    assert.deepEqual([none.status, none.body], [401, { message: 'Authentication token required', code: 'auth_required' }], path);
    const bad = await server.rest('nonsense').request(method, path);
    assert.deepEqual([bad.status, bad.body], [401, { message: 'Authentication failed', code: 'auth_failed' }], path);
  }
});

test('sec_17 administration is for administrators', async () => {
  const fixture = server.fixture();
  const pretenders = [fixture.rest('ada'), ...['true', 1, 'yes'].map((admin) => server.rest(fixture.token('ada', { admin })))];
  for (const rest of pretenders) {
    for (const [method, path, value] of [
      ['PUT', `/api/admin/channels/${fixture.general}`, { name: 'Mine', members: [] }],
      ['PUT', `/api/admin/channels/${fixture.elsewhere}/members/${fixture.users.ada.id}`],
      ['DELETE', `/api/admin/channels/${fixture.general}/members/${fixture.users.bob.id}`],
      ['PUT', `/api/admin/conversations/${fixture.alone}/members/${fixture.users.ada.id}`],
      ['PUT', `/api/admin/users/${fixture.users.bob.id}`, { name: 'Bobby' }],
      ['POST', `/api/admin/users/${fixture.users.bob.id}/revoke`],
    ]) {
      const options = value && { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
      const { status, body } = await rest.request(method, path, options);
      if (rest === pretenders[0]) assert.deepEqual([status, body], [403, DENIED], path);
      else assert.ok(status === 403 || status === 401, `${path}: ${status}`);
    }
  }
  const [channel] = sorted(await data(fixture.rest('bob'), '/api/channels'));
  assert.deepEqual(channel.members, ['ada', 'bob', 'cyd'].map((role) => fixture.profile(role)));
});

test('an administrator sets the state of a user repeatedly', async () => {
  const fixture = server.fixture();
  const path = `/api/admin/users/put-${fixture.general}`;
  const user = { id: `put-${fixture.general}`, name: 'Put', image: null };
  for (let n = 0; n < 2; n += 1) {
    const { status, body } = await server.admin.put(path, { name: 'Put' });
    assert.deepEqual([status, body], [200, { data: user }]);
  }
  const changed = { name: 'Changed', email: 'put@example.com', image: 'https://example.com/put.png' };
  const { status, body } = await server.admin.put(path, changed);
  assert.deepEqual([status, body], [200, { data: { id: user.id, name: 'Changed', image: changed.image } }]);
  const nulls = await server.admin.put(path, { name: 'Changed', email: null, image: null });
  assert.deepEqual([nulls.status, nulls.body], [200, { data: { ...user, name: 'Changed' } }]);
  for (const wrong of [{}, { name: '' }, { name: 'x'.repeat(201) }, { name: 1 }, { name: null }]) {
    const answer = await server.admin.put(path, wrong);
    assert.equal(answer.status, 400);
    assertIs(answer.body, { message: 'Invalid message data', code: 'invalid_payload', details: [{ path: '/name', message: text }] });
  }
});

test('a body that is not a JSON object is a 400', async () => {
  const fixture = server.fixture();
  for (const body of ['', '{', 'nonsense', '[]', '"text"', 'null', '{"name": "x"', '\u0000']) {
    const headers = { 'content-type': 'application/json' };
    const answer = await server.admin.request('PUT', `/api/admin/users/x-${fixture.general}`, { body, headers });
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_payload'], JSON.stringify(body));
  }
});

for (const kind of KINDS) {
  describe(`administration of a ${kind.scope}`, () => {
    const put = (path, value) => server.admin.put(path, value);
    const listed = async (fixture, role, id) => (await data(fixture.rest(role), `/api/${kind.plural}`)).find((room) => room.id === id);

    test('a room is created, and its state is set repeatedly', async () => {
      const fixture = server.fixture();
      const id = `made-${kind.room(fixture)}`;
      const profiles = ['ada', 'bob'].map((role) => fixture.profile(role));
      const room = info(id, kind.shownName, profiles);
      for (let n = 0; n < 2; n += 1) {
        const { status, body } = await put(kind.admin(id), kind.state(profiles.map((user) => user.id)));
        assert.equal(status, 200, JSON.stringify(body));
        assert.deepEqual({ data: sorted([body.data])[0] }, { ...body, data: room });
      }
      assert.deepEqual(sorted([await listed(fixture, 'ada', id)]), [room]);
      const { status, body } = await put(kind.admin(id), kind.state([]));
      assert.deepEqual([status, body], [200, { data: info(id, kind.shownName, []) }]);
      assert.equal(await listed(fixture, 'ada', id), undefined);
    });

    test('members are added and removed, and repeating a call changes nothing', async () => {
      const fixture = server.fixture();
      const id = kind.room(fixture);
      const path = `${kind.admin(id)}/members/${fixture.users.eve.id}`;
      const three = ['ada', 'bob', 'cyd'].map((role) => fixture.profile(role));
      for (const [method, members] of [
        ['PUT', [...three, fixture.profile('eve')]],
        ['PUT', [...three, fixture.profile('eve')]],
        ['DELETE', three],
        ['DELETE', three],
      ]) {
        const { status, body } = await server.admin.request(method, path);
        assert.equal(status, 200, JSON.stringify(body));
        assert.deepEqual(sorted([body.data])[0].members, members, method);
        assert.equal((await listed(fixture, 'eve', id)) !== undefined, method === 'PUT');
      }
    });

    test('a user that does not exist cannot become a member, and a room that does not exist cannot get one', async () => {
      const fixture = server.fixture();
      const id = kind.room(fixture);
      const nobody = await put(`${kind.admin(id)}/members/no-such-user`);
      assert.deepEqual([nobody.status, nobody.body.code], [404, 'not_found']);
      const nowhere = await put(`${kind.admin('no-such-room')}/members/${fixture.users.ada.id}`);
      assert.deepEqual([nowhere.status, nowhere.body.code], [404, 'not_found']);
      const among = await put(kind.admin(id), kind.state([fixture.users.ada.id, 'no-such-user']));
      assert.deepEqual([among.status, among.body.code], [404, 'not_found']);
      assert.equal((await listed(fixture, 'ada', id)).members.length, 3, 'nothing of it was done');
    });

    test('a member that is named twice is one member', async () => {
      const fixture = server.fixture();
      const { status, body } = await put(kind.admin(kind.room(fixture)), kind.state([fixture.users.ada.id, fixture.users.ada.id]));
      assert.deepEqual([status, body.data.members], [200, [fixture.profile('ada')]]);
    });

    test('a state without all of its fields is refused', async () => {
      const fixture = server.fixture();
      for (const members of [undefined, null, 'ada', [1], [''], [null], {}]) {
        const { status, body } = await put(kind.admin(kind.room(fixture)), kind.state(members));
        assert.deepEqual([status, body.code], [400, 'invalid_payload'], JSON.stringify(members));
      }
    });
  });
}

test('stats count connections, and the joined sockets of the rooms of the caller', async () => {
  const fixture = server.fixture();
  const [ada, adaToo, bob, eve] = await fixture.connectAll(['ada', 'ada', 'bob', 'eve']);
  for (const client of [ada, adaToo, bob]) await client.ok('join_channel', { channelId: fixture.general });
  await bob.ok('join_conversation', { conversationId: fixture.dm });
  await eve.ok('join_channel', { channelId: fixture.elsewhere });
  const expected = {
    totalConnections: natural,
    channels: { [fixture.general]: 3 },
    conversations: { [fixture.dm]: 1 },
    uptimeSeconds: natural,
    protocol: { name: 'chat', version: text },
  };
  const stats = await data(fixture.rest('ada'), '/api/stats');
  assertIs(stats, expected);
  assert.ok(stats.totalConnections >= 4);
  assertIs(await data(fixture.rest('eve'), '/api/stats'), { ...expected, channels: { [fixture.elsewhere]: 1 }, conversations: {} });
  const all = await data(server.admin, '/api/stats');
  assert.deepEqual([all.channels[fixture.general], all.channels[fixture.elsewhere], all.conversations[fixture.dm]], [3, 1, 1]);
  await adaToo.ok('leave_channel', { channelId: fixture.general });
  await bob.ok('leave_conversation', { conversationId: fixture.dm });
  assertIs(await data(fixture.rest('ada'), '/api/stats'), { ...expected, channels: { [fixture.general]: 2 }, conversations: {} });
});

test('a connection that has ended no longer counts', async () => {
  const fixture = server.fixture();
  const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
  for (const client of [ada, bob]) await client.ok('join_channel', { channelId: fixture.general });
  bob.close();
  const deadline = Date.now() + 10_000;
  let count;
  do count = (await data(fixture.rest('ada'), '/api/stats')).channels[fixture.general];
  while (count !== 1 && Date.now() < deadline);
  assert.equal(count, 1);
});

test('an unknown path is a 404, and an unknown method a 405', async () => {
  const rest = server.fixture().rest('ada');
  for (const path of ['/api/nothing', '/api/messages/x', '/nothing', '/api/admin/channels']) {
    assert.equal((await rest.get(path)).status, 404, path);
  }
  assert.equal((await rest.delete('/api/channels')).status, 405);
});

test('sec_20 the name in a token of a REST request does not change the user', async () => {
  const fixture = server.fixture();
  await data(server.rest(fixture.token('bob', { name: 'Robert' })), '/api/channels');
  const [channel] = sorted(await data(fixture.rest('ada'), '/api/channels'));
  assert.deepEqual(channel.members.map(({ id }) => id), ['ada', 'bob', 'cyd'].map((role) => fixture.users[role].id));
});
