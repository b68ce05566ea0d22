// The generated package sends once and in order, whatever happens to the connection: with its own client, and with the official one.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Refusal } from '../../schema/generated/typescript/rooms.js';
import { exhaust } from './harness/bursts.js';
import { begin, numbered, start, stop } from './harness/followed_rooms.js';
import { asked } from './harness/follower.js';
import { KINDS } from './harness/kinds.js';
import { CLIENTS } from './harness/member.js';
import { Server } from './harness/server.js';

before(start);
after(stop);

for (const client of Object.keys(CLIENTS)) {
  for (const kind of KINDS) {
    describe(`with the ${client} client, in a ${kind.scope}`, () => {
      test('events that are sent while the connection breaks arrive once and in order', async () => {
        const { network, bob, send, sent, end } = await begin(client, { kind });
        await bob.connected();
        const texts = numbered('message', 60);
        let answered = 0;
        const sending = texts.map((text) =>
          send(text).then((message) => {
            answered += 1;
            bob.look();
            return message;
          }),
        );
        for (const count of [1, 5, 6, 20, 21, 40]) {
          await bob.until(() => answered >= count, `${count} answers`);
          network.cut();
        }
        const messages = await Promise.all(sending);
        assert.deepEqual(messages.map(({ content }) => content), texts);
        assert.deepEqual(await sent(), texts);
        await end();
      });

      test('a message exists once, whether the connection breaks before it arrives or before it is answered', async () => {
        const { network, bob, ada, to, send, sent, end } = await begin(client, { kind });
        await ada.ok(kind.join, to);
        await bob.connected();
        network.holdRequests();
        const unheard = send('before it arrives');
        network.cut();
        const { id } = await ada.next(kind.sent);
        assert.equal((await unheard).id, id);
        await bob.until(() => bob.socket.connected, 'the connection');
        network.holdAnswers();
        const unanswered = send('before it is answered');
        const heard = await ada.next(kind.sent);
        network.cut();
        assert.deepEqual(await unanswered, heard);
        await ada.settle();
        assert.deepEqual(ada.seen.filter(([event]) => event === kind.sent), []);
        assert.deepEqual(await sent(), ['before it arrives', 'before it is answered']);
        await end();
      });

      test('events that are sent without a connection go out with the next one, in order', async () => {
        const { network, bob, send, sent, end } = await begin(client, { kind });
        const early = numbered('early', 3).map((text) => send(text));
        await bob.connected();
        await Promise.all(early);
        network.shut();
        await bob.gone();
        const late = numbered('late', 3).map((text, n) => send(text, { clientId: `late-${n}` }));
        network.open();
        assert.deepEqual((await Promise.all(late)).map(({ clientId }) => clientId), ['late-0', 'late-1', 'late-2']);
        assert.deepEqual(await sent(), [...numbered('early', 3), ...numbered('late', 3)]);
        await end();
      });
    });
  }

  test(`with the ${client} client, events that are sent too fast arrive in order`, async () => {
    const limited = await Server.start({ fixtures: 1, rateLimits: 'on' });
    const { fixture, bob, send, sent, end } = await begin(client, { at: limited });
    try {
      await bob.connected();
      const other = await fixture.connect('bob');
      const delays = [];
      let refused;
      const refusal = new Promise((resolve) => (refused = resolve));
      const failed = (error, retryAt) => refused(delays.push([error instanceof Refusal, error.code, retryAt > Date.now()]));
      const to = { channelId: fixture.general };
      const texts = numbered('fast', 30);
      const sending = [];
      await exhaust(other, 80);
      for (const content of texts) {
        // Another connection of Bob's uses up what the limit has regained, until a message is refused.
        if (delays.length === 0) await exhaust(other, 2);
        sending.push(bob.rooms.send('send_message', { ...to, content }, { failed }));
        if (delays.length === 0) await Promise.race([sending.at(-1), refusal]);
      }
      await Promise.all(sending);
      assert.deepEqual(await sent(), texts);
      assert.deepEqual(delays[0], [true, 'rate_limited', true]);
      await assert.rejects(send('  '), { name: 'Refusal', code: 'invalid_payload' });
    } finally {
      await end();
      await limited.close();
    }
  });

  test(`with the ${client} client, a message that is refused lets the next ones go on`, async () => {
    const { bob, to, send, sent, end } = await begin(client);
    await bob.connected();
    const [refused, next] = [send('1', { replyToId: 'nothing' }), send('2', { clientId: 'two' })];
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof Refusal);
      assert.deepEqual([error.code, error.details, error.body.event], ['reply_not_found', [], 'send_message']);
      return true;
    });
    const { id } = await next;
    assert.equal((await send('2', { clientId: 'two' })).id, id);
    await assert.rejects(send('other', { clientId: 'two' }), { code: 'idempotency_conflict' });
    await assert.rejects(bob.rooms.send('edit_message', { ...to, messageId: id, content: '3' }), TypeError);
    assert.deepEqual(await sent(), ['2']);
    await end();
  });

  test(`with the ${client} client, waiting events can be cancelled, and are bounded`, async () => {
    const { bob, send, sent, end, to } = await begin(client);
    const endings = Array.from({ length: 990 }, () => new AbortController());
    const given = endings.map(({ signal }) => bob.rooms.send('send_message', { ...to, content: 'never mind' }, { signal }));
    const waiting = numbered('message', 10).map((text) => send(text));
    await assert.rejects(send('one too many'), { name: 'RangeError', message: '1000 events wait for their acknowledgement already' });
    for (const [n, ending] of endings.entries()) ending.abort(new Error(`given up ${n}`));
    for (const [n, { reason }] of (await Promise.allSettled(given)).entries()) assert.equal(reason, endings[n].signal.reason);
    const { signal } = endings[0];
    await assert.rejects(bob.rooms.send('send_message', { ...to, content: 'too late' }, { signal }), signal.reason);
    await bob.connected();
    await Promise.all(waiting);
    assert.deepEqual(await sent(), numbered('message', 10));
    await end();
  });

  test(`with the ${client} client, a message is sent as it was given, or fails at once`, async () => {
    const { bob, to, send, end } = await begin(client);
    const payload = { ...to, content: 'as given', attachments: [] };
    const given = bob.rooms.send('send_message', payload);
    payload.attachments.push({ id: 'later' });
    const failed = assert.rejects(send(1n), TypeError);
    const next = send('next');
    await bob.connected();
    const messages = await Promise.all([given, next, failed]);
    assert.deepEqual(messages.map((message) => message?.content), ['as given', 'next', undefined]);
    await end();
  });

  test(`with the ${client} client, an event without an answer is sent again`, async () => {
    const { network, bob, ada, to, send, sent, end } = await begin(client, { options: { timeout: 100 } });
    await ada.ok('join_channel', to);
    await bob.connected();
    network.holdAnswers();
    const failures = [];
    const unanswered = bob.rooms.send('send_message', { ...to, content: 'hello?' }, { failed: ({ message }) => failures.push(message) });
    await ada.next('new_message');
    while (failures.length === 0) await ada.settle();
    network.cut();
    await unanswered;
    assert.equal(failures[0], 'The server did not answer in time.');
    await send('again');
    assert.deepEqual(await sent(), ['hello?', 'again']);
    await end();
  });
}
