// A user's connection: the user, the rooms, and their events. It renders nothing.
import { io } from '/schema/typescript/client.js';
import { ERRORS, PROTOCOL, SERVER_EVENTS } from '/schema/typescript/constants.js';
import { Rest } from '/schema/typescript/rest.js';
import { follow, Refusal } from '/schema/typescript/rooms.js';
import { KINDS } from './kinds.js';
import { PATIENCE_MS } from './outbox.js';
import { Room } from './room.js';

const BY_NAME = new Intl.Collator(undefined, { numeric: true });

/** The remedy for a refused token. */
const REMEDY = 'Paste a new token to sign in again.';

/** The messages of refused handshakes for which a new token helps. */
const OF_TOKENS = Object.values(ERRORS).flatMap(({ message, retry }) => (retry === 'new_token' ? [message] : []));

/** Whether a retry may succeed. */
export const canRetry = ({ code }) => !Object.values(ERRORS).some((error) => error.code === code && error.retry === 'no');

/**
 * Reports its state by the events `state` (`connecting`, `online`; `offline`, from which the socket reconnects;
 * `ended`, which only `connect` changes; or `refused`, which only another token changes), `rooms`, and `removed`, with
 * a room that the user is no longer a member of.
 */
export class Session extends EventTarget {
  state = 'connecting';
  /** The reason for the state, if it has to be shown. */
  reason = null;
  user = null;
  /** Channels before conversations, by name. */
  rooms = [];
  /** The reading of the lists of rooms that is under way. */
  #listing = null;

  constructor(token) {
    super();
    this.rest = new Rest({ url: location.origin, token });
    this.socket = io({ auth: { token, protocol: PROTOCOL.version }, autoConnect: false });
    this.following = follow(this.socket, { timeout: PATIENCE_MS });
    this.#listen();
  }

  /** Connects at once, without waiting for the next attempt. */
  connect() {
    this.#become('connecting');
    this.socket.disconnect().connect();
  }

  /** Emits an event; resolves to the data of its acknowledgement, or rejects with a `Refusal` or for lack of an answer. */
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
      // The page has no other token to reconnect with.
      socket.disconnect();
    });
    socket.on('disconnect', (reason) => {
      this.#listing = null;
      if (this.state === 'refused') return;
      if (reason === 'io server disconnect') this.#become('refused', `The server has ended your session. ${REMEDY}`);
      else this.#become(socket.active ? 'offline' : 'ended');
    });
    for (const kind of KINDS) this.#listenTo(kind);
  }

  #listenTo(kind) {
    const { socket, following } = this;
    const { hear, key } = kind;
    const inRoom = (payload) => this.#find(kind, payload[key]);
    // A reaction names only its message, which may be in the page that is loading.
    const mayHave = ({ messageId }) => (room) => room.kind === kind && (room.isLoading || room.find(messageId));
    const withMessage = (reaction) => this.rooms.filter(mayHave(reaction));
    following.on(hear.sent, (message) => inRoom(message)?.receive(message));
    following.on(hear.forwarded, ({ message }) => inRoom(message)?.receive(message));
    following.on(hear.edited, (edit) => inRoom(edit)?.noteEdit(edit));
    following.on(hear.removed, (removal) => inRoom(removal)?.noteRemoval(removal));
    following.on(hear.reacted, (reaction) => withMessage(reaction).forEach((room) => room.noteReaction(reaction)));
    following.on(hear.unreacted, (reaction) => withMessage(reaction).forEach((room) => room.noteUnreaction(reaction)));
    following.on(hear.memberAdded, (entry) => inRoom(entry)?.noteMember(entry.user));
    following.on(hear.memberRemoved, (entry) => inRoom(entry)?.noteFormerMember(entry));
    following.on(hear.membersChanged, () => this.#enter());
    socket.on(hear.added, ({ [kind.scope]: info }) =>
      this.#hint(() => {
        // The server has taken the socket out of a room that it is followed in, if the user was removed before.
        this.#add(kind, info).isFollowed = false;
      }),
    );
    socket.on(hear.ended, ({ [key]: id }) => this.#hint(() => this.#end(this.#find(kind, id))));
  }

  #find(kind, id) {
    return this.rooms.find((room) => room.kind === kind && room.id === id);
  }

  /** Applies a hint, and reloads the lists if they are being loaded, because they may lack it. */
  #hint(act) {
    act();
    this.#tell();
    if (this.#listing !== null) this.#enter();
  }

  /** Loads the rooms: after each connect, because they may have changed. */
  async #enter() {
    const listing = {};
    this.#listing = listing;
    try {
      const lists = await Promise.all(KINDS.map((kind) => kind.list(this.rest)));
      if (this.#listing !== listing) return;
      this.#listing = null;
      const isListed = ({ kind, id }) => lists[KINDS.indexOf(kind)].some((info) => info.id === id);
      for (const room of this.rooms.filter((each) => !isListed(each))) this.#end(room);
      for (const [index, list] of lists.entries()) for (const info of list) this.#add(KINDS[index], info);
      this.#tell();
    } catch (error) {
      // An answer of an earlier connection. The next one will get its own.
      if (this.#listing !== listing) return;
      this.#listing = null;
      this.noteRefusal(error);
      if (this.state === 'online') this.#become('ended', `Your rooms could not be loaded: ${error.message}`);
    }
  }

  #add(kind, info) {
    const room = this.#find(kind, info.id)?.update(info) ?? new Room(this, kind, info);
    if (!this.rooms.includes(room)) this.rooms.push(room);
    return room;
  }

  #end(room) {
    if (room === undefined) return;
    this.rooms = this.rooms.filter((each) => each !== room);
    this.following.leave(room.kind.scope, room.id);
    room.end();
    this.dispatchEvent(new CustomEvent('removed', { detail: room }));
  }

  /** Reports the rooms, and follows new ones: first the one that is open. */
  #tell() {
    this.rooms.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || BY_NAME.compare(a.name, b.name));
    this.dispatchEvent(new Event('rooms'));
    const waiting = this.rooms.filter((room) => !room.isFollowed);
    for (const room of waiting.sort((a, b) => b.isOpen - a.isOpen)) this.#follow(room);
  }

  #follow(room) {
    const { kind, id } = room;
    room.isFollowed = true;
    this.following.join(kind.scope, id, {
      load: () => room.refresh(),
      joined: () => room.recover(),
      failed: (error, retryAt) => {
        room.isFollowed = retryAt !== null;
        if (retryAt === null && error.code === kind.denied) {
          this.#end(room);
          this.#tell();
        } else if (error.code !== ERRORS.rate_limited.code) {
          room.fail(error, () => this.#follow(room));
        }
      },
    });
  }
}
