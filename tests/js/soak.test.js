// A soak: honest clients under whom things go wrong, one after the other. It ends with every client connected, all that
// was acknowledged stored as it was acknowledged, and the figures that it began with.
//
// ACCORD_SOAK_SECONDS says how long; in any case everything goes wrong at least once. ACCORD_SOAK_SEED repeats one: which
// things go wrong, in which order, for how long, and what clients say when.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { SmallDisk } from './harness/disk.js';
import { areNumbered } from './harness/follower.js';
import { readHistory } from './harness/history.js';
import { KINDS } from './harness/kinds.js';
import { LogReader } from './harness/log_reader.js';
import { Postgres } from './harness/postgres.js';
import { Network } from './harness/proxy.js';
import { Random } from './harness/random.js';
import { Server } from './harness/server.js';
import { SoakClient } from './soak/client.js';
import { FULL, POSTGRES, SQLITE } from './soak/faults.js';
import { grown, measure, summary } from './soak/figures.js';

const SECONDS = Number(process.env.ACCORD_SOAK_SECONDS ?? 1);
const SEED = Number(process.env.ACCORD_SOAK_SEED ?? randomInt(2 ** 31));
const LONG = SECONDS >= 300;
const KIND = LONG ? 'long' : 'short';

/** The duration of faults and of the pauses in between, of taking figures, and the lifetime of a token. */
const FAULT_MS = LONG ? [1_000, 12_000] : [500, 1_500];
const PAUSE_MS = LONG ? [1_000, 6_000] : [200, 600];
const FIGURES_MS = LONG ? 60_000 : 3_000;
const TOKEN_SECONDS = LONG ? 120 : 10;

/** The time in which everything must recover. */
const RECOVERY_MS = 60_000;

const FIXTURES = 3;
const ROLES = { ada: ['websocket'], bob: ['polling', 'websocket'], cyd: ['polling'] };
const DISK_MIB = 60;

class Soak {
  static async start(t, random, options) {
    const soak = new Soak();
    soak.t = t;
    soak.random = random;
    soak.directory = await mkdtemp(join(tmpdir(), 'accord-soak-'));
    soak.log = await LogReader.start(soak.directory);
    const stderr = soak.log.output.fd;
    soak.server = await Server.start({ fixtures: FIXTURES, rateLimits: 'on', flags: ['--log', 'debug'], stderr, ...options });
    soak.network = await Network.start(soak.server.port);
    soak.clients = [];
    for (let fixture = 0; fixture < FIXTURES; fixture += 1) {
      const common = { network: soak.network, fixture: soak.server.fixture(), tokenSeconds: TOKEN_SECONDS };
      for (const [role, transports] of Object.entries(ROLES)) {
        soak.clients.push(new SoakClient({ ...common, role, transports, random: random.fork() }));
      }
    }
    return soak;
  }

  /** Waits until no client is left that `waits`. */
  async until(what, waits) {
    const deadline = performance.now() + RECOVERY_MS;
    for (let left; (left = this.clients.filter(waits)).length > 0; await pause(20)) {
      const report = () => `${what}: not within ${RECOVERY_MS} ms (seed ${SEED})\n${left.map(({ state }) => state).join('\n')}\n${this.log.text.slice(-3_000)}`;
      assert.ok(performance.now() < deadline, report());
      assert.deepEqual([this.server.child.exitCode, this.server.child.signalCode], [null, null], `the server has ended; ${report()}`);
    }
  }

  /** Waits until every client has succeeded with a request from now on. */
  async allAreServed(when) {
    const from = performance.now();
    await this.until(`all clients are served ${when}`, ({ served }) => served < from);
  }

  /** Waits until requests of some clients are refused. */
  async someAreRefused() {
    const refusals = () => this.sum((client) => client.refusals);
    const before = refusals();
    await this.until('some clients are refused', () => refusals() === before);
  }

  sum(count) {
    return this.clients.reduce((total, client) => total + count(client), 0);
  }

  /** Has everything go wrong, in an order of its own each time, until the time is over. */
  async run(faults) {
    await this.allAreServed('at the start');
    // A client whose token has just expired may have no connection right now: at the start, each has one.
    const start = { ...(await measure(this.server, this.clients, FIGURES_MS)), connections: this.clients.length };
    const counts = Object.fromEntries(Object.keys(faults).map((name) => [name, 0]));
    const deadline = performance.now() + SECONDS * 1000;
    do {
      for (const name of this.random.shuffled(Object.keys(faults))) {
        await pause(this.random.between(...PAUSE_MS));
        const length = Math.round(this.random.between(...FAULT_MS));
        const last = () => pause(length);
        const waits = { last, allAreServed: () => this.allAreServed(`while ${name}`), someAreRefused: () => this.someAreRefused() };
        await faults[name]({ ...this, ...waits, length });
        counts[name] += 1;
        await this.allAreServed(`after this for ${length} ms: ${name}`);
        if (performance.now() > deadline && Object.values(counts).every((count) => count > 0)) break;
      }
    } while (performance.now() < deadline);
    await this.isAsAtTheStart(start);
    await Promise.all(this.clients.map((client) => client.finish()));
    await this.isStored();
    this.report(counts);
  }

