// Claims of all kinds: an accepted user is valid by the schema in everything that the server sends to others.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { Server } from './harness/server.js';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const server = await Server.start();
after(() => server.close());

const bundle = (await server.rest().get('/schema/json-schema/bundle.json')).body;
const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': RFC_3339 } }).addSchema(bundle, 'bundle');

/** Checks a value against a type of the schema. */
function assertValid(type, value, claims) {
  const validate = ajv.getSchema(`bundle#/$defs/${type}`);
  assert.ok(validate(value), `${JSON.stringify(claims).slice(0, 200)}: ${ajv.errorsText(validate.errors)}`);
}

const address = (length) => `https://example.com/${'a'.repeat(length - 20)}`;

test('names and images are cleaned before others see them', async () => {
  const fixture = server.fixture();
  const { id } = fixture.users.ada;
  for (const [claims, user] of [
    [{ name: 'Ada\nLovelace' }, { name: 'Ada Lovelace', image: null }],
    [{ name: '\u0000Ada\u0085\u007f' }, { name: ' Ada  ', image: null }],
    [{ name: '' }, { name: id, image: null }],
    [{ name: ' \r\n\u3000' }, { name: id, image: null }],
    [{ name: null }, { name: id, image: null }],
    [{ name: 'ü'.repeat(200) }, { name: 'ü'.repeat(200), image: null }],
    [{ name: 'Ada', image: address(2048) }, { name: 'Ada', image: address(2048) }],
    [{ name: 'Ada', image: address(2049) }, { name: 'Ada', image: null }],
    [{ name: 'Ada', image: address(5000) }, { name: 'Ada', image: null }],
    [{ name: 'Ada', image: 'http://example.com/ada.png' }, { name: 'Ada', image: 'http://example.com/ada.png' }],
    [{ name: 'Ada', image: 'javascript:alert(1)' }, { name: 'Ada', image: null }],
    [{ name: 'Ada', image: 'data:image/png;base64,AAAA' }, { name: 'Ada', image: null }],
    [{ name: 'Ada', image: '/ada.png' }, { name: 'Ada', image: null }],
    [{ name: 'Ada', image: 42 }, { name: 'Ada', image: null }],
  ]) {
    const ada = await fixture.client({ token: server.token({ id, ...claims }) }).connected();
    assert.deepEqual(ada.greeting.user, { id, ...user }, JSON.stringify(claims).slice(0, 80));
    const { body } = await server.rest(server.token({ id, ...claims })).get('/api/channels');
    assert.deepEqual(body.data[0].members.find((member) => member.id === id), { id, ...user });
    ada.close();
  }
});

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function* random(seed) {
  for (;;) {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    yield ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
}

const numbers = random(1);
const below = (limit) => Math.floor(numbers.next().value * limit);
const one = (list) => list[below(list.length)];
const text = (characters, longest) => Array.from({ length: below(longest + 1) }, () => one(characters)).join('');
const CHARACTERS = [...'aZ0 \n\t\0\u007f\u0085\u00a0\u200b\u2028\u3000\ufeff"\\<é語👍'];
const anything = () => one([null, undefined, 7, true, [], {}, ['x'], text(CHARACTERS, 8)]);
const name = () => one([anything, () => text(CHARACTERS, 220), () => text([' ', '\n', '\u3000'], 5)])();
const image = () => one([anything, () => `${one(['http', 'HTTPS', 'ftp', 'javascript'])}://${text([...'a.:@[]/?# \nü'], 12)}`, () => address(2040 + below(20))])();

test('with any claims, all that the server sends is valid by its schema', async () => {
  const fixture = server.fixture();
  const bob = await fixture.connect('bob');
  await bob.ok('join_channel', { channelId: fixture.general });
  let admitted = 0;
  for (let round = 0; round < 150; round += 1) {
    const claims = { id: fixture.users.ada.id, name: name(), image: image() };
    const rest = server.rest(server.token(claims));
    const { status } = await rest.get('/api/channels');
    const ada = fixture.client({ token: server.token(claims) });
    if (status === 401) {
      assert.equal(await ada.refused(), 'Authentication failed', JSON.stringify(claims));
      continue;
    }
    admitted += 1;
    await ada.connected();
    assertValid('Authenticated', ada.greeting, claims);
    (await rest.get('/api/channels')).body.data.forEach((room) => assertValid('RoomInfo', room, claims));
    const sent = await ada.ok('send_message', { content: 'hello', channelId: fixture.general });
    await ada.ok('forward_message', { messageId: sent.id, channelId: fixture.general, targetChannelId: fixture.general });
    assertValid('Message', await bob.next('new_message'), claims);
    assertValid('MessageForwarded', await bob.next('message_forwarded'), claims);
    ada.close();
  }
  assert.ok(admitted > 50, `${admitted} were let in`);
});
