// The generated package keeps within the limits of the server, however much it is given to do at once: with its own client,
// and with the official one.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { CLIENTS, Member } from './harness/member.js';
import { Server } from './harness/server.js';

/** More rooms than may be joined at once. */
const JOINS = 2500;
/** More messages than may be sent at once. */
const SENDS = 150;
/** The rooms that are left and joined again while the limit is exhausted. */
const LEFT = 20;

const names = Object.keys(CLIENTS);
/** The rooms of a user, who is alone in them. */
const roomsOf = (user, count) => Array.from({ length: count }, (_, n) => `${user}-${n}`);
const users = names.flatMap((client) => [[`${client}-joins`, JOINS], [`${client}-sends`, SENDS]]);
const world = {
  users: users.map(([id]) => ({ id, name: id, email: `${id}@example.com`, image: null })),
  channels: users.flatMap(([user, count]) => roomsOf(user, count).map((id) => ({ id, name: id, members: [user] }))),
  conversations: [],
};
const server = await Server.start({ world, rateLimits: 'on' });
after(() => server.close());

/** Connects a user who does something on one connection. */
async function onOneConnection(client, user, act) {
  const member = new Member(client, server.url, { token: server.token({ id: user, name: user }) });
  const ends = [];
  member.socket.on('disconnect', (reason) => ends.push(reason));
  try {
    await member.connected();
    await Promise.race([act(member), member.gone()]);
    assert.deepEqual(ends, []);
  } finally {
    member.close();
  }
}

for (const client of names) {
  describe(`with the ${client} client`, { concurrency: true }, () => {
    test('events are sent to many rooms at once', () =>
      onOneConnection(client, `${client}-sends`, async ({ rooms }) => {
        const channels = roomsOf(`${client}-sends`, SENDS);
        const messages = await Promise.all(channels.map((channelId) => rooms.send('send_message', { channelId, content: 'hello' })));
        assert.deepEqual(messages.map(({ channelId }) => channelId), channels);
      }));

    test('many rooms are joined at once, and some of them left and joined again', () =>
      onOneConnection(client, `${client}-joins`, async (member) => {
        const joined = roomsOf(`${client}-joins`, JOINS);
        for (const room of joined) member.join('channel', room);
        await member.traced('joined', JOINS);
        const left = joined.slice(0, LEFT);
        for (const channelId of left) await member.rooms.send('send_message', { channelId, content: 'hello' });
        await member.until(() => member.entries.length === LEFT, 'the messages');
        for (const room of left) {
          const { epoch } = member.rooms.position('channel', room);
          member.rooms.leave('channel', room);
          member.join('channel', room, { since: { epoch, seq: 0 } });
        }
        await member.until(() => member.entries.length === 2 * LEFT, 'the messages of the rooms that were joined again');
        assert.deepEqual(member.entries.slice(LEFT).map(({ channelId }) => channelId).sort(), left.toSorted());
      }));
  });
}
