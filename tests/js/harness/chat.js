// The chat page, as its users see it.
import assert from 'node:assert/strict';
import { Browser } from './browser.js';
import { Client } from './client.js';
import { Server } from './server.js';

const USERS = { alice: 'Alice Moreau', bob: 'Bob', carol: 'Carol Okafor', dora: 'Dora' };
const members = Object.keys(USERS);
const ROOMS = 32;
export const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

/** Each test has a channel, and a conversation of the same number, of its own. */
export const WORLD = {
  users: members.map((id) => ({ id, name: USERS[id], email: null, image: null })),
  channels: Array.from({ length: ROOMS }, (_, n) => ({ id: `room-${n}`, name: `room-${n}`, members: ['alice', 'bob', 'carol'] })),
  conversations: [{ id: 'alice-bob', members: ['alice', 'bob'] }, { id: 'alice-carol', members: ['alice', 'carol'] }],
};

export let server;
export let browser;
let rooms = 0;

/** Starts the server and the browser of a test file. */
export async function begin() {
  [server, browser] = await Promise.all([Server.start({ fixtures: 0, world: WORLD }), Browser.start()]);
}

export async function end() {
  await browser?.close();
  await server?.close();
}

/** The room that is taken next. */
export const upcoming = () => `room-${rooms}`;

/** A room that no other test has. */
export const take = () => `room-${(rooms += 1) - 1}`;

export const token = (id, claims) => server.token({ id, name: USERS[id], ...claims });

/** A user of the official client. */
export const connect = (id) => new Client(server, { token: token(id) }).connected();

/** A time zone in which it is about noon: what happened just now happened today. */
const timezoneId = `Etc/GMT${((hours) => (hours < 0 ? hours : `+${hours}`))(new Date().getUTCHours() - 12)}`;

/** Opens the page as a user, in a room that no other test has. */
export async function chat(id, { room = take(), claims, ...options } = {}) {
  const page = await browser.open(`${server.url}/#token=${token(id, claims)}`, { timezoneId, ...options });
  page.room = room;
  const button = page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: room, exact: true });
  await button.waitFor();
  await button.click();
  page.messages = page.getByRole('region', { name: `Messages in ${room}` });
  page.field = page.getByRole('textbox', { name: 'Message', exact: true });
  page.message = (text) => page.messages.getByRole('listitem').filter({ has: page.locator('.content', { hasText: text }) });
  // Only a room that was joined and loaded counts what is unread, and receives everything.
  await page.locator('.timeline-top').filter({ hasNotText: 'Loading…' }).filter({ hasText: /./ }).waitFor();
  await page.messages.waitFor();
  return page;
}

export async function say(page, text) {
  await page.field.fill(text);
  await page.field.press('Enter');
  await page.message(text).and(page.locator(':not(.pending)')).waitFor();
}

/** Points at a message, and presses one of its buttons. */
export async function act(page, text, name) {
  await page.message(text).hover();
  await page.message(text).getByRole('button', { name, exact: true }).click();
}

export async function done(...pages) {
  for (const page of pages) {
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  }
}

/** Delays the answer to the next request for a URL until `release` is called; `asked` resolves once it is requested. */
export async function hold(page, url) {
  const holding = {};
  const held = new Promise((resolve) => (holding.release = resolve));
  holding.asked = new Promise((resolve) => (holding.ask = resolve));
  const answer = async (route) => {
    const response = await route.fetch();
    holding.ask();
    await held;
    await route.fulfill({ response });
  };
  await page.route(url, answer, { times: 1 });
  return holding;
}

export const withoutNetwork = ({ troubles }) => troubles.filter((trouble) => !/ERR_INTERNET_DISCONNECTED| 500 /.test(trouble));

/** Has Bob say a hundred things before Alice comes, the last of which replies to the first. */
export async function chatWithHistory() {
  const room = upcoming();
  const bob = await connect('bob');
  const messages = [];
  for (let n = 0; n < 100; n += 1) {
    const replyToId = n === 99 ? messages[0].id : undefined;
    messages.push(await bob.ok('send_message', { channelId: room, content: `message ${n}.`, replyToId }));
  }
  const alice = await chat('alice');
  await alice.message('message 99.').waitFor();
  return { alice, bob, messages };
}

export const toTop = (page) => page.evaluate(() => (document.querySelector('.scroller').scrollTop = 0));

/** The texts that history has, oldest first. */
export async function stored(room) {
  const { body } = await server.rest(token('bob')).get(`/api/messages?channelId=${room}&limit=100`);
  return body.data.messages.map(({ content }) => content).reverse();
}

/** Stands between the page and the server: counts connections, has the newest, and refuses tokens where it is to. */
export async function between(page) {
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
