// Pages of another origin, by the official client in a real browser.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Browser } from './harness/browser.js';
import { TRANSPORTS } from './harness/client.js';
import { Server } from './harness/server.js';

const OFFICIAL_CLIENT = createRequire(import.meta.url)
  .resolve('socket.io-client')
  .replace(/build\/.*/, 'dist/socket.io.esm.min.js');

let pages, server, browser, allowed, foreign, allowedPage, foreignPage;

before(async () => {
  const client = await readFile(OFFICIAL_CLIENT);
  pages = createServer(({ url }, response) => {
    const [type, text] = url === '/client.js' ? ['text/javascript', client] : ['text/html', '<!doctype html><title>A page</title>'];
    response.writeHead(200, { 'content-type': type }).end(text);
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  const { port } = pages.address();
  // Two origins that differ in the name of the host alone.
  [allowed, foreign] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  server = await Server.start({ flags: ['--allow-origin', allowed] });
  browser = await Browser.start();
  [allowedPage, foreignPage] = await Promise.all([browser.open(allowed), browser.open(foreign)]);
});

after(async () => {
  await browser?.close();
  pages?.close();
  await server?.close();
});

/** Connects with credentials, has a ping acknowledged, and says how it went and over which transport. */
const connect = (page, transports, extraHeaders) =>
  page.evaluate(
    async ({ url, auth, transports, extraHeaders }) => {
      const { io } = await import('/client.js');
      const socket = io(url, { withCredentials: true, reconnection: false, auth, transports, extraHeaders });
      const upgraded =
        transports.length > 1 && new Promise((resolve) => socket.io.on('open', () => socket.io.engine.once('upgrade', resolve)));
      const greeted = new Promise((resolve) => {
        socket.on('authenticated', resolve);
        socket.on('connect_error', (error) => resolve({ refused: error.message }));
      });
      const { refused, userId } = await greeted;
      if (refused) return { refused };
      await upgraded;
      const { ok } = await socket.emitWithAck('ping');
      const over = socket.io.engine.transport.name;
      socket.disconnect();
      return { userId, ok, over };
    },
    { url: server.url, auth: { token: server.token({ id: 'ada' }) }, transports, extraHeaders },
  );

for (const [name, transports] of Object.entries(TRANSPORTS)) {
  test(`withCredentials connects from an allowed origin: ${name}`, async () => {
    const over = transports.at(-1);
    assert.deepEqual(await connect(allowedPage, transports), { userId: 'ada', ok: true, over });
  });

  test(`withCredentials does not connect from a foreign origin: ${name}`, async () => {
    const refused = transports[0] === 'polling' ? 'xhr poll error' : 'websocket error';
    assert.deepEqual(await connect(foreignPage, transports), { refused });
  });
}

test('polling requests that ask the browser for a preflight connect too', async () => {
  const extraHeaders = { authorization: 'Bearer for a proxy' };
  assert.deepEqual(await connect(allowedPage, ['polling'], extraHeaders), { userId: 'ada', ok: true, over: 'polling' });
});

test('REST answers a page that sends credentials, and one of an allowed origin alone', async () => {
  const get = (page) =>
    page.evaluate(
      ({ url, authorization }) =>
        fetch(`${url}/api/channels`, { credentials: 'include', headers: { authorization } }).then(
          async (answer) => [answer.status, await answer.json()],
          (error) => error.name,
        ),
      { url: server.url, authorization: `Bearer ${server.token({ id: 'ada' })}` },
    );
  assert.deepEqual(await get(allowedPage), [200, { data: [] }]);
  assert.equal(await get(foreignPage), 'TypeError');
});
