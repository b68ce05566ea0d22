// `accord mock`: a schema without business logic, compared with the schema and with the real server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { Mock } from './harness/accord.js';
import { exhaust, isLimited } from './harness/bursts.js';
import { Client } from './harness/client.js';
import { CHAT, WHITEBOARD, Protocol, enter } from './harness/mock_protocol.js';
import { BINARY, Server } from './harness/server.js';
import { mint } from './harness/token.js';

for (const [name, schema, greeting] of [['chat', CHAT, 'authenticated'], ['whiteboard', WHITEBOARD, 'welcome']]) {
  describe(`of ${name}`, () => {
    let mock;
    let protocol;

    before(async () => {
      [mock, protocol] = await Promise.all([Mock.start(schema, '--no-limits'), Protocol.of(schema)]);
      protocol.token = await mock.token('alice');
    });
    after(() => mock.stop());

    test('a socket is greeted as declared, by the name of its token', async (t) => {
      const client = await enter(t, mock, greeting, 'carol');
      protocol.holds(greeting, client.greeting);
      assert.equal(client.greeting.userId, 'carol');
    });

    test('the tokens of the users on the command line are printed at the start', async (t) => {
      const client = new Client(mock, { token: mock.tokens.bob });
      t.after(() => client.close());
      client.socket.connect();
      assert.equal((await client.next(greeting)).userId, 'bob');
    });

    test('handshakes without a token, and with a bad one, are refused as declared', async (t) => {
      const { 'x-accord-gateway': gateway, 'x-accord-errors': errors } = protocol.document;
      for (const [token, error] of [[undefined, gateway.tokenMissing], [mint({ id: 'alice' }, 'another'), gateway.tokenRefused]]) {
        const client = new Client(mock, { token });
        t.after(() => client.close());
        assert.equal(await client.refused(), errors[error].message);
      }
    });

    test('every client event is acknowledged, and its events reach the declared receivers', async (t) => {
      const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map((user) => enter(t, mock, greeting, user)));
      let emitted = 0;
      for (const { event, payload, room, emits } of protocol.events) {
        if (room === undefined) await Promise.all([alice, bob].map((client) => protocol.join(client, payload)));
        [alice.log, bob.log] = [[], []];
        const data = await alice.ok(event, ...(payload === undefined ? [] : [payload]));
        protocol.holds(`${event}.done`, { ok: true, data });
        for (const { event: server, to } of emits) {
          emitted += 1;
          const audience = { caller: [alice], scope: [alice, bob], others: [bob], user: [alice], also: [alice, bob] }[to];
          const [first, ...rest] = await Promise.all(audience.map((client) => client.next(server)));
          protocol.holds(server, first);
          for (const other of rest) assert.deepEqual(other, first);
        }
        assert.deepEqual(alice.seen, [], `${event}: nothing else is emitted`);
      }
      assert.ok(emitted >= 5, `${emitted} events were emitted`);
      assert.deepEqual(carol.seen, [], 'who has joined no room sees nothing');
    });

    test('every client event does the same without an acknowledgement', async (t) => {
      const [alice, bob] = await Promise.all(['alice', 'bob'].map((user) => enter(t, mock, greeting, user)));
      for (const { event, payload, room, emits } of protocol.events) {
        if (room === undefined) await Promise.all([alice, bob].map((client) => protocol.join(client, payload)));
        [alice.log, bob.log] = [[], []];
        alice.emit(event, ...(payload === undefined ? [] : [payload]));
        for (const { event: server, to } of emits) {
          const client = to === 'others' ? bob : alice;
          protocol.holds(server, await client.next(server));
        }
      }
    });

    test('an event that the schema does not have, and a payload that is not valid, are errors as declared', async (t) => {
      const alice = await enter(t, mock, greeting);
      const { 'x-accord-gateway': gateway, 'x-accord-errors': errors } = protocol.document;
      const answer = ({ message, code }, event) => ({ message, code, event });
      assert.deepEqual(await alice.fails('no_such_event'), answer(errors[gateway.unknownEvents.answer], 'no_such_event'));
      const { event } = protocol.events.find(({ payload }) => payload !== undefined);
      const invalid = { ...answer(errors[gateway.invalidPayload], event), details: [{ path: '', message: 'must be an object' }] };
      assert.deepEqual(await alice.fails(event, 1), invalid);
      alice.emit(event, 1);
      assert.deepEqual(await alice.next(gateway.errorEvent), invalid);
    });

    test('the documentation is served as well, and the address of the mock leads to it', async () => {
      const response = await fetch(mock.url);
      assert.equal(response.url, `${mock.url}/docs`);
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
      const page = await response.text();
      for (const { event } of protocol.events) assert.match(page, new RegExp(`\\b${event}\\b`));
    });
  });
}

