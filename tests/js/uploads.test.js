// Accepted and refused uploads, and the files as they are served.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { FILES, JPEG, PDF, PNG, ZIP } from './harness/files.js';
import { SmallFiles } from './harness/disk.js';
import { Server } from './harness/server.js';
import { assertIs } from './harness/shape.js';
import { attachment, message, violations } from './harness/values.js';

const MIB = 1024 * 1024;
const because = (message) => ({ details: [{ path: '/file', message }] });
const TOO_LARGE = { message: 'File too large', code: 'too_large', ...because('has more than 10485760 bytes') };
const unsupported = (why) => ({ message: 'Unsupported file type', code: 'unsupported_type', ...because(why) });
const NOT_ALLOWED = unsupported('has a type that is not allowed');

const server = await Server.start();
after(() => server.close());

async function uploaded(rest, bytes, options) {
  const { status, body } = await rest.upload(bytes, options);
  assert.equal(status, 201, JSON.stringify(body));
  assert.deepEqual(Object.keys(body), ['data']);
  return body.data;
}

const uploader = server.fixture().rest('ada');
for (const [what, { bytes, type, name, pixels }] of Object.entries(FILES)) {
  test(`${what} is accepted, and served unchanged`, async () => {
    const record = await uploaded(uploader, bytes, { type, name });
    assertIs(record, attachment(name, type, bytes.length, pixels));
    const { status, headers, bytes: served } = await server.rest().get(record.url);
    assert.equal(status, 200);
    assert.ok(served.equals(bytes));
    assert.equal(headers.get('content-type').split(';')[0], type);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    const disposition = headers.get('content-disposition');
    if (!type.startsWith('image/')) assert.match(disposition, /^attachment/);
    assert.ok(disposition.includes(`filename="${name}"`), disposition);
    const policy = headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'|sandbox/);
    assert.doesNotMatch(policy, /unsafe|allow-scripts/);
  });
}

/** Types whose bytes may be declared as each other; texts also as an Excel sheet, the type that Windows gives to CSV. */
const ALIKE = [
  ['text/plain', 'text/csv', 'text/markdown', 'application/json'],
  ['application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint'],
  ['video/webm', 'audio/webm'],
];

/** Whether bytes of one type may be declared as another. */
function isAlso(type, declared) {
  if (type === declared) return true;
  if (/openxmlformats|opendocument/.test(type)) return declared === 'application/zip';
  if (type === 'video/mp4') return declared === 'audio/mp4';
  if (ALIKE[0].includes(type) && declared === 'application/vnd.ms-excel') return true;
  return ALIKE.some((types) => types.includes(type) && types.includes(declared));
}

test('sec_33 content must have the declared type', async () => {
  const rest = server.fixture().rest('ada');
  const types = [...new Set(Object.values(FILES).map(({ type }) => type))];
  const taken = [];
  for (const [what, { bytes, type }] of Object.entries(FILES)) {
    for (const declared of types.filter((other) => !isAlso(type, other))) {
      const { status, body } = await rest.upload(bytes, { type: declared, name: 'file' });
      if (status === 201) taken.push(`${what} as ${declared}`);
      else assert.deepEqual([status, body.code, body.details.length], [415, 'unsupported_type', 1], `${what} as ${declared}`);
    }
  }
  assert.deepEqual(taken, []);
});

test('sec_33 types that are not on the list are refused with any content', async () => {
  const fixture = server.fixture();
  const rest = fixture.rest('ada');
  for (const type of ['text/html', 'image/svg+xml', 'application/javascript', 'application/x-msdownload', 'video/quicktime', 'text/xml', 'image/*', '*/*', 'nonsense']) {
    for (const bytes of [PNG, Buffer.from('<script>alert(1)</script>')]) {
      const { status, body } = await rest.upload(bytes, { type, name: 'x.png' });
      assert.deepEqual([status, body], [415, NOT_ALLOWED], type);
    }
  }
});

