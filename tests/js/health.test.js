// Health of the server: ping, /healthz, /readyz, /metrics.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { TRANSPORTS } from './harness/client.js';
import { Server } from './harness/server.js';

const server = await Server.start({ fixtures: 10 });
after(() => server.close());

for (const transport of Object.keys(TRANSPORTS)) {
  test(`over ${transport}, a ping answers with the server's clock in milliseconds`, async () => {
    const ada = await server.fixture().connect('ada', { transport });
    const before = Date.now();
    const data = await ada.ok('ping');
    assert.deepEqual(Object.keys(data), ['timestamp']);
    assert.ok(Number.isInteger(data.timestamp) && data.timestamp >= before && data.timestamp <= Date.now());
    assert.deepEqual(await ada.next('pong'), data);
    ada.emit('ping');
    const { timestamp } = await ada.next('pong');
    assert.ok(timestamp >= data.timestamp && timestamp <= Date.now());
  });
}

test('/healthz and /readyz answer anybody that all is well', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const { status, body } = await server.rest().get(path);
    assert.deepEqual([status, body.status ?? body.data?.status], [200, 'ok'], path);
  }
});

test('/metrics is text in the format of Prometheus', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  await ada.ok('send_message', { content: 'counted', channelId: fixture.general });
  const { status, headers, bytes } = await server.rest().get('/metrics');
  assert.equal(status, 200);
  assert.match(headers.get('content-type'), /^text\/plain/);
  const lines = bytes.toString('utf8').split('\n').filter((line) => line !== '');
  assert.ok(lines.length > 0);
  const sample = /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^}]*\})? (NaN|[+-]Inf|[-+0-9.eE]+)( \d+)?$/;
  for (const line of lines) assert.ok(line.startsWith('#') || sample.test(line), line);
});

test('metrics contain neither messages nor their authors', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  await ada.ok('send_message', { content: 'a very secret word', channelId: fixture.general });
  await ada.fails('a_made_up_event_name', {});
  const text = (await server.rest().get('/metrics')).bytes.toString('utf8');
  for (const secret of ['a very secret word', fixture.users.ada.id, fixture.general, 'a_made_up_event_name']) {
    assert.ok(!text.includes(secret), secret);
  }
});
