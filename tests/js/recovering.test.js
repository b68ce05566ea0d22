// Recovering from the end of the server at any moment: members who send again what was not acknowledged, and come back to where
// they left off, have each message once, in one order.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { areNumbered, asked, Follower } from './harness/follower.js';
import { KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';

const ROUNDS = 4;
const LANES = 8;

const server = await Server.start({ fixtures: 20 });
after(() => server.close());

/** A member who sends, lane by lane, one message after the other, each until it is acknowledged. */
class Sender {
  constructor(fixture, kind, role, options) {
    Object.assign(this, { fixture, kind, role, options });
    this.acknowledged = new Map();
    this.unfinished = Array.from({ length: LANES }, (_, lane) => ({ lane, n: 0 }));
  }

  async connect() {
    this.client = await this.fixture.connect(this.role, this.options);
  }

  /** Sends until the connection has ended, or until `enough`. */
  send(enough) {
    const ended = new Promise((resolve) => this.client.socket.once('disconnect', resolve));
    const lanes = this.unfinished.map(async (letter) => {
      while (!enough()) {
        const clientId = `${this.role}-${letter.lane}-${letter.n}`;
        const payload = { content: `of ${clientId}`, clientId, [this.kind.key]: this.kind.room(this.fixture) };
        const answer = await Promise.race([ended, this.client.socket.emitWithAck(this.kind.send, payload).catch(() => undefined)]);
        if (answer?.ok !== true) return assert.ok(answer === undefined || typeof answer === 'string', JSON.stringify(answer));
        this.acknowledged.set(clientId, answer.data);
        letter.n += 1;
      }
    });
    return Promise.all(lanes);
  }
}

for (const kind of KINDS) {
  for (const transport of ['websocket', 'polling']) {
    test(`in a ${kind.scope}, over ${transport}, nothing is lost, doubled or reordered, however often the server is killed`, async () => {
      const fixture = server.fixture();
      const senders = ['ada', 'bob'].map((role) => new Sender(fixture, kind, role, { transport }));
      const followers = ['cyd', 'cyd'].map((role) => new Follower(fixture, kind, role, { transport }));
      for (let round = 0; round <= ROUNDS; round += 1) {
        if (round > 0) await server.launch();
        const before = senders.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
        const enough = () => senders.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0) >= before + 40 + 17 * round;
        await Promise.all([...senders.map((sender) => sender.connect()), ...followers.map((follower) => follower.follow())]);
        const sending = senders.map((sender) => sender.send(round === ROUNDS ? enough : () => false));
        if (round < ROUNDS) {
          while (!enough()) await followers[0].client.settle();
          await server.kill();
        }
        await Promise.all(sending);
      }
      const { seq: last } = await asked(senders[0].client, kind.send, { content: 'the end', [kind.key]: kind.room(fixture) });
      await Promise.all(followers.map((follower) => follower.reach(last)));
      areNumbered(followers[0].entries, 1, last);
      assert.deepEqual(followers[1].entries, followers[0].entries, 'one order for all');
      const heard = followers[0].entries.slice(0, -1);
      assert.equal(new Set(heard.map(({ clientId }) => clientId)).size, heard.length, 'each once');
      const byId = new Map(heard.map(({ event, ...message }) => [message.clientId, message]));
      for (const { acknowledged } of senders) {
        for (const [clientId, message] of acknowledged) assert.deepEqual(byId.get(clientId), message, 'as it was acknowledged');
      }
      const stored = [];
      for (let cursor = ''; cursor !== null; ) {
        const query = `limit=100${cursor && `&before=${encodeURIComponent(cursor)}`}`;
        const { body } = await fixture.rest('ada').get(kind.history(kind.room(fixture), query));
        stored.push(...body.data.messages);
        cursor = body.data.nextCursor;
      }
      assert.deepEqual(stored.reverse(), followers[0].entries.map(({ event, seq, ...message }) => message), 'which is the order of history');
    });
  }
}