test('without a declared type, the bytes determine the type', async () => {
  const fixture = server.fixture();
  const rest = fixture.rest('ada');
  for (const type of ['', 'application/octet-stream']) {
    assertIs(await uploaded(rest, PNG, { type, name: 'x' }), attachment('x', 'image/png', PNG.length, [1, 1]));
    const page = await uploaded(rest, Buffer.from('<script>alert(1)</script>'), { type, name: 'x.html' });
    assertIs(page, attachment('x.html', 'text/plain', 25));
    const { headers } = await server.rest().get(page.url);
    assert.match(headers.get('content-disposition'), /^attachment; filename="x.html.txt"/);
    const { status, body } = await rest.upload(Buffer.from([0x4d, 0x5a, 0x90, 0]), { type, name: 'x.exe' });
    assert.deepEqual([status, body.code], [415, 'unsupported_type']);
  }
  const head = '--edge\r\nContent-Disposition: form-data; name="file"; filename="=?utf-8?B?w7xiZXI=?=.csv"\r\n\r\n';
  const { status, text } = await stream(fixture.token('ada'), [Buffer.from(`${head}a,b\r\n--edge--\r\n`)]);
  assert.equal(status, 201, text);
  assertIs(JSON.parse(text).data, attachment('über.csv', 'text/plain', 3));
});

test('text and CSV are UTF-8 without U+0000', async () => {
  const fixture = server.fixture();
  const rest = fixture.rest('ada');
  const utf8 = unsupported('is not UTF-8');
  const nul = unsupported('contains U+0000, which is not allowed in text');
  const wrong = [[[0xff, 0xfe, 0x41], utf8], [[0xc3, 0x28], utf8], [Buffer.from('a\u0000b'), nul], [[0xed, 0xa0, 0x80], utf8], [Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.from([0xff])]), utf8]];
  for (const type of ['text/plain', 'text/csv', 'application/vnd.ms-excel']) {
    for (const [bytes, refusal] of wrong.filter(([, refusal]) => refusal !== nul || type !== 'application/vnd.ms-excel')) {
      const { status, body } = await rest.upload(Buffer.from(bytes), { type, name: 'x.txt' });
      assert.deepEqual([status, body], [415, refusal], type);
    }
    for (const content of ['ü', '漢字,"a"\r\n', '\ufeffwith a mark', '<b>no page</b>']) {
      const record = await uploaded(rest, Buffer.from(content), { type, name: 'x.txt' });
      assertIs(record, attachment('x.txt', type === 'text/plain' ? type : 'text/csv', Buffer.byteLength(content)));
    }
  }
});

test('parameters of the type are dropped, and its case does not matter', async () => {
  const token = server.fixture().token('ada');
  for (const [type, content, expected] of [
    ['text/plain; charset=utf-8', 'x', 'text/plain'],
    ['text/plain;charset="utf-8"; format=flowed', 'x', 'text/plain'],
    ['text/csv;header=present', 'a,b', 'text/csv'],
    ['TEXT/Plain', 'x', 'text/plain'],
  ]) {
    const body = `${HEAD.replace('text/plain', type)}${content}\r\n--edge--\r\n`;
    const { status, text } = await stream(token, [Buffer.from(body)]);
    assert.equal(status, 201, `${type}: ${text}`);
    assertIs(JSON.parse(text).data, attachment('x.txt', expected, content.length));
  }
});

test('the client\'s name is cleaned of paths and control characters, the stored one is the server\'s', async () => {
  const rest = server.fixture().rest('ada');
  for (const [name, expected] of [
    ['plain.txt', 'plain.txt'],
    ['../../etc/passwd', 'passwd'],
    ['/etc/shadow.txt', 'shadow.txt'],
    ['C:\\Windows\\system32\\cmd.txt', 'cmd.txt'],
    ['a\u0007b\u001fc.txt', 'abc.txt'],
    ['Ünïcödé 漢字 👍.txt', 'Ünïcödé 漢字 👍.txt'],
    ['with space; semicolon.txt', 'with space; semicolon.txt'],
    ['double.php.txt', 'double.php.txt'],
  ]) {
    const record = await uploaded(rest, Buffer.from('x'), { name });
    assertIs(record, attachment(expected, 'text/plain', 1), name);
    assert.doesNotMatch(record.filename, /[/\\\u0000-\u001f]|\.\./);
    assert.notEqual(record.filename, expected);
    const { headers } = await server.rest().get(record.url);
    assert.doesNotMatch(headers.get('content-disposition'), /[\r\n/\\]/);
  }
});

