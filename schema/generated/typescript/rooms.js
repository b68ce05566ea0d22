// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

// Follows rooms without gaps, and sends events once, over connections that break: with `io` of client.js or of
// socket.io-client.
import { DURABLE_EVENTS, LOGS } from './constants.js';
import { Effort, Refusal, Turns } from './effort.js';
import { Outbox } from './outbox.js';
import { Room } from './room.js';

export { Refusal };

/** The most rooms that are loaded at the same time. */
const LOADS = 4;

/** The maximum number of entries to remember because they do not name their room. */
const REMEMBERED = 10_000;

/** The default timeout of an acknowledgement. */
const TIMEOUT_MS = 20_000;

/** Follows rooms on a socket. */
export function follow(socket, { timeout = TIMEOUT_MS } = {}) {
  return new Rooms({ socket, timeout });
}

const nameOf = (scope, id) => JSON.stringify([scope, id]);

class Rooms {
  #socket;
  #outbox;
  #rooms = new Map();
  /** The efforts to leave rooms. What the server still sends from one is of the stay that has ended. */
  #leaving = new Map();
  #listeners = new Map();
  #unplaced = new Unplaced();
  #around;

  constructor(connection) {
    const { socket } = connection;
    this.#socket = socket;
    this.#outbox = new Outbox(connection);
    this.#around = {
      connection: { ...connection, turns: new Turns() },
      loads: new Turns(LOADS),
      reached: ({ epoch }) => this.#unplaced.begin(epoch),
      forget: ({ scope, id }) => this.#rooms.delete(nameOf(scope, id)),
    };
    for (const event of Object.keys(DURABLE_EVENTS)) socket.on(event, (payload) => this.#take(event, payload));
    for (const [scope, { key, caughtUp }] of Object.entries(LOGS)) {
      socket.on(caughtUp, (payload) => this.#joined(scope, payload[key])?.reach(payload.position));
    }
    socket.on('connect', () => this.#each('begin'));
    socket.on('disconnect', () => {
      this.#each('end');
      this.#leaving.clear();
    });
  }

  on(event, listener) {
    if (!Object.hasOwn(DURABLE_EVENTS, event)) throw new TypeError(`${event} is in no log: listen for it on the socket`);
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  off(event, listener) {
    this.#listeners.set(event, (this.#listeners.get(event) ?? []).filter((each) => each !== listener));
    return this;
  }

  join(scope, id, options = {}) {
    if (!Object.hasOwn(LOGS, scope)) throw new TypeError(`rooms of the kind ${scope} have no log`);
    const name = nameOf(scope, id);
    const room = this.#rooms.get(name) ?? new Room(scope, id, this.#around);
    this.#rooms.set(name, room);
    room.prepare(options);
    if (!this.#leaving.has(name)) room.effort.begin();
  }

  leave(scope, id) {
    const room = this.#rooms.get(nameOf(scope, id));
    if (room === undefined) return;
    this.#around.forget(room);
    room.effort.end();
    const { key, leave } = LOGS[scope];
    const name = nameOf(scope, id);
    if (!this.#socket.connected || leave === undefined || this.#leaving.has(name)) return;
    const left = () => {
      effort.end();
      this.#leaving.delete(name);
      this.#rooms.get(name)?.effort.begin();
    };
    const effort = new Effort(this.#around.connection, {
      attempt: () => effort.ask(leave, { [key]: id }, left),
      failed: () => {},
      // The user is no longer a member.
      refused: left,
    });
    this.#leaving.set(name, effort);
    effort.begin();
  }

  position(scope, id) {
    return this.#rooms.get(nameOf(scope, id))?.position;
  }

  send(event, payload, options) {
    return this.#outbox.send(event, payload, options);
  }

  retry() {
    this.#each('hurry');
  }

  #each(act) {
    for (const { effort } of this.#rooms.values()) effort[act]();
    for (const effort of this.#leaving.values()) effort[act]();
    this.#outbox.each(act);
  }

  /** The room that an event of the server is about. */
  #joined(scope, id) {
    const name = nameOf(scope, id);
    return this.#leaving.has(name) ? undefined : this.#rooms.get(name);
  }

  #take(event, payload) {
    const { scope, room } = DURABLE_EVENTS[event];
    const isNew =
      room === undefined
        ? [...this.#rooms.values()].some((each) => each.scope === scope) && this.#unplaced.take(event, payload)
        : this.#joined(scope, payload[room])?.take(payload);
    if (isNew) for (const listener of this.#listeners.get(event) ?? []) listener(payload);
  }
}

/**
 * Entries that do not name their room. They move no room's position, so a replay may repeat them; they are recognized by
 * their whole content.
 */
class Unplaced {
  #known = new Set();
  #epoch;

  /** Numbers mean something else in another epoch. */
  begin(epoch) {
    if (epoch !== this.#epoch) this.#known.clear();
    this.#epoch = epoch;
  }

  /** Whether an entry is new. */
  take(event, payload) {
    const entry = JSON.stringify([event, payload]);
    if (this.#known.has(entry)) return false;
    this.#known.add(entry);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.values().next().value);
    return true;
  }
}
