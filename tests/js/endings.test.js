// The ends of connections, and the clients that reconnect by themselves: the protocol's table "When a connection ends", row by row.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { connect as connectTo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { TRANSPORTS } from './harness/client.js';
import { SYSTEM } from './harness/database.js';
import { RawPolling } from './harness/raw.js';
import { Server } from './harness/server.js';
import { inTime, withStandstill } from './harness/times.js';
import { nowSeconds } from './harness/token.js';

const EXPIRED = { message: 'Authentication failed', code: 'token_expired' };

/** A client as the documentation says to make one: for each handshake, its `auth` hands out a fresh token. */
function visitor(fixture, transport, { role = 'ada', token = () => fixture.token(role), auth = {} } = {}) {
  let handshakes = 0;
  const client = fixture.client({
    transport,
    reconnection: true,
    reconnectionDelay: 20,
    reconnectionDelayMax: 100,
    auth: (give) => give({ token: token((handshakes += 1)), ...auth }),
  });
  // A failure of the transport is the client's own word: it tries again.
  client.socket.off('connect_error');
  client.socket.on('connect_error', (error) => {
    if (!client.socket.active) client.note('(refused)', [error.message]);
  });
  Object.defineProperty(client, 'handshakes', { get: () => handshakes });
  return client;
}

/** Waits until a client that has been let in was ended, and has come back by itself. */
async function comesBack(client) {
  assert.equal(await client.disconnected(), 'transport close');
  await client.next('authenticated');
  assert.deepEqual(client.seen, []);
}

const forEachTransport = (title, body) => {
  for (const transport of Object.keys(TRANSPORTS)) test(`over ${transport}, ${title}`, () => body(transport));
};

