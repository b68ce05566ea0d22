// A user of the official client who never gives up, and never sends the same text twice.
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { KINDS } from '../harness/kinds.js';

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
    /** The contents of sent messages, the acknowledged messages, and the ids of received ones. */
    this.sent = new Set();
    this.acknowledged = [];
    this.heard = new Set();
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
    for (const { sent } of KINDS) this.socket.on(sent, ({ id }) => this.heard.add(id));
    this.loops = [this.speak(), this.ping()];
  }

  ended(reason) {
    this.welcomed = false;
    this.last = reason;
    this.endings[reason] = (this.endings[reason] ?? 0) + 1;
  }

  /** Calls, and returns the answer; `null` if the connection has ended before. */
  async call(event, payload) {
    try {
      return await this.socket.timeout(ANSWER_MS).emitWithAck(event, payload);
    } catch (error) {
      if (error.message !== LOST) this.unanswered.push(`${event} ${JSON.stringify(payload)}: ${error.message}`);
      return null;
    }
  }

  /** Joins all rooms; again where that has failed, for as long as the connection lasts. */
  async join() {
    const connection = (this.connections += 1);
    for (const kind of KINDS) {
      let answer;
      while (!(answer = await this.call(kind.join, { [kind.key]: kind.room(this.fixture) }))?.ok) {
        if (answer === null || connection !== this.connections) return;
        await pause(this.random.between(200, 400));
      }
    }
    this.welcomed = connection === this.connections && this.socket.connected;
  }

  async speak() {
    for (let n = 0; this.running; n += 1) {
      await pause(this.random.between(200, 600));
      if (!this.welcomed) continue;
      const kind = KINDS[n % KINDS.length];
      const content = `${this.name}: ${n} ${'.'.repeat(this.random.between(0, 200))}`;
      const began = performance.now();
      this.sent.add(content);
      const answer = await this.call(kind.send, { content, [kind.key]: kind.room(this.fixture) });
      if (answer?.ok) {
        this.acknowledged.push(answer.data);
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
