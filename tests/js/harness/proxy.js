// A network between clients and a server, whose connections break, stall and slow down on demand.
import { EventEmitter, once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export class Network {
  /** A network to a port of this machine. */
  static async start(port) {
    const network = new Network();
    network.pairs = new Set();
    /** The ends that are sent nothing more. */
    network.held = new WeakSet();
    /** The time in ms that everything takes longer. */
    network.delay = 0;
    /** Whether nobody is let through. */
    network.closed = false;
    /** Resolves once a stall is over; `null` if there is none. */
    network.stalled = null;
    network.events = new EventEmitter();
    network.listener = createServer((client) => (network.closed ? client.destroy() : network.carry(client, connect(port, '127.0.0.1'))));
    network.listener.listen(0, '127.0.0.1');
    await once(network.listener, 'listening');
    network.url = `http://127.0.0.1:${network.listener.address().port}`;
    return network;
  }

  carry(client, server) {
    const pair = [client, server];
    this.pairs.add(pair);
    for (const [from, to] of [pair, [server, client]]) {
      from.setNoDelay(true);
      // When one side ends, the other ends in the same way.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
      // A connection that breaks in the meantime loses the data on its way.
      this.pass(from, to).catch(() => {});
    }
  }

  async pass(from, to) {
    for await (const bytes of from) {
      if (this.delay > 0) await pause(this.delay);
      while (this.stalled !== null) {
        this.events.emit('kept back');
        await this.stalled;
      }
      if (this.held.has(to)) return await once(to, 'close');
      if (!to.write(bytes)) await once(to, 'drain');
    }
    to.end();
  }

  /** Breaks the connections that are chosen. */
  cut(chosen = () => true) {
    for (const pair of [...this.pairs].filter(chosen)) for (const socket of pair) socket.destroy();
  }

  /** Breaks all connections, and lets nobody through until `open`. */
  shut() {
    this.closed = true;
    this.cut();
  }

  open() {
    this.closed = false;
  }

  /** Carries nothing until the function that it returns is called; connections stay as they are. */
  stall() {
    let goOn;
    const over = new Promise((resolve) => (goOn = resolve));
    const stalled = (this.stalled ??= over);
    if (stalled !== over) return () => {};
    return () => {
      this.stalled = null;
      goOn();
    };
  }

  /** Waits until something has come that a stall keeps back. */
  async keptBack() {
    await once(this.events, 'kept back');
  }

  /** Lets nothing more through to the server on the connections that there are. */
  holdRequests() {
    for (const [, server] of this.pairs) this.held.add(server);
  }

  /** Lets nothing more through to the clients on the connections that there are. */
  holdAnswers() {
    for (const [client] of this.pairs) this.held.add(client);
  }

  async close() {
    this.listener.close();
    this.cut();
    await once(this.listener, 'close');
  }
}
