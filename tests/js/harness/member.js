// A member who follows rooms with the generated package, over a network that breaks: with its own client, or the official one.
import { inspect } from 'node:util';
import { io as official } from 'socket.io-client';
import { WebSocket } from 'ws';
import { io as own } from '../../../schema/generated/typescript/client.js';
import { DURABLE_EVENTS } from '../../../schema/generated/typescript/constants.js';
import { follow } from '../../../schema/generated/typescript/rooms.js';

/** The longest that anything takes on a busy machine. */
const WITHIN_MS = 60_000;

const QUICK = { reconnectionDelay: 10, reconnectionDelayMax: 50, randomizationFactor: 0 };

/** A factory for each client. */
export const CLIENTS = {
  own: (url, options) => own(url, { WebSocket, ...QUICK, ...options }),
  official: (url, options) => official(url, { transports: ['websocket'], forceNew: true, ...QUICK, ...options }),
};

export class Member {
  /** A member at an address; `options` are those of `follow`. */
  constructor(client, url, auth, options) {
    /** Every entry that was handed over, as `{event, …payload}`. */
    this.entries = [];
    /** What joining has come to, by room: `joined`, `loaded`, `failed: code`, and `refused: code`. */
    this.trace = [];
    this.waiting = new Set();
    this.socket = CLIENTS[client](url, { auth, autoConnect: false });
    this.rooms = follow(this.socket, options);
    for (const event of Object.keys(DURABLE_EVENTS)) this.rooms.on(event, (payload) => this.note(this.entries, { event, ...payload }));
    this.socket.on('connect', () => this.look());
    this.socket.on('disconnect', () => this.look());
  }

  note(list, item) {
    list.push(item);
    this.look();
  }

  look() {
    for (const look of this.waiting) look();
  }

  /** Follows a room; `load` reads its history, and returns the position. */
  join(scope, id, { load, ...options } = {}) {
    this.rooms.join(scope, id, {
      ...options,
      ...(load && {
        load: async () => {
          const position = await load();
          this.note(this.trace, 'loaded');
          return position;
        },
      }),
      joined: () => this.note(this.trace, 'joined'),
      failed: (error, retryAt) => this.note(this.trace, `${retryAt === null ? 'refused' : 'failed'}: ${error.code ?? error.message}`),
    });
    return this;
  }

  until(holds, what) {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(timer);
        this.waiting.delete(look);
        settle(value);
      };
      const look = () => holds() && end(resolve);
      const state = () => inspect({ trace: this.trace, entries: this.entries.length, last: this.entries.slice(-2) }, { depth: 4 });
      const timer = setTimeout(() => end(reject, new Error(`waited ${WITHIN_MS} ms for ${what}: ${state()}`)), WITHIN_MS);
      this.waiting.add(look);
      look();
    });
  }

  /** Connects, and waits until that many rooms have been joined since the beginning. */
  async connected(joined = 0) {
    this.socket.connect();
    await this.until(() => this.socket.connected, 'the connection');
    await this.traced('joined', joined);
    return this;
  }

  traced(line, times = 1) {
    return this.until(() => this.trace.filter((each) => each === line).length >= times, `${times} times ${line}`);
  }

  gone() {
    return this.until(() => !this.socket.connected, 'the end of the connection');
  }

  /** Waits for an entry. */
  heard(fits, what = 'an entry') {
    return this.until(() => this.entries.some(fits), what);
  }

  close() {
    this.socket.disconnect();
  }
}
