// Two major versions of the whiteboard on one board: the server speaks 2.0.0, and 1.0.0 by conversions.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { Client } from './harness/client.js';
import { BINARY } from './harness/server.js';
import { mint } from './harness/token.js';

const secret = randomBytes(32).toString('hex');
const points = [{ x: 0, y: 0 }, { x: 10.5, y: 20 }];
let process_;
let url;

before(async () => {
  const binary = join(dirname(BINARY), 'accord-whiteboard');
  process_ = spawn(binary, ['127.0.0.1:0', secret, 'board-1=ann,ben,cid', 'board-2=ann,ben', 'board-3=ann,ben', 'board-4=ann,ben'], { stdio: ['pipe', 'pipe', 'inherit'] });
  [url] = await once(createInterface(process_.stdout), 'line');
});

after(async () => {
  process_.stdin.end();
  assert.deepEqual(await once(process_, 'close'), [0, null]);
});

/** A socket of a user whose client speaks a version, or says none; it has joined a board. */
async function drawer(t, id, protocol, boardId) {
  const client = new Client({ url }, { auth: { token: mint({ id }, secret), protocol } });
  t.after(() => client.close());
  client.socket.connect();
  assert.deepEqual(await client.next('welcome'), { userId: id });
  const joined = await client.ok('join_board', { boardId });
  assert.deepEqual(joined, protocol?.startsWith('2') ? { boardId, position: joined.position } : { boardId });
  assert.deepEqual(await client.next('board_joined'), joined);
  return client;
}

test('a stroke of an older client gets its color from the server, and each client sees it in its own version', async (t) => {
  const board = { boardId: 'board-1' };
  const older = await drawer(t, 'ann', '1.0.0', 'board-1');
  const [newer, silent] = [await drawer(t, 'ben', '2.0.0', 'board-1'), await drawer(t, 'cid', undefined, 'board-1')];
  const drawn = await older.ok('draw_stroke', { ...board, tool: 'marker', points });
  assert.deepEqual(drawn, { ...board, id: drawn.id, userId: 'ann', tool: 'marker', dashed: false, points, seq: 1 });
  assert.deepEqual(await older.next('stroke_drawn'), drawn);
  assert.deepEqual(await silent.next('stroke_drawn'), drawn, 'who says nothing speaks the oldest version');
  assert.deepEqual(await newer.next('stroke_drawn'), { ...drawn, color: '#1d4ed8', width: 6 });
});

test('the server supplies the values that an older client does not know', async (t) => {
  const board = { boardId: 'board-2' };
  const [older, newer] = [await drawer(t, 'ann', '1', 'board-2'), await drawer(t, 'ben', '2', 'board-2')];
  const drawn = await newer.ok('draw_stroke', { ...board, tool: 'brush', color: '#ff0000', width: 12, points });
  assert.deepEqual(drawn, { ...board, id: drawn.id, userId: 'ben', tool: 'brush', color: '#ff0000', width: 12, dashed: false, points, seq: 1 });
  const { color, width, ...known } = drawn;
  assert.deepEqual(await older.next('stroke_drawn'), { ...known, tool: 'marker' });
  const erased = { ...board, strokeId: drawn.id };
  assert.deepEqual(await older.ok('erase_stroke', erased), { ...erased, seq: 2 });
  assert.deepEqual(await newer.next('stroke_erased', ({ strokeId }) => strokeId === drawn.id), { ...erased, seq: 2 });
});

test('an older client is not sent the entries that its version does not have, and their numbers are skipped', async (t) => {
  const board = { boardId: 'board-4' };
  const [older, newer] = [await drawer(t, 'ann', '1', 'board-4'), await drawer(t, 'ben', '2', 'board-4')];
  const drawn = await older.ok('draw_stroke', { ...board, tool: 'pen', points });
  await newer.ok('freeze_board', board);
  const erased = await newer.ok('erase_stroke', { ...board, strokeId: drawn.id });
  assert.deepEqual([drawn.seq, erased.seq], [1, 3]);
  assert.deepEqual(await older.next('stroke_erased'), erased);
  assert.deepEqual(older.seen, [['stroke_drawn', drawn]]);
});

test('an older client is refused by the rules and with the errors of its own version', async (t) => {
  const board = { boardId: 'board-3' };
  const [older, newer] = [await drawer(t, 'ann', '1', 'board-3'), await drawer(t, 'ben', '2', 'board-3')];
  const brush = await older.fails('draw_stroke', { ...board, tool: 'brush', points });
  assert.deepEqual(brush.details, [{ path: '/tool', message: 'must be one of: pen, marker, highlighter' }]);
  const dashed = await older.fails('draw_stroke', { ...board, tool: 'highlighter', dashed: true, points });
  assert.deepEqual(dashed.details, [{ path: '/dashed', message: 'must not be true for a highlighter' }]);
  assert.deepEqual(await older.fails('freeze_board', board), {
    message: 'Unknown event', code: 'unknown', event: 'freeze_board',
  });

  assert.deepEqual(await newer.ok('freeze_board', board), { ...board, seq: 1 });
  assert.deepEqual(await newer.next('board_frozen'), { ...board, seq: 1 });
  const line = { ...board, tool: 'pen', points };
  assert.deepEqual(await newer.fails('draw_stroke', { ...line, color: '#ff0000' }), {
    message: 'Board is frozen', code: 'board_frozen', event: 'draw_stroke',
  });
  assert.deepEqual(await older.fails('draw_stroke', line), {
    message: 'Board is full', code: 'board_full', event: 'draw_stroke',
  });
  older.emit('draw_stroke', line);
  assert.deepEqual(await older.next('refused'), { message: 'Board is full', code: 'board_full', event: 'draw_stroke' });
  assert.deepEqual(older.seen, [], 'nothing is sent of what the version does not have');
});
