// Clients that hold what the server has: pings whose pongs nobody reads, bodies that never end, connections without
// end. Honest clients are not affected, memory stays bounded, and the server stops on request. `ACCORD_ATTACKS=full`
// attacks for longer, and with more.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { TRANSPORTS } from './harness/client.js';
import { FLOODS, UPGRADE, open as openTo } from './harness/floods.js';
import { RawSocket } from './harness/raw.js';
import { BINARY, Server } from './harness/server.js';
import { Steady } from './harness/steady.js';

const full = process.env.ACCORD_ATTACKS === 'full';
const ATTACK_MS = full ? 10_000 : 2_000;
const POSTS = full ? 1_200 : 300;
const MESSAGES = full ? 2_000 : 500;
const ASKED = full ? 2_000 : 100;

/** The maximum ratio of the medians of two times that should be equal. One more query makes a difference twice as large. */
const MOST_APART = full ? 1.15 : 1.3;
const UNREAD = 480;

/** The most memory that an attacked server may take up. */
const MOST_RESIDENT_KIB = 256 * 1024;

/** The most memory that may wait for one account's sockets: what counts for the account, and as much again for buffers. */
const MOST_UNSENT_KIB = 32 * 1024;

/** A latency of an honest client that is always accepted: a busy machine is not an attack. */
const FLOOR_MS = 250;

let server;
let honest;

before(async () => {
  server = await Server.start();
  honest = await Steady.connect(server, [server.fixture().token('ada')]);
});

after(async () => {
  await honest.close();
  await server.close();
});

/** A raw connection. */
const open = () => openTo(server);

/** The most memory that a server's process has taken up so far, in KiB. */
async function peak({ child } = server) {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]);
}

/** Attacks a server beside an honest client, whose latency is bounded by `floor` at least. */
async function withstands(name, attack, { of = server, client = honest, quietMs = ATTACK_MS, floor = FLOOR_MS } = {}) {
  const quiet = await client.p99(pause(quietMs));
  const attacked = await client.p99(attack());
  const resident = await peak(of);
  console.log(`${name}: p99 ${quiet.toFixed(1)} ms quiet, ${attacked.toFixed(1)} ms attacked; ${Math.round(resident / 1024)} MiB at the most`);
  assert.ok(attacked <= Math.max(2 * quiet, floor), `p99 was ${quiet} ms, and ${attacked} ms under attack`);
  assert.ok(resident < MOST_RESIDENT_KIB, `${resident} KiB were resident`);
}

/** Many pings of 125 bytes, as a client frames them. */
const PINGS = Buffer.concat(Array.from({ length: 500 }, () => Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125)])));

test('pings whose pongs are not read use no memory, and delay nobody', async () => {
  const sockets = Array.from({ length: 4 }, () => open());
  await withstands('pings', async () => {
    for (const socket of sockets) {
      socket.pause();
      socket.write(UPGRADE);
      const more = () => {
        while (socket.writable && socket.write(PINGS));
      };
      socket.on('drain', more);
      socket.once('connect', more);
    }
    await pause(ATTACK_MS);
  });
  for (const socket of sockets) socket.destroy();
});

