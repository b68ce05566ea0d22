// The chat page when messages cannot be sent, are not answered, or come too fast.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isAccessible, screenshot } from './harness/browser.js';
import { begin, browser, chat, connect, done, end, server, stored, token, WORLD } from './harness/chat.js';
import { exhaust } from './harness/bursts.js';
import { Client } from './harness/client.js';
import { Server } from './harness/server.js';

before(begin);
after(end);

test('a message that could not be sent yet can be discarded, and the others go out', async () => {
  const alice = await chat('alice');
  await alice.clock.install();
  await alice.context().setOffline(true);
  for (const text of ['Never mind', 'Hear me']) {
    await alice.field.fill(text);
    await alice.field.press('Enter');
  }
  await alice.message('Never mind').getByText('Sending…').waitFor();
  await alice.clock.fastForward(11_000);
  await alice.message('Hear me').getByText('Not sent: The connection was lost.').waitFor();
  await screenshot(alice, 'chat-failed');
  await isAccessible(alice);
  await alice.message('Never mind').getByRole('button', { name: 'Discard' }).click();
  await alice.message('Never mind').waitFor({ state: 'detached' });
  // Nothing can be sent, and the page still says so.
  await alice.message('Hear me').getByRole('button', { name: 'Retry' }).click();
  await alice.message('Hear me').getByText('Sending…').waitFor();
  await alice.context().setOffline(false);
  await alice.getByRole('button', { name: 'Try now' }).click();
  await alice.message('Hear me').and(alice.locator(':not(.pending)')).waitFor();
  assert.deepEqual(await stored(alice.room), ['Hear me']);
  alice.troubles = alice.troubles.filter((trouble) => !trouble.includes('ERR_INTERNET_DISCONNECTED'));
  await done(alice);
});

/** Has Alice send a message whose acknowledgement and event are lost for as long as `areLost`; another client of hers sees it. */
async function lost(text) {
  const alice = await chat('alice');
  const answers = { areLost: true };
  await alice.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      if (!answers.areLost || !frame.includes(JSON.stringify(text))) socket.send(frame);
    });
  });
  await alice.reload();
  await alice.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: alice.room, exact: true }).click();
  await alice.messages.getByText('There are no messages in').waitFor();
  await alice.clock.install();
  const other = await connect('alice');
  await other.ok('join_channel', { channelId: alice.room });
  await alice.field.fill(text);
  await alice.field.press('Enter');
  const message = await other.next('new_message');
  await alice.clock.fastForward(11_000);
  await alice.message(text).getByText('Not sent: The server did not answer in time.').waitFor();
  const retry = () => alice.message(text).getByRole('button', { name: 'Retry' }).click();
  return { alice, other, message, answers, retry };
}

test('a message whose answer was lost exists once, however often it is sent again', async () => {
  const { alice, other, message, answers, retry } = await lost('Just once');
  await retry();
  await alice.message('Just once').getByText('Sending…').waitFor();
  await alice.clock.fastForward(11_000);
  await alice.message('Just once').getByText('Not sent: The server did not answer in time.').waitFor();
  answers.areLost = false;
  // The page sends it again.
  await alice.clock.fastForward(11_000);
  await alice.message('Just once').and(alice.locator(':not(.pending)')).waitFor();
  await alice.locator('.pending').waitFor({ state: 'detached' });
  assert.deepEqual(await alice.locator('.content').allTextContents(), ['Just once']);
  await other.saw([['joined_channel', { channelId: alice.room }]], 'it was sent once');
  const { body } = await server.rest(token('bob')).get(`/api/messages?channelId=${alice.room}`);
  assert.deepEqual(body.data.messages, [message]);
  other.close();
  await done(alice);
});

test('a message whose answer was lost, and that was deleted since, does not reappear when it is sent again', async () => {
  const { alice, other, message, answers } = await lost('Soon gone');
  await other.ok('delete_message', { channelId: alice.room, messageId: message.id });
  answers.areLost = false;
  await alice.clock.fastForward(11_000);
  await alice.message('Soon gone').waitFor({ state: 'detached' });
  assert.deepEqual(await alice.locator('.content').allTextContents(), []);
  other.close();
  await done(alice);
});

test('a user who sends too fast sees how long to wait, and everything arrives', async () => {
  const limited = await Server.start({ fixtures: 0, rateLimits: 'on', world: { ...WORLD, channels: WORLD.channels.slice(0, 1) } });
  const page = await browser.open(`${limited.url}/#token=${limited.token({ id: 'alice', name: 'Alice Moreau' })}`);
  try {
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    // No wait ends before it has been seen.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 10_000);
    // Another of her connections uses up the limit, so that even a slow page is too fast for it.
    const other = await new Client(limited, { token: limited.token({ id: 'alice', name: 'Alice Moreau' }) }).connected();
    await exhaust(other, 80);
    // It goes on until the page has been refused, however long that takes.
    let isSeen = false;
    const drain = async () => {
      while (!isSeen) {
        const { error } = await other.ack('ping');
        if (error) await pause(error.retryAfterMs);
      }
    };
    const drained = drain();
    await page.evaluate(() => {
      const field = document.querySelector('.composer textarea');
      for (let n = 0; n < 75; n += 1) {
        field.value = `Hurry ${n}`;
        field.dispatchEvent(new Event('input'));
        field.form.requestSubmit();
      }
    });
    await page.getByText(/^Rate limit exceeded. Please slow down. Sending again in \d+ s.$/).first().waitFor();
    isSeen = true;
    await drained;
    await screenshot(page, 'chat-rate-limit');
    await page.clock.resume();
    await isAccessible(page);
    await page.locator('.message:not(.pending) >> nth=74').waitFor();
    assert.equal(new Set(await page.locator('.content').allTextContents()).size, 75);
    assert.deepEqual(page.troubles, []);
    other.close();
  } finally {
    await page.context().close();
    await limited.close();
  }
});
