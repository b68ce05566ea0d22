// A real Chromium: pages, screenshots, and checks of accessibility by axe-core.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** The folder of screenshots. */
export const SCREENSHOTS =
  process.env.ACCORD_SCREENSHOTS ?? fileURLToPath(new URL('../../../target/screenshots', import.meta.url));

const PROGRAM = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** The longest that anything takes on a busy machine. */
const WITHIN_MS = 120_000;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export class Browser {
  /** Starts a browser; `close` ends it. */
  static async start() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({ executablePath: PROGRAM, headless: true, args: FLAGS });
    return browser;
  }

  /**
   * Opens a page as a separate visitor, with its own storage. `options` are playwright's, like `colorScheme` and
   * `viewport`. `page.troubles` collects the mistakes of the page: errors of scripts, errors on the console (a policy
   * that is broken, a file that is missing) and requests to any other host.
   */
  async open(url, options = {}) {
    const context = await this.chromium.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(WITHIN_MS);
    const page = await context.newPage();
    page.troubles = [];
    page.on('pageerror', (error) => page.troubles.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && page.troubles.push(message.text()));
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (!['data:', 'blob:'].includes(protocol) && host !== new URL(url).host) page.troubles.push(request.url());
    });
    await page.goto(url);
    return page;
  }

  async close() {
    await this.chromium.close();
  }
}

/** Has the timers of a page stand still, so that a state that lasts for a time is seen. `page.clock.resume()` has them go on. */
export async function stopClock(page) {
  await page.clock.install();
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 60_000);
}

/** Saves a screenshot. */
export async function screenshot(page, name, options = {}) {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), ...options });
}

/**
 * Checks the visible page with all rules of axe-core, and checks that every control is large enough. `part` is a context of
 * axe-core: the part of the page to check.
 */
export async function isAccessible(page, part = 'html') {
  // The page's policy runs no script of ours: this one comes through the debugger.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
  const { violations } = await page.evaluate(([part, options]) => globalThis.axe.run(part, options), [part, options]);
  const report = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.html) }));
  assert.deepEqual(report, []);
}