/** Opens a session that polls, without a token. */
async function session() {
  const opened = await (await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`)).text();
  return JSON.parse(opened.slice(1)).sid;
}

/** The head of a post, and less of its body than it announces. */
function begun(sid, bytes) {
  const head = `POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n`;
  return head + '4'.repeat(bytes);
}

test('endless posts use little memory, and delay nobody, on one session or many', async () => {
  const sockets = [];
  await withstands('posts', async () => {
    const one = await session();
    for (let number = 0; number < POSTS; number += 1) {
      const socket = open();
      sockets.push(socket);
      socket.write(begun(number % 2 ? one : await session(), 900_000));
    }
    await pause(ATTACK_MS);
  });
  for (const socket of sockets) socket.destroy();
});

test('a session that posts twice at once is closed, and so is one that polls twice at once', async () => {
  const posting = await session();
  const first = open();
  first.write(begun(posting, 10));
  // The first is being read once the second is refused.
  const url = (sid) => `${server.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
  let second;
  do second = await fetch(url(posting), { method: 'POST', body: '2' });
  while (second.status === 200);
  assert.equal(second.status, 400);
  first.destroy();

  const polling = await session();
  await fetch(url(polling)).then((answer) => answer.text()); // the first heartbeat
  const polls = await Promise.all([fetch(url(polling)), fetch(url(polling))]);
  assert.deepEqual(polls.map((poll) => poll.status).sort(), [200, 400]);
});

/** A socket that has joined a channel and reads nothing more. */
async function deaf(flooded, token, channelId) {
  const socket = new RawSocket(flooded);
  assert.ok(await socket.joined(token));
  socket.send(`421${JSON.stringify(['join_channel', { channelId }])}`);
  await socket.next((frame) => frame.startsWith('431['));
  socket.socket.pause();
  return socket;
}

test('the sockets of one account that read nothing use little memory', async () => {
  const flooded = await Server.start({ fixtures: 1 });
  const fixture = flooded.fixture();
  const channelId = fixture.general;
  const [sender, member] = await fixture.connectAll(['ada', 'bob']);
  await member.ok('join_channel', { channelId });
  // The longest in bytes that there are: Linux keeps some megabytes for each socket.
  const content = '\u{1f642}'.repeat(4_000);
  const send = async () => {
    for (let number = 0; number < MESSAGES; number += 1) await sender.ok('send_message', { channelId, content });
  };
  const sockets = [];
  try {
    // The database's cache fills, whether or not anybody reads.
    await send();
    for (let number = 0; number < 98; number += 1) sockets.push(await deaf(flooded, fixture.token('ada'), channelId));
    const before = await peak(flooded);
    await send();
    const used = (await peak(flooded)) - before;
    console.log(`98 sockets that read nothing: ${Math.round(before / 1024)} MiB before, ${Math.round(used / 1024)} MiB more after`);
    assert.ok(used < MOST_UNSENT_KIB, `${used} KiB more were resident`);
  } finally {
    for (const socket of sockets) socket.end();
    await flooded.close();
  }
});

test('sec_30 answers that a user does not read use little memory, and delay nobody', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const channelId = fixture.general;
  const content = '\u{1f642}'.repeat(4_000);
  const { id } = await ada.ok('send_message', { channelId, content });
  for (let number = 1; number < 100; number += 1) await ada.ok('send_message', { channelId, content, replyToId: id });
  const request = `GET /api/messages?channelId=${channelId}&limit=100 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${fixture.token('ada')}\r\n\r\n`;
  const sockets = [];
  await withstands('answers', async () => {
    for (let number = 0; number < UNREAD; number += 1) {
      const socket = open();
      sockets.push(socket);
      socket.pause();
      socket.write(request);
    }
    // In the meantime, other users get answers.
    assert.equal((await fixture.rest('bob').get(`/api/messages?channelId=${channelId}&limit=100`)).body.data.messages.length, 100);
    await pause(ATTACK_MS);
  });
  for (const socket of sockets) socket.destroy();
  assert.equal((await fixture.rest('ada').get(`/api/messages?channelId=${channelId}&limit=100`)).body.data.messages.length, 100);
});

test('clients that connect while the server stands still are all answered', async () => {
  // The system keeps them for the server, as far as it allows that.
  const most = Math.min(400, Number(await readFile('/proc/sys/net/core/somaxconn', 'utf8')));
  process.kill(server.child.pid, 'SIGSTOP');
  const sockets = [];
  try {
    for (let number = 0; number < most; number += 1) {
      const socket = open();
      sockets.push(socket);
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'connect', { signal: AbortSignal.timeout(20_000) });
    }
  } finally {
    process.kill(server.child.pid, 'SIGCONT');
  }
  const answers = await Promise.all(sockets.map(async (socket) => String((await once(socket, 'data'))[0]).slice(0, 15)));
  assert.deepEqual(new Set(answers), new Set(['HTTP/1.1 200 OK']));
  for (const socket of sockets) socket.destroy();
});

test('an address with its maximum of connections leaves file descriptors for others', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'accord-limit-'));
  const binary = join(directory, 'limited');
  await writeFile(binary, `#!/bin/sh\nulimit -n 256\nexec '${BINARY}' "$@"\n`);
  await chmod(binary, 0o755);
  const limited = await Server.start({ binary, fixtures: 1 });
  const attackers = Array.from({ length: 400 }, () => openTo(limited, '127.0.0.2'));
  try {
    let closed = 0;
    for (const socket of attackers) {
      socket.resume().once('close', () => (closed += 1));
      // A connection that the server has had no room for yet is completed by what its client sends.
      socket.write('G');
    }
    // Of 256 descriptors 144 are for connections, of which one address gets half.
    while (closed < attackers.length - 72) await pause(10);
    const health = await fetch(`${limited.url}/healthz`);
    assert.equal(health.status, 200);
    const fixture = limited.fixture();
    for (const transport of Object.keys(TRANSPORTS)) {
      const client = await fixture.connect('ada', { transport });
      await client.ok('ping', {});
    }
  } finally {
    for (const socket of attackers) socket.destroy();
    await limited.close();
    await rm(directory, { recursive: true });
  }
});

