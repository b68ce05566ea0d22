// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

// Follows rooms without gaps, and sends events once, over connections that break: with `io` of client.js or of
// socket.io-client.
import { DURABLE_EVENTS, LOGS } from './constants.js';
import { Refusal, Turns } from './effort.js';
import { Outbox } from './outbox.js';
import { Room } from './room.js';

export { Refusal };

/** The most rooms that are loaded at the same time. */
const LOADS = 4;

/** The most entries that are remembered because they do not say which room they are of. */
const REMEMBERED = 10_000;

/** The patience with an acknowledgement, unless told. */
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
      socket.on(caughtUp, (payload) => this.#rooms.get(nameOf(scope, payload[key]))?.reach(payload.position));
    }
    socket.on('connect', () => this.#each('begin'));
    socket.on('disconnect', () => this.#each('end'));
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
    const room = this.#rooms.get(nameOf(scope, id)) ?? new Room(scope, id, this.#around);
    this.#rooms.set(nameOf(scope, id), room);
    room.join(options);
  }

  leave(scope, id) {
    const room = this.#rooms.get(nameOf(scope, id));
    if (room === undefined) return;
    this.#around.forget(room);
    room.effort.end();
    const { key, leave } = LOGS[scope];
    // A former member gets a refusal, which must be an acknowledgement, not an event `error`.
    if (this.#socket.connected && leave !== undefined) this.#socket.emit(leave, { [key]: id }, () => {});
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
    this.#outbox.each(act);
  }

  #take(event, payload) {
    const { scope, room } = DURABLE_EVENTS[event];
    const isNew =
      room === undefined
        ? [...this.#rooms.values()].some((each) => each.scope === scope) && this.#unplaced.take(event, payload)
        : this.#rooms.get(nameOf(scope, payload[room]))?.take(payload);
    if (isNew) for (const listener of this.#listeners.get(event) ?? []) listener(payload);
  }
}

/**
 * Entries that do not say which room they are of: a replay may begin before them, for no room's position has moved by them,
 * and they are known again by all that they say.
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