/** Payloads that differ from a valid one in one place. */
function* mutations(value) {
  const others = [null, true, 0, -1, 1.5, 2 ** 53, '', ' ', 'x', '\u0000', 'é'.repeat(129), 'x'.repeat(4001), [], [null], [{}], {}];
  yield* others;
  yield 'remove';
  if (Array.isArray(value)) {
    for (const other of [{ id: '' }, { id: 'x', more: 1 }, 7]) yield [...value, other];
    yield Array.from({ length: 1001 }, () => value[0] ?? { id: 'x' });
  }
  if (value !== null && typeof value === 'object') {
    for (const key of Object.keys(value)) {
      for (const inner of mutations(value[key])) {
        const copy = structuredClone(value);
        if (inner === 'remove' && !Array.isArray(copy)) delete copy[key];
        else copy[key] = inner;
        yield copy;
      }
    }
  }
}

/** Sends invalid payloads to both, and compares their answers. */
async function compare(protocol, real, mocked) {
  let refused = 0;
  const invalid = protocol.document['x-accord-errors'].invalid_payload.code;
  for (const { event, payload } of protocol.events) {
    if (payload === undefined) continue;
    const rich = event === 'draw_stroke' ? { ...payload, dashed: true } : payload;
    for (const sent of mutations(rich)) {
      const [theirs, ours] = await Promise.all([real.ack(event, sent), mocked.ack(event, sent)]);
      const verdict = ({ error }) => (error?.code === invalid ? error : 'valid');
      assert.deepEqual(verdict(ours), verdict(theirs), `${event} ${JSON.stringify(sent)?.slice(0, 500)}`);
      if (ours.error?.code === invalid) refused += 1;
    }
  }
  return refused;
}