  async isAsAtTheStart(start) {
    const deadline = performance.now() + RECOVERY_MS + FIGURES_MS;
    let end;
    do {
      end = await measure(this.server, this.clients, FIGURES_MS);
    } while (grown(start, end, KIND).length > 0 && performance.now() < deadline);
    this.t.diagnostic(`start: ${summary(start)}`);
    this.t.diagnostic(`end:   ${summary(end)}`);
    assert.deepEqual(grown(start, end, KIND), [], `more than at the start (seed ${SEED}): ${summary(start)}; at the end: ${summary(end)}`);
    await this.until('all clients are connected at once', (_, __, clients) => !clients.every(({ welcomed }) => welcomed));
  }

  /** Compares the database with the acknowledgements and events that clients received. */
  async isStored() {
    const stored = new Map();
    for (const fixture of new Set(this.clients.map((client) => client.fixture))) {
      for (const kind of KINDS) {
        const { messages } = await readHistory(fixture.rest('ada'), kind, kind.room(fixture));
        for (const message of messages) stored.set(message.id, message);
      }
    }
    const contents = [...stored.values()].map(({ content }) => content);
    assert.equal(new Set(contents).size, contents.length, `something is stored twice (seed ${SEED})`);
    for (const client of this.clients) {
      assert.deepEqual(client.unanswered, [], `not answered while the connection lasted (seed ${SEED})`);
      for (const message of client.acknowledged) assert.deepEqual(stored.get(message.id), message, `acknowledged (seed ${SEED})`);
      for (const { stays, strays, lost, entries, position } of client.followed.values()) {
        assert.deepEqual([strays, lost], [[], []], `${client.name} (seed ${SEED})`);
        areNumbered(entries, stays[0].since + 1, position.seq, `${client.name} missed something (seed ${SEED})`);
        for (const { event, seq, ...message } of entries) assert.deepEqual(stored.get(message.id), message, `heard (seed ${SEED})`);
      }
    }
    await this.allHaveHeard(stored);
    const sent = new Set(this.clients.flatMap((client) => [...client.sent]));
    assert.deepEqual(contents.filter((content) => !sent.has(content)), [], 'nobody has said this');
    assert.doesNotMatch(this.log.text, /panicked at/);
  }

  /** Waits until every client has heard everything that was stored since it joined first. */
  async allHaveHeard(stored) {
    const newest = (fixture, kind) => [...stored.values()].filter((message) => message[kind.key] === kind.room(fixture)).map(({ id }) => id).sort().at(-1);
    await this.until('all clients have heard everything', ({ fixture, followed }) =>
      KINDS.some((kind) => followed.get(kind).entries.at(-1)?.id !== newest(fixture, kind)));
  }

  report(counts) {
    const endings = {};
    for (const client of this.clients) {
      for (const [reason, count] of Object.entries(client.endings)) endings[reason] = (endings[reason] ?? 0) + count;
    }
    this.t.diagnostic(
      `${this.clients.length} clients sent ${this.sum(({ sent }) => sent.size)} messages: ${this.sum(({ acknowledged }) => acknowledged.length)} were acknowledged, ` +
        `${this.sum(({ refusals }) => refusals)} refused, ${this.sum(({ lost }) => lost)} lost with their connection and sent again`,
    );
    this.t.diagnostic(`faults: ${JSON.stringify(counts)}; ends of connections: ${JSON.stringify(endings)}`);
  }

  async close() {
    for (const client of this.clients) client.close();
    try {
      await this.network.close();
      await this.server.close();
    } finally {
      await this.log.close();
      await rm(this.directory, { recursive: true, force: true });
    }
  }
}

// At once, so that it can be repeated however it ends.
console.log(`ACCORD_SOAK_SEED=${SEED}`);

describe(`a soak of ${SECONDS} s`, { concurrency: 2 }, () => {
  const random = new Random(SEED);
  const [sqlite, postgresql] = [random.fork(), random.fork()];

  test('SQLite: after every fault, all clients reconnect, and all that was acknowledged is stored', async (t) => {
    const soak = await Soak.start(t, sqlite, { disk: (directory) => SmallDisk.mount(directory, DISK_MIB) });
    const { [FULL]: full, ...others } = SQLITE;
    try {
      if (soak.server.disk === null) t.diagnostic('nothing can be mounted here: the disk is never full');
      await soak.run(soak.server.disk === null ? others : SQLITE);
    } finally {
      await soak.close();
    }
  });

  test('PostgreSQL: after every fault, all clients reconnect, and all that was acknowledged is stored', async (t) => {
    const postgres = await Postgres.start();
    try {
      const soak = await Soak.start(t, postgresql, { database: { url: postgres.url, drop: async () => {} } });
      soak.postgres = postgres;
      try {
        await soak.run(POSTGRES);
      } finally {
        await soak.close();
      }
    } finally {
      await postgres.close();
    }
  });
});
