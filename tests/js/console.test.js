// The console in the documentation, driven as a developer would.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, isAccessible, screenshot, stopClock } from './harness/browser.js';
import { Server } from './harness/server.js';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** The console, as one developer sees it. */
class Console {
  static async open(options) {
    const opened = new Console();
    opened.page = await browser.open(`${server.url}/docs#console`, options);
    opened.panel = opened.page.locator('#console');
    opened.status = opened.panel.locator('.state');
    opened.lines = opened.panel.locator('.log li:not([hidden])');
    return opened;
  }

  async connect(fixture, role, token = server.token(fixture.claims(role))) {
    await this.panel.getByLabel('Token').fill(token);
    await this.panel.getByRole('button', { name: 'Connect', exact: true }).click();
  }

  choose(event) {
    return this.panel.getByRole('combobox', { name: 'Event' }).selectOption(event);
  }

  async payload(value) {
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
    await this.panel.getByLabel('Payload').fill(text);
  }

  send(name = 'Send') {
    return this.panel.getByRole('button', { name, exact: true }).click();
  }

  /** A line of the traffic: the sign of its direction, and its text. */
  line(sign, ...texts) {
    return texts.reduce((lines, text) => lines.filter({ hasText: text }), this.lines.filter({ hasText: sign })).first();
  }

  get problems() {
    return this.panel.locator('#console-problems li').allTextContents();
  }

  async close() {
    assert.deepEqual(this.page.troubles, []);
    await this.page.context().close();
  }
}

test('an event is sent, acknowledged and broadcast, and events of others are shown', async () => {
  const fixture = server.fixture();
  const opened = await Console.open();
  await opened.connect(fixture, 'ada');
  await opened.status.filter({ hasText: 'Connected to' }).waitFor();
  await opened.line('↓', 'authenticated').waitFor();
  await opened.choose('join_channel');
  await opened.payload({ channelId: fixture.general });
  await opened.send();
  await opened.line('↩', 'join_channel', 'ok,').waitFor();

  const bob = await fixture.connect('bob');
  const { data } = await bob.ack('send_message', { channelId: fixture.general, content: 'Seen by Ada' });
  const line = opened.line('↓', 'new_message', 'Seen by Ada');
  await line.locator('summary').click();
  assert.deepEqual(JSON.parse(await line.locator('pre').textContent()), { ...data, seq: 1 });

  await opened.choose('ping');
  assert.equal(await opened.panel.getByLabel('Payload').inputValue(), '');
  await opened.panel.getByLabel('Ask for an acknowledgement').uncheck();
  await opened.send();
  await opened.line('↓', 'pong').waitFor();
  await isAccessible(opened.page);
  await screenshot(opened.page, 'console');
  await opened.close();
});

test('violations are marked at their fields before an event is sent, and the server reports the same', async () => {
  const fixture = server.fixture();
  const opened = await Console.open({ colorScheme: 'dark' });
  await opened.connect(fixture, 'ada');
  await opened.choose('send_message');
  const wrong = { content: 5, replyToId: 'x'.repeat(129), attachments: [{ id: '' }] };
  await opened.payload(wrong);
  // The checks may still be loading.
  await opened.panel.locator('#console-problems li').first().waitFor();
  const before = await opened.problems;
  assert.deepEqual(before.map((problem) => problem.split(' ')[0]).sort(), ['/attachments/0/id', '/channelId', '/content', '/replyToId']);
  const marked = await opened.panel.locator('mark').allTextContents();
  assert.deepEqual(marked, ['{', '5', `"${'x'.repeat(129)}"`, '""']);
  assert.equal(await opened.panel.getByLabel('Payload').getAttribute('aria-invalid'), 'true');

  await opened.panel.getByRole('button', { name: '/attachments/0/id' }).click();
  const chosen = await opened.page.evaluate(() => getSelection().toString());
  assert.equal(chosen, '""', 'a problem leads to its place');

  await opened.status.filter({ hasText: 'Connected to' }).waitFor();
  await opened.send('Send anyway');
  await opened.line('↩', 'send_message', 'invalid_payload').waitFor();
  assert.deepEqual(await opened.problems, before);
  await isAccessible(opened.page);
  await screenshot(opened.page, 'console-problems');
  await opened.close();
});

test('text that is not JSON cannot be sent, and the error names the place', async () => {
  const fixture = server.fixture();
  const opened = await Console.open();
  await opened.connect(fixture, 'ada');
  await opened.status.filter({ hasText: 'Connected to' }).waitFor();
  await opened.choose('send_message');
  const cases = [
    ['{ "content": "a" "b": 1 }', '“,” or “}” is expected here', '"'],
    ['{ content: "a" }', 'a name in double quotes is expected here', 'c'],
    ['{ "content": }', 'a value is expected here', '}'],
    ['[1, 2', '“,” or “]” is expected here', ''],
    ['{"content": "a\nb"}', 'this string does not end, or holds what must be escaped', '"'],
    ['{} {}', 'nothing more is expected here', '{'],
    ['{"a": 01}', '“,” or “}” is expected here', '1'],
  ];
  for (const [text, message, mark] of cases) {
    await opened.payload(text);
    assert.deepEqual(await opened.problems, [message], text);
    assert.deepEqual(await opened.panel.locator('mark').allTextContents(), [mark], text);
    assert.ok(await opened.panel.getByRole('button', { name: 'Send', exact: true }).isDisabled(), text);
  }
  await opened.close();
});

