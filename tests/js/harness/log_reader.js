// Readers of a server's log, which may stall, go away, and be replaced.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The minimum number of trailing characters to keep. */
const KEPT = 4 << 20;

export class LogReader {
  /** Begins to read a pipe of its own in a directory; the server writes to `output`. */
  static async start(directory) {
    const reader = new LogReader();
    reader.pipe = join(directory, 'log');
    reader.text = '';
    reader.waiting = new Set();
    await promisify(execFile)('mkfifo', [reader.pipe]);
    reader.read();
    // This waits until somebody reads.
    reader.output = await open(reader.pipe, 'w');
    return reader;
  }

  /** Reads, from where the pipe is. */
  read() {
    this.child = spawn('cat', [this.pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.gone = once(this.child, 'close');
    this.child.stdout.setEncoding('utf8').on('data', (chunk) => {
      this.text += chunk;
      if (this.text.length > 2 * KEPT) this.text = this.text.slice(-KEPT);
      for (const look of this.waiting) look();
    });
  }

  /** Reads nothing from now on, while the pipe stays open. */
  stall() {
    this.child.kill('SIGSTOP');
  }

  /** Reads on. */
  goOn() {
    this.child.kill('SIGCONT');
  }

  /** Stops reading: writers get an error from now on. */
  async go() {
    this.child.kill('SIGKILL');
    await this.gone;
  }

  /** Waits until the text that was read matches a pattern. */
  async says(pattern) {
    while (!pattern.test(this.text)) {
      await new Promise((resolve) => {
        this.waiting.add(resolve);
      });
      this.waiting.clear();
    }
  }

  /** Ends reading, once the server has ended. */
  async close() {
    await this.output.close();
    await this.go();
  }
}
