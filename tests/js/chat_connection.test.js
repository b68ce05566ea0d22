// The chat page while connections break and servers restart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAccessible, screenshot, stopClock } from './harness/browser.js';
import { begin, between, browser, chat, connect, done, end, say, server, stored, token, withoutNetwork, WORLD } from './harness/chat.js';
import { Server } from './harness/server.js';

before(begin);
after(end);

test('messages missed offline arrive, and messages written offline are sent automatically, each once', async () => {
  const alice = await chat('alice');
  const bob = await connect('bob');
  await say(alice, 'Before');
  await stopClock(alice);
  await alice.context().setOffline(true);
  await alice.getByText('Connection lost. Trying again…').waitFor();
  for (const text of ['From the tunnel', 'Still in it']) {
    await alice.field.fill(text);
    await alice.field.press('Enter');
    await alice.message(text).getByText('Sending…').waitFor();
  }
  // However long that takes.
  await alice.clock.fastForward(11_000);
  const unsent = alice.message('From the tunnel');
  await unsent.getByText('Not sent: The connection was lost. It goes out by itself as soon as it can.').waitFor();
  await screenshot(alice, 'chat-offline');
  await alice.clock.resume();
  await isAccessible(alice);
  const { id } = await bob.ok('send_message', { channelId: alice.room, content: 'Missed' });
  await bob.ok('send_message', { channelId: alice.room, content: 'Missed as well' });
  await bob.ok('add_reaction', { channelId: alice.room, messageId: id, emoji: '👀' });
  await alice.context().setOffline(false);
  await alice.getByText('Connection lost. Trying again…').waitFor({ state: 'hidden' });
  await alice.message('Missed as well').waitFor();
  await alice.message('Missed').first().getByRole('button', { name: '👀 1 by Bob' }).waitFor();
  await alice.message('Still in it').and(alice.locator(':not(.pending)')).waitFor();
  // The room is joined again: new messages arrive as events.
  await bob.ok('send_message', { channelId: alice.room, content: 'Welcome back' });
  await alice.message('Welcome back').waitFor();
  const shown = ['Before', 'Missed', 'Missed as well', 'From the tunnel', 'Still in it', 'Welcome back'];
  assert.deepEqual(await alice.locator('.content').allTextContents(), shown);
  assert.deepEqual(await stored(alice.room), shown);
  bob.close();
  alice.troubles = alice.troubles.filter((trouble) => !trouble.includes('ERR_INTERNET_DISCONNECTED'));
  await done(alice);
});

test('missed messages are counted', async () => {
  const alice = await chat('alice');
  const bob = await connect('bob');
  const nav = alice.getByRole('navigation', { name: 'Rooms' });
  await say(alice, 'Before');
  await nav.getByRole('button', { name: /Carol Okafor$/ }).click();
  await alice.context().setOffline(true);
  await alice.getByText('Connection lost. Trying again…').waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'Missed' });
  await alice.context().setOffline(false);
  await nav.getByRole('button', { name: `${alice.room} 1 unread` }).waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'Heard' });
  await nav.getByRole('button', { name: `${alice.room} 2 unread` }).waitFor();
  bob.close();
  alice.troubles = withoutNetwork(alice);
  await done(alice);
});

/** Answers what the page asks to join with `answer(payload)`, or leaves it to the server where that is `undefined`. */
const answerJoins = (page, answer) =>
  page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      const [, id, payload] = /^42(\d+)\["join_channel",(.*)\]$/.exec(frame) ?? [];
      const error = payload && answer(JSON.parse(payload));
      if (error) socket.send(`43${id}${JSON.stringify([{ ok: false, error: { ...error, event: 'join_channel' } }])}`);
      else server.send(frame);
    });
  });

