// Disks that are soon full. Both kinds make the database fail for real.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/**
 * A file system of a few MiB in memory, mounted over a directory. Only the programs that run on it see it, and it goes
 * with the last of them. Takes root, or a kernel that lets users have mounts of their own.
 */
export class SmallDisk {
  static async mount(directory, mebibytes) {
    const disk = new SmallDisk();
    const namespaces = process.getuid() === 0 ? ['--mount'] : ['--mount', '--user', '--map-root-user'];
    const script = 'mount -t tmpfs -o "size=$1m" tmpfs "$2" && echo mounted && exec cat';
    disk.keeper = spawn('unshare', [...namespaces, 'sh', '-c', script, 'sh', `${mebibytes}`, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
    disk.ended = once(disk.keeper, 'close');
    const first = await Promise.race([once(disk.keeper.stdout, 'data'), disk.ended.then(() => null)]);
    if (first === null) return null;
    disk.entry = ['--target', `${disk.keeper.pid}`, '--mount', ...(process.getuid() === 0 ? [] : ['--user', '--preserve-credentials'])];
    disk.ballast = disk.path(join(directory, 'ballast'));
    return disk;
  }

  /** A command, so that it runs on the disk. */
  command(program, args) {
    return ['nsenter', [...this.entry, program, ...args]];
  }

  /** The path of a file of the disk for programs outside of it. */
  path(path) {
    return `/proc/${this.keeper.pid}/root${path}`;
  }

  /** Leaves no byte free. */
  async fill() {
    await assert.rejects(writeFile(this.ballast, Buffer.alloc(64 * 1024 * 1024)), { code: 'ENOSPC' });
  }

  async free() {
    await rm(this.ballast);
  }

  async close() {
    this.keeper.kill('SIGKILL');
    await this.ended;
  }
}

/** A limit on the size of every file that a server writes, which needs no privilege. */
export class SmallFiles {
  constructor(kibibytes) {
    this.kibibytes = kibibytes;
  }

  /** A command, so that it runs under the limit: a shell sets it, and becomes the program. */
  command(program, args) {
    return ['bash', ['-c', `trap '' XFSZ; ulimit -S -f ${this.kibibytes}; exec "$0" "$@"`, program, ...args]];
  }

  path(path) {
    return path;
  }

  async fill() {}

  async free(child) {
    this.kibibytes = 'unlimited';
    await exec('prlimit', ['--pid', `${child.pid}`, '--fsize=unlimited:']);
  }

  async close() {}
}
