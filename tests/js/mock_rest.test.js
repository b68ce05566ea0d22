// The REST operations of `accord mock`, compared with the schema and with the real server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import { accord, Mock } from './harness/accord.js';
import { CHAT } from './harness/mock_protocol.js';
import { Rest } from './harness/rest.js';

describe('REST', () => {
  let mock;
  let document;
  let ajv;

  before(async () => {
    [mock, document] = await Promise.all([Mock.start(CHAT), accord('gen', 'openapi', CHAT).then(JSON.parse)]);
    ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema(document, 'rest');
  });
  after(() => mock.stop());

  test('every operation is answered with its declared status and body', async () => {
    let judged = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const { parameters = [], requestBody, responses, security } = operation;
        const named = parameters.filter(({ required }) => required);
        const at = (place) => named.filter((parameter) => parameter.in === place);
        const address = at('path').reduce((text, { name, example }) => text.replace(`{${name}}`, encodeURIComponent(example)), path);
        const query = new URLSearchParams(at('query').map(({ name, example }) => [name, example]));
        const rest = new Rest(mock, security.length > 0 ? await mock.token('root', { admin: true }) : undefined);
        const json = requestBody?.content['application/json'];
        const body = json && { body: JSON.stringify(json.example), headers: { 'content-type': 'application/json' } };
        const answer = requestBody && !json ? await rest.upload('Hello') : await rest.request(method.toUpperCase(), `${address}?${query}`, body);
        const [status, response] = Object.entries(responses)[0];
        assert.equal(answer.status, Number(status), `${method} ${path}: ${JSON.stringify(answer.body)}`);
        if (response.content?.['application/json'] === undefined) continue;
        const escaped = path.replaceAll('~', '~0').replaceAll('/', '~1');
        const pointer = `rest#/paths/${encodeURIComponent(escaped)}/${method}/responses/${status}/content/application~1json/schema`;
        assert.ok(ajv.validate({ $ref: pointer }, answer.body), `${method} ${path}: ${ajv.errorsText()}\n${JSON.stringify(answer.body)}`);
        judged += 1;
      }
    }
    assert.ok(judged > 10, `${judged} answers were judged`);
  });

  test('an answer repeats the values of the request', async () => {
    const rest = new Rest(mock, await mock.token('alice'));
    const { body } = await rest.get('/api/messages?channelId=general&limit=2');
    assert.equal(body.data.messages.length, 2);
    assert.equal(new Set(body.data.messages.map(({ id }) => id)).size, 2);
    assert.ok(body.data.messages.every(({ channelId, user }) => channelId === 'general' && user.id === 'alice'));
    const again = await rest.get('/api/messages?channelId=general&limit=2');
    assert.deepEqual(again.body.data.messages.map(({ id }) => id), body.data.messages.map(({ id }) => id));
    const uploaded = await rest.upload('Hello', { name: 'notes.txt', type: 'text/plain; charset=utf-8' });
    const { originalName, mimeType, size } = uploaded.body.data;
    assert.deepEqual({ originalName, mimeType, size }, { originalName: 'notes.txt', mimeType: 'text/plain', size: 5 });
    const { body: made } = await new Rest(mock, await mock.token('root', { admin: true })).put('/api/admin/channels/tea', {
      name: 'Tea', members: ['bob', 'zoe'],
    });
    const user = (id, name) => ({ id, name, image: null });
    // The number of members is the example's: nothing in the schema says that it counts them.
    assert.deepEqual(made, { data: { id: 'tea', name: 'Tea', members: [user('bob', 'Bob'), user('zoe', 'Zoe')], memberCount: 1 } });
  });

  test('requests are refused as the real server does', async () => {
    const rest = new Rest(mock, await mock.token('alice'));
    const nobody = await new Rest(mock).get('/api/channels');
    assert.deepEqual([nobody.status, nobody.body], [401, { message: 'Authentication token required', code: 'auth_required' }]);
    const invalid = await rest.get('/api/messages?limit=0');
    assert.deepEqual([invalid.status, invalid.body.details], [
      400,
      [{ path: '/channelId', message: 'is required' }, { path: '/limit', message: 'must be at least 1' }],
    ]);
    const user = await rest.put('/api/admin/users/eve', { name: 'Eve' });
    assert.deepEqual([user.status, user.body.message], [403, 'Administrator access required']);
    const nothing = await rest.get('/api/nothing');
    assert.equal(nothing.status, 404);
    await mock.faults({ fail: ['list_channels=internal'], deny: ['channel:secret'] });
    const failed = await rest.get('/api/channels');
    assert.deepEqual([failed.status, failed.body], [500, { message: 'Failed to load channels', code: 'internal' }]);
    const denied = await rest.get('/api/messages?channelId=secret');
    assert.deepEqual([denied.status, denied.body.code], [403, 'access_denied']);
    await mock.faults({});
  });

  test('downloads have the type that their names imply', async () => {
    const picture = await new Rest(mock).get('/files/diagram.png');
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.deepEqual([...picture.bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
    const text = await new Rest(mock).get('/files/notes.txt');
    assert.equal(text.headers.get('content-type'), 'text/plain; charset=utf-8');
  });

  test('pages of this machine may call the mock, and others may not', async () => {
    const ask = (origin) => fetch(`${mock.url}/mock/token?user=alice`, { headers: { origin } });
    const own = await ask('http://localhost:5173');
    assert.equal(own.headers.get('access-control-allow-origin'), 'http://localhost:5173');
    assert.equal((await ask('https://evil.example')).status, 403);
  });
});
