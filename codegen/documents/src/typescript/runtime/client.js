// A Socket.IO client (protocol 5, over Engine.IO 4) that speaks over WebSocket, in one module without dependencies: for
// pages that have no bundler. It has the names and the behaviour of socket.io-client, so that code for it also works
// with that client.

/** Engine.IO: the first character of a frame. */
const FRAME = { open: '0', close: '1', ping: '2', pong: '3', message: '4' };

/** A WebSocket's `readyState` while it takes frames. */
const OPEN = 1;

/** Socket.IO: the first character of a message. Binary messages (5 and 6) are not supported. */
const PACKET = { connect: '0', disconnect: '1', event: '2', ack: '3', connectError: '4' };

/** The parts of a message: its type, its namespace, the id of its acknowledgement, and its data as JSON. */
const MESSAGE = /^([0-4])(?:(\/[^,]*),)?(\d+)?([^]*)$/;

const RESERVED = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);

const DEFAULTS = {
  path: '/socket.io/',
  query: {},
  timeout: 20_000,
  reconnection: true,
  reconnectionAttempts: Infinity,
  reconnectionDelay: 1000,
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5,
};

/** A socket, which connects at once unless told otherwise. The path of `url` is the namespace. */
export function io(url, options) {
  if (typeof url === 'object' && !(url instanceof URL)) return io('/', url);
  const address = new URL(url ?? '/', globalThis.location?.href);
  const socket = new Socket(new Manager(address, { ...options }), address.pathname, { ...options });
  return options?.autoConnect === false ? socket : socket.connect();
}

/** An emitter of events. */
class Emitter {
  #listeners = new Map();

  on(event, listener) {
    this.#listeners.set(event, [...this.listeners(event), listener]);
    return this;
  }

  once(event, listener) {
    const once = (...args) => {
      this.off(event, once);
      listener(...args);
    };
    once.listener = listener;
    return this.on(event, once);
  }

  /** Removes one listener, all of an event, or all. */
  off(event, listener) {
    if (event === undefined) this.#listeners.clear();
    else if (listener === undefined) this.#listeners.delete(event);
    else {
      const isIt = (each) => each === listener || each.listener === listener;
      const at = this.listeners(event).findIndex(isIt);
      this.#listeners.set(event, this.listeners(event).filter((_, index) => index !== at));
    }
    return this;
  }

  listeners(event) {
    return this.#listeners.get(event) ?? [];
  }

  hasListeners(event) {
    return this.listeners(event).length > 0;
  }

  /** Calls the listeners of an event. Static, because a socket's `emit` does something else. */
  static fire(emitter, event, ...args) {
    for (const listener of emitter.listeners(event)) listener(...args);
  }
}

/** One WebSocket, with Engine.IO's handshake and heartbeat. When it has ended, `ended` is called, once. */
class Connection {
  #socket;
  #on;
  #timer;
  #pingInterval;
  #pingTimeout;
  #expiresAt = Infinity;
  #isOpen = false;
  #hasEnded = false;

