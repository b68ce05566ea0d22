// A database for one server: a SQLite file, or a PostgreSQL database where `ACCORD_JUDGES_POSTGRES` names a server.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** The URL of a PostgreSQL server's maintenance database, whose user may create databases. */
const POSTGRES = process.env.ACCORD_JUDGES_POSTGRES;

/** The name of the database system under test, for test titles. */
export const SYSTEM = POSTGRES ? 'PostgreSQL' : 'SQLite';

export async function newDatabase(directory) {
  if (!POSTGRES) return { url: `sqlite://${join(directory, 'accord.db')}`, drop: async () => {} };
  const name = `judges_${randomBytes(8).toString('hex')}`;
  const psql = (statement) => exec('psql', ['--no-psqlrc', '--quiet', '-v', 'ON_ERROR_STOP=1', POSTGRES, '-c', statement]);
  await psql(`create database ${name}`);
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => psql(`drop database ${name} with (force)`) };
}
