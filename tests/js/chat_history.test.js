// The chat page while history is late.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { stopClock } from './harness/browser.js';
import { begin, chatWithHistory, done, end, hold, say, toTop } from './harness/chat.js';

before(begin);
after(end);

test('a quote can be followed while older messages are loading', async () => {
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

test('following a quote does not affect the room that the user opens meanwhile', async () => {
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

test('a reaction that arrives while its message is loading is shown', async () => {
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

test('messages that were loading when the connection broke are not shown twice', async () => {
  const { alice, bob } = await chatWithHistory();
  const older = await hold(alice, /messages\?.*before=/);
  await toTop(alice);
  await older.asked;
  // Only the socket is cut: HTTP requests go on. It does not come back before that was seen.
  await stopClock(alice);
  await alice.evaluate(() => globalThis.dispatchEvent(new Event('offline')));
  await alice.getByText('Connection lost. Trying again…').waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'Missed' });
  await alice.clock.resume();
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
