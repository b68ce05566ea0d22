// Packages of other schemas than the chat's.
import { io } from 'socket.io-client';
import * as sample from '@accord/sample';
import * as whiteboard from '@accord/whiteboard';

export const { isStroke, validateDrawStroke } = whiteboard;
export const { isTree, validatePlant } = sample;

const tool: whiteboard.Tool = 'pen';
// @ts-expect-error there is no such tool
export const wrong: whiteboard.Tool = 'brush';

export async function draw() {
  const socket: whiteboard.ClientSocket = io('http://127.0.0.1:1', { autoConnect: false });
  socket.on('refused', ({ code }) => code satisfies whiteboard.ErrorCode);
  const drawn = await socket.emitWithAck('draw_stroke', { boardId: 'board-1', tool, points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] });
  if (drawn.ok) drawn.data.points.map(({ x }) => x satisfies number);
  else if (drawn.error.code === 'board_full') return drawn.error.message;
  // @ts-expect-error a cursor is not acknowledged with anything
  if (drawn.ok) (await socket.emitWithAck('move_cursor', { boardId: 'board-1', at: { x: 1, y: 2 } })).data.at;
  return null;
}

export async function plant(tree: sample.Tree) {
  const socket: sample.ClientSocket = io('http://127.0.0.1:1', { autoConnect: false });
  socket.on('shown', () => {});
  tree.genus satisfies 'tree';
  tree.weights['oak'] satisfies number | undefined;
  const answer = await socket.emitWithAck('plant', { boardId: 'board-1', otherId: 'board-2', tree });
  if (answer.ok) answer.data satisfies sample.Tree[];
  const poked = await socket.emitWithAck('poke');
  if (poked.ok) poked.data satisfies null;
  const rest = new sample.Rest({ url: 'http://127.0.0.1:1' });
  const trees: sample.Tree[] = await rest.listTrees({ boardId: 'board-1', deep: true, kind: 'broad-leaf' });
  await rest.removeBoard({ boardId: 'board-1' }) satisfies void;
  return trees;
}
