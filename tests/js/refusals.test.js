// Requests that are refused while their clients still send: fetch and a browser get the status, however large the body.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from './harness/browser.js';
import { Server } from './harness/server.js';

/** Far more than the systems of client and server keep on the way between them. */
const SIZE = 32 << 20;

let server, browser, page, token;

before(async () => {
  server = await Server.start();
  token = server.token({ id: 'ada' });
  browser = await Browser.start();
  page = await browser.open(`${server.url}/docs`);
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const JSON_TYPE = 'application/json';
const FORM = 'multipart/form-data; boundary=x';
const file = (type) => `--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: ${type}\r\n\r\n`;

// Refused requests: status, method, path, content type, whether with a token, and the beginning of the body.
const CASES = [
  [401, 'POST', '/api/upload', FORM, false, ''],
  [401, 'PUT', '/api/admin/channels/general', JSON_TYPE, false, ''],
  [403, 'PUT', '/api/admin/channels/general', JSON_TYPE, true, ''],
  [404, 'POST', '/api/nothing', JSON_TYPE, true, ''],
  [404, 'POST', '/chat/nothing.js', JSON_TYPE, false, ''],
  [405, 'POST', '/chat/main.js', JSON_TYPE, false, ''],
  [405, 'POST', '/files/nothing', JSON_TYPE, false, ''],
  [413, 'POST', '/api/upload', FORM, true, file('text/plain')],
  [415, 'POST', '/api/upload', FORM, true, file('application/x-msdownload')],
  [400, 'POST', '/socket.io/?EIO=4&transport=polling&sid=nobody', 'text/plain', false, ''],
];

/** Sends bytes after a beginning, in a runtime that has `fetch`; `null` for an answer that does not come. */
async function send({ url, method, type, token, begin, size }) {
  const headers = { 'content-type': type, ...(token && { authorization: `Bearer ${token}` }) };
  try {
    const body = new Blob([begin, new Uint8Array(size).fill(32)]);
    const answer = await fetch(url, { method, headers, body });
    await answer.text();
    return answer.status;
  } catch (error) {
    return `${error} ${error.cause ?? ''}`;
  }
}

for (const [status, method, path, type, withToken, begin] of CASES) {
  test(`${status} reaches a client that sends ${SIZE} bytes: ${method} ${path}${begin && ' of a file'}`, async () => {
    const request = { url: server.url + path, method, type, token: withToken ? token : undefined, begin, size: SIZE };
    assert.equal(await send(request), status, 'fetch of Node.js');
    assert.equal(await page.evaluate(send, request), status, 'fetch of a browser');
  });
}
