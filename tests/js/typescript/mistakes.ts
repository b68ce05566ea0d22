// Mistakes that the compiler has to find: one that it does not is an error of its own.
import { io, type Socket } from 'socket.io-client';
import {
  type ClientSocket,
  type ClientToServerEvents,
  type Message,
  type ServerToClientEvents,
  BOUNDS,
  LIMITS,
  PROTOCOL,
  Rest,
  isMessage,
} from '@accord/chat';

const socket: ClientSocket = io('http://127.0.0.1:1', { autoConnect: false });
const plain: Socket<ServerToClientEvents, ClientToServerEvents> = io('http://127.0.0.1:1', { autoConnect: false });
const channelId = 'general';

export async function mistakes(unknown: unknown) {
  // Names of events.
  // @ts-expect-error there is no such client event
  socket.emit('send_mesage', { channelId, content: '' });
  // @ts-expect-error nor is a server event one
  await socket.emitWithAck('new_message', { channelId, content: '' });
  // @ts-expect-error there is no such server event
  socket.on('new_mesage', () => {});
  // @ts-expect-error also where the socket has the types that socket.io-client gives it
  await plain.emitWithAck('send_mesage', { channelId, content: '' });

  // Payloads.
  // @ts-expect-error a field is misspelt
  await socket.emitWithAck('send_message', { channel: channelId, content: '' });
  // @ts-expect-error a field has another type
  await socket.emitWithAck('send_message', { channelId, content: 1 });
  // @ts-expect-error a field is missing
  socket.emit('send_message', { channelId });
  // @ts-expect-error there has to be a payload
  socket.emit('send_message');
  // @ts-expect-error an event without a payload gets none
  socket.emit('ping', {});
  // @ts-expect-error an attachment is an object
  await plain.emitWithAck('send_message', { channelId, content: '', attachments: ['id'] });
  // @ts-expect-error a message has no title
  socket.on('new_message', (message) => message.title);
  // @ts-expect-error a channel's message is in no conversation
  socket.on('new_message', (message: { conversationId: string }) => message.conversationId);
  // @ts-expect-error a reply may be missing
  socket.on('new_message', (message) => message.replyTo.id);

  // Acknowledgements.
  const answer = await socket.emitWithAck('send_message', { channelId, content: '', replyToId: null });
  // @ts-expect-error nothing is known of an answer before `ok` is
  answer.data;
  // @ts-expect-error a message is no reaction
  if (answer.ok) answer.data.emoji;
  // @ts-expect-error this event cannot be refused so
  if (!answer.ok && answer.error.code === 'reaction_not_found') return;
  // @ts-expect-error the acknowledgement has another type
  socket.emit('send_message', { channelId, content: '' }, (message: Message) => message.id);
  // @ts-expect-error the data has another type
  const id: number = answer.ok ? answer.data.id : 0;

  const late = await socket.timeout(1000).emitWithAck('send_message', { channelId, content: '' });
  // @ts-expect-error as with a timeout
  late.data;
  const plainly = await plain.emitWithAck('send_message', { channelId, content: '' });
  // @ts-expect-error as without a type of the package's own
  plainly.data;
  // @ts-expect-error where an acknowledgement has to be taken
  plain.emit('send_message', { channelId, content: '' });

  // The rest of the package.
  // @ts-expect-error history is that of a channel
  await new Rest({ url: '' }).listMessages({ page: 1 });
  // @ts-expect-error a file is a blob
  await new Rest({ url: '' }).uploadFile('file');
  // @ts-expect-error there is no such operation
  await new Rest({ url: '' }).listMesages({ channelId });
  // @ts-expect-error nothing is known of what has not been looked at
  unknown.content;
  if (isMessage(unknown)) unknown.content satisfies string;
  // @ts-expect-error constants are what they are
  if (PROTOCOL.name === 'whiteboard') return;
  // @ts-expect-error and so are bounds
  if (BOUNDS.SendMessage.content.maxLength === 1) return;
  // @ts-expect-error and limits
  if (LIMITS.events.per === 'socket') return;
  return id;
}
