// `accord mock`: a schema without business logic, held to what the schema says and to what the real server says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import { accord, Mock, Serving } from './harness/accord.js';
import { Client } from './harness/client.js';
import { Rest } from './harness/rest.js';
import { BINARY, Server } from './harness/server.js';
import { mint } from './harness/token.js';

const CHAT = fileURLToPath(new URL('../../schema/chat.yaml', import.meta.url));
const WHITEBOARD = fileURLToPath(new URL('../whiteboard/history/1.0.0/whiteboard.yaml', import.meta.url));

/** What a protocol's description says: its client events, and a judge of each message and answer. */
class Protocol {
  static async of(schema) {
    const protocol = new Protocol();
    protocol.document = JSON.parse(await accord('gen', 'asyncapi', schema));
    protocol.ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    protocol.ajv.addSchema(protocol.document, 'protocol');
    return protocol;
  }

  /** The client events. */
  get events() {
    const { operations, components } = this.document;
    const received = Object.entries(operations).filter(([, { action }]) => action === 'receive');
    return received.map(([event, operation]) => ({
      event,
      payload: components.messages[event].examples?.[0].payload,
      room: operation['x-accord-room'],
      emits: operation['x-accord-emits'] ?? [],
    }));
  }

  /** Whether a value is what a message carries. */
  holds(message, value) {
    if (this.document.components.messages[message].payload === undefined) return assert.equal(value, null);
    const pointer = `protocol#/components/messages/${message.replaceAll('/', '~1')}/payload`;
    const valid = this.ajv.validate({ $ref: pointer }, value);
    assert.ok(valid, `${message}: ${JSON.stringify(value)}\n${this.ajv.errorsText()}`);
  }

  /** The rooms that a payload names: those of the scopes' keys, and of further keys. */
  async join(client, payload) {
    for (const { event, room, payload: example } of this.events) {
      if (room !== 'join') continue;
      const [key] = Object.keys(example);
      const others = Object.values(this.document.operations).flatMap((operation) => operation['x-accord-also'] ?? []);
      const keys = [key, ...others.map((also) => also.key)];
      for (const id of new Set(keys.map((name) => payload?.[name]).filter((id) => id !== undefined))) {
        await client.ok(event, { [key]: id });
      }
    }
  }
}

/** A user's socket at a mock, greeted. */
async function enter(t, mock, greeting, user = 'alice') {
  const client = new Client(mock, { token: await mock.token(user) });
  t.after(() => client.close());
  client.socket.connect();
  client.greeting = await client.next(greeting);
  return client;
}

