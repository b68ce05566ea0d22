// A PostgreSQL of a test's own, which it may restart.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './port.js';

const exec = promisify(execFile);
const READY_WITHIN_MS = 60_000;
const ATTEMPTS = 5;

/** The directory of PostgreSQL's programs. */
async function programs() {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const newest = versions.sort((a, b) => a - b).map((version) => `/usr/lib/postgresql/${version}/bin`).reverse();
  for (const directory of [...process.env.PATH.split(delimiter), ...newest]) {
    const files = await readdir(directory).catch(() => []);
    if (['initdb', 'postgres', 'psql'].every((program) => files.includes(program))) return directory;
  }
  throw new Error('PostgreSQL is not installed');
}

/** It refuses to run as root, so root runs it as somebody else: whom, and the command that does. */
async function runner() {
  if (process.getuid() !== 0) return { command: [] };
  const id = async (flag, name) => Number((await exec('id', [flag, name])).stdout);
  const name = await exec('id', ['postgres']).then(() => 'postgres', () => 'nobody');
  const [user, group] = [await id('-u', name), await id('-g', name)];
  return { user, group, command: ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups'] };
}

export class Postgres {
  /** Starts a server; with `fsync` off, which is faster, commits survive the end of its processes, but not that of the machine. */
  static async start({ fsync = 'off' } = {}) {
    const postgres = new Postgres();
    postgres.fsync = fsync;
    postgres.programs = await programs();
    postgres.runner = await runner();
    postgres.directory = await mkdtemp(join(tmpdir(), 'accord-postgres-'));
    if (postgres.runner.user !== undefined) await chown(postgres.directory, postgres.runner.user, postgres.runner.group);
    await chmod(postgres.directory, 0o700);
    postgres.data = join(postgres.directory, 'data');
    const [program, args] = postgres.command('initdb', ['--pgdata', postgres.data, '--username=accord', '--auth=trust', '--encoding=UTF8', '--no-sync']);
    await exec(program, args, { cwd: '/' });
    for (let attempt = 1; ; attempt += 1) {
      postgres.port = await freePort();
      postgres.url = `postgres://accord@127.0.0.1:${postgres.port}/postgres`;
      if (await postgres.launch()) return postgres;
      // Another process may have taken the port in the meantime.
      assert.ok(attempt < ATTEMPTS, `PostgreSQL did not start:\n${postgres.log}`);
    }
  }

  command(program, args) {
    const [first, ...rest] = [...this.runner.command, join(this.programs, program), ...args];
    return [first, rest];
  }

  /** Starts the server; whether it came up. */
  async launch() {
    const args = ['-D', this.data, '-p', `${this.port}`, '-k', this.directory, '-c', 'listen_addresses=127.0.0.1', '-c', `fsync=${this.fsync}`];
    this.child = spawn(...this.command('postgres', args), { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
    this.log = '';
    this.child.stderr.setEncoding('utf8').on('data', (chunk) => (this.log += chunk));
    this.ended = once(this.child, 'close');
    const deadline = Date.now() + READY_WITHIN_MS;
    while (this.child.exitCode === null && this.child.signalCode === null) {
      if (await this.sql('select 1').then(() => true, () => false)) return true;
      assert.ok(Date.now() < deadline, `PostgreSQL was not ready within ${READY_WITHIN_MS} ms:\n${this.log}`);
      await pause(50);
    }
    return false;
  }

  /** Starts the server again after its end, which the memory of one that was killed may outlast a little. */
  async relaunch() {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await this.launch())) assert.ok(Date.now() < deadline, `PostgreSQL did not start again:\n${this.log}`);
  }

  /** Carries out statements, in one session. */
  async sql(...statements) {
    const commands = statements.flatMap((statement) => ['-c', statement]);
    await exec(join(this.programs, 'psql'), ['--no-psqlrc', '--quiet', '-v', 'ON_ERROR_STOP=1', this.url, ...commands]);
  }

  /** Ends it: `SIGINT` closes connections in good order, `SIGQUIT` as a crash does, `SIGKILL` is one. */
  async stop(signal = 'SIGINT') {
    this.child.kill(signal);
    await this.ended;
  }

  async close() {
    await this.stop('SIGQUIT');
    await rm(this.directory, { recursive: true, force: true });
  }
}
