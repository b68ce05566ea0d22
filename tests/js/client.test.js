// The client of the generated package beside the official one: both must report the same events in the same way.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { io as official } from 'socket.io-client';
import { WebSocket, WebSocketServer } from 'ws';
import { io as own } from '../../schema/generated/typescript/client.js';
import { CLIENT_EVENTS, ERRORS } from '../../schema/generated/typescript/constants.js';
import { Server } from './harness/server.js';
import { inTime } from './harness/times.js';
import { nowSeconds } from './harness/token.js';

const server = await Server.start();
const sockets = new Set();
after(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.close();
});

/** A factory for each client. */
const CLIENTS = {
  own: (url, options) => own(url, { WebSocket, ...options }),
  official: (url, options) => official(url, { transports: ['websocket'], forceNew: true, ...options }),
};

const QUICK = { reconnectionDelay: 20, reconnectionDelayMax: 100 };

/** Connects a client, and records its events in `trace`. */
function open(kind, url, options) {
  const socket = CLIENTS[kind](url, options);
  sockets.add(socket);
  socket.trace = [];
  socket.on('connect', () => socket.trace.push('connect'));
  socket.on('disconnect', (reason) => socket.trace.push(`disconnect: ${reason}`));
  socket.on('connect_error', ({ message }) => socket.trace.push(`connect_error: ${message}`));
  for (const event of ['reconnect_attempt', 'reconnect', 'reconnect_failed']) {
    socket.io.on(event, (attempts) => socket.trace.push(attempts === undefined ? event : `${event}: ${attempts}`));
  }
  return socket;
}

const next = (emitter, event) => new Promise((resolve) => emitter.once(event, (...args) => resolve(args[0])));
/** Waits until a client is let in. */
const letIn = (socket) =>
  new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });

const error = (promise) => promise.then(assert.fail, ({ message }) => message);

/** Has both clients do the same, on fixtures of their own, and compares their outcomes. */
async function alike(act) {
  const outcome = {};
  for (const kind of Object.keys(CLIENTS)) outcome[kind] = await act((url, options) => open(kind, url, options), server.fixture());
  assert.deepEqual(outcome.own, outcome.official);
  return outcome.own;
}

/** A hand-written server of Engine.IO and Socket.IO, for behaviour that a real one does not have. */
async function byHand(onConnection, handshake = { sid: 'e', upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1e6 }) {
  const frames = [];
  const service = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  service.on('connection', (peer, request) => {
    peer.send(`0${JSON.stringify(handshake)}`);
    peer.on('message', (data) => {
      const frame = String(data);
      frames.push(frame);
      if (frame.startsWith('40')) onConnection(peer, request, frame);
    });
  });
  await once(service, 'listening');
  const close = () => {
    for (const peer of service.clients) peer.terminate();
    service.close();
  };
  return { url: `http://127.0.0.1:${service.address().port}`, frames, service, close };
}

test('an accepted client connects, emits, receives and disconnects', async () => {
  const outcome = await alike(async (connect, fixture) => {
    const socket = connect(server.url, { auth: { token: fixture.token('ada') } });
    assert.equal(socket.connected, false);
    const before = socket.active;
    await next(socket, 'connect');
    const id = typeof socket.id;
    const joined = await socket.emitWithAck(CLIENT_EVENTS.join_channel, { channelId: fixture.general });
    const refused = await socket.emitWithAck(CLIENT_EVENTS.join_channel, { channelId: fixture.elsewhere });
    const arrived = next(socket, 'new_message');
    const sent = await socket.emitWithAck(CLIENT_EVENTS.send_message, { channelId: fixture.general, content: 'Größe 😀' });
    assert.deepEqual(await arrived, sent.data);
    socket.disconnect();
    const { active, connected, disconnected } = socket;
    return [before, id, joined.ok, refused.error.code, sent.data.content, socket.trace, [active, connected, disconnected, socket.id]];
  });
  assert.deepEqual(outcome, [
    true,
    'string',
    true,
    ERRORS.channel_denied.code,
    'Größe 😀',
    ['connect', 'disconnect: io client disconnect'],
    [false, false, true, undefined],
  ]);
});

