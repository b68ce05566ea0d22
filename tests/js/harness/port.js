// Ports that nobody listens on.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that nobody listens on, below the range that the kernel hands out for outgoing connections. */
export async function freePort() {
  for (;;) {
    const port = 10_000 + (randomBytes(2).readUInt16BE() % 22_000);
    const probe = createServer();
    const listening = await new Promise((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(true));
    });
    if (!listening) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
