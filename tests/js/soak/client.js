// A user of the official client who never gives up: what was not answered is sent again, and what was missed is caught up with.
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { KINDS } from '../harness/kinds.js';
import { besidesNumbers } from '../harness/numbers.js';

/** The timeout of an answer while the connection lasts; a later answer counts as lost. */
const ANSWER_MS = 60_000;

/** The official client's error for a call whose connection has ended. */
const LOST = 'socket has been disconnected';

export class HonestClient {
  /** A user of a fixture, connected over a network. A token lasts `tokenSeconds`, and each handshake asks for a new one. */
  constructor({ network, fixture, role, transports, random, tokenSeconds }) {
    this.name = `${fixture.users[role].id} over ${transports.join(' and ')}`;
    this.fixture = fixture;
    this.random = random;
    this.running = true;
    this.welcomed = false;
    /** The contents of sent messages, and the acknowledged messages. */
    this.sent = new Set();
    this.acknowledged = [];
    /** By kind of room: the position, the messages that were received since the first one, and what was out of order. */
    this.followed = new Map(KINDS.map((kind) => [kind, { position: undefined, messages: [] }]));
    this.gaps = [];
    /** The duration of pings, and the start times of sends that succeeded, the last one first. */
    this.pings = [];
    this.served = 0;
    this.refused = {};
    this.refusals = 0;
    this.lost = 0;
    this.connections = 0;
    this.endings = {};
    this.unanswered = [];
    const token = () => fixture.token(role, { exp: Date.now() / 1000 + tokenSeconds });
    this.socket = io(network.url, { forceNew: true, transports, auth: (give) => give({ token: token() }) });
    this.socket.on('authenticated', () => this.join());
    this.socket.on('disconnect', (reason) => this.ended(reason));
    this.socket.on('connect_error', ({ message }) => this.ended(`connect_error: ${message}`));
    for (const kind of KINDS) this.socket.on(kind.sent, (message) => this.hear(kind, message));
    this.loops = [this.speak(), this.ping()];
  }

  ended(reason) {
    this.welcomed = false;
    this.last = reason;
    this.endings[reason] = (this.endings[reason] ?? 0) + 1;
  }

  /** Takes a message, whose number has to follow on. */
  hear(kind, { seq, ...message }) {
    const followed = this.followed.get(kind);
    const last = followed.position.seq;
    if (seq !== last + 1) this.gaps.push(`${kind.sent} ${seq} after ${last}`);
    followed.position = { ...followed.position, seq };
    followed.messages.push(message);
  }

  /** Calls, and returns the answer; `null` if the connection has ended before. */
  call(event, payload, answered = () => {}) {
    return new Promise((resolve) => {
      this.socket.timeout(ANSWER_MS).emit(event, payload, (error, answer) => {
        if (error && error.message !== LOST) this.unanswered.push(`${event} ${JSON.stringify(payload)}: ${error.message}`);
        // At once: what follows may come with it.
        if (!error) answered(answer);
        resolve(error ? null : answer);
      });
    });
  }

  /** Joins all rooms from where it left off; again where that has failed, for as long as the connection lasts. */
  async join() {
    const connection = (this.connections += 1);
    for (const kind of KINDS) {
      const followed = this.followed.get(kind);
      const room = { [kind.key]: kind.room(this.fixture) };
      const joined = ({ ok, data }) => ok && (followed.position ??= data.position);
      let answer;
      while (!(answer = await this.call(kind.join, { ...room, since: followed.position }, joined))?.ok) {
        if (answer?.error.code === 'position_lost') this.gaps.push(`${kind.join}: ${JSON.stringify(followed.position)} is lost`);
        if (answer === null || connection !== this.connections) return;
        await pause(this.random.between(200, 400));
      }
    }
    this.welcomed = connection === this.connections && this.socket.connected;
  }

  async speak() {
    let letter;
    for (let n = 0; this.running; n += 1) {
      await pause(this.random.between(200, 600));
      if (!this.welcomed) continue;
      const kind = letter?.kind ?? KINDS[n % KINDS.length];
      letter ??= { kind, content: `${this.name}: ${n} ${'.'.repeat(this.random.between(0, 200))}`, clientId: `${n}` };
      const { content, clientId } = letter;
      const began = performance.now();
      this.sent.add(content);
      const answer = await this.call(kind.send, { content, clientId, [kind.key]: kind.room(this.fixture) });
      if (answer?.ok) {
        letter = undefined;
        this.acknowledged.push(besidesNumbers(kind.send, answer.data));
        this.served = began;
      } else if (answer === null) {
        this.lost += 1;
      } else {
        this.refusals += 1;
        this.refused[answer.error.code] = (this.refused[answer.error.code] ?? 0) + 1;
      }
    }
  }

  async ping() {
    while (this.running) {
      await pause(100);
      if (!this.welcomed) continue;
      const began = performance.now();
      if (await this.call('ping')) this.pings.push(performance.now() - began);
    }
  }

  /** Its state, for people. */
  get state() {
    const state = this.welcomed ? 'connected and in its rooms' : this.socket.connected ? 'connected, and not in its rooms' : 'not connected';
    return `${this.name}: ${state}; the last end: ${this.last}; ends: ${JSON.stringify(this.endings)}; refused: ${JSON.stringify(this.refused)}`;
  }

  /** Says nothing more, and waits until all that was said is answered. */
  async finish() {
    this.running = false;
    await Promise.all(this.loops);
  }

  close() {
    this.running = false;
    this.socket.disconnect();
  }
}