  constructor(WebSocket, address, timeout, on) {
    this.#on = on;
    try {
      if (WebSocket === undefined) throw new TypeError('there is no WebSocket here: pass one as the option `WebSocket`');
      this.#socket = new WebSocket(address);
    } catch (error) {
      // Listeners can only be added after `io` has returned.
      queueMicrotask(() => this.#end('transport error', error));
      return;
    }
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onerror = () => this.#end('transport error', new Error('websocket error'));
    this.#socket.onclose = () => this.#end('transport close', new Error('websocket error'));
    this.#timer = setTimeout(() => this.#end('transport close', new Error('timeout')), timeout);
    // Otherwise a lost network would go unnoticed for minutes.
    globalThis.addEventListener?.('offline', this.#offline);
  }

  /** Whether the server has been heard from in time; timers are late after a computer has slept. */
  get isAlive() {
    return this.#isOpen && !this.#hasEnded && Date.now() < this.#expiresAt;
  }

  send(message) {
    this.#write(FRAME.message + message);
  }

  /** Browsers warn about frames that are written while the connection closes. These are lost in any case. */
  #write(frame) {
    if (this.#socket.readyState === OPEN) this.#socket.send(frame);
  }

  close(reason = 'forced close') {
    this.#end(reason, new Error(reason));
  }

  #offline = () => this.#end('transport close', new Error('websocket error'));

  #receive(frame) {
    if (this.#hasEnded) return;
    if (typeof frame !== 'string') return this.close('parse error');
    const text = frame.slice(1);
    switch (frame[0]) {
      case FRAME.open:
        return this.#open(text);
      case FRAME.ping:
        this.#expectPing();
        this.#write(FRAME.pong + text);
        return this.#on.pinged();
      case FRAME.message:
        return this.#on.received(text);
      case FRAME.close:
        return this.close('transport close');
      default:
        return this.close('parse error');
    }
  }

  #open(text) {
    const handshake = parse(text);
    if (!(handshake?.pingInterval > 0 && handshake.pingTimeout > 0)) return this.close('parse error');
    this.#pingInterval = handshake.pingInterval;
    this.#pingTimeout = handshake.pingTimeout;
    this.#isOpen = true;
    this.#expectPing();
    this.#on.opened();
  }

  /** The server sends pings. If none comes in time, the connection is lost. */
  #expectPing() {
    const patience = this.#pingInterval + this.#pingTimeout;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close('ping timeout'), patience);
    this.#expiresAt = Date.now() + patience;
  }

  #end(reason, error) {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.('offline', this.#offline);
    this.#socket?.close();
    this.#on.ended(reason, error, this.#isOpen);
  }
}

/** Keeps a connection to a server: opens it, and reopens it when it is lost. */
export class Manager extends Emitter {
  #address;
  #options;
  #connection;
  #retry;
  #isWanted = false;
  #attempts = 0;

  constructor(address, options) {
    super();
    this.#options = { ...DEFAULTS, WebSocket: globalThis.WebSocket, ...options };
    const { path, query } = this.#options;
    const url = new URL(path.replace(/\/?$/, '/'), address);
    url.protocol = address.protocol.replace('http', 'ws');
    const given = [...address.searchParams, ...Object.entries(query), ['EIO', '4'], ['transport', 'websocket']];
    for (const [name, value] of given) url.searchParams.set(name, value);
    this.#address = url;
  }

  /** Opens the connection, unless it is there or about to be. */
  open() {
    this.#isWanted = true;
    if (this.#connection !== undefined || this.#retry !== undefined) return this;
    this.#connection = new Connection(this.#options.WebSocket, this.#address, this.#options.timeout, {
      opened: () => this.#opened(),
      pinged: () => Emitter.fire(this, 'ping'),
      received: (message) => this.#received(message),
      ended: (...how) => this.#ended(...how),
    });
    return this;
  }

  /** Closes the connection. The client does not reconnect. */
  close() {
    this.#isWanted = false;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#attempts = 0;
    this.#connection?.close();
  }

  /** Ends the connection as if it were lost, so that it is reopened. */
  drop(reason) {
    this.#connection?.close(reason);
  }

  /** The current connection. Closing it makes the client reconnect. */
  get engine() {
    return this.#connection;
  }

  get isAlive() {
    return this.#connection?.isAlive === true;
  }

  send(message) {
    this.#connection?.send(message);
  }

  #opened() {
    const attempts = this.#attempts;
    this.#attempts = 0;
    Emitter.fire(this, 'open');
    if (attempts > 0) Emitter.fire(this, 'reconnect', attempts);
  }

  #received(message) {
    const [, type, namespace = '/', id, text] = MESSAGE.exec(message) ?? [];
    const data = text === '' ? null : parse(text);
    if (type === undefined || data === undefined) return this.drop('parse error');
    Emitter.fire(this, 'packet', { type, namespace, id: id === undefined ? undefined : Number(id), data });
  }

  #ended(reason, error, wasOpen) {
    this.#connection = undefined;
    const isAttempt = this.#attempts > 0;
    Emitter.fire(this, wasOpen ? 'close' : 'error', wasOpen ? reason : error);
    // A listener may have opened it already.
    if (this.#isWanted && this.#options.reconnection && this.#connection === undefined) this.#reconnect();
    if (!wasOpen && isAttempt) Emitter.fire(this, 'reconnect_error', error);
  }

  #reconnect() {
    if (this.#attempts >= this.#options.reconnectionAttempts) {
      this.#attempts = 0;
      Emitter.fire(this, 'reconnect_failed');
      return;
    }
    const delay = this.#delay();
    this.#attempts += 1;
    this.#retry = setTimeout(() => {
      Emitter.fire(this, 'reconnect_attempt', this.#attempts);
      this.#retry = undefined;
      if (this.#isWanted) this.open();
    }, delay);
  }

  /** Twice as long each time, and varied, so that not all clients of a restarted server return at once. */
  #delay() {
    const { reconnectionDelay, reconnectionDelayMax, randomizationFactor } = this.#options;
    const jitter = 1 + randomizationFactor * (2 * Math.random() - 1);
    return Math.min(reconnectionDelay * 2 ** this.#attempts * jitter, reconnectionDelayMax);
  }
}

