// The steps of the README's "Adding an event", performed on a copy of the repository, and a protocol that is begun with it.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from './harness/client.js';
import { BINARY, Server, run as runServer } from './harness/server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binaries = dirname(BINARY);
const home = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'adding-an-event');
const copy = join(home, 'there', 'accord');
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

/** Copies the sources that the build needs. */
async function copySources(to) {
  await mkdir(to, { recursive: true });
  for (const entry of ['.rustfmt.toml', 'Cargo.toml', 'Cargo.lock', 'schema', 'codegen', 'macros', 'server', 'tests', 'conformance']) {
    const filter = (path) => !path.includes('node_modules');
    await cp(join(root, entry), join(to, entry), { recursive: true, filter });
  }
}

/** Copies the sources and the build's results, so that only the project's own crates are built again. */
async function makeCopy() {
  await rm(home, { recursive: true, force: true });
  await copySources(copy);
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
// With any test, even a small one, Cargo wants the dependencies with the features that they were built with for all tests.
const build = () => cargo('build', '--offline', '--workspace', '--bin', 'accord-server', '--test', 'date_time');

/** Replaces text that a file must contain, and returns the old text. */
async function edit(file, from, to) {
  const text = await readFile(file, 'utf8');
  assert.notEqual(text.replace(from, to), text, `${file} has ${from}`);
  await writeFile(file, text.replace(from, to));
  return text;
}

/** The handler's lines that stand for its logic. */
const nothing = /^ *let _ = \(call, payload\);\n.* is not written yet.*\n/m;

before(makeCopy);
after(() => rm(home, { recursive: true, force: true }));

/** The copy's server, with the world of its flows and two members of a channel. */
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

test('a new event needs one command and its logic, and the compiler names what is missing', async (t) => {
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
  assert.doesNotMatch(honest.output.replace(/^warning: .*schema\/generated is out of date.*$/gm, ''), /^warning: (?!`accord-server`)/m);
  await t.test('a handler without logic says so, and its flow fails', async (t) => {
    const { ann, flows } = await start(t);
    const { error } = await ann.socket.emitWithAck('raise_hand', { channelId: 'general' });
    const failure = { message: 'Failed to raise hand', code: 'internal', event: 'raise_hand', channelId: 'general' };
    assert.deepEqual(error, failure);
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
  await t.test('a handler with logic behaves as declared, and its flow passes', async (t) => {
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

/** Begins a project beside a checkout, and clones it to another place, beside the copy that builds it; its folder there. */
async function cloneOfBegun(name) {
  const here = join(home, 'here');
  await copySources(join(here, 'accord'));
  const begun = await run(join(binaries, 'accord'), ['new', 'protocol', name, '--accord-path', 'accord'], { cwd: here });
  assert.equal(begun.code, 0, begun.output);
  const git = async (...args) => {
    const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org'];
    const { code, output } = await run('git', [...identity, ...args], { cwd: join(here, name) });
    assert.equal(code, 0, output);
  };
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'begin');
  const project = join(dirname(copy), name);
  await git('clone', '--quiet', '.', project);
  await rm(here, { recursive: true });
  const manifest = await readFile(join(project, 'Cargo.toml'), 'utf8');
  assert.match(manifest, /^accord-runtime = \{ path = "\.\.\/accord\/macros\/runtime" \}$/m);
  return project;
}

/**
 * Packs the crates that are published, as Cargo packs them for the registry, and puts what is in the packages in place of the
 * copy's sources: a project is then built with that alone. Returns their names.
 */
async function usePackages() {
  const { stdout } = await promisify(execFile)('cargo', ['metadata', '--offline', '--no-deps', '--format-version', '1'], { cwd: root });
  const members = JSON.parse(stdout).packages.map((member) => ({ ...member, folder: dirname(member.manifest_path) }));
  const published = members.filter(({ publish }) => publish === null || publish.length > 0);
  const target = join(home, 'packed');
  const selected = published.flatMap(({ name }) => ['--package', name]);
  const options = ['--offline', '--no-verify', '--allow-dirty', '--target-dir', target];
  const packed = await run('cargo', ['package', ...options, ...selected], { cwd: root });
  assert.equal(packed.code, 0, packed.output);
  let patches = '\n[patch.crates-io]\n';
  for (const { name, version, folder } of published) {
    const path = relative(root, folder);
    const within = members.map((member) => relative(folder, member.folder).split('/')[0]);
    for (const entry of await readdir(join(copy, path))) {
      if (!within.includes(entry)) await rm(join(copy, path, entry), { recursive: true });
    }
    const archive = join(target, 'package', `${name}-${version}.crate`);
    const unpacked = await run('tar', ['-xzf', archive, '--strip-components=1', '-C', join(copy, path)]);
    assert.equal(unpacked.code, 0, unpacked.output);
    patches += `${name} = { path = "${path}" }\n`;
  }
  await edit(join(copy, 'Cargo.toml'), /$/, patches);
  return published.map(({ name }) => name);
}

test('a new protocol builds from a clone and with packages, passes its tests, and accepts a new event', async () => {
  const published = await usePackages();
  const project = await cloneOfBegun('turnout');
  // As a member of the checkout's workspace, it reuses the crates that are built already.
  const manifest = join(project, 'Cargo.toml');
  await edit(manifest, /\n# Keeps this project out of [^]*\[workspace\]\n/, '');
  await edit(manifest, '[package]\n', '[package]\nworkspace = "../accord"\n');
  await edit(join(copy, 'Cargo.toml'), '"codegen/cli/src/new/protocol"', '"../turnout"');
  const tests = () => cargo('test', '--offline', '--workspace', '--test', 'conformance');

  const tree = await cargo('tree', '--offline', '--package', 'turnout', '--prefix', 'none', '--format', '{p}');
  const needed = new Set([...tree.output.matchAll(/^accord-\S+/gm)].map(([name]) => name));
  assert.deepEqual([...needed].sort(), published.sort(), 'what is published is what a project needs');

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
