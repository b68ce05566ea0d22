// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

// A task that is tried until it succeeds: anew with each connection, and again after temporary errors.
import { ERRORS } from './constants.js';

/** The wait after a first failure, doubled after each further one, and up to half as long again: not all clients return at once. */
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30_000;

/** The most efforts that ask at the same time: too many refused requests count as a flood. */
const AT_ONCE = 32;

/** The server's refusal of an event. */
export class Refusal extends Error {
  name = 'Refusal';

  constructor(body) {
    super(body.message);
    this.code = body.code;
    this.details = body.details ?? [];
    this.retryAfterMs = body.retryAfterMs;
    this.body = body;
  }
}

export class Effort {
  #socket;
  #timeout;
  #turns;
  #on;
  /** The current attempt. Answers to an earlier one are out of date. */
  #attempt = null;
  #timer;
  #failures = 0;
  /** Ends this effort's turn to ask, while it has one. */
  #endTurn;

  /**
   * `on.attempt` begins an attempt. `on.failed` gets its failure and the time of the next attempt. `on.refused` gets an
   * error that ends the attempts, unless `on.mend` has changed something for the next attempt. Efforts with the same `turns`
   * ask in turn.
   */
  constructor({ socket, timeout, turns }, on) {
    this.#socket = socket;
    this.#timeout = timeout;
    this.#turns = turns;
    this.#on = on;
  }

  /** Begins an attempt, in place of one that is under way or waits. Without a connection, the next one begins it. */
  begin() {
    this.end();
    this.#try();
  }

  /** Gives up the attempt that is under way or waits. */
  end() {
    this.#stop();
    this.#endTurn?.();
    this.#endTurn = undefined;
  }

  /** Begins the attempt at once that waits because of a failure. */
  hurry() {
    if (this.#timer !== undefined) this.#try();
  }

  /**
   * Emits an event when its turn comes, and gives the data of its acknowledgement to `take`: before anything else that the
   * server sends.
   */
  ask(event, payload, take) {
    const done = this.#only(take);
    const fail = this.#only((error) => this.#fail(error));
    const emit = () =>
      this.#socket.timeout(this.#timeout).emit(event, payload, (error, answer) => {
        // A server that is too busy to answer is given as long again.
        if (error) fail(Object.assign(new Error('The server did not answer in time.'), { retryAfterMs: this.#timeout }));
        else if (answer.ok) done(answer.data);
        else fail(new Refusal(answer.error));
      });
    if (this.#endTurn !== undefined) emit();
    else this.#turns.take(this.#only(() => this.#untilEnded(emit)));
  }

  /** Goes on with `then` once a promise is fulfilled. */
  after(promise, then) {
    promise.then(
      this.#only(then),
      this.#only((error) => this.#fail(error)),
    );
  }

  /** It has succeeded: the next failure is the first one again. */
  succeed() {
    this.#failures = 0;
    this.end();
  }

  /** Does something unless another attempt has begun. */
  #only(act) {
    const attempt = this.#attempt;
    return (...args) => this.#attempt === attempt && act(...args);
  }

  /** Does something in a turn that lasts until `end`. */
  #untilEnded(act) {
    const turn = new Promise((resolve) => (this.#endTurn = resolve));
    act();
    return turn;
  }

  #try() {
    this.#stop();
    if (!this.#socket.connected) return;
    this.#attempt = {};
    this.#on.attempt();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempt = null;
  }

  #fail(error) {
    // This is not a refusal: the next connection begins another attempt.
    if (!this.#socket.connected) return this.end();
    const isMended = this.#on.mend?.(error) === true;
    const wait = isMended && this.#failures === 0 ? 0 : this.#waitAfter(error, isMended);
    // A limit would refuse the next one, too: this effort keeps its turn until it has succeeded.
    if (wait !== undefined && error instanceof Refusal && error.retryAfterMs > 0) this.#stop();
    else this.end();
    if (wait === undefined) return this.#on.refused(error);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#try(), wait);
    if (wait > 0) this.#on.failed(error, Date.now() + wait);
  }

  /** The wait before another attempt, as the schema says; `undefined` where none would help. */
  #waitAfter(error, isMended) {
    const known = Object.values(ERRORS).find(({ code }) => code === error.code);
    // A local error, such as a failed request, may be temporary.
    const retry = known?.retry ?? (error instanceof Refusal ? 'no' : 'yes');
    if (retry === 'no' && !isMended) return undefined;
    // A limit names the same time to all that it refuses, but then lets only one of them pass. The next may follow soon.
    const [first, longest] = error.retryAfterMs > 0 ? [error.retryAfterMs, FIRST_WAIT_MS] : [FIRST_WAIT_MS, LONGEST_WAIT_MS];
    return Math.max(first, Math.min(first * 2 ** this.#failures, longest)) * (1 + Math.random() / 2);
  }
}

/** Lets so many work at the same time, and the others wait. */
export class Turns {
  #free;
  #waiting = [];

  constructor(free = AT_ONCE) {
    this.#free = free;
  }

  async take(work) {
    if (this.#free === 0) await new Promise((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
