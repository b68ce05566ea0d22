// The generated npm package: programs that compile, programs that do not, and a compiled program with the server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { BINARY, Server } from './harness/server.js';

const exec = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

let server;
let directory;
let compiled;

const tsc = (...args) =>
  exec(process.execPath, [here('node_modules/typescript/bin/tsc'), ...args], { cwd: directory }).then(
    () => '',
    ({ stdout, stderr }) => stdout + stderr,
  );

/** Makes a project in which npm installs the packages by their paths, as links, and compiles it. */
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'accord-typescript-'));
  const project = join(directory, 'project');
  const packages = [here('../../schema/generated/typescript')];
  await cp(here('typescript'), project, { recursive: true });
  for (const schema of ['../whiteboard/history/1.0.0/whiteboard.yaml', '../../codegen/rust/tests/corner_cases/sample.yaml']) {
    const name = schema.replace(/^.*\/|\.yaml$/g, '');
    const copy = join(directory, name, 'schema.yaml');
    await cp(here(schema), copy);
    await exec(join(dirname(BINARY), 'accord'), ['gen', 'all', copy]);
    packages.push(join(directory, name, 'generated/typescript'));
  }
  directory = project;
  await exec('npm', ['install', '--offline', '--no-audit', '--no-fund', ...packages], { cwd: project });
  await symlink(here('node_modules/socket.io-client'), join(project, 'node_modules/socket.io-client'));
  compiled = await tsc('--project', project);
  server = await Server.start({ fixtures: 8 });
});

after(async () => {
  await server?.close();
  await rm(dirname(directory), { recursive: true, force: true });
});

const load = (module) => import(pathToFileURL(join(directory, module)));
const program = () => load('out/program.js');
const as = (fixture, role) => ({ url: server.url, token: fixture.token(role) });

test('typed programs compile under strict, and every mistake in them is found', () => {
  assert.equal(compiled, '');
});

test('each way of resolving modules finds the types, for `import` and for `require`', async () => {
  const strict = ['--noEmit', '--strict', '--target', 'es2022', '--skipLibCheck', 'false'];
  for (const how of [['--module', 'node16'], ['--module', 'nodenext'], ['--module', 'esnext', '--moduleResolution', 'bundler']]) {
    assert.equal(await tsc('--ignoreConfig', ...strict, ...how, 'page.ts', 'required.cts'), '', how.join(' '));
  }
});

test('`require` loads what `import` loads', async () => {
  const require = createRequire(join(directory, 'any.cjs'));
  for (const [name, file] of [['chat', 'index'], ['chat/client', 'client'], ['chat/rooms', 'rooms']]) {
    assert.equal(require(`@accord/${name}`), await load(`node_modules/@accord/chat/${file}.js`));
  }
});

test('a typed program joins, sends, receives, edits, reacts and reads back', async () => {
  const fixture = server.fixture();
  const outcome = await (await program()).converse(as(fixture, 'ada'), fixture.general);
  assert.ok(Math.abs(outcome.timestamp - Date.now()) < 60_000);
  assert.deepEqual(outcome, {
    accepted: { authenticated: true, joined_channel: true, new_message: true, message_edited: true, reaction_added: true, pong: true },
    isSame: true,
    edited: 'Hello!',
    emoji: '👍',
    timestamp: outcome.timestamp,
    newest: 'Hello!',
    reactions: 1,
    total: 1,
  });
});

test('a refusal has its code in acknowledgements, in the error event and in RestError', async () => {
  const fixture = server.fixture();
  assert.deepEqual(await (await program()).refusals(as(fixture, 'eve'), fixture.general), {
    reply: 'Access denied to channel',
    failed: 'join_channel',
    read: [403, 'access_denied', 'Access denied to channel'],
    unread: [401, 'auth_required'],
    wrong: [400, ['/limit']],
  });
});

test('a file is uploaded, attached and loaded by typed calls', async () => {
  const fixture = server.fixture();
  assert.deepEqual(await (await program()).attach(as(fixture, 'ada'), fixture.general), {
    names: ['table.csv'],
    text: 'a,b\n',
    health: 'ok',
  });
});

test('validators report the same violations of a payload as the server', async () => {
  const fixture = server.fixture();
  const { validateSendMessage } = await load('node_modules/@accord/chat/index.js');
  const valid = { channelId: fixture.general, content: 'Hello' };
  const payloads = [
    {},
    [],
    'text',
    { ...valid, content: '' },
    { ...valid, content: ' \u0085\n' },
    { ...valid, content: '\0' },
    { ...valid, content: '😀'.repeat(4001) },
    { ...valid, channelId: '' },
    { ...valid, channelId: `a\u0007${'x'.repeat(128)}` },
    { ...valid, channelId: null, replyToId: 7, content: 1.5 },
    { ...valid, attachments: [{ id: 'a' }, {}, 1, null, { id: '' }] },
    { ...valid, attachments: Array.from({ length: 11 }, () => ({ id: '\n' })) },
    { ...valid, content: '', attachments: {} },
  ];
  assert.deepEqual(payloads.map(validateSendMessage), await (await program()).violations(as(fixture, 'ada'), payloads));
  for (const extra of [{}, { replyToId: null }, { attachments: null }, { unknown: 1 }, { content: '😀'.repeat(4000) }]) {
    assert.deepEqual(validateSendMessage({ ...valid, ...extra }), []);
  }
});

test('guards accept values of their type and no others', async () => {
  const { isStroke, isTree, validateDrawStroke, validatePlant } = await load('out/others.js');
  const stroke = { id: 1, boardId: 'board-1', userId: 'ann', tool: 'pen', dashed: false, points: [{ x: 0, y: 0 }] };
  assert.equal(isStroke(stroke), true);
  assert.equal(isStroke({ ...stroke, further: 1 }), true);
  for (const wrong of [{ id: 1.5 }, { tool: 'brush' }, { points: {} }, { points: [{ x: 0 }] }, { dashed: null }, { userId: undefined }]) {
    assert.equal(isStroke({ ...stroke, ...wrong }), false, JSON.stringify(wrong));
  }
  for (const wrong of [null, undefined, [], 'stroke', () => {}]) assert.equal(isStroke(wrong), false);

  const tree = { type: 'x2', left: null, children: [], weights: { a: 0.25 }, genus: 'tree' };
  assert.equal(isTree({ ...tree, right: null, left: { ...tree, children: [tree] } }), true);
  assert.equal(isTree({ ...tree, left: { ...tree, genus: 'shrub' } }), false);
  assert.equal(isTree({ ...tree, weights: { a: '1' } }), false);

  const line = { boardId: 'Board 1', tool: 'highlighter', dashed: true, points: [{ x: 0, y: 10_001 }] };
  assert.deepEqual(validateDrawStroke(line), [
    { path: '/boardId', message: 'must match ^[a-z0-9-]+$' },
    { path: '/points', message: 'must have at least 2 items' },
    { path: '/points/0/y', message: 'must be at most 10000' },
    { path: '/dashed', message: 'must not be true for a highlighter' },
  ]);
  const planting = { boardId: 'a', otherId: 'b', level: 0, slug: '"', tree: { ...tree, isLeaf: true, weights: { 'a/~b': 1 }, at: '2026-02-30T09:30:00Z' } };
  assert.deepEqual(validatePlant(planting).map(({ path }) => path), ['/tree/weights/a~1~0b', '/tree/at', '/tree/isLeaf', '/level', '/slug']);
});
