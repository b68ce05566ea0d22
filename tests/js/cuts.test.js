// A crowd in a channel, each member of which loses its connection again and again, as on trains: all of them are sent every message
// once and in order, and have caught up soon after they are connected again.
//
// With ACCORD_CUTS=full it is a thousand members, and has to be soon indeed; otherwise some dozens, and shorter times.
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { judge } from './faults/judge.js';
import { Member } from './faults/member.js';
import { Crews } from './faults/world.js';
import { readHistory } from './harness/history.js';
import { CHANNEL } from './harness/kinds.js';
import { Network } from './harness/proxy.js';
import { Random } from './harness/random.js';
import { Server } from './harness/server.js';

const FULL = process.env.ACCORD_CUTS === 'full';

/** The number of members, the time from cut to cut, the length of a cut, the number of messages, and the time from one to the next. */
const { MEMBERS, EVERY_MS, CUT_MS, MESSAGES, MESSAGE_MS } = FULL
  ? { MEMBERS: 1000, EVERY_MS: 15_000, CUT_MS: 2_000, MESSAGES: 120, MESSAGE_MS: 500 }
  : { MEMBERS: 60, EVERY_MS: 1_500, CUT_MS: 300, MESSAGES: 40, MESSAGE_MS: 100 };

/** The longest from being connected to having caught up, for 99 of 100. */
const CAUGHT_UP_MS = FULL ? 250 : Infinity;

/** Cuts a member's connection again and again, from a moment of its own on. */
async function cutAgainAndAgain(client, first, isOver) {
  await pause(first);
  while (!isOver()) {
    client.network.shut();
    await pause(CUT_MS);
    client.network.open();
    await pause(EVERY_MS - CUT_MS);
  }
}

/** The times from being connected again to having caught up, in ms. */
function timesOf(clients) {
  const times = [];
  for (const { socket } of clients) {
    let connected;
    socket.on('connect', () => (connected = performance.now()));
    socket.on(CHANNEL.caughtUp, () => times.push(performance.now() - connected));
  }
  return times;
}

const percentile = (times, share) => times[Math.ceil(times.length * share) - 1];

test(`${MEMBERS} members, each cut for ${CUT_MS} ms every ${EVERY_MS} ms, are sent everything once and in order, and catch up soon`, async (t) => {
  const crews = new Crews(1, MEMBERS + 1);
  const [{ room }] = crews.crews;
  const server = await Server.start({ fixtures: 0, world: crews.world });
  const random = new Random(1);
  const connect = async (device) => {
    const network = await Network.start(server.port);
    const rooms = new Map([[CHANNEL, room]]);
    const member = new Member({ server, network, world: crews, device: { ...device, rooms }, transports: ['websocket'], random: random.fork() });
    await member.until(() => member.welcomed, 'being connected');
    return member;
  };
  const all = [];
  try {
    const devices = crews.devices.filter(({ id, user }) => id === user.id);
    // A few at a time: what is measured comes later.
    while (devices.length > 0) all.push(...(await Promise.all(devices.splice(0, 50).map(connect))));
    const [speaker, ...clients] = all;
    const times = timesOf(clients);
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    let isOver = false;
    const cuts = clients.map((client, n) => cutAgainAndAgain(client, (n / clients.length) * EVERY_MS, () => isOver));
    const deeds = [];
    for (let n = 0; n < MESSAGES; n += 1) {
      const payload = { content: `message ${n}`, clientId: `${n}`, [CHANNEL.key]: room };
      deeds.push(speaker.carryOut({ what: 'send', event: CHANNEL.send, payload, kind: CHANNEL, room, once: payload.clientId, userId: speaker.user.id }));
      await pause(MESSAGE_MS);
    }
    isOver = true;
    await Promise.all([...cuts, ...deeds]);
    delay.disable();
    const { messages: history, position } = await readHistory(speaker.rest, CHANNEL, room);
    assert.equal(history.length, MESSAGES);
    await Promise.all(all.map((client) => client.reach(CHANNEL, position)));
    const judged = all.map(({ name, user, followed, views }) => ({ name, userId: user.id, followed: followed.get(CHANNEL), shown: views.get(CHANNEL).shown }));
    const faults = judge({ kind: CHANNEL, room, clients: judged, deeds: speaker.deeds, history });
    assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
    times.sort((a, b) => a - b);
    const [median, p99, worst] = [0.5, 0.99, 1].map((share) => Math.round(percentile(times, share)));
    t.diagnostic(`${times.length} times from connected to caught up: median ${median} ms, p99 ${p99} ms, longest ${worst} ms; the clients' own process was late by ${Math.round(delay.percentile(99) / 1e6)} ms (p99)`);
    assert.ok(times.length >= MEMBERS, 'each has come back');
    assert.ok(p99 <= CAUGHT_UP_MS, `p99 is ${p99} ms`);
  } finally {
    for (const client of all) client.close();
    for (const { network } of all) await network.close();
    await server.close();
  }
});
