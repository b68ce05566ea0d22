// The comparison: each scenario on each server, one after the other.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireDisk, syncsPerSecond } from './disk.js';
import { checks, violations } from './peer/payloads.js';
import { SCENARIOS, WORLD } from './scenarios.js';
import { Accord, Peer } from './servers.js';
import { heading, scenarioTable } from './table.js';

/** The longest that a scenario takes besides the time that is measured. */
const OVERHEAD_MS = 60_000;

/** Compares by the scenarios that are named, or by all if none is. */
export async function compare(seconds, names) {
  assert.ok(seconds > 0, 'BENCH_SECONDS is a number of seconds');
  for (const name of names) assert.ok(SCENARIOS.some((scenario) => scenario.name === name), `no scenario ${name}`);
  const chosen = SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name));
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stopped.abort(new Error(signal)));
  const directory = await mkdtemp(join(tmpdir(), 'accord-bench-'));
  try {
    await requireDisk(directory);
    console.log(`${seconds} s a scenario; the disk syncs ${Math.round(syncsPerSecond(directory))} pages a second\n`);
    console.log(heading(['Accord', 'Node.js']));
    for (const scenario of chosen) {
      const results = [];
      for (const Server of [Accord, Peer]) results.push(await measure(Server, scenario, seconds, directory, stopped.signal));
      console.log(scenarioTable(scenario.title, results));
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Measures a fresh server, so that no scenario finds what another one has left. */
async function measure(Server, { name, joined }, seconds, parent, stopped) {
  const directory = await mkdtemp(join(parent, `${name}-`));
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(seconds * 2000 + OVERHEAD_MS)]);
  const server = new Server({ directory, secret: randomBytes(32).toString('hex'), signal });
  let result;
  try {
    await server.start(WORLD);
    result = await server.load(name, seconds);
  } finally {
    await server.stop();
  }
  assert.equal(server.stored(), result.sent, `${server.name} has stored every message that it acknowledged`);
  const { acknowledgement, message } = result.samples;
  requireMessage(JSON.parse(acknowledgement)[0].data, server.name);
  if (joined) requireMessage(JSON.parse(message)[1], server.name);
  return result;
}

/** Makes sure that it is the protocol that both servers speak. */
function requireMessage(value, name) {
  if (!checks.Message(value)) throw new Error(`${name} sent no Message: ${JSON.stringify({ value, wrong: violations(checks.Message) })}`);
}
