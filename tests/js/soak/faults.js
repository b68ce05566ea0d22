// Faults around a server. Each lasts for a while, and is then repaired.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const COMMON = {
  'nobody reads the log': async ({ log, last, allAreServed }) => {
    log.stall();
    await last();
    await allAreServed();
    log.goOn();
  },
  'the log has no reader': async ({ log, last, allAreServed }) => {
    await log.go();
    await last();
    await allAreServed();
    log.read();
  },
  'connections are cut at random': async ({ network, random, last }) => {
    // The next choices do not depend on their number.
    const choice = random.fork();
    network.cut(() => choice.next() < 0.5);
    await last();
  },
  'all connections are cut': async ({ network, last }) => {
    network.cut();
    await last();
  },
};

/** Has SQLite's database locked, as a backup does, until its input ends. */
const LOCK = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
database.execute('BEGIN IMMEDIATE')
print('locked', flush=True)
sys.stdin.read()
database.execute('ROLLBACK')
`;

/** The fault that takes a disk of the server's own. */
export const FULL = 'the disk is full';

export const SQLITE = {
  ...COMMON,
  [FULL]: async ({ server, last, someAreRefused }) => {
    await server.disk.fill();
    // The database has a little room left in its own files.
    await someAreRefused();
    await last();
    await server.disk.free(server.child);
  },
  'the database is locked': async ({ server, last }) => {
    const lock = ['python3', ['-c', LOCK, server.database.url.replace('sqlite://', '')]];
    const command = server.disk?.command(...lock) ?? lock;
    const holder = spawn(...command, { stdio: ['pipe', 'pipe', 'inherit'] });
    const released = once(holder, 'close');
    await Promise.race([once(holder.stdout, 'data'), released]);
    await last();
    holder.stdin.end();
    await released;
  },
};

export const POSTGRES = {
  ...COMMON,
  'PostgreSQL restarts': async ({ postgres, last }) => {
    await postgres.stop('SIGINT');
    await last();
    await postgres.launch();
  },
  'PostgreSQL crashes': async ({ postgres, last }) => {
    await postgres.stop('SIGQUIT');
    await last();
    await postgres.launch();
  },
  'a table is locked': async ({ postgres, length }) => {
    await postgres.sql('begin', 'lock table messages in access exclusive mode', `select pg_sleep(${length / 1000})`, 'commit');
  },
};
