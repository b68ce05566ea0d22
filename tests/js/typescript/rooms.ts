// Rooms that are followed with either client, by typed names.
import { io as official } from 'socket.io-client';
import type { ClientSocket, Message, Rest } from '@accord/chat';
import { io } from '@accord/chat/client';
import { type JoinOptions, type Position, type Rooms, Refusal, follow } from '@accord/chat/rooms';

const theirs: ClientSocket = official({ autoConnect: false });
export const all: Rooms[] = [follow(io({ autoConnect: false })), follow(theirs, { timeout: 5000 })];

export async function use(rooms: Rooms, rest: Rest, channelId: string): Promise<Message> {
  const options: JoinOptions = {
    load: async () => (await rest.listMessages({ channelId })).position,
    joined: () => {},
    failed: (error, retryAt) => (retryAt === null && error instanceof Refusal ? (error.code satisfies string) : error.message),
  };
  rooms.join('channel', channelId, options);
  rooms.on('new_message', (message) => message.seq satisfies number).on('reaction_added', ({ emoji }) => emoji satisfies string);
  const position: Position | undefined = rooms.position('channel', channelId);
  if (position !== undefined) rooms.join('conversation', 'alice-bob', { since: position });
  rooms.leave('conversation', 'alice-bob');
  const { signal } = new AbortController();
  const message = await rooms.send('send_message', { channelId, content: 'Hello!' }, { signal, failed: (_, retryAt) => retryAt satisfies number });
  const direct = await rooms.send('send_direct_message', { conversationId: 'alice-bob', content: 'Hello!' });
  // @ts-expect-error a direct message is in no channel
  direct.channelId;
  // @ts-expect-error nobody's presence has a log
  rooms.join('presence', 'alice');
  // @ts-expect-error typing is in no log
  rooms.on('typing_started', () => {});
  // @ts-expect-error an edit has no id of the client's choice
  await rooms.send('edit_message', { channelId, messageId: message.id, content: '' });
  // @ts-expect-error a field is missing
  await rooms.send('send_message', { channelId });
  // @ts-expect-error a loader tells a position
  rooms.join('channel', channelId, { load: async () => {} });
  return message;
}
