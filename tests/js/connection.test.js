// The handshake, and the reasons for which it is refused. endings.test.js has the ends of connections.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { TRANSPORTS } from './harness/client.js';
import { Server } from './harness/server.js';
import { assertIs, text, time } from './harness/shape.js';

const server = await Server.start();
after(() => server.close());

const REQUIRED = 'Authentication token required';
const FAILED = 'Authentication failed';

const greeting = (user) => ({
  userId: user.id,
  user: { id: user.id, name: user.name, image: user.image },
  protocol: { name: 'chat', version: text },
  expiresAt: time,
});

/** A query string is part of the address, as in `io('http://localhost:8000?token=…')`. */
const byQuery = (fixture, token, options = {}) => fixture.client({ auth: undefined, query: { token }, ...options });

for (const transport of Object.keys(TRANSPORTS)) {
  test(`over ${transport}, a token in auth.token is greeted with its user`, async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada', { transport });
    assertIs(ada.greeting, greeting(fixture.users.ada));
    await ada.saw([]);
  });

  test(`over ${transport}, a token in the query is greeted with its user`, async () => {
    const fixture = server.fixture();
    const bob = await byQuery(fixture, fixture.token('bob'), { transport }).connected();
    assertIs(bob.greeting, greeting(fixture.users.bob));
    await bob.saw([]);
  });

  test(`over ${transport}, no token and a bad one are refused`, async () => {
    const fixture = server.fixture();
    assert.equal(await fixture.client({ auth: undefined, transport }).refused(), REQUIRED);
    assert.equal(await fixture.client({ token: 'nonsense', transport }).refused(), FAILED);
    assert.equal(await byQuery(fixture, 'nonsense', { transport }).refused(), FAILED);
  });
}

test('a token is missing if auth is absent, empty or has other keys', async () => {
  const fixture = server.fixture();
  for (const auth of [undefined, {}, { jwt: fixture.token('ada') }]) {
    assert.equal(await fixture.client({ auth }).refused(), REQUIRED);
  }
  assert.equal(await fixture.client({ auth: undefined, query: { other: 'x' } }).refused(), REQUIRED);
});

test('auth.token takes precedence over the query', async () => {
  const fixture = server.fixture();
  const ada = await fixture.client({ token: fixture.token('ada'), query: { token: fixture.token('bob') } }).connected();
  assertIs(ada.greeting, greeting(fixture.users.ada));
  const bob = await fixture.client({ token: fixture.token('bob'), query: { token: 'nonsense' } }).connected();
  assertIs(bob.greeting, greeting(fixture.users.bob));
  assert.equal(await fixture.client({ token: 'nonsense', query: { token: fixture.token('ada') } }).refused(), FAILED);
});

test('a token of the query survives odd neighbours and needs to be decoded', async () => {
  const fixture = server.fixture();
  const query = { 'a b': '=&?', token: fixture.token('ada'), z: 'ü' };
  const ada = await fixture.client({ auth: undefined, query }).connected();
  assertIs(ada.greeting, greeting(fixture.users.ada));
});

test('a user who connects for the first time is created from the claims', async () => {
  const fixture = server.fixture();
  const claims = { id: `new-${fixture.general}`, name: 'New here', email: 'new@example.com', image: 'https://example.com/n.png' };
  const client = await fixture.client({ token: server.token(claims) }).connected();
  assertIs(client.greeting, greeting(claims));
  const put = await server.admin.put(`/api/admin/channels/${fixture.general}/members/${claims.id}`);
  assert.equal(put.status, 200);
  const sent = await client.ok('send_message', { content: 'hello', channelId: fixture.general });
  assert.deepEqual(sent.user, { id: claims.id, name: claims.name, image: claims.image });
});

test('the claim id is the user, else sub; without a name the id is the name', async () => {
  const fixture = server.fixture();
  const id = `id-${fixture.general}`;
  for (const claims of [{ id, sub: 'somebody-else' }, { sub: id }, { id }]) {
    const client = await fixture.client({ token: server.token(claims) }).connected();
    assertIs(client.greeting, greeting({ id, name: id, image: null }));
  }
});

