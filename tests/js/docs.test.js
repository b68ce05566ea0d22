// The protocol's reference as one HTML page: its contents, its use, and that it is self-contained.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Browser, isAccessible, screenshot, stopClock } from './harness/browser.js';

const exec = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const GENERATED = here('../../schema/generated');
const DESK = { viewport: { width: 1400, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const KINDS = { desk: DESK, phone: PHONE };

let html;
let server;
let url;
let browser;

/** The hashes of all elements of this name, as a policy names them. */
const hashes = (tag) =>
  [...html.matchAll(new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`, 'g'))]
    .map(([, text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' ');

before(async () => {
  html = await readFile(join(GENERATED, 'docs/index.html'), 'utf8');
  const policy = `default-src 'none'; script-src ${hashes('script')}; style-src ${hashes('style')}; img-src data:; connect-src 'self'`;
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
  server = createServer((request, response) => {
    const found = request.url === '/docs';
    response.writeHead(found ? 200 : 404, headers).end(found ? html : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${server.address().port}/docs`;
  browser = await Browser.start();
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens the page, does something there, and checks that it had no troubles. */
async function visit(options, act, hash = '') {
  const page = await browser.open(url + hash, { reducedMotion: 'reduce', ...options });
  try {
    await act(page);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
  }
}

/** Whether an element is in the reading area: below the header, in the upper half. */
const isRead = (page, id) =>
  page.waitForFunction((id) => {
    const { top } = document.getElementById(id).getBoundingClientRect();
    return top >= 40 && top < innerHeight / 2;
  }, id);

const search = (page) => page.getByRole('combobox', { name: 'Search' });

describe('contents', () => {
  test('the page is a single file of less than 400 KB that refers to no other', () => {
    assert.ok(Buffer.byteLength(html) < 400_000, `${Buffer.byteLength(html)} bytes`);
    assert.deepEqual(html.match(/<(?:link|script|img|iframe|object)[^>]*(?:src|href)="(?!data:)[^"]*"/g), null);
    assert.deepEqual(html.match(/ (?:style|on[a-z]+)=|javascript:/g), null);
  });

  test('every event, type, error and operation of the protocol has a section of its own', async () => {
    const { ERRORS } = await import(join(GENERATED, 'typescript/constants.js'));
    const asyncapi = JSON.parse(await readFile(join(GENERATED, 'asyncapi.json'), 'utf8'));
    const openapi = JSON.parse(await readFile(join(GENERATED, 'openapi.json'), 'utf8'));
    const bundle = JSON.parse(await readFile(join(GENERATED, 'json-schema/bundle.json'), 'utf8'));
    // Some events and acknowledgements are a type and a number: they have sections as events.
    const schemas = Object.keys(bundle.$defs).filter((name) => !Object.hasOwn(asyncapi.components.messages, name));
    const operations = Object.values(openapi.paths).flatMap((path) => Object.values(path)).filter(({ operationId }) => operationId);
    const messages = Object.keys(asyncapi.components.messages).filter((name) => !/\.(?:done|failed)$/.test(name));
    const ids = new Set([...html.matchAll(/ id="?([\w-]+)/g)].map(([, id]) => id));
    const missing = [
      ...messages.flatMap((name) => (ids.has(`emit-${name}`) || ids.has(`on-${name}`) ? [] : [name])),
      ...schemas.map((name) => `type-${name}`).filter((id) => !ids.has(id)),
      ...Object.keys(ERRORS).map((name) => `error-${name}`).filter((id) => !ids.has(id)),
      ...operations.map(({ operationId }) => `rest-${operationId}`).filter((id) => !ids.has(id)),
    ];
    assert.deepEqual(missing, []);
    assert.deepEqual(
      [messages.length > 30, schemas.length > 50, Object.keys(ERRORS).length > 20, operations.length > 15],
      [true, true, true, true],
    );
  });

  test('every link has a target, and every target is unique', () => {
    const ids = [...html.matchAll(/ id="?([\w.-]+)/g)].map(([, id]) => id);
    assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
    const known = new Set([...ids, 'top']);
    const links = [...html.matchAll(/ href="?#([\w.-]+)/g)].map(([, id]) => id);
    assert.ok(links.length > 500, `${links.length} links`);
    assert.deepEqual(links.filter((id) => !known.has(id)), []);
  });

  test('flows are shown step by step, with links to events and errors', async () => {
    await visit(DESK, async (page) => {
      const flow = page.locator('#flow-reply');
      assert.equal(await flow.locator('.flow > p').innerText(), 'alice\nserver\nbob');
      const said = await flow.locator('li').allInnerTexts();
      const steps = said.map((step) => step.replace(/\s+/g, ' ').trim());
      assert.equal(steps[0], 'alice: connected bob: connected');
      assert.ok(steps.includes('alice: send_message content: “Question”, channelId: general to alice: ok'), steps.join('\n'));
      assert.equal(await flow.getByRole('link', { name: 'reply_not_found' }).getAttribute('href'), '#error-reply_not_found');
      assert.equal(await flow.getByRole('link', { name: 'send_message' }).first().getAttribute('href'), '#emit-send_message');
    });
  });

  test('the TypeScript samples compile with the package', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'accord-docs-'));
    try {
      const modules = join(directory, 'node_modules');
      await mkdir(join(modules, '@accord'), { recursive: true });
      await symlink(here('node_modules/socket.io-client'), join(modules, 'socket.io-client'));
      await cp(join(GENERATED, 'typescript'), join(modules, '@accord/chat'), { recursive: true });
      await cp(here('typescript/tsconfig.json'), join(directory, 'tsconfig.json'));
      await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
      await visit(DESK, async (page) => {
        const samples = await page.evaluate(() =>
          [...document.querySelectorAll('.sample')]
            .filter((sample) => sample.querySelector('p').textContent === 'TypeScript')
            .map((sample) => sample.querySelector('pre').textContent),
        );
        assert.ok(samples.length > 45, `${samples.length} samples`);
        const given = {
          socket: "declare const socket: import('@accord/chat').ClientSocket;",
          rest: "declare const rest: import('@accord/chat').Rest;",
          file: 'declare const file: File;',
          fetchToken: 'declare function fetchToken(): Promise<string>;',
          joinRooms: 'declare function joinRooms(): void;',
          reload: 'declare function reload(room: string): void;',
          signIn: 'declare function signIn(): Promise<void>;',
          show: 'declare function show(text: string): void;',
        };
        for (const [index, sample] of samples.entries()) {
          const names = Object.keys(given).filter((name) => sample.includes(name) && !sample.includes(`const ${name}`));
          const text = [...names.map((name) => given[name]), sample, 'export {};'].join('\n');
          await writeFile(join(directory, `sample-${index}.ts`), text);
        }
      });
      await exec(process.execPath, [here('node_modules/typescript/bin/tsc'), '--project', directory, '--noEmit']).catch(
        ({ stdout, stderr }) => assert.fail(stdout + stderr),
      );
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe('appearance', () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const [kind, options] of Object.entries(KINDS)) {
      test(`is accessible and as wide as the window: ${colorScheme}, ${kind}`, async () => {
        await visit({ ...options, colorScheme }, async (page) => {
          await screenshot(page, `docs-${colorScheme}-${kind}`);
          for (const id of ['connecting', 'emit-send_message', 'rest-list_messages', 'errors', 'flow-reply']) {
            await page.evaluate((id) => (location.hash = id), id);
            await isRead(page, id);
            await screenshot(page, `docs-${colorScheme}-${kind}-${id}`);
          }
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
          await isAccessible(page);
        });
      });
    }
  }

  test('the navigation of a phone folds out, leads somewhere, and folds away', async () => {
    await visit(PHONE, async (page) => {
      const contents = page.getByRole('navigation', { name: 'Contents' });
      assert.equal(await contents.isVisible(), false);
      await page.getByRole('button', { name: 'Contents' }).click();
      await contents.waitFor();
      await screenshot(page, 'docs-phone-contents');
      await isAccessible(page, '#contents');
      await contents.getByRole('link', { name: 'edit_message', exact: true }).click();
      await contents.waitFor({ state: 'hidden' });
      await isRead(page, 'emit-edit_message');
    });
  });

  test('the navigation shows where the reader is', async () => {
    await visit(DESK, async (page) => {
      await page.locator('#contents a[aria-current]', { hasText: 'new_message' }).waitFor();
    }, '#on-new_message');
  });

  test('the print version has no parts that are only for screens', async () => {
    await visit(DESK, async (page) => {
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.getByRole('navigation').isVisible(), false);
      assert.equal(await page.locator('body > header').isVisible(), false);
      assert.equal(await page.locator('#emit-send_message').isVisible(), true);
      assert.equal(await page.locator('.copy').first().isVisible(), false);
    });
  });
});

describe('use', () => {
  test('a search begins with a key, is controlled by arrows, and leads to the chosen entry', async () => {
    await visit(DESK, async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('send');
      const options = page.getByRole('option');
      assert.match(await options.first().innerText(), /^send_message\s+Client event/);
      assert.equal(await search(page).getAttribute('aria-expanded'), 'true');
      await screenshot(page, 'docs-search');
      await isAccessible(page, '[role=search]');
      await page.keyboard.press('ArrowDown');
      const chosen = page.locator('[role=option][aria-selected=true]');
      assert.match(await chosen.innerText(), /^send_direct_message/);
      assert.equal(await search(page).getAttribute('aria-activedescendant'), await chosen.getAttribute('id'));
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await isRead(page, 'emit-send_message');
      assert.equal(new URL(page.url()).hash, '#emit-send_message');
      assert.equal(await search(page).getAttribute('aria-expanded'), 'false');
    });
  });

  test('a search finds events, types, errors, operations, flows and fields', async () => {
    await visit(DESK, async (page) => {
      for (const [words, name, kind] of [
        ['message_deleted', 'message_deleted', 'Server event'],
        ['attachmentref', 'AttachmentRef', 'Type'],
        ['rate_limited', 'rate_limited', 'Error'],
        ['you can only edit', 'forbidden', 'Error'],
        ['list channels', 'list_channels', 'REST operation'],
        ['everybody at once', 'Everybody at once', 'Flow'],
        ['targetChannelId', 'forward_message', 'Client event'],
      ]) {
        await search(page).fill(words);
        assert.deepEqual((await page.getByRole('option').first().innerText()).split('\n').slice(0, 2), [name, kind], words);
      }
    });
  });

  test('a search that finds nothing says so, and Escape ends it', async () => {
    await visit(DESK, async (page) => {
      await search(page).fill('zzz <b>');
      await page.getByText('Nothing found for “zzz <b>”.').waitFor();
      assert.equal(await page.locator('#results [role=option]').count(), 0);
      await screenshot(page, 'docs-search-nothing');
      await page.keyboard.press('Escape');
      assert.deepEqual([await search(page).inputValue(), await page.locator('.found').isVisible()], ['', false]);
    });
  });

  test('addresses lead to events, types, errors, operations, flows and limits', async () => {
    for (const id of ['emit-ping', 'on-pong', 'type-SendMessage', 'type-Message', 'error-edit_forbidden', 'rest-get_stats', 'flow-edit', 'limit-events']) {
      assert.match(html, new RegExp(` id="?${id}[" >]`));
    }
    for (const id of ['type-Message', 'flow-edit']) await visit(DESK, (page) => isRead(page, id), `#${id}`);
  });

  test('an address scrolls to its target at once, however far away it is', async () => {
    await visit({ ...DESK, reducedMotion: 'no-preference' }, async (page) => {
      const placeOf = (id) => page.evaluate((id) => document.getElementById(id).getBoundingClientRect().top, id);
      await isRead(page, 'emit-join_channel');
      await page.evaluate(() => (location.hash = 'emit-remove_direct_reaction'));
      assert.ok((await placeOf('emit-remove_direct_reaction')) < 400);
    }, '#emit-join_channel');
  });

  test('a sample is copied unchanged, in the language that is chosen for all samples', async () => {
    await visit({ ...DESK, permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      const send = page.locator('#emit-send_message');
      await send.getByRole('tab', { name: 'TypeScript' }).click();
      // The button says for a while that it has copied, which does not pass here.
      await stopClock(page);
      await send.getByRole('tabpanel').getByRole('button', { name: 'Copy' }).click();
      await send.getByText('Copied').waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(copied, /^import type \{ Message, SendMessage \} from '@accord\/chat';\n/);
      assert.match(copied, /socket\.emitWithAck\('send_message', payload\)/);
      const others = page.locator('#on-new_message, #rest-list_messages');
      assert.deepEqual(await others.locator('[role=tab][aria-selected=true]').allInnerTexts(), ['TypeScript', 'TypeScript']);
      await page.locator('#on-new_message').getByRole('tab', { name: 'TypeScript' }).press('ArrowLeft');
      assert.deepEqual(await others.locator('[role=tab][aria-selected=true]').allInnerTexts(), ['JavaScript', 'JavaScript']);
    });
  });

  test('the first Tab leads to the content, and the focus is visible', async () => {
    await visit(DESK, async (page) => {
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return [document.activeElement.closest('main') !== null, outlineStyle, outlineWidth];
      });
      assert.deepEqual(focused, [true, 'solid', '2px']);
    });
  });

  test('the page is readable without its script, and hides the controls that need it', async () => {
    await visit({ ...DESK, javaScriptEnabled: false }, async (page) => {
      assert.equal(await page.locator('.search').isVisible(), false);
      assert.equal(await page.locator('.copy').count(), 0);
      const titles = page.locator('#emit-send_message .sample > p');
      assert.deepEqual(await titles.allInnerTexts(), ['JavaScript', 'TypeScript', 'Answer']);
      assert.equal(await page.locator('#flow-reply .flow li').first().isVisible(), true);
      await page.locator('#contents').getByRole('link', { name: 'Limits' }).click();
      assert.equal(new URL(page.url()).hash, '#limits');
    });
    await visit({ ...PHONE, javaScriptEnabled: false }, async (page) => {
      await page.getByRole('button', { name: 'Contents' }).click();
      await page.locator('#contents').getByRole('link', { name: 'Limits' }).click();
      assert.equal(new URL(page.url()).hash, '#limits');
    });
  });
});
