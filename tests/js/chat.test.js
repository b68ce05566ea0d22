// The chat page in a real browser, as a user sees and uses it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAccessible, screenshot } from './harness/browser.js';
import { act, begin, browser, chat, connect, done, end, PHONE, say, server, take, token, upcoming } from './harness/chat.js';

before(begin);
after(end);

test('two users see each other write, reply, react, edit and delete', async () => {
  const alice = await chat('alice');
  const bob = await chat('bob', { room: alice.room, colorScheme: 'dark' });
  await alice.messages.getByText('There are no messages in').waitFor();
  await screenshot(alice, 'chat-empty');
  await isAccessible(alice);

  await say(alice, 'Shall we ship the release on Thursday?');
  await say(alice, 'Everything is reviewed.');
  await bob.message('Everything is reviewed.').waitFor();
  assert.equal(await bob.message('Everything is reviewed.').locator('.avatar').count(), 0, 'messages of one author are grouped');
  await bob.messages.getByText('Today', { exact: true }).waitFor();

  await act(bob, 'Shall we ship', 'Reply');
  await bob.getByText('Replying to Alice Moreau').waitFor();
  await say(bob, 'Thursday works.\nI will write the notes.');
  const quote = alice.message('Thursday works.').getByRole('button', { name: /^In reply to Alice Moreau/ });
  await quote.click();
  await alice.message('Shall we ship').and(alice.locator(':focus')).waitFor();

  await act(alice, 'Thursday works.', 'React');
  await isAccessible(alice);
  await screenshot(alice, 'chat-picker');
  await alice.getByRole('button', { name: 'Party popper' }).click();
  const reaction = bob.message('Thursday works.').getByRole('button', { name: '🎉 1 by Alice Moreau' });
  await reaction.click();
  const both = alice.message('Thursday works.').getByRole('button', { name: '🎉 2 by Alice Moreau, Bob' });
  await both.waitFor();
  assert.equal(await both.getAttribute('aria-pressed'), 'true');
  await both.click();
  await bob.message('Thursday works.').getByRole('button', { name: '🎉 1 by Bob' }).waitFor();

  await act(alice, 'Everything is reviewed.', 'Edit');
  const editor = alice.getByRole('textbox', { name: 'Text of the message' });
  await editor.fill(' ');
  await editor.press('Enter');
  await alice.getByText(/^The text must/).waitFor();
  await isAccessible(alice);
  await editor.fill('Everything is reviewed and tested.');
  await editor.press('Enter');
  await bob.message('Everything is reviewed and tested. (edited)').waitFor();
  await act(alice, 'Everything is reviewed', 'Edit');
  await editor.press('Escape');
  await editor.waitFor({ state: 'detached' });
  assert.equal(await bob.message('Everything').getByRole('button', { name: 'Edit', exact: true }).count(), 0, 'others cannot edit');

  await screenshot(alice, 'chat-light');
  await screenshot(bob, 'chat-dark');
  await Promise.all([isAccessible(alice), isAccessible(bob)]);

  await act(alice, 'Shall we ship', 'Delete');
  const dialog = alice.getByRole('dialog', { name: 'Delete this message?' });
  await isAccessible(alice);
  await screenshot(alice, 'chat-delete');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await act(alice, 'Shall we ship', 'Delete');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await bob.message('Shall we ship').waitFor({ state: 'detached' });
  await bob.message('Thursday works.').getByText('The original message was deleted.').waitFor();
  await done(alice, bob);
});

