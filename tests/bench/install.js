// Installs the packages that the lock names, unless that was done before, and builds better-sqlite3.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const lock = join(here, 'package-lock.json');
const installed = join(here, 'node_modules', '.installed-lock');

export async function install() {
  const done = await readFile(installed, 'utf8').catch(() => null);
  if (done === (await readFile(lock, 'utf8'))) return;
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  // From source, so that nothing but packages has to be downloaded. It takes a minute or two.
  console.error('building better-sqlite3');
  npm(['rebuild', 'better-sqlite3'], { npm_config_build_from_source: 'true', ...headers() });
  await copyFile(lock, installed);
}

/** The headers of this Node.js, if they were installed with it; node-gyp downloads them otherwise. */
function headers() {
  const prefix = dirname(dirname(process.execPath));
  const file = join(prefix, 'include', 'node', 'node_version.h');
  if (!existsSync(file)) return {};
  const text = readFileSync(file, 'utf8');
  const number = (part) => text.match(new RegExp(`#define NODE_${part}_VERSION (\\d+)`))?.[1];
  const version = ['MAJOR', 'MINOR', 'PATCH'].map(number).join('.');
  return version === process.versions.node ? { npm_config_nodedir: prefix } : {};
}

function npm(args, env = {}) {
  // Standard output is the table's.
  const { status, error } = spawnSync('npm', args, { cwd: here, env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status === 0) return;
  throw new Error(`npm ${args[0]} failed; building better-sqlite3 needs g++, make, python3 and the headers of Node.js`);
}
