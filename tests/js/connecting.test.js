// The sample of the documentation that front-end teams copy, run against a server: how it stays connected, comes back, and
// asks for help.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { Server } from './harness/server.js';
import { inTime } from './harness/times.js';
import { nowSeconds } from './harness/token.js';

let server;
let code;
const opened = [];

before(async () => {
  const text = await readFile(new URL('../../schema/generated/docs/connecting.md', import.meta.url), 'utf8');
  code = /```js\nimport \{ io \} from 'socket\.io-client';\n([^]*?)```/.exec(text)[1];
  server = await Server.start();
});

after(async () => {
  for (const socket of opened) socket.disconnect();
  await server?.close();
});

/** Runs the sample as somebody whose backend gives out these tokens, the last one again and again. */
function run(tokens, { onTimer = () => {} } = {}) {
  const said = [];
  const waiting = new Map();
  const say = (text) => {
    said.push(text);
    waiting.get(said.filter((each) => each === text).length + text)?.();
  };
  const given = {
    io: (_, options) => io(server.url, { ...options, forceNew: true, reconnectionDelay: 20, randomizationFactor: 0 }),
    fetchToken: async () => {
      const token = tokens.length > 1 ? tokens.shift() : tokens[0];
      if (token === undefined) throw new Error('the backend is away');
      return token;
    },
    show: say,
    joinRooms: () => say('rooms joined'),
    signIn: async () => say('signed in again'),
    setTimeout: (act, wait) => onTimer(act, wait),
    clearTimeout: () => {},
  };
  const socket = new Function(...Object.keys(given), `${code}\nreturn socket;`)(...Object.values(given));
  opened.push(socket);
  /** Resolves once this has been said so often. */
  const until = (text, times = 1) => new Promise((resolve) => {
    if (said.filter((each) => each === text).length >= times) resolve();
    else waiting.set(times + text, resolve);
  });
  return { socket, said, until };
}

test('the client renews its token a minute before it expires, and the connection stays open', async () => {
  const fixture = server.fixture();
  const tokens = [120, 3600].map((seconds) => fixture.token('ada', { exp: nowSeconds() + seconds }));
  const waits = [];
  let isRenewed;
  const renewed = new Promise((resolve) => (isRenewed = resolve));
  const onTimer = (act, wait) => {
    waits.push(Math.ceil(wait / 60_000));
    if (waits.length === 1) act();
    else isRenewed();
  };
  const { said, until } = run(tokens, { onTimer });
  await until('rooms joined');
  await renewed;
  assert.deepEqual([waits, said], [[1, 59], ['Connected', 'rooms joined']]);
});

test('the client waits neither zero time nor longer than timers allow', async () => {
  const fixture = server.fixture();
  const waits = [];
  for (const seconds of [30, 100 * 86_400]) {
    await new Promise((resolve) => {
      run([fixture.token('ada', { exp: nowSeconds() + seconds })], { onTimer: (_, wait) => resolve(waits.push(wait)) });
    });
  }
  assert.deepEqual(waits, [10_000, 2 ** 31 - 1]);
});

test('the client reconnects with a new token after one has expired, and joins its rooms again', async () => {
  const fixture = server.fixture();
  await inTime(2, async (seconds, by) => {
    const exp = nowSeconds() + seconds;
    const { said, until } = run([fixture.token('ada', { exp }), fixture.token('ada')]);
    await by(exp, () => Promise.race([until('rooms joined'), until('signed in again')]));
    await until('rooms joined', 2);
    assert.deepEqual(said, ['Connected', 'rooms joined', 'Connection lost, trying again', 'Connected', 'rooms joined']);
  });
});

test('the client tries again if its backend has no token for it yet', async () => {
  const fixture = server.fixture();
  const { said, until } = run([undefined, undefined, fixture.token('ada')]);
  await until('rooms joined');
  const lost = 'Connection lost, trying again';
  assert.deepEqual(said, [lost, lost, 'Connected', 'rooms joined']);
});

test('the client asks the user to sign in again if the server refuses the token, and then connects', async () => {
  const fixture = server.fixture();
  const { said, until } = run(['nonsense', '', fixture.token('ada')]);
  await until('rooms joined');
  assert.deepEqual(said, ['signed in again', 'signed in again', 'Connected', 'rooms joined']);
});
