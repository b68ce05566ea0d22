// Sequence numbers: each durable event of a room has the next one, the same for everybody and in its acknowledgement.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { areNumbered, asked, Follower } from './harness/follower.js';
import { CHANNEL, CONVERSATION, KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';

const server = await Server.start({ fixtures: 30 });
after(() => server.close());

/** Whether anything in a value, at any depth, has a number. */
const isNumbered = (value) => JSON.stringify(value).includes('"seq"');

for (const kind of KINDS) {
  for (const transport of ['websocket', 'polling']) {
    test(`in a ${kind.scope}, over ${transport}, an acknowledgement and its event have the same number`, async () => {
      const fixture = server.fixture();
      const ada = await fixture.connect('ada', { transport });
      const bob = new Follower(fixture, kind, 'bob', { transport });
      await bob.follow();
      const { at } = bob;
      const answers = [];
      const ask = async (event, payload) => {
        const answer = await asked(ada, event, { ...at, ...payload });
        answers.push(answer);
        return answer;
      };
      const { id: messageId } = await ask(kind.send, { content: 'one' });
      await ask(kind.send, { content: 'two', replyToId: messageId });
      await ask(kind.edit, { messageId, content: 'edited' });
      await ask(kind.react, { messageId, emoji: '👍' });
      await ask(kind.unreact, { messageId, emoji: '👍' });
      await ask(kind.remove, { messageId });
      await bob.reach(6);
      assert.deepEqual(bob.entries.map(({ event, ...value }) => value), answers);
      areNumbered(bob.entries, 1, 6);
      for (const { seq, ...value } of answers) assert.ok(!isNumbered(value), 'what is inside has none');
      const { body } = await fixture.rest('bob').get(kind.history(bob.room));
      assert.ok(!isNumbered(body.data.messages), 'nor has history');
    });

    test(`in a ${kind.scope}, over ${transport}, members who send at once are numbered one after the other, for all`, async () => {
      const fixture = server.fixture();
      const followers = ['ada', 'bob', 'cyd'].map((role) => new Follower(fixture, kind, role, { transport }));
      await Promise.all(followers.map((follower) => follower.follow()));
      const sent = followers.flatMap(({ client, at }) =>
        Array.from({ length: 100 }, (_, n) => asked(client, kind.send, { content: `${client.user.id} ${n}`, ...at })));
      const answers = (await Promise.all(sent)).sort((a, b) => a.seq - b.seq);
      for (const follower of followers) {
        await follower.reach(300);
        assert.deepEqual(follower.entries, answers.map((message) => ({ event: kind.sent, ...message })));
      }
      areNumbered(answers, 1, 300);
      const own = answers.filter(({ userId }) => userId === fixture.users.ada.id).map(({ content }) => content);
      assert.deepEqual(own, Array.from({ length: 100 }, (_, n) => `${fixture.users.ada.id} ${n}`), 'in the order of sending');
    });
  }

  test(`in a ${kind.scope}, the answer to a request without effect has the newest number, and a failure has none`, async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const bob = new Follower(fixture, kind, 'bob');
    await bob.follow();
    const { at } = bob;
    const { id: messageId } = await asked(ada, kind.send, { content: 'one', ...at });
    const reacted = await asked(ada, kind.react, { messageId, emoji: '👍', ...at });
    await asked(ada, kind.send, { content: 'two', ...at });
    assert.deepEqual(await asked(ada, kind.react, { messageId, emoji: '👍', ...at }), { ...reacted, seq: 3 });
    await ada.fails(kind.edit, { messageId: 'nothing', content: 'x', ...at });
    await ada.fails(kind.send, { content: ' ', ...at });
    assert.equal((await asked(ada, kind.send, { content: 'three', ...at })).seq, 4);
    await bob.reach(4);
    areNumbered(bob.entries, 1, 4);
  });
}

test('a channel and a conversation of the same id have logs of their own', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  for (const seq of [1, 2]) {
    assert.equal((await asked(ada, CHANNEL.send, { content: 'x', channelId: fixture.general })).seq, seq);
    assert.equal((await asked(ada, CONVERSATION.send, { content: 'x', conversationId: fixture.twin })).seq, seq);
  }
});

test('a volatile event has no number, and uses none up', async () => {
  const fixture = server.fixture();
  const [ada, bob] = [await fixture.connect('ada'), new Follower(fixture, CHANNEL, 'bob')];
  await bob.follow();
  const { at } = bob;
  const { id: messageId } = await asked(ada, 'send_message', { content: 'x', ...at });
  for (const [event, payload] of [['typing_start', {}], ['typing_stop', {}], ['mark_read', { messageId }]]) {
    assert.ok(!isNumbered(await ada.ok(event, { ...at, ...payload }) ?? null), event);
  }
  for (const event of ['typing_started', 'typing_stopped', 'message_read']) assert.ok(!isNumbered(await bob.client.next(event)), event);
  assert.equal((await asked(ada, 'send_message', { content: 'x', ...at })).seq, 2);
});
