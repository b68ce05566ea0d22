// CommonJS has the same types; and a socket may have those of socket.io-client.
import { io, type Socket } from 'socket.io-client';
import { type ClientSocket, type ClientToServerEvents, type ServerToClientEvents, PROTOCOL, isMessage } from '@accord/chat';
import { follow } from '@accord/chat/rooms';

const socket: ClientSocket = io('http://127.0.0.1:1', { autoConnect: false });
const plain: Socket<ServerToClientEvents, ClientToServerEvents> = io('http://127.0.0.1:1', { autoConnect: false });
socket.on('new_message', ({ content }) => content satisfies string).once('disconnect', (reason) => reason === 'ping timeout');
socket.io.on('reconnect', (attempt) => attempt satisfies number);
// @ts-expect-error there is no such server event
socket.on('new_mesage', () => {});
// @ts-expect-error a message has no title
socket.on('new_message', ({ title }) => title);
export const rooms = [follow(socket), follow(plain).on('message_edited', ({ updatedAt }) => updatedAt satisfies string)];
// @ts-expect-error this is no socket
follow({});
export const check = (value: unknown) => isMessage(value) && PROTOCOL.version;
