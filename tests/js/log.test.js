// A log and a standard output that cannot be written: the server serves all the same, and stops properly.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LogReader } from './harness/log_reader.js';
import { Server } from './harness/server.js';

const directory = await mkdtemp(join(tmpdir(), 'accord-log-'));
after(() => rm(directory, { recursive: true, force: true }));

/** Does everything that writes to the log: connects, is refused, sends, sends events that fail, and disconnects. */
async function use(server, fixture = server.fixture()) {
  for (const transport of ['polling', 'websocket']) {
    const [ada, bob] = await fixture.connectAll(['ada', 'bob'], { transport });
    await bob.ok('join_channel', { channelId: fixture.general });
    const message = await ada.ok('send_message', { content: 'Heard?', channelId: fixture.general });
    assert.deepEqual(await bob.next('new_message'), message);
    assert.equal((await ada.fails('join_channel', { channelId: fixture.elsewhere })).code, 'access_denied');
    assert.equal(await fixture.client({ token: 'bad', transport }).refused(), 'Authentication failed');
    assert.equal((await fixture.rest('ada').get('/api/channels')).status, 200);
    fixture.close();
  }
  return fixture;
}

/** The number of lines that the server says it has dropped. */
async function dropped(server) {
  const { bytes } = await server.rest().get('/metrics');
  return Number(/^accord_log_lines_dropped_total (\d+)$/m.exec(bytes)?.[1] ?? 0);
}

const OUTPUTS = {
  'whose standard error is a file on a full disk': '2>/dev/full',
  'whose standard error is closed': '2>&-',
  'whose standard output is a file on a full disk': '>/dev/full',
  'whose standard output is closed': '>&-',
  'whose standard output has lost its reader': '> >(exec true)',
  'both of whose outputs have lost their reader': '> >(exec true) 2>&1',
};

for (const [which, redirected] of Object.entries(OUTPUTS)) {
  test(`a server ${which} starts, answers everybody, and exits with success`, async () => {
    const server = await Server.start({ fixtures: 1, flags: ['--log', 'debug'], redirected });
    try {
      await use(server);
      // Lines are written by a thread of their own, whenever it comes to that.
      if (redirected === '2>/dev/full') while ((await dropped(server)) === 0) await pause(10);
    } finally {
      await server.close();
    }
  });
}

test('a server whose log loses its reader goes on, and logs the number of lost lines once there is another', async () => {
  const reader = await LogReader.start(await mkdtemp(join(directory, 'gone-')));
  const server = await Server.start({ fixtures: 3, flags: ['--log', 'debug'], stderr: reader.output.fd });
  try {
    await use(server);
    await reader.go();
    await use(server);
    while ((await dropped(server)) === 0) await pause(10);
    reader.read();
    // The next reader has come once a line reaches it: until then, lines go on being lost.
    const fixture = server.fixture();
    let isSaid = false;
    const said = reader.says(/WARN.* log lines could not be written and were lost lines=\d+\n/).then(() => (isSaid = true));
    do await use(server, fixture);
    while (!isSaid);
    await said;
    assert.doesNotMatch(reader.text, /panicked at/);
  } finally {
    await server.close();
    await reader.close();
  }
});

test('a server whose log nobody reads does not wait, neither while it serves nor when it stops', async () => {
  const reader = await LogReader.start(await mkdtemp(join(directory, 'stalled-')));
  const server = await Server.start({ fixtures: 1, flags: ['--log', 'trace'], stderr: reader.output.fd });
  try {
    const fixture = server.fixture();
    reader.stall();
    // Each reads the database, whose statements the log has in full.
    const read = () => fixture.rest('ada').get(`/api/messages?channelId=${fixture.general}`);
    while ((await dropped(server)) === 0) await Promise.all(Array.from({ length: 100 }, read));
    await use(server, fixture);
  } finally {
    await server.close();
    await reader.close();
  }
});
