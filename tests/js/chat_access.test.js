// The chat page as memberships, sessions and tokens end and begin.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isAccessible, screenshot } from './harness/browser.js';
import { begin, between, chat, connect, done, end, say, server, stored, token, withoutNetwork } from './harness/chat.js';
import { nowSeconds } from './harness/token.js';

before(begin);
after(end);

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

test('memberships that ended and began while the page was offline show once it is back', async () => {
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