describe('a server', () => {
  let server;
  before(async () => {
    server = await Server.start({ fixtures: 40 });
  });
  after(() => server.close());

  forEachTransport('sec_12 a client whose token expires is disconnected with that reason within 2 s, and reconnects with a new one', async (transport) => {
    const fixture = server.fixture();
    const witness = await fixture.connect('bob');
    await inTime(4, async (seconds, by) => {
      const exp = nowSeconds() + seconds;
      const token = (handshake) => fixture.token('ada', handshake === 1 ? { exp } : {});
      const ada = visitor(fixture, transport, { token });
      await by(exp, () => ada.connected());
      const ends = async () => {
        assert.deepEqual(await ada.next('error'), EXPIRED);
        assert.equal(await ada.disconnected(), 'transport close');
        return Date.now() - exp * 1000;
      };
      const [late, standstill] = await withStandstill(witness, ends());
      assert.ok(late >= 0 && late <= 2000 + standstill, `ended ${late} ms after the token's end; the machine stood still for ${standstill} ms`);
      await ada.next('authenticated');
      await ada.saw([]);
      assert.equal(ada.handshakes, 2);
      await witness.saw([]);
    });
  });

  forEachTransport('a client whose new token is refused does not reconnect', async (transport) => {
    const fixture = server.fixture();
    await inTime(4, async (seconds, by) => {
      const exp = nowSeconds() + seconds;
      const token = (handshake) => fixture.token('ada', { exp: handshake === 1 ? exp : nowSeconds() - 10 });
      const ada = visitor(fixture, transport, { token });
      await by(exp, () => ada.connected());
      await ada.next('error');
      assert.equal(await ada.disconnected(), 'transport close');
      await staysAway(ada, 'Authentication failed', 2);
    });
  });

  forEachTransport('sec_14 a user who is revoked is disconnected within 1 s, and does not reconnect without a newer token', async (transport) => {
    await isSentAway(server, server.fixture(), transport);
  });

  // Servers can only share a database in PostgreSQL.
  if (SYSTEM === 'PostgreSQL') {
    test('sec_14 a user who is revoked is disconnected within 1 s from another server too', async () => {
      const copy = (of, changes) => Object.assign(Object.create(Object.getPrototypeOf(of)), of, changes);
      const other = copy(server, {});
      await other.launch();
      try {
        await isSentAway(server, copy(server.fixture(), { server: other }), 'websocket');
      } finally {
        await other.stop();
      }
    });
  }

  test('sec_14 an upload of a user who is revoked ends with 401, and leaves nothing behind', async () => {
    const fixture = server.fixture();
    const files = async () => (await readdir(server.uploads, { recursive: true })).length;
    const before = await files();
    const headers = { authorization: `Bearer ${fixture.token('ada')}`, 'content-type': 'multipart/form-data; boundary=x' };
    const post = request(`${server.url}/api/upload`, { method: 'POST', headers });
    const answered = once(post, 'response');
    post.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n');
    post.write('a'.repeat(100_000));
    while ((await files()) === before) await pause(5);
    assert.equal((await revoke(server, fixture.users.ada)).status, 204);
    assert.equal((await answered).statusCode, 401);
    assert.equal(await files(), before);
    post.destroy();
  });

  forEachTransport('a client whose token is missing or bad, or whose version is not served, gets the reason and does not reconnect', async (transport) => {
    const fixture = server.fixture();
    const cases = [
      [{ token: () => undefined }, 'Authentication token required'],
      [{ token: () => 'nonsense' }, 'Authentication failed'],
      [{ auth: { protocol: '99.0.0' } }, /99\.0\.0/],
    ];
    for (const [options, message] of cases) {
      const client = visitor(fixture, transport, options);
      client.socket.connect();
      await staysAway(client, message, 1);
    }
  });

  forEachTransport('a client that floods is disconnected, and reconnects', async (transport) => {
    const limited = await Server.start({ fixtures: 1, rateLimits: 'on' });
    try {
      const ada = await visitor(limited.fixture(), transport).connected();
      for (let n = 0; n < 5000; n += 1) ada.emit('ping');
      assert.equal(await ada.disconnected(), 'transport close');
      await ada.next('authenticated');
    } finally {
      await limited.close();
    }
  });

  forEachTransport('a client that sends malformed frames is disconnected, and reconnects', async (transport) => {
    const ada = await visitor(server.fixture(), transport).connected();
    for (let n = 0; n < 5; n += 1) {
      ada.socket.io.engine.write('2["ping"');
      await comesBack(ada);
    }
  });

  forEachTransport('a client that sends too large a packet is disconnected, and reconnects', async (transport) => {
    const fixture = server.fixture();
    const ada = await visitor(fixture, transport).connected();
    for (let n = 0; n < 5; n += 1) {
      ada.emit('send_message', { content: 'x', channelId: fixture.general, padding: 'x'.repeat(1_100_000) });
      await comesBack(ada);
    }
  });

  // Otherwise the client would return to polling, which it has stopped, and would wait for a ping for 45 s.
  for (const [cause, packet] of [
    ['a packet that Engine.IO does not know', 'x'],
    ['a malformed packet of Socket.IO', '42["ping"'],
    ['too large a packet', `42["ping",${JSON.stringify('x'.repeat(1_100_000))}]`],
  ]) {
    test(`${cause} during an upgrade ends the new connection once its client has switched to it`, async () => {
      const session = await (await RawPolling.open(server)).joined(server.fixture().token('ada'));
      await endsOnceSwitched(session, () => session.request({ method: 'POST', body: packet }).catch(() => {}));
    });
  }

  forEachTransport('a client that disconnects by itself does not reconnect', async (transport) => {
    const ada = await visitor(server.fixture(), transport).connected();
    ada.socket.disconnect();
    assert.equal(await ada.disconnected(), 'io client disconnect');
    assert.equal(ada.socket.active, false);
  });
});

/** Ends a session in the middle of its upgrade, and checks that the new connection ends once its client has switched to it. */
async function endsOnceSwitched(session, end) {
  const socket = await session.probed();
  await end();
  // The session has ended; polls have no other sign of it.
  while (!(await session.poll()).includes('1'));
  for (let n = 0; n < 20; n += 1) await (await fetch(`${session.server.url}/healthz`)).text();
  assert.deepEqual(socket.frames, []);
  socket.send('5');
  await socket.ended();
}

