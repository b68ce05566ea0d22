// Everything goes wrong at once: connections break, stall and slow down, members are removed and added, and the server is killed
// at random moments, and PostgreSQL too, while hundreds of clients go on. In the end nothing that was acknowledged is lost,
// doubled or reordered, nobody has received a thing twice or from a room that it was no member of, and what every client
// shows, by what it received, is history.
//
// ACCORD_FAULTS_KILLS says how often something is killed, ACCORD_FAULTS_SEED repeats a schedule. With ACCORD_JUDGES_POSTGRES the
// database is a PostgreSQL of this test's own, and each second kill is PostgreSQL's.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { SYSTEM } from './harness/database.js';
import { readHistory } from './harness/history.js';
import { KINDS } from './harness/kinds.js';
import { Postgres } from './harness/postgres.js';
import { Network } from './harness/proxy.js';
import { Random } from './harness/random.js';
import { Server } from './harness/server.js';
import { Chaos } from './faults/chaos.js';
import { judge } from './faults/judge.js';
import { Member } from './faults/member.js';
import { Crews } from './faults/world.js';

const KILLS = Number(process.env.ACCORD_FAULTS_KILLS ?? 5);
const SEED = Number(process.env.ACCORD_FAULTS_SEED ?? randomInt(2 ** 31));

/** 200 clients: each fourth user has two devices. */
const [CREWS, USERS] = [8, 20];

/** The pauses of a client before it does something, in ms. */
const PAUSES_MS = [500, 3_000];

/** The ways to connect: most clients use a WebSocket at once. */
const TRANSPORTS = [['websocket'], ['websocket'], ['polling', 'websocket'], ['polling']];

/** The number of acknowledgements after which a server has served again. */
const PROGRESS = 100;

/** The longest that this takes on a busy machine. */
const PROGRESS_MS = 120_000;

/** What is killed: the server, and PostgreSQL if that is the database. */
const victimsOf = (server, postgres) => {
  const victims = [{ name: 'server killed', kill: () => server.kill(), launch: () => server.launch(server.port) }];
  if (postgres) victims.push({ name: 'PostgreSQL killed', kill: () => postgres.stop('SIGKILL'), launch: () => postgres.relaunch() });
  return victims;
};

class Run {
  static async start(random) {
    const run = new Run();
    run.postgres = SYSTEM === 'PostgreSQL' ? await Postgres.start({ fsync: 'on' }) : undefined;
    const database = run.postgres && { url: run.postgres.url, drop: async () => {} };
    run.crews = new Crews(CREWS, USERS);
    run.server = await Server.start({ fixtures: 0, world: run.crews.world, database });
    run.acknowledged = 0;
    run.clients = [];
    for (const [n, device] of run.crews.devices.entries()) {
      const network = await Network.start(run.server.port);
      const transports = TRANSPORTS[n % TRANSPORTS.length];
      const acknowledged = () => run.note();
      run.clients.push(new Member({ ...run, network, world: run.crews, device, transports, random: random.fork(), pauses: PAUSES_MS, acknowledged }));
    }
    return run;
  }

  note() {
    this.acknowledged += 1;
    if (this.acknowledged >= this.awaited) this.reached();
  }

  /** Waits until more has been acknowledged. */
  progress() {
    return new Promise((resolve, reject) => {
      this.awaited = this.acknowledged + PROGRESS;
      const states = () => this.clients.map(({ state }) => state).join('\n');
      const timer = setTimeout(() => reject(new Error(`nobody gets anything done (seed ${SEED}):\n${states()}\n${this.server.log.slice(-3_000)}`)), PROGRESS_MS);
      this.reached = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Waits until everything is answered and every client has everything; returns what each room's judge needs. */
  async settle(chaos) {
    await Promise.all(this.clients.map((client) => client.finish()));
    const rooms = [];
    for (const { room, users } of this.crews.crews) {
      for (const kind of KINDS) {
        const clients = this.clients.filter(({ followed }) => followed.get(kind).room === room);
        const members = clients.filter(({ user }) => chaos.isMember(kind, user));
        const { messages, position } = await readHistory(members[0].rest, kind, room);
        for (const client of members) if (chaos.isInDoubt(kind, client.user)) client.join(client.followed.get(kind), client.connections);
        await Promise.all(members.map((client) => client.reach(kind, position)));
        rooms.push({ kind, room, clients, members, history: messages });
      }
    }
    // Events on their way that should not be there arrive before the answer.
    await Promise.all(this.clients.map((client) => client.until(() => client.welcomed, 'being connected').then(() => client.call('ping'))));
    return rooms;
  }

  faults(rooms) {
    return rooms.flatMap(({ kind, room, clients, members, history }) =>
      judge({
        kind,
        room,
        clients: clients.map((client) => ({
          name: client.name,
          userId: client.user.id,
          followed: client.followed.get(kind),
          shown: members.includes(client) ? client.views.get(kind).shown : null,
        })),
        deeds: clients.flatMap(({ deeds }) => deeds).filter((deed) => deed.kind === kind),
        history,
      }));
  }

  report(t, chaos, rooms) {
    const deeds = this.clients.flatMap((client) => client.deeds);
    const repeated = deeds.filter(({ tries }) => tries > 1).length;
    const entries = this.clients.flatMap(({ followed }) => [...followed.values()]).reduce((sum, { stays }) => sum + stays.reduce((sum, stay) => sum + stay.entries.length, 0), 0);
    const connections = this.clients.reduce((sum, client) => sum + client.connections, 0);
    const reloads = this.clients.reduce((sum, client) => sum + client.reloads, 0);
    const stored = rooms.reduce((sum, { history }) => sum + history.length, 0);
    t.diagnostic(
      `${this.clients.length} clients did ${deeds.length} things: ${this.acknowledged} were acknowledged, ${repeated} after they were asked for again, ` +
        `${deeds.filter(({ refused }) => refused).length} refused; ${stored} messages are stored, ${entries} entries were received on ${connections} connections, ${reloads} of which began anew`,
    );
    t.diagnostic(`what went wrong: ${JSON.stringify(chaos.counts)}`);
  }

  async close() {
    for (const client of this.clients) client.close();
    for (const { network } of this.clients) await network.close();
    await this.server.close();
    await this.postgres?.close();
  }
}

// At once, so that it can be repeated however it ends.
console.log(`ACCORD_FAULTS_SEED=${SEED}`);

test(`on ${SYSTEM}, ${KILLS} kills under load lose, double and reorder nothing, and every view is history`, async (t) => {
  const random = new Random(SEED);
  const run = await Run.start(random.fork());
  try {
    const { server, postgres, clients, crews } = run;
    const victims = victimsOf(server, postgres);
    const chaos = new Chaos({ server, victims, clients, crews: crews.crews, random: random.fork(), progress: () => run.progress() });
    for (const client of clients) client.act();
    await chaos.run(KILLS);
    const rooms = await run.settle(chaos);
    run.report(t, chaos, rooms);
    const faults = run.faults(rooms);
    assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults (seed ${SEED})`);
    for (const client of clients) assert.deepEqual(client.unanswered, [], `${client.name}: not answered while the connection lasted (seed ${SEED})`);
  } finally {
    await run.close();
  }
});
