// Code as a front-end team writes it: every value below has its type from the package.
import { io } from 'socket.io-client';
import {
  type ClientSocket,
  type Message,
  Rest,
  RestError,
  isMessage,
  serverEvents,
} from '@accord/chat';

/** The guards, whatever an event is called. */
const GUARDS: Readonly<Record<string, (value: unknown) => boolean>> = serverEvents;

export interface Server {
  url: string;
  token: string;
}

/** Connects, and notes what arrives, and whether its guard takes it. */
async function connect({ url, token }: Server, accepted: Record<string, boolean>): Promise<ClientSocket> {
  const socket: ClientSocket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false });
  socket.onAny((event: string, payload: unknown) => {
    accepted[event] = (accepted[event] ?? true) && GUARDS[event]?.(payload) === true;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('authenticated', () => resolve());
    socket.once('connect_error', reject);
  });
  return socket;
}

/** Joins, sends, receives, edits, reacts and reads back. */
export async function converse(server: Server, channelId: string) {
  const accepted: Record<string, boolean> = {};
  const socket = await connect(server, accepted);
  try {
    const joined = await socket.emitWithAck('join_channel', { channelId });
    if (!joined.ok) throw new Error(joined.error.message);
    const arrived = new Promise<Message>((resolve) => socket.once('new_message', resolve));
    const sent = await socket.timeout(10_000).emitWithAck('send_message', { channelId, content: 'Hello, world!' });
    if (!sent.ok) throw new Error(sent.error.message);
    const received: Message = await arrived;

    const key = { channelId, messageId: sent.data.id };
    const edited = await socket.emitWithAck('edit_message', { ...key, content: 'Hello!' });
    const reacted = await socket.emitWithAck('add_reaction', { ...key, emoji: '👍' });
    // Without an acknowledgement.
    const pong = new Promise<number>((resolve) => socket.once('pong', ({ timestamp }) => resolve(timestamp)));
    socket.emit('ping');
    const timestamp: number = await pong;

    const history = await new Rest(server).listMessages({ channelId, limit: 1 });
    const newest: Message | undefined = history.messages[0];
    return {
      accepted,
      isSame: received.id === sent.data.id && isMessage(sent.data),
      edited: edited.ok && edited.data.content,
      emoji: reacted.ok ? reacted.data.emoji : reacted.error.code,
      timestamp,
      newest: newest?.content,
      reactions: newest?.reactions.length,
      total: history.pagination.total,
    };
  } finally {
    socket.disconnect();
  }
}

/** Is refused, in an acknowledgement, in the event `error`, and by REST. */
export async function refusals(server: Server, channelId: string) {
  const socket = await connect(server, {});
  try {
    const answer = await socket.emitWithAck('send_message', { channelId, content: 'Let me in' });
    if (answer.ok) throw new Error('not refused');
    let reply: string;
    switch (answer.error.code) {
      case 'access_denied':
      case 'reply_not_found':
        reply = answer.error.message;
        break;
      default:
        throw new Error(answer.error.code);
    }
    const event = new Promise<string | null | undefined>((resolve) => socket.once('error', (error) => resolve(error.event)));
    socket.emit('join_channel', { channelId });
    const failed = await event;
    const read = await new Rest(server).listMessages({ channelId }).catch((error: unknown) => error);
    if (!(read instanceof RestError)) throw read;
    const unread = await new Rest({ url: server.url }).listChannels().catch((error: unknown) => error);
    if (!(unread instanceof RestError)) throw unread;
    const wrong = await new Rest(server).listMessages({ channelId, limit: 0 }).catch((error: unknown) => error);
    if (!(wrong instanceof RestError)) throw wrong;
    return {
      reply,
      failed,
      read: [read.status, read.code, read.message],
      unread: [unread.status, unread.code],
      wrong: [wrong.status, wrong.details.map(({ path }) => path)],
    };
  } finally {
    socket.disconnect();
  }
}

/** Uploads a file, attaches it, and loads it. */
export async function attach(server: Server, channelId: string) {
  const rest = new Rest({ ...server, token: async () => server.token });
  const attachment = await rest.uploadFile(new Blob(['a,b\n'], { type: 'text/csv' }), { name: 'table.csv' });
  const socket = await connect(server, {});
  try {
    const sent = await socket.emitWithAck('send_message', { channelId, content: '', attachments: [{ id: attachment.id }] });
    if (!sent.ok) throw new Error(sent.error.message);
    const loaded = await rest.downloadFile({ filename: attachment.filename });
    const health = await rest.getHealth();
    return {
      names: sent.data.attachments.map(({ originalName }) => originalName),
      text: await loaded.text(),
      health: health.status satisfies 'ok',
    };
  } finally {
    socket.disconnect();
  }
}

/** The server's violations of an invalid payload. */
export async function violations(server: Server, payloads: unknown[]) {
  const socket = await connect(server, {});
  try {
    const found = [];
    for (const payload of payloads) {
      const answer = await socket.emitWithAck('send_message', payload as never);
      if (answer.ok) throw new Error(`not refused: ${JSON.stringify(payload)}`);
      found.push(answer.error.details ?? []);
    }
    return found;
  } finally {
    socket.disconnect();
  }
}