test('scrolling up loads more history, and the visible messages keep their place', async () => {
  const room = upcoming();
  const bob = await connect('bob');
  const first = await bob.ok('send_message', { channelId: room, content: 'message 0' });
  for (let n = 1; n < 100; n += 1) {
    const replyToId = n === 99 ? first.id : undefined;
    await bob.ok('send_message', { channelId: room, content: `message ${n}\nof a hundred`, replyToId });
  }
  const alice = await chat('alice');
  await alice.message('message 99').waitFor();
  const scroller = alice.messages;
  const isAtEnd = () => scroller.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 2);
  assert.equal(await isAtEnd(), true);
  assert.equal(await alice.message('message 10').count(), 0);

  // The position of one of the topmost messages, before and after older ones are added above it.
  await alice.evaluate(() => {
    globalThis.places = [];
    const list = document.querySelector('.messages');
    const watched = [...list.querySelectorAll('.message')].find((message) => message.textContent.includes('message 62'));
    const scroller = document.querySelector('.scroller');
    scroller.scrollTop = 0;
    globalThis.places.push(watched.getBoundingClientRect().top);
    new MutationObserver(() => queueMicrotask(() => globalThis.places.push(watched.getBoundingClientRect().top))).observe(list, { childList: true });
  });
  await alice.message('message 30').waitFor({ state: 'attached' });
  const places = await alice.evaluate(() => globalThis.places.map(Math.round));
  assert.ok(places.length > 1 && Math.abs(places[0] - places.at(-1)) <= 2, `it moved: ${places}`);
  await alice.getByRole('button', { name: 'Jump to newest' }).waitFor();
  await bob.ok('send_message', { channelId: room, content: 'one more' });
  await alice.getByRole('button', { name: '1 new' }).waitFor();
  await screenshot(alice, 'chat-history');
  await isAccessible(alice);
  await alice.getByRole('button', { name: '1 new' }).click();
  await alice.getByRole('button', { name: '1 new' }).waitFor({ state: 'hidden' });
  assert.equal(await isAtEnd(), true);

  await alice.message('message 99').getByRole('button', { name: /^In reply to Bob/ }).click();
  await alice.message('message 0').and(alice.locator(':focus')).waitFor();
  await alice.getByText(`This is where ${room} begins.`).waitFor({ state: 'attached' });
  const ids = await alice.locator('.message').evaluateAll((all) => all.map(({ id }) => id));
  assert.equal(ids.length, 101);
  assert.deepEqual(ids, [...new Set(ids)].sort());
  bob.close();
  await done(alice);
});

test('messages in other rooms are counted, and marked when the user returns', async () => {
  const alice = await chat('alice');
  const bob = await chat('bob', { room: alice.room });
  await say(alice, 'Back in a minute.');
  await act(alice, 'Back in a minute.', 'Reply');
  await alice.field.fill('And');
  const nav = alice.getByRole('navigation', { name: 'Rooms' });
  await nav.getByRole('button', { name: /Carol Okafor$/ }).click();
  await alice.getByRole('region', { name: 'Messages in Carol Okafor' }).waitFor();
  await alice.getByText('Replying to').waitFor({ state: 'hidden' });
  assert.equal(await alice.field.inputValue(), '');
  await say(bob, 'First');
  await say(bob, 'Second');
  await nav.getByRole('button', { name: `${alice.room} 2 unread` }).click();
  await alice.messages.getByText('New', { exact: true }).waitFor();
  assert.equal(await alice.messages.getByText('Today', { exact: true }).count(), 1);
  await alice.getByText('Replying to Alice Moreau: Back in a minute.').waitFor();
  assert.equal(await alice.field.inputValue(), 'And');
  await nav.getByRole('button', { name: alice.room, exact: true }).waitFor();
  await say(bob, 'Third');
  await alice.message('Third').waitFor();
  assert.match(await alice.getByRole('log').textContent(), /Bob: Third$/);
  await screenshot(alice, 'chat-unread');
  await isAccessible(alice);
  await done(alice, bob);
});

test('a direct conversation has all features of a channel except forwarding', async () => {
  const alice = await chat('alice', { room: 'Bob' });
  const bob = await chat('bob', { room: 'Alice Moreau' });
  await say(alice, 'Lunch?');
  await act(bob, 'Lunch?', 'Reply');
  await say(bob, 'Gladly.');
  await act(bob, 'Lunch?', 'React');
  await bob.getByRole('button', { name: 'Thumbs up' }).click();
  await alice.message('Lunch?').getByRole('button', { name: '👍 1 by Bob' }).waitFor();
  assert.equal(await alice.message('Gladly.').getByRole('button', { name: 'Forward' }).count(), 0);
  await act(bob, 'Gladly.', 'Edit');
  await bob.getByRole('textbox', { name: 'Text of the message' }).fill('Very gladly.');
  await bob.getByRole('button', { name: 'Save' }).click();
  await alice.message('Very gladly. (edited)').waitFor();
  await act(bob, 'Very gladly.', 'Delete');
  await bob.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await alice.message('Very gladly.').waitFor({ state: 'detached' });
  await done(alice, bob);
});

