// The steps of the README's "Adding an event", performed on a copy of the repository.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from './harness/client.js';
import { Server } from './harness/server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const copy = join(built, 'adding-an-event');

/** The README's code blocks of that section: `{ language, place, code }`, the place being named by the first line. */
async function steps() {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const section = readme.split('\n## Adding an event\n')[1].split('\n## ')[0];
  return [...section.matchAll(/^ {3}```(\w+)\n([^]*?)^ {3}```$/gm)].map(([, language, block]) => {
    const [place, ...lines] = block.split('\n').map((line) => line.replace(/^ {3}/, ''));
    const [, file, under] = place.match(/^(?:#|\/\/) (\S+), (.+)$/);
    return { language, file, under, code: lines.join('\n') };
  });
}

/** Puts the code behind the line that the step names. */
async function perform({ file, under, code }) {
  const path = join(copy, file);
  const text = await readFile(path, 'utf8');
  const line = text.split('\n').find((candidate) => candidate.replace(/ \{$/, '') === under);
  assert.ok(line, `${file} has the line ${under}`);
  await writeFile(path, text.replace(`${line}\n`, `${line}\n${code}`));
}

/** Copies what the build needs, and what has been built of it, so that only the project's own crates are built again. */
async function makeCopy() {
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  for (const entry of ['Cargo.toml', 'Cargo.lock', 'schema', 'codegen', 'macros', 'server', 'tests', 'conformance']) {
    const filter = (path) => !path.includes('node_modules');
    await cp(join(root, entry), join(copy, entry), { recursive: true, filter });
  }
  for (const entry of ['deps', 'build', '.fingerprint']) {
    const from = join(dirname(process.env.ACCORD_SERVER_BIN ?? join(built, 'debug', 'accord-server')), entry);
    await cp(from, join(copy, 'target', 'debug', entry), { recursive: true, preserveTimestamps: true });
  }
}

async function cargoBuild() {
  const env = { ...process.env, CARGO_TARGET_DIR: join(copy, 'target'), CARGO_TERM_COLOR: 'never' };
  const child = spawn('cargo', ['build', '--offline', '--workspace', '--bin', 'accord-server'], { cwd: copy, env });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, output };
}

test('an event takes its YAML and its handler, and the compiler asks for the handler', async (t) => {
  t.after(() => rm(copy, { recursive: true, force: true }));
  await makeCopy();
  const [client, server, handler, ...more] = await steps();
  assert.deepEqual([client.language, server.language, handler.language, more.length], ['yaml', 'yaml', 'rust', 0]);

  await perform(client);
  const undeclared = await cargoBuild();
  assert.notEqual(undeclared.code, 0);
  assert.match(undeclared.output, /message_highlighted/, 'the schema compiler misses the emitted event');
  assert.match(undeclared.output, /schema\/events\/messages\.yaml:\d+:\d+/, 'and says where');
  assert.doesNotMatch(undeclared.output, /error\[E\d+\]/, 'and no other error follows');

  await perform(server);
  const unhandled = await cargoBuild();
  assert.notEqual(unhandled.code, 0);
  assert.match(unhandled.output, /not all trait items implemented, missing: `highlight_message`/);

  await perform(handler);
  const complete = await cargoBuild();
  assert.equal(complete.code, 0, complete.output);
  const unchanged = await cargoBuild();
  assert.equal(unchanged.code, 0, unchanged.output);
  assert.doesNotMatch(unchanged.output, /Compiling/, 'what has not changed is not generated again');

  const running = await Server.start({ binary: join(copy, 'target', 'debug', 'accord-server') });
  t.after(() => running.close());
  await running.admin.put('/api/admin/users/ann', { name: 'Ann' });
  await running.admin.put('/api/admin/users/ben', { name: 'Ben' });
  await running.admin.put('/api/admin/channels/general', { name: 'general', members: ['ann', 'ben'] });
  const [ann, ben] = await Promise.all(
    ['ann', 'ben'].map((id) => new Client(running, { token: running.token({ id }) }).connected()),
  );
  t.after(() => [ann, ben].forEach((socket) => socket.close()));
  for (const socket of [ann, ben]) await socket.ok('join_channel', { channelId: 'general' });
  const payload = { messageId: 'message_123', channelId: 'general' };
  assert.equal(await ann.ok('highlight_message', payload), null);
  assert.deepEqual(await ben.next('message_highlighted'), { ...payload, userId: 'ann' });
  assert.deepEqual((await ann.fails('highlight_message', { channelId: 'general' })).details, [
    { path: '/messageId', message: 'is required' },
  ]);
});
