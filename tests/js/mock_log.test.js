// The log and the history of `accord mock`, with the official client: what was sent can be read, and caught up on.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Mock } from './harness/accord.js';
import { Client } from './harness/client.js';
import { areNumbered, asked, Follower } from './harness/follower.js';
import { KINDS } from './harness/kinds.js';
import { CHAT } from './harness/mock_protocol.js';
import { Rest } from './harness/rest.js';
import { refusal } from './harness/values.js';

/** A schema whose things have no ids, and whose history has no pages. */
const THREADS = fileURLToPath(new URL('../../codegen/documents/tests/threads.yaml', import.meta.url));

const mock = await Mock.start(CHAT, '--no-limits');
after(() => mock.stop());

/** Rooms that no other test uses, in which everybody is a member. */
function fixture(t, name) {
  const [general, side, dm, second] = ['general', 'side', 'dm', 'second'].map((room) => `${name}-${room}`);
  const connect = async (user, options = {}) => {
    const client = new Client(mock, { token: await mock.token(user), ...options });
    t.after(() => client.close());
    return client.connected();
  };
  return { general, side, dm, second, connect };
}

for (const kind of KINDS) {
  for (const transport of ['websocket', 'polling']) {
    describe(`in a ${kind.scope}, over ${transport}`, () => {
      const begin = async (t) => {
        const rooms = fixture(t, `${transport}-${t.name.replaceAll(/\W+/g, '-').slice(0, 60)}`);
        const ada = await rooms.connect('ada', { transport });
        const at = { [kind.key]: kind.room(rooms) };
        const send = (content, extra) => asked(ada, kind.send, { content, ...at, ...extra });
        const read = async (query) => {
          const { status, body } = await new Rest(mock, await mock.token('bob')).get(kind.history(kind.room(rooms), query));
          assert.equal(status, 200);
          return body.data;
        };
        return { rooms, ada, at, send, read, bob: new Follower(rooms, kind, 'bob', { transport }) };
      };

      /** A message as history shows it. */
      const shown = ({ seq, ...message }) => message;

      test('history shows the sent messages, and clients can catch up from its position', async (t) => {
        const { send, read, bob } = await begin(t);
        const first = await bob.follow();
        assert.equal(first.seq, 0);
        const sent = [await send('1'), await send('2')];
        areNumbered(sent, 1, 2);
        await bob.reach(2);
        assert.deepEqual(bob.entries, sent.map((message) => ({ event: kind.sent, ...message })));
        const { messages, position } = await read();
        assert.deepEqual(messages, [shown(sent[1]), shown(sent[0])]);
        assert.deepEqual(position, { ...first, seq: 2 });

        bob.cut();
        const missed = [await send('3'), await send('4')];
        const since = bob.position;
        bob.entries = [];
        assert.deepEqual(await bob.follow(), { ...first, seq: 4 });
        const live = await send('5');
        await bob.reach(5);
        assert.deepEqual(bob.entries, [...missed, live].map((message) => ({ event: kind.sent, ...message })), 'exactly what it missed');
        assert.deepEqual(bob.order.slice(2), [kind.sent, kind.sent, kind.caughtUp, kind.sent]);

        const reader = new Follower(bob.fixture, kind, 'cyd', { transport });
        reader.position = position;
        await reader.follow();
        assert.deepEqual(since, position);
        await reader.reach(5);
        areNumbered(reader.entries, 3, 5, 'history and what follows have neither a gap nor an overlap');
      });

      test('a repetition gets the same answer, and nothing is sent again', async (t) => {
        const { rooms, ada, send, read, bob, at } = await begin(t);
        await bob.follow();
        const first = await send('Once', { clientId: 'c-1' });
        assert.deepEqual([first.clientId, first.seq], ['c-1', 1]);
        const again = await rooms.connect('ada', { transport });
        const once = { content: 'Once', clientId: 'c-1', ...at };
        for (const same of [{}, { replyToId: null }, { attachments: [] }, { unknown: 1 }]) {
          assert.deepEqual(await asked(again, kind.send, { ...once, ...same }), first);
        }
        const conflict = refusal('idempotency_conflict', 'Already sent with other content', kind.send);
        assert.deepEqual(await ada.fails(kind.send, { ...once, content: 'Twice' }), conflict);
        assert.deepEqual(await ada.errs(kind.send, { ...once, content: 'Twice' }), conflict);
        const other = await rooms.connect('zoe', { transport });
        assert.notEqual((await asked(other, kind.send, once)).id, first.id, 'the id is its author\'s');
        const elsewhere = await asked(ada, kind.send, { ...once, [kind.key]: kind.otherRoom(rooms) });
        assert.equal(elsewhere.seq, 1, 'and the room\'s');
        await bob.reach(2);
        areNumbered(bob.entries, 1, 2);
        assert.deepEqual((await read()).messages.map(({ id }) => id), [bob.entries[1].id, first.id]);
      });

      test('a position that the log does not know is refused, and that of history is not', async (t) => {
        const { send, read, bob, at } = await begin(t);
        await send('1');
        const client = (await bob.connect()).client;
        const { position } = await read();
        for (const since of [{ epoch: 'another', seq: 1 }, { ...position, seq: 2 }]) {
          const lost = refusal('position_lost', 'Missed events are no longer available', kind.join);
          assert.deepEqual(await client.fails(kind.join, { ...at, since }), lost);
        }
        await send('2');
        await client.settle();
        assert.deepEqual(bob.entries, [], 'it has not joined');
        await bob.join(position);
        await bob.reach(2);
        areNumbered(bob.entries, 2, 2);
      });

      test('edits and deletions are seen in history, and replies show what they reply to', async (t) => {
        const { ada, at, send, read } = await begin(t);
        const [first, second, third] = [await send('first'), await send('second'), await send('third')];
        const edited = await asked(ada, kind.edit, { messageId: first.id, content: 'edited', ...at });
        assert.equal(edited.seq, 4);
        assert.equal((await asked(ada, kind.remove, { messageId: second.id, ...at })).seq, 5);
        assert.equal((await asked(ada, kind.react, { messageId: third.id, emoji: '👍', ...at })).seq, 6);
        const now = { ...shown(first), content: 'edited', updatedAt: edited.updatedAt };
        const reply = await send('reply', { replyToId: first.id });
        assert.deepEqual(reply.replyTo, now);
        const { messages, position, pagination } = await read();
        assert.deepEqual(messages, [shown(reply), shown(third), now]);
        assert.deepEqual([position.seq, pagination.total], [7, 3]);
      });

      test('history is read by pages', async (t) => {
        const { send, read } = await begin(t);
        const sent = [];
        for (let number = 1; number <= 5; number += 1) sent.unshift(shown(await send(`${number}`)));
        const { messages, pagination, nextCursor } = await read('limit=2');
        assert.deepEqual(messages, sent.slice(0, 2));
        assert.deepEqual(pagination, { page: 1, limit: 2, total: 5, pages: 3 });
        const next = await read(`limit=2&before=${encodeURIComponent(nextCursor)}`);
        assert.deepEqual(next.messages, sent.slice(2, 4));
        assert.deepEqual(await read('limit=2&page=2').then(({ messages }) => messages), sent.slice(2, 4));
        const last = await read(`limit=2&before=${encodeURIComponent(next.nextCursor)}`);
        assert.deepEqual([last.messages, last.nextCursor], [sent.slice(4), null]);
        const all = await read();
        assert.deepEqual([all.messages, all.nextCursor, all.pagination], [sent, null, { page: 1, limit: 50, total: 5, pages: 1 }]);
        assert.deepEqual((await read('page=2')).messages, []);
      });
    });
  }
}

