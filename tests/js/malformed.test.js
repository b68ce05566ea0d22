// Malformed packets, at the level of Engine.IO, of Socket.IO and of payloads: they affect no other client.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { connect as tcpConnect } from 'node:net';
import { RawSocket } from './harness/raw.js';
import { Server } from './harness/server.js';
import { assertIs } from './harness/shape.js';
import { withStandstill } from './harness/times.js';
import { violations } from './harness/values.js';

let server;
let fixture;
let witness;

before(async () => {
  server = await Server.start({ fixtures: 130 });
});
after(() => server.close());
beforeEach(async () => {
  fixture = server.fixture();
  witness = await fixture.connect('bob');
  await witness.ok('join_channel', { channelId: fixture.general });
  witness.log = [];
});

/** Somebody else's connection goes on as if nothing had happened, and the process lives. */
afterEach(async () => {
  const sent = await witness.ok('send_message', { content: 'still here', channelId: fixture.general });
  await witness.saw([['new_message', sent]]);
  assert.equal((await server.rest().get('/healthz')).status, 200);
  fixture.close();
});

const joined = async (role = 'ada') => {
  const raw = new RawSocket(server);
  assert.equal(await raw.joined(fixture.token(role)), true);
  return raw;
};

/** Payloads that are well-framed events, however senseless: they never end their connection. */
const SENSELESS = [
  '42["send_message"]',
  '42["send_message",null]',
  '42["send_message",[]]',
  '42["send_message",{"content":"\\u0000","channelId":"x"}]',
  '42["send_message",{"content":1e99,"channelId":"x"}]',
  '42["send_message",{"content":"x","content":"y","channelId":"z","channelId":7}]',
  '42["send_message",{"__proto__":{"channelId":"x"},"constructor":{"prototype":{}}}]',
  '42["send_message",9007199254740993,-0,1E40]',
  '42["send_message",{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]',
  '42["",{}]',
  '42["no such event"]',
  '42["connect"]',
  '42["disconnect"]',
  '42["disconnecting",{}]',
  '42["connect_error",{"message":"x"}]',
  '42["error","x"]',
  '427["ping"]',
  '4299999999["ping"]',
  '42["join_channel" , {"channelId" : "x"} ]',
];

for (const frame of SENSELESS) {
  test(`sec_26 a connection survives ${frame.slice(0, 70)}`, async () => {
    const raw = await joined();
    raw.send(frame);
    assert.equal(await raw.alive(), true);
    raw.end();
  });
}

/** Events whose names are numbers or have escapes, which is not well-framed: they end their own connection. */
const MISNAMED = ['42[1]', '427[-1.5e3,{}]', '42["a\\"b"]', '42["\\u0070\\u006eg"]', '42["\\ud800"]', '42/,["\\n",{}]'];

for (const frame of MISNAMED) {
  test(`sec_26 ${frame} ends its own connection, without an answer`, async () => {
    const raw = await joined();
    raw.frames = [];
    raw.send(frame);
    // Nothing is sent after it, because packets that arrive together with it may still be answered.
    await raw.ended();
    const [close, heartbeat] = ['1', '2'];
    assert.deepEqual(raw.frames.filter((sent) => sent !== heartbeat), [close, null]);
  });
}

/** Frames that break Engine.IO's or Socket.IO's framing: they may end their own connection, and no other. */
const BROKEN = [
  ...MISNAMED,
  '',
  ' ',
  'x',
  '4',
  '9',
  '42',
  '42[',
  '42[]',
  '42{}',
  '42"ping"',
  '42null',
  '42[null,{}]',
  '42[{},{}]',
  '42[["ping"]]',
  '42["ping"',
  '42["ping"]]',
  '42["ping"] trailing',
  '42["send_message",{"content":]',
  '42["send_message",{"content":"\ud83d"}]',
  '42["send_message",{"content":"\\ud800","channelId":"x"}]',
  '42["send_message",{"content":NaN}]',
  '42["send_message",{content:"x"}]',
  `42["send_message",${'['.repeat(5000)}${']'.repeat(5000)}]`,
  `42["send_message",${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}]`,
  `42["send_message",${'['.repeat(100_000)}`,
  '4299999999999999999999999["ping"]',
  '42-1["ping"]',
  '43["not asked for"]',
  '430[{"ok":true}]',
  '439999999999[]',
  '41',
  '40',
  '40{"token":"again"}',
  '40/admin,{"token":"x"}',
  '42/admin,["ping"]',
  '44{"message":"from a client"}',
  '45',
  '450-["ping"]',
  '451-["ping",{"_placeholder":true,"num":0}]',
  '451-["ping",{"_placeholder":true,"num":7}]',
  '4599999999999-["ping",{"_placeholder":true,"num":0}]',
  '45-1-["ping"]',
  '46',
  '461-0[{"_placeholder":true,"num":0}]',
  '47',
  '48',
  '0{"sid":"mine"}',
  '1',
  '2',
  '2probe',
  '3',
  '3probe',
  '5',
  '6',
  '7',
  'b',
  'bAAAA',
  'b!!!',
  '\u001e',
  '42["ping"]\u001e42["ping"]',
  '漢字',
  Buffer.alloc(0),
  Buffer.from([0]),
  Buffer.from('42["ping"]'),
  Buffer.from([4, 0xff, 0xfe]),
  Buffer.alloc(70_000, 0xff),
];