test('a refused client gets the reason, and does not reconnect by itself', async () => {
  const outcome = await alike(async (connect, fixture) => {
    const socket = connect(server.url, { auth: (give) => give({ token: 'nonsense' }), ...QUICK });
    const { message, data } = await next(socket, 'connect_error');
    const isActive = socket.active;
    // It connects again with a token, because the test asks it to.
    socket.auth = { token: fixture.token('ada') };
    socket.connect();
    await next(socket, 'connect');
    return [message, data, isActive, socket.active, socket.trace];
  });
  assert.deepEqual(outcome, ['Authentication failed', undefined, false, true, ['connect_error: Authentication failed', 'connect']]);
});

test('a token may be in the query of the address', async () => {
  const outcome = await alike(async (connect, fixture) => {
    const socket = connect(`${server.url}?token=${fixture.token('bob')}`);
    return (await next(socket, 'authenticated')).userId.split('-')[0];
  });
  assert.equal(outcome, 'bob');
});

test('an acknowledgement that does not arrive in time fails, and one that does succeeds', async () => {
  const outcome = await alike(async (connect) => {
    const silent = await byHand((peer) => peer.send('40{"sid":"s"}'));
    const socket = connect(silent.url, { autoConnect: false });
    const buffered = await error(socket.timeout(10).emitWithAck('ping'));
    socket.connect();
    await next(socket, 'connect');
    const late = await error(socket.timeout(10).emitWithAck('ping'));
    const withCallback = await new Promise((resolve) => socket.timeout(10).emit('ping', resolve));
    const lost = error(socket.emitWithAck('ping'));
    const [peer] = silent.service.clients;
    await new Promise((resolve) => peer.on('message', (data) => String(data).startsWith('423') && resolve()));
    socket.disconnect();
    const frames = silent.frames.filter((frame) => frame.startsWith('42'));
    silent.close();
    return [buffered, late, withCallback.message, await lost, frames];
  });
  assert.deepEqual(outcome, [
    'operation has timed out',
    'operation has timed out',
    'operation has timed out',
    'socket has been disconnected',
    ['421["ping"]', '422["ping"]', '423["ping"]'],
  ]);
});

test('events before the connection are sent once it is open, except volatile ones', async () => {
  const outcome = await alike(async (connect, fixture) => {
    const socket = connect(server.url, { auth: { token: fixture.token('ada') }, autoConnect: false });
    const outgoing = [];
    socket.onAnyOutgoing((...args) => outgoing.push(args));
    const isIdle = [socket.active, socket.connected];
    socket.volatile.emit(CLIENT_EVENTS.send_message, { channelId: fixture.general, content: 'lost' });
    const sent = socket.emitWithAck(CLIENT_EVENTS.send_message, { channelId: fixture.general, content: 'kept' });
    socket.connect();
    const { data } = await sent;
    const { body } = await fixture.rest('ada').get(`/api/messages?channelId=${fixture.general}`);
    return [isIdle, data.content, outgoing.map(([event, { content }]) => [event, content]), body.data.messages.length];
  });
  assert.deepEqual(outcome, [[false, false], 'kept', [['send_message', 'kept']], 1]);
});

test('listeners are added and removed by name, by function, and all at once', async () => {
  const outcome = await alike(async (connect, fixture) => {
    const socket = connect(server.url, { auth: { token: fixture.token('ada') } });
    const heard = [];
    const any = (event) => heard.push(`any ${event}`);
    const pong = () => heard.push('pong');
    const gone = () => heard.push('gone');
    socket.onAny(any).on('pong', pong).once('pong', () => heard.push('once')).on('pong', gone).once('pong', gone).off('pong', gone);
    await next(socket, 'authenticated');
    const heardOf = async () => {
      const arrived = next(socket, 'pong');
      socket.emit('ping');
      await arrived;
    };
    await heardOf();
    await heardOf();
    socket.offAny(any).off('pong');
    await heardOf();
    return [heard, socket.hasListeners('pong'), socket.listeners('connect').length];
  });
  assert.deepEqual(outcome[0], ['any authenticated', 'any pong', 'pong', 'once', 'gone', 'any pong', 'pong']);
});