test('a page whose position is lost shows the history, once it can be loaded', async () => {
  const alice = await chat('alice');
  const bob = await connect('bob');
  let isLost = false;
  const lost = { message: 'Missed events are no longer available', code: 'position_lost' };
  await answerJoins(alice, ({ channelId, since }) => {
    if (channelId !== alice.room || !isLost || since === undefined) return undefined;
    isLost = false;
    return lost;
  });
  const { id } = await bob.ok('send_message', { channelId: alice.room, content: 'Gone' });
  const kept = await bob.ok('send_message', { channelId: alice.room, content: 'Kept' });
  await alice.reload();
  await alice.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: alice.room, exact: true }).click();
  await alice.message('Kept').waitFor();
  await alice.context().setOffline(true);
  await alice.getByText('Connection lost. Trying again…').waitFor();
  isLost = true;
  await bob.ok('delete_message', { channelId: alice.room, messageId: id });
  await bob.ok('edit_message', { channelId: alice.room, messageId: kept.id, content: 'Kept, and edited' });
  await bob.ok('send_message', { channelId: alice.room, content: 'Missed' });
  const failure = { message: 'Failed to list messages', code: 'internal' };
  await alice.route('**/api/messages?*', (route) => route.fulfill({ status: 500, json: failure }));
  await alice.context().setOffline(false);
  await alice.messages.getByText('History could not be loaded: Failed to list messages').waitFor();
  await screenshot(alice, 'chat-history-failed');
  await isAccessible(alice);
  await alice.messages.getByRole('button', { name: 'Try again' }).click();
  await alice.messages.getByText('History could not be loaded: Failed to list messages').waitFor();
  // The page retries on its own, too.
  await alice.unroute('**/api/messages?*');
  await alice.message('Missed').waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'Live' });
  await alice.message('Live').waitFor();
  assert.deepEqual(await stored(alice.room), ['Kept, and edited', 'Missed', 'Live']);
  const texts = await alice.locator('.content').allTextContents();
  assert.deepEqual(texts, ['Kept, and edited (edited)', 'Missed', 'Live']);
  bob.close();
  alice.troubles = withoutNetwork(alice);
  await done(alice);
});

test('a failed join is retried automatically', async () => {
  const bob = await connect('bob');
  const alice = await chat('alice');
  let isRefused = true;
  const failure = { message: 'Failed to join channel', code: 'internal' };
  await answerJoins(alice, ({ channelId }) => (isRefused && channelId === alice.room ? failure : undefined));
  await alice.reload();
  await alice.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: alice.room, exact: true }).click();
  await alice.messages.getByText('Failed to join channel').waitFor();
  await alice.messages.getByRole('button', { name: 'Try again' }).click();
  await alice.messages.getByText('Failed to join channel').waitFor();
  isRefused = false;
  await alice.messages.getByText('There are no messages in').waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'It comes by itself' });
  await alice.message('It comes by itself').waitFor();
  bob.close();
  await done(alice);
});

test('the page reconnects to a server that restarts', async () => {
  const restarted = await Server.start({ fixtures: 0, world: WORLD });
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
    await page.getByRole('button', { name: 'Try now' }).waitFor({ state: 'detached' });
    await field.fill('After');
    await field.press('Enter');
    await page.locator('.message:not(.pending)', { hasText: 'After' }).waitFor();
    assert.deepEqual(await page.locator('.content').allTextContents(), ['Before', 'After']);
    // A server that stops says so, one that has stopped refuses, and its system ends what nobody has accepted in between.
    const ofStop = / 503 |ERR_CONNECTION_(REFUSED|RESET|CLOSED)|Connection closed before receiving a handshake response/;
    page.troubles = page.troubles.filter((trouble) => !ofStop.test(trouble));
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
    await restarted.close();
  }
});

test('a connection whose transport closes reconnects, and joins its rooms again', async () => {
  const bob = await connect('bob');
  const alice = await chat('alice');
  const fixture = await between(alice);
  await stopClock(alice);
  await fixture.newest.close();
  await alice.getByText('Connection lost. Trying again…').waitFor();
  await alice.clock.resume();
  await alice.getByText('Connection lost. Trying again…').waitFor({ state: 'hidden' });
  await bob.ok('send_message', { channelId: alice.room, content: 'Welcome back' });
  await alice.message('Welcome back').waitFor();
  assert.equal(fixture.connections, 2);
  bob.close();
  await done(alice);
});

test('the page agrees with the history, however often the connection breaks', async () => {
  const bob = await connect('bob');
  const alice = await chat('alice');
  const fixture = await between(alice);
  let n = 0;
  const talk = async () => {
    for (const end = n + 12; n < end; n += 1) {
      const { id } = await bob.ok('send_message', { channelId: alice.room, content: `${n}` });
      const at = { channelId: alice.room, messageId: id };
      if (n % 3 === 0) await bob.ok('edit_message', { ...at, content: `${n}, edited` });
      if (n % 3 === 1) await bob.ok('delete_message', at);
    }
  };
  for (let round = 0; round < 5; round += 1) {
    const talked = talk();
    await fixture.newest.close();
    await alice.field.fill(`Hello ${round}`);
    await alice.field.press('Enter');
    await alice.message(`Hello ${round}`).and(alice.locator(':not(.pending)')).waitFor();
    await talked;
  }
  await bob.ok('send_message', { channelId: alice.room, content: 'The end' });
  await alice.message('The end').waitFor();
  const texts = (await alice.locator('.content').allTextContents()).map((text) => text.replace(' (edited)', ''));
  assert.deepEqual(texts, await stored(alice.room));
  bob.close();
  await done(alice);
});