for (const frame of BROKEN) {
  const shown = Buffer.isBuffer(frame) ? `${frame.length} binary bytes ${frame.toString('hex').slice(0, 30)}` : JSON.stringify(frame).slice(0, 70);
  test(`sec_26 ${shown} affects nobody else, before joining and after`, async () => {
    const early = await new RawSocket(server).opened();
    early.send(frame);
    early.send('42["ping"]');
    const late = await joined();
    late.send(frame);
    late.send('42["ping"]');
    await witness.saw([]);
    early.end();
    late.end();
  });
}

test('sec_26 frames of random bytes affect nobody else', async () => {
  let state = 7;
  const random = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 8;
  const alphabet = '0123456789[]{}",:-/\\ abAB\u0000\u001e漢';
  for (let n = 0; n < 60; n += 1) {
    const raw = await joined();
    for (let k = 0; k < 20; k += 1) {
      const length = random() % 40;
      const text = Array.from({ length }, () => alphabet[random() % alphabet.length]).join('');
      raw.send(random() % 4 === 0 ? Buffer.from(text) : `${random() % 2 ? '42' : ''}${text}`);
    }
    await witness.settle();
    raw.end();
  }
  await witness.saw([]);
});

test('sec_26 connections that end at any point of the handshake affect nobody else', async () => {
  const greeting = `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
  for (let length = 1; length <= greeting.length; length += 7) {
    const socket = tcpConnect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    await new Promise((resolve) => socket.write(greeting.slice(0, length), resolve));
    socket.destroy();
  }
  await witness.saw([]);
});

test('invalid long-polling requests are refused', async () => {
  const rest = server.rest();
  const get = async (query) => (await rest.get(`/socket.io/${query}`)).status;
  for (const query of [
    '',
    '?',
    '?EIO=4',
    '?transport=polling',
    '?EIO=2&transport=polling',
    '?EIO=5&transport=polling',
    '?EIO=x&transport=polling',
    '?EIO=4&transport=carrier-pigeon',
    '?EIO=4&transport=polling&sid=unknown',
    '?EIO=4&transport=polling&sid=',
    `?EIO=4&transport=polling&sid=${'x'.repeat(5000)}`,
    '?EIO=4&transport=websocket',
  ]) {
    const status = await get(query);
    assert.ok(status >= 400 && status < 500, `${query}: ${status}`);
  }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'POST']) {
    const { status } = await rest.request(method, '/socket.io/?EIO=4&transport=polling');
    assert.ok(status >= 400 && status < 500, `${method}: ${status}`);
  }
});

/** Opens a session over long-polling; its address. */
async function polled(token) {
  const rest = server.rest();
  const { bytes } = await rest.get('/socket.io/?EIO=4&transport=polling');
  const { sid } = JSON.parse(bytes.toString('utf8').slice(1));
  const path = `/socket.io/?EIO=4&transport=polling&sid=${encodeURIComponent(sid)}`;
  if (token) await rest.request('POST', path, { body: `40${JSON.stringify({ token })}` });
  return { rest, path, sid };
}

test('sec_26 malformed posts to a session affect nobody else', async () => {
  for (const body of ['', 'x', '42["ping"]\u001e\u001e\u001e', '\u001e', '4', 'b', 'bAA', '42[', ...MISNAMED, Buffer.from([0xff, 0xfe, 0x00]), Buffer.alloc(90_000, 0x34), '1', '0', '6'.repeat(1000)]) {
    for (const token of [undefined, fixture.token('ada')]) {
      const { rest, path } = await polled(token);
      const { status } = await rest.request('POST', path, { body });
      assert.ok(status < 500, `${String(body).slice(0, 20)}: ${status}`);
    }
  }
});

test('sec_04 before the greeting nothing can be emitted or joined', async () => {
  const raw = await new RawSocket(server).opened();
  await raw.next((frame) => String(frame).startsWith('0{'));
  raw.send(`42["join_channel",{"channelId":"${fixture.general}"}]`);
  raw.send(`421["send_message",{"content":"x","channelId":"${fixture.general}"}]`);
  const sent = await witness.ok('send_message', { content: 'members only', channelId: fixture.general });
  await witness.saw([['new_message', sent]]);
  assert.ok(raw.frames.every((frame) => frame === null || !/joined_channel|members only|^43/.test(frame)), JSON.stringify(raw.frames));
  raw.end();
});

test('sec_04 a connection that does not join the namespace is closed within 10 s', async () => {
  const began = performance.now();
  const raw = await new RawSocket(server).opened();
  const closed = raw.closed.then(() => (performance.now() - began) / 1000);
  const early = await joined();
  const [seconds, standstill] = await withStandstill(witness, closed);
  assert.ok(seconds < 12 + standstill / 1000, `closed after ${seconds} s; the machine stood still for ${standstill} ms`);
  assert.equal(await early.alive(), true, 'one that has joined stays');
  early.end();
});

test('sec_07 session ids cannot be guessed', async () => {
  const sids = new Set();
  for (let n = 0; n < 20; n += 1) sids.add((await polled()).sid);
  assert.equal(sids.size, 20);
  for (const sid of sids) assert.match(sid, /^[\w-]{16,}$/);
  const prefixes = new Set([...sids].map((sid) => sid.slice(0, 4)));
  assert.ok(prefixes.size > 15, 'they have no common beginning');
});

test('sec_24 a packet of more than 1 MB ends its connection before it is parsed, one below is answered', async () => {
  const size = (n) => `42["send_message",{"content":"${'x'.repeat(n)}","channelId":"${fixture.general}"}]`;
  const raw = await joined();
  raw.send(size(900_000));
  const error = await raw.next((frame) => String(frame).startsWith('42["error"'));
  assertIs(JSON.parse(error.slice(2))[1], { ...violations('send_message', '/content'), channelId: fixture.general });
  assert.equal(await raw.alive(), true);
  raw.send(size(1_100_000));
  assert.equal(await raw.next(() => false), null, 'the connection is over');
});

test('sec_24 a packet of more than 1 MB ends its connection over long-polling too', async () => {
  const { rest, path } = await polled(fixture.token('ada'));
  const body = `42["send_message",{"content":"${'x'.repeat(1_100_000)}","channelId":"${fixture.general}"}]`;
  await rest.request('POST', path, { body });
  // Queued packets come first: the session is joined, and greeted.
  const polls = [];
  while (!polls.join('\u001e').split('\u001e').includes('1')) {
    const { status, body: packets } = await rest.get(path);
    assert.equal(status, 200, `before Engine.IO's close packet: ${polls.join(' ')}`);
    polls.push(packets);
  }
  assert.equal((await rest.get(path)).body, '1', 'the session is over');
  assert.ok(!polls.join().includes('send_message'), 'it is not handed on as an event');
});

