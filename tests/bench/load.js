// Loads a server with one scenario, and prints what it measured as a line of JSON. It runs on a separate core.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mint } from '../js/harness/token.js';
import { SCENARIOS, user } from './scenarios.js';
import { Socket } from './socket.js';

/** The warm-up, as a part of the time that is measured. */
const WARM_UP = 0.3;
/** How many sockets connect at once. */
const AT_ONCE = 50;
const CONTENT = 'Sixty-four characters are about as long as most messages in chat';

const text = { type: 'string' };
const { values: flags } = parseArgs({ options: { scenario: text, seconds: text, port: text, secret: text, pid: text } });
const scenario = SCENARIOS.find(({ name }) => name === flags.scenario);
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']));

/** The CPU time of the server, all of its threads and the kernel's work for them included, in microseconds. */
function serverCpu() {
  const stat = readFileSync(`/proc/${flags.pid}/stat`, 'utf8');
  // The second field, the name in parentheses, may have spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime] = [fields[11], fields[12]].map(Number);
  return ((utime + stime) * 1e6) / ticksPerSecond;
}

function ownCpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** A member who keeps `inFlight` messages on the way. */
class Sender {
  /** When each message that is on the way was sent, in turns. */
  #sentAt = new Float64Array(scenario.inFlight);
  #sent = 0;
  #acknowledged = 0;
  #delivered = 0;
  #done = 0;

  constructor(socket, n, run) {
    this.socket = socket;
    this.run = run;
    this.event = Socket.event('send_message', { channelId: scenario.channel(n), content: CONTENT });
  }

  begin() {
    for (let n = 0; n < scenario.inFlight; n += 1) this.send();
  }

  send() {
    this.#sentAt[this.#sent % scenario.inFlight] = performance.now();
    this.#sent += 1;
    this.run.sent += 1;
    this.socket.ask(this.event, (bytes, start, end) => {
      this.run.samples.acknowledgement ??= bytes.toString('utf8', start, end);
      this.run.acknowledged += 1;
      this.#acknowledged += 1;
      this.settle();
    });
  }

  /** The oldest message that not everybody had received has reached the last one. */
  delivered() {
    this.#delivered += 1;
    this.settle();
  }

  settle() {
    const arrived = scenario.untilDelivered ? Math.min(this.#acknowledged, this.#delivered) : this.#acknowledged;
    for (; this.#done < arrived; this.#done += 1) {
      const now = performance.now();
      if (this.run.completed(now, now - this.#sentAt[this.#done % scenario.inFlight])) this.send();
    }
    this.run.end();
  }
}

/** What has happened so far, and when the part that is measured begins and ends. */
class Run {
  sent = 0;
  acknowledged = 0;
  received = 0;
  latencies = [];
  samples = {};
  /** The counts at the beginning and at the end of the part that is measured. */
  marks = [];
  #times;
  #resolve;

  constructor() {
    const begin = performance.now() + Number(flags.seconds) * 1000 * WARM_UP;
    this.#times = [begin, begin + Number(flags.seconds) * 1000];
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Notes down a message that is done; returns whether there is to be another one. */
  completed(now, latency) {
    if (this.marks.length === 1) this.latencies.push(latency);
    if (now >= this.#times[this.marks.length]) this.marks.push(this.mark(now));
    return this.marks.length < 2;
  }

  mark(time) {
    const { sent, acknowledged, received } = this;
    return { time, sent, acknowledged, received, server: serverCpu(), own: ownCpu() };
  }

  /** Ends once nobody sends any more and everything has arrived. */
  end() {
    const audience = scenario.joined ? scenario.sockets : 0;
    const { marks, sent, acknowledged, received } = this;
    if (marks.length === 2 && acknowledged === sent && received === sent * audience) this.#resolve();
  }
}

/** Counts each message at each socket. All receive the messages of a room in one order, so it is the number that tells them. */
function listen(sockets, run, deliver) {
  const missing = [];
  for (const socket of sockets) {
    let next = 0;
    socket.onMessage = (bytes, start, end) => {
      run.samples.message ??= bytes.toString('utf8', start + 2, end);
      run.received += 1;
      missing[next] = (missing[next] ?? sockets.length) - 1;
      if (missing[next] === 0) {
        // A message that everybody has received is no longer counted, so that memory stays bounded in a long run.
        delete missing[next];
        deliver();
      }
      next += 1;
    };
  }
}

async function connectAll() {
  const sockets = [];
  for (let n = 0; n < scenario.sockets; n += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, scenario.sockets - n) }, (_, at) =>
      Socket.open(Number(flags.port), mint(user(n + at), flags.secret)),
    );
    sockets.push(...(await Promise.all(some)));
  }
  if (scenario.joined) await Promise.all(sockets.map(join));
  return sockets;
}

const join = (socket, n) =>
  new Promise((resolve) => socket.ask(Socket.event('join_channel', { channelId: scenario.channel(n) }), resolve));

/** The value below which this share of the sorted numbers lies. */
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

const sockets = await connectAll();
const run = new Run();
const senders = sockets.slice(0, scenario.senders).map((socket, n) => new Sender(socket, n, run));
listen(sockets, run, () => (scenario.untilDelivered ? senders[0].delivered() : run.end()));
for (const sender of senders) sender.begin();
await run.ended;
for (const socket of sockets) socket.close();

const [from, to] = run.marks;
const during = (count) => to[count] - from[count];
const micros = during('time') * 1000;
const sorted = Float64Array.from(run.latencies).sort();
console.log(
  JSON.stringify({
    sent: run.sent,
    samples: run.samples,
    sendsPerSecond: (during('acknowledged') / micros) * 1e6,
    deliveriesPerSecond: (during('received') / micros) * 1e6,
    cpuPerSend: during('server') / during('acknowledged'),
    cpuPerDelivery: scenario.joined ? during('server') / during('received') : null,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    serverBusy: during('server') / micros,
    loadBusy: during('own') / micros,
  }),
);