describe('a payload is checked exactly', () => {
  test('as the chat server does', async (t) => {
    const [server, mock, protocol] = await Promise.all([
      Server.start({ fixtures: 1 }),
      Mock.start(CHAT, '--no-limits'),
      Protocol.of(CHAT),
    ]);
    t.after(() => Promise.all([server.close(), mock.stop()]));
    const real = await server.fixture().connect('ada');
    const refused = await compare(protocol, real, await enter(t, mock, 'authenticated'));
    assert.ok(refused > 500, `${refused} payloads were refused`);
    real.close();
  });

  test('as the whiteboard does', async (t) => {
    // As many as it takes for none of them to come to a limit.
    const users = Array.from({ length: 24 }, (_, index) => `user-${index}`);
    const secret = randomBytes(32).toString('hex');
    const [mock, protocol] = await Promise.all([Mock.start(WHITEBOARD, '--no-limits'), Protocol.of(WHITEBOARD)]);
    const child = spawn(join(dirname(BINARY), 'accord-whiteboard'), ['127.0.0.1:0', secret, `board-1=${users}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    t.after(async () => {
      child.stdin.end();
      await once(child, 'close');
      await mock.stop();
    });
    const [url] = await once(createInterface(child.stdout), 'line');
    const real = users.map((id) => new Client({ url }, { token: mint({ id }, secret) }));
    t.after(() => real.forEach((client) => client.close()));
    for (const client of real) {
      client.socket.connect();
      await client.next('welcome');
    }
    let turn = 0;
    const inTurn = { ack: (...sent) => real[turn++ % real.length].ack(...sent) };
    const refused = await compare(protocol, inTurn, await enter(t, mock, 'welcome'));
    assert.ok(refused > 100, `${refused} payloads were refused`);
  });
});

describe('faults', () => {
  const room = { channelId: 'general' };
  let mock;

  before(async () => {
    mock = await Mock.start(CHAT, '--fail', 'add_reaction=not_found', '--deny', 'channel:secret', '--latency', 'ping=150');
  });
  after(() => mock.stop());

  test('events fail as the command line asks', async (t) => {
    const alice = await enter(t, mock, 'authenticated');
    assert.deepEqual(await alice.fails('add_reaction', { ...room, messageId: 'm', emoji: '👍' }), {
      message: 'Message not found', code: 'not_found', event: 'add_reaction',
    });
    assert.deepEqual(await alice.fails('join_channel', { channelId: 'secret' }), {
      message: 'Access denied to channel', code: 'access_denied', event: 'join_channel',
    });
    const begun = performance.now();
    await alice.ok('ping');
    assert.ok(performance.now() - begun >= 150);
  });

  test('faults are turned on and off while the mock runs', async (t) => {
    const [alice, bob] = [await enter(t, mock, 'authenticated'), await enter(t, mock, 'authenticated', 'bob')];
    await bob.ok('join_channel', room);
    const faults = { fail: ['send_message=internal', 'edit_message=rate_limited', 'ping=internal@0'], latency: [], deny: [] };
    assert.deepEqual(await mock.faults(faults), { status: 200, body: faults });
    const shown = await fetch(`${mock.url}/mock/faults`);
    assert.deepEqual(await shown.json(), faults);
    const message = { ...room, content: 'Hello' };
    assert.deepEqual(await alice.fails('send_message', message), {
      message: 'Failed to send message', code: 'internal', event: 'send_message',
    });
    assert.deepEqual(await alice.errs('edit_message', { ...message, messageId: 'm' }), {
      message: 'Rate limit exceeded. Please slow down.', code: 'rate_limited', event: 'edit_message', retryAfterMs: 1000,
    });
    await alice.ok('ping');
    await alice.ok('add_reaction', { ...room, messageId: 'm', emoji: '👍' });
    await bob.next('reaction_added');
    assert.deepEqual((await mock.faults({})).body, { fail: [], latency: [], deny: [] });
    const sent = await alice.ok('send_message', message);
    assert.deepEqual(await bob.next('new_message'), sent, 'nothing came of what had failed');
  });

  test('names that the schema does not have are refused, and nothing changes', async () => {
    await mock.faults({ deny: ['channel:private'] });
    const { status, body } = await mock.faults({ fail: ['ping=internal', 'send_mesage=internal'], delay: [] });
    assert.equal(status, 400);
    assert.deepEqual(body.details, [{ path: '/delay', message: 'is not a kind of fault: did you mean `deny`?' }]);
    const named = await mock.faults({ fail: ['ping=internal', 'send_mesage=internal'] });
    assert.deepEqual(named.body.details, [
      {
        path: '/fail/1',
        message: 'names neither an event nor an operation of the schema, `send_mesage`: did you mean `send_message`?',
      },
    ]);
    const shown = await fetch(`${mock.url}/mock/faults`);
    assert.deepEqual(await shown.json(), { fail: [], latency: [], deny: ['channel:private'] });
    await mock.faults({});
  });

  test('a socket that fails to join has not joined', async (t) => {
    const [alice, bob] = [await enter(t, mock, 'authenticated'), await enter(t, mock, 'authenticated', 'bob')];
    const here = { channelId: 'elsewhere' };
    await mock.faults({ fail: ['join_channel=internal'] });
    assert.equal((await bob.fails('join_channel', here)).message, 'Failed to join channel');
    await mock.faults({});
    await alice.ok('send_message', { ...here, content: 'Who is here?' });
    await bob.saw([]);
    await bob.ok('join_channel', here);
    await alice.ok('send_message', { ...here, content: 'And now?' });
    assert.equal((await bob.next('new_message')).content, 'And now?');
  });

  test('the limits of the schema are enforced', async (t) => {
    const dora = await enter(t, mock, 'authenticated', 'dora');
    const { answers, seconds, error } = await exhaust(dora, 70);
    const taken = answers.filter((answer) => !isLimited(answer)).length;
    const most = 60 + Math.ceil(seconds * 20) + 1;
    assert.ok(taken >= 60 && taken <= most, `${taken} were taken, 60 to ${most} should be`);
    assert.equal(error.code, 'rate_limited');
    assert.ok(error.retryAfterMs > 0);
  });
});

test('programs may sign tokens of their own with a secret that they share', async (t) => {
  const secret = randomBytes(32).toString('hex');
  const mock = await Mock.start(CHAT, '--jwt-secret', secret);
  t.after(() => mock.stop());
  const client = new Client(mock, { token: mint({ sub: 'eve', name: 'Eve Adams', image: 'https://example.com/eve.png' }, secret) });
  t.after(() => client.close());
  await client.connected();
  assert.deepEqual(client.greeting.user, { id: 'eve', name: 'Eve Adams', image: 'https://example.com/eve.png' });
  const { user } = await client.ok('send_message', { channelId: 'general', content: 'Hello' });
  assert.deepEqual(user, { id: 'eve', name: 'Eve Adams', image: 'https://example.com/eve.png' });
});

test('an edited schema is reloaded once it has no errors', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'accord-mock-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const schema = join(folder, 'whiteboard.yaml');
  await copyFile(WHITEBOARD, schema);
  const mock = await Mock.start(schema, '--watch', '--fail', 'erase_stroke=stroke_not_found');
  t.after(() => mock.stop());
  const { url } = mock;
  const before = await enter(t, mock, 'welcome');
  const edit = async (from, to) => writeFile(schema, (await readFile(schema, 'utf8')).replaceAll(from, to));

  await edit('move_cursor', 'point at');
  await mock.waitFor(() => (mock.errors.includes('error[name-case]') ? true : undefined));
  assert.equal(await before.ok('move_cursor', { boardId: 'board-1', at: { x: 1, y: 2 } }), null, 'the last good one is served');

  // A name that no reference can be made of, of a type that has an example.
  await edit('BoardId', "'Page<User>'");
  await mock.waitFor(() => (mock.errors.includes('the type `Page<User>` is not named in PascalCase') ? true : undefined));
  assert.equal(await before.ok('move_cursor', { boardId: 'board-1', at: { x: 1, y: 2 } }), null, 'the last good one is served');
  await edit("'Page<User>'", 'BoardId');

  await edit('point at', 'point_at');
  assert.equal(await before.disconnected(), 'transport close', 'which has clients connect again by themselves');
  await mock.waitFor(() => (mock.errors.includes('served anew') ? true : undefined));
  assert.equal(mock.url, url);
  const after_ = await enter(t, mock, 'welcome');
  assert.equal(await after_.ok('point_at', { boardId: 'board-1', at: { x: 1, y: 2 } }), null);
  assert.equal((await after_.fails('move_cursor', {})).code, 'unknown');
  assert.equal((await after_.fails('erase_stroke', { boardId: 'board-1', strokeId: 1 })).code, 'stroke_not_found', 'its faults stay');
});
