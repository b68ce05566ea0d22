// The chat page where things go wrong: connections that break, history that is late, limits, memberships and tokens that end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAccessible, screenshot } from './harness/browser.js';
import { begin, browser, chat, chatWithHistory, connect, done, end, hold, say, server, token, toTop, withoutNetwork, WORLD } from './harness/chat.js';
import { Server } from './harness/server.js';
import { nowSeconds } from './harness/token.js';

before(begin);
after(end);

test('what was missed while offline is read, and what was said goes out, each once', async () => {
  const alice = await chat('alice');
  const bob = await connect('bob');
  await say(alice, 'Before');
  await alice.context().setOffline(true);
  await alice.getByText('Connection lost. Trying again…').waitFor();
  await alice.field.fill('From the tunnel');
  await alice.field.press('Enter');
  await alice.message('From the tunnel').getByText('Sending…').waitFor();
  await screenshot(alice, 'chat-offline');
  await isAccessible(alice);
  const { id } = await bob.ok('send_message', { channelId: alice.room, content: 'Missed' });
  await bob.ok('send_message', { channelId: alice.room, content: 'Missed as well' });
  await bob.ok('add_reaction', { channelId: alice.room, messageId: id, emoji: '👀' });
  await alice.context().setOffline(false);
  await alice.getByText('Connection lost. Trying again…').waitFor({ state: 'hidden' });
  await alice.message('Missed as well').waitFor();
  await alice.message('Missed').first().getByRole('button', { name: '👀 1 by Bob' }).waitFor();
  await alice.message('From the tunnel').and(alice.locator(':not(.pending)')).waitFor();
  // The room is joined again: what comes now comes by itself.
  await bob.ok('send_message', { channelId: alice.room, content: 'Welcome back' });
  await alice.message('Welcome back').waitFor();
  assert.deepEqual(await alice.locator('.content').allTextContents(), ['Before', 'Missed', 'Missed as well', 'From the tunnel', 'Welcome back']);
  bob.close();
  alice.troubles = alice.troubles.filter((trouble) => !trouble.includes('ERR_INTERNET_DISCONNECTED'));
  await done(alice);
});

test('a quote is followed while older messages are being read', async () => {
  const { alice, bob } = await chatWithHistory();
  const older = await hold(alice, /messages\?.*before=/);
  await toTop(alice);
  await older.asked;
  await alice.message('message 99.').getByRole('button', { name: /^In reply to Bob/ }).evaluate((quote) => quote.click());
  older.release();
  await alice.message('message 0.').and(alice.locator(':focus')).waitFor();
  bob.close();
  await done(alice);
});

test('a quote that is followed leaves alone the room that one goes to meanwhile', async () => {
  const { alice, bob } = await chatWithHistory();
  const older = await hold(alice, /messages\?.*before=/);
  await alice.message('message 99.').getByRole('button', { name: /^In reply to Bob/ }).click();
  await older.asked;
  const nav = alice.getByRole('navigation', { name: 'Rooms' });
  await nav.getByRole('button', { name: /Carol Okafor$/ }).click();
  await alice.getByRole('region', { name: 'Messages in Carol Okafor' }).waitFor();
  const isLast = async (response) => response.url().includes('before=') && (await response.json()).data.nextCursor === null;
  const last = alice.waitForResponse(isLast);
  older.release();
  await last;
  await nav.getByRole('button', { name: alice.room, exact: true }).click();
  await alice.message('message 0.').waitFor({ state: 'attached' });
  bob.close();
  await done(alice);
});

test('a reaction is seen at a message that was being read when it came', async () => {
  const { alice, bob, messages } = await chatWithHistory();
  const older = await hold(alice, /messages\?.*before=/);
  await toTop(alice);
  await older.asked;
  await bob.ok('add_reaction', { channelId: alice.room, messageId: messages[50].id, emoji: '👀' });
  await bob.ok('send_message', { channelId: alice.room, content: 'I have looked at it.' });
  await alice.message('I have looked at it.').waitFor({ state: 'attached' });
  older.release();
  await alice.message('message 50.').getByRole('button', { name: '👀 1 by Bob' }).waitFor({ state: 'attached' });
  bob.close();
  await done(alice);
});

