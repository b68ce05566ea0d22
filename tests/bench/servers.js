// The two servers, each in its own folder with its own database.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';

/** The cores: one for the server, one for its load. */
const SERVER_CORE = '0';
const LOAD_CORE = '1';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const BINARY = process.env.ACCORD_SERVER_BIN ?? path('../../target/release/accord-server');

/** The environment without settings of the server: everything is set explicitly. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('ACCORD_'))),
  NODE_ENV: 'production',
};

/** A program on one core, which is killed when `signal` says so. */
function pinned(core, command, signal) {
  const options = { env: environment, stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' };
  const child = spawn('taskset', ['-c', core, ...command], options);
  child.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  // The end follows.
  child.on('error', (error) => (child.problem = error));
  child.output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (chunk) => (child.output[stream] += chunk));
  }
  return child;
}

function failure(child, what) {
  return new Error(`${what}: ${child.problem ?? ''}\n${child.output.stdout}${child.output.stderr}`);
}

/** Waits for the end of a program, and returns its output; throws unless it went well. */
async function finished(child, what) {
  const { code } = await child.ended;
  if (code !== 0) throw failure(child, `${what} failed`);
  return child.output.stdout;
}

class Server {
  constructor({ directory, secret, signal }) {
    Object.assign(this, { directory, secret, signal });
    this.database = join(directory, 'chat.db');
    this.worldFile = join(directory, 'world.json');
  }

  async start(world) {
    await writeFile(this.worldFile, JSON.stringify(world));
    await this.prepare();
    this.child = pinned(SERVER_CORE, this.command(), this.signal);
    let hasEnded = false;
    const ended = this.child.ended.then(() => (hasEnded = true));
    while (!this.port) {
      await Promise.race([once(this.child.stdout, 'data'), ended]);
      if (hasEnded) throw failure(this.child, `${this.name} did not start`);
      this.port = this.child.output.stdout.match(/http:\/\/127\.0\.0\.1:(\d+)/)?.[1];
    }
  }

  /** Loads the server with a scenario, and returns what was measured. */
  async load(scenario, seconds) {
    const flags = { scenario, seconds, port: this.port, secret: this.secret, pid: this.child.pid };
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const child = pinned(LOAD_CORE, [process.execPath, path('load.js'), ...args], this.signal);
    return JSON.parse(await finished(child, `the load of ${this.name}`));
  }

  async stop() {
    this.child?.kill('SIGTERM');
    await this.child?.ended;
  }

  /** How many messages are in the database of the stopped server. */
  stored() {
    const database = new Database(this.database, { readonly: true });
    const count = database.prepare('SELECT COUNT(*) FROM messages').pluck().get();
    database.close();
    return count;
  }
}

export class Accord extends Server {
  name = 'Accord';

  async prepare() {
    const seed = [BINARY, 'seed', '--database', `sqlite://${this.database}`, this.worldFile];
    await finished(pinned(SERVER_CORE, seed, this.signal), 'accord-server seed');
  }

  command() {
    const flags = ['--listen', '127.0.0.1:0', '--database', `sqlite://${this.database}`, '--jwt-secret', this.secret];
    return [BINARY, 'serve', ...flags, '--uploads', join(this.directory, 'uploads'), '--rate-limits', 'off'];
  }
}

export class Peer extends Server {
  name = 'Node.js';

  async prepare() {}

  command() {
    const flags = ['--port', '0', '--database', this.database, '--jwt-secret', this.secret, '--world', this.worldFile];
    return [process.execPath, path('peer/server.js'), ...flags];
  }
}
