// The command line: accepted and refused arguments, worlds and tokens.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { newDatabase } from './harness/database.js';
import { asked } from './harness/follower.js';
import { BINARY, run, Server } from './harness/server.js';
import { forge } from './harness/token.js';

const directory = await mkdtemp(join(tmpdir(), 'accord-startup-'));
after(() => rm(directory, { recursive: true, force: true }));

const server = await Server.start({ fixtures: 10 });
after(() => server.close());

const SECRET = 'a secret of more than thirty-two bytes';

/** Runs `serve` with arguments that must keep it from starting, and returns its output. */
async function refused(args, env = {}) {
  const child = spawn(BINARY, ['serve', '--uploads', join(directory, 'uploads'), ...args], { cwd: directory, env: { PATH: process.env.PATH, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  assert.equal(signal, null, `it started:\n${output}`);
  assert.notEqual(code, 0, output);
  assert.ok(output.trim().length > 0, 'it says why');
  assert.doesNotMatch(output, /panicked at|RUST_BACKTRACE/);
  return output;
}

test('sec_02 a secret of under 32 bytes is refused on an address that is not loopback', async () => {
  const database = await newDatabase(directory);
  const base = ['--database', database.url, '--listen', '0.0.0.0:0'];
  assert.match(await refused([...base, '--jwt-secret', 'short']), /32/);
  assert.match(await refused([...base, '--jwt-secret', 'x'.repeat(31)]), /32/);
  await refused(['--database', database.url, '--listen', '[::]:0', '--jwt-secret', 'short']);
  await refused(base);
  await refused(base, { ACCORD_JWT_SECRET: 'short' });
  await database.drop();
});

test('sec_02 the demo is refused on an address that is not loopback', async () => {
  const { code, stdout, stderr } = await run(['--listen', '0.0.0.0:0', '--data', join(directory, 'demo')]);
  assert.notEqual(code, 0, stdout + stderr);
});

test('a secret of under 32 bytes is a warning on loopback', async () => {
  const short = await Server.start({ fixtures: 1, secretFlag: false, flags: ['--jwt-secret', 'short'] });
  try {
    await short.logged(/32/);
    const token = forge({ alg: 'HS256' }, { id: 'ada-0', name: 'Ada', exp: 4_000_000_000 }, 'short');
    assert.equal((await short.rest(token).get('/api/channels')).status, 200);
  } finally {
    await short.close();
  }
});

test('a server that cannot reach its database, its port or its uploads says so and does not start', async () => {
  const base = ['--jwt-secret', SECRET, '--listen', '127.0.0.1:0'];
  const file = join(directory, 'a-file');
  await writeFile(file, 'no directory');
  await refused([...base, '--database', `sqlite://${file}/accord.db`]);
  await refused([...base, '--database', 'postgres://nobody:secret-word@127.0.0.1:1/none']).then((output) => assert.doesNotMatch(output, /secret-word/));
  await refused([...base, '--database', 'mysql://127.0.0.1/none']);
  const taken = ['--jwt-secret', SECRET, '--listen', `127.0.0.1:${server.port}`, '--database', `sqlite://${join(directory, 'taken.db')}`];
  assert.match(await refused(taken), new RegExp(`${server.port}`));
  await refused(['--jwt-secret', SECRET, '--listen', 'nonsense']);
  await refused(['--no-such-flag']);
  for (const flag of ['--sockets-per-user', '--sockets-per-address', '--log-entries']) {
    assert.match(await refused(['--jwt-secret', SECRET, flag, '0']), /whole number from 1/);
  }
});

const LOG_SETTINGS = [
  ['--log-keep', 'ACCORD_LOG_KEEP', ['0s', '5', '-1h', 'a week', ''], /write a whole number( from 1)? and a unit/],
  ['--log-entries', 'ACCORD_LOG_ENTRIES', ['0', '-1', '1.5', 'all', ''], /write a whole number from 1/],
  ['--log-floor', 'ACCORD_LOG_FLOOR', ['0s', '5', '-1h', 'a week', ''], /write a whole number( from 1)? and a unit/],
];

test('options in the help, or variables, set the retention of room logs, and invalid values are refused', async () => {
  const { stdout } = await run(['serve', '--help']);
  for (const [flag, variable, nonsense, remedy] of LOG_SETTINGS) {
    assert.match(stdout, new RegExp(`${flag} <[A-Z]+>[^-]*\\[env: ${variable}=`));
    for (const value of nonsense) {
      assert.match(await refused(['--jwt-secret', SECRET, `${flag}=${value}`]), remedy, `${flag}=${value}`);
    }
    assert.match(await refused(['--jwt-secret', SECRET], { [variable]: nonsense[0] }), remedy, variable);
  }
});

test('the log of rooms keeps as much as its options say', async () => {
  const flags = ['--log-entries', '2', '--log-floor', '1s'];
  const keeping = await Server.start({ fixtures: 1, flags });
  try {
    const fixture = keeping.fixture();
    const channelId = fixture.general;
    const ada = await fixture.connect('ada');
    const { position: since } = await asked(ada, 'join_channel', { channelId });
    for (const content of ['1', '2', '3', '4']) await ada.ok('send_message', { content, channelId });
    // A server drops what is not kept as it starts. Entries of the last second are kept, however many there are.
    const caughtUp = async (seq) => {
      const bob = await fixture.connect('bob');
      const answer = await bob.socket.emitWithAck('join_channel', { channelId, since: { ...since, seq } });
      bob.socket.disconnect();
      return answer.ok || answer.error.code;
    };
    do {
      await keeping.stop();
      await keeping.launch();
    } while ((await caughtUp(1)) === true);
    assert.deepEqual([await caughtUp(1), await caughtUp(2)], ['position_lost', true]);
    // So old, all go.
    keeping.flags = [...keeping.flags, '--log-keep', '1s'];
    do {
      await keeping.stop();
      await keeping.launch();
    } while ((await caughtUp(3)) === true);
    assert.deepEqual([await caughtUp(3), await caughtUp(4)], ['position_lost', true]);
  } finally {
    await keeping.close();
  }
});

test('the server accepts a token of the token command', async () => {
  const { code, stdout } = await run(['token', '--jwt-secret', server.secret, '--user', 'ada-0', '--ttl', '1h']);
  assert.equal(code, 0);
  const token = stdout.trim();
  const [, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  const { exp } = JSON.parse(payload);
  const left = exp - Date.now() / 1000;
  assert.ok(left > 3590 && left <= 3600, `${left} s are left`);
  const { status, body } = await server.rest(token).get('/api/channels');
  assert.deepEqual([status, body.data.map(({ id }) => id).sort()], [200, ['general-0', 'side-0']]);
});

/** JSON in ASCII alone, as many libraries write it. */
const escaped = (json) => JSON.stringify(json).replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

test('a world is loaded from JSON and from YAML, and again without a change', async () => {
  const id = `seeded-${server.port}`;
  const friend = `friend-${server.port}`;
  const yaml = [
    'users:',
    `  - {id: ${id}, name: Seeded, email: s@example.com, image: null}`,
    `  - {id: ${friend}, name: Friend}`,
    `channels:\n  - {id: ${id}, name: A channel, members: [${id}, ${friend}]}`,
    `conversations:\n  - {id: ${id}, members: [${id}, ${friend}]}`,
  ].join('\n');
  const json = {
    users: [{ id, name: 'Seeded', email: 's@example.com', image: null }, { id: friend, name: 'Friend \u{1f600}' }],
    channels: [{ id, name: 'A channel', members: [id, friend] }],
    conversations: [{ id, members: [id, friend] }],
  };
  const rest = server.rest(server.token({ id, name: 'Seeded' }));
  for (const [name, text] of [['world.yaml', yaml], ['world.yaml', yaml], ['world.json', escaped(json)]]) {
    const file = join(directory, name);
    await writeFile(file, text);
    const seeded = await run(['seed', '--database', server.database.url, file]);
    assert.equal(seeded.code, 0, seeded.stderr);
    for (const [path, title] of [['/api/channels', 'A channel'], ['/api/conversations', null]]) {
      const { body } = await rest.get(path);
      assert.deepEqual(body.data.map((room) => [room.id, room.name, room.members.map((user) => user.id).sort()]), [[id, title, [friend, id]]]);
    }
  }
});

test('an invalid world file is refused as a whole, with its errors', async () => {
  for (const world of ['nonsense', '[]', '{"users": 1}', '{"users": [{"id": ""}]}', '{"users": [], "channels": [{"id": "x", "name": "X", "members": ["nobody"]}]}', 'users: [']) {
    const file = join(directory, 'wrong.yaml');
    await writeFile(file, world);
    const { code, stdout, stderr } = await run(['seed', '--database', server.database.url, file]);
    assert.notEqual(code, 0, world);
    assert.match(stderr, /wrong\.yaml:\d+:\d+/, world);
    assert.doesNotMatch(stdout + stderr, /panicked at/);
  }
  const { code } = await run(['seed', '--database', server.database.url, join(directory, 'no-such-file.yaml')]);
  assert.notEqual(code, 0);
});

test('sec_01 pages of other origins may not connect, over either transport', async () => {
  const fixture = server.fixture();
  for (const transport of ['polling', 'websocket']) {
    for (const origin of ['https://evil.example', `http://127.0.0.1.evil.example:${server.port}`, 'http://localhost.evil.example']) {
      const client = fixture.client({ token: fixture.token('ada'), transport, headers: { Origin: origin } });
      await client.refused();
    }
    for (const origin of [server.url, `http://localhost:${server.port}`, 'http://localhost:3000']) {
      const client = fixture.client({ token: fixture.token('ada'), transport, headers: { Origin: origin } });
      await client.connected();
    }
  }
});

test('sec_01 an origin that is allowed may connect, and no other', async () => {
  const open = await Server.start({ fixtures: 1, flags: ['--allow-origin', 'https://chat.example'] });
  try {
    const fixture = open.fixture();
    for (const transport of ['polling', 'websocket']) {
      const options = { token: fixture.token('ada'), transport };
      await fixture.client({ ...options, headers: { Origin: 'https://chat.example' } }).connected();
      for (const origin of ['https://chat.example.evil.example', 'http://chat.example', 'https://chat.example:444', 'https://sub.chat.example']) {
        await fixture.client({ ...options, headers: { Origin: origin } }).refused();
      }
    }
  } finally {
    await open.close();
  }
});
