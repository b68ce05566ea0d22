// A separate server for a test file: a free port, a directory, a database, a secret, a world.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newDatabase } from './database.js';
import { freePort } from './port.js';
import { Rest } from './rest.js';
import { mint } from './token.js';
import { makeWorld, Fixtures } from './world.js';

export const BINARY =
  process.env.ACCORD_SERVER_BIN ?? fileURLToPath(new URL('../../../target/debug/accord-server', import.meta.url));

const READY_WITHIN_MS = 30_000;
const START_ATTEMPTS = 3;
const STOP_WITHIN_MS = 20_000;

/** Runs the binary to its end. */
export async function run(args, { env = {}, input, disk } = {}) {
  const command = disk?.command(BINARY, args) ?? [BINARY, args];
  const child = spawn(...command, { env: environment(env), stdio: ['pipe', 'pipe', 'pipe'] });
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
    child[stream]?.setEncoding('utf8').on('data', (chunk) => (output[stream] += chunk));
  }
  return output;
}

export class Server {
  /**
   * Starts a server and waits until it is ready.
   *
   * `fixtures` is how many sets of users and rooms its world has; `rateLimits` is `on` or `off`; `flags` are added to
   * the command line; without `secretFlag` they configure other keys; `claims` are those that every token has to have;
   * `redirected` is how a shell redirects its output; `stderr` is a file that its log goes to; `disk` makes, for a
   * directory, the disk that it keeps everything on; `database` is one that the test has made itself; `breakable` says
   * that its database is going to be taken away.
   */
  static async start(options = {}) {
    const { fixtures = 40, rateLimits = 'off', flags = [], secretFlag = true, claims = {}, world, binary = BINARY, disk } = options;
    const server = new Server();
    server.claims = claims;
    server.binary = binary;
    server.redirected = options.redirected;
    server.stderr = options.stderr;
    server.directory = await mkdtemp(join(tmpdir(), 'accord-judges-'));
    server.disk = await disk?.(server.directory);
    server.uploads = join(server.directory, 'uploads');
    server.secret = randomBytes(32).toString('hex');
    server.database = options.database ?? (await newDatabase(server.directory, { breakable: options.breakable }));
    server.flags = ['--rate-limits', rateLimits, ...flags];
    server.secretFlag = secretFlag;
    server.fixtures = new Fixtures(server, fixtures);
    await server.seed(world ?? makeWorld(fixtures));
    await server.launch();
    return server;
  }

  /** Loads a world file. */
  async seed(world) {
    const file = join(this.directory, 'world.json');
    await writeFile(this.path(file), JSON.stringify(world));
    const seeded = await run(['seed', '--database', this.database.url, file], { disk: this.disk });
    assert.equal(seeded.code, 0, `seed failed: ${seeded.stdout}${seeded.stderr}`);
  }

  /** Starts the process; again, after `stop` or `kill`, on the same database, and on the same port if that is given. */
  async launch(port) {
    for (let attempt = 1; ; attempt += 1) {
      this.port = port ?? (await freePort());
      const args = ['serve', '--listen', `127.0.0.1:${this.port}`, '--database', this.database.url];
      if (this.secretFlag) args.push('--jwt-secret', this.secret);
      args.push('--uploads', this.uploads, ...this.flags);
      this.child = spawn(...this.command(args), { env: environment({}), stdio: ['ignore', 'pipe', this.stderr ?? 'pipe'] });
      this.exited = once(this.child, 'close');
      this.output = collect(this.child);
      this.url = `http://127.0.0.1:${this.port}`;
      if (await this.ready()) return;
      // Another process may have taken the port in the meantime.
      assert.ok(attempt < START_ATTEMPTS, `the server did not start:\n${this.log}`);
    }
  }

  /** The program and its arguments; with a redirection, a shell that redirects its output and becomes the program. */
  command(args) {
    const command = this.redirected ? ['bash', ['-c', `exec "$0" "$@" ${this.redirected}`, this.binary, ...args]] : [this.binary, args];
    return this.disk?.command(...command) ?? command;
  }

  /** The path by which tests reach a file of the server. */
  path(path) {
    return this.disk?.path(path) ?? path;
  }

  get log() {
    return this.output.stdout + this.output.stderr;
  }

  /** Waits until the log matches a pattern: a line may be written after the answer that it is about. */
  async logged(pattern) {
    const signal = AbortSignal.timeout(READY_WITHIN_MS);
    while (!pattern.test(this.log)) await once(this.child.stderr, 'data', { signal });
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

  fixture() {
    return this.fixtures.next();
  }

  /** Stops the process as an operator does, and checks that it ends cleanly. */
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

  /** Stops the process, and removes its files. */
  async close() {
    try {
      await this.fixtures.close();
      await this.stop();
    } finally {
      await this.database.drop();
      await this.disk?.close();
      await rm(this.directory, { recursive: true, force: true });
    }
  }
}