test('sec_34 malicious names become harmless names', async () => {
  const rest = server.fixture().rest('ada');
  for (const name of ['..', '.', '/', '\\', '../', '\u0001', ' ', 'x'.repeat(1000), '"quoted".txt', 'a\r\nSet-Cookie: x=1.txt', '%2e%2e%2fx', '....//x']) {
    const { status, body } = await rest.upload(Buffer.from('x'), { name });
    assert.equal(status, 201, `${JSON.stringify(name)}: ${JSON.stringify(body)}`);
    const { originalName, url } = body.data;
    assert.ok([...originalName].length >= 1 && [...originalName].length <= 255, JSON.stringify(originalName));
    assert.doesNotMatch(originalName, /[/\\\p{Cc}]/u);
    assert.ok(!['.', '..'].includes(originalName));
    const served = await server.rest().get(url);
    assert.equal(served.status, 200);
    assert.equal(served.headers.get('set-cookie'), null);
  }
});

test('a file of exactly 10 MiB is accepted, and one byte more is a 413', async () => {
  const fixture = server.fixture();
  const rest = fixture.rest('ada');
  const whole = Buffer.alloc(10 * MIB, 'a');
  const record = await uploaded(rest, whole, { name: 'whole.txt' });
  assertIs(record, attachment('whole.txt', 'text/plain', 10 * MIB));
  assert.ok((await server.rest().get(record.url)).bytes.equals(whole));
  const { status, body } = await rest.upload(Buffer.alloc(10 * MIB + 1, 'a'), { name: 'more.txt' });
  assert.deepEqual([status, body], [413, TOO_LARGE]);
});

/** Posts a multipart body piece by piece, for as long as the server reads; its answer, and how much was written. */
async function stream(token, pieces, { contentType = 'multipart/form-data; boundary=edge' } = {}) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
  const post = request(`${server.url}/api/upload`, { method: 'POST', headers });
  let written = 0;
  const answer = new Promise((resolve, reject) => {
    post.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: response.statusCode, text }));
    });
    post.on('error', reject);
  });
  answer.catch(() => {});
  let answered = false;
  answer.then(() => (answered = true), () => (answered = true));
  for (const piece of pieces) {
    if (answered || post.destroyed) break;
    written += piece.length;
    if (!post.write(piece)) await Promise.race([once(post, 'drain').catch(() => {}), answer.catch(() => {})]);
  }
  post.end();
  return { ...(await answer), written };
}

const HEAD = '--edge\r\nContent-Disposition: form-data; name="file"; filename="x.txt"\r\nContent-Type: text/plain\r\n\r\n';

test('sec_32 size is enforced while the bytes stream: the server does not wait for the end', async () => {
  const fixture = server.fixture();
  function* endless() {
    yield Buffer.from(HEAD);
    for (let n = 0; n < 400; n += 1) yield Buffer.alloc(256 * 1024, 'a');
  }
  const before = (await readdir(server.uploads, { recursive: true })).length;
  const outcome = await stream(fixture.token('ada'), endless()).catch((error) => ({ error }));
  if (outcome.error) assert.match(String(outcome.error.code), /ECONNRESET|EPIPE/);
  else assert.deepEqual([outcome.status, JSON.parse(outcome.text)], [413, TOO_LARGE]);
  if (!outcome.error) assert.ok(outcome.written < 60 * MIB, `${outcome.written} bytes were read`);
  assert.equal((await readdir(server.uploads, { recursive: true })).length, before, 'nothing is left behind');
});

test('sec_32 an upload that breaks off leaves nothing behind', async () => {
  const fixture = server.fixture();
  const files = async () => (await readdir(server.uploads, { recursive: true })).sort();
  const before = await files();
  const headers = { authorization: `Bearer ${fixture.token('ada')}`, 'content-type': 'multipart/form-data; boundary=edge' };
  for (let n = 0; n < 5; n += 1) {
    const post = request(`${server.url}/api/upload`, { method: 'POST', headers });
    post.on('error', () => {});
    post.write(HEAD);
    await new Promise((resolve) => post.write(Buffer.alloc(2 * MIB, 'a'), resolve));
    post.destroy();
  }
  const deadline = Date.now() + 10_000;
  let now;
  do now = await files();
  while (now.join() !== before.join() && Date.now() < deadline);
  assert.deepEqual(now, before);
});

