// Code for the package's own client also works with the official one.
import { io as official } from 'socket.io-client';
import { CLIENT_EVENTS, type ClientSocket, type Message } from '@accord/chat';
import { type Socket, io } from '@accord/chat/client';

/** Works with either. */
export async function greet(socket: Socket, channelId: string): Promise<Message> {
  socket.on('connect_error', ({ message }) => message satisfies string);
  socket.on('disconnect', (reason) => reason === 'io server disconnect' && socket.active);
  socket.on('new_message', ({ user }) => user.name satisfies string);
  socket.io.on('reconnect', (attempts) => attempts satisfies number);
  const answer = await socket.timeout(1000).emitWithAck(CLIENT_EVENTS.send_message, { channelId, content: 'Hello!' });
  if (!answer.ok) throw new Error(answer.error.code satisfies 'access_denied' | (string & {}));
  socket.volatile.emit(CLIENT_EVENTS.ping);
  // @ts-expect-error there is no such client event
  socket.emit('send_mesage', { channelId, content: '' });
  // @ts-expect-error a field is missing
  socket.emit(CLIENT_EVENTS.send_message, { channelId });
  // @ts-expect-error there is no such event to listen to
  socket.on('new_mesage', () => {});
  // @ts-expect-error there is no such option
  io({ token: '' });
  return answer.data;
}

export const sockets = (token: string): Socket[] => {
  const theirs: ClientSocket = official({ auth: { token } });
  return [io({ auth: { token } }), io('https://chat.example.com', { auth: (give) => give({ token }) }), theirs];
};
