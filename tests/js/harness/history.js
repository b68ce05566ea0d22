// The history of a room, whole.
import { setTimeout as pause } from 'node:timers/promises';

/** The messages of a room, oldest first, and the position of the log that the newest page was read at. */
export async function readHistory(rest, kind, room) {
  const messages = [];
  let position;
  for (let cursor = ''; cursor !== null; ) {
    const query = `limit=100${cursor && `&before=${encodeURIComponent(cursor)}`}`;
    const { status, body } = await rest.get(kind.history(room, query));
    if (status === 429) {
      await pause(1000);
      continue;
    }
    if (status !== 200) throw Object.assign(new Error(`history of ${room}: ${status} ${JSON.stringify(body)}`), { code: body.code });
    position ??= body.data.position;
    messages.push(...body.data.messages);
    cursor = body.data.nextCursor;
  }
  return { messages: messages.reverse(), position };
}
