// Frames and requests as they are on the wire, including those that the official client never sends.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** The longest that a frame takes on a busy machine. */
const WITHIN_MS = 60_000;

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