test('sec_32 a disk that is full fails the upload, leaves nothing behind, and the server goes on', async () => {
  const full = await Server.start({ fixtures: 1, disk: () => new SmallFiles(4096) });
  try {
    const ada = full.fixture().rest('ada');
    const { status, body } = await ada.upload(Buffer.alloc(6 * MIB, 'a'));
    assert.deepEqual([status, body], [500, { message: 'Failed to upload file', code: 'internal' }]);
    assert.deepEqual(await readdir(full.uploads, { recursive: true, withFileTypes: true }).then((all) => all.filter((entry) => entry.isFile())), []);
    await uploaded(ada, Buffer.from('There is room for this.'));
  } finally {
    await full.close();
  }
});

test('a body that is not a multipart form with a file is a 400', async () => {
  const fixture = server.fixture();
  const token = fixture.token('ada');
  for (const [body, contentType] of [
    ['', 'multipart/form-data; boundary=edge'],
    ['nonsense', 'multipart/form-data; boundary=edge'],
    [HEAD, 'multipart/form-data; boundary=edge'],
    [`${HEAD}x`, 'multipart/form-data; boundary=edge'],
    ['--edge--\r\n', 'multipart/form-data; boundary=edge'],
    [HEAD.replace('"file"', '"other"') + 'x\r\n--edge--\r\n', 'multipart/form-data; boundary=edge'],
    [`${HEAD}x\r\n--edge--\r\n`, 'multipart/form-data'],
    ['{"file": "x"}', 'application/json'],
  ]) {
    const { status, text } = await stream(token, [Buffer.from(body)].filter(({ length }) => length > 0), { contentType });
    assert.equal(status, 400, `${JSON.stringify(body)} as ${contentType}: ${text}`);
    assertIs(JSON.parse(text), violations(undefined, '/file'));
  }
});

test('an empty text file is a file', async () => {
  const record = await uploaded(server.fixture().rest('ada'), Buffer.alloc(0), { name: 'empty.txt' });
  assertIs(record, attachment('empty.txt', 'text/plain', 0));
  assert.equal((await server.rest().get(record.url)).bytes.length, 0);
});

/** The status of a request for a path as it is written: `fetch` would resolve its dots. */
function statusOf(path) {
  return new Promise((resolve, reject) => {
    const get = request({ host: '127.0.0.1', port: server.port, path }, (response) => resolve(response.resume().statusCode));
    get.on('error', reject).end();
  });
}

test('sec_38 a file\'s address has 128 random bits, and no other address shows files', async () => {
  const fixture = server.fixture();
  const rest = fixture.rest('ada');
  const records = [];
  for (let n = 0; n < 5; n += 1) records.push(await uploaded(rest, Buffer.from(`${n}`), { name: 'x.txt' }));
  for (const { url } of records) assert.match(url, /[0-9a-f]{32}|[0-9a-f-]{36}|[\w-]{22}/i);
  assert.equal(new Set(records.map(({ url }) => url)).size, 5);
  const { url } = records[0];
  const directory = url.slice(0, url.lastIndexOf('/'));
  for (const path of [directory, `${directory}/`, `${directory}/..`, `${directory}/../accord.db`, `${directory}/..%2faccord.db`, `${directory}/%2e%2e%2faccord.db`, `${directory}/nothing.txt`, `${url}x`, url.slice(0, -1), `${directory}/%00`, `${directory}/..%5caccord.db`]) {
    const status = await statusOf(path);
    assert.ok([400, 404].includes(status), `${path}: ${status}`);
  }
});

