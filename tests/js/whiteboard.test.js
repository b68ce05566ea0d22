// A second protocol on the same gateway: nothing generic knows of chat.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { exhaust, isLimited } from './harness/bursts.js';
import { Client } from './harness/client.js';
import { areNumbered, asked, Follower } from './harness/follower.js';
import { BINARY } from './harness/server.js';
import { mint } from './harness/token.js';

const secret = randomBytes(32).toString('hex');
const board = { boardId: 'board-1' };
const line = { ...board, tool: 'pen', color: '#1d4ed8', points: [{ x: 0, y: 0 }, { x: 10.5, y: 20 }] };
let process_;
let url;

before(async () => {
  const binary = join(dirname(BINARY), 'accord-whiteboard');
  process_ = spawn(binary, ['127.0.0.1:0', secret, 'board-1=ann,ben', 'board-2=ben', 'board-3=ann,ben', 'board-4=ann,ben', 'board-5=ann'], { stdio: ['pipe', 'pipe', 'inherit'] });
  [url] = await once(createInterface(process_.stdout), 'line');
});

after(async () => {
  process_.stdin.end();
  assert.deepEqual(await once(process_, 'close'), [0, null]);
});

/** A user's socket, greeted and on the board. */
async function drawer(t, id, ...boards) {
  const client = new Client({ url }, { auth: { token: mint({ id }, secret), protocol: '2.0.0' } });
  t.after(() => client.close());
  client.socket.connect();
  assert.deepEqual(await client.next('welcome'), { userId: id });
  for (const boardId of boards) {
    const joined = await client.ok('join_board', { boardId });
    assert.deepEqual(joined, { boardId, position: joined.position });
    assert.deepEqual(await client.next('board_joined'), joined);
  }
  return client;
}

/** The names by which a follower knows a board. */
const BOARD = { key: 'boardId', join: 'join_board', caughtUp: 'board_caught_up', sent: 'stroke_drawn', room: ({ boardId }) => boardId };

/** A user who follows what happens on a board. */
const follower = (t, id, boardId) => new Follower({ boardId, connect: (user) => drawer(t, user) }, BOARD, id);

test('a stroke is acknowledged and numbered, and everybody on the board receives it', async (t) => {
  const [ann, ben] = [await drawer(t, 'ann', 'board-1'), await drawer(t, 'ben', 'board-1')];
  const drawn = await ann.ok('draw_stroke', line);
  assert.deepEqual(drawn, { ...line, id: drawn.id, userId: 'ann', width: 2, dashed: false, seq: 1 });
  assert.deepEqual(await ann.next('stroke_drawn'), drawn);
  assert.deepEqual(await ben.next('stroke_drawn'), drawn);
  const erased = { ...board, strokeId: drawn.id };
  assert.deepEqual(await ben.ok('erase_stroke', erased), { ...erased, seq: 2 });
  assert.deepEqual(await ann.next('stroke_erased'), { ...erased, seq: 2 });
  assert.deepEqual(await ann.fails('erase_stroke', erased), {
    message: 'Stroke not found', code: 'stroke_not_found', event: 'erase_stroke',
  });
});

test('a cursor reaches the others, and not its own socket', async (t) => {
  const [ann, ben] = [await drawer(t, 'ann', 'board-1'), await drawer(t, 'ben', 'board-1')];
  const at = { x: 1, y: 2 };
  assert.equal(await ann.ok('move_cursor', { ...board, at }), null);
  assert.deepEqual(await ben.next('cursor_moved'), { ...board, userId: 'ann', at });
  await ann.ok('erase_stroke', { ...board, strokeId: (await ann.ok('draw_stroke', line)).id });
  assert.deepEqual(ann.seen.map(([event]) => event), ['stroke_drawn', 'stroke_erased']);
});

test('a client that reconnects gets exactly the missed events of the board, and no cursors', async (t) => {
  const [ann, ben] = [await drawer(t, 'ann', 'board-3'), follower(t, 'ben', 'board-3')];
  const here = { ...line, boardId: 'board-3' };
  await ben.follow();
  const seen = await asked(ann, 'draw_stroke', here);
  await ben.reach(seen.seq);
  ben.cut();
  const drawn = await asked(ann, 'draw_stroke', here);
  await ann.ok('move_cursor', { boardId: 'board-3', at: { x: 1, y: 2 } });
  const erased = await asked(ann, 'erase_stroke', { boardId: 'board-3', strokeId: drawn.id });
  const frozen = await asked(ann, 'freeze_board', { boardId: 'board-3' });
  assert.deepEqual((await ben.follow()).seq, 4);
  assert.deepEqual(ben.order.slice(2), ['stroke_drawn', 'stroke_erased', 'board_frozen', 'board_caught_up']);
  assert.deepEqual(ben.entries, [
    { event: 'stroke_drawn', ...seen },
    { event: 'stroke_drawn', ...drawn },
    { event: 'stroke_erased', ...erased },
    { event: 'board_frozen', ...frozen },
  ]);
});