test('a message is forwarded to another channel', async () => {
  const alice = await chat('alice');
  const target = take();
  const bob = await chat('bob', { room: target });
  await say(alice, 'This belongs elsewhere.');
  await act(alice, 'This belongs elsewhere.', 'Forward');
  const dialog = alice.getByRole('dialog', { name: 'Forward to a channel' });
  await isAccessible(alice);
  await screenshot(alice, 'chat-forward');
  await dialog.getByRole('button', { name: `# ${target}`, exact: true }).click();
  await alice.getByText(`Forwarded to # ${target}.`).waitFor();
  await bob.message('This belongs elsewhere.').waitFor();
  await done(alice, bob);
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

/** Uploads a picture of Bob's. */
async function upload(name) {
  const body = new FormData();
  body.append('file', new Blob([PNG], { type: 'image/png' }), `${name}.png`);
  const headers = { authorization: `Bearer ${token('bob')}` };
  return (await (await fetch(`${server.url}/api/upload`, { method: 'POST', headers, body })).json()).data;
}

/** Has the page get files as from elsewhere: dropped, or pasted. */
const give = (page, type, selector, name, text) =>
  page.evaluate(
    ([type, selector, name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name, { type: 'text/plain' }));
      const init = { bubbles: true, cancelable: true };
      const event = type === 'paste' ? new ClipboardEvent(type, { ...init, clipboardData: data }) : new DragEvent(type, { ...init, dataTransfer: data });
      document.querySelector(selector).dispatchEvent(event);
    },
    [type, selector, name, text],
  );

test('files are attached by button, drag and drop and paste, with progress and errors', async () => {
  const alice = await chat('alice');
  const bob = await chat('bob', { room: alice.room });
  const list = alice.locator('.composer').getByRole('list', { name: 'Attachments' });

  // Held back, so that there is progress to be seen.
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await alice.route('**/api/upload', async (route) => {
    await held;
    await route.continue();
  });
  await alice.locator('input[type=file]').setInputFiles({ name: 'square.png', mimeType: 'image/png', buffer: PNG });
  await alice.getByRole('progressbar', { name: 'Uploading square.png' }).waitFor();
  await alice.field.fill('Look');
  await alice.field.press('Enter');
  await alice.getByText('The attachments are still uploading.').waitFor();
  await isAccessible(alice);
  release();
  await alice.getByRole('progressbar').waitFor({ state: 'detached' });
  await alice.getByText('The attachments are still uploading.').waitFor({ state: 'hidden' });
  assert.equal(await alice.field.getAttribute('aria-invalid'), null);
  await alice.unroute('**/api/upload');

  await give(alice, 'dragover', '.scroller', 'notes.txt', 'dropped');
  await screenshot(alice, 'chat-drop');
  await give(alice, 'drop', '.scroller', 'notes.txt', 'dropped');
  await give(alice, 'paste', '.composer textarea', 'pasted.txt', 'pasted');
  await list.getByRole('listitem').nth(2).waitFor();
  await alice.locator('input[type=file]').setInputFiles({ name: 'program.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') });
  await list.getByText('Unsupported file type').waitFor();
  await alice.locator('input[type=file]').setInputFiles({ name: 'huge.txt', mimeType: 'text/plain', buffer: Buffer.alloc(10 * 1024 * 1024 + 1, 'a') });
  await list.getByText('Larger than 10 MiB').waitFor();
  await screenshot(alice, 'chat-uploads');
  await isAccessible(alice);
  await alice.getByRole('progressbar').first().waitFor({ state: 'detached' });
  await alice.field.press('Enter');
  await alice.getByText('An attachment has failed: retry it, or remove it.').waitFor();
  const nav = alice.getByRole('navigation', { name: 'Rooms' });
  await nav.getByRole('button', { name: /Carol Okafor$/ }).click();
  await list.waitFor({ state: 'hidden' });
  await nav.getByRole('button', { name: alice.room, exact: true }).click();
  assert.equal(await list.getByRole('listitem').count(), 5, 'they stay with their room');
  await list.getByRole('button', { name: 'Remove program.exe' }).click();
  await list.getByRole('button', { name: 'Remove huge.txt' }).click();
  await alice.field.press('Enter');

  const message = bob.message('Look');
  await message.getByRole('img', { name: 'square.png' }).waitFor();
  await message.getByRole('link', { name: /notes\.txt/ }).waitFor();
  await message.getByRole('link', { name: /pasted\.txt/ }).waitFor();
  assert.equal(await message.getByRole('img').evaluate(async (image) => (await image.decode(), image.naturalWidth)), 10);
  await screenshot(bob, 'chat-attachments');
  await isAccessible(bob);
  // The refused upload is an error of the network to the console.
  alice.troubles = alice.troubles.filter((trouble) => !trouble.includes('415'));
  await done(alice, bob);
});

