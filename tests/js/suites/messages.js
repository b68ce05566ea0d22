// Sending, replying, editing and deleting: the same for channels and for conversations.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from '../harness/client.js';
import { assertIs, timeFrom } from '../harness/shape.js';
import { attachment, message, messageNotFound, reacted, refusal, violations } from '../harness/values.js';

export function messageSuite(kind, server) {
  const at = (room) => ({ [kind.key]: room });
  const say = (client, room, content, extra = {}) => client.ok(kind.send, { content, ...at(room), ...extra });
  const history = async (fixture, room) => {
    const { status, body } = await fixture.rest('ada').get(kind.history(room, 'limit=100'));
    assert.equal(status, 200);
    return body.data;
  };
  const replyNotFound = refusal('reply_not_found', 'Original message not found or has been deleted', kind.send);

  test('a message has its content, author, room and time, in events and in history', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const before = new Date().toISOString();
    const sent = await say(ada, kind.room(fixture), 'Hello, world!');
    const until = new Date().toISOString();
    assertIs(sent, message(kind, kind.room(fixture), fixture.users.ada, 'Hello, world!'));
    assert.equal(sent.updatedAt, sent.createdAt);
    assert.ok(sent.createdAt >= before && sent.createdAt <= until, `${before} <= ${sent.createdAt} <= ${until}`);
    assert.deepEqual((await history(fixture, kind.room(fixture))).messages, [sent]);
  });

  test('content is returned unchanged', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = kind.room(fixture);
    await bob.ok(kind.join, at(room));
    bob.log = [];
    const contents = [
      '  spaces around  ',
      'a\nb\r\nc\td\u0001\u007f\u0085',
      '<script>alert(1)</script> & "quotes" \'; drop table messages; --',
      'e\u0301 is not \u00e9; \u202eright to left\u202c; \ufeff\u200b\u2028',
      '👩‍👩‍👧‍👦 🏳️‍🌈 𝒳 漢字 \u{10ffff}\uffff',
      '{"json": true} \\u0041 \\ % _ $1 {0}',
      '0',
      'null',
    ];
    const sent = [];
    for (const content of contents) sent.push(await say(ada, room, content));
    assert.deepEqual(sent.map(({ content }) => content), contents);
    await bob.saw(sent.map((value) => [kind.sent, value]));
    assert.deepEqual((await history(fixture, room)).messages, sent.reverse());
  });

  test('ids sort by the order of sending', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const ids = [];
    for (let n = 0; n < 20; n += 1) ids.push((await say(n % 2 ? ada : bob, kind.room(fixture), `${n}`)).id);
    assert.deepEqual([...ids].sort(), ids);
  });

  test('a reply carries its parent one level deep', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = kind.room(fixture);
    const grandparent = await say(ada, room, 'first');
    const parent = await say(bob, room, 'second', { replyToId: grandparent.id });
    assertIs(parent, message(kind, room, fixture.users.bob, 'second', { replyToId: grandparent.id, replyTo: grandparent }));
    const reply = await say(ada, room, 'third', { replyToId: parent.id });
    const shown = { ...parent, replyTo: null };
    assertIs(reply, message(kind, room, fixture.users.ada, 'third', { replyToId: parent.id, replyTo: shown }));
    assert.deepEqual((await history(fixture, room)).messages, [reply, parent, grandparent]);
  });

  test("a reply shows the current state of its parent: its edits, reactions and attachments", async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = kind.room(fixture);
    const upload = (await fixture.rest('ada').upload('a note', { name: 'note.txt' })).body.data;
    const parent = await say(ada, room, 'first', { attachments: [{ id: upload.id }] });
    const edited = await ada.ok(kind.edit, { messageId: parent.id, content: 'edited', ...at(room) });
    const reaction = await bob.ok(kind.react, { messageId: parent.id, emoji: '👀', ...at(room) });
    const reply = await say(bob, room, 'second', { replyToId: parent.id });
    const shown = { ...parent, content: 'edited', updatedAt: edited.updatedAt, ...reacted([reaction]) };
    assertIs(reply, message(kind, room, fixture.users.bob, 'second', { replyToId: parent.id, replyTo: shown }));
    assert.deepEqual((await history(fixture, room)).messages, [reply, shown]);
  });

  test('once a parent is deleted, its replies show null and keep its id', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const room = kind.room(fixture);
    const parent = await say(ada, room, 'first');
    const reply = await say(ada, room, 'second', { replyToId: parent.id });
    await ada.ok(kind.remove, { messageId: parent.id, ...at(room) });
    const after = await say(ada, room, 'third', { replyToId: reply.id });
    const shown = { ...reply, replyTo: null };
    assert.deepEqual(after.replyTo, shown);
    assert.deepEqual((await history(fixture, room)).messages, [after, shown]);
  });

  test('sec_19 a reply needs a parent that is in this room and not deleted', async () => {
    const fixture = server.fixture();
    const [ada, eve] = await fixture.connectAll(['ada', 'eve']);
    const room = kind.room(fixture);
    const deleted = await say(ada, room, 'deleted');
    await ada.ok(kind.remove, { messageId: deleted.id, ...at(room) });
    const elsewhere = await say(ada, kind.otherRoom(fixture), 'elsewhere');
    const foreign = await say(eve, kind.foreignRoom(fixture), 'foreign');
    const twin = kind.scope === 'channel' ? 'send_direct_message' : 'send_message';
    const twinKey = kind.scope === 'channel' ? { conversationId: fixture.dm } : { channelId: fixture.general };
    const otherKind = await ada.ok(twin, { content: 'other kind', ...twinKey });
    for (const replyToId of [deleted.id, elsewhere.id, foreign.id, otherKind.id, 'no-such-message']) {
      assert.deepEqual(await ada.fails(kind.send, { content: 'reply', ...at(room), replyToId }), replyNotFound);
      assert.deepEqual(await ada.errs(kind.send, { content: 'reply', ...at(room), replyToId }), replyNotFound);
    }
    assert.deepEqual((await history(fixture, room)).messages, []);
  });

  test('null counts as absent: no parent, no attachments', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const sent = await say(ada, kind.room(fixture), 'plain', { replyToId: null, attachments: null });
    assertIs(sent, message(kind, kind.room(fixture), fixture.users.ada, 'plain'));
  });

  test('an edit changes the content and the time, and nothing else', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = kind.room(fixture);
    const upload = (await fixture.rest('ada').upload('a note', { name: 'note.txt' })).body.data;
    const parent = await say(bob, room, 'parent');
    const sent = await say(ada, room, 'before', { replyToId: parent.id, attachments: [upload] });
    const reaction = await bob.ok(kind.react, { messageId: sent.id, emoji: '👍', ...at(room) });
    const edited = await ada.ok(kind.edit, { messageId: sent.id, content: 'after', ...at(room) });
    assertIs(edited, { messageId: sent.id, content: 'after', ...at(room), updatedAt: timeFrom(sent.updatedAt) });
    const again = await ada.ok(kind.edit, { messageId: sent.id, content: 'after all', ...at(room) });
    assertIs(again, { messageId: sent.id, content: 'after all', ...at(room), updatedAt: timeFrom(edited.updatedAt) });
    assert.deepEqual((await history(fixture, room)).messages, [
      { ...sent, content: 'after all', updatedAt: again.updatedAt, ...reacted([reaction]) },
      parent,
    ]);
  });

  test('a message with attachments may be edited to an empty text, and one without may not', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = kind.room(fixture);
    const upload = (await fixture.rest('ada').upload('a note', { name: 'note.txt' })).body.data;
    const sent = await say(ada, room, 'see below', { attachments: [{ id: upload.id }] });
    const bare = await say(ada, room, 'nothing below');
    for (const content of ['', '\u200b']) {
      const edit = { messageId: sent.id, content, ...at(room) };
      assert.equal((await ada.ok(kind.edit, edit)).content, content);
      assertIs(await ada.fails(kind.edit, { ...edit, messageId: bare.id }), violations(kind.edit, '/content'));
      assert.equal((await bob.fails(kind.edit, { ...edit, messageId: bare.id })).code, 'forbidden');
    }
    assert.deepEqual((await history(fixture, room)).messages.map(({ content }) => content), ['nothing below', '\u200b']);
  });

  test('only the author edits and deletes', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = kind.room(fixture);
    const sent = await say(ada, room, 'mine');
    await ada.ok(kind.join, at(room));
    ada.log = [];
    const edit = { messageId: sent.id, content: 'yours', ...at(room) };
    const remove = { messageId: sent.id, ...at(room) };
    const noEdit = refusal('forbidden', 'You can only edit your own messages', kind.edit);
    const noRemove = refusal('forbidden', 'You can only delete your own messages', kind.remove);
    assert.deepEqual(await bob.fails(kind.edit, edit), noEdit);
    assert.deepEqual(await bob.errs(kind.edit, edit), noEdit);
    assert.deepEqual(await bob.fails(kind.remove, remove), noRemove);
    assert.deepEqual(await bob.errs(kind.remove, remove), noRemove);
    await settle(bob);
    await ada.saw([]);
    assert.deepEqual((await history(fixture, room)).messages, [sent]);
  });

  test('sec_17 a message is only reachable through the room that it is in', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const sent = await say(ada, kind.room(fixture), 'here');
    const other = at(kind.otherRoom(fixture));
    for (const client of [ada, bob]) {
      for (const [event, payload] of [
        [kind.edit, { messageId: sent.id, content: 'changed', ...other }],
        [kind.remove, { messageId: sent.id, ...other }],
        [kind.react, { messageId: sent.id, emoji: '👍', ...other }],
        [kind.unreact, { messageId: sent.id, emoji: '👍', ...other }],
      ]) {
        assert.deepEqual(await client.fails(event, payload), messageNotFound(event));
        assert.deepEqual(await client.errs(event, payload), messageNotFound(event));
      }
    }
    assert.deepEqual((await history(fixture, kind.room(fixture))).messages, [sent]);
  });

  test('a deleted message is gone from history, and every event answers that it is not found', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = kind.room(fixture);
    const kept = await say(ada, room, 'kept');
    const sent = await say(ada, room, 'deleted');
    await bob.ok(kind.react, { messageId: sent.id, emoji: '👍', ...at(room) });
    assert.deepEqual(await ada.ok(kind.remove, { messageId: sent.id, ...at(room) }), { messageId: sent.id, ...at(room) });
    for (const client of [ada, bob]) {
      for (const [event, payload] of [
        [kind.edit, { messageId: sent.id, content: 'changed', ...at(room) }],
        [kind.remove, { messageId: sent.id, ...at(room) }],
        [kind.react, { messageId: sent.id, emoji: '🎉', ...at(room) }],
        [kind.react, { messageId: sent.id, emoji: '👍', ...at(room) }],
        [kind.unreact, { messageId: sent.id, emoji: '👍', ...at(room) }],
      ]) {
        assert.deepEqual(await client.fails(event, payload), messageNotFound(event));
      }
    }
    const { messages, pagination } = await history(fixture, room);
    assert.deepEqual(messages, [kept]);
    assert.deepEqual(pagination, { page: 1, limit: 100, total: 1, pages: 1 });
  });

  test('a message that never existed is not found', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const missing = { messageId: '01890000-0000-7000-8000-000000000000', ...at(kind.room(fixture)) };
    assert.deepEqual(await ada.fails(kind.edit, { ...missing, content: 'x' }), messageNotFound(kind.edit));
    assert.deepEqual(await ada.fails(kind.remove, missing), messageNotFound(kind.remove));
    const odd = { ...missing, messageId: '%_\'"; \\ 漢' };
    assert.deepEqual(await ada.fails(kind.remove, odd), messageNotFound(kind.remove));
  });

  test('members see one and the same order, which is the order of history, however many send at once', async () => {
    const fixture = server.fixture();
    const clients = await fixture.connectAll(['ada', 'bob', 'cyd', 'ada', 'bob', 'cyd']);
    const room = kind.room(fixture);
    for (const client of clients) await client.ok(kind.join, at(room));
    const rounds = [];
    for (let n = 0; n < 15; n += 1) for (const [i, client] of clients.entries()) rounds.push(say(client, room, `${i}:${n}`));
    const sent = await Promise.all(rounds);
    const { messages } = await history(fixture, room);
    const order = messages.map(({ id }) => id).reverse();
    assert.equal(order.length, sent.length);
    for (const client of clients) {
      await client.settle();
      const heard = client.seen.filter(([event]) => event === kind.sent).map(([, { id }]) => id);
      assert.deepEqual(heard, order);
    }
    for (const i of clients.keys()) {
      const own = messages.map(({ content }) => content).filter((content) => content.startsWith(`${i}:`));
      assert.deepEqual(own.reverse(), Array.from({ length: 15 }, (_, n) => `${i}:${n}`), 'one socket in its own order');
    }
  });

  test('attachments are the stored records, in the order of sending', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = kind.room(fixture);
    await bob.ok(kind.join, at(room));
    bob.log = [];
    const uploads = [];
    for (const n of [1, 2, 3]) uploads.push((await fixture.rest('ada').upload(`note ${n}`, { name: `${n}.txt` })).body.data);
    for (const [n, upload] of uploads.entries()) assertIs(upload, attachment(`${n + 1}.txt`, 'text/plain', 6));
    const order = [uploads[2], uploads[0], uploads[1]];
    const sent = await say(ada, room, 'three notes', { attachments: order });
    assertIs(sent, message(kind, room, fixture.users.ada, 'three notes', { attachments: order }));
    await bob.saw([[kind.sent, sent]]);
    assert.deepEqual((await history(fixture, room)).messages, [sent]);
  });

  test('sec_20 the server uses only the id of an attachment from the client', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const upload = (await fixture.rest('ada').upload('a note', { name: 'note.txt' })).body.data;
    const claimed = { id: upload.id, filename: '../../etc/passwd', originalName: 'x.exe', mimeType: 'text/html', size: 1, url: 'https://evil.example/', createdAt: 'never', extra: true };
    const sent = await say(ada, kind.room(fixture), '', { attachments: [claimed] });
    assertIs(sent, message(kind, kind.room(fixture), fixture.users.ada, '', { attachments: [upload] }));
  });

  test('an attachment has to be an upload of the sender', async () => {
    const fixture = server.fixture();
    const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
    const room = kind.room(fixture);
    const foreign = (await fixture.rest('bob').upload('a note', { name: 'note.txt' })).body.data;
    const own = (await fixture.rest('ada').upload('a note', { name: 'note.txt' })).body.data;
    const invalid = refusal('invalid_attachment', 'Invalid attachment', kind.send);
    for (const attachments of [[foreign], [{ id: 'no-such-upload' }], [own, foreign], [own, { ...own, id: 'unknown' }]]) {
      assert.deepEqual(await ada.fails(kind.send, { content: 'look', ...at(room), attachments }), invalid);
      assert.deepEqual(await ada.errs(kind.send, { content: 'look', ...at(room), attachments }), invalid);
    }
    assert.deepEqual((await history(fixture, room)).messages, []);
    const shown = await say(bob, room, 'by its uploader', { attachments: [foreign] });
    assert.deepEqual(shown.attachments, [foreign]);
    assert.deepEqual(await ada.fails(kind.send, { content: 'seen', ...at(room), attachments: [foreign] }), invalid);
  });

  test('ten attachments are accepted, and content may then be empty', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const rest = fixture.rest('ada');
    const uploads = [];
    for (let n = 0; n < 10; n += 1) uploads.push((await rest.upload(`${n}`, { name: `${n}.txt` })).body.data);
    for (const content of ['', ' \n\t']) {
      const sent = await say(ada, kind.room(fixture), content, { attachments: uploads });
      assertIs(sent, message(kind, kind.room(fixture), fixture.users.ada, content, { attachments: uploads }));
    }
  });

  test('sec_20 fields that the server owns are ignored, neither stored nor echoed', async () => {
    const fixture = server.fixture();
    const ada = await fixture.connect('ada');
    const room = kind.room(fixture);
    const forged = {
      id: 'chosen',
      userId: fixture.users.bob.id,
      user: fixture.profile('bob'),
      createdAt: '2000-01-01T00:00:00.000Z',
      updatedAt: '2000-01-01T00:00:00.000Z',
      reactions: [{ emoji: '👍' }],
      replyTo: { content: 'forged' },
      deletedAt: null,
      extra: { deep: [1, 2, 3] },
    };
    const sent = await say(ada, room, 'honest', forged);
    assertIs(sent, message(kind, room, fixture.users.ada, 'honest'));
    const edited = await ada.ok(kind.edit, { messageId: sent.id, content: 'edited', ...at(room), ...forged });
    assertIs(edited, { messageId: sent.id, content: 'edited', ...at(room), updatedAt: timeFrom(sent.createdAt) });
    const removed = await ada.ok(kind.remove, { ...forged, messageId: sent.id, ...at(room) });
    assert.deepEqual(removed, { messageId: sent.id, ...at(room) });
  });
}
