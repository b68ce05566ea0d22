// The disk that the databases are on, whose syncs every durable send waits for.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';

const TMPFS = 0x01021994;
const TRIED_FOR_MS = 1000;
/** The size of SQLite's write-ahead log, after which it is written from its beginning again. */
const PAGES = 1000;
const PAGE = Buffer.alloc(4096, 1);

/** Throws if the directory is in memory, where a sync costs nothing. */
export async function requireDisk(directory) {
  const { type } = await statfs(directory);
  if (type === TMPFS) throw new Error(`${directory} is in memory: set TMPDIR to a folder on a disk`);
}

/** How often a second a page can be written and synced, as SQLite does it: over and over in one file. */
export function syncsPerSecond(directory) {
  const file = openSync(join(directory, 'syncs'), 'w');
  const write = (n) => writeSync(file, PAGE, 0, PAGE.length, (n % PAGES) * PAGE.length);
  for (let n = 0; n < PAGES; n += 1) write(n);
  fsyncSync(file);
  const begin = performance.now();
  let count = 0;
  for (; performance.now() - begin < TRIED_FOR_MS; count += 1) {
    write(count);
    fsyncSync(file);
  }
  const seconds = (performance.now() - begin) / 1000;
  closeSync(file);
  return count / seconds;
}
