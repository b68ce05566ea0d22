// Reactions to messages, in channels and in conversations.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { settle } from './harness/client.js';
import { KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { assertIs } from './harness/shape.js';
import { message, messageNotFound, reacted, reaction, reactionNotFound, refusal } from './harness/values.js';

const server = await Server.start();
after(() => server.close());

/** Ada and Bob in a room, with a message of Ada's that nobody has reacted to. */
async function setUp(kind) {
  const fixture = server.fixture();
  const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
  const room = { [kind.key]: kind.room(fixture) };
  const subject = await ada.ok(kind.send, { content: 'The subject', ...room });
  for (const client of [ada, bob]) await client.ok(kind.join, room);
  await settle(ada, bob);
  ada.log = [];
  bob.log = [];
  const on = (emoji) => ({ messageId: subject.id, emoji, ...room });
  const history = async () => (await fixture.rest('ada').get(kind.history(kind.room(fixture)))).body.data.messages;
  return { fixture, ada, bob, room, subject, on, history };
}

for (const kind of KINDS) {
  describe(`in a ${kind.scope}`, () => {
    test('the same emoji twice is answered with the existing reaction, and nothing is broadcast', async () => {
      const { ada, bob, on } = await setUp(kind);
      const first = await ada.ok(kind.react, on('👍'));
      const second = await ada.ok(kind.react, on('👍'));
      assert.deepEqual(second, first);
      ada.emit(kind.react, on('👍'));
      await ada.saw([[kind.reacted, first]]);
      await bob.saw([[kind.reacted, first]]);
    });

    test('the same emoji twice at once makes one reaction', async () => {
      const { fixture, ada, bob, on, history } = await setUp(kind);
      const phone = await fixture.connect('ada');
      const answers = await Promise.all([ada, phone, ada, phone].map((client) => client.ok(kind.react, on('👍'))));
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
      await settle(ada, phone);
      await bob.saw([[kind.reacted, answers[0]]]);
      assert.deepEqual((await history())[0].reactions, [answers[0]]);
    });

    test('different users and different emoji make reactions of their own, in history oldest first', async () => {
      const { fixture, ada, bob, subject, on, history } = await setUp(kind);
      const made = [];
      for (const [client, role, emoji] of [
        [bob, 'bob', '👍'],
        [ada, 'ada', '👍'],
        [bob, 'bob', '❤️'],
        [ada, 'ada', '👩‍👩‍👧‍👦'],
        [ada, 'ada', ':+1:'],
        [ada, 'ada', '🇩🇪'],
        [ada, 'ada', '👍🏽'],
      ]) {
        const got = await client.ok(kind.react, on(emoji));
        assertIs(got, reaction(subject.id, emoji, fixture.users[role]));
        made.push(got);
      }
      assert.equal(new Set(made.map(({ id }) => id)).size, made.length);
      assert.deepEqual(await history(), [{ ...subject, ...reacted(made) }]);
    });

    test('removing affects only one\'s own reaction with this emoji', async () => {
      const { fixture, ada, bob, subject, on, history } = await setUp(kind);
      const bobs = await bob.ok(kind.react, on('👍'));
      await ada.ok(kind.react, on('👍'));
      const heart = await ada.ok(kind.react, on('❤️'));
      ada.log = [];
      const removed = { messageId: subject.id, emoji: '👍', userId: fixture.users.ada.id };
      assert.deepEqual(await ada.ok(kind.unreact, on('👍')), removed);
      await ada.saw([[kind.unreacted, removed]]);
      assert.deepEqual(await history(), [{ ...subject, ...reacted([bobs, heart]) }]);
    });

    test('removing a reaction that does not exist, or of somebody else, answers that it is not found', async () => {
      const { ada, bob, on } = await setUp(kind);
      const own = await ada.ok(kind.react, on('👍'));
      for (const [client, emoji] of [[bob, '👍'], [ada, '🎉']]) {
        assert.deepEqual(await client.fails(kind.unreact, on(emoji)), reactionNotFound(kind.unreact));
        assert.deepEqual(await client.errs(kind.unreact, on(emoji)), reactionNotFound(kind.unreact));
      }
      const removed = await ada.ok(kind.unreact, on('👍'));
      assert.deepEqual(await ada.fails(kind.unreact, on('👍')), reactionNotFound(kind.unreact));
      await settle(ada, bob);
      await bob.saw([[kind.reacted, own], [kind.unreacted, removed]]);
    });

    test('a removed reaction can be added again, as a new one', async () => {
      const { fixture, ada, bob, subject, on, history } = await setUp(kind);
      const first = await ada.ok(kind.react, on('👍'));
      const removed = await ada.ok(kind.unreact, on('👍'));
      const second = await ada.ok(kind.react, on('👍'));
      assertIs(second, reaction(subject.id, '👍', fixture.users.ada));
      assert.notEqual(second.id, first.id);
      await bob.saw([[kind.reacted, first], [kind.unreacted, removed], [kind.reacted, second]]);
      assert.deepEqual(await history(), [{ ...subject, ...reacted([second]) }]);
    });

    test('reactions do not change the time of a message\'s update, and are deleted with the message', async () => {
      const { ada, bob, room, subject, on, history } = await setUp(kind);
      const made = await bob.ok(kind.react, on('👍'));
      assert.deepEqual(await history(), [{ ...subject, ...reacted([made]) }]);
      await ada.ok(kind.remove, { messageId: subject.id, ...room });
      assert.deepEqual(await bob.fails(kind.unreact, on('👍')), messageNotFound(kind.unreact));
      assert.deepEqual(await history(), []);
    });

    test('emoji have 1 to 32 code points, something that shows, and neither white space nor control characters', async () => {
      const { fixture, ada, subject, on, room, history } = await setUp(kind);
      const longest = '🎉'.repeat(32);
      assertIs(await ada.ok(kind.react, on(longest)), reaction(subject.id, longest, fixture.users.ada));
      assertIs(await ada.ok(kind.unreact, on(longest)), { messageId: subject.id, emoji: longest, userId: fixture.users.ada.id });
      const nothing = ['\u200b', '\ufe0f', '\u2800', '\u00ad\u200d', '\u{e0041}', '\u3164'];
      const wrong = [...nothing, '', '🎉'.repeat(33), 'a b', ' ', '\t', '\u00a0', '\u2003x', '\u3000', 'x\u0000', '\u0007', '\u009f', '\u0085'];
      for (const event of [kind.react, kind.unreact]) {
        for (const emoji of [...wrong, 1, {}, ['👍'], true, null]) {
          const error = await ada.fails(event, { ...on('👍'), emoji });
          assert.equal(error.code, 'invalid_payload', JSON.stringify(emoji));
          assert.deepEqual([...new Set(error.details.map(({ path }) => path))], ['/emoji'], JSON.stringify(emoji));
        }
      }
      assertIs(await history(), [message(kind, room[kind.key], fixture.users.ada, 'The subject')]);
    });

    test('emoji that differ in variation selectors alone are one reaction, as its user spelt it first', async () => {
      const { fixture, ada, bob, subject, on, history } = await setUp(kind);
      const first = await ada.ok(kind.react, on('❤'));
      assert.deepEqual(await ada.ok(kind.react, on('❤\ufe0f')), first);
      const second = await bob.ok(kind.react, on('❤\ufe0f'));
      assert.equal(second.emoji, '❤\ufe0f');
      assert.deepEqual(await history(), [{ ...subject, reactions: [first, second], reactionCounts: [{ emoji: '❤', count: 2 }] }]);
      const removed = { messageId: subject.id, emoji: '❤', userId: fixture.users.ada.id };
      assert.deepEqual(await ada.ok(kind.unreact, on('❤\ufe0e')), removed);
      await bob.saw([[kind.reacted, first], [kind.reacted, second], [kind.unreacted, removed]]);
      assert.deepEqual(await history(), [{ ...subject, ...reacted([second]) }]);
    });

    test('sec_30 a user adds 20 different emoji to a message', async () => {
      const { ada, bob, on } = await setUp(kind);
      for (let number = 0; number < 20; number += 1) await ada.ok(kind.react, on(`:e${number}:`));
      const tooMany = refusal('too_many_reactions', 'Too many reactions', kind.react);
      assert.deepEqual(await ada.fails(kind.react, on('👍')), tooMany);
      assert.deepEqual(await ada.errs(kind.react, on('👍')), tooMany);
      await ada.ok(kind.react, on(':e0:'));
      await bob.ok(kind.react, on('👍'));
      await ada.ok(kind.unreact, on(':e0:'));
      await ada.ok(kind.react, on('👍'));
    });
  });
}