/** A client's end of a namespace. */
export class Socket extends Emitter {
  /** Whether the server has let it in. */
  connected = false;
  /** Whether it is connected, or will connect by itself. */
  active = false;
  id = undefined;

  #namespace;
  #flags = {};
  #nextId = 0;
  #acks = new Map();
  #unsent = [];
  #incoming = [];
  #outgoing = [];

  constructor(manager, namespace, { auth } = {}) {
    super();
    this.io = manager;
    this.auth = auth;
    this.#namespace = namespace;
    const whileActive = (act) => (...args) => this.active && act(...args);
    manager.on('open', whileActive(() => this.#introduce()));
    manager.on('packet', whileActive((packet) => packet.namespace === namespace && this.#receive(packet)));
    manager.on('error', whileActive((error) => Emitter.fire(this, 'connect_error', error)));
    manager.on('close', whileActive((reason) => this.#close(reason)));
  }

  get disconnected() {
    return !this.connected;
  }

  /** Adds a listener of all events, which is called before their own listeners. */
  onAny(listener) {
    this.#incoming.push(listener);
    return this;
  }

  offAny(listener) {
    this.#incoming = without(this.#incoming, listener);
    return this;
  }

  /** Adds a listener of everything that is sent. */
  onAnyOutgoing(listener) {
    this.#outgoing.push(listener);
    return this;
  }

  offAnyOutgoing(listener) {
    this.#outgoing = without(this.#outgoing, listener);
    return this;
  }

  connect() {
    if (this.connected) return this;
    this.active = true;
    this.io.open();
    return this;
  }

  open() {
    return this.connect();
  }

  disconnect() {
    const wasConnected = this.connected;
    if (wasConnected) this.#send(PACKET.disconnect);
    this.#leave();
    if (wasConnected) this.#close('io client disconnect');
    return this;
  }

  close() {
    return this.disconnect();
  }

  /** Sets how many milliseconds to wait for the acknowledgement of the next event. */
  timeout(milliseconds) {
    this.#flags.timeout = milliseconds;
    return this;
  }

  /** The next event is dropped if there is no connection. */
  get volatile() {
    this.#flags.volatile = true;
    return this;
  }

  /** Sends an event, at once or when connected; a function that is the last argument takes the acknowledgement. */
  emit(event, ...args) {
    const ack = typeof args.at(-1) === 'function' ? args.pop() : undefined;
    this.#emit([event, ...args], ack, this.#flags.timeout !== undefined);
    return this;
  }

  /** Sends an event; rejects if its acknowledgement is late, or lost with the connection. */
  emitWithAck(event, ...args) {
    return new Promise((resolve, reject) => {
      this.#emit([event, ...args], (error, answer) => (error ? reject(error) : resolve(answer)), true);
    });
  }

  #emit(args, ack, takesError) {
    const { timeout, volatile } = this.#flags;
    this.#flags = {};
    if (RESERVED.has(args[0])) throw new Error(`"${args[0]}" is a reserved event name`);
    const packet = { args, id: ack && this.#nextId, text: JSON.stringify(args, refuseBinary) };
    if (ack) {
      this.#nextId += 1;
      this.#expect(packet, ack, timeout, takesError);
    }
    if (this.connected && this.io.isAlive) return this.#sendEvent(packet);
    if (!volatile) this.#unsent.push(packet);
    // The next connection sends what waits. It would be long in coming if a timer that is late had to end this one first.
    if (this.connected) queueMicrotask(() => this.connected && this.io.drop('ping timeout'));
  }

  #expect(packet, ack, timeout, takesError) {
    const give = (error, args) => {
      this.#acks.delete(packet.id);
      clearTimeout(timer);
      if (!takesError) return error === null && ack(...args);
      return error === null ? ack(null, ...args) : ack(error);
    };
    const expire = () => {
      this.#unsent = without(this.#unsent, packet);
      give(new Error('operation has timed out'));
    };
    const timer = timeout === undefined ? undefined : setTimeout(expire, timeout);
    this.#acks.set(packet.id, { packet, give, takesError });
  }

  #sendEvent({ args, id, text }) {
    for (const listener of [...this.#outgoing]) listener(...args);
    this.#send(PACKET.event, text, id);
  }

  #send(type, text = '', id = '') {
    this.io.send(`${type}${this.#namespace === '/' ? '' : `${this.#namespace},`}${id}${text}`);
  }

  /** Sends the credentials. */
  #introduce() {
    const send = (auth) => this.#send(PACKET.connect, auth === undefined ? '' : JSON.stringify(auth));
    if (typeof this.auth === 'function') this.auth(send);
    else send(this.auth);
  }

  #receive({ type, id, data }) {
    switch (type) {
      case PACKET.connect:
        return typeof data?.sid === 'string' ? this.#enter(data.sid) : this.io.drop('parse error');
      case PACKET.connectError:
        this.#leave();
        return Emitter.fire(this, 'connect_error', Object.assign(new Error(data?.message), { data: data?.data }));
      case PACKET.disconnect:
        this.#leave();
        return this.#close('io server disconnect');
      case PACKET.ack:
        return Array.isArray(data) ? this.#acks.get(id)?.give(null, data) : this.io.drop('parse error');
      case PACKET.event:
        return typeof data?.[0] === 'string' ? this.#hear(data, id) : this.io.drop('parse error');
    }
  }

  #enter(id) {
    this.id = id;
    this.connected = true;
    for (const packet of this.#unsent.splice(0)) this.#sendEvent(packet);
    Emitter.fire(this, 'connect');
  }

  #hear(args, id) {
    // The server, too, may ask for an acknowledgement.
    if (id !== undefined) args.push((...answer) => this.#send(PACKET.ack, JSON.stringify(answer, refuseBinary), id));
    for (const listener of [...this.#incoming]) listener(...args);
    Emitter.fire(this, ...args);
  }

  /** Ends the connection, and does not reconnect by itself. */
  #leave() {
    this.active = false;
    this.io.close();
  }

  #close(reason) {
    this.connected = false;
    this.id = undefined;
    Emitter.fire(this, 'disconnect', reason);
    for (const { packet, give, takesError } of [...this.#acks.values()]) {
      if (this.#unsent.includes(packet)) continue;
      if (takesError) give(new Error('socket has been disconnected'));
      else this.#acks.delete(packet.id);
    }
  }
}

const without = (list, item) => (item === undefined ? [] : list.filter((each) => each !== item));

/** The value of a JSON text; `undefined` if it is invalid. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A replacer for `JSON.stringify`, which would silently turn bytes into something else. */
function refuseBinary(key, value) {
  const original = this[key];
  if (original instanceof ArrayBuffer || ArrayBuffer.isView(original) || original instanceof Blob) {
    throw new TypeError('binary data cannot be sent: this client only sends text');
  }
  return value;
}
