// A user's connection: who one is, which rooms there are, and what arrives for them. It renders nothing.
import { io } from '/schema/typescript/client.js';
import { ERRORS, PROTOCOL, SERVER_EVENTS } from '/schema/typescript/constants.js';
import { Rest } from '/schema/typescript/rest.js';
import { KINDS } from './kinds.js';
import { Room } from './room.js';

/** The timeout of an acknowledgement. */
const PATIENCE_MS = 10_000;

const BY_NAME = new Intl.Collator(undefined, { numeric: true });

/** The remedy for a refused token. */
const REMEDY = 'Paste a new token to sign in again.';

/** The messages of refused handshakes for which a new token helps. */
const OF_TOKENS = Object.values(ERRORS).flatMap(({ message, retry }) => (retry === 'new_token' ? [message] : []));

/** The error that refused an event. */
export class Refusal extends Error {
  constructor({ message, code, details, retryAfterMs }) {
    super(message);
    Object.assign(this, { code, details: details ?? [], retryAfterMs });
  }
}

/** Whether a retry may succeed. */
export const canRetry = ({ code }) => !Object.values(ERRORS).some((error) => error.code === code && error.retry === 'no');

/**
 * Tells of itself by the events `state` (`connecting`, `online`; `offline`, from which the socket comes back by itself;
 * `ended`, which only `connect` changes; or `refused`, which only another token changes) and `rooms`.
 */
export class Session extends EventTarget {
  state = 'connecting';
  /** Why it is in that state, where that is to be told. */
  reason = null;
  user = null;
  rooms = [];

  constructor(token) {
    super();
    this.rest = new Rest({ url: location.origin, token });
    this.socket = io({ auth: { token, protocol: PROTOCOL.version }, autoConnect: false });
    this.#listen();
  }

  /** Connects, at once also where the next attempt would have to be waited for. */
  connect() {
    this.#become('connecting');
    this.socket.disconnect().connect();
  }

  /** Emits an event; resolves to the data of its acknowledgement, and rejects with a `Refusal` or for want of one. */
  async ask(event, payload) {
    const answer = await this.socket
      .timeout(PATIENCE_MS)
      .emitWithAck(event, payload)
      .catch(() => {
        throw new Error(this.socket.connected ? 'The server did not answer in time.' : 'The connection was lost.');
      });
    if (!answer.ok) throw new Refusal(answer.error);
    return answer.data;
  }

  /** Says that REST has refused the token, for which the socket has no event. */
  noteRefusal(error) {
    const codes = [ERRORS.token_expired.code, ERRORS.auth_failed.code];
    if (codes.includes(error.code)) this.#become('refused', `${error.message}. ${REMEDY}`);
  }

  #become(state, reason = null) {
    this.state = state;
    this.reason = reason;
    this.dispatchEvent(new Event('state'));
  }

  #listen() {
    const { socket } = this;
    socket.on(SERVER_EVENTS.authenticated, ({ user }) => {
      this.user = user;
      this.#become('online');
      this.#enter();
    });
    socket.on('connect_error', ({ message }) => {
      if (socket.active) this.#become('offline');
      else this.#become('refused', OF_TOKENS.includes(message) ? `${message}. ${REMEDY}` : message);
    });
    socket.on(SERVER_EVENTS.error, ({ code }) => {
      if (code !== ERRORS.token_expired.code) return;
      this.#become('refused', `Your token has expired. ${REMEDY}`);
      // The page has no other one, which the client would come back with by itself.
      socket.disconnect();
    });
    socket.on('disconnect', (reason) => {
      if (this.state === 'refused') return;
      if (reason === 'io server disconnect') this.#become('refused', `The server has ended your session. ${REMEDY}`);
      else this.#become(socket.active ? 'offline' : 'ended');
    });
    for (const kind of KINDS) this.#listenTo(kind);
  }

  #listenTo(kind) {
    const { socket } = this;
    const inRoom = (payload) => this.rooms.find((room) => room.kind === kind && room.id === payload[kind.key]);
    // A reaction names its message alone, which may be in what is being loaded.
    const mayHave = ({ messageId }) => (room) => room.kind === kind && (room.isLoading || room.find(messageId));
    const withMessage = (reaction) => this.rooms.filter(mayHave(reaction));
    socket.on(kind.hear.sent, (message) => inRoom(message)?.receive(message));
    if (kind.hear.forwarded) socket.on(kind.hear.forwarded, ({ message }) => inRoom(message)?.receive(message));
    socket.on(kind.hear.edited, (edit) => inRoom(edit)?.noteEdit(edit));
    socket.on(kind.hear.removed, (removal) => inRoom(removal)?.noteRemoval(removal));
    socket.on(kind.hear.reacted, (reaction) => withMessage(reaction).forEach((room) => room.noteReaction(reaction)));
    socket.on(kind.hear.unreacted, (reaction) => withMessage(reaction).forEach((room) => room.noteUnreaction(reaction)));
  }

  /** Finds the rooms and joins them: after each connect, for the server forgets who has joined. */
  async #enter() {
    const { id } = this.socket;
    try {
      const lists = await Promise.all(KINDS.map((kind) => kind.list(this.rest)));
      const known = (kind, info) => this.rooms.find((room) => room.kind === kind && room.id === info.id);
      const roomOf = (kind) => (info) => known(kind, info)?.update(info) ?? new Room(this, kind, info);
      const byName = (a, b) => BY_NAME.compare(a.name, b.name);
      this.rooms = lists.flatMap((list, index) => list.map(roomOf(KINDS[index])).sort(byName));
    } catch (error) {
      // Of an earlier connection: the next one has come, or will.
      if (this.socket.id !== id) return;
      this.noteRefusal(error);
      if (this.state === 'online') this.#become('ended', `Your rooms could not be loaded: ${error.message}`);
      return;
    }
    this.dispatchEvent(new Event('rooms'));
    const waiting = new Set(this.rooms);
    while (waiting.size > 0 && this.socket.id === id) {
      const room = [...waiting].find(({ isOpen }) => isOpen) ?? [...waiting][0];
      waiting.delete(room);
      await this.#join(room);
    }
  }

  /** Loads missed messages once the room is joined, so that none are lost in between. */
  async #join(room) {
    try {
      await this.ask(room.kind.say.join, { [room.kind.key]: room.id });
      await room.refresh();
    } catch (error) {
      if (error.retryAfterMs === undefined) return room.fail(error, () => this.#join(room));
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs));
      return this.#join(room);
    }
  }
}
