// The handshake, what it is refused for, and how a connection ends.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { TRANSPORTS } from './harness/client.js';
import { Server } from './harness/server.js';
import { assertIs, text } from './harness/shape.js';
import { nowSeconds } from './harness/token.js';

const server = await Server.start();
after(() => server.close());

const REQUIRED = 'Authentication token required';
const FAILED = 'Authentication failed';

const greeting = (user) => ({
  userId: user.id,
  user: { id: user.id, name: user.name, image: user.image },
  protocol: { name: 'chat', version: text },
});

/** A query string is part of the address, as in `io('http://localhost:8000?token=…')`. */
const byQuery = (stage, token, options = {}) => stage.client({ auth: undefined, query: { token }, ...options });

for (const transport of Object.keys(TRANSPORTS)) {
  test(`over ${transport}, a token in auth.token is greeted with who one is`, async () => {
    const stage = server.stage();
    const ada = await stage.connect('ada', { transport });
    assertIs(ada.greeting, greeting(stage.users.ada));
    await ada.saw([]);
  });

  test(`over ${transport}, a token in the query is greeted with who one is`, async () => {
    const stage = server.stage();
    const bob = await byQuery(stage, stage.token('bob'), { transport }).connected();
    assertIs(bob.greeting, greeting(stage.users.bob));
    await bob.saw([]);
  });

  test(`over ${transport}, no token and a bad one are refused`, async () => {
    const stage = server.stage();
    assert.equal(await stage.client({ auth: undefined, transport }).refused(), REQUIRED);
    assert.equal(await stage.client({ token: 'nonsense', transport }).refused(), FAILED);
    assert.equal(await byQuery(stage, 'nonsense', { transport }).refused(), FAILED);
  });
}

test('no token is: no auth, an empty auth, an auth of other keys', async () => {
  const stage = server.stage();
  for (const auth of [undefined, {}, { jwt: stage.token('ada') }]) {
    assert.equal(await stage.client({ auth }).refused(), REQUIRED);
  }
  assert.equal(await stage.client({ auth: undefined, query: { other: 'x' } }).refused(), REQUIRED);
});

test('where both are given, auth.token counts', async () => {
  const stage = server.stage();
  const ada = await stage.client({ token: stage.token('ada'), query: { token: stage.token('bob') } }).connected();
  assertIs(ada.greeting, greeting(stage.users.ada));
  const bob = await stage.client({ token: stage.token('bob'), query: { token: 'nonsense' } }).connected();
  assertIs(bob.greeting, greeting(stage.users.bob));
  assert.equal(await stage.client({ token: 'nonsense', query: { token: stage.token('ada') } }).refused(), FAILED);
});

test('a token of the query survives odd neighbours and needs to be decoded', async () => {
  const stage = server.stage();
  const query = { 'a b': '=&?', token: stage.token('ada'), z: 'ü' };
  const ada = await stage.client({ auth: undefined, query }).connected();
  assertIs(ada.greeting, greeting(stage.users.ada));
});

test('a user who connects for the first time is created from the claims', async () => {
  const stage = server.stage();
  const claims = { id: `new-${stage.general}`, name: 'New here', email: 'new@example.com', image: 'https://example.com/n.png' };
  const client = await stage.client({ token: server.token(claims) }).connected();
  assertIs(client.greeting, greeting(claims));
  const put = await server.admin.put(`/api/admin/channels/${stage.general}/members/${claims.id}`);
  assert.equal(put.status, 200);
  const sent = await client.ok('send_message', { content: 'hello', channelId: stage.general });
  assert.deepEqual(sent.user, { id: claims.id, name: claims.name, image: claims.image });
});

test('the claim id is the user, else sub; without a name the id is the name', async () => {
  const stage = server.stage();
  const id = `id-${stage.general}`;
  for (const claims of [{ id, sub: 'somebody-else' }, { sub: id }, { id }]) {
    const client = await stage.client({ token: server.token(claims) }).connected();
    assertIs(client.greeting, greeting({ id, name: id, image: null }));
  }
});

test('name and image are brought up to date on every connect', async () => {
  const stage = server.stage();
  const bob = await stage.connect('bob');
  const before = await bob.ok('send_message', { content: 'hello', channelId: stage.general });
  assert.deepEqual(before.user, stage.profile('bob'));
  const renamed = { name: 'Robert', image: 'https://example.com/robert.png' };
  const again = await stage.client({ token: stage.token('bob', renamed) }).connected();
  const user = { id: stage.users.bob.id, ...renamed };
  assertIs(again.greeting, greeting(user));
  const { body } = await stage.rest('ada').get(`/api/messages?channelId=${stage.general}`);
  assert.deepEqual(body.data.messages, [{ ...before, user }]);
  const channels = (await stage.rest('ada').get('/api/channels')).body.data;
  const members = channels.find(({ id }) => id === stage.general).members;
  assert.deepEqual(members.find(({ id }) => id === user.id), user);
});

