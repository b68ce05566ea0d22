// Sending once: a repetition with the same `clientId` gets the same answer, and has no further effect.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { areNumbered, asked, Follower } from './harness/follower.js';
import { CHANNEL, CONVERSATION, KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { assertIs } from './harness/shape.js';
import { reacted, refusal, violations } from './harness/values.js';

const server = await Server.start({ fixtures: 60 });
after(() => server.close());

const conflict = (event) => refusal('idempotency_conflict', 'Already sent with other content', event);

for (const kind of KINDS) {
  for (const transport of ['websocket', 'polling']) {
    describe(`in a ${kind.scope}, over ${transport}`, () => {
      const begin = async () => {
        const fixture = server.fixture();
        const [ada, bob] = [await fixture.connect('ada', { transport }), new Follower(fixture, kind, 'bob', { transport })];
        await bob.follow();
        const at = { [kind.key]: kind.room(fixture) };
        const once = { content: 'Once', clientId: 'c-1', ...at };
        const history = async () => (await fixture.rest('bob').get(kind.history(bob.room, 'limit=100'))).body.data.messages;
        return { fixture, ada, bob, at, once, history };
      };

      test('a repeat has the same message and number, on any connection, and nothing is stored or sent again', async () => {
        const { fixture, ada, bob, once, history } = await begin();
        const first = await asked(ada, kind.send, once);
        assert.equal(first.clientId, 'c-1');
        assert.deepEqual(await asked(ada, kind.send, once), first);
        const other = await fixture.connect('ada', { transport });
        assert.deepEqual(await asked(other, kind.send, once), first);
        const next = await asked(other, kind.send, { ...once, clientId: 'c-2' });
        await bob.reach(next.seq);
        assert.deepEqual(bob.entries, [first, next].map((message) => ({ event: kind.sent, ...message })));
        areNumbered(bob.entries, 1, 2);
        assert.deepEqual((await history()).map(({ id, clientId }) => [id, clientId]), [[next.id, 'c-2'], [first.id, 'c-1']]);
      });

      test('repeats at the same time are one message', async () => {
        const { fixture, ada, bob, once, history } = await begin();
        const others = await fixture.connectAll(['ada', 'ada'], { transport });
        const answers = await Promise.all([ada, ...others].flatMap((client) => Array.from({ length: 10 }, () => asked(client, kind.send, once))));
        for (const answer of answers) assert.deepEqual(answer, answers[0]);
        const next = await asked(ada, kind.send, { ...once, clientId: 'c-2' });
        await bob.reach(next.seq);
        areNumbered(bob.entries, 1, 2);
        assert.equal((await history()).length, 2);
      });

      test('a repeat shows the message as it is now', async () => {
        const { fixture, ada, at, once } = await begin();
        const { seq, ...first } = await asked(ada, kind.send, once);
        const edited = await ada.ok(kind.edit, { messageId: first.id, content: 'Edited', ...at });
        const cyd = await fixture.connect('cyd');
        const reaction = await cyd.ok(kind.react, { messageId: first.id, emoji: '👍', ...at });
        const now = { ...first, seq, content: 'Edited', updatedAt: edited.updatedAt, ...reacted([reaction]) };
        assert.deepEqual(await asked(ada, kind.send, once), now);
        await ada.ok(kind.remove, { messageId: first.id, ...at });
        const gone = await asked(ada, kind.send, once);
        const { content, reactions, reactionCounts, attachments, ...others } = gone;
        assert.deepEqual({ content, reactions, reactionCounts, attachments }, { content: '', ...reacted([]), attachments: [] });
        assert.deepEqual([others.id, others.seq, others.clientId], [first.id, seq, 'c-1']);
      });

      test('sec_31 different content with the same id is refused, and equivalent content is not', async () => {
        const { fixture, ada, bob, once, at } = await begin();
        const upload = async (name) => (await fixture.rest('ada').upload(`of ${name}`, { name })).body.data;
        const [one, two] = [await upload('one.txt'), await upload('two.txt')];
        const parent = await asked(ada, kind.send, { content: 'Parent', ...at });
        const first = await asked(ada, kind.send, once);
        for (const same of [{ replyToId: null }, { attachments: null }, { attachments: [] }, { unknown: 1 }]) {
          assert.deepEqual(await asked(ada, kind.send, { ...once, ...same }), first);
        }
        for (const other of [{ content: 'once' }, { content: 'Once ' }, { replyToId: parent.id }, { attachments: [{ id: one.id }] }]) {
          assert.deepEqual(await ada.fails(kind.send, { ...once, ...other }), conflict(kind.send));
          assert.deepEqual(await ada.errs(kind.send, { ...once, ...other }), conflict(kind.send));
        }
        const attached = { ...once, clientId: 'c-2', attachments: [{ id: one.id }] };
        const sent = await asked(ada, kind.send, attached);
        assert.deepEqual(await asked(ada, kind.send, { ...attached, attachments: [{ ...one, originalName: 'x' }] }), sent, 'by id');
        assert.deepEqual(await ada.fails(kind.send, { ...attached, attachments: [{ id: two.id }] }), conflict(kind.send));
        assert.deepEqual(await ada.fails(kind.send, { ...attached, attachments: [{ id: one.id }, { id: two.id }] }), conflict(kind.send));
        await bob.reach(sent.seq);
        areNumbered(bob.entries, 1, 3);
      });

      test('sec_31 an id belongs to its author and its room', async () => {
        const { fixture, ada, once } = await begin();
        const bob = await fixture.connect('bob', { transport });
        const elsewhere = { ...once, [kind.key]: kind.otherRoom(fixture), content: 'Elsewhere' };
        const ofBob = { ...once, content: 'Of Bob' };
        const sent = [await asked(ada, kind.send, once), await asked(bob, kind.send, ofBob), await asked(ada, kind.send, elsewhere)];
        assert.equal(new Set(sent.map(({ id }) => id)).size, 3);
        assert.deepEqual(await asked(ada, kind.send, elsewhere), sent[2]);
        assert.deepEqual(await asked(bob, kind.send, ofBob), sent[1]);
      });

      test('a failed event does not use up its id', async () => {
        const { ada, at, once } = await begin();
        assert.equal((await ada.fails(kind.send, { ...once, replyToId: 'nothing' })).code, 'reply_not_found');
        assert.equal((await ada.fails(kind.send, { ...once, attachments: [{ id: 'nothing' }] })).code, 'invalid_attachment');
        assertIs(await ada.fails(kind.send, { ...at, content: ' ', clientId: 'c-1' }), violations(kind.send, '/content'));
        assert.equal((await asked(ada, kind.send, once)).seq, 1);
      });

      test('membership is checked first, so a former member learns nothing of earlier requests', async () => {
        const { fixture, ada, bob, once } = await begin();
        await asked(ada, kind.send, once);
        assert.equal((await server.admin.delete(`${kind.admin(bob.room)}/members/${fixture.users.ada.id}`)).status, 200);
        assert.equal((await ada.fails(kind.send, once)).code, 'access_denied');
        assert.equal((await ada.fails(kind.send, { ...once, content: 'Other' })).code, 'access_denied');
      });
    });
  }

  test(`in a ${kind.scope}, an id has 1 to 64 characters without control characters, and null is none`, async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const send = { content: 'x', [kind.key]: kind.room(fixture) };
    for (const clientId of ['', 'x'.repeat(65), 'a\nb', 'a\u0000b', 'a\u0085b', 7, {}, []]) {
      assertIs(await ada.fails(kind.send, { ...send, clientId }), violations(kind.send, '/clientId'), JSON.stringify(clientId));
    }
    for (const clientId of ['x', '😀'.repeat(64), '0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11', " '\"%_\\"]) {
      const sent = await asked(ada, kind.send, { ...send, clientId });
      assert.equal(sent.clientId, clientId);
      assert.deepEqual(await asked(ada, kind.send, { ...send, clientId }), sent);
    }
    const [first, second] = [await asked(ada, kind.send, { ...send, clientId: null }), await asked(ada, kind.send, { ...send, clientId: null })];
    assert.notEqual(first.id, second.id);
    assert.equal(first.clientId, null);
  });

  test(`in a ${kind.scope}, a repeat is known after the server was killed, and everything goes on from where it was`, async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const once = { content: 'Once', clientId: 'c-1', [kind.key]: kind.room(fixture) };
    const first = await asked(ada, kind.send, once);
    const { position } = await asked(ada, kind.join, { [kind.key]: kind.room(fixture) });
    await server.kill();
    await server.launch();
    const again = await fixture.connect('ada');
    assert.deepEqual(await asked(again, kind.send, once), first);
    assert.deepEqual(await again.fails(kind.send, { ...once, content: 'Other' }), conflict(kind.send));
    assert.deepEqual((await asked(again, kind.join, { [kind.key]: kind.room(fixture), since: position })).position, position);
    assert.equal((await asked(again, kind.send, { ...once, clientId: 'c-2' })).seq, 2);
  });
}

