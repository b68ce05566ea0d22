// Users of the generated package's rooms, over networks that break.
import { CHANNEL } from './kinds.js';
import { Member } from './member.js';
import { Network } from './proxy.js';
import { Server } from './server.js';

/** The server of a test file. */
export let server;
/** What ends the members of tests that have failed. */
const ends = new Set();

/** Starts the server of a test file. */
export async function start() {
  server = await Server.start({ fixtures: 80 });
}

export async function stop() {
  for (const end of ends) await end();
  await server?.close();
}

/** All messages of a room, oldest first. */
async function history(fixture, kind, room) {
  const messages = [];
  for (let cursor = ''; cursor !== null; ) {
    const query = `limit=100${cursor && `&before=${encodeURIComponent(cursor)}`}`;
    const { body } = await fixture.rest('ada').get(kind.history(room, query));
    messages.push(...body.data.messages);
    cursor = body.data.nextCursor;
  }
  return messages.reverse();
}

/** Bob, over a network of his own, and Ada, whose connection never breaks. */
export async function begin(client, { kind = CHANNEL, at = server, options } = {}) {
  const fixture = at.fixture();
  const network = await Network.start(at.port);
  const bob = new Member(client, network.url, { token: fixture.token('bob') }, options);
  const ada = await fixture.connect('ada', { numbered: true });
  const room = kind.room(fixture);
  const to = { [kind.key]: room };
  const load = async () => {
    const { body } = await fixture.rest('bob').get(kind.history(room));
    bob.loaded = body.data.messages.map(({ content }) => content).reverse();
    return body.data.position;
  };
  const end = async () => {
    ends.delete(end);
    bob.close();
    await network.close();
  };
  ends.add(end);
  const send = (content, extra) => bob.rooms.send(kind.send, { ...to, content, ...extra });
  const sent = async () => (await history(fixture, kind, room)).map(({ content }) => content);
  return { fixture, network, bob, ada, room, to, load, send, sent, end };
}

export const numbered = (prefix, count) => Array.from({ length: count }, (_, n) => `${prefix} ${n}`);
