// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

// One followed room: joined again with each connection from its position, and reloaded if that position is lost.
import { LOGS } from './constants.js';
import { Effort } from './effort.js';

export class Room {
  /** The place in its log up to which everything has been received; `undefined` as long as it is not known. */
  position;
  #around;
  #options = {};
  /** Whether it has to be shown anew before it can be joined. */
  #isLost = false;
  #loading;

  /** `around` has what rooms share: their `connection`, the turns of their `loads`, and what is `forgotten` and `reached`. */
  constructor(scope, id, around) {
    Object.assign(this, { scope, id });
    this.#around = around;
    this.effort = new Effort(around.connection, {
      attempt: () => this.#attempt(),
      mend: ({ code }) => code === LOGS[scope].lost && this.#lose(),
      failed: (error, retryAt) => this.#options.failed?.(error, retryAt),
      refused: (error) => {
        around.forget(this);
        this.#options.failed?.(error, null);
      },
    });
  }

  /** Takes the options of joining, which goes on from where it is if it has been followed before. */
  prepare(options) {
    this.#options = options;
    if (this.position === undefined) this.reach(options.since);
    if (this.position === undefined) this.#lose();
  }

  /** Takes a place in the log up to which nothing is missing. */
  reach(position) {
    if (position === undefined || position === null) return;
    this.position = position;
    this.#around.reached(position);
  }

  /** Whether an entry is new. */
  take({ seq }) {
    if (this.position === undefined) return true;
    if (seq <= this.position.seq) return false;
    this.position = { ...this.position, seq };
    return true;
  }

  /** Asks for the room to be shown anew; returns whether that is possible. */
  #lose() {
    this.#isLost = this.#options.load !== undefined;
    return this.#isLost;
  }

  #attempt() {
    if (!this.#isLost) return this.#join();
    // A load that began before the connection was lost continues: its result is still valid.
    this.#loading ??= this.#around.loads
      .take(() => this.#options.load())
      .then((position) => {
        this.reach(position);
        this.#isLost = false;
      })
      .finally(() => (this.#loading = undefined));
    return this.effort.after(this.#loading, () => this.#join());
  }

  #join() {
    const { key, join } = LOGS[this.scope];
    const since = this.position;
    this.effort.ask(join, { [key]: this.id, ...(since && { since }) }, ({ position }) => {
      // With `since`, the following entries tell its position.
      if (since === undefined) this.reach(position);
      this.effort.succeed();
      this.#options.joined?.();
    });
  }
}
