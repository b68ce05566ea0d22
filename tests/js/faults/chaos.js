// The faults around a server and its clients, on a schedule that a seed repeats.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { KINDS } from '../harness/kinds.js';

/** The pause before the next mischief, its length, and the time for which a server serves before it is killed or is down after, in ms. */
const MISCHIEF_PAUSE_MS = [40, 160];
const MISCHIEF_MS = [50, 1_500];
const UP_MS = [0, 1_200];
const DOWN_MS = [0, 400];

/** The most that a slow network adds to each step, in ms. */
const DELAY_MS = [5, 150];

/** What happens to connections and members; the more often it is named, the more often it happens. */
const MISCHIEFS = ['cut', 'cut', 'cut', 'tunnel', 'stall', 'slow', 'remove', 'remove', 'add', 'add', 'add'];

export class Chaos {
  /** `victims` are the processes that are killed in turn; `progress` resolves once the clients have done something again. */
  constructor({ server, victims, clients, crews, random, progress }) {
    Object.assign(this, { server, victims, clients, crews, random, progress });
    this.counts = {};
    /** The members who were removed, and those about whom an administrator got no answer at first. */
    this.removed = [];
    this.doubtful = [];
    this.mischiefs = new Set();
    this.isOver = false;
  }

  count(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Kills so often, and makes mischief meanwhile; ends with everything up again. */
  async run(kills) {
    const [schedule, mischief] = [this.random.fork(), this.random.fork()];
    await Promise.all([this.makeMischief(mischief), this.killAll(schedule, kills).finally(() => (this.isOver = true))]);
    await Promise.all(this.mischiefs);
    if (this.failure) throw this.failure;
  }

  async killAll(random, kills) {
    for (let kill = 0; kill < kills && !this.isOver; kill += 1) {
      await this.progress();
      await pause(random.between(...UP_MS));
      const victim = this.victims[kill % this.victims.length];
      await victim.kill();
      this.count(victim.name);
      await pause(random.between(...DOWN_MS));
      await victim.launch();
    }
    await this.progress();
  }

  async makeMischief(random) {
    while (!this.isOver) {
      await pause(random.between(...MISCHIEF_PAUSE_MS));
      const what = MISCHIEFS[Math.floor(random.next() * MISCHIEFS.length)];
      // On a slow machine nobody would ever get as far as to be disturbed.
      if (this.clients.filter(({ welcomed }) => welcomed).length < this.clients.length / 2) continue;
      const made = this[what](random)
        .catch((error) => {
          this.failure = error;
          this.isOver = true;
        })
        .finally(() => this.mischiefs.delete(made));
      this.mischiefs.add(made);
      this.count(what);
    }
  }

  /** The network of some client. */
  network(random) {
    return this.clients[Math.floor(random.next() * this.clients.length)].network;
  }

  /** The connections of one client in ten break. */
  async cut(random) {
    for (const { network } of this.clients) if (random.next() < 0.1) network.cut();
  }

  /** A client loses its connection, and cannot connect for a while. */
  async tunnel(random) {
    const network = this.network(random);
    const length = random.between(...MISCHIEF_MS);
    network.shut();
    await pause(length);
    network.open();
  }

  /** Nothing gets through to or from a client for a while; its connection may break then. */
  async stall(random) {
    const network = this.network(random);
    const [length, breaks] = [random.between(...MISCHIEF_MS), random.next() < 0.5];
    const goOn = network.stall();
    await pause(length);
    if (breaks) network.cut();
    goOn();
  }

  async slow(random) {
    const network = this.network(random);
    const [length, delay] = [random.between(...MISCHIEF_MS), random.between(...DELAY_MS)];
    network.delay = delay;
    await pause(length);
    network.delay = 0;
  }

  /** A member is removed from a room. */
  async remove(random) {
    const { room, users } = this.crews[Math.floor(random.next() * this.crews.length)];
    const kind = KINDS[Math.floor(random.next() * KINDS.length)];
    const user = users[Math.floor(random.next() * users.length)];
    const isOut = this.removed.some((removed) => removed.kind === kind && removed.user === user);
    if (isOut || this.removed.filter((removed) => removed.kind === kind && removed.room === room).length >= users.length / 3) return;
    const removed = { kind, room, user };
    this.removed.push(removed);
    await this.insist(removed, () => this.server.admin.delete(membership(removed)));
    removed.isOut = true;
  }

  /** A member who was removed is added again. */
  async add(random) {
    const out = this.removed.filter(({ isOut }) => isOut);
    const back = out[Math.floor(random.next() * out.length)];
    if (back === undefined) return;
    back.isOut = false;
    await this.insist(back, () => this.server.admin.put(membership(back)));
    this.removed.splice(this.removed.indexOf(back), 1);
  }

  /** Whether a user is a member at the end. */
  isMember(kind, user) {
    return !this.removed.some((removed) => removed.kind === kind && removed.user.id === user.id);
  }

  /**
   * Whether a user's hint about a membership may have been lost: a repeated request is answered, but the hint is not
   * sent again. Until the user's next connection, only joining shows the truth.
   */
  isInDoubt(kind, user) {
    return this.doubtful.some((doubtful) => doubtful.kind === kind && doubtful.user.id === user.id);
  }

  /** Asks for a change of a membership until that is answered. */
  async insist(change, ask) {
    for (;;) {
      const answer = await ask().catch(() => null);
      if (answer?.status === 200) return;
      assert.ok(answer === null || answer.status >= 500, `an administrator is answered ${answer?.status}: ${JSON.stringify(answer?.body)}`);
      this.doubtful.push(change);
      await pause(50);
    }
  }
}

const membership = ({ kind, room, user }) => `${kind.admin(room)}/members/${user.id}`;
