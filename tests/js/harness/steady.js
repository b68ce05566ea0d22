// Clients in a separate process, which shares neither threads nor memory with the test's attacks: each emits one event after the
// other, and they report how long the acknowledgements took.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';

const SELF = fileURLToPath(import.meta.url);

const FEWEST = 50;

export class Steady {
  /** Connects clients with these tokens, which pause for `pace` ms between two events. */
  static async connect(server, tokens, pace = 0) {
    const steady = new Steady();
    steady.process = fork(SELF, [server.url, String(pace), ...tokens]);
    await once(steady.process, 'message');
    return steady;
  }

  /** The time that 99 of 100 acknowledgements came within while something else went on, in ms. */
  async p99(during) {
    this.process.send('begin');
    await during;
    this.process.send('end');
    const [times] = await once(this.process, 'message');
    times.sort((a, b) => a - b);
    return times[Math.ceil(times.length * 0.99) - 1];
  }

  async close() {
    this.process.kill();
    await once(this.process, 'close');
  }
}

async function connect(url, token) {
  const socket = io(url, { transports: ['websocket'], auth: { token } });
  await new Promise((resolve) => socket.once('authenticated', resolve));
  return socket;
}

async function main([url, pace, ...tokens]) {
  const sockets = await Promise.all(tokens.map((token) => connect(url, token)));
  let ends;
  const work = async (socket) => {
    const times = [];
    while (!ends || times.length < FEWEST) {
      const begun = performance.now();
      await socket.timeout(30_000).emitWithAck('ping', {});
      times.push(performance.now() - begun);
      if (pace !== '0') await pause(Number(pace));
    }
    return times;
  };
  process.on('message', async (message) => {
    ends = message === 'end';
    if (!ends) process.send((await Promise.all(sockets.map(work))).flat());
  });
  process.send('connected');
}

if (process.argv[1] === SELF) await main(process.argv.slice(2));
