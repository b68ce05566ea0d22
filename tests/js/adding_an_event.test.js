// The steps of the README's "Adding an event", performed on a copy of the repository, and a protocol that is begun in it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from './harness/client.js';
import { BINARY, Server, run as runServer } from './harness/server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binaries = dirname(BINARY);
const copy = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'adding-an-event');
const schema = join(copy, 'schema', 'chat.yaml');

/** The README's code blocks of that section: `{ language, place, code }`, the place being named by the first line. */
async function steps() {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const section = readme.split('\n## Adding an event\n')[1].split('\n## ')[0];
  const blocks = [...section.matchAll(/^ {3}```(\w+)\n([^]*?)^ {3}```$/gm)];
  const [[, sh, command], [, rust, block], ...more] = blocks;
  assert.deepEqual([sh, rust, more.length], ['sh', 'rust', 0]);
  const [place, ...lines] = block.split('\n').map((line) => line.replace(/^ {3}/, ''));
  const [, file] = place.match(/^\/\/ (\S+), raise_hand$/);
  return { command: command.trim().split(' '), file: join(copy, file), code: lines.join('\n') };
}

/** Copies what the build needs, and what has been built of it, so that only the project's own crates are built again. */
async function makeCopy() {
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  for (const entry of ['.rustfmt.toml', 'Cargo.toml', 'Cargo.lock', 'schema', 'codegen', 'macros', 'server', 'tests', 'conformance']) {
    const filter = (path) => !path.includes('node_modules');
    await cp(join(root, entry), join(copy, entry), { recursive: true, filter });
  }
  for (const entry of ['deps', 'build', '.fingerprint']) {
    await cp(join(binaries, entry), join(copy, 'target', 'debug', entry), { recursive: true, preserveTimestamps: true });
  }
}

/** Runs a program to its end. */
async function run(program, args, { cwd = copy, env = {} } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, CARGO_TERM_COLOR: 'never', ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, output };
}

const cargo = (...args) => run('cargo', args, { env: { CARGO_TARGET_DIR: join(copy, 'target') } });
const build = () => cargo('build', '--offline', '--workspace', '--bin', 'accord-server');

/** Edits a file, where there is something to edit; what it was. */
async function edit(file, from, to) {
  const text = await readFile(file, 'utf8');
  assert.notEqual(text.replace(from, to), text, `${file} has ${from}`);
  await writeFile(file, text.replace(from, to));
  return text;
}

/** The handler's lines that stand for its logic. */
const nothing = /^ *let _ = \(call, payload\);\n.* is not written yet.*\n/m;

before(makeCopy);
after(() => rm(copy, { recursive: true, force: true }));

/** The copy's server, with what the flows of the copy need and two members of a channel. */
async function start(t) {
  const server = await Server.start({ binary: join(copy, 'target', 'debug', 'accord-server') });
  t.after(() => server.close());
  const world = await run(join(binaries, 'accord-conformance'), ['world', '--schema', schema]);
  assert.equal(world.code, 0, world.output);
  const file = join(server.directory, 'flows.yaml');
  await writeFile(file, world.output);
  const seeded = await runServer(['seed', '--database', server.database.url, file]);
  assert.equal(seeded.code, 0, seeded.stderr);
  await server.admin.put('/api/admin/users/ann', { name: 'Ann' });
  await server.admin.put('/api/admin/users/ben', { name: 'Ben' });
  await server.admin.put('/api/admin/channels/general', { name: 'general', members: ['ann', 'ben'] });
  const [ann, ben] = await Promise.all(
    ['ann', 'ben'].map((id) => new Client(server, { token: server.token({ id }) }).connected()),
  );
  t.after(() => [ann, ben].forEach((socket) => socket.close()));
  for (const socket of [ann, ben]) await socket.ok('join_channel', { channelId: 'general' });
  const flows = () =>
    run(join(binaries, 'accord-conformance'), [
      ...['run', '--schema', schema, '--url', server.url, '--jwt-secret', server.secret, '--filter', 'raise_hand'],
    ]);
  return { ann, ben, flows };
}