test('sec_25 a packet announces at most 10 binary attachments', async () => {
  const raw = await joined();
  const slots = Array.from({ length: 11 }, (_, num) => JSON.stringify({ _placeholder: true, num }));
  raw.send(`4511-["send_message",${slots.join()}]`);
  for (let n = 0; n < 11; n += 1) raw.send(Buffer.from('x'));
  raw.send('42["ping"]');
  const outcome = await raw.next((frame) => /^42\["(pong|error)"/.test(String(frame)));
  assert.ok(outcome === null || !String(outcome).includes('"send_message"'), 'it is not handed on as an event');
  raw.end();
});

test('ten binary attachments are a payload like any other', async () => {
  const raw = await joined();
  const slots = Array.from({ length: 10 }, (_, num) => JSON.stringify({ _placeholder: true, num }));
  raw.send(`4510-["send_message",[${slots.join()}]]`);
  for (let n = 0; n < 10; n += 1) raw.send(Buffer.from('x'));
  const error = await raw.next((frame) => String(frame).startsWith('42["error"'));
  assertIs(JSON.parse(error.slice(2))[1], violations('send_message', ''));
  assert.equal(await raw.alive(), true);
  raw.end();
});

test('sec_27 compression is off', async () => {
  const raw = await new RawSocket(server, undefined, { perMessageDeflate: true }).opened();
  assert.equal(raw.socket.extensions, '');
  raw.end();
});