test('a message is forwarded to the history of another room, once', async (t) => {
  const { general, side, connect } = fixture(t, 'forward');
  const ada = await connect('ada');
  const original = await asked(ada, 'send_message', { content: 'Look', channelId: general });
  const { seq, ...shown } = original;
  const follower = new Follower({ general: side, connect }, KINDS[0], 'bob');
  await follower.follow();
  const forward = { messageId: original.id, channelId: general, targetChannelId: side, clientId: 'f-1' };
  const copy = await asked(ada, 'forward_message', forward);
  assert.deepEqual(await asked(ada, 'forward_message', forward), copy);
  await follower.reach(1);
  assert.deepEqual(follower.entries.map(({ event, originalMessage, seq }) => [event, originalMessage, seq]), [['message_forwarded', shown, 1]]);
  const rest = new Rest(mock, await mock.token('bob'));
  const history = async (room) => (await rest.get(KINDS[0].history(room))).body.data.messages;
  assert.deepEqual((await history(side)).map(({ id, channelId, content }) => [id, channelId, content]), [[copy.id, side, 'Look']]);
  assert.deepEqual(await history(general), [shown]);
});

test('the history of a room is made up until something is sent', async (t) => {
  const { general, connect } = fixture(t, 'empty');
  const ada = await connect('ada');
  const rest = new Rest(mock, await mock.token('ada'));
  const read = async () => (await rest.get(KINDS[0].history(general))).body.data;
  const { position } = await asked(ada, 'join_channel', { channelId: general });
  assert.equal(position.seq, 0);
  const made = await read();
  assert.deepEqual([made.messages.length, made.position], [3, position]);
  const root = new Rest(mock, await mock.token('root', { admin: true }));
  assert.equal((await root.put(`${KINDS[0].admin(general)}/members/zoe`)).status, 200);
  const still = await read();
  const ids = ({ messages }) => messages.map(({ id }) => id);
  assert.deepEqual([ids(still), still.position], [ids(made), { ...position, seq: 1 }]);
  const sent = await asked(ada, 'send_message', { content: 'Hello', channelId: general });
  await asked(ada, 'delete_message', { messageId: sent.id, channelId: general });
  const empty = await read();
  assert.deepEqual([empty.messages, empty.pagination.total, empty.position], [[], 0, { ...position, seq: 3 }]);
});

