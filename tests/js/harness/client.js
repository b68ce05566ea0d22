// The official client, with everything that it was sent, but the numbers of the room log, written down in the order of arrival.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { io } from 'socket.io-client';
import { besidesRooms } from './named_rooms.js';
import { besidesNumbers } from './numbers.js';

/** The longest that anything takes, 2,500 joins at once on a busy machine included. */
const WITHIN_MS = 60_000;

/** The ways to reach a server: by long-polling alone, by WebSocket alone, or from the first to the second. */
export const TRANSPORTS = { polling: ['polling'], websocket: ['websocket'], upgrade: ['polling', 'websocket'] };

export class Client {
  /** With `numbered`, values keep the numbers and positions that the room log adds. */
  constructor(server, { token, auth = { token }, query, transport = 'websocket', path, headers, numbered = false, ...options } = {}) {
    this.besides = numbered ? (_, value) => value : besidesNumbers;
    this.server = server;
    this.transport = transport;
    this.log = [];
    this.waiting = new Set();
    this.socket = io(server.url, {
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      transports: TRANSPORTS[transport],
      auth,
      query,
      path,
      extraHeaders: headers,
      ...options,
    });
    this.socket.onAny((event, ...args) => this.note(event, args));
    this.socket.on('disconnect', (reason) => this.note('(disconnect)', [reason]));
    this.socket.on('connect_error', (error) => this.note('(connect_error)', [{ message: error.message, data: error.data }]));
  }

  note(event, args) {
    this.log.push({ event, args: args.map((value) => this.besides(event, value)) });
    for (const look of this.waiting) look();
  }

  /** Every event that has arrived and was not taken, as `[name, argument, …]`. */
  get seen() {
    return this.log.map(({ event, args }) => [event, ...args]);
  }

  /** Waits for an event, takes it out of the log and returns its only argument. */
  async next(event, fits = () => true) {
    const find = () => {
      const at = this.log.findIndex((entry) => entry.event === event && fits(...entry.args));
      return at === -1 ? undefined : this.log.splice(at, 1)[0];
    };
    const entry = await this.waitFor(find, `the event ${event}`);
    assert.equal(entry.args.length, 1, `${event} has one argument: ${inspect(entry.args)}`);
    return entry.args[0];
  }

  /** Waits until `find` returns something; it is asked again whenever something has arrived. */
  waitFor(find, what) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        end();
        resolve(found);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`waited ${WITHIN_MS} ms for ${what}; arrived: ${inspect(this.seen, { depth: 6 })}`));
      }, WITHIN_MS);
      const end = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      this.waiting.add(look);
      look();
    });
  }

  /** Connects, and waits until the server has greeted, on the transport that was asked for. */
  async connected() {
    this.socket.connect();
    let upgraded;
    this.socket.io.engine.once('upgrade', ({ name }) => {
      upgraded = name;
      for (const look of this.waiting) look();
    });
    const refused = () => this.log.find(({ event }) => event.startsWith('('));
    const first = await this.waitFor(() => refused() ?? this.log.find(({ event }) => event === 'authenticated'), 'the greeting');
    // Where the server closes the connection, its log alone says why.
    assert.equal(first.event, 'authenticated', `the handshake failed: ${inspect(first.args)}\n${this.server.log?.slice(-2000) ?? ''}`);
    this.greeting = await this.next('authenticated');
    if (this.transport === 'upgrade') {
      const ended = await this.waitFor(() => refused() ?? (upgraded && {}), 'the upgrade');
      assert.equal(upgraded, 'websocket', `the connection ended before the upgrade: ${inspect(ended.args)}`);
    }
    return this;
  }

  /** Connects, and returns the message of the `connect_error` that it is refused with. */
  async refused() {
    this.socket.connect();
    const first = await this.waitFor(() => this.log[0], 'the refusal');
    assert.equal(first.event, '(connect_error)', `the handshake was not refused: ${inspect(this.seen)}`);
    assert.equal(this.socket.connected, false);
    return first.args[0].message;
  }

  /** Waits for the end of the connection, and returns the client's reason. */
  async disconnected() {
    return this.next('(disconnect)');
  }

  emit(event, ...args) {
    this.socket.emit(event, ...args);
  }

  /** Emits with an acknowledgement, and returns it. */
  ack(event, ...args) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`waited ${WITHIN_MS} ms for the acknowledgement of ${event}; arrived: ${inspect(this.seen, { depth: 6 })}`)),
        WITHIN_MS,
      );
      this.socket.emit(event, ...args, (...answer) => {
        clearTimeout(timer);
        if (answer.length === 1) resolve(answer[0]?.ok ? { ...answer[0], data: this.besides(event, answer[0].data) } : answer[0]);
        else reject(new Error(`an acknowledgement has one argument: ${inspect(answer)}`));
      });
    });
  }

  /** Emits an event that must succeed, and returns the acknowledged data. */
  async ok(event, ...args) {
    const answer = await this.ack(event, ...args);
    assert.deepEqual(answer, { ok: true, data: answer.data }, `${event} failed`);
    return answer.data;
  }

  /** Emits an event that must fail, checks the rooms that the error names, and returns its other fields. */
  async fails(event, ...args) {
    const answer = await this.ack(event, ...args);
    assert.deepEqual(answer, { ok: false, error: answer.error }, `${event} succeeded`);
    return besidesRooms(event, args[0], answer.error);
  }

  /** The same without an acknowledgement: returns the `error` event. */
  async errs(event, ...args) {
    this.emit(event, ...args);
    return besidesRooms(event, args[0], await this.next('error'));
  }

  /** Waits until all earlier packets of the server have arrived: its answer to a ping comes after them. */
  async settle() {
    const { timestamp } = await this.ok('ping');
    await this.next('pong', (pong) => pong.timestamp === timestamp);
  }

  /** Settles, and asserts that exactly these events have arrived. */
  async saw(expected, message) {
    await this.settle();
    assert.deepEqual(this.seen, expected, message);
    this.log = [];
  }

  close() {
    this.socket.disconnect();
  }
}

/**
 * Waits until everything that `actor` has asked for was carried out, and has reached all of these clients: the server
 * works off a socket's events in their order, so the ping is answered once the events before it are done.
 */
export async function settle(actor, ...others) {
  await actor.settle();
  await Promise.all(others.map((client) => client.settle()));
}