test('a name has up to 200 characters, an id up to 128', async () => {
  const stage = server.stage();
  const claims = { id: '😀'.repeat(128 - stage.general.length) + stage.general, name: 'ü'.repeat(199) + '😀' };
  const client = await stage.client({ token: server.token(claims) }).connected();
  assertIs(client.greeting, greeting({ ...claims, image: null }));
});

test('claims of wrong types and sizes are refused', async () => {
  const stage = server.stage();
  const id = stage.users.ada.id;
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
    { id, name: '' },
    { id, name: 'x'.repeat(201) },
    { id, image: 42 },
    { id, email: {} },
    { id, exp: undefined },
    { id, exp: null },
    { id, exp: 'tomorrow' },
    { id, exp: 0 },
    { id, exp: -1 },
  ]) {
    const client = stage.client({ token: server.token(claims) });
    assert.equal(await client.refused(), FAILED, JSON.stringify(claims).slice(0, 80));
    assert.equal((await server.rest(server.token(claims)).get('/api/channels')).status, 401, JSON.stringify(claims).slice(0, 80));
  }
});

test('a token that is no string is no way in', async () => {
  const stage = server.stage();
  for (const token of [42, true, {}, [stage.token('ada')], '', ' ', 'a.b.c', '..', 'Bearer x', 'x'.repeat(100_000)]) {
    const message = await stage.client({ auth: { token } }).refused();
    assert.ok([REQUIRED, FAILED].includes(message), `${JSON.stringify(token).slice(0, 60)}: ${message}`);
  }
});

test('several connections of one user are greeted alike and live side by side', async () => {
  const stage = server.stage();
  const clients = await stage.connectAll(Array(10).fill('ada'));
  for (const client of clients) assertIs(client.greeting, greeting(stage.users.ada));
  clients[0].close();
  for (const client of clients.slice(1)) await client.saw([]);
});

test('events that are sent right behind the handshake are carried out, after the greeting', async () => {
  const stage = server.stage();
  const ada = stage.client({ token: stage.token('ada') });
  ada.socket.on('connect', () => ada.emit('join_channel', { channelId: stage.general }));
  ada.socket.connect();
  await ada.next('joined_channel', () => ada.log[0].event === 'authenticated');
});

test('the official client reconnects after it was cut off, and is greeted again', async () => {
  const stage = server.stage();
  const ada = await stage.connect('ada');
  ada.socket.io.reconnection(true);
  ada.socket.io.reconnectionDelay(10);
  ada.socket.io.engine.close();
  await ada.disconnected();
  assertIs(await ada.next('authenticated'), greeting(stage.users.ada));
  ada.socket.io.reconnection(false);
  await ada.saw([]);
});

test('sec_12 a socket whose token expires is told so and disconnected within 2 s', async () => {
  const stage = server.stage();
  const exp = nowSeconds() + 3;
  const options = Object.keys(TRANSPORTS).map((transport) => ({ transport, token: stage.token('ada', { exp }) }));
  const clients = await Promise.all(options.map((option) => stage.client(option).connected()));
  const witness = await stage.connect('bob');
  const ends = clients.map(async (client) => {
    assert.deepEqual(await client.next('error'), { message: FAILED, code: 'token_expired' });
    assert.equal(await client.disconnected(), 'io server disconnect');
    const late = Date.now() - exp * 1000;
    assert.ok(late >= 0 && late <= 2000, `ended ${late} ms after the token's end`);
    assert.deepEqual(client.seen, []);
  });
  await Promise.all(ends);
  await witness.saw([]);
});

test('sec_12 a token that has expired does not come back by reconnecting', async () => {
  const stage = server.stage();
  const client = await stage.client({ token: stage.token('ada', { exp: nowSeconds() + 2 }) }).connected();
  await client.next('error');
  await client.disconnected();
  const again = stage.client({ token: stage.token('ada', { exp: nowSeconds() - 10 }) });
  assert.equal(await again.refused(), FAILED);
});

test('the namespace is the main one: others are refused, without harm', async () => {
  const stage = server.stage();
  const ada = await stage.connect('ada');
  const other = ada.socket.io.socket('/other', { auth: { token: stage.token('ada') } });
  const error = await new Promise((resolve, reject) => {
    other.on('connect_error', resolve);
    other.on('connect', () => reject(new Error('there is a namespace /other')));
    other.connect();
  });
  assert.equal(typeof error.message, 'string');
  await ada.saw([]);
});
