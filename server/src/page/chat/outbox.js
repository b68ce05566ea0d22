// The messages of a room that have been sent and not yet acknowledged. The client sends them once; this shows their
// state.
import { ERRORS } from '/schema/typescript/constants.js';

/** How long to wait for an acknowledgement before telling the user. */
export const PATIENCE_MS = 10_000;

/** Reports changes by the event `change`. */
export class Outbox extends EventTarget {
  /** In the order in which they were sent. */
  letters = [];
  #session;
  #room;
  #patience;

  constructor(session, room) {
    super();
    this.#session = session;
    this.#room = room;
    session.addEventListener('state', () => session.state === 'online' && this.#wait());
  }

  /** The violations of a message, before it is sent. */
  violations(draft) {
    return this.#room.kind.validate.send(this.#payload(draft));
  }

  send(draft) {
    const letter = { ...draft, clientId: crypto.randomUUID(), at: new Date().toISOString() };
    this.letters.push(letter);
    this.#post(letter);
  }

  /** Tries at once what has not been sent yet, or sends again what was refused. */
  resend(letter) {
    if (letter.isRefused) return void this.#post(letter);
    this.#session.following.retry();
    return this.#wait();
  }

  discard(letter) {
    letter.ending.abort();
    this.#remove(letter);
  }

  /** The user's own message has arrived as an event, possibly before its acknowledgement. */
  arrived({ clientId }) {
    const letter = this.letters.find((each) => each.clientId === clientId);
    if (letter !== undefined) this.#remove(letter);
  }

  async #post(letter) {
    Object.assign(letter, { ending: new AbortController(), isRefused: false });
    this.#wait();
    try {
      const message = await this.#session.following.send(this.#room.kind.say.send, this.#payload(letter), {
        signal: letter.ending.signal,
        failed: (error, retryAt) => this.#note(letter, error, error.code === ERRORS.rate_limited.code ? retryAt : null),
      });
      // A message that arrived and has been deleted since is empty.
      if (message.content !== '' || message.attachments.length > 0) this.#room.receive(message);
      this.#remove(letter);
    } catch (error) {
      letter.isRefused = true;
      this.#note(letter, error, null);
    }
  }

  /** Shows all waiting messages as being sent, until that takes too long. */
  #wait() {
    clearTimeout(this.#patience);
    const waiting = this.letters.filter(({ isRefused }) => !isRefused);
    for (const letter of waiting) Object.assign(letter, { error: null, retryAt: null });
    if (waiting.length > 0) this.#patience = setTimeout(() => this.#lose(), PATIENCE_MS);
    this.#changed();
  }

  #lose() {
    const { connected } = this.#session.socket;
    const error = new Error(connected ? 'The server did not answer in time.' : 'The connection was lost.');
    for (const letter of this.letters) if (!letter.isRefused) this.#note(letter, letter.error ?? error, letter.retryAt);
  }

  #note(letter, error, retryAt) {
    Object.assign(letter, { error, retryAt });
    this.#changed();
  }

  #remove(letter) {
    this.letters = this.letters.filter((each) => each !== letter);
    this.#wait();
  }

  #payload({ content, replyTo, attachments = [], clientId }) {
    return {
      [this.#room.kind.key]: this.#room.id,
      content,
      clientId,
      ...(replyTo && { replyToId: replyTo.id }),
      attachments: attachments.map(({ id }) => ({ id })),
    };
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
