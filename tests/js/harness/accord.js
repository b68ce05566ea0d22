// The command `accord`, run to its end, or serving on its own port.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ACCORD = process.env.ACCORD_BIN ?? fileURLToPath(new URL('../../../target/debug/accord', import.meta.url));

const WITHIN_MS = 20_000;

/** The output of a command. */
export async function accord(...args) {
  const { stdout } = await promisify(execFile)(ACCORD, args, { maxBuffer: 64 << 20 });
  return stdout;
}

/** A command that serves. */
export class Serving {
  /** Starts a command on a free port, and waits until it says where it is. */
  static async start(...args) {
    const serving = new this();
    serving.lines = [];
    serving.errors = '';
    serving.waiting = new Set();
    serving.child = spawn(ACCORD, [...args, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
    serving.exited = once(serving.child, 'close');
    serving.child.stderr.setEncoding('utf8').on('data', (chunk) => {
      serving.errors += chunk;
      serving.look();
    });
    createInterface(serving.child.stdout).on('line', (line) => {
      serving.lines.push(line);
      serving.look();
    });
    serving.child.once('close', () => serving.look());
    serving.url = await serving.printed((line) => /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]);
    return serving;
  }

  look() {
    for (const look of this.waiting) look();
  }

  /** Waits until something is found on a line of standard output, and returns it; lines that came before count. */
  printed(find) {
    return this.waitFor(() => {
      for (const line of this.lines) {
        const found = find(line);
        if (found) return found;
      }
      return undefined;
    });
  }

  /** Waits until `find` returns something; it is asked again whenever something has been printed. */
  waitFor(find) {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(timer);
        this.waiting.delete(look);
        settle(value);
      };
      const printed = () => `${this.lines.join('\n')}\n${this.errors}`;
      const look = () => {
        const found = find();
        if (found !== undefined) return end(resolve, found);
        if (this.child.exitCode !== null) end(reject, new Error(`the command ended:\n${printed()}`));
      };
      const timer = setTimeout(() => end(reject, new Error(`waited ${WITHIN_MS} ms in vain:\n${printed()}`)), WITHIN_MS);
      this.waiting.add(look);
      look();
    });
  }

  /** Stops it as Ctrl-C does, and checks that it ends cleanly. */
  async stop() {
    this.child.kill('SIGINT');
    const ended = await Promise.race([this.exited, pause(WITHIN_MS, 'late', { ref: false })]);
    if (ended === 'late') this.child.kill('SIGKILL');
    assert.deepEqual(ended, [0, null], this.errors);
    assert.doesNotMatch(this.errors, /panicked at/);
  }
}

/** A mock of a schema. `traffic` has the events and requests so far. */
export class Mock extends Serving {
  static async start(schema, ...flags) {
    const mock = await super.start('mock', schema, '--json', ...flags);
    mock.tokens = JSON.parse(mock.lines[0]).tokens;
    return mock;
  }

  /** The traffic so far. */
  get traffic() {
    return this.lines.slice(1).map((line) => JSON.parse(line));
  }

  /** Waits for something to pass through. */
  passed(fits) {
    return this.waitFor(() => this.traffic.find(fits));
  }

  /** Has other things go wrong from now on. */
  async faults(faults) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.url}/mock/faults`, { method: 'PUT', headers, body: JSON.stringify(faults) });
    return { status: response.status, body: await response.json() };
  }

  /** A token for anybody. */
  async token(user, { admin = false } = {}) {
    const response = await fetch(`${this.url}/mock/token?${new URLSearchParams({ user, admin })}`);
    assert.equal(response.status, 200);
    return response.text();
  }
}