test('what was being read when the connection was lost is not shown twice', async () => {
  const { alice, bob } = await chatWithHistory();
  const older = await hold(alice, /messages\?.*before=/);
  await toTop(alice);
  await older.asked;
  // Of the socket alone: what is asked for over HTTP goes on.
  await alice.evaluate(() => globalThis.dispatchEvent(new Event('offline')));
  await alice.getByText('Connection lost. Trying again…').waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'Missed' });
  await alice.message('Missed').waitFor({ state: 'attached' });
  const read = alice.waitForResponse((response) => response.url().includes('before='));
  older.release();
  await read;
  await alice.message('Missed').scrollIntoViewIfNeeded();
  await say(alice, 'Where were we?');
  const ids = await alice.locator('.message').evaluateAll((all) => all.map(({ id }) => id));
  assert.deepEqual(ids, [...new Set(ids)].sort());
  bob.close();
  await done(alice);
});

test('what was missed is counted, also where something newer came first', async () => {
  const alice = await chat('alice');
  const bob = await connect('bob');
  const nav = alice.getByRole('navigation', { name: 'Rooms' });
  await say(alice, 'Before');
  await nav.getByRole('button', { name: /Carol Okafor$/ }).click();
  await alice.context().setOffline(true);
  await alice.getByText('Connection lost. Trying again…').waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'Missed' });
  const history = await hold(alice, new RegExp(`messages\\?channelId=${alice.room}&`));
  await alice.context().setOffline(false);
  await history.asked;
  await bob.ok('send_message', { channelId: alice.room, content: 'Heard' });
  await nav.getByRole('button', { name: `${alice.room} 1 unread` }).waitFor();
  history.release();
  await nav.getByRole('button', { name: `${alice.room} 2 unread` }).waitFor();
  bob.close();
  alice.troubles = withoutNetwork(alice);
  await done(alice);
});

test('history that cannot be read after a reconnect is read by trying again', async () => {
  const alice = await chat('alice');
  const bob = await connect('bob');
  await say(alice, 'Before');
  await alice.context().setOffline(true);
  await alice.getByText('Connection lost. Trying again…').waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'Missed' });
  await alice.route('**/api/messages?*', (route) => route.fulfill({ status: 500, json: { message: 'Failed to list messages', code: 'internal' } }));
  await alice.context().setOffline(false);
  await alice.messages.getByText('History could not be loaded: Failed to list messages').waitFor();
  await screenshot(alice, 'chat-history-failed');
  await isAccessible(alice);
  await alice.unroute('**/api/messages?*');
  await alice.messages.getByRole('button', { name: 'Try again' }).click();
  await alice.message('Missed').waitFor();
  bob.close();
  alice.troubles = withoutNetwork(alice);
  await done(alice);
});

test('a room that could not be joined is joined by trying again', async () => {
  const bob = await connect('bob');
  const alice = await chat('alice');
  let isRefused = true;
  await alice.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      const id = /^42(\d+)\["join_channel"/.exec(frame)?.[1];
      const error = { message: 'Failed to join channel', code: 'internal', event: 'join_channel' };
      if (isRefused && id !== undefined && frame.includes(`"${alice.room}"`)) socket.send(`43${id}${JSON.stringify([{ ok: false, error }])}`);
      else server.send(frame);
    });
  });
  await alice.reload();
  await alice.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: alice.room, exact: true }).click();
  await alice.messages.getByText('Failed to join channel').waitFor();
  isRefused = false;
  await alice.messages.getByRole('button', { name: 'Try again' }).click();
  await alice.messages.getByText('Nobody has said anything').waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'It comes by itself' });
  await alice.message('It comes by itself').waitFor();
  bob.close();
  await done(alice);
});

