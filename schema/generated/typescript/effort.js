// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

// A task that is tried until it succeeds: anew with each connection, and again after temporary errors.
import { ERRORS } from './constants.js';

/** The wait after a first failure, doubled after each further one, and up to half as long again: not all clients return at once. */
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30_000;

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
  #on;
  /** The current attempt. Answers to an earlier one are out of date. */
  #attempt = null;
  #timer;
  #failures = 0;

  /**
   * `on.attempt` begins an attempt. `on.failed` gets its failure and the time of the next attempt. `on.refused` gets an
   * error that ends the attempts, unless `on.mend` has changed something for the next attempt.
   */
  constructor({ socket, timeout }, on) {
    this.#socket = socket;
    this.#timeout = timeout;
    this.#on = on;
  }

  /** Begins an attempt, in place of one that is under way or waits. Without a connection, the next one begins it. */
  begin() {
    this.end();
    if (!this.#socket.connected) return;
    this.#attempt = {};
    this.#on.attempt();
  }

  /** Gives up the attempt that is under way or waits. */
  end() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempt = null;
  }

  /** Begins another attempt at once if there has been one without success. */
  hurry() {
    if (this.#attempt !== null || this.#timer !== undefined) this.begin();
  }

  /** Emits an event, and gives the data of its acknowledgement to `take`: before anything else that the server sends. */
  ask(event, payload, take) {
    const done = this.#only(take);
    const fail = this.#only((error) => this.#fail(error));
    this.#socket.timeout(this.#timeout).emit(event, payload, (error, answer) => {
      // A server that is too busy to answer is given as long again.
      if (error) fail(Object.assign(new Error('The server did not answer in time.'), { retryAfterMs: this.#timeout }));
      else if (answer.ok) done(answer.data);
      else fail(new Refusal(answer.error));
    });
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

  #fail(error) {
    this.end();
    // This is not a refusal: the next connection begins another attempt.
    if (!this.#socket.connected) return;
    const isMended = this.#on.mend?.(error) === true;
    const wait = isMended && this.#failures === 0 ? 0 : this.#waitAfter(error, isMended);
    if (wait === undefined) return this.#on.refused(error);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.begin(), wait);
    if (wait > 0) this.#on.failed(error, Date.now() + wait);
  }

  /** The wait before another attempt, as the schema says; `undefined` where none would help. */
  #waitAfter(error, isMended) {
    const known = Object.values(ERRORS).find(({ code }) => code === error.code);
    // A local error, such as a failed request, may be temporary.
    const retry = known?.retry ?? (error instanceof Refusal ? 'no' : 'yes');
    if (retry === 'no' && !isMended) return undefined;
    if (error.retryAfterMs > 0) return error.retryAfterMs;
    return Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS) * (1 + Math.random() / 2);
  }
}
