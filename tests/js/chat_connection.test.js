// The chat page where things go wrong: connections that break, history that is late, limits, memberships and tokens that end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isAccessible, screenshot, stopClock } from './harness/browser.js';
import { begin, browser, chat, chatWithHistory, connect, done, end, hold, say, server, token, toTop, withoutNetwork, WORLD } from './harness/chat.js';
import { exhaust } from './harness/bursts.js';
import { Client } from './harness/client.js';
import { Server } from './harness/server.js';
import { nowSeconds } from './harness/token.js';

before(begin);
after(end);

/** The texts that history has, oldest first. */
async function stored(room) {
  const { body } = await server.rest(token('bob')).get(`/api/messages?channelId=${room}&limit=100`);
  return body.data.messages.map(({ content }) => content).reverse();
}

test('messages that were missed offline come, and those written offline go out by themselves, each once', async () => {
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

test('a page whose position is lost shows what history has, once it can be loaded', async () => {
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
  // It is tried again by itself, too.
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

test('a room that could not be joined is joined by itself', async () => {
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

test('a message whose answer was lost is there once, however often it is sent again', async () => {
  const { alice, other, message, answers, retry } = await lost('Just once');
  await retry();
  await alice.message('Just once').getByText('Sending…').waitFor();
  await alice.clock.fastForward(11_000);
  await alice.message('Just once').getByText('Not sent: The server did not answer in time.').waitFor();
  answers.areLost = false;
  // It is sent again by itself.
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

test('a message whose answer was lost, and that was deleted since, is not there after it was sent again', async () => {
  const { alice, other, message, answers } = await lost('Soon gone');
  await other.ok('delete_message', { channelId: alice.room, messageId: message.id });
  answers.areLost = false;
  await alice.clock.fastForward(11_000);
  await alice.message('Soon gone').waitFor({ state: 'detached' });
  assert.deepEqual(await alice.locator('.content').allTextContents(), []);
  other.close();
  await done(alice);
});

test('the page reconnects by itself to a server that restarts', async () => {
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

/** Stands between the page and the server: counts connections, has the newest, and refuses tokens where it is to. */
async function between(page) {
  const fixture = { connections: 0, newest: undefined, isRefusing: false };
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => server.send(fixture.isRefusing && frame.startsWith('40') ? '40{"token":"expired"}' : frame));
    fixture.connections += 1;
    fixture.newest = socket;
  });
  await page.reload();
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: page.room, exact: true }).click();
  await page.messages.getByText('There are no messages in').waitFor();
  return fixture;
}

test('a connection whose transport closes reconnects by itself, with its rooms', async () => {
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

test('however often the connection breaks, the page shows what history has', async () => {
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

test('the page asks for a new token at the next attempt if the old one has expired', async () => {
  const alice = await chat('alice');
  const fixture = await between(alice);
  fixture.isRefusing = true;
  await fixture.newest.close();
  await alice.getByText('Authentication failed. Paste a new token to sign in again.').waitFor();
  fixture.isRefusing = false;
  await alice.getByRole('textbox', { name: 'Token' }).fill(token('bob'));
  await alice.getByRole('button', { name: 'Sign in again' }).click();
  await alice.getByRole('navigation', { name: 'Rooms' }).getByText('Bob').first().waitFor();
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
    // And goes on doing so until the page was refused, however long that takes.
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

const inNavigation = (page, name) => page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name, exact: true });

test('rooms disappear and appear as memberships end and begin', async () => {
  const alice = await chat('alice');
  const bob = await connect('bob');
  const membership = `/api/admin/channels/${alice.room}/members/alice`;
  await say(alice, 'Before');
  const told = alice.getByText(`You are no longer a member of # ${alice.room}.`).waitFor();
  assert.equal((await server.admin.delete(membership)).status, 200);
  await told;
  await inNavigation(alice, alice.room).waitFor({ state: 'detached' });
  await alice.getByText('You are no longer a member.', { exact: true }).waitFor();
  await screenshot(alice, 'chat-removed');
  await isAccessible(alice);
  await alice.field.fill('Am I still here?');
  await alice.field.press('Enter');
  await alice.message('Am I still here?').getByText('Not sent: Access denied to channel').waitFor();
  assert.equal(await alice.message('Am I still here?').getByRole('button', { name: 'Retry' }).count(), 0);
  await isAccessible(alice);
  await bob.ok('send_message', { channelId: alice.room, content: 'Without Alice' });
  assert.equal((await server.admin.put(membership)).status, 200);
  await inNavigation(alice, alice.room).waitFor();
  await alice.message('Without Alice').waitFor();
  await bob.ok('send_message', { channelId: alice.room, content: 'With Alice' });
  await alice.message('With Alice').waitFor();
  assert.deepEqual(await alice.locator('.content').allTextContents(), await stored(alice.room));

  const made = `/api/admin/channels/made-of-${alice.room}`;
  assert.equal((await server.admin.put(made, { name: `made-of-${alice.room}`, members: ['alice', 'bob'] })).status, 200);
  await inNavigation(alice, `made-of-${alice.room}`).waitFor();
  await bob.ok('send_message', { channelId: `made-of-${alice.room}`, content: 'Over here' });
  await alice.getByRole('button', { name: `made-of-${alice.room} 1 unread` }).click();
  await alice.getByText('Alice Moreau, Bob', { exact: true }).waitFor();
  assert.equal((await server.admin.put(`${made}/members/carol`)).status, 200);
  await alice.getByText('Alice Moreau, Bob, Carol Okafor', { exact: true }).waitFor();
  bob.close();
  await done(alice);
});

test('memberships that ended and began while the page was away show when it is back', async () => {
  const alice = await chat('alice');
  const made = `away-of-${alice.room}`;
  await alice.context().setOffline(true);
  await alice.getByText('Connection lost. Trying again…').waitFor();
  assert.equal((await server.admin.delete(`/api/admin/channels/${alice.room}/members/alice`)).status, 200);
  assert.equal((await server.admin.put(`/api/admin/channels/${made}`, { name: made, members: ['alice'] })).status, 200);
  await alice.context().setOffline(false);
  await inNavigation(alice, made).waitFor();
  await inNavigation(alice, alice.room).waitFor({ state: 'detached' });
  alice.troubles = withoutNetwork(alice);
  await done(alice);
});

test('a user whom the server disconnects can sign in again', async () => {
  const alice = await chat('alice');
  let dismiss;
  await alice.routeWebSocket(/socket\.io/, (socket) => {
    socket.connectToServer();
    dismiss = () => socket.send('41');
  });
  await alice.reload();
  await alice.field.waitFor();
  dismiss();
  await alice.getByText('The server has ended your session. Paste a new token to sign in again.').waitFor();
  await isAccessible(alice);
  await alice.getByRole('textbox', { name: 'Token' }).fill(token('alice'));
  await alice.getByRole('button', { name: 'Sign in again' }).click();
  await alice.getByText('The server has ended your session.').waitFor({ state: 'detached' });
  await done(alice);
});

test('the page asks for a new token when one expires', async () => {
  // The token lasts for ten times as long as the page has just taken to open.
  const began = nowSeconds();
  await done(await chat('alice'));
  const seconds = Math.max(8, 10 * (nowSeconds() + 1 - began));
  const alice = await chat('alice', { claims: { exp: nowSeconds() + seconds } });
  await alice.getByText('Your token has expired. Paste a new token to sign in again.').waitFor({ timeout: (seconds + 30) * 1000 });
  await screenshot(alice, 'chat-expired');
  await isAccessible(alice);
  await alice.getByRole('textbox', { name: 'Token' }).fill(token('bob'));
  await alice.getByRole('button', { name: 'Sign in again' }).click();
  await alice.getByRole('navigation', { name: 'Rooms' }).getByText('Bob').first().waitFor();
  await alice.getByText('Your token has expired.').waitFor({ state: 'detached' });
  await done(alice);
});
