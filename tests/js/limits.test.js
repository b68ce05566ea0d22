// How fast a user may send, and what is said to one who is faster.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Server } from './harness/server.js';
import { assertIs, between, matching } from './harness/shape.js';
import { refusal } from './harness/values.js';

const BURST = 60;
const PER_SECOND = 20;

const limited = (event) => ({
  ...refusal('rate_limited', 'Rate limit exceeded. Please slow down.', event),
  retryAfterMs: between(1, 1000 / PER_SECOND),
});

/** Sends `count` events at once; what was answered, and how long it took. */
async function burst(client, count, event = 'ping', ...args) {
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: count }, () => client.ack(event, ...args)));
  return { answers, seconds: (performance.now() - began) / 1000 };
}

const taken = (answers) => answers.filter(({ ok, error }) => ok || error.code !== 'rate_limited').length;

/** Asserts that a full bucket was used: its content, and at most what came in meanwhile. */
function assertFullBucket({ answers, seconds }) {
  const most = BURST + Math.ceil(seconds * PER_SECOND) + 1;
  const count = taken(answers);
  assert.ok(count >= BURST && count <= most, `${count} of ${answers.length} were taken, ${BURST} to ${most} should be`);
  assert.ok(answers.slice(0, BURST).every(({ ok, error }) => ok || error.code !== 'rate_limited'), 'the first 60');
}

describe('with limits', () => {
  let server;
  before(async () => {
    server = await Server.start({ rateLimits: 'on' });
  });
  after(() => server.close());

  test('60 events at once are taken, those beyond are told when to retry', async () => {
    const ada = await server.stage().connect('ada');
    const result = await burst(ada, 100);
    assertFullBucket(result);
    for (const { ok, error } of result.answers) if (!ok) assertIs(error, limited('ping'));
  });

  test('a retry after retryAfterMs is taken', async () => {
    const ada = await server.stage().connect('ada');
    const { answers } = await burst(ada, 80);
    const { error } = answers.findLast(({ ok }) => !ok);
    await pause(error.retryAfterMs + 2);
    assert.equal((await ada.ack('ping')).ok, true);
  });

  test('the bucket is refilled at 20 a second, up to 60', async () => {
    const ada = await server.stage().connect('ada');
    await burst(ada, 100);
    const began = performance.now();
    await pause(1000);
    const second = await burst(ada, 60);
    const seconds = (performance.now() - began) / 1000;
    const most = Math.ceil(seconds * PER_SECOND) + 1;
    const count = taken(second.answers);
    assert.ok(count >= PER_SECOND - 1 && count <= most, `${count} were taken, 19 to ${most} should be`);
    await pause(4000);
    assertFullBucket(await burst(ada, 100));
  });

  test('without an acknowledgement, the limit is an error event that names the event', async () => {
    const stage = server.stage();
    const ada = await stage.connect('ada');
    await burst(ada, 60);
    for (let n = 0; n < 20; n += 1) ada.emit('join_channel', { channelId: stage.general });
    assertIs(await ada.next('error'), limited('join_channel'));
  });

  test('the limit is judged before the payload, and before whether the event exists', async () => {
    const ada = await server.stage().connect('ada');
    await burst(ada, 65);
    const errors = await Promise.all(['send_message', 'send_message', 'no_such_event', 'no_such_event'].map((event) => ada.ack(event, 'nonsense')));
    const codes = errors.map(({ error }) => error.code);
    assert.ok(codes.includes('rate_limited'), codes.join());
    for (const { error } of errors) if (error.code === 'rate_limited') assertIs(error, limited(error.event));
  });

  test('all events draw on one bucket: unknown ones, refused ones and all others', async () => {
    const stage = server.stage();
    const ada = await stage.connect('ada');
    const asked = [];
    const began = performance.now();
    for (let n = 0; n < 12; n += 1) {
      asked.push(ada.ack('no_such_event'));
      asked.push(ada.ack('send_message', {}));
      asked.push(ada.ack('join_channel', { channelId: stage.elsewhere }));
      asked.push(ada.ack('join_conversation', { conversationId: stage.dm }));
      asked.push(ada.ack('add_reaction', { messageId: 'none', emoji: '👍', channelId: stage.general }));
      asked.push(ada.ack('ping'));
      asked.push(ada.ack('send_message', { content: 'x', channelId: stage.general }));
    }
    const answers = await Promise.all(asked);
    assertFullBucket({ answers, seconds: (performance.now() - began) / 1000 });
  });

  test('the sockets of a user share one bucket, those of others have their own', async () => {
    const stage = server.stage();
    const [desk, phone, bob] = await stage.connectAll(['ada', 'ada', 'bob']);
    const began = performance.now();
    const [first, second] = await Promise.all([burst(desk, 50), burst(phone, 50)]);
    const seconds = (performance.now() - began) / 1000;
    const count = taken([...first.answers, ...second.answers]);
    const most = BURST + Math.ceil(seconds * PER_SECOND) + 1;
    assert.ok(count >= BURST && count <= most, `${count} were taken, 60 to ${most} should be`);
    const again = await stage.connect('ada');
    const third = await burst(again, 20);
    assert.ok(taken(third.answers) < 20, 'a new connection brings no new bucket');
    assertFullBucket(await burst(bob, 100));
  });

  test('being limited ends no connection, and one who slows down is served again', async () => {
    const ada = await server.stage().connect('ada');
    const { answers } = await burst(ada, 300);
    assert.ok(taken(answers) < 300);
    assert.equal(ada.socket.connected, true);
    const { error } = answers.findLast(({ ok }) => !ok);
    await pause(error.retryAfterMs + 2);
    assert.equal((await ada.ack('ping')).ok, true);
  });

  test('60 events at once are answered and end no connection, however large they are', async () => {
    const stage = server.stage();
    const ada = await stage.connect('ada');
    const message = { content: 'x', channelId: stage.general, padding: 'x'.repeat(900_000) };
    const { answers } = await burst(ada, 60, 'send_message', message);
    for (const { ok, error } of answers) if (!ok) assertIs(error, refusal('internal', 'Failed to send message', 'send_message'));
    assert.equal(answers[0].ok, true);
    assert.equal((await ada.ack('send_message', { content: 'small', channelId: stage.general })).ok, true);
  });

  test('flooding past the limit by ten times ends the connection, and nobody else\'s', async () => {
    const stage = server.stage();
    const [ada, bob] = await stage.connectAll(['ada', 'bob']);
    for (let n = 0; n < 5000; n += 1) ada.emit('ping');
    await ada.disconnected();
    await bob.saw([]);
    const again = await stage.connect('ada');
    assert.equal(again.socket.connected, true);
  });

  test('sec_28 REST is limited too: 429, with Retry-After', async () => {
    const rest = server.stage().rest('ada');
    let refused;
    for (let round = 0; round < 60 && !refused; round += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => rest.get('/api/channels')));
      refused = answers.find(({ status }) => status !== 200);
    }
    assert.ok(refused, '3,000 requests in a row were all served');
    assert.equal(refused.status, 429);
    const { message, code } = refused.body;
    assert.deepEqual([message, code], ['Rate limit exceeded. Please slow down.', 'rate_limited']);
    assertIs(refused.headers.get('retry-after'), matching(/^[1-9]\d*$/));
  });
});