test('name and image are brought up to date on every connect', async () => {
  const fixture = server.fixture();
  const bob = await fixture.connect('bob');
  const before = await bob.ok('send_message', { content: 'hello', channelId: fixture.general });
  assert.deepEqual(before.user, fixture.profile('bob'));
  const renamed = { name: 'Robert', image: 'https://example.com/robert.png' };
  const again = await fixture.client({ token: fixture.token('bob', renamed) }).connected();
  const user = { id: fixture.users.bob.id, ...renamed };
  assertIs(again.greeting, greeting(user));
  const { body } = await fixture.rest('ada').get(`/api/messages?channelId=${fixture.general}`);
  assert.deepEqual(body.data.messages, [{ ...before, user }]);
  const channels = (await fixture.rest('ada').get('/api/channels')).body.data;
  const members = channels.find(({ id }) => id === fixture.general).members;
  assert.deepEqual(members.find(({ id }) => id === user.id), user);
});

test('a name has up to 200 characters, an id up to 128', async () => {
  const fixture = server.fixture();
  const claims = { id: '😀'.repeat(128 - fixture.general.length) + fixture.general, name: 'ü'.repeat(199) + '😀' };
  const client = await fixture.client({ token: server.token(claims) }).connected();
  assertIs(client.greeting, greeting({ ...claims, image: null }));
});

test('claims of wrong types and sizes are refused', async () => {
  const fixture = server.fixture();
  const id = fixture.users.ada.id;
  for (const claims of [
    {},
    { name: 'Nobody' },
    { id: '' },
    { sub: '' },
    { id: 42 },
    { sub: 42 },
    { id: ['ada'] },
    { id: 'x'.repeat(129) },
    { id: 'control\u0007' },
    { id: 'nul\u0000' },
    { id, name: 42 },
    { id, name: 'x'.repeat(201) },
    { id, email: {} },
    { id, exp: undefined },
    { id, exp: null },
    { id, exp: 'tomorrow' },
    { id, exp: 0 },
    { id, exp: -1 },
  ]) {
    const client = fixture.client({ token: server.token(claims) });
    assert.equal(await client.refused(), FAILED, JSON.stringify(claims).slice(0, 80));
    assert.equal((await server.rest(server.token(claims)).get('/api/channels')).status, 401, JSON.stringify(claims).slice(0, 80));
  }
});

test('a token that is not a string is refused', async () => {
  const fixture = server.fixture();
  for (const token of [42, true, {}, [fixture.token('ada')], '', ' ', 'a.b.c', '..', 'Bearer x', 'x'.repeat(100_000)]) {
    const message = await fixture.client({ auth: { token } }).refused();
    assert.ok([REQUIRED, FAILED].includes(message), `${JSON.stringify(token).slice(0, 60)}: ${message}`);
  }
});

test('several connections of one user get the same greeting and work side by side', async () => {
  const fixture = server.fixture();
  const clients = await fixture.connectAll(Array(10).fill('ada'));
  for (const client of clients) assertIs(client.greeting, greeting(fixture.users.ada));
  clients[0].close();
  for (const client of clients.slice(1)) await client.saw([]);
});

test('events that are sent right behind the handshake are carried out, after the greeting', async () => {
  const fixture = server.fixture();
  const ada = fixture.client({ token: fixture.token('ada') });
  ada.socket.on('connect', () => ada.emit('join_channel', { channelId: fixture.general }));
  ada.socket.connect();
  await ada.next('joined_channel', () => ada.log[0].event === 'authenticated');
});

test('the official client reconnects after its connection was cut, and is greeted again', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  ada.socket.io.reconnection(true);
  ada.socket.io.reconnectionDelay(10);
  ada.socket.io.engine.close();
  await ada.disconnected();
  assertIs(await ada.next('authenticated'), greeting(fixture.users.ada));
  ada.socket.io.reconnection(false);
  await ada.saw([]);
});

test('only the main namespace exists: others are refused, without harm', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const other = ada.socket.io.socket('/other', { auth: { token: fixture.token('ada') } });
  const error = await new Promise((resolve, reject) => {
    other.on('connect_error', resolve);
    other.on('connect', () => reject(new Error('there is a namespace /other')));
    other.connect();
  });
  assert.equal(typeof error.message, 'string');
  await ada.saw([]);
});
