// A user of the official client who never gives up, sends unanswered events again, and catches up with missed ones.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { Followed } from './followed.js';
import { entriesOf, KINDS } from './kinds.js';

/** The timeout of an answer while the connection lasts; a later answer counts as lost. */
const ANSWER_MS = 60_000;

/** The longest that anything takes on a busy machine. */
const WITHIN_MS = 60_000;

/** The official client's error for a call whose connection has ended. */
const LOST = 'socket has been disconnected';

/** The kind of room of each event that tells of a room. */
const KIND_OF = new Map(KINDS.flatMap((kind) => entriesOf(kind).map((event) => [event, kind])));

export class HonestClient {
  /** `url` is the server's, `token` makes one for each handshake, `rooms` has the room's id by kind. */
  constructor({ url, name, token, transports, rooms, random, ...options }) {
    this.name = `${name} over ${transports.join(' and ')}`;
    this.random = random;
    this.running = true;
    this.followed = new Map([...rooms].map(([kind, room]) => [kind, new Followed(kind, room)]));
    /** Whether it is connected, and has tried to join each of its rooms. */
    this.welcomed = false;
    /** The number of connections so far. */
    this.connections = 0;
    this.endings = {};
    this.unanswered = [];
    this.waiting = new Set();
    this.timers = new Set();
    this.socket = io(url, { forceNew: true, transports, auth: (give) => give({ token: token() }), ...options });
    this.socket.on('authenticated', () => this.enter());
    this.socket.on('disconnect', (reason) => this.ended(reason));
    this.socket.on('connect_error', ({ message }) => this.ended(`connect_error: ${message}`));
    this.socket.onAny((event, value) => this.hear(event, value));
    for (const kind of rooms.keys()) {
      this.socket.on(kind.added, () => this.invited(this.followed.get(kind)));
      this.socket.on(kind.ended, () => (this.followed.get(kind).isMember = false));
      this.socket.on(kind.caughtUp, ({ position }) => this.caughtUp(this.followed.get(kind), position));
    }
  }

  ended(reason) {
    this.welcomed = false;
    for (const followed of this.followed.values()) followed.left();
    this.last = reason;
    this.endings[reason] = (this.endings[reason] ?? 0) + 1;
    this.changed();
  }

  hear(event, value) {
    const followed = this.followed.get(KIND_OF.get(event));
    if (followed !== undefined) this.take(followed, { event, ...value });
    this.changed();
  }

  /** Takes an entry of a room's log. */
  take(followed, entry) {
    followed.take(entry);
  }

  caughtUp(followed, position) {
    followed.caughtUp(position);
    this.changed();
  }

  /** Calls, and returns the answer; `null` if the connection has ended before. */
  call(event, payload, answered = () => {}) {
    return new Promise((resolve) => {
      this.socket.timeout(ANSWER_MS).emit(event, payload, (error, answer) => {
        if (error && error.message !== LOST) this.unanswered.push(`${event} ${JSON.stringify(payload)}: ${error.message}`);
        // At once, because the next packet may come with it.
        if (!error) answered(answer);
        resolve(error ? null : answer);
      });
    });
  }

  /** Joins all rooms, now that it is connected. */
  async enter() {
    const connection = (this.connections += 1);
    for (const followed of this.followed.values()) await this.join(followed, connection);
    this.welcomed = connection === this.connections && this.socket.connected;
    this.changed();
  }

  /** Whether a connection is still the one that it has. */
  has(connection) {
    return connection === this.connections && this.socket.connected;
  }

  /** Is told that it is a member now. */
  invited(followed) {
    followed.invitations += 1;
    this.join(followed, this.connections);
  }

  /** Joins a room from where it left off; again where that has failed, for as long as the connection lasts. */
  async join(followed, connection) {
    if (followed.joining === connection) return;
    followed.joining = connection;
    while (this.has(connection)) {
      const { invitations } = followed;
      const code = await this.tryToJoin(followed, connection);
      if (code === null) break;
      if (code === 'access_denied' && invitations === followed.invitations) {
        followed.isMember = false;
        break;
      }
      if (code === 'position_lost') followed.lose();
      await pause(this.random.between(100, 300));
    }
    if (followed.joining === connection) followed.joining = undefined;
    this.changed();
  }

  /** Joins a room; returns the code of what it failed with, `null` if it has joined or the connection has ended. */
  async tryToJoin(followed) {
    const joined = ({ ok, data }) => ok && followed.joined(data.position);
    const answer = await this.call(followed.kind.join, { ...followed.at, since: followed.position }, joined);
    return answer === null || answer.ok ? null : answer.error.code;
  }

  changed() {
    for (const look of this.waiting) look();
  }

  /** Waits until something holds; only `within` a time in ms, unless things go wrong all the while. */
  until(holds, what, within = WITHIN_MS) {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!holds()) return;
        clearTimeout(timer);
        this.timers.delete(timer);
        this.waiting.delete(look);
        resolve();
      };
      const late = () => reject(new assert.AssertionError({ message: `waited ${within} ms for ${what}: ${this.state}` }));
      const timer = within === Infinity ? undefined : setTimeout(late, within);
      this.waiting.add(look);
      this.timers.add(timer);
      look();
    });
  }

  /** Its state, for people. */
  get state() {
    const state = this.welcomed ? 'connected and in its rooms' : this.socket.connected ? 'connected, and not in its rooms' : 'not connected';
    const places = [...this.followed.values()].map(({ room, position, stay, isMember }) => `${room} ${position?.seq} ${stay ? 'joined' : isMember ? 'not joined' : 'no member'}`);
    return `${this.name}: ${state} (${places.join(', ')}); the last end: ${this.last}; ends: ${JSON.stringify(this.endings)}`;
  }

  close() {
    this.running = false;
    this.socket.disconnect();
    // All remaining waits are in vain.
    for (const timer of this.timers) clearTimeout(timer);
  }
}
