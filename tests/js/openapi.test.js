// The server's answers, checked against its OpenAPI: the status is declared, and the body matches the declared schema.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { FILES } from './harness/files.js';
import { Server } from './harness/server.js';

const openapi = JSON.parse(readFileSync(new URL('../../schema/generated/openapi.json', import.meta.url), 'utf8'));
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
// The OpenAPI document is not a schema itself: its other keys are not keywords.
const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': RFC_3339 } }).addSchema(openapi, 'openapi');
const operations = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));

const server = await Server.start({ fixtures: 10 });
after(() => server.close());

/** Calls an operation by its id, and checks the answer against its declaration. */
async function call(rest, id, { parameters = {}, json, body, headers = {} } = {}) {
  const { path, method, operation } = operations.find(({ operation }) => operation.operationId === id);
  const query = new URLSearchParams();
  let address = path;
  for (const [name, value] of Object.entries(parameters)) {
    if (address.includes(`{${name}}`)) address = address.replace(`{${name}}`, encodeURIComponent(value));
    else query.append(name, value);
  }
  const sent = json === undefined ? { body, headers } : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  const answer = await rest.request(method.toUpperCase(), `${address}${query.size > 0 ? `?${query}` : ''}`, sent);
  const given = operation.responses[answer.status];
  assert.ok(given, `${id} answers with ${answer.status}, which is not declared`);
  const place = given.$ref?.slice('#/'.length).split('/') ?? ['paths', path, method, 'responses', String(answer.status)];
  const declared = place.reduce((value, key) => value[key], openapi);
  const pointer = [...place, 'content', 'application/json', 'schema'];
  if (declared.content?.['application/json']) {
    const $ref = `openapi#/${pointer.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref });
    assert.ok(validate(answer.body), `${id}: ${JSON.stringify(answer.body)}: ${ajv.errorsText(validate.errors)}`);
    if (answer.status >= 400) {
      const essence = ({ message, code }) => ({ message, code });
      const examples = Object.values(declared.content['application/json'].examples).map(({ value }) => JSON.stringify(essence(value)));
      assert.ok(examples.includes(JSON.stringify(essence(answer.body))), `${id}: ${JSON.stringify(answer.body)} is not among the examples`);
    }
    for (const header of Object.keys(declared.headers ?? {})) assert.ok(answer.headers.has(header), `${id}: ${header}`);
  }
  return answer;
}

test('answers of success are as declared', async () => {
  const fixture = server.fixture();
  const [ada, ann] = [await fixture.connect('ada'), fixture.rest('ada')];
  const form = new FormData();
  form.append('file', new Blob(['Hello'], { type: 'text/plain' }), 'hello.txt');
  const { body: { data: attachment } } = await call(ann, 'upload_file', { body: form });
  const parent = await ada.ok('send_message', { content: 'Hello', channelId: fixture.general, attachments: [{ id: attachment.id }] });
  await ada.ok('send_message', { content: 'Again', channelId: fixture.general, replyToId: parent.id });
  await ada.ok('add_reaction', { emoji: '👍', channelId: fixture.general, messageId: parent.id });
  await ada.ok('send_direct_message', { content: 'Hello', conversationId: fixture.dm });
  const page = await call(ann, 'list_messages', { parameters: { channelId: fixture.general, limit: 1 } });
  const before = page.body.data.nextCursor;
  const rest = await call(ann, 'list_messages', { parameters: { channelId: fixture.general, before } });
  assert.deepEqual(rest.body.data.messages.map(({ id }) => id), [parent.id]);
  await call(ann, 'list_direct_messages', { parameters: { conversationId: fixture.dm } });
  const download = await call(server.rest(), 'download_file', { parameters: { filename: attachment.filename } });
  assert.equal(download.body, 'Hello');
  for (const id of ['list_channels', 'list_conversations', 'get_stats', 'get_health', 'get_readiness', 'get_metrics']) {
    assert.equal((await call(ann, id)).status, 200);
  }
});

test('files of every type that is listed may be uploaded', async () => {
  const { operation } = operations.find(({ operation }) => operation.operationId === 'upload_file');
  const listed = operation.requestBody.content['multipart/form-data'].encoding.file.contentType.split(', ');
  assert.deepEqual([...listed].sort(), Object.values(FILES).map(({ type }) => type).sort());
  const rest = server.fixture().rest('ada');
  for (const { bytes, type, name } of Object.values(FILES)) {
    const form = new FormData();
    form.append('file', new Blob([bytes], { type }), name);
    const { status, body } = await call(rest, 'upload_file', { body: form });
    assert.deepEqual([status, body.data.mimeType], [201, type]);
  }
});

test('the examples are valid requests of an administrator', async () => {
  const { admin } = server;
  const example = (id) => {
    const { operation } = operations.find(({ operation }) => operation.operationId === id);
    const parameters = Object.fromEntries(operation.parameters.map(({ name, example: value }) => [name, value]));
    return { parameters, json: operation.requestBody?.content['application/json'].example };
  };
  for (const id of ['alice', 'bob']) {
    const { json } = example('put_user');
    assert.equal((await call(admin, 'put_user', { parameters: { id }, json })).status, 200);
  }
  for (const scope of ['channel', 'conversation']) {
    const put = example(`put_${scope}`);
    assert.equal((await call(admin, `put_${scope}`, put)).status, 200);
    for (const id of [`put_${scope}_member`, `delete_${scope}_member`]) {
      const parameters = { ...put.parameters, userId: put.json.members[0] };
      assert.equal((await call(admin, id, { parameters })).status, 200);
    }
  }
  assert.equal((await call(admin, 'revoke_user', example('revoke_user'))).status, 204);
});

test('answers of failure are among the examples', async () => {
  const fixture = server.fixture();
  const [ada, eve] = [fixture.rest('ada'), fixture.rest('eve')];
  const channel = { parameters: { channelId: fixture.general } };
  const put = { parameters: { id: `new-${fixture.general}` }, json: { name: 'New', members: ['nobody-at-all'] } };
  const file = (type) => {
    const form = new FormData();
    form.append('file', new Blob(['Hello'], { type }), 'hello');
    return { body: form };
  };
  for (const [status, rest, id, request] of [
    [401, server.rest(), 'list_messages', channel],
    [401, server.rest('nonsense'), 'get_stats', {}],
    [400, ada, 'list_messages', {}],
    [400, ada, 'list_messages', { parameters: { ...channel.parameters, limit: 101 } }],
    [403, eve, 'list_messages', channel],
    [403, eve, 'list_direct_messages', { parameters: { conversationId: fixture.dm } }],
    [403, ada, 'put_channel', put],
    [404, server.admin, 'put_channel', put],
    [404, server.admin, 'put_conversation_member', { parameters: { id: `no-${fixture.dm}`, userId: fixture.users.ada.id } }],
    [404, server.rest(), 'download_file', { parameters: { filename: 'nothing.png' } }],
    [400, ada, 'upload_file', {}],
    [415, ada, 'upload_file', file('application/x-msdownload')],
    [403, ada, 'list_messages', { ...channel, headers: { origin: 'https://elsewhere.example' } }],
    [403, server.rest(), 'get_health', { headers: { origin: 'https://elsewhere.example' } }],
    [413, server.admin, 'put_channel', { ...put, json: { name: 'x'.repeat(1 << 20), members: [] } }],
  ]) {
    assert.equal((await call(rest, id, request)).status, status, `${id}: ${status}`);
  }
});