test('an event takes a command and its logic, and the compiler asks for what is missing', async (t) => {
  const { command, file, code } = await steps();
  const begun = await run(join(binaries, command[0]), command.slice(1));
  assert.equal(begun.code, 0, begun.output);
  const handler = await readFile(file, 'utf8');

  const events = join(copy, 'schema', 'events', 'channels.yaml');
  const declared = await edit(events, '\n  hand_raised:', '\n  hand_lowered:');
  const undeclared = await build();
  assert.notEqual(undeclared.code, 0);
  assert.match(undeclared.output, /hand_raised/, 'the schema compiler misses the emitted event');
  assert.match(undeclared.output, /schema\/events\/channels\.yaml:\d+:\d+/, 'and says where');
  assert.doesNotMatch(undeclared.output, /error\[E\d+\]/, 'and no other error follows');
  await writeFile(events, declared);

  await edit(file, 'async fn raise_hand', 'async fn lower_hand');
  const unhandled = await build();
  assert.notEqual(unhandled.code, 0);
  assert.match(unhandled.output, /not all trait items implemented, missing: `raise_hand`/);
  await writeFile(file, handler);

  const honest = await build();
  assert.equal(honest.code, 0, honest.output);
  assert.doesNotMatch(honest.output.replace(/^warning: .*schema\/generated is not .*$/gm, ''), /^warning: (?!`accord-server`)/m);
  await t.test('a handler without logic says so, and its flow fails', async (t) => {
    const { ann, flows } = await start(t);
    const { message, code } = await ann.fails('raise_hand', { channelId: 'general' });
    assert.deepEqual([code, message], ['internal', 'Failed to raise hand']);
    const held = await flows();
    assert.equal(held.code, 1, held.output);
    assert.match(held.output, /FAILED channels\/raise_hand/);
  });

  await edit(file, nothing, code);
  const complete = await build();
  assert.equal(complete.code, 0, complete.output);
  const unchanged = await build();
  assert.equal(unchanged.code, 0, unchanged.output);
  assert.doesNotMatch(unchanged.output, /Compiling/, 'what has not changed is not generated again');
  await t.test('with its logic it does what it is declared to, and its flow passes', async (t) => {
    const { ann, ben, flows } = await start(t);
    const raised = { channelId: 'general', userId: 'ann' };
    assert.deepEqual(await ann.ok('raise_hand', { channelId: 'general' }), raised);
    assert.deepEqual(await ben.next('hand_raised'), raised);
    assert.deepEqual((await ann.fails('raise_hand', {})).details, [{ path: '/channelId', message: 'is required' }]);
    const held = await flows();
    assert.equal(held.code, 0, held.output);
    assert.match(held.output, /^\d+ passed, 0 failed/m);
  });
});

test('a protocol that is begun builds without a warning, passes its tests, and takes an event', async () => {
  const project = join(copy, 'turnout');
  const begun = await run(join(binaries, 'accord'), ['new', 'protocol', project, '--accord', copy]);
  assert.equal(begun.code, 0, begun.output);
  // As a member of the workspace, it is built with what has been built already.
  await edit(join(project, 'Cargo.toml'), /\n# Apart from [^]*\[workspace\]\n/, '');
  await edit(join(copy, 'Cargo.toml'), '"codegen/cli/src/new/protocol"', '"turnout"');
  const tests = () => cargo('test', '--offline', '--workspace', '--test', 'conformance');

  const complete = await tests();
  assert.equal(complete.code, 0, complete.output);
  assert.doesNotMatch(complete.output, /^warning: (?!.*schema\/generated)(?!.*accord-)/m);
  assert.match(complete.output, /test result: ok\. 1 passed/);

  const event = ['new', 'event', 'reset_counter', '--scope', 'counter', '--domain', 'counters'];
  const added = await run(join(binaries, 'accord'), event, { cwd: project });
  assert.equal(added.code, 0, added.output);
  const unwritten = await tests();
  assert.notEqual(unwritten.code, 0);
  assert.match(unwritten.output, /FAILED counters\/reset_counter/);

  const logic = `
        let counter_id = payload.counter_id;
        let user_id = call.identity().id.as_str().into();
        self.counters().entry(counter_id.as_str().to_owned()).or_default().total = 0;
        Ok(ResetCounterReply { counter_reset: CounterReset { counter_id, user_id } })
`;
  await edit(join(project, 'src', 'handlers', 'counters.rs'), nothing, logic);
  const written = await tests();
  assert.equal(written.code, 0, written.output);
});