describe('with caps on sockets', () => {
  let server;
  before(async () => {
    server = await Server.start({ stages: 2, flags: ['--sockets-per-user', '2', '--sockets-per-address', '3'] });
  });
  after(() => server.close());

  test('sec_05 sockets of a user and of an address are capped, and those that leave make room', async () => {
    const stage = server.stage();
    const [first] = await stage.connectAll(['ada', 'ada']);
    assert.equal(await stage.client({ token: stage.token('ada') }).refused(), 'Too many connections');
    await stage.connect('bob');
    assert.equal(await stage.client({ token: stage.token('cyd') }).refused(), 'Too many connections');
    first.close();
    for (let asked = 0; ; asked += 1) {
      const { status, body } = await stage.rest('bob').get('/api/stats');
      assert.equal(status, 200, `after ${asked} requests, the socket that has left still counts`);
      if (body.data.totalConnections <= 2) break;
    }
    await stage.connect('ada');
  });
});

describe('with --rate-limits off', () => {
  let server;
  before(async () => {
    server = await Server.start({ stages: 2 });
  });
  after(() => server.close());

  test('a thousand events at once are taken', async () => {
    const ada = await server.stage().connect('ada');
    const { answers } = await burst(ada, 1000);
    assert.equal(answers.filter(({ ok }) => ok).length, 1000);
  });

  test('a thousand requests in a row are served', async () => {
    const rest = server.stage().rest('ada');
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => rest.get('/api/channels')));
      for (const { status } of answers) assert.equal(status, 200);
    }
  });
});
