// A member of one room who records its log, and catches up after each connection.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';

/** The longest that anything takes on a busy machine. */
const WITHIN_MS = 60_000;

/** Emits with an acknowledgement, and returns its data with its number or position. */
export async function asked(client, event, payload) {
  const answer = await client.socket.timeout(WITHIN_MS).emitWithAck(event, payload);
  assert.ok(answer.ok, `${event} failed: ${inspect(answer, { depth: 6 })}`);
  return answer.data;
}

/** Asserts that entries have these numbers, each once and in their order. */
export function areNumbered(entries, from, to, message) {
  const numbers = Array.from({ length: to - from + 1 }, (_, n) => from + n);
  assert.deepEqual(entries.map(({ seq }) => seq), numbers, message);
}

export class Follower {
  /** A follower who has not joined yet. `options` are those of its clients. */
  constructor(fixture, kind, role, options = {}) {
    Object.assign(this, { fixture, kind, role, options, room: kind.room(fixture) });
    /** Everything with a number, as `{event, …payload}`, in the order of arrival. */
    this.entries = [];
    /** The last position that it knows. */
    this.position = undefined;
    /** What has come in which order on this connection. */
    this.order = [];
    this.waiting = new Set();
  }

  get at() {
    return { [this.kind.key]: this.room };
  }

  /** The numbers of what has arrived. */
  get numbers() {
    return this.entries.map(({ seq }) => seq);
  }

  /** The messages that it was sent. */
  get messages() {
    return this.entries.filter(({ event }) => event === this.kind.sent);
  }

  async connect() {
    this.client = await this.fixture.connect(this.role, this.options);
    this.order = [];
    this.client.socket.onAny((event, value) => this.take(event, value));
    return this;
  }

  take(event, value) {
    this.order.push(event);
    if (value?.seq !== undefined) {
      this.entries.push({ event, ...value });
      if (this.position !== undefined) this.position = { ...this.position, seq: value.seq };
    }
    if (event === this.kind.caughtUp) this.position = value.position;
    for (const look of this.waiting) look();
  }

  /** Joins the room, and returns the acknowledgement's position. */
  join(since) {
    const payload = { ...this.at, ...(since && { since }) };
    // Awaiting would be too late, because the next packet may come with the acknowledgement.
    return new Promise((resolve, reject) => {
      this.client.socket.timeout(WITHIN_MS).emit(this.kind.join, payload, (error, answer) => {
        if (error || !answer.ok) return reject(new Error(`joining failed: ${inspect(error ?? answer, { depth: 6 })}`));
        this.order.push('(acknowledged)');
        this.position = since ?? answer.data.position;
        resolve(answer.data.position);
      });
    });
  }

  /** Connects and joins: from where it left off, if it has joined before; until it has caught up. */
  async follow() {
    const since = this.position;
    await this.connect();
    const position = await this.join(since);
    if (since !== undefined) {
      await this.until(() => this.order.includes(this.kind.caughtUp), 'having caught up');
      assert.ok(this.position.seq >= position.seq, 'it catches up at least to where it joined');
    }
    return position;
  }

  /** Loses the connection, as by a tunnel: nothing says goodbye. */
  cut() {
    this.client.socket.io.engine.close();
    this.client.close();
  }

  until(holds, what) {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!holds()) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      const report = () => `waited ${WITHIN_MS} ms for ${what}; the last of ${this.entries.length}: ${inspect(this.entries.slice(-3))}`;
      const timer = setTimeout(() => reject(new Error(report())), WITHIN_MS);
      this.waiting.add(look);
      look();
    });
  }

  /** Waits until it has been sent everything up to a number. */
  reach(seq) {
    return this.until(() => (this.position?.seq ?? 0) >= seq || (this.numbers.at(-1) ?? 0) >= seq, `number ${seq}`);
  }
}