/** Checks that a client got the reason of its refusal, and does not try again. */
async function staysAway(client, message, handshakes) {
  const refusal = await client.next('(refused)');
  if (message instanceof RegExp) assert.match(refusal, message);
  else assert.equal(refusal, message);
  assert.equal(client.socket.active, false);
  // Many times as long as it would wait before it tries again.
  await pause(500);
  assert.deepEqual(client.seen, []);
  assert.equal(client.handshakes, handshakes);
}

const revoke = (server, { id }) => server.admin.request('POST', `/api/admin/users/${id}/revoke`);

/** Connects Ada where the fixture's clients connect, and has a server revoke her. */
async function isSentAway(server, fixture, transport) {
  const witness = await fixture.connect('bob');
  const iat = nowSeconds();
  let newest = iat;
  const ada = await visitor(fixture, transport, { token: () => fixture.token('ada', { iat: newest }) }).connected();
  assert.equal((await revoke(server, { id: 'nobody' })).status, 404);
  const { status, bytes } = await revoke(server, fixture.users.ada);
  const revoked = Date.now();
  assert.deepEqual([status, bytes.length], [204, 0]);
  const ends = async () => {
    assert.equal(await ada.disconnected(), 'io server disconnect');
    return Date.now() - revoked;
  };
  const [late, standstill] = await withStandstill(witness, ends());
  assert.ok(late <= 1000 + standstill, `ended after ${late} ms; the machine stood still for ${standstill} ms`);
  assert.equal(ada.socket.active, false);
  ada.socket.connect();
  await staysAway(ada, 'Authentication failed', 2);
  const statusOf = async (claims) => (await fixture.server.rest(fixture.token('ada', claims)).get('/api/channels')).status;
  assert.deepEqual([await statusOf({ iat }), await statusOf({})], [401, 401]);

  newest = nowSeconds() + 1;
  ada.socket.connect();
  await ada.next('authenticated');
  assert.equal(await statusOf({ iat: newest }), 200);
  assert.equal((await ada.fails('authenticate', { token: fixture.token('ada', { iat }) })).code, 'auth_failed');
  await witness.saw([]);
}

test('a server that stops answers the requests in flight, and its clients reconnect once it runs again', async () => {
  const server = await Server.start({ fixtures: 3, breakable: true });
  try {
    const fixtures = Object.keys(TRANSPORTS).map(() => server.fixture());
    const clients = await Promise.all(Object.keys(TRANSPORTS).map((transport, n) => visitor(fixtures[n], transport).connected()));
    const back = await server.database.away();
    const sends = clients.map((ada, n) => ada.ack('send_message', { content: 'in flight', channelId: fixtures[n].general }));
    // Packets that are refused out of turn arrived after those that wait.
    for (const { socket } of clients) await once(socket.io.socket('/elsewhere').connect(), 'connect_error');
    const stopped = server.stop();
    await back();
    for (const answer of await Promise.all(sends)) assert.equal(typeof answer.ok, 'boolean');
    for (const ada of clients) assert.equal(await ada.disconnected(), 'transport close');
    await stopped;
    await server.launch(server.port);
    for (const ada of clients) await ada.next('authenticated');
    for (const ada of clients) await ada.saw([]);
  } finally {
    await server.close();
  }
});

const once = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));

