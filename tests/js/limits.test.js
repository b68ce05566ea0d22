// The rate at which a user may send, and the answers beyond it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { burst, exhaust, isLimited } from './harness/bursts.js';
import { Server } from './harness/server.js';
import { assertIs, between, matching } from './harness/shape.js';
import { refusal } from './harness/values.js';
import { makeWorld } from './harness/world.js';

const BURST = 60;
const PER_SECOND = 20;

const limited = (event) => ({
  ...refusal('rate_limited', 'Rate limit exceeded. Please slow down.', event),
  retryAfterMs: between(1, 1000 / PER_SECOND),
});

const taken = (answers) => answers.filter((answer) => !isLimited(answer)).length;

/** Asserts that a full bucket was used, and at most its refills in the meantime. */
function assertFullBucket({ answers, seconds }) {
  const most = BURST + Math.ceil(seconds * PER_SECOND) + 1;
  const count = taken(answers);
  assert.ok(count >= BURST && count <= most, `${count} of ${answers.length} were taken, ${BURST} to ${most} should be`);
  assert.equal(taken(answers.slice(0, BURST)), BURST, 'the first 60');
}

describe('with limits', () => {
  let server;
  before(async () => {
    server = await Server.start({ rateLimits: 'on' });
  });
  after(() => server.close());

  test('60 events at once are accepted, and later ones are answered with the time to wait', async () => {
    const ada = await server.fixture().connect('ada');
    const result = await exhaust(ada, 100);
    assertFullBucket(result);
    for (const { ok, error } of result.answers) if (!ok) assertIs(error, limited('ping'));
  });

  test('a retry after retryAfterMs is accepted', async () => {
    const ada = await server.fixture().connect('ada');
    const { error } = await exhaust(ada, 80);
    await pause(error.retryAfterMs + 2);
    assert.equal((await ada.ack('ping')).ok, true);
  });

  test('the bucket is refilled at 20 a second, up to 60', async () => {
    const ada = await server.fixture().connect('ada');
    const { emptySince } = await exhaust(ada, 100);
    await pause(1000);
    const second = await burst(ada, 60);
    const seconds = (performance.now() - emptySince) / 1000;
    const most = Math.ceil(seconds * PER_SECOND) + 1;
    const count = taken(second.answers);
    assert.ok(count >= PER_SECOND - 1 && count <= most, `${count} were taken, 19 to ${most} should be`);
    await pause(4000);
    assertFullBucket(await burst(ada, 100));
  });

  test('without an acknowledgement, the limit is an error event that names the event and the room', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const channelId = fixture.general;
    let error;
    // Again where the bucket was refilled in between.
    for (let round = 0; round < 20 && error?.code !== 'rate_limited'; round += 1) {
      await exhaust(ada, 80);
      ada.log = [];
      ada.emit('edit_message', { messageId: 'none', content: 'x', channelId });
      error = await ada.next('error');
    }
    assertIs(error, { ...limited('edit_message'), channelId });
  });

  test('the limit is checked before the payload, and before the existence of the event', async () => {
    const ada = await server.fixture().connect('ada');
    const events = ['send_message', 'no_such_event'];
    let answers = [];
    // Again where the bucket was refilled in between.
    for (let round = 0; round < 20 && !(answers.length > 0 && answers.every(isLimited)); round += 1) {
      const emptied = burst(ada, 80);
      answers = await Promise.all(events.map((event) => ada.ack(event, 'nonsense')));
      await emptied;
    }
    for (const [index, { error }] of answers.entries()) assertIs(error, limited(events[index]));
  });

  test('all events but joining and leaving draw on one bucket: unknown ones, refused ones and all others', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const asked = [];
    const began = performance.now();
    for (let n = 0; n < 12; n += 1) {
      asked.push(ada.ack('no_such_event'));
      asked.push(ada.ack('send_message', {}));
      asked.push(ada.ack('edit_message', { messageId: 'none', content: 'x', channelId: fixture.elsewhere }));
      asked.push(ada.ack('typing_start', { channelId: fixture.general }));
      asked.push(ada.ack('add_reaction', { messageId: 'none', emoji: '👍', channelId: fixture.general }));
      asked.push(ada.ack('ping'));
      asked.push(ada.ack('send_message', { content: 'x', channelId: fixture.general }));
    }
    const answers = await Promise.all(asked);
    assertFullBucket({ answers, seconds: (performance.now() - began) / 1000 });
  });

  test('the sockets of a user share one bucket, those of others have their own', async () => {
    const fixture = server.fixture();
    const [desk, phone, bob] = await fixture.connectAll(['ada', 'ada', 'bob']);
    const began = performance.now();
    const [first, second] = await Promise.all([burst(desk, 50), burst(phone, 50)]);
    const seconds = (performance.now() - began) / 1000;
    const count = taken([...first.answers, ...second.answers]);
    const most = BURST + Math.ceil(seconds * PER_SECOND) + 1;
    assert.ok(count >= BURST && count <= most, `${count} were taken, 60 to ${most} should be`);
    const again = await fixture.connect('ada');
    const third = await burst(again, 100);
    const total = count + taken(third.answers);
    const mostTotal = BURST + Math.ceil(((performance.now() - began) / 1000) * PER_SECOND) + 1;
    assert.ok(total <= mostTotal, `a new connection brings no new bucket: ${total} were taken, at most ${mostTotal} should be`);
    assertFullBucket(await burst(bob, 100));
  });

  test('the limit ends no connection, and a client that slows down is served again', async () => {
    const ada = await server.fixture().connect('ada');
    const { error } = await exhaust(ada, 300);
    assert.equal(ada.socket.connected, true);
    await pause(error.retryAfterMs + 2);
    assert.equal((await ada.ack('ping')).ok, true);
  });

  test('60 events at once are answered and end no connection, however large they are', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const message = { content: 'x', channelId: fixture.general, padding: 'x'.repeat(900_000) };
    const { answers } = await burst(ada, 60, 'send_message', message);
    for (const { ok, error } of answers) if (!ok) assertIs(error, refusal('internal', 'Failed to send message', 'send_message'));
    assert.equal(answers[0].ok, true);
    assert.equal((await ada.ack('send_message', { content: 'small', channelId: fixture.general })).ok, true);
  });

  test('flooding past ten times the limit ends the connection, and no other', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    for (let n = 0; n < 5000; n += 1) ada.emit('ping');
    assert.equal(await ada.disconnected(), 'transport close');
    await bob.saw([]);
    const again = await fixture.connect('ada');
    assert.equal(again.socket.connected, true);
  });

  test('sec_28 REST is limited too: 429, with Retry-After', async () => {
    const rest = server.fixture().rest('ada');
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

describe('joining rooms', () => {
  const ROOMS = 700;
  const channels = Array.from({ length: ROOMS }, (_, n) => ({ id: `room-${n}`, name: `Room ${n}`, members: ['ada-0', 'ada-1', 'ada-2', 'ada-3'] }));
  let server;
  before(async () => {
    const world = makeWorld(4);
    server = await Server.start({ rateLimits: 'on', world: { ...world, channels: [...world.channels, ...channels] } });
  });
  after(() => server.close());

  /** A tab that joins `count` rooms once it is authenticated, as in the documentation; returns the ids of the joined rooms. */
  async function tab(fixture, count) {
    const client = fixture.client({ token: fixture.token('ada') });
    client.socket.on('authenticated', () => channels.slice(0, count).forEach(({ id }) => client.emit('join_channel', { channelId: id })));
    await client.connected();
    const others = () => client.log.filter(({ event }) => event !== 'joined_channel');
    await client.waitFor(() => (client.log.length >= count || others().length > 0 ? true : undefined), 'all rooms');
    assert.deepEqual(others(), [], 'nothing is refused, and nobody is cut off');
    return client.log.map(({ args: [{ channelId }] }) => channelId);
  }

  const ids = (count) => channels.slice(0, count).map(({ id }) => id);

  test('a client joins all of its rooms when it is authenticated, in each of its tabs', async () => {
    const fixture = server.fixture();
    const tabs = await Promise.all([tab(fixture, 100), tab(fixture, 100), tab(fixture, 100)]);
    assert.deepEqual(tabs, [ids(100), ids(100), ids(100)]);
  });

  test('a client joins 700 rooms at once', async () => {
    assert.deepEqual(await tab(server.fixture(), ROOMS), ids(ROOMS));
  });

  test('joining and leaving draw on a bucket of their own, 2,000 at once', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    await burst(ada, 100);
    const join = { channelId: 'room-0' };
    const { answers, seconds } = await exhaust(ada, 2500, 'join_channel', join);
    const most = 2000 + Math.ceil(seconds * 100) + 1;
    const count = taken(answers);
    assert.ok(count >= 2000 && count <= most, `${count} were taken, 2000 to ${most} should be`);
    const refused = { ...refusal('rate_limited', 'Rate limit exceeded. Please slow down.', 'join_channel'), retryAfterMs: between(1, 10), ...join };
    for (const { ok, error } of answers) if (!ok) assertIs(error, refused);
    assert.equal((await ada.ack('ping')).ok, true, 'other events do not draw on it');
  });

  test('flooding with joins by ten times the limit ends the connection', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    // The answers do not matter, and are too many to keep.
    ada.socket.offAny();
    // Ten times the limit is let through or refused, and a thousand more each second.
    const flood = () => {
      for (let n = 0; n < 5000 && ada.socket.connected; n += 1) ada.emit('join_channel', { channelId: 'room-0' });
      if (ada.socket.connected) setTimeout(flood, 10);
    };
    flood();
    assert.equal(await ada.disconnected(), 'transport close');
    await bob.saw([]);
  });
});

describe('with --rate-limits off', () => {
  let server;
  before(async () => {
    server = await Server.start({ fixtures: 2 });
  });
  after(() => server.close());

  test('a thousand events at once are accepted', async () => {
    const ada = await server.fixture().connect('ada');
    const { answers } = await burst(ada, 1000);
    assert.equal(answers.filter(({ ok }) => ok).length, 1000);
  });

  test('a thousand requests in a row are served', async () => {
    const rest = server.fixture().rest('ada');
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => rest.get('/api/channels')));
      for (const { status } of answers) assert.equal(status, 200);
    }
  });
});
