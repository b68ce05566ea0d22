// The traffic that `accord mock` prints.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Mock, Serving } from './harness/accord.js';
import { Client } from './harness/client.js';
import { CHAT, WHITEBOARD, enter } from './harness/mock_protocol.js';

describe('the traffic is printed', () => {
  test('as lines of JSON, with full payloads', async (t) => {
    const mock = await Mock.start(WHITEBOARD, '--user', 'ann');
    t.after(() => mock.stop());
    assert.deepEqual(Object.keys(mock.tokens), ['ann']);
    const ann = await enter(t, mock, 'welcome', 'ann');
    const sent = { boardId: 'board-1', strokeId: 7 };
    const erased = await ann.ok('erase_stroke', sent);
    const { at, ms, ...passed } = await mock.passed(({ event }) => event === 'erase_stroke');
    assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(ms >= 0);
    assert.deepEqual(passed, {
      type: 'event', user: 'ann', event: 'erase_stroke', payload: sent, acknowledged: true, ack: erased,
      emits: [{ event: 'stroke_erased', to: 'scope', data: erased }],
    });
    const error = await ann.fails('erase_stroke', {});
    const refused = await mock.passed((one) => one.error?.code === 'invalid');
    assert.deepEqual(refused.error, error);
    ann.close();
    assert.equal((await mock.passed(({ type }) => type === 'disconnected')).user, 'ann');
  });

  test('sec_15 a renewed token is printed nowhere', async (t) => {
    const mock = await Mock.start(CHAT);
    t.after(() => mock.stop());
    const alice = await enter(t, mock, 'authenticated');
    const token = await mock.token('alice');
    const { expiresAt } = await alice.ok('authenticate', { token });
    assert.equal(expiresAt, alice.greeting.expiresAt, 'a mock says when its tokens expire');
    for (const payload of [{ token: await mock.token('bob') }, { tokens: token }, token]) await alice.fails('authenticate', payload);
    await alice.ok('ping');
    await mock.passed(({ event }) => event === 'ping');
    const shown = mock.traffic.filter(({ event }) => event === 'authenticate').map(({ payload }) => payload);
    assert.deepEqual(shown, [null, null, null, null]);
    assert.doesNotMatch(mock.lines.slice(1).join('\n'), /eyJ/);
  });

  test('as lines for people, without control characters of terminals', async (t) => {
    const serving = await Serving.start('mock', CHAT);
    t.after(() => serving.stop());
    const token = await serving.printed((line) => /^ +(ey[\w.-]+)$/.exec(line)?.[1]);
    const alice = new Client(serving, { token });
    t.after(() => alice.close());
    await alice.connected();
    await alice.ok('join_channel', { channelId: 'general' });
    await alice.ok('send_message', { channelId: 'general', content: `\u009b31m${'long '.repeat(100)}` });
    await alice.fails('send_message', { channelId: 'general', content: ' ' });
    const error = await serving.printed((line) => line.includes('error') && line);
    assert.match(error, /Z {2}alice +← ack: error +invalid_payload: Invalid message data; \/content must not be empty unless .+ ms$/);
    const lines = serving.lines.filter((line) => /^\d\d:\d\d:\d\d\.\d{3}Z/.test(line)).map((line) => line.slice(15));
    assert.deepEqual(
      lines.map((line) => line.split(/\s+/).slice(0, 3).join(' ')),
      [
        'alice → connect',
        'alice ← authenticated',
        '(room) ← presence_changed',
        'alice → join_channel',
        'alice ← joined_channel',
        'alice ← ack',
        'alice → send_message',
        '(room) ← new_message',
        'alice ← ack',
        'alice → send_message',
        'alice ← ack:',
      ],
    );
    assert.ok(lines.every((line) => line.length < 160 && !/[\u0000-\u001f\u007f-\u009f]/.test(line)), lines.join('\n'));
  });

  test('with a warning about deprecated parts', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'accord-mock-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const schema = join(folder, 'whiteboard.yaml');
    const yaml = await readFile(WHITEBOARD, 'utf8');
    const said = 'deprecated: { since: 0.2.0, use: draw_stroke, until: 9.0.0 }';
    await writeFile(schema, yaml.replace('    summary: Erase a line, whoever drew it.\n', `$&    ${said}\n`));
    const sent = { boardId: 'board-1', strokeId: 7 };
    const about = 'since 0.2.0, and gone in 9.0.0: use `draw_stroke`';

    const mock = await Mock.start(schema, '--user', 'ann');
    t.after(() => mock.stop());
    const ann = await enter(t, mock, 'welcome', 'ann');
    await ann.ok('erase_stroke', sent);
    const { at, ...warned } = await mock.passed(({ type }) => type === 'deprecated');
    assert.deepEqual(warned, { type: 'deprecated', user: 'ann', name: 'erase_stroke', about });

    const serving = await Serving.start('mock', schema);
    t.after(() => serving.stop());
    const token = await serving.printed((line) => /^ +(ey[\w.-]+)$/.exec(line)?.[1]);
    const alice = new Client(serving, { token });
    t.after(() => alice.close());
    alice.socket.connect();
    await alice.ok('erase_stroke', sent);
    const line = await serving.printed((line) => line.includes('warning') && line);
    assert.equal(line.slice(15).replace(/ +/g, ' '), `alice ! warning erase_stroke is deprecated ${about}`);
  });

  test('unless --quiet is given', async (t) => {
    const serving = await Serving.start('mock', CHAT, '--quiet');
    t.after(() => serving.stop());
    const token = await serving.printed((line) => /^ +(ey[\w.-]+)$/.exec(line)?.[1]);
    const alice = new Client(serving, { token });
    await alice.connected();
    await alice.ok('ping');
    alice.close();
    assert.ok(serving.lines.every((line) => !line.includes('ping')), serving.lines.join('\n'));
  });
});
