// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

// Events that the server has not acknowledged: each is sent again with the same id, in the order in which it was sent to
// its room, until the server answers.
import { IDEMPOTENT_EVENTS } from './constants.js';
import { Effort, Turns } from './effort.js';

/** The most events that wait for their acknowledgement. */
const MOST = 1000;

export class Outbox {
  #connection;
  /** By the name of the room. */
  #queues = new Map();
  #size = 0;

  constructor(connection) {
    this.#connection = { ...connection, turns: new Turns() };
  }

  /** Sends an event once; resolves to the data of its acknowledgement. */
  async send(event, payload, { failed, signal } = {}) {
    const rule = Object.hasOwn(IDEMPOTENT_EVENTS, event) ? IDEMPOTENT_EVENTS[event] : undefined;
    if (rule === undefined) throw new TypeError(`${event} cannot be sent once: it takes no id from the client`);
    signal?.throwIfAborted();
    if (this.#size >= MOST) throw new RangeError(`${MOST} events wait for their acknowledgement already`);
    // The caller may change it while it waits. A payload that is not JSON fails here, and not at each attempt.
    const copy = JSON.parse(JSON.stringify(payload));
    const room = JSON.stringify([rule.scope, copy[rule.room]]);
    if (!this.#queues.has(room)) this.#queues.set(room, this.#queue(room));
    const queue = this.#queues.get(room);
    return new Promise((resolve, reject) => {
      const letter = { event, payload: { ...copy, [rule.key]: copy[rule.key] ?? newId() }, resolve, reject, failed };
      letter.end = () => this.#take(room, letter).reject(signal.reason);
      letter.signal = signal;
      signal?.addEventListener('abort', letter.end);
      this.#size += 1;
      queue.letters.push(letter);
      if (queue.letters.length === 1) queue.effort.begin();
    });
  }

  /** Calls a method of the efforts of all queues. */
  each(act) {
    for (const { effort } of this.#queues.values()) effort[act]();
  }

  /** The events to one room. Each is sent once the one before is answered, so that none overtakes one that fails. */
  #queue(room) {
    const letters = [];
    const effort = new Effort(this.#connection, {
      attempt: () => {
        const [first] = letters;
        effort.ask(first.event, first.payload, (data) => this.#take(room, first).resolve(data));
      },
      failed: (error, retryAt) => letters[0].failed?.(error, retryAt),
      refused: (error) => this.#take(room, letters[0]).reject(error),
    });
    return { letters, effort };
  }

  /** Takes an event out of its queue, which goes on with the next one. */
  #take(room, letter) {
    const { letters, effort } = this.#queues.get(room);
    const at = letters.indexOf(letter);
    letters.splice(at, 1);
    letter.signal?.removeEventListener('abort', letter.end);
    this.#size -= 1;
    if (letters.length === 0) this.#queues.delete(room);
    if (at === 0) {
      effort.succeed();
      if (letters.length > 0) effort.begin();
    }
    return letter;
  }
}

/** An id that nothing else has. Pages without TLS and Node.js 18 have no `randomUUID`. */
function newId() {
  const random = () => Math.random().toString(36).slice(2);
  return globalThis.crypto?.randomUUID?.() ?? `${Date.now().toString(36)}-${random()}-${random()}`;
}