test('characters are counted near the limit, and a text that is too long stays in the field with its error', async () => {
  const alice = await chat('alice');
  await alice.field.fill('x'.repeat(3900));
  await alice.getByText('100 left').waitFor();
  await alice.field.fill('😀'.repeat(4001));
  await alice.getByText('1 too many').waitFor();
  await alice.field.press('Enter');
  await alice.getByText('The message must be at most 4000 characters.').waitFor();
  assert.equal(await alice.field.getAttribute('aria-invalid'), 'true');
  await isAccessible(alice);
  await alice.field.fill('two');
  await alice.field.press('Shift+Enter');
  await alice.field.pressSequentially('lines');
  await alice.field.press('Enter');
  await alice.message('two\nlines').or(alice.message('two lines')).first().waitFor();
  await done(alice);
});

test('everything can be done by keyboard', async () => {
  const alice = await chat('alice');
  await say(alice, 'First');
  await say(alice, 'Second');
  await alice.field.press('ArrowUp');
  const editor = alice.getByRole('textbox', { name: 'Text of the message' });
  await editor.press('Escape');
  await alice.field.and(alice.locator(':focus')).waitFor();
  await act(alice, 'Second', 'Edit');
  await editor.press('Escape');
  await alice.message('Second').and(alice.locator(':focus')).waitFor();
  await alice.keyboard.press('ArrowUp');
  await alice.message('First').and(alice.locator(':focus')).waitFor();
  await alice.keyboard.press('Tab');
  await alice.message('First').getByRole('button', { name: 'React' }).and(alice.locator(':focus')).waitFor();
  await alice.keyboard.press('Enter');
  await alice.getByRole('button', { name: 'Thumbs up' }).and(alice.locator(':focus')).waitFor();
  await alice.keyboard.press('ArrowRight');
  await alice.getByRole('button', { name: 'Heart' }).and(alice.locator(':focus')).waitFor();
  await alice.keyboard.press('Escape');
  await alice.message('First').getByRole('button', { name: 'React' }).and(alice.locator(':focus')).waitFor();
  await alice.keyboard.press('Tab');
  await alice.keyboard.press('Enter');
  await alice.getByText('Replying to Alice Moreau').waitFor();
  await alice.keyboard.press('Escape');
  await alice.getByText('Replying to Alice Moreau').waitFor({ state: 'hidden' });
  await alice.message('First').focus();
  await alice.keyboard.press('Escape');
  await alice.field.and(alice.locator(':focus')).waitFor();
  await done(alice);
});

test('a file that is declared as a picture, but is not one, looks like a file', async () => {
  const alice = await chat('alice');
  await alice.locator('input[type=file]').setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  const upload = alice.getByRole('list', { name: 'Attachments' }).getByRole('listitem');
  await upload.getByText('Unsupported file type').waitFor();
  await upload.locator('svg').first().waitFor();
  await upload.locator('img').waitFor({ state: 'detached' });
  alice.troubles = alice.troubles.filter((trouble) => !/ 415 /.test(trouble));
  await done(alice);
});