test('names that the client itself uses are refused', async () => {
  await alike(async (connect) => {
    const socket = connect(server.url, { autoConnect: false });
    return ['connect', 'disconnect', 'connect_error'].map((event) => {
      try {
        socket.emit(event);
      } catch ({ message }) {
        return message;
      }
    });
  });
});

test('the client reconnects to a server that restarts, and events emitted meanwhile arrive', async () => {
  const restarted = await Server.start({ fixtures: 2 });
  const { port } = restarted;
  const fixtures = { own: restarted.fixture(), official: restarted.fixture() };
  const clients = Object.keys(CLIENTS).map((kind) => open(kind, restarted.url, { auth: { token: fixtures[kind].token('ada') }, ...QUICK }));
  try {
    await Promise.all(clients.map((socket) => next(socket, 'connect')));
    const lost = clients.map((socket) => next(socket, 'disconnect'));
    await restarted.kill();
    await Promise.all(lost);
    const failed = clients.map((socket) => next(socket, 'connect_error'));
    const messages = await Promise.all(failed);
    assert.deepEqual(messages.map(({ message }) => message), ['websocket error', 'websocket error']);
    assert.deepEqual(clients.map(({ active, connected }) => [active, connected]), [[true, false], [true, false]]);
    const said = clients.map((socket) => socket.emitWithAck('ping'));
    const back = clients.map((socket) => next(socket.io, 'reconnect'));
    await restarted.launch(port);
    for (const attempts of await Promise.all(back)) assert.ok(attempts > 0);
    for (const { ok } of await Promise.all(said)) assert.equal(ok, true);
    for (const { trace } of clients) {
      assert.match(trace[1], /^disconnect: transport (close|error)$/);
      assert.equal(trace[2], 'reconnect_attempt: 1');
      assert.equal(trace[3], 'connect_error: websocket error');
      assert.deepEqual([trace.at(-2).split(':')[0], trace.at(-1)], ['reconnect', 'connect']);
    }
    assert.equal(clients[0].trace[1], clients[1].trace[1]);
  } finally {
    for (const socket of clients) socket.disconnect();
    await restarted.close();
  }
});

test('a token that expires is followed by the next one', async () => {
  const outcome = await alike((connect, fixture) => inTime(4, async (seconds, by) => {
    let handshakes = 0;
    const exp = nowSeconds() + seconds;
    const token = () => fixture.token('ada', (handshakes += 1) === 1 ? { exp } : {});
    const socket = connect(server.url, { auth: (give) => give({ token: token() }), ...QUICK });
    const [expired, lost] = [next(socket, 'error'), next(socket, 'disconnect').then((reason) => [reason, socket.active])];
    await by(exp, () => letIn(socket));
    const { code } = await expired;
    const [ended, active] = await lost;
    await next(socket, 'connect');
    return [code, ended, active, socket.trace, handshakes];
  }));
  const trace = ['connect', 'disconnect: transport close', 'reconnect_attempt: 1', 'reconnect: 1', 'connect'];
  assert.deepEqual(outcome, [ERRORS.token_expired.code, 'transport close', true, trace, 2]);
});

test('a token that expires and is not replaced is refused, and the client gives up', async () => {
  const outcome = await alike((connect, fixture) => inTime(4, async (seconds, by) => {
    const exp = nowSeconds() + seconds;
    const socket = connect(server.url, { auth: { token: fixture.token('ada', { exp }) }, ...QUICK });
    await by(exp, () => letIn(socket));
    const { message } = await next(socket, 'connect_error');
    return [message, socket.active, socket.trace];
  }));
  const { message } = ERRORS.auth_failed;
  const trace = ['connect', 'disconnect: transport close', 'reconnect_attempt: 1', 'reconnect: 1', `connect_error: ${message}`];
  assert.deepEqual(outcome, [message, false, trace]);
});

