// A network between clients and a server, whose connections break on demand.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Network {
  /** A network to a port of this machine. */
  static async start(port) {
    const network = new Network();
    network.pairs = new Set();
    network.isDown = false;
    network.listener = createServer((client) => network.carry(client, connect(port, '127.0.0.1')));
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
      from.pipe(to);
      // When one side ends, the other ends in the same way.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
    }
    if (this.isDown) this.cut();
  }

  /** Breaks the connections that are chosen. */
  cut(chosen = () => true) {
    for (const pair of [...this.pairs].filter(chosen)) for (const socket of pair) socket.destroy();
  }

  /** Breaks all connections, and all new ones until `rise`. */
  fall() {
    this.isDown = true;
    this.cut();
  }

  rise() {
    this.isDown = false;
  }

  /** Lets nothing more through to the server on the connections that there are. */
  holdRequests() {
    for (const [client, server] of this.pairs) client.unpipe(server);
  }

  /** Lets nothing more through to the clients on the connections that there are. */
  holdAnswers() {
    for (const [client, server] of this.pairs) server.unpipe(client);
  }

  async close() {
    this.listener.close();
    this.cut();
    await once(this.listener, 'close');
  }
}