/** The pause between two events of a client that keeps to its limit. */
const PACE_MS = 55;

/** The duration of a flood. At full length, it is long enough for a p99 that is not a matter of chance. */
const FLOOD_MS = full ? 30_000 : ATTACK_MS;

/**
 * A latency during a flood that always counts as acceptable. A flood takes all the CPU time that it gets, and a debug build needs
 * twenty times as much: latencies only show the server's quality at full length, on a machine of its own.
 */
const FLOODED_MS = full ? 0 : 10_000;

/** Lets a process run on some cores alone. */
const pin = (pid, cores) => execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', cores, String(pid)]);

/** Attacks as if from another machine: on a core without honest clients, in the CPU time that the server leaves there. */
async function fromElsewhere(attack) {
  pin(process.pid, '1');
  setPriority(19);
  try {
    await attack();
  } finally {
    setPriority(0);
    pin(process.pid, '0-1');
  }
}

/** The maximum length of the log of a flood, in characters. */
const MOST_LOGGED = 1_000_000;

// At full length, each flood has a test of its own; otherwise one test has them all, one after the other.
for (const kinds of full ? Object.keys(FLOODS).map((kind) => [kind]) : [Object.keys(FLOODS)]) {
  test(`sec_05 one address and one account that flood a server with ${kinds.join(', ')} delay nobody`, async () => {
    const flooded = await Server.start({ rateLimits: 'on', fixtures: 1 });
    const fixture = flooded.fixture();
    const paced = await Steady.connect(flooded, ['bob', 'cyd', 'eve'].map((role) => fixture.token(role)), PACE_MS);
    try {
      const floods = async () => {
        for (const kind of kinds) await FLOODS[kind](flooded, fixture, AbortSignal.timeout(FLOOD_MS / kinds.length));
      };
      if (full) pin(paced.process.pid, '0');
      const attack = full ? () => fromElsewhere(floods) : floods;
      await withstands(kinds.join(', '), attack, { of: flooded, client: paced, quietMs: FLOOD_MS, floor: FLOODED_MS });
      assert.ok(flooded.log.length < MOST_LOGGED, `${flooded.log.length} characters are logged`);
    } finally {
      await paced.close();
      await flooded.close();
    }
  });
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

test('sec_21 a room that does not exist and a room of others are refused in the same time', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const rest = fixture.rest('ada');
  const ways = {
    joining: (channelId) => ada.fails('join_channel', { channelId }),
    sending: (channelId) => ada.fails('send_message', { channelId, content: 'Hi' }),
    reading: (channelId) => rest.get(`/api/messages?channelId=${channelId}`),
  };
  const rooms = [fixture.elsewhere, 'elsewhere-unknown'];
  for (const [name, ask] of Object.entries(ways)) {
    // A real difference shows each time; a disturbance of the machine does not.
    let ratio;
    for (let attempt = 0; attempt < 3 && !(ratio <= MOST_APART); attempt += 1) {
      const took = rooms.map(() => []);
      for (let number = 0; number < ASKED; number += 1) {
        for (const room of number % 2 === 0 ? [0, 1] : [1, 0]) {
          const begun = performance.now();
          await ask(rooms[room]);
          took[room].push(performance.now() - begun);
        }
      }
      const medians = took.map(median);
      ratio = Math.max(...medians) / Math.min(...medians);
      console.log(`${name}: ${medians.map((time) => time.toFixed(3)).join(' and ')} ms`);
    }
    assert.ok(ratio <= MOST_APART, `${name}: one takes ${ratio} times as long as the other`);
  }
});

test('a stop waits neither for endless bodies and headers, nor for idle connections', async () => {
  const sockets = [];
  for (let number = 0; number < 20; number += 1) {
    const [idle, head, body, post] = Array.from({ length: 4 }, () => open());
    idle.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    head.write('GET /healthz HTTP/1.1\r\nHost:');
    body.write(`POST /api/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.token({ id: 'root', name: 'Root', admin: true })}\r\n`);
    body.write('Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\n');
    post.write(begun(await session(), 1000));
    sockets.push(idle, head, body, post);
  }
  // All of it has arrived once a later request has been answered.
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  const begins = performance.now();
  await server.stop();
  const took = performance.now() - begins;
  console.log(`stop: ${Math.round(took)} ms`);
  assert.ok(took < 3_000, `the stop took ${took} ms`);
  for (const socket of sockets) socket.destroy();
});