test('sec_38 a file stops being served once no live message shows it', async () => {
  const fixture = server.fixture();
  const [ada, bob] = await fixture.connectAll(['ada', 'bob']);
  const record = await uploaded(fixture.rest('ada'), PNG, { type: 'image/png', name: 'x.png' });
  const status = async () => (await server.rest().get(record.url)).status;
  const original = await ada.ok('send_message', { content: '', channelId: fixture.general, attachments: [record] });
  const payload = { messageId: original.id, channelId: fixture.general, targetChannelId: fixture.side };
  const copy = await bob.ok('forward_message', payload);
  assertIs(copy, message({ key: 'channelId' }, fixture.side, fixture.users.bob, '', { attachments: [record] }));
  assert.equal(await status(), 200);
  await ada.ok('delete_message', { messageId: original.id, channelId: fixture.general });
  assert.equal(await status(), 200, 'the forwarded message still shows it');
  await bob.ok('delete_message', { messageId: copy.id, channelId: fixture.side });
  assert.equal(await status(), 404);
});

test('sec_35 bombs are never unpacked', async () => {
  const rest = server.fixture().rest('ada');
  const began = performance.now();
  const huge = Buffer.from(PNG);
  huge.writeUInt32BE(0x7fffffff, 16);
  huge.writeUInt32BE(0x7fffffff, 20);
  await uploaded(rest, huge, { type: 'image/png', name: 'huge.png' });
  await uploaded(rest, ZIP, { type: 'application/zip', name: 'x.zip' });
  assert.ok(performance.now() - began < 5000);
});

test('a client can ask for parts of a file, and a client that has the file gets nothing', async () => {
  const { url } = await uploaded(server.fixture().rest('ada'), Buffer.from('0123456789'));
  const get = async (headers) => {
    const answer = await fetch(`${server.url}${url}`, { headers });
    return [answer.status, await answer.text(), answer.headers.get('content-range')];
  };
  const { headers } = await server.rest().get(url);
  const etag = headers.get('etag');
  assert.match(headers.get('cache-control'), /private.*immutable/);
  assert.equal(headers.get('accept-ranges'), 'bytes');
  assert.deepEqual(await get({ range: 'bytes=2-4' }), [206, '234', 'bytes 2-4/10']);
  assert.deepEqual(await get({ range: 'bytes=-1', 'if-range': etag }), [206, '9', 'bytes 9-9/10']);
  assert.deepEqual(await get({ range: 'bytes=-1', 'if-range': '"other"' }), [200, '0123456789', null]);
  assert.deepEqual((await get({ range: 'bytes=10-' })).filter((_, n) => n !== 1), [416, 'bytes */10']);
  assert.deepEqual(await get({ 'if-none-match': etag }), [304, '', null]);
});

test('two uploads of the same bytes are two files', async () => {
  const rest = server.fixture().rest('ada');
  const [first, second] = [await uploaded(rest, JPEG, { type: 'image/jpeg', name: 'a.jpg' }), await uploaded(rest, JPEG, { type: 'image/jpeg', name: 'a.jpg' })];
  assert.notEqual(first.id, second.id);
  assert.notEqual(first.url, second.url);
  assert.notEqual(first.filename, second.filename);
});

test('sec_37 a user\'s uploads have a quota, others have their own', async () => {
  const small = await Server.start({ fixtures: 1, flags: ['--upload-quota', '1MiB'] });
  try {
    const fixture = small.fixture();
    const ada = fixture.rest('ada');
    const half = Buffer.alloc(MIB / 2, 'a');
    assert.equal((await ada.upload(half)).status, 201);
    // Unfinished uploads cannot exceed the quota, and an upload that ends returns its space.
    const under_way = await Promise.all(Array.from({ length: 8 }, () => ada.upload(Buffer.alloc(MIB, 'a'))));
    assert.deepEqual(new Set(under_way.map(({ status }) => status)), new Set([413]));
    assert.equal((await ada.upload(half)).status, 201);
    const { status, body } = await ada.upload(Buffer.from('x'));
    assert.deepEqual([status, body.code], [413, 'quota_exceeded']);
    assert.equal((await fixture.rest('bob').upload(half)).status, 201);
  } finally {
    await small.close();
  }
});

test('a file is never served as a page: a PDF with a script in its name is a download', async () => {
  const record = await uploaded(server.fixture().rest('ada'), PDF, { type: 'application/pdf', name: '<script>.pdf' });
  const { headers } = await server.rest().get(record.url);
  assert.match(headers.get('content-disposition'), /^attachment/);
});
