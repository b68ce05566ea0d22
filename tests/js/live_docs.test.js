// `accord docs`: a page that follows the files of its schema, in a real browser.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Mock, Serving } from './harness/accord.js';
import { Browser, isAccessible, screenshot } from './harness/browser.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PHONE = { viewport: { width: 390, height: 844 } };

let browser;
let home;
let folder;
let docs;

before(async () => (browser = await Browser.start()));
after(() => browser.close());

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'accord-docs-'));
  folder = join(home, 'schema');
  for (const part of ['schema', 'conformance/flows']) await cp(join(ROOT, part), join(home, part), { recursive: true });
  docs = await Serving.start('docs', join(folder, 'chat.yaml'));
});
afterEach(async () => {
  await docs.stop();
  await rm(home, { recursive: true, force: true });
});

/** Changes a file as editors do that write another one and put it in its place. */
async function edit(file, change) {
  const path = join(folder, file);
  const text = change(await readFile(path, 'utf8'));
  await writeFile(`${path}~`, text);
  await rename(`${path}~`, path);
}

const alert = (page) => page.getByRole('alert');

test('the page shows an edit without a reload by the user', async () => {
  const page = await browser.open(docs.url);
  const main = page.getByRole('main');
  await main.getByText('Send a message to a channel.').first().waitFor();
  await edit('events/messages.yaml', (text) => text.replace('Send a message to a channel.', 'Say something in a channel.'));
  await main.getByText('Say something in a channel.').first().waitFor();
  assert.equal(await alert(page).count(), 0);
  assert.deepEqual(page.troubles, []);
});

test('the page also shows an edit of a flow', async () => {
  const page = await browser.open(docs.url);
  const main = page.getByRole('main');
  await main.getByText('A reply carries its parent one level deep.').waitFor();
  await edit('../conformance/flows/messages.yaml', (text) => text.replace('A reply carries its parent one level deep.', 'Answers know what they answer.'));
  await main.getByText('Answers know what they answer.').waitFor();
});

test('a newly included file is followed as well', async () => {
  const page = await browser.open(docs.url);
  const domain = (name) => `summary: Trying things.\nserver:\n  ${name}:\n    summary: Something new.\n`;
  await edit('chat.yaml', (text) => text.replace('  - http.yaml\n', '  - http.yaml\n  - events/trials.yaml\n'));
  await alert(page).getByText('cannot read').waitFor();
  await writeFile(join(folder, 'events/trials.yaml'), domain('first_trial'));
  await page.getByRole('main').getByText('first_trial').first().waitFor();
  await edit('events/trials.yaml', () => domain('second_trial'));
  await page.getByRole('main').getByText('second_trial').first().waitFor();
});

test('errors are shown on top of the last good page, as by `accord check`, until they are fixed', async () => {
  const page = await browser.open(docs.url);
  await page.evaluate(() => (globalThis.loaded = 'once'));
  const broken = '$ref: MessageTxt, summary: "<img src=x onerror=alert(1)>"';
  await edit('events/messages.yaml', (text) => text.replace('$ref: MessageText, summary: The text. May be empty if there are attachments.', broken));
  await alert(page).waitFor();
  const report = await alert(page).locator('pre').textContent();
  assert.match(report, /^error\[unknown-type\]: there is no type `MessageTxt`\n/);
  assert.match(report, /events\/messages\.yaml:13:26\n/);
  assert.ok(report.includes('<img src=x onerror=alert(1)>') && report.includes('help: did you mean `MessageText`?'), report);
  assert.ok(!report.includes('\u001b'));
  assert.equal(await alert(page).locator('img').count(), 0);
  assert.equal(await page.evaluate(() => globalThis.loaded), 'once', 'the page is the last good one');
  await page.getByRole('main').getByText('Send a message to a channel.').first().waitFor();
  // The terminal says so too.
  await docs.waitFor(() => (docs.errors.includes('there is no type `MessageTxt`') ? true : undefined));

  const late = await browser.open(docs.url);
  await alert(late).waitFor();
  // A name that no reference can be made of, of a type that has an example.
  await edit('types/messages.yaml', (text) => text.replace('  Message:', "  'Page<User>':"));
  await alert(page).getByText('the type `Page<User>` is not named in PascalCase').first().waitFor();
  await edit('types/messages.yaml', (text) => text.replace("  'Page<User>':", '  Message:'));
  await edit('events/messages.yaml', (text) => text.replace(broken, '$ref: MessageText, summary: Mended.'));
  for (const open of [page, late]) {
    await open.getByRole('main').getByText('Mended.').first().waitFor();
    assert.equal(await alert(open).count(), 0);
  }
});

test('the console connects to the default address of a mock, not to the server of the page', async () => {
  const mock = await Mock.start(join(folder, 'chat.yaml'));
  const page = await browser.open(`${docs.url}/#console`);
  const server = page.locator('#console').getByLabel('Server');
  assert.equal(await server.inputValue(), 'http://127.0.0.1:8000');
  await server.fill(mock.url);
  await page.getByLabel('Token').fill(await mock.token('carol'));
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText(`Connected to ${mock.url}`).waitFor();
  await page.context().close();
  await mock.stop();
});

test('the page reports a schema that has had errors from the start, and appears once they are fixed', async () => {
  await docs.stop();
  await edit('chat.yaml', (text) => text.replace('accord: 1', 'accrod: 1'));
  docs = await Serving.start('docs', join(folder, 'chat.yaml'));
  const page = await browser.open(docs.url);
  await page.getByRole('heading', { name: 'Nothing to show yet' }).waitFor();
  await alert(page).getByText('did you mean `accord`?').waitFor();
  await isAccessible(page);
  await screenshot(page, 'live-docs-nothing');
  await edit('chat.yaml', (text) => text.replace('accrod: 1', 'accord: 1'));
  await page.getByRole('main').getByText('send_message').first().waitFor();
});

for (const colorScheme of ['light', 'dark']) {
  for (const [device, options] of [['desktop', {}], ['phone', PHONE]]) {
    test(`the errors are accessible in ${colorScheme} on a ${device}`, async () => {
      const page = await browser.open(docs.url, { colorScheme, ...options });
      await edit('events/messages.yaml', (text) => text.replace('$ref: MessageText,', '$ref: MessageTxt,').replace('limit: events', 'limit: evens'));
      await alert(page).waitFor();
      await screenshot(page, `live-docs-${colorScheme}-${device}`);
      await isAccessible(page, { fromShadowDom: ['body > :last-child', '[role=alert]'] });
      await alert(page).locator('pre').focus();
    });
  }
}
