// One server of its own for a test file: a free port, a directory, a database, a secret, a world.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newDatabase } from './database.js';
import { Rest } from './rest.js';
import { mint } from './token.js';
import { makeWorld, Stages } from './world.js';

export const BINARY =
  process.env.ACCORD_SERVER_BIN ?? fileURLToPath(new URL('../../../target/debug/accord-server', import.meta.url));

const READY_WITHIN_MS = 30_000;
const START_ATTEMPTS = 3;
const STOP_WITHIN_MS = 20_000;

/** A port that nobody listens on, below the range that the kernel hands out for outgoing connections. */
async function freePort() {
  for (;;) {
    const port = 10_000 + (randomBytes(2).readUInt16BE() % 22_000);
    const probe = createServer();
    const listening = await new Promise((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(true));
    });
    if (!listening) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

/** Runs the binary to its end. */
export async function run(args, { env = {}, input } = {}) {
  const child = spawn(BINARY, args, { env: environment(env), stdio: ['pipe', 'pipe', 'pipe'] });
  const output = collect(child);
  child.stdin.end(input);
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout: output.stdout, stderr: output.stderr };
}

/** The environment without settings of ours: every server is set explicitly. */
function environment(extra) {
  const kept = Object.entries(process.env).filter(([key]) => !key.startsWith('ACCORD_'));
  return { ...Object.fromEntries(kept), ...extra };
}

function collect(child) {
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (chunk) => (output[stream] += chunk));
  }
  return output;
}

export class Server {
  /**
   * Starts a server and waits until it is ready.
   *
   * `stages` is how many sets of users and rooms its world has; `rateLimits` is `on` or `off`; `flags` are added to
   * the command line; without `secretFlag` they configure other keys; `claims` are those that every token has to have;
   * `largestFile` is how many KiB the system lets it write into one file, like a disk that is full.
   */
  static async start(options = {}) {
    const { stages = 40, rateLimits = 'off', flags = [], secretFlag = true, claims = {}, world, binary = BINARY, largestFile } = options;
    const server = new Server();
    server.claims = claims;
    server.binary = binary;
    server.largestFile = largestFile;
    server.directory = await mkdtemp(join(tmpdir(), 'accord-judges-'));
    server.uploads = join(server.directory, 'uploads');
    server.secret = randomBytes(32).toString('hex');
    server.database = await newDatabase(server.directory);
    server.flags = ['--rate-limits', rateLimits, ...flags];
    server.secretFlag = secretFlag;
    server.stages = new Stages(server, stages);
    await server.seed(world ?? makeWorld(stages));
    await server.launch();
    return server;
  }

  /** Loads a world file. */
  async seed(world) {
    const file = join(this.directory, 'world.json');
    await writeFile(file, JSON.stringify(world));
    const seeded = await run(['seed', '--database', this.database.url, file]);
    assert.equal(seeded.code, 0, `seed failed: ${seeded.stdout}${seeded.stderr}`);
  }

  /** Starts the process; again, after `stop` or `kill`, on the same database, and on the same port if that is given. */
  async launch(port) {
    for (let attempt = 1; ; attempt += 1) {
      this.port = port ?? (await freePort());
      const args = ['serve', '--listen', `127.0.0.1:${this.port}`, '--database', this.database.url];
      if (this.secretFlag) args.push('--jwt-secret', this.secret);
      args.push('--uploads', this.uploads, ...this.flags);
      this.child = spawn(...this.command(args), { env: environment({}), stdio: ['ignore', 'pipe', 'pipe'] });
      this.exited = once(this.child, 'close');
      this.output = collect(this.child);
      this.url = `http://127.0.0.1:${this.port}`;
      if (await this.ready()) return;
      // Somebody may have taken the port meanwhile.
      assert.ok(attempt < START_ATTEMPTS, `the server did not start:\n${this.log}`);
    }
  }

  /** The program and its arguments; under a limit, a shell that sets it and becomes the program. */
  command(args) {
    if (this.largestFile === undefined) return [this.binary, args];
    return ['bash', ['-c', `trap '' XFSZ; ulimit -f ${this.largestFile}; exec "$0" "$@"`, this.binary, ...args]];
  }

  get log() {
    return this.output.stdout + this.output.stderr;
  }

  /** Whether the server came up; false if the process ended. */
  async ready() {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (Date.now() < deadline) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return false;
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      const body = await answer?.text().catch(() => null);
      if (answer?.status === 200 && body !== null && (await this.isOurs())) return true;
      await pause(20);
    }
    this.child.kill('SIGKILL');
    await this.exited;
    throw new Error(`the server was not ready within ${READY_WITHIN_MS} ms:\n${this.log}`);
  }

  /** Whether it is this process, and no other, that answers on the port: only it knows the secret. */
  async isOurs() {
    if (!this.secretFlag) return true;
    const answer = await this.rest(this.token({ id: 'judge', name: 'Judge' })).get('/api/channels');
    return answer.status !== 401;
  }

  token(claims) {
    return mint({ ...this.claims, ...claims }, this.secret);
  }

  /** A REST client with this token; without one, unauthenticated. */
  rest(token) {
    return new Rest(this, token);
  }

  /** A REST client of an administrator. */
  get admin() {
    return this.rest(this.token({ id: 'root', name: 'Root', admin: true }));
  }

  stage() {
    return this.stages.next();
  }

  /** Stops the process as an operator does, and holds it to ending cleanly. */
  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    const deadline = pause(STOP_WITHIN_MS, 'late', { ref: false });
    if ((await Promise.race([this.exited, deadline])) === 'late') {
      this.child.kill('SIGKILL');
      await this.exited;
      throw new Error(`the server did not end within ${STOP_WITHIN_MS} ms of SIGTERM:\n${this.log.slice(-4000)}`);
    }
    assert.deepEqual([this.child.exitCode, this.child.signalCode], [0, null], `end of its log:\n${this.log.slice(-4000)}`);
    assert.doesNotMatch(this.log, /panicked at/, 'a task of the server panicked');
  }

  /** Ends the process as a crash does. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Stops the process and removes what it left. */
  async close() {
    try {
      await this.stages.close();
      await this.stop();
    } finally {
      await this.database.drop();
      await rm(this.directory, { recursive: true, force: true });
    }
  }
}