test('a handshake whose connection closes is retried, and no emitted event is lost', async () => {
  const outcome = await alike(async (connect) => {
    let hangUps = 2;
    let last;
    const service = await byHand((peer) => {
      last = peer;
      if ((hangUps -= 1) < 0) peer.send('40{"sid":"s"}');
      else peer.close();
    });
    const socket = connect(service.url, QUICK);
    socket.emit('said', 'before');
    await next(socket, 'connect');
    while (!service.frames.some((frame) => frame.startsWith('42'))) await once(last, 'message');
    service.close();
    return [socket.trace.filter((line) => !line.startsWith('reconnect')), service.frames];
  });
  const hungUp = 'disconnect: transport close';
  assert.deepEqual(outcome, [[hungUp, hungUp, 'connect'], ['40', '40', '40', '42["said","before"]']]);
});

test('a client that the server disconnects or refuses does not reconnect', async () => {
  const outcome = await alike(async (connect) => {
    const socket = async (packet) => {
      const service = await byHand((peer) => (peer.send(packet), peer.close()));
      const socket = connect(service.url, QUICK);
      await next(socket, packet.startsWith('44') ? 'connect_error' : 'disconnect');
      // Many times as long as it would wait before it tries again.
      await pause(300);
      service.close();
      return [socket.active, socket.trace, service.frames];
    };
    return [await socket('44{"message":"No"}'), await socket('41')];
  });
  assert.deepEqual(outcome, [
    [false, ['connect_error: No'], ['40']],
    [false, ['disconnect: io server disconnect'], ['40']],
  ]);
});

test('the client notices a silent server, and reconnects', async () => {
  const outcome = await alike(async (connect) => {
    // A machine that stands still for so long while the client connects gets more time.
    for (let pingInterval = 100; ; pingInterval *= 8) {
      const handshake = { sid: 'e', upgrades: [], pingInterval, pingTimeout: 50, maxPayload: 1e6 };
      const dead = await byHand((peer) => (peer.send('40{"sid":"s"}'), peer.send('2')), handshake);
      const began = performance.now();
      let took = Infinity;
      const socket = connect(dead.url, { reconnectionDelay: 60_000 });
      socket.on('connect', () => (took = performance.now() - began));
      await next(socket, 'disconnect');
      const { active } = socket;
      socket.disconnect();
      dead.close();
      if (took < pingInterval || pingInterval > 6_000) return [socket.trace, active, dead.frames];
    }
  });
  assert.deepEqual(outcome, [['connect', 'disconnect: ping timeout'], true, ['40', '3']]);
});

test('a connection whose timers are late is replaced once something is emitted, which arrives in order', async (context) => {
  const outcome = await alike(async (connect, fixture) => {
    const socket = connect(server.url, { auth: { token: fixture.token('ada') }, ...QUICK });
    await next(socket, 'connect');
    const now = Date.now;
    const { mock } = context.mock.method(Date, 'now', () => now() + 60_000);
    const sent = ['first', 'second'].map((content) =>
      socket.timeout(10_000).emitWithAck(CLIENT_EVENTS.send_message, { channelId: fixture.general, content }),
    );
    const before = [...socket.trace];
    const answers = await Promise.all(sent);
    mock.restore();
    const { body } = await fixture.rest('ada').get(`/api/messages?channelId=${fixture.general}`);
    return [before, answers.map(({ ok }) => ok), body.data.messages.map(({ content }) => content), socket.trace];
  });
  const trace = ['connect', 'disconnect: ping timeout', 'reconnect_attempt: 1', 'reconnect: 1', 'connect'];
  assert.deepEqual(outcome, [['connect'], [true, true], ['second', 'first'], trace]);
});

