// A client in a separate thread, which the test's attacks do not slow down: it emits one event after the other, and
// reports how long the acknowledgements took.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { io } from 'socket.io-client';

const FEWEST = 50;

export class Steady {
  /** Connects a client that pauses for `pace` ms between two events. */
  static async connect(server, token, pace = 0) {
    const steady = new Steady();
    steady.worker = new Worker(fileURLToPath(import.meta.url), { workerData: { url: server.url, token, pace } });
    await once(steady.worker, 'message');
    return steady;
  }

  /** The time that 99 of 100 acknowledgements came within while something else went on, in ms. */
  async p99(during) {
    this.worker.postMessage('begin');
    await during;
    this.worker.postMessage('end');
    const [times] = await once(this.worker, 'message');
    times.sort((a, b) => a - b);
    return times[Math.ceil(times.length * 0.99) - 1];
  }

  close() {
    return this.worker.terminate();
  }
}

async function main() {
  const socket = io(workerData.url, { transports: ['websocket'], auth: { token: workerData.token } });
  await new Promise((resolve) => socket.once('authenticated', resolve));
  let times = [];
  let ends = false;
  parentPort.on('message', async (message) => {
    ends = message === 'end';
    if (ends) return;
    times = [];
    while (!ends || times.length < FEWEST) {
      const begun = performance.now();
      await socket.timeout(30_000).emitWithAck('ping', {});
      times.push(performance.now() - begun);
      if (workerData.pace > 0) await pause(workerData.pace);
    }
    parentPort.postMessage(times);
  });
  parentPort.postMessage('connected');
}

if (!isMainThread) await main();
