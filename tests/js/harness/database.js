// A database for one server: a SQLite file, or a PostgreSQL database where `ACCORD_JUDGES_POSTGRES` names a server.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** The URL of a PostgreSQL server's maintenance database, whose user may create databases. */
const POSTGRES = process.env.ACCORD_JUDGES_POSTGRES;

/** The name of the database system under test, for test titles. */
export const SYSTEM = POSTGRES ? 'PostgreSQL' : 'SQLite';

/** A process that locks a SQLite file for writing until its standard input ends, as a backup does. */
const LOCK = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
`;

/**
 * A new, empty database. `away` takes it away from the server, and returns what brings it back: a SQLite file is locked,
 * a PostgreSQL server cannot be reached, for which it has to be made `breakable`.
 */
export async function newDatabase(directory, { breakable = false } = {}) {
  if (!POSTGRES) {
    const file = join(directory, 'accord.db');
    return { url: `sqlite://${file}`, drop: async () => {}, away: () => lock(file) };
  }
  const name = `judges_${randomBytes(8).toString('hex')}`;
  const psql = (statement) => exec('psql', ['--no-psqlrc', '--quiet', '-v', 'ON_ERROR_STOP=1', POSTGRES, '-c', statement]);
  await psql(`create database ${name}`);
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  const drop = () => psql(`drop database ${name} with (force)`);
  if (!breakable) return { url: url.href, drop };
  const road = await Road.to(url);
  url.host = `127.0.0.1:${road.port}`;
  const away = async () => {
    road.close();
    return () => road.open();
  };
  return { url: url.href, drop: () => road.end().then(drop), away };
}

async function lock(file) {
  const child = spawn('python3', ['-c', LOCK, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  assert.equal(line, 'locked');
  // A test that fails does not wait for it.
  for (const held of [child, child.stdin, child.stdout]) held.unref();
  return async () => {
    child.ref();
    const closed = once(child, 'close');
    child.stdin.end();
    await closed;
  };
}

/** The connections to a server, which can be cut for as long as nobody is to reach it. */
class Road {
  static async to({ hostname, port }) {
    const road = new Road();
    road.connections = new Set();
    road.server = createServer((near) => {
      if (road.closed) return near.destroy();
      const far = connect({ host: hostname, port: port || 5432 });
      for (const [from, to] of [[near, far], [far, near]]) {
        road.connections.add(from);
        from.on('error', () => {}).on('close', () => {
          road.connections.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    road.server.listen(0, '127.0.0.1');
    await once(road.server, 'listening');
    road.port = road.server.address().port;
    return road;
  }

  close() {
    this.closed = true;
    for (const connection of this.connections) connection.destroy();
  }

  open() {
    this.closed = false;
  }

  async end() {
    this.close();
    this.server.close();
    await once(this.server, 'close');
  }
}
