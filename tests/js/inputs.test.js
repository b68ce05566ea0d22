// The rules of every input at their bounds, and the messages of violations.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { assertIs, string, text } from './harness/shape.js';
import { denied, inOrder, message, messageNotFound, refusal, violations } from './harness/values.js';

const server = await Server.start();
after(() => server.close());

/** The white space characters of Unicode, each alone. */
const WHITE_SPACE = [
  ...'\t\n\u000b\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
];

/** Control characters, default-ignorable code points, and the blank Braille pattern. */
const UNSEEN = [...'\u0001\u007f\u009f\u00ad\u034f\u061c\u115f\u17b4\u180e\u200b\u200d\u202e\u2060\u206f\u2800\u3164\ufe0f\ufeff\uffa0\u{1d173}\u{e0001}\u{e0fff}'];

/** The different paths that a refused payload's violations are at. */
async function pathsOf(client, event, payload) {
  const error = await client.fails(event, payload);
  assertIs(error, {
    ...refusal('invalid_payload', 'Invalid message data', event),
    details: (error.details ?? []).map(() => ({ path: string, message: text })),
  });
  return [...new Set(error.details.map(({ path }) => path))].sort();
}

for (const kind of KINDS) {
  describe(`in a ${kind.scope}`, () => {
    const open = async () => {
      const fixture = server.fixture();
      const ada = await fixture.connect('ada');
      const room = { [kind.key]: kind.room(fixture) };
      return { fixture, ada, room };
    };

    test('content has up to 4,000 code points, with any number of bytes or UTF-16 units', async () => {
      const { fixture, ada, room } = await open();
      for (const letter of ['x', 'ü', '漢', '😀']) {
        const content = letter.repeat(4000);
        const sent = await ada.ok(kind.send, { content, ...room });
        assertIs(sent, message(kind, kind.room(fixture), fixture.users.ada, content));
        const edited = await ada.ok(kind.edit, { messageId: sent.id, content: letter.repeat(3999), ...room });
        assert.equal(edited.content, letter.repeat(3999));
        const tooLong = letter.repeat(4001);
        assertIs(await ada.fails(kind.send, { content: tooLong, ...room }), violations(kind.send, '/content'));
        const edit = { messageId: sent.id, content: tooLong, ...room };
        assertIs(await ada.fails(kind.edit, edit), violations(kind.edit, '/content'));
      }
    });

    test('content needs something that shows, unless there are attachments', async () => {
      const { ada, room } = await open();
      const { id } = await ada.ok(kind.send, { content: 'x', ...room });
      for (const content of ['', ...WHITE_SPACE, WHITE_SPACE.join(''), ...UNSEEN, UNSEEN.join(' ')]) {
        const shown = JSON.stringify(content);
        assertIs(await ada.fails(kind.send, { content, ...room }), violations(kind.send, '/content'), shown);
        assertIs(await ada.fails(kind.send, { content, ...room, attachments: [] }), violations(kind.send, '/content'), shown);
        assertIs(await ada.fails(kind.send, { content, ...room, attachments: null }), violations(kind.send, '/content'), shown);
        assertIs(await ada.fails(kind.edit, { messageId: id, content, ...room }), violations(kind.edit, '/content'), shown);
      }
      for (const content of ['.', ' . ', `${WHITE_SPACE.join('')}x`, `x${WHITE_SPACE.join('')}`, `${UNSEEN.join('')}x`]) {
        assert.equal((await ada.ok(kind.send, { content, ...room })).content, content);
      }
    });

    test('content has no U+0000', async () => {
      const { ada, room } = await open();
      const { id } = await ada.ok(kind.send, { content: 'x', ...room });
      for (const content of ['\u0000', 'a\u0000b', 'x\u0000', '\u0000x']) {
        assert.deepEqual(await pathsOf(ada, kind.send, { content, ...room }), ['/content']);
        assert.deepEqual(await pathsOf(ada, kind.edit, { messageId: id, content, ...room }), ['/content']);
      }
      const upload = (await server.rest(server.token({ id: ada.user.id, name: ada.user.name })).upload('x')).body.data;
      const payload = { content: 'a\u0000', ...room, attachments: [upload] };
      assert.deepEqual(await pathsOf(ada, kind.send, payload), ['/content']);
    });

    test('ids have 1 to 128 characters, and no control characters', async () => {
      const { ada, room } = await open();
      const wrong = ['', 'x'.repeat(129), '😀'.repeat(129), 'a\u0000', '\u0007', 'a\nb', '\u007f', '\u0085', 1, true, {}, [], ['general']];
      for (const id of wrong) {
        for (const [event, payload, path] of [
          [kind.join, { [kind.key]: id }, `/${kind.key}`],
          [kind.leave, { [kind.key]: id }, `/${kind.key}`],
          [kind.send, { content: 'x', [kind.key]: id }, `/${kind.key}`],
          [kind.send, { content: 'x', ...room, replyToId: id }, '/replyToId'],
          [kind.send, { content: 'x', ...room, attachments: [{ id }] }, '/attachments/0/id'],
          [kind.edit, { content: 'x', ...room, messageId: id }, '/messageId'],
          [kind.remove, { ...room, messageId: id }, '/messageId'],
          [kind.react, { emoji: '👍', ...room, messageId: id }, '/messageId'],
          [kind.unreact, { emoji: '👍', ...room, messageId: id }, '/messageId'],
        ]) {
          assert.deepEqual(await pathsOf(ada, event, payload), [path], `${event} ${JSON.stringify(id).slice(0, 40)}`);
        }
      }
      for (const id of ['x', 'x'.repeat(128), '漢'.repeat(128), '😀'.repeat(128), ' ', '/../', '"\'`']) {
        assert.deepEqual(await ada.fails(kind.join, { [kind.key]: id }), denied(kind, kind.join));
        assert.deepEqual(await ada.fails(kind.remove, { messageId: id, ...room }), messageNotFound(kind.remove));
      }
    });

    test('attachments are at most 10, each an object with an id', async () => {
      const { ada, room } = await open();
      const send = (attachments) => pathsOf(ada, kind.send, { content: 'x', ...room, attachments });
      const some = (n) => Array.from({ length: n }, (_, i) => ({ id: `upload-${i}` }));
      assert.deepEqual(await send(some(11)), ['/attachments']);
      assert.deepEqual(await send(some(1000)), ['/attachments']);
      const invalid = refusal('invalid_attachment', 'Invalid attachment', kind.send);
      assert.deepEqual(await ada.fails(kind.send, { content: 'x', ...room, attachments: some(10) }), invalid);
      for (const wrong of ['upload', 1, true, {}, { length: 1 }]) assert.deepEqual(await send(wrong), ['/attachments']);
      for (const wrong of ['upload', 1, true, null, []]) assert.deepEqual(await send([wrong]), ['/attachments/0']);
      assert.deepEqual(await send([{}]), ['/attachments/0/id']);
      assert.deepEqual(await send([{ id: null }]), ['/attachments/0/id']);
      assert.deepEqual(await send([{ id: 'ok' }, {}, 'x', { id: 2 }]), ['/attachments/1/id', '/attachments/2', '/attachments/3/id']);
    });

    test('content and replyToId are strings', async () => {
      const { ada, room } = await open();
      for (const wrong of [1, 0, true, false, {}, [], ['x'], { text: 'x' }]) {
        assert.deepEqual(await pathsOf(ada, kind.send, { content: wrong, ...room }), ['/content']);
        assert.deepEqual(await pathsOf(ada, kind.send, { content: 'x', ...room, replyToId: wrong }), ['/replyToId']);
      }
      assert.deepEqual(await pathsOf(ada, kind.send, { content: Buffer.from('x'), ...room }), ['/content']);
    });

    test('a refusal names every violation', async () => {
      const { ada } = await open();
      const payload = { content: 'x'.repeat(4001), [kind.key]: '', replyToId: 7, attachments: [{ id: '' }, 'x', {}] };
      const paths = ['/attachments/0/id', '/attachments/1', '/attachments/2/id', '/content', '/replyToId', `/${kind.key}`];
      assertIs(inOrder(await ada.fails(kind.send, payload)), inOrder(violations(kind.send, ...paths)));
      assertIs(
        inOrder(await ada.fails(kind.react, { emoji: 'a b', messageId: 1 })),
        inOrder(violations(kind.react, '/emoji', '/messageId', `/${kind.key}`)),
      );
    });

    test('unknown fields are ignored, whatever their names', async () => {
      const { fixture, ada, room } = await open();
      const odd = JSON.parse('{"__proto__":{"content":"x"},"constructor":1,"toString":null,"":"","a/b":[],"~":{},"漢":1}');
      const sent = await ada.ok(kind.send, { ...odd, content: 'plain', ...room });
      assertIs(sent, message(kind, kind.room(fixture), fixture.users.ada, 'plain'));
      assert.deepEqual(await ada.ok(kind.join, { ...odd, ...room, content: 1, messageId: [] }), room);
    });

    test('arguments after the payload are ignored', async () => {
      const { ada, room } = await open();
      assert.deepEqual(await ada.ok(kind.join, room, 'extra', 42, null, { more: true }), room);
      assert.deepEqual(await ada.ok(kind.leave, room, Buffer.from('extra')), room);
    });
  });
}