test('what does not get through can be sent again, or given up', async () => {
  const alice = await chat('alice');
  await alice.clock.install();
  await alice.context().setOffline(true);
  for (const text of ['Try me twice', 'Never mind']) {
    await alice.field.fill(text);
    await alice.field.press('Enter');
  }
  await alice.clock.fastForward(11_000);
  const failed = alice.message('Try me twice');
  await failed.getByText('Not sent: The connection was lost.').waitFor();
  await screenshot(alice, 'chat-failed');
  await isAccessible(alice);
  await alice.message('Never mind').getByRole('button', { name: 'Discard' }).click();
  await alice.message('Never mind').waitFor({ state: 'detached' });
  await alice.context().setOffline(false);
  await alice.getByRole('button', { name: 'Try now' }).click();
  await failed.getByRole('button', { name: 'Retry' }).click();
  await failed.and(alice.locator(':not(.pending)')).waitFor();
  alice.troubles = alice.troubles.filter((trouble) => !trouble.includes('ERR_INTERNET_DISCONNECTED'));
  await done(alice);
});

test('a server that restarts is returned to', async () => {
  const restarted = await Server.start({ stages: 0, world: WORLD });
  const { port } = restarted;
  const page = await browser.open(`${restarted.url}/#token=${restarted.token({ id: 'alice', name: 'Alice Moreau' })}`);
  try {
    const field = page.getByRole('textbox', { name: 'Message', exact: true });
    await field.fill('Before');
    await field.press('Enter');
    await page.locator('.message:not(.pending)', { hasText: 'Before' }).waitFor();
    await restarted.stop();
    await page.getByRole('button', { name: 'Try now' }).waitFor();
    await restarted.launch(port);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByRole('button', { name: 'Try now' }).waitFor({ state: 'detached' });
    await field.fill('After');
    await field.press('Enter');
    await page.locator('.message:not(.pending)', { hasText: 'After' }).waitFor();
    assert.deepEqual(await page.locator('.content').allTextContents(), ['Before', 'After']);
    // A server that stops says so, and one that has stopped refuses.
    page.troubles = page.troubles.filter((trouble) => !/ 503 |ERR_CONNECTION_REFUSED/.test(trouble));
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
    await restarted.close();
  }
});

test('who is too fast is told how long it takes, and everything arrives', async () => {
  const limited = await Server.start({ stages: 0, rateLimits: 'on', world: { ...WORLD, channels: WORLD.channels.slice(0, 1) } });
  const page = await browser.open(`${limited.url}/#token=${limited.token({ id: 'alice', name: 'Alice Moreau' })}`);
  try {
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    // No wait ends before it has been seen.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 2000);
    await page.evaluate(() => {
      const field = document.querySelector('.composer textarea');
      for (let n = 0; n < 75; n += 1) {
        field.value = `Hurry ${n}`;
        field.dispatchEvent(new Event('input'));
        field.form.requestSubmit();
      }
    });
    await page.getByText(/^Rate limit exceeded. Please slow down. Sending again in \d+ s.$/).first().waitFor();
    await screenshot(page, 'chat-rate-limit');
    await page.clock.resume();
    await isAccessible(page);
    await page.locator('.message:not(.pending) >> nth=74').waitFor();
    assert.equal(new Set(await page.locator('.content').allTextContents()).size, 75);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
    await limited.close();
  }
});

test('who may not write any more is told so at the message', async () => {
  const alice = await chat('alice');
  const removed = await server.admin.delete(`/api/admin/channels/${alice.room}/members/alice`);
  assert.equal(removed.status, 200);
  await alice.field.fill('Am I still here?');
  await alice.field.press('Enter');
  await alice.message('Am I still here?').getByText('Not sent: Access denied to channel').waitFor();
  assert.equal(await alice.message('Am I still here?').getByRole('button', { name: 'Retry' }).count(), 0);
  await isAccessible(alice);
  await done(alice);
});

test('a token that expires is asked for anew', async () => {
  const alice = await chat('alice', { claims: { exp: nowSeconds() + 4 } });
  await alice.getByText('Your token has expired.').waitFor();
  await screenshot(alice, 'chat-expired');
  await isAccessible(alice);
  await alice.getByRole('textbox', { name: 'Token' }).fill(token('bob'));
  await alice.getByRole('button', { name: 'Sign in again' }).click();
  await alice.getByRole('navigation', { name: 'Rooms' }).getByText('Bob').first().waitFor();
  await alice.getByText('Your token has expired.').waitFor({ state: 'detached' });
  await done(alice);
});