test('the waits between attempts grow, vary, and end at the maximum number of attempts', async () => {
  const outcome = await alike(async (connect) => {
    const socket = connect('http://127.0.0.1:1', { reconnectionDelay: 5, reconnectionDelayMax: 10, reconnectionAttempts: 2 });
    await next(socket.io, 'reconnect_failed');
    return socket.trace;
  });
  assert.deepEqual(outcome, [
    'connect_error: websocket error',
    'reconnect_attempt: 1',
    'connect_error: websocket error',
    'reconnect_attempt: 2',
    'connect_error: websocket error',
    'reconnect_failed',
  ]);
});

test('without reconnection a lost connection stays lost, and a handshake that hangs times out', async () => {
  const outcome = await alike(async (connect) => {
    const closing = await byHand((peer) => (peer.send('40{"sid":"s"}'), peer.close()));
    const socket = connect(closing.url, { reconnection: false });
    await next(socket, 'disconnect');
    const hanging = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(hanging, 'listening');
    const waiting = connect(`http://127.0.0.1:${hanging.address().port}`, { reconnection: false, timeout: 30 });
    const { message } = await next(waiting, 'connect_error');
    closing.close();
    hanging.close();
    return [socket.trace, message];
  });
  assert.deepEqual(outcome, [['connect', 'disconnect: transport close'], 'timeout']);
});

test('a namespace is the path of the address, a path an option, and the server may ask for an acknowledgement', async () => {
  const outcome = await alike(async (connect) => {
    const paths = [];
    const service = await byHand((peer, request) => {
      paths.push(new URL(request.url, 'http://host').pathname);
      peer.send('40/admin,{"sid":"s"}');
      peer.send('42/other,["not","ours"]');
      peer.send('42/admin,7["question",{"a":1}]');
    });
    const socket = connect(`${service.url}/admin`, { path: '/elsewhere', auth: { a: 'b' } });
    const answered = new Promise((resolve) => socket.on('question', (given, answer) => (answer('yes', given.a), resolve())));
    socket.on('not', assert.fail);
    await answered;
    socket.timeout(5000).emit('bye', () => {});
    const last = await new Promise((resolve) => {
      const [peer] = service.service.clients;
      peer.on('message', (data) => String(data).includes('bye') && resolve(String(data)));
    });
    service.close();
    return [paths, service.frames.slice(0, 2), last];
  });
  assert.deepEqual(outcome, [['/elsewhere/'], ['40/admin,{"a":"b"}', '43/admin,7["yes",1]'], '42/admin,0["bye"]']);
});

test('packets that are not Socket.IO end the connection, and bytes are refused before they are sent', async () => {
  const nonsense = await byHand((peer, _request, _frame) => (peer.send('40{"sid":"s"}'), peer.send('42{"no":"event"}')));
  const socket = open('own', nonsense.url, { reconnection: false });
  assert.equal(await next(socket, 'disconnect'), 'parse error');
  nonsense.close();
  const refusal = { name: 'TypeError', message: 'binary data cannot be sent: this client only sends text' };
  for (const bytes of [new Uint8Array(1), new ArrayBuffer(1), new Blob(['a']), Buffer.from('a')]) {
    assert.throws(() => socket.emit('draw', { deep: [bytes] }), refusal);
    await assert.rejects(socket.emitWithAck('draw', bytes), refusal);
  }
});

test('the client reports that it needs a WebSocket', async () => {
  const socket = open('own', server.url, { WebSocket: undefined, reconnection: false });
  const { message } = await next(socket, 'connect_error');
  assert.equal(message, 'there is no WebSocket here: pass one as the option `WebSocket`');
});

test('the client is one module that imports nothing', async () => {
  const text = await readFile(new URL('../../schema/generated/typescript/client.js', import.meta.url), 'utf8');
  assert.doesNotMatch(text, /^import|import\(|require\(/m);
});
