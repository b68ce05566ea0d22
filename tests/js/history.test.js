// Reading history over REST, by page and by cursor.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { KINDS } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { assertIs, natural, text } from './harness/shape.js';
import { violations } from './harness/values.js';

const server = await Server.start();
after(() => server.close());

/** The place in the room's log that each page names. */
const position = { epoch: text, seq: natural };

/** A room with `count` messages of Ada and Bob; they are returned newest first. */
async function filled(kind, count) {
  const fixture = server.fixture();
  const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
  const room = kind.room(fixture);
  const sent = [];
  for (let n = 0; n < count; n += 1) {
    sent.unshift(await (n % 2 ? bob : ada).ok(kind.send, { content: `message ${n}`, [kind.key]: room }));
  }
  const read = async (query) => (await fixture.rest('cyd').get(kind.history(room, query)));
  const page = async (query) => {
    const { status, body } = await read(query);
    assert.equal(status, 200, JSON.stringify(body));
    return body.data;
  };
  return { fixture, ada, bob, room, sent, read, page };
}

for (const kind of KINDS) {
  describe(`of a ${kind.scope}`, () => {
    test('an empty room has an empty page', async () => {
      const { read } = await filled(kind, 0);
      const { status, body } = await read('');
      assert.equal(status, 200);
      const pagination = { page: 1, limit: 50, total: 0, pages: 0 };
      assertIs(body, { data: { messages: [], pagination, nextCursor: null, position } });
    });

    test('a page has 50 messages by default, newest first', async () => {
      const { sent, read, page } = await filled(kind, 51);
      const { body } = await read('');
      assertIs(body, {
        data: { messages: sent.slice(0, 50), pagination: { page: 1, limit: 50, total: 51, pages: 2 }, nextCursor: text, position },
      });
      const second = { messages: sent.slice(50), pagination: { page: 2, limit: 50, total: 51, pages: 2 }, nextCursor: null, position };
      assertIs(await page('page=2'), second);
    });

    test('pages cut history without gap or overlap, and a page past the end is empty', async () => {
      const { sent, page } = await filled(kind, 10);
      for (const limit of [1, 3, 5, 9, 10, 11, 100]) {
        const pages = Math.ceil(10 / limit);
        for (let n = 1; n <= pages + 2; n += 1) {
          const got = await page(`page=${n}&limit=${limit}`);
          assert.deepEqual(got.messages, sent.slice((n - 1) * limit, n * limit), `page ${n} of ${limit}`);
          assert.deepEqual(got.pagination, { page: n, limit, total: 10, pages });
          if (n >= pages) assert.equal(got.nextCursor, null, `page ${n} of ${limit} is the end`);
          else assert.equal(typeof got.nextCursor, 'string');
        }
      }
      for (const far of [1_000_000, 1_000_000_001, Number.MAX_SAFE_INTEGER]) {
        const pagination = { page: far, limit: 100, total: 10, pages: 1 };
        assertIs(await page(`page=${far}&limit=100`), { messages: [], pagination, nextCursor: null, position });
      }
    });

    test('a page number that JSON cannot represent exactly is a 400', async () => {
      const { read } = await filled(kind, 1);
      for (const far of ['9007199254740992', '9'.repeat(19), '9'.repeat(40), '1e300']) {
        const { status, body } = await read(`page=${far}`);
        assert.deepEqual([status, body.code], [400, 'invalid_payload'], far);
        assert.ok(body.details.every(({ path }) => path === '/page'), JSON.stringify(body));
      }
    });

    test('cursors lead through history to the end without gap or overlap', async () => {
      const { sent, page } = await filled(kind, 10);
      for (const limit of [1, 3, 5, 10]) {
        const messages = [];
        let got = await page(`limit=${limit}`);
        messages.push(...got.messages);
        while (got.nextCursor !== null) {
          got = await page(`limit=${limit}&before=${encodeURIComponent(got.nextCursor)}`);
          assert.equal(got.pagination.limit, limit);
          assert.equal(got.pagination.total, 10);
          assert.ok(got.messages.length > 0, 'a cursor is only given where there is more');
          messages.push(...got.messages);
        }
        assert.deepEqual(messages, sent, `by ${limit}`);
      }
    });

    test('a cursor keeps its position while messages are sent and deleted', async () => {
      const { ada, bob, room, sent, page } = await filled(kind, 10);
      const { nextCursor } = await page('limit=4');
      await ada.ok(kind.send, { content: 'newer', [kind.key]: room });
      await bob.ok(kind.remove, { messageId: sent[0].id, [kind.key]: room });
      await ada.ok(kind.remove, { messageId: sent[3].id, [kind.key]: room });
      await ada.ok(kind.remove, { messageId: sent[5].id, [kind.key]: room });
      const { messages, pagination } = await page(`limit=4&before=${encodeURIComponent(nextCursor)}`);
      assert.deepEqual(messages, [sent[4], sent[6], sent[7], sent[8]]);
      assert.equal(pagination.total, 8);
    });

    test('a cursor that the server did not give, or gave for another room, is a 400', async () => {
      const { fixture, ada, sent, page, read } = await filled(kind, 5);
      const { nextCursor } = await page('limit=2');
      for (let n = 0; n < 3; n += 1) await ada.ok(kind.send, { content: `${n}`, [kind.key]: kind.otherRoom(fixture) });
      const elsewhere = (await fixture.rest('ada').get(kind.history(kind.otherRoom(fixture), 'limit=1'))).body.data.nextCursor;
      const flipped = (nextCursor[0] === 'A' ? 'B' : 'A') + nextCursor.slice(1);
      const invented = [elsewhere, flipped, `${nextCursor}A`, nextCursor.slice(0, -1), sent[2].id, 'AAAAAAAAACo', '0', '1', '-1', 'null', 'x'.repeat(257), "' or 1=1", '漢'];
      for (const cursor of [...invented, '']) {
        const { status, body } = await read(`limit=2&before=${encodeURIComponent(cursor)}`);
        assert.equal(status, 400, `${cursor}: ${JSON.stringify(body)}`);
        assertIs(body, violations(undefined, '/before'));
      }
      assert.equal((await read(`limit=2&before=${encodeURIComponent(nextCursor)}`)).status, 200);
    });

    test('page and limit are whole numbers in their bounds', async () => {
      const { read } = await filled(kind, 1);
      const wrong = [
        ...['0', '101', '-1', 'x', '', '1.5', '9999999999999999999999', '1e2x', 'null', ' '].map((value) => ['limit', value]),
        ...['0', '-1', 'x', '', '1.5', '9999999999999999999999'].map((value) => ['page', value]),
      ];
      for (const [name, value] of wrong) {
        const { status, body } = await read(`${name}=${encodeURIComponent(value)}`);
        assert.equal(status, 400, `${name}=${value}: ${JSON.stringify(body)}`);
        const details = body.details.map(() => ({ path: `/${name}`, message: text }));
        assertIs(body, { message: 'Invalid message data', code: 'invalid_payload', details });
        assert.ok(details.length > 0);
      }
      assert.equal((await read('page=1&limit=100')).status, 200);
      assert.equal((await read('page=1&limit=1&unknown=x')).status, 200, 'what is unknown is ignored');
    });

    test('sec_17 history is for members: others get 403, whether the room exists or not', async () => {
      const { fixture, room } = await filled(kind, 1);
      for (const id of [room, 'no-such-room']) {
        const { status, body } = await fixture.rest('eve').get(kind.history(id));
        assert.deepEqual([status, body], [403, { message: kind.denied, code: 'access_denied' }]);
      }
      assert.equal((await server.rest().get(kind.history(room))).status, 401);
    });
  });
}

test('channel history without a channelId, or with a bad one, is a 400', async () => {
  const rest = server.fixture().rest('ada');
  for (const path of ['/api/messages', '/api/messages?page=1', '/api/messages?channelId=', `/api/messages?channelId=${'x'.repeat(129)}`]) {
    const { status, body } = await rest.get(path);
    assert.equal(status, 400, path);
    assertIs(body, { message: 'Invalid message data', code: 'invalid_payload', details: [{ path: '/channelId', message: text }] });
  }
});