const FORWARDS = [
  {
    event: 'forward_message',
    sent: 'message_forwarded',
    key: 'targetChannelId',
    kind: CHANNEL,
    source: ({ general }) => ({ channelId: general }),
    room: ({ side }) => side,
    other: ({ general }) => general,
  },
  {
    event: 'forward_to_direct',
    sent: 'message_forwarded_to_direct',
    key: 'targetConversationId',
    kind: CONVERSATION,
    source: () => ({}),
    room: ({ dm }) => dm,
    other: ({ second }) => second,
  },
];

for (const { event, sent, key, kind, source, room, other } of FORWARDS) {
  test(`${event} with an id forwards once, and counts for the room that the message goes to`, async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const bob = new Follower(fixture, kind, 'bob');
    bob.room = room(fixture);
    await bob.follow();
    const original = await asked(ada, 'send_message', { content: 'Original', channelId: fixture.general, clientId: 'c-1' });
    const another = await asked(ada, 'send_message', { content: 'Another', channelId: fixture.general });
    const forward = { messageId: original.id, ...source(fixture), [key]: room(fixture), clientId: 'c-1' };
    const first = await asked(ada, event, forward);
    assert.deepEqual([first.clientId, first.seq], ['c-1', 1]);
    assert.deepEqual(await asked(ada, event, forward), first);
    assert.deepEqual(await ada.fails(event, { ...forward, messageId: another.id }), conflict(event));
    const elsewhere = await asked(ada, event, { ...forward, [key]: other(fixture) });
    assert.notEqual(elsewhere.id, first.id);
    // Sending is another event, so that its ids are others.
    const said = await asked(ada, kind.send, { content: 'Said', [kind.key]: room(fixture), clientId: 'c-1' });
    await ada.ok('delete_message', { messageId: original.id, channelId: fixture.general });
    assert.deepEqual(await asked(ada, event, forward), first, 'a repeat succeeds although the original is gone');
    await bob.reach(said.seq);
    assert.deepEqual(bob.entries.map((entry) => [entry.event, entry.seq]), [[sent, 1], [kind.sent, 2]]);
  });
}
