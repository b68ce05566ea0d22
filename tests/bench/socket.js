// A Socket.IO client that uses little CPU, so that one core can load a server: WebSocket (RFC 6455), Engine.IO and
// Socket.IO by hand, and only what the two servers send. Anything else throws, which ends the process.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** Every socket reads into it, so that a read allocates nothing. */
const READS = Buffer.allocUnsafe(256 * 1024);

const code = (character) => character.charCodeAt(0);
const [ZERO, OPEN, PING, MESSAGE] = ['0', '0', '2', '4'].map(code);
const [CONNECT, EVENT, ACKNOWLEDGEMENT] = ['0', '2', '3'].map(code);
const BRACKET = code('[');
/** The first letter of `new_message`, which no other event begins with. */
const NEW_MESSAGE = code('n');
/** `42["` */
const NAME_AT = 4;
const SUCCESS = '[{"ok":true';

/** A frame of text. A mask of zeros leaves it as it is; the server has to apply it like any other. */
function frame(text) {
  const size = Buffer.byteLength(text);
  const head = size < 126 ? 6 : 8;
  const bytes = Buffer.alloc(head + size);
  bytes[0] = 0x81;
  bytes[1] = 0x80 | (head === 6 ? size : 126);
  if (head === 8) bytes.writeUInt16BE(size, 2);
  bytes.write(text, head);
  return bytes;
}

export class Socket {
  #socket;
  /** The beginning of what has not been read to its end yet. */
  #rest = null;
  #isUpgraded = false;
  #isClosing = false;
  #token;
  #greeted;
  #asked = 0;
  #answers = new Map();

  /** Called with the bytes of each `new_message`, and where it begins and ends in them. */
  onMessage = () => {};

  /** Connects, and resolves once the server has greeted. */
  static open(port, token) {
    const socket = new Socket();
    socket.#token = token;
    socket.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: READS, callback: (size, bytes) => socket.#read(size, bytes) },
    });
    socket.#socket.on('close', () => {
      if (!socket.#isClosing) throw new Error('the server ended a connection');
    });
    const key = randomBytes(16).toString('base64');
    socket.#socket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n' +
        `Host: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    return new Promise((resolve) => (socket.#greeted = () => resolve(socket)));
  }

  /** The packet of an event without its number. */
  static event(name, payload) {
    return JSON.stringify([name, payload]);
  }

  /** Sends an event; `answered` is called with the bytes of its success, and where it begins and ends in them. */
  ask(event, answered) {
    this.#answers.set(this.#asked, answered);
    this.#socket.write(frame(`42${this.#asked}${event}`));
    this.#asked += 1;
  }

  close() {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  #read(size, read) {
    let [bytes, end] = [read, size];
    if (this.#rest !== null) {
      bytes = Buffer.concat([this.#rest, read.subarray(0, size)]);
      end = bytes.length;
      this.#rest = null;
    }
    let at = this.#isUpgraded ? 0 : this.#upgrade(bytes, end);
    while (this.#isUpgraded) {
      const next = this.#frame(bytes, at, end);
      if (next === at) break;
      at = next;
    }
    // The next read overwrites what is left.
    if (at < end) this.#rest = Buffer.from(bytes.subarray(at, end));
    return true;
  }

  /** Reads the answer to the request, and returns where the first frame begins; 0 if more has to arrive. */
  #upgrade(bytes, end) {
    const answer = bytes.latin1Slice(0, end);
    const head = answer.indexOf('\r\n\r\n');
    if (head === -1) return 0;
    if (!answer.startsWith('HTTP/1.1 101 ')) throw new Error(`the upgrade was refused: ${answer}`);
    this.#isUpgraded = true;
    return head + 4;
  }

  /** Reads a frame, and returns where the next one begins; the same place if more has to arrive. */
  #frame(bytes, at, end) {
    if (end - at < 2) return at;
    let size = bytes[at + 1];
    let start = at + 2;
    if (size === 126) {
      if (end - at < 4) return at;
      size = bytes.readUInt16BE(start);
      start += 2;
    }
    if (bytes[at] !== 0x81 || bytes[at + 1] > 126) throw new Error(`no frame of text: ${bytes.toString('hex', at, at + 4)}`);
    if (end - start < size) return at;
    this.#packet(bytes, start, start + size);
    return start + size;
  }

  #packet(bytes, start, end) {
    const [engine, kind] = [bytes[start], bytes[start + 1]];
    if (engine === MESSAGE && kind === EVENT) this.#event(bytes, start, end);
    else if (engine === MESSAGE && kind === ACKNOWLEDGEMENT) this.#acknowledgement(bytes, start + 2, end);
    else if (engine === PING) this.#socket.write(frame('3'));
    else if (engine === OPEN) this.#socket.write(frame(`40${JSON.stringify({ token: this.#token })}`));
    else if (engine !== MESSAGE || kind !== CONNECT) throw new Error(`unexpected: ${bytes.toString('utf8', start, end)}`);
  }

  #event(bytes, start, end) {
    if (bytes[start + NAME_AT] === NEW_MESSAGE) return this.onMessage(bytes, start, end);
    const [name] = JSON.parse(bytes.toString('utf8', start + 2, end));
    if (name === 'authenticated') this.#greeted();
    else if (name !== 'joined_channel') throw new Error(`unexpected: ${bytes.toString('utf8', start, end)}`);
  }

  #acknowledgement(bytes, start, end) {
    let at = start;
    let number = 0;
    for (; bytes[at] !== BRACKET; at += 1) number = number * 10 + bytes[at] - ZERO;
    if (bytes.latin1Slice(at, at + SUCCESS.length) !== SUCCESS) throw new Error(`failed: ${bytes.toString('utf8', at, end)}`);
    const answered = this.#answers.get(number);
    this.#answers.delete(number);
    answered(bytes, at, end);
  }
}
