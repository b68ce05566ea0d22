// One socket's events are carried out in the order in which they were sent, however many are on their way.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { readHistory } from './harness/history.js';
import { CHANNEL } from './harness/kinds.js';
import { Server } from './harness/server.js';

const COUNT = 20_000;

const server = await Server.start({ fixtures: 10 });
after(() => server.close());

/** Emits everything at once, and returns the acknowledgements and the events, in the order of arrival. */
async function pipeline(client, emissions, within = 240_000) {
  const acknowledged = [];
  client.log = [];
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${acknowledged.length} of ${emissions.length} were acknowledged`)), within);
    const failed = () => {
      clearTimeout(timer);
      reject(new Error(`the connection ended after ${acknowledged.length} acknowledgements`));
    };
    client.socket.once('disconnect', failed);
    for (const [n, [event, ...args]] of emissions.entries()) {
      client.socket.emit(event, ...args, (answer) => {
        acknowledged.push([n, answer]);
        if (acknowledged.length < emissions.length) return;
        clearTimeout(timer);
        client.socket.off('disconnect', failed);
        resolve();
      });
    }
  });
  await client.settle();
  return { acknowledged, seen: client.seen };
}

test('20,000 pipelined events of one socket are carried out in their order', async () => {
  const fixture = server.fixture();
  const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
  await bob.ok('join_channel', { channelId: fixture.general });
  bob.log = [];
  const general = { channelId: fixture.general };
  const side = { channelId: fixture.side };
  const emissions = Array.from({ length: COUNT }, (_, n) => {
    if (n % 100 === 0) return ['send_message', { content: `${n}`, ...general }];
    return [['ping'], ['join_channel', side], ['leave_channel', side], ['join_channel', general], ['no_such_event', n]][n % 5];
  });
  const { acknowledged, seen } = await pipeline(ada, emissions);
  assert.deepEqual(acknowledged.map(([n]) => n), [...emissions.keys()], 'acknowledgements come in order');
  for (const [n, { ok }] of acknowledged) assert.equal(ok, emissions[n][0] !== 'no_such_event', `event ${n}`);
  const events = { ping: 'pong', join_channel: 'joined_channel', leave_channel: 'left_channel', send_message: 'new_message' };
  const expected = [];
  let joined = false;
  for (const [n, [event, payload]] of emissions.entries()) {
    if (event === 'join_channel' && payload === general) joined = true;
    if (event === 'no_such_event' || (event === 'send_message' && !joined)) continue;
    expected.push(event === 'send_message' ? `new_message ${n}` : events[event]);
  }
  const got = seen.map(([event, value]) => (event === 'new_message' ? `new_message ${value.content}` : event));
  assert.deepEqual(got, expected, 'its events come in order');
  await bob.settle();
  const contents = emissions.filter(([event]) => event === 'send_message').map(([, { content }]) => content);
  assert.deepEqual(bob.seen.map(([, { content }]) => content), contents, 'others get its messages in order');
});

test('pipelined changes of one message are carried out in their order', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const channelId = fixture.general;
  const { id: messageId } = await ada.ok('send_message', { content: 'start', channelId });
  const emissions = [];
  for (let n = 0; n < 100; n += 1) {
    emissions.push(['edit_message', { messageId, content: `edit ${n}`, channelId }]);
    emissions.push(['add_reaction', { messageId, emoji: '👍', channelId }]);
    emissions.push(['remove_reaction', { messageId, emoji: '👍', channelId }]);
  }
  emissions.push(['delete_message', { messageId, channelId }], ['edit_message', { messageId, content: 'late', channelId }]);
  const { acknowledged } = await pipeline(ada, emissions);
  assert.deepEqual(acknowledged.map(([n]) => n), [...emissions.keys()]);
  const wrong = acknowledged.filter(([, { ok }]) => !ok).map(([n, { error }]) => [n, error.code]);
  assert.deepEqual(wrong, [[301, 'not_found']]);
});

test('2,000 messages sent at once by polling come in order', async () => {
  const fixture = server.fixture();
  const [ada, bob] = await fixture.connectAll(['ada', 'bob'], { transport: 'polling' });
  await bob.ok('join_channel', { channelId: fixture.general });
  bob.log = [];
  const emissions = Array.from({ length: 2000 }, (_, n) => ['send_message', { content: `${n}`, channelId: fixture.general }]);
  const { acknowledged } = await pipeline(ada, emissions);
  assert.deepEqual(acknowledged.map(([, { ok, data }]) => ok && data.content), emissions.map(([, { content }]) => content));
  await bob.settle();
  assert.deepEqual(bob.seen.map(([, { content }]) => content), emissions.map(([, { content }]) => content));
  const { messages } = await readHistory(fixture.rest('bob'), CHANNEL, fixture.general);
  assert.deepEqual(messages.map(({ id }) => id), acknowledged.map(([, { data }]) => data.id), 'which is the order of history');
});

test('events keep their order across the upgrade from polling to WebSocket', async () => {
  for (let round = 0; round < 5; round += 1) {
    const fixture = server.fixture();
    const ada = fixture.client({ token: fixture.token('ada'), transport: 'upgrade' });
    const answers = [];
    const done = new Promise((resolve) => {
      ada.socket.on('connect', () => {
        for (let n = 0; n < 300; n += 1) {
          ada.socket.emit('send_message', { content: `${n}`, channelId: fixture.general }, ({ ok, data }) => {
            answers.push(ok && data.content);
            if (answers.length === 300) resolve();
          });
        }
      });
    });
    await ada.connected();
    await done;
    assert.deepEqual(answers, Array.from({ length: 300 }, (_, n) => `${n}`));
    fixture.close();
  }
});