test('the example of every event can be sent', async () => {
  const opened = await Console.open();
  const events = await opened.panel.getByRole('combobox', { name: 'Event' }).locator('option').allTextContents();
  assert.ok(events.includes('send_message') && events.includes('forward_to_direct'), events.join());
  for (const event of events) {
    await opened.choose(event);
    assert.deepEqual(await opened.problems, [], event);
  }
  await opened.page.getByRole('link', { name: 'Try it: edit_message' }).click();
  assert.equal(await opened.panel.getByRole('combobox', { name: 'Event' }).inputValue(), 'edit_message');
  await opened.close();
});

test('the page reports a refused token, a lost server and a filter without a match', async () => {
  const fixture = server.fixture();
  const opened = await Console.open({ viewport: { width: 390, height: 844 } });
  await opened.connect(fixture, 'ada', 'nonsense');
  await opened.status.filter({ hasText: 'Refused: Authentication failed. Paste another token, then connect again.' }).waitFor();
  await isAccessible(opened.page);
  await screenshot(opened.page, 'console-phone-refused');
  await opened.connect(fixture, 'ada');
  await opened.status.filter({ hasText: 'Connected to' }).waitFor();
  await opened.panel.getByLabel('Filter the traffic').fill('nothing like it');
  await opened.panel.getByText('No traffic contains “nothing like it”.').waitFor();
  await opened.panel.getByLabel('Filter the traffic').fill('authenticated');
  await opened.line('↓', 'authenticated').waitFor();
  assert.equal(await opened.lines.count(), 1);
  await opened.panel.getByRole('button', { name: 'Clear' }).click();
  assert.equal(await opened.lines.count(), 0);

  await opened.panel.getByRole('button', { name: 'Disconnect' }).click();
  await opened.status.filter({ hasText: 'Not connected' }).waitFor();
  await opened.close();
});

test('the console reconnects by itself with the current token, but not after the server has disconnected it', async () => {
  const fixture = server.fixture();
  const opened = await Console.open();
  const connections = [];
  await opened.page.routeWebSocket(/socket\.io/, (socket) => {
    socket.connectToServer();
    connections.push(socket);
  });
  await opened.connect(fixture, 'ada');
  await opened.line('↓', 'authenticated', fixture.claims('ada').id).waitFor();
  await opened.panel.getByLabel('Token').fill(server.token(fixture.claims('bob')));
  await connections[0].close();
  await opened.line('↓', 'authenticated', fixture.claims('bob').id).waitFor();
  connections[1].send('41');
  const notice = 'Disconnected by the server: connect again, or paste another token first';
  await opened.status.filter({ hasText: notice }).waitFor();
  await opened.panel.getByRole('button', { name: 'Connect', exact: true }).click();
  await opened.status.filter({ hasText: 'Connected to' }).waitFor();
  assert.equal(connections.length, 3);
  await opened.close();
});

test('the traffic can be copied as code', async () => {
  const fixture = server.fixture();
  const opened = await Console.open({ permissions: ['clipboard-read', 'clipboard-write'] });
  const copied = () => opened.page.evaluate(() => navigator.clipboard.readText());
  await opened.choose('join_channel');
  await opened.payload({ channelId: fixture.general });
  // A button says so for a while, which does not pass here.
  await stopClock(opened.page);
  await opened.panel.locator('.composer').getByRole('button', { name: 'Copy as code' }).click();
  await opened.panel.getByRole('button', { name: 'Copied' }).waitFor();
  await opened.page.clock.resume();
  assert.equal(
    await copied(),
    `const answer = await socket.emitWithAck('join_channel', {\n  channelId: '${fixture.general}',\n});\n`,
  );
  await opened.connect(fixture, 'ada');
  const line = opened.line('↓', 'authenticated');
  await line.locator('summary').click();
  await stopClock(opened.page);
  await line.getByRole('button', { name: 'Copy as code' }).click();
  await line.getByRole('button', { name: 'Copied' }).waitFor();
  const code = await copied();
  assert.ok(code.startsWith("socket.on('authenticated', (payload) => {\n  // {\n  //   userId: '"), code);
  assert.doesNotThrow(() => new Function('socket', code));
  await opened.close();
});

test('a copy button shows its label again after any number of clicks', async () => {
  const opened = await Console.open({ permissions: ['clipboard-read', 'clipboard-write'] });
  const composer = opened.panel.locator('.composer');
  await stopClock(opened.page);
  await composer.getByRole('button', { name: 'Copy as code' }).click();
  await composer.getByRole('button', { name: 'Copied' }).click();
  await opened.page.clock.runFor(10_000);
  assert.equal(await composer.locator('.as-code').textContent(), 'Copy as code');
  await opened.close();
});

test('the console connects once, however often the user asks while it loads', async () => {
  const fixture = server.fixture();
  const opened = await Console.open();
  let load;
  const isLoaded = new Promise((resolve) => (load = resolve));
  await opened.page.route('**/schema/typescript/client.js', async (route) => {
    await isLoaded;
    await route.continue();
  });
  await opened.connect(fixture, 'ada');
  await opened.connect(fixture, 'ada');
  load();
  await opened.line('↓', 'authenticated').waitFor();
  await opened.choose('ping');
  await opened.send();
  await opened.line('↩', 'ping', 'ok,').waitFor();
  assert.equal(await opened.lines.filter({ hasText: 'authenticated' }).count(), 1);
  await opened.close();
});
