// A chat server as a Node.js team would write it: Socket.IO, better-sqlite3, ajv, jsonwebtoken. It speaks the part of the
// protocol that the benchmark uses.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Server } from 'socket.io';
import { parse } from 'yaml';
import { joinChannel, sendMessage } from './channels.js';
import { authenticator, greet } from './connection.js';
import { handle } from './events.js';
import { Store } from './store.js';

const text = { type: 'string' };
const { values: flags } = parseArgs({ options: { port: text, database: text, 'jwt-secret': text, world: text } });

const store = new Store(flags.database);
if (flags.world) store.loadWorld(parse(await readFile(flags.world, 'utf8')));

const http = createServer();
// Without long-polling and compression, for which this server would do more at each connection.
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, httpCompression: false, serveClient: false });
io.use(authenticator(flags['jwt-secret'], store));
io.on('connection', (socket) => {
  greet(socket);
  handle(socket, 'join_channel', 'JoinChannel', joinChannel(store, socket));
  handle(socket, 'send_message', 'SendMessage', sendMessage(store, io, socket));
});

http.listen(Number(flags.port), '127.0.0.1', () => console.log(`listening at http://127.0.0.1:${http.address().port}`));

process.once('SIGTERM', () => io.close(() => store.close()));
