// Frames and requests as they are on the wire, including those that the official client never sends.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** The longest that a frame takes on a busy machine. */
const WITHIN_MS = 60_000;

/** A session of Engine.IO's over polling, without anything that understands it. */
export class RawPolling {
  /** Opens a session. */
  static async open(server) {
    const session = new RawPolling();
    session.server = server;
    const [open] = await session.poll();
    session.sid = JSON.parse(open.slice(1)).sid;
    return session;
  }

  get query() {
    return `EIO=4&transport=polling${this.sid === undefined ? '' : `&sid=${this.sid}`}`;
  }

  async request(options) {
    const answer = await fetch(`${this.server.url}/socket.io/?${this.query}`, options);
    const body = await answer.text();
    assert.equal(answer.status, 200, body);
    return body;
  }

  /** The packets of one poll. */
  async poll() {
    return (await this.request()).split('\x1e');
  }

  async post(...packets) {
    assert.equal(await this.request({ method: 'POST', body: packets.join('\x1e') }), 'ok');
  }

  /** Joins the namespace, and waits until the server has greeted. */
  async joined(token) {
    await this.post(`40${JSON.stringify({ token })}`);
    for (let packets = []; !packets.some((packet) => packet.startsWith('42["authenticated"')); ) packets = await this.poll();
    return this;
  }

  /** A WebSocket that is about to carry the session: its probe has been answered, so an official client has stopped polling. */
  async probed() {
    const socket = new RawSocket(this.server, `EIO=4&transport=websocket&sid=${this.sid}`);
    await socket.opened();
    socket.send('2probe');
    await socket.next((frame) => frame === '3probe');
    return socket;
  }
}

/** A WebSocket of Engine.IO's, without anything that understands it. */
export class RawSocket {
  constructor(server, query = 'EIO=4&transport=websocket', options = {}) {
    this.frames = [];
    this.waiting = new Set();
    this.socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?${query}`, options);
    this.socket.on('message', (data, isBinary) => this.note(isBinary ? data : data.toString('utf8')));
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.on('close', (code) => resolve(code)));
    this.closed.then(() => this.note(null));
  }

  note(frame) {
    this.frames.push(frame);
    for (const look of this.waiting) look();
  }

  /** Waits for a frame that fits, takes it out and returns it; `null` stands for the end. */
  async next(fits) {
    for (;;) {
      const at = this.frames.findIndex((frame) => frame === null || fits(frame));
      if (at !== -1) return this.frames[at] === null ? null : this.frames.splice(at, 1)[0];
      await new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          this.waiting.delete(look);
          reject(new Error(`waited ${WITHIN_MS} ms for a frame; arrived: ${JSON.stringify(this.frames).slice(0, 2000)}`));
        }, WITHIN_MS);
        const look = () => {
          clearTimeout(timer);
          this.waiting.delete(look);
          resolve();
        };
        this.waiting.add(look);
      });
    }
  }

  async opened() {
    if (this.socket.readyState === WebSocket.CONNECTING) {
      await Promise.race([once(this.socket, 'open'), this.closed]);
    }
    return this;
  }

  /** Joins the namespace; true if the server greeted. */
  async joined(token) {
    await this.opened();
    await this.next((frame) => String(frame).startsWith('0{'));
    this.send(`40${JSON.stringify({ token })}`);
    return (await this.next((frame) => String(frame).startsWith('42["authenticated"'))) !== null;
  }

  send(frame) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame);
  }

  /** Whether the connection lives and answers a ping event, answering Engine.IO's own pings on the way. */
  async alive() {
    this.send('42["ping"]');
    const pong = await this.next((frame) => String(frame).startsWith('42["pong"'));
    return pong !== null;
  }

  /** Waits until the server has ended the connection. */
  async ended() {
    assert.equal(await this.next(() => false), null);
  }

  end() {
    this.socket.terminate();
  }
}
