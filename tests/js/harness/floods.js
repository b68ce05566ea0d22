// Floods from one address and one account: each sends as much as it can until its signal aborts it.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { RawSocket } from './raw.js';

/** A raw connection. An error ends it. */
export function open(server, localAddress = '127.0.0.1') {
  const socket = connect({ port: server.port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  return socket;
}

/** A WebSocket's handshake, without a token. */
export const UPGRADE =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** The maximum number of connections that a flood keeps open. */
const KEPT = 1_000;

/** Writes the same bytes again and again, on one connection after the other. */
async function pour(server, signal, head, piece) {
  while (!signal.aborted) {
    const socket = open(server).resume();
    socket.write(head);
    while (!signal.aborted && socket.writable) {
      if (socket.writableLength < piece.length) socket.write(piece);
      await pause(1);
    }
    socket.destroy();
  }
}

/** Sends the same bytes again and again on sockets of one account; a new socket replaces each that is cut. */
async function emit(server, signal, token, packet) {
  while (!signal.aborted) {
    const socket = new RawSocket(server);
    await socket.joined(token);
    while (!signal.aborted && socket.socket.readyState === socket.socket.constructor.OPEN) {
      for (let number = 0; number < 20; number += 1) socket.send(packet(number));
      await pause(1);
    }
    socket.end();
  }
}

const times = (count, work) => Promise.all(Array.from({ length: count }, (_, number) => work(number)));

/** A short text as a client frames it. */
const frame = (text) => Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

/** Most of a frame of a megabyte. */
const UNFINISHED = Buffer.concat([Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x0f, 0, 0, 0, 0, 0, 0]), Buffer.alloc(900_000, '4')]);

const request = (line, more = '') => `${line} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

export const FLOODS = {
  /** Connections that send almost nothing. */
  async connections(server, fixture, signal) {
    const kept = [];
    while (!signal.aborted) {
      for (let number = 0; number < 20; number += 1) {
        const socket = open(server);
        socket.write('G');
        kept.push(socket);
      }
      for (const socket of kept.splice(0, kept.length - KEPT)) socket.destroy();
      await pause(2);
    }
    for (const socket of kept) socket.destroy();
  },

  /** Sessions that never join, and guessed tokens. */
  handshakes: (server, fixture, signal) =>
    Promise.all([
      pour(server, signal, '', request('GET /socket.io/?EIO=4&transport=polling').repeat(50)),
      pour(server, signal, '', request('GET /api/channels', 'Authorization: Bearer a.b.c\r\n').repeat(50)),
      pour(server, signal, UPGRADE, Buffer.concat(Array(200).fill(frame('40{"token":"a.b.c"}')))),
    ]),

  /** Endless frames, and events far beyond the limit. */
  packets: (server, fixture, signal) =>
    Promise.all([
      times(5, () => pour(server, signal, UPGRADE, UNFINISHED)),
      times(5, () => emit(server, signal, fixture.token('ada'), () => '42["ping"]')),
    ]),

  /** The account's own rooms, and rooms of others. */
  rooms: (server, fixture, signal) =>
    times(5, (socket) => {
      const room = (number) => (number % 2 === 0 ? fixture.general : `nowhere-${socket}-${number}`);
      return emit(server, signal, fixture.token('ada'), (number) => `42${JSON.stringify(['join_channel', { channelId: room(number) }])}`);
    }),

  /** Uploads whose file never begins. */
  uploads: (server, fixture, signal) =>
    times(6, (number) => {
      const head = `Authorization: Bearer ${fixture.token('ada')}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000000\r\n`;
      return pour(server, signal, request('POST /api/upload', head) + (number % 2 === 0 ? '' : '--b\r\nX: '), Buffer.alloc(65_536, 'x'));
    }),
};