test('nothing is lost or doubled while others draw, however often the connection is cut', async (t) => {
  const [ann, ben] = [await drawer(t, 'ann'), follower(t, 'ben', 'board-4')];
  const draw = () => asked(ann, 'draw_stroke', { ...line, boardId: 'board-4' });
  await ben.follow();
  for (let round = 1; round <= 5; round += 1) {
    const drawing = Promise.all(Array.from({ length: 8 }, draw));
    ben.cut();
    await Promise.all([drawing, ben.follow()]);
  }
  await ben.reach(40);
  areNumbered(ben.entries, 1, 40);
});

test('a position that the log does not know is refused, and the board is not joined', async (t) => {
  const ann = await drawer(t, 'ann');
  const since = { epoch: 'another', seq: 0 };
  assert.deepEqual(await ann.fails('join_board', { ...board, since }), {
    message: 'Too long ago', code: 'position_lost', event: 'join_board',
  });
});

test('a line that is sent again with its id is drawn once', async (t) => {
  const [first, watching] = [await drawer(t, 'ann'), await drawer(t, 'ann', 'board-5')];
  const once = { ...line, boardId: 'board-5', clientId: 'line-1' };
  const drawn = await first.ok('draw_stroke', once);
  const again = await drawer(t, 'ann');
  assert.deepEqual(await again.ok('draw_stroke', once), drawn);
  assert.deepEqual(await again.fails('draw_stroke', { ...once, color: '#ff0000' }), {
    message: 'Already drawn differently', code: 'drawn_differently', event: 'draw_stroke',
  });
  const next = await again.ok('draw_stroke', { ...once, clientId: 'line-2' });
  assert.deepEqual([drawn.seq, next.seq, next.id], [1, 2, drawn.id + 1]);
  assert.deepEqual(await watching.next('stroke_drawn', ({ seq }) => seq === 2), next);
  assert.deepEqual(watching.seen, [['stroke_drawn', drawn]]);
});

test('payloads that violate the schema are refused with its codes, by its error event', async (t) => {
  const ann = await drawer(t, 'ann', 'board-1');
  const refused = async (event, payload) => {
    ann.emit(event, payload);
    return ann.next('refused');
  };
  assert.deepEqual(await refused('join_board', { boardId: 'board-2' }), {
    message: 'No access to board', code: 'board_denied', event: 'join_board',
  });
  assert.deepEqual(await refused('send_message', { content: 'hello', channelId: 'board-1' }), {
    message: 'Unknown event', code: 'unknown', event: 'send_message',
  });
  const wrong = { boardId: 'Board 1', tool: 'spade', color: '#1D4ED8', points: [{ x: -1, y: 10_001 }], dashed: 'no' };
  const answer = await refused('draw_stroke', wrong);
  assert.deepEqual([answer.message, answer.code], ['Invalid payload', 'invalid']);
  assert.deepEqual(answer.details.map(({ path }) => path).sort(), [
    '/boardId', '/color', '/dashed', '/points', '/points/0/x', '/points/0/y', '/tool',
  ]);
  const dashed = await refused('draw_stroke', { ...line, tool: 'highlighter', dashed: true });
  assert.deepEqual(dashed.details, [{ path: '/dashed', message: 'must not be true for a highlighter' }]);
});

test('a limit per socket counts each socket separately', async (t) => {
  const [first, second] = [await drawer(t, 'ben', 'board-2'), await drawer(t, 'ben', 'board-2')];
  const pointing = { boardId: 'board-2', at: { x: 0, y: 0 } };
  const { answers, seconds, error } = await exhaust(first, 60, 'move_cursor', pointing);
  const taken = answers.filter((answer) => !isLimited(answer)).length;
  const most = 30 + Math.ceil(seconds * 30) + 1;
  assert.ok(taken >= 30 && taken <= most, `${taken} were taken, 30 to ${most} should be`);
  assert.deepEqual(error, { message: 'Slow down', code: 'slow_down', event: 'move_cursor', retryAfterMs: error.retryAfterMs });
  assert.ok(Number.isInteger(error.retryAfterMs) && error.retryAfterMs > 0);
  assert.equal(await second.ok('move_cursor', pointing), null);
});

test('a client states its version, and is refused if its major version is not served', async (t) => {
  const client = (protocol) => {
    const client = new Client({ url }, { auth: { token: mint({ id: 'ann' }, secret), protocol } });
    t.after(() => client.close());
    return client;
  };
  const refused = await client('9.1.0').refused();
  assert.equal(refused, 'Version not served: the client speaks 9.1.0, this server speaks whiteboard 1 and 2');
  for (const protocol of ['1', '1.0.0', '2', '2.7', undefined]) {
    const served = client(protocol);
    served.socket.connect();
    assert.deepEqual(await served.next('welcome'), { userId: 'ann' });
  }
});

test('a handshake is refused with its messages', async (t) => {
  const refusal = async (token) => {
    const client = new Client({ url }, { token });
    t.after(() => client.close());
    return client.refused();
  };
  assert.equal(await refusal(undefined), 'Token missing');
  assert.equal(await refusal(mint({ id: 'ann' }, 'another secret')), 'Token refused');
});