test('forwarding names each id that is wrong', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const wrong = { messageId: '', channelId: 7, targetChannelId: 'x'.repeat(129) };
  assert.deepEqual(await pathsOf(ada, 'forward_message', wrong), ['/channelId', '/messageId', '/targetChannelId']);
  const nulls = { messageId: null, channelId: fixture.general, targetChannelId: null };
  assert.deepEqual(await pathsOf(ada, 'forward_message', nulls), ['/messageId', '/targetChannelId']);
});

test('a ping takes no payload, and a payload is ignored', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  for (const args of [[null], [{}], ['x'], [1, 2, 3], [Buffer.from('x')]]) {
    const data = await ada.ok('ping', ...args);
    assert.deepEqual(await ada.next('pong'), data);
  }
});

test('sec_24 a connection survives every odd payload, and answers', async () => {
  const fixture = server.fixture();
  const ada = await fixture.connect('ada');
  const deep = (depth) => {
    let value = 'x';
    for (let i = 0; i < depth; i += 1) value = [value];
    return value;
  };
  const odd = [
    deep(100),
    { content: deep(120), channelId: fixture.general },
    { content: 'x', channelId: fixture.general, extra: deep(120) },
    { content: 1e308, channelId: -0 },
    { content: Number.MAX_SAFE_INTEGER, channelId: 1e-320 },
    Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`key${i}`, i])),
    Array.from({ length: 5000 }, () => null),
    'x'.repeat(90_000),
    { content: 'x'.repeat(90_000), channelId: fixture.general },
    [Buffer.from('a'), Buffer.from('b')],
    { content: { _placeholder: true, num: 0 }, channelId: fixture.general },
    { _placeholder: true, num: 99 },
  ];
  for (const payload of odd) {
    const { ok } = await ada.ack('send_message', payload);
    assert.equal(typeof ok, 'boolean');
    ada.emit('send_message', payload);
  }
  await ada.settle();
  assert.equal(ada.socket.connected, true);
  assert.ok(ada.seen.every(([event]) => event === 'error'));
});