for (const [name, schema, greeting] of [['chat', CHAT, 'authenticated'], ['whiteboard', WHITEBOARD, 'welcome']]) {
  describe(`of ${name}`, () => {
    let mock;
    let protocol;

    before(async () => {
      [mock, protocol] = await Promise.all([Mock.start(schema, '--no-limits'), Protocol.of(schema)]);
    });
    after(() => mock.stop());

    test('a socket is greeted as declared, by the name of its token', async (t) => {
      const client = await enter(t, mock, greeting, 'carol');
      protocol.holds(greeting, client.greeting);
      assert.equal(client.greeting.userId, 'carol');
    });

    test('tokens of the users that are named at the start are told at the start', async (t) => {
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

    test('every client event is acknowledged, and emitted to whom it is declared for', async (t) => {
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
      const told = ({ message, code }, event) => ({ message, code, event });
      assert.deepEqual(await alice.fails('no_such_event'), told(errors[gateway.unknownEvents.answer], 'no_such_event'));
      const { event } = protocol.events.find(({ payload }) => payload !== undefined);
      const invalid = { ...told(errors[gateway.invalidPayload], event), details: [{ path: '', message: 'must be an object' }] };
      assert.deepEqual(await alice.fails(event, 1), invalid);
      alice.emit(event, 1);
      assert.deepEqual(await alice.next(gateway.errorEvent), invalid);
    });

    test('the documentation is served beside it', async () => {
      const response = await fetch(`${mock.url}/docs`);
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
      const page = await response.text();
      for (const { event } of protocol.events) assert.match(page, new RegExp(`\\b${event}\\b`));
    });
  });
}

/** What differs from a valid payload in one place. */
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

/** Sends what is not valid to both, and compares what they say of it. */
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

describe('a payload is judged to the letter', () => {
  test('as by the chat server', async (t) => {
    const [server, mock, protocol] = await Promise.all([
      Server.start({ stages: 1 }),
      Mock.start(CHAT, '--no-limits'),
      Protocol.of(CHAT),
    ]);
    t.after(() => Promise.all([server.close(), mock.stop()]));
    const real = await server.stage().connect('ada');
    const refused = await compare(protocol, real, await enter(t, mock, 'authenticated'));
    assert.ok(refused > 500, `${refused} payloads were refused`);
    real.close();
  });

  test('as by the whiteboard', async (t) => {
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

describe('what goes wrong', () => {
  const room = { channelId: 'general' };
  let mock;

  before(async () => {
    mock = await Mock.start(CHAT, '--fail', 'add_reaction=message_not_found', '--deny', 'channel:secret', '--latency', 'ping=150');
  });
  after(() => mock.stop());

  test('fails as it is asked to from the start', async (t) => {
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

  test('is turned on and off while it runs', async (t) => {
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
    assert.deepEqual(body.details, [{ path: '/delay', message: 'is nothing that goes wrong: did you mean `deny`?' }]);
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

  test('limits hold as the schema declares them', async (t) => {
    const dora = await enter(t, mock, 'authenticated', 'dora');
    const answers = await Promise.all(Array.from({ length: 70 }, () => dora.ack('ping')));
    const refused = answers.filter(({ ok }) => !ok);
    assert.ok(refused.length >= 5 && refused.length <= 10, `${refused.length} were refused`);
    assert.equal(refused[0].error.code, 'rate_limited');
    assert.ok(refused[0].error.retryAfterMs > 0);
  });
});

describe('REST', () => {
  let mock;
  let document;
  let ajv;

  before(async () => {
    [mock, document] = await Promise.all([Mock.start(CHAT), accord('gen', 'openapi', CHAT).then(JSON.parse)]);
    ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema(document, 'rest');
  });
  after(() => mock.stop());

  test('every operation is answered with its declared status, and what it declares', async () => {
    let judged = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const { parameters = [], requestBody, responses, security } = operation;
        const named = parameters.filter(({ required }) => required);
        const at = (place) => named.filter((parameter) => parameter.in === place);
        const address = at('path').reduce((text, { name, example }) => text.replace(`{${name}}`, encodeURIComponent(example)), path);
        const query = new URLSearchParams(at('query').map(({ name, example }) => [name, example]));
        const rest = new Rest(mock, security.length > 0 ? await mock.token('root', { admin: true }) : undefined);
        const json = requestBody?.content['application/json'];
        const body = json && { body: JSON.stringify(json.example), headers: { 'content-type': 'application/json' } };
        const answer = requestBody && !json ? await rest.upload('Hello') : await rest.request(method.toUpperCase(), `${address}?${query}`, body);
        const [status, response] = Object.entries(responses)[0];
        assert.equal(answer.status, Number(status), `${method} ${path}: ${JSON.stringify(answer.body)}`);
        if (response.content?.['application/json'] === undefined) continue;
        const escaped = path.replaceAll('~', '~0').replaceAll('/', '~1');
        const pointer = `rest#/paths/${encodeURIComponent(escaped)}/${method}/responses/${status}/content/application~1json/schema`;
        assert.ok(ajv.validate({ $ref: pointer }, answer.body), `${method} ${path}: ${ajv.errorsText()}\n${JSON.stringify(answer.body)}`);
        judged += 1;
      }
    }
    assert.ok(judged > 10, `${judged} answers were judged`);
  });

  test('an answer says again what the request says', async () => {
    const rest = new Rest(mock, await mock.token('alice'));
    const { body } = await rest.get('/api/messages?channelId=general&limit=2');
    assert.equal(body.data.messages.length, 2);
    assert.equal(new Set(body.data.messages.map(({ id }) => id)).size, 2);
    assert.ok(body.data.messages.every(({ channelId, user }) => channelId === 'general' && user.id === 'alice'));
    const again = await rest.get('/api/messages?channelId=general&limit=2');
    assert.deepEqual(again.body.data.messages.map(({ id }) => id), body.data.messages.map(({ id }) => id));
    const uploaded = await rest.upload('Hello', { name: 'notes.txt', type: 'text/plain; charset=utf-8' });
    const { originalName, mimeType, size } = uploaded.body.data;
    assert.deepEqual({ originalName, mimeType, size }, { originalName: 'notes.txt', mimeType: 'text/plain', size: 5 });
    const { body: made } = await new Rest(mock, await mock.token('root', { admin: true })).put('/api/admin/channels/tea', {
      name: 'Tea', members: ['bob', 'zoe'],
    });
    const user = (id, name) => ({ id, name, image: null });
    assert.deepEqual(made, { data: { id: 'tea', name: 'Tea', members: [user('bob', 'Bob'), user('zoe', 'Zoe')] } });
  });

  test('requests are refused as by the real server', async () => {
    const rest = new Rest(mock, await mock.token('alice'));
    const nobody = await new Rest(mock).get('/api/channels');
    assert.deepEqual([nobody.status, nobody.body], [401, { message: 'Authentication token required', code: 'auth_required' }]);
    const invalid = await rest.get('/api/messages?limit=0');
    assert.deepEqual([invalid.status, invalid.body.details], [
      400,
      [{ path: '/channelId', message: 'is required' }, { path: '/limit', message: 'must be at least 1' }],
    ]);
    const user = await rest.put('/api/admin/users/eve', { name: 'Eve' });
    assert.deepEqual([user.status, user.body.message], [403, 'Administrator access required']);
    const nothing = await rest.get('/api/nothing');
    assert.equal(nothing.status, 404);
    await mock.faults({ fail: ['list_channels=internal'], deny: ['channel:secret'] });
    const failed = await rest.get('/api/channels');
    assert.deepEqual([failed.status, failed.body], [500, { message: 'Failed to load channels', code: 'internal' }]);
    const denied = await rest.get('/api/messages?channelId=secret');
    assert.deepEqual([denied.status, denied.body.code], [403, 'access_denied']);
    await mock.faults({});
  });

  test('downloads are what their names say', async () => {
    const picture = await new Rest(mock).get('/files/diagram.png');
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.deepEqual([...picture.bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
    const text = await new Rest(mock).get('/files/notes.txt');
    assert.equal(text.headers.get('content-type'), 'text/plain; charset=utf-8');
  });

  test('a page of a front end on this machine may call it, and others may not', async () => {
    const ask = (origin) => fetch(`${mock.url}/mock/token?user=alice`, { headers: { origin } });
    const own = await ask('http://localhost:5173');
    assert.equal(own.headers.get('access-control-allow-origin'), 'http://localhost:5173');
    assert.equal((await ask('https://evil.example')).status, 403);
  });
});

describe('what passes through is printed', () => {
  test('as lines of JSON, with whole payloads', async (t) => {
    const mock = await Mock.start(WHITEBOARD, '--user', 'ann');
    t.after(() => mock.stop());
    assert.deepEqual(Object.keys(mock.tokens), ['ann']);
    const ann = await enter(t, mock, 'welcome', 'ann');
    const sent = { boardId: 'board-1', strokeId: 7 };
    const erased = await ann.ok('erase_stroke', sent);
    const { at, ms, ...told } = await mock.passed(({ event }) => event === 'erase_stroke');
    assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(ms >= 0);
    assert.deepEqual(told, {
      type: 'event', user: 'ann', event: 'erase_stroke', payload: sent, acknowledged: true, ack: erased,
      emits: [{ event: 'stroke_erased', to: 'scope', data: erased }],
    });
    const error = await ann.fails('erase_stroke', {});
    const refused = await mock.passed((one) => one.error?.code === 'invalid');
    assert.deepEqual(refused.error, error);
    ann.close();
    assert.equal((await mock.passed(({ type }) => type === 'disconnected')).user, 'ann');
  });

  test('as lines for people, without what a terminal would take for commands', async (t) => {
    const serving = await Serving.start('mock', CHAT);
    t.after(() => serving.stop());
    const token = await serving.printed((line) => /^ +(ey[\w.-]+)$/.exec(line)?.[1]);
    const alice = new Client(serving, { token });
    t.after(() => alice.close());
    await alice.connected();
    await alice.ok('join_channel', { channelId: 'general' });
    await alice.ok('send_message', { channelId: 'general', content: `\u009b31m${'long '.repeat(100)}` });
    await alice.fails('send_message', { channelId: 'general', content: ' ' });
    const error = await serving.printed((line) => line.includes('error') && line);
    assert.match(error, /Z {2}alice +← ack: error +invalid_payload: Invalid message data; \/content must not be empty unless .+ ms$/);
    const lines = serving.lines.filter((line) => /^\d\d:\d\d:\d\d\.\d{3}Z/.test(line)).map((line) => line.slice(15));
    assert.deepEqual(
      lines.map((line) => line.split(/\s+/).slice(0, 3).join(' ')),
      [
        'alice → connect',
        'alice ← authenticated',
        '(room) ← presence_changed',
        'alice → join_channel',
        'alice ← joined_channel',
        'alice ← ack',
        'alice → send_message',
        '(room) ← new_message',
        'alice ← ack',
        'alice → send_message',
        'alice ← ack:',
      ],
    );
    assert.ok(lines.every((line) => line.length < 160 && !/[\u0000-\u001f\u007f-\u009f]/.test(line)), lines.join('\n'));
  });

  test('with a warning of what is going away', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'accord-mock-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const schema = join(folder, 'whiteboard.yaml');
    const yaml = await readFile(WHITEBOARD, 'utf8');
    const said = 'deprecated: { since: 0.2.0, use: draw_stroke, until: 9.0.0 }';
    await writeFile(schema, yaml.replace('    summary: Erase a line, whoever drew it.\n', `$&    ${said}\n`));
    const sent = { boardId: 'board-1', strokeId: 7 };
    const about = 'since 0.2.0, and gone in 9.0.0: use `draw_stroke`';

    const mock = await Mock.start(schema, '--user', 'ann');
    t.after(() => mock.stop());
    const ann = await enter(t, mock, 'welcome', 'ann');
    await ann.ok('erase_stroke', sent);
    const { at, ...warned } = await mock.passed(({ type }) => type === 'deprecated');
    assert.deepEqual(warned, { type: 'deprecated', user: 'ann', name: 'erase_stroke', about });

    const serving = await Serving.start('mock', schema);
    t.after(() => serving.stop());
    const token = await serving.printed((line) => /^ +(ey[\w.-]+)$/.exec(line)?.[1]);
    const alice = new Client(serving, { token });
    t.after(() => alice.close());
    alice.socket.connect();
    await alice.ok('erase_stroke', sent);
    const line = await serving.printed((line) => line.includes('warning') && line);
    assert.equal(line.slice(15).replace(/ +/g, ' '), `alice ! warning erase_stroke is deprecated ${about}`);
  });

  test('unless it is not to be', async (t) => {
    const serving = await Serving.start('mock', CHAT, '--quiet');
    t.after(() => serving.stop());
    const token = await serving.printed((line) => /^ +(ey[\w.-]+)$/.exec(line)?.[1]);
    const alice = new Client(serving, { token });
    await alice.connected();
    await alice.ok('ping');
    alice.close();
    assert.ok(serving.lines.every((line) => !line.includes('ping')), serving.lines.join('\n'));
  });
});

test('programs may sign tokens of their own with a secret that they share', async (t) => {
  const secret = randomBytes(32).toString('hex');
  const mock = await Mock.start(CHAT, '--jwt-secret', secret);
  t.after(() => mock.stop());
  const client = new Client(mock, { token: mint({ sub: 'eve', name: 'Eve Adams', image: '/eve.png' }, secret) });
  t.after(() => client.close());
  await client.connected();
  assert.deepEqual(client.greeting.user, { id: 'eve', name: 'Eve Adams', image: '/eve.png' });
  const { user } = await client.ok('send_message', { channelId: 'general', content: 'Hello' });
  assert.deepEqual(user, { id: 'eve', name: 'Eve Adams', image: '/eve.png' });
});

test('a schema that is edited is served anew, once it has no errors', async (t) => {
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

  await edit('point at', 'point_at');
  assert.equal(await before.disconnected(), 'transport close', 'which has clients connect again by themselves');
  await mock.waitFor(() => (mock.errors.includes('served anew') ? true : undefined));
  assert.equal(mock.url, url);
  const after_ = await enter(t, mock, 'welcome');
  assert.equal(await after_.ok('point_at', { boardId: 'board-1', at: { x: 1, y: 2 } }), null);
  assert.equal((await after_.fails('move_cursor', {})).code, 'unknown');
  assert.equal((await after_.fails('erase_stroke', { boardId: 'board-1', strokeId: 1 })).code, 'stroke_not_found', 'its faults stay');
});
