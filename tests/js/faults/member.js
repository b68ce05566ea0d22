// A member of a channel and a conversation, on one device, who acts there, shows the result, and never gives up.
import { setTimeout as pause } from 'node:timers/promises';
import { readHistory } from '../harness/history.js';
import { HonestClient } from '../harness/honest_client.js';
import { Rest } from '../harness/rest.js';
import { choose } from './deeds.js';
import { View } from './view.js';

/** Pauses before the client connects again; those of the library are longer than a server takes to restart. */
const RECONNECTION = { reconnectionDelay: 100, reconnectionDelayMax: 800 };

/** How many of the connections begin anew, as a page that is loaded again. */
const RELOADS = 0.03;

/** How often a client leaves a room instead of doing something there, how often it does several things at once, and how many. */
const LEAVES = 0.02;
const HURRIES = 0.15;
const MOST_AT_ONCE = 5;

export class Member extends HonestClient {
  /**
   * `device` is one of the world's; `pauses` are the shortest and the longest before it does something, in ms; `acknowledged`
   * is called when something that it did is.
   */
  constructor({ server, network, world, device, transports, random, pauses, acknowledged }) {
    const token = () => server.token(device.user);
    super({ url: network.url, name: device.id, token, transports, rooms: device.rooms, random, ...RECONNECTION });
    Object.assign(this, { network, world, pauses, acknowledged, id: device.id, user: device.user });
    this.rest = new Rest(network, server.token(device.user));
    this.views = new Map([...device.rooms.keys()].map((kind) => [kind, new View(kind)]));
    /** All that it did, as `choose` says, with the answers. */
    this.deeds = [];
    this.refusals = 0;
    this.reloads = 0;
  }

  take(followed, entry) {
    const known = this.world.same(entry);
    super.take(followed, known);
    this.views.get(followed.kind).apply(known);
  }

  enter() {
    if (this.connections > 0 && this.random.next() < RELOADS) {
      this.reloads += 1;
      for (const followed of this.followed.values()) followed.forget();
    }
    return super.enter();
  }

  async tryToJoin(followed, connection) {
    if (followed.position === undefined) {
      const code = await this.load(followed, connection);
      if (code !== null) return code;
    }
    return super.tryToJoin(followed, connection);
  }

  /** Loads the history of a room; returns the code of what that failed with. */
  async load(followed, connection) {
    try {
      const { messages, position } = await readHistory(this.rest, followed.kind, followed.room);
      if (!this.has(connection)) return 'too late';
      const view = this.views.get(followed.kind);
      view.clear();
      view.load(messages);
      followed.position = position;
      return null;
    } catch (error) {
      return error.code ?? 'unreachable';
    }
  }

  /** Does one thing after the other until it is told to `finish`. */
  async act() {
    for (let number = 0; this.running; number += MOST_AT_ONCE) {
      await pause(this.random.between(...this.pauses));
      const rooms = [...this.followed.values()].filter(({ stay, isMember }) => stay !== undefined && isMember);
      const followed = rooms[Math.floor(this.random.next() * rooms.length)];
      if (!this.welcomed || followed === undefined) continue;
      if (this.random.next() < LEAVES) {
        await this.leave(followed);
        continue;
      }
      const { kind, room } = followed;
      const { shown } = this.views.get(kind);
      const count = this.random.next() < HURRIES ? MOST_AT_ONCE : 1;
      const some = Array.from({ length: count }, (_, n) => {
        const deed = choose(this.random, { kind, room, shown, userId: this.user.id, name: this.id, number: number + n });
        return this.carryOut({ ...deed, userId: this.user.id });
      });
      await Promise.all(some);
    }
    this.isDone = true;
    this.changed();
  }

  /** Leaves a room, and comes back. */
  async leave(followed) {
    const { connections } = this;
    await this.call(followed.kind.leave, followed.at, ({ ok }) => ok && followed.left());
    await pause(this.random.between(...this.pauses));
    await this.join(followed, connections);
  }

  /** Asks for something until that is answered, whatever happens. */
  async carryOut(deed) {
    this.deeds.push(deed);
    for (deed.tries = 1; ; deed.tries += 1) {
      await this.until(() => this.welcomed, 'being connected', Infinity);
      const answer = await this.call(deed.event, deed.payload);
      if (answer?.ok) {
        deed.data = answer.data;
        return this.acknowledged?.();
      }
      if (answer !== null && answer.error.code !== 'internal') {
        deed.refused = answer.error.code;
        return undefined;
      }
      if (answer === null) continue;
      this.refusals += 1;
      await pause(this.random.between(50, 200));
    }
  }

  /** Does nothing more, and waits until all that it did is answered. */
  async finish() {
    this.running = false;
    await this.until(() => this.isDone, 'its last answers');
  }

  /** Waits until it has everything up to a position of a room. */
  reach(kind, { seq }) {
    const followed = this.followed.get(kind);
    return this.until(() => this.welcomed && followed.stay !== undefined && followed.position.seq >= seq, `number ${seq} of ${followed.room}`);
  }
}
