// The file of a SQLite database: one server has it, and notices when it is gone.
import assert from 'node:assert/strict';
import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, Server } from './harness/server.js';

const readiness = async (server) => (await server.rest().get('/readyz')).status;

test('a second server on one file does not start and names the first, and one starts after a crash', async () => {
  const server = await Server.start({ fixtures: 1 });
  try {
    const second = ['serve', '--listen', '127.0.0.1:0', '--database', server.database.url, '--jwt-secret', server.secret, '--uploads', server.uploads];
    const refused = await run(second);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, new RegExp(`another server \\(process ${server.child.pid}\\) is using it; stop that server, or name another file`));
    await server.seed({ users: [{ id: 'late', name: 'Late', email: null, image: null }], channels: [], conversations: [] });
    assert.equal(await readiness(server), 200);
    await server.kill();
    await server.launch();
  } finally {
    await server.close();
  }
});

const file = (server) => join(server.directory, 'accord.db');
for (const [what, lose] of [
  ['deleted', (server) => rm(file(server))],
  ['replaced', (server) => copyFile(file(server), `${file(server)}.copy`).then(() => rename(`${file(server)}.copy`, file(server)))],
]) {
  test(`a server whose file was ${what} refuses writes from then on, says so at /readyz, and stops cleanly`, async () => {
    const server = await Server.start({ fixtures: 1 });
    try {
      const fixture = server.fixture();
      const ada = await fixture.connect('ada');
      const channelId = fixture.general;
      const kept = await ada.ok('send_message', { content: 'kept', channelId });
      assert.equal(await readiness(server), 200);
      await lose(server);
      const { code, message } = await ada.fails('send_message', { content: 'lost', channelId });
      assert.deepEqual([code, message], ['internal', 'Failed to send message']);
      assert.equal(await readiness(server), 503);
      await server.logged(/accord\.db was deleted, moved or replaced while it was open/);
      const { body } = await fixture.rest('ada').get(`/api/messages?channelId=${channelId}`);
      assert.deepEqual(body.data.messages, [kept]);
    } finally {
      await server.close();
    }
  });
}