test('a client that connects while the database is unreachable is accepted once it is back, after any number of attempts', async () => {
  const server = await Server.start({ fixtures: 6, breakable: true });
  try {
    const back = await server.database.away();
    const clients = Object.keys(TRANSPORTS).flatMap((transport) => {
      const fixture = server.fixture();
      const renamed = visitor(fixture, transport, { token: () => fixture.token('ada', { name: 'Renamed' }) });
      const unknown = visitor(fixture, transport, { token: () => server.token({ id: `new-${fixture.general}` }) });
      return [renamed, unknown];
    });
    for (const client of clients) client.socket.connect();
    for (const client of clients) {
      assert.equal(await client.disconnected(), 'transport close');
      assert.ok(client.seen.every(([event, reason]) => event === '(disconnect)' && reason === 'transport close'), `${client.seen}`);
    }
    await back();
    for (const client of clients) {
      await client.next('authenticated');
      const ends = client.seen.filter(([event, reason]) => event !== '(disconnect)' || reason !== 'transport close');
      assert.deepEqual(ends, []);
    }
  } finally {
    await server.close();
  }
});

describe('a server with caps', () => {
  let server;
  before(async () => {
    server = await Server.start({ fixtures: 10, flags: ['--sockets-per-user', '1', '--sockets-per-address', '2'] });
  });
  after(() => server.close());

  forEachTransport('sec_05 a connection beyond the limit of a user or an address is accepted once another has ended', async (transport) => {
    const fixture = server.fixture();
    const first = await fixture.connect('ada');
    const second = visitor(fixture, transport);
    second.socket.connect();
    assert.equal(await second.disconnected(), 'transport close');
    const bob = await fixture.connect('bob');
    first.close();
    await second.next('authenticated');
    const third = visitor(fixture, transport, { role: 'cyd' });
    third.socket.connect();
    assert.equal(await third.disconnected(), 'transport close');
    bob.close();
    await third.next('authenticated');
    for (const client of [second, third]) {
      const others = client.seen.filter(([event, reason]) => event !== '(disconnect)' || reason !== 'transport close');
      assert.deepEqual(others, []);
      client.close();
    }
    for (;;) {
      const { body } = await fixture.rest('bob').get('/api/stats');
      if (body.data.totalConnections === 0) break;
    }
  });
});

test('a handshake that is refused for a while during an upgrade ends the new connection once its client has switched to it', async () => {
  const server = await Server.start({ fixtures: 1, flags: ['--sockets-per-user', '1'] });
  try {
    const fixture = server.fixture();
    await fixture.connect('ada');
    const session = await RawPolling.open(server);
    await endsOnceSwitched(session, () => session.post(`40${JSON.stringify({ token: fixture.token('ada') })}`));
  } finally {
    await server.close();
  }
});

/**
 * The head of the first answer to a handshake that is not accepted. All are asked for on one connection: a client that waits
 * for answers is too slow for the limit on a busy machine.
 */
async function firstRefused({ port }) {
  const shakes = 'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(500);
  const socket = connectTo(port, '127.0.0.1');
  let head;
  let text = '';
  const refused = new Promise((resolve, reject) => {
    socket.setEncoding('latin1').on('data', (more) => {
      text = text.slice(-2_000) + more;
      head ??= /HTTP\/1\.1 (?!200 )\d+ [^]*?\r\n\r\n/.exec(text)?.[0];
      if (head !== undefined) resolve(head);
    });
    socket.on('error', reject).on('close', () => reject(new Error('no handshake was refused')));
  });
  for (let n = 0; n < 100 && head === undefined; n += 1) {
    if (!socket.write(shakes)) await Promise.race([once(socket, 'drain'), refused]);
  }
  socket.end();
  await refused;
  socket.destroy();
  return head;
}

test('sec_05 a handshake beyond the limit is refused with Retry-After, and accepted later', async () => {
  const server = await Server.start({ fixtures: 3 });
  try {
    const refused = await firstRefused(server);
    assert.match(refused, /^HTTP\/1\.1 429 /);
    assert.match(refused, /^retry-after: [1-9]\d*\r$/im);
    const clients = Object.keys(TRANSPORTS).map((transport) => visitor(server.fixture(), transport));
    for (const client of clients) client.socket.connect();
    for (const client of clients) {
      await client.next('authenticated');
      assert.deepEqual(client.seen, []);
    }
  } finally {
    await server.close();
  }
});