test('the history of another protocol follows its own schema', async (t) => {
  const threads = await Mock.start(THREADS, '--no-limits');
  t.after(() => threads.stop());
  const ann = new Client(threads, { token: await threads.token('ann'), numbered: true });
  t.after(() => ann.close());
  ann.socket.connect();
  const first = await asked(ann, 'join_thread', { threadId: 'thread-1' });
  const posts = [];
  for (const text of ['a', 'b']) posts.unshift({ threadId: 'thread-1', text });
  for (const post of posts.toReversed()) assert.equal((await asked(ann, 'post', post)).threadId, 'thread-1');
  await asked(ann, 'post', { threadId: 'thread-2', text: 'elsewhere' });
  await asked(ann, 'like_thread', { threadId: 'thread-1' });
  const { status, body } = await new Rest(threads, await threads.token('ben')).get('/api/threads/thread-1/posts');
  assert.deepEqual([status, body], [200, { posts, position: { ...first.position, seq: 3 } }]);
});

test('events show history, too, and so do answers that are only a list', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'accord-mock-log-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const schema = join(folder, 'threads.yaml');
  const event = `client:
  read_thread:
    summary: Read the last posts of a thread.
    scope: thread
    limit: posting
    payload: { type: object, required: [threadId], properties: { threadId: { $ref: ThreadId } } }
    ack: { $ref: ThreadPage }
    failure: Failed to read thread
    example: { threadId: thread-1 }
`;
  const written = (await readFile(THREADS, 'utf8')).replace('client:\n', event);
  await writeFile(schema, written.replace('200: { $ref: ThreadPage }', '200: { type: array, items: { $ref: Post } }'));
  const threads = await Mock.start(schema, '--no-limits');
  t.after(() => threads.stop());
  const ann = new Client(threads, { token: await threads.token('ann'), numbered: true });
  t.after(() => ann.close());
  ann.socket.connect();
  const room = { threadId: 'thread-1' };
  const { position } = await asked(ann, 'join_thread', room);
  assert.deepEqual((await asked(ann, 'read_thread', room)).position, position);
  const posts = [{ ...room, text: 'a' }];
  await asked(ann, 'post', posts[0]);
  assert.deepEqual(await asked(ann, 'read_thread', room), { posts, position: { ...position, seq: 1 } });
  const { body } = await new Rest(threads, await threads.token('ben')).get('/api/threads/thread-1/posts');
  assert.deepEqual(body, posts);
});

test('a failed event does not use up its id', async (t) => {
  const { general, connect } = fixture(t, 'failing');
  const ada = await connect('ada');
  const once = { content: 'Hello', channelId: general, clientId: 'c-1' };
  await mock.faults({ fail: ['send_message=internal'] });
  assert.equal((await ada.fails('send_message', once)).code, 'internal');
  await mock.faults({});
  assert.equal((await asked(ada, 'send_message', once)).seq, 1);
});
