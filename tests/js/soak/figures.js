// The resources that a server uses, and its latency.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const PINGS = 'p99 of pings in ms';

/** The figures of a server whose clients ping it meanwhile. */
export async function measure(server, clients, milliseconds) {
  const from = clients.map(({ pings }) => pings.length);
  await pause(milliseconds);
  const pings = clients.flatMap(({ pings }, index) => pings.slice(from[index])).sort((a, b) => a - b);
  const { pid } = server.child;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const value = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]);
  const metrics = (await server.rest().get('/metrics')).bytes.toString();
  const gauge = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
  return {
    'resident MiB': value('VmRSS') / 1024,
    'file descriptors': (await readdir(`/proc/${pid}/fd`)).length,
    threads: value('Threads'),
    tasks: gauge('accord_tasks'),
    connections: gauge('accord_connections'),
    [PINGS]: pings[Math.floor(pings.length * 0.99)] ?? Infinity,
    panics: gauge('accord_panics_total'),
  };
}

/**
 * How much later pings may be answered, besides twice as late: a short soak shares a busy machine, so its latency says
 * little about the server.
 */
const LATER_MS = { short: 1_000, long: 25 };

/**
 * How much more of each a server may have at the end than at the start, and still have as much as at the start: a pool of
 * connections grows as far as it may once the database is slow, and an allocator keeps some of what was freed.
 */
const MARGIN = {
  'resident MiB': 48,
  'file descriptors': 32,
  threads: 8,
  tasks: 64,
  connections: 0,
  panics: 0,
};

/** The figures that have grown since the start of a soak that is `short` or `long`. */
export function grown(start, end, soak) {
  const more = Object.keys(MARGIN).filter((name) => !(end[name] <= start[name] + MARGIN[name]));
  const isLater = !(end[PINGS] <= 2 * start[PINGS] + LATER_MS[soak]);
  return isLater ? [...more, PINGS] : more;
}

export const summary = (figures) => Object.entries(figures).map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`).join(', ');