test('a text that is not a token is refused, and no rooms are shown', async () => {
  const page = await browser.open(`${server.url}/#token=none`);
  await page.getByText('Authentication failed').waitFor();
  await page.getByRole('button', { name: 'Sign in again' }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Channels' }).count(), 0);
  await isAccessible(page);
  await done(page);
});

test('text from right to left is shown in that direction', async () => {
  const alice = await chat('alice');
  await say(alice, 'שלום!');
  const [first, last] = await alice.message('שלום!').locator('.content').evaluate(({ firstChild }) =>
    [0, firstChild.length - 1].map((at) => {
      const range = document.createRange();
      range.setStart(firstChild, at);
      range.setEnd(firstChild, at + 1);
      return range.getBoundingClientRect().left;
    }),
  );
  assert.ok(last < first, `the mark is at ${last}, the first letter at ${first}`);
  await done(alice);
});

test('the page asks for a missing token, which stays in the tab and goes nowhere else', async () => {
  for (const options of [{}, { colorScheme: 'dark' }, PHONE]) {
    const page = await browser.open(server.url, options);
    await page.getByRole('heading', { name: 'Welcome to Accord' }).waitFor();
    await screenshot(page, `chat-welcome${options.colorScheme ? '-dark' : options.isMobile ? '-phone' : ''}`);
    await isAccessible(page);
    await done(page);
  }
  const page = await browser.open(server.url);
  const field = page.getByLabel('Token', { exact: true });
  await field.fill('nonsense');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(/^This is not a token/).waitFor();
  await isAccessible(page);
  const addresses = [];
  page.on('request', (request) => addresses.push(request.url(), request.headers().referer ?? ''));
  page.on('websocket', (socket) => addresses.push(socket.url()));
  const secret = token('dora');
  await field.fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('You are not in any room yet.').waitFor();
  await screenshot(page, 'chat-no-rooms');
  await isAccessible(page);
  assert.equal(page.url(), `${server.url}/`);
  await page.reload();
  await page.getByText('You are not in any room yet.').waitFor();
  assert.ok(addresses.length > 20 && !addresses.some((address) => address.includes(secret)), addresses.join('\n'));
  assert.ok(!server.log.includes(secret));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Welcome to Accord' }).waitFor();
  await done(page);

  const forged = `${secret.slice(0, -4)}AAAA`;
  const refused = await browser.open(`${server.url}/#token=${forged}`);
  await refused.getByText('Authentication failed').waitFor();
  await isAccessible(refused);
  await done(refused);
});

test('two users are shown side by side, and a second one is added by the help', async () => {
  const page = await browser.open(`${server.url}/#token=${token('alice')}&token=${token('bob')}`, { viewport: { width: 1600, height: 900 } });
  const [alice, bob] = [1, 2].map((n) => page.frameLocator(`iframe[title="User ${n}"]`));
  const room = take();
  for (const user of [alice, bob]) await user.getByRole('button', { name: room, exact: true }).click();
  const field = alice.getByRole('textbox', { name: 'Message', exact: true });
  await field.fill('Can you see me?');
  await field.press('Enter');
  await bob.getByRole('region', { name: `Messages in ${room}` }).getByText('Can you see me?').waitFor();
  await screenshot(page, 'chat-side-by-side');
  await done(page);

  const single = await chat('alice');
  await single.getByRole('button', { name: 'Help' }).click();
  const help = single.getByRole('dialog', { name: 'Help' });
  await help.getByRole('link', { name: 'OpenAPI' }).waitFor();
  await screenshot(single, 'chat-help');
  await isAccessible(single);
  await help.getByLabel('Token', { exact: true }).fill(token('carol'));
  await help.getByRole('button', { name: 'Add' }).click();
  await single.frameLocator('iframe[title="User 2"]').getByText('Carol Okafor').first().waitFor();
  await done(single);
});

test('a phone shows either the rooms or one of them', async () => {
  const bob = await connect('bob');
  for (const colorScheme of ['light', 'dark']) {
    const alice = await chat('alice', { ...PHONE, colorScheme });
    await say(alice, 'From the train.');
    await bob.ok('send_message', { channelId: alice.room, content: 'Have a good trip! '.repeat(8).trim() });
    await alice.message('Have a good trip!').tap();
    await alice.message('Have a good trip!').getByRole('button', { name: 'React' }).waitFor();
    await screenshot(alice, `chat-phone-${colorScheme}`);
    await isAccessible(alice);
    await alice.message('Have a good trip!').getByRole('button', { name: 'React' }).tap();
    await alice.getByRole('button', { name: 'Heart' }).tap();
    await alice.message('Have a good trip!').getByRole('button', { name: '❤️ 1 by Alice Moreau' }).waitFor();
    await alice.getByRole('button', { name: 'Rooms' }).tap();
    await alice.getByRole('navigation', { name: 'Rooms' }).waitFor();
    await alice.field.waitFor({ state: 'hidden' });
    await screenshot(alice, `chat-phone-rooms-${colorScheme}`);
    await isAccessible(alice);

    // A room opens at its end, which images move away when they have their sizes.
    await bob.ok('send_message', { channelId: alice.room, content: 'A long story.\n'.repeat(40) });
    const attachments = await Promise.all(['1', '2', '3'].map(upload));
    await bob.ok('send_message', { channelId: alice.room, content: 'Pictures', attachments });
    await alice.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: `${alice.room} 2 unread` }).tap();
    await alice.waitForFunction(() => {
      const images = [...document.querySelectorAll('.attachments img')];
      const { scrollHeight, scrollTop, clientHeight } = document.querySelector('.scroller');
      return images.length === 3 && images.every((image) => image.naturalWidth > 0) && scrollHeight - scrollTop - clientHeight < 2;
    });
    await screenshot(alice, `chat-phone-images-${colorScheme}`);
    await isAccessible(alice);
    await done(alice);
  }
  bob.close();
});

test('the page /schema lists the files made from the schema, with links', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.open(`${server.url}/schema`, { colorScheme });
    await isAccessible(page);
    await screenshot(page, `schema-${colorScheme}`);
    const address = await page.getByRole('link', { name: 'client.js' }).getAttribute('href');
    assert.match(await (await fetch(new URL(address, server.url))).text(), /^\/\/ Generated .*export function io\(/s);
    await done(page);
  }
});
