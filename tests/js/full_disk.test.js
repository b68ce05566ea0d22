// A server on SQLite with a full disk: writes are refused until there is space, and nothing else is lost.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { SmallDisk, SmallFiles } from './harness/disk.js';
import { readHistory } from './harness/history.js';
import { CHANNEL } from './harness/kinds.js';
import { Server } from './harness/server.js';

const WITHIN_MS = 30_000;

const ofFile = () => new SmallFiles(1024);
// Without mounts, files of a limited size stand in for the disk, and the report says so.
const ofMount = (t) => async (directory) => {
  const disk = await SmallDisk.mount(directory, 6);
  if (disk === null) t.diagnostic('nothing can be mounted here: files of a limited size stand in for the disk');
  return disk ?? ofFile();
};

const readiness = async (server) => (await server.rest().get('/readyz')).status;

async function until(what, condition) {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await condition())) assert.ok(Date.now() < deadline, `not within ${WITHIN_MS} ms: ${what}`);
}

for (const [name, kind] of [['a disk', ofMount], ['the largest file that may be written', () => ofFile]]) {
  test(`${name} that is full refuses writes and nothing else, and the server goes on once there is room`, async (t) => {
    const server = await Server.start({ fixtures: 1, disk: kind(t) });
    try {
      const fixture = server.fixture();
      const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
      const channelId = fixture.general;
      const stored = [];
      let sent = 0;
      const send = async () => {
        const content = `${(sent += 1)} ${'x'.repeat(3_000)}`;
        const answer = await ada.ack('send_message', { content, channelId });
        if (answer.ok) stored.push(content);
        else assert.deepEqual([answer.error.code, answer.error.message], ['internal', 'Failed to send message']);
        return answer.ok;
      };
      for (let n = 0; n < 20; n += 1) assert.ok(await send());
      assert.equal(await readiness(server), 200);

      await server.disk.fill();
      await until('a send fails', async () => !(await send()));
      await until('/readyz says so', async () => (await send(), (await readiness(server)) === 503));
      assert.equal((await server.rest().get('/healthz')).status, 200);
      const upload = await fixture.rest('ada').upload(Buffer.alloc(2 * 1024 * 1024, 'a'));
      assert.deepEqual([upload.status, upload.body], [500, { message: 'Failed to upload file', code: 'internal' }]);
      const files = await readdir(server.path(server.uploads), { recursive: true, withFileTypes: true });
      assert.deepEqual(files.filter((file) => file.isFile()), []);
      const history = async () => (await readHistory(fixture.rest('bob'), CHANNEL, channelId)).messages.map(({ content }) => content);
      assert.deepEqual(await history(), stored);

      await server.disk.free(server.child);
      assert.ok(await send(), 'the first send after there is room');
      await until('/readyz says so', async () => (await readiness(server)) === 200);
      assert.equal((await fixture.rest('ada').upload(Buffer.from('There is room for this.'))).status, 201);
      assert.ok((await bob.ack('send_message', { content: 'last', channelId })).ok);
      stored.push('last');
      assert.deepEqual(await history(), stored);
      await server.kill();
      await server.launch();
      assert.deepEqual(await history(), stored);
    } finally {
      await server.close();
    }
  });
}
