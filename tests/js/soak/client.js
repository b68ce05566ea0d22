// An honest client that sends messages and pings all the time, and counts the results.
import { setTimeout as pause } from 'node:timers/promises';
import { HonestClient } from '../harness/honest_client.js';
import { KINDS } from '../harness/kinds.js';
import { besidesNumbers } from '../harness/numbers.js';

export class SoakClient extends HonestClient {
  /** A user of a fixture, connected over a network. A token lasts `tokenSeconds`, and each handshake asks for a new one. */
  constructor({ network, fixture, role, transports, random, tokenSeconds }) {
    const token = () => fixture.token(role, { exp: Date.now() / 1000 + tokenSeconds });
    const rooms = new Map(KINDS.map((kind) => [kind, kind.room(fixture)]));
    super({ url: network.url, name: fixture.users[role].id, token, transports, rooms, random });
    this.fixture = fixture;
    /** The contents of sent messages, and the acknowledged messages. */
    this.sent = new Set();
    this.acknowledged = [];
    /** The duration of pings, and the start times of sends that succeeded, the last one first. */
    this.pings = [];
    this.served = 0;
    this.refused = {};
    this.refusals = 0;
    this.lost = 0;
    this.loops = [this.speak(), this.ping()];
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

  get state() {
    return `${super.state}; refused: ${JSON.stringify(this.refused)}`;
  }

  /** Says nothing more, and waits until all that was said is answered. */
  async finish() {
    this.running = false;
    await Promise.all(this.loops);
  }
}
