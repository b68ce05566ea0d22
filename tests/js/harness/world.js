// Worlds: the users and rooms of tests. Each test takes a fixture: users and rooms that no other test uses.
import { Client } from './client.js';

const ROLES = ['ada', 'bob', 'cyd', 'eve'];

const user = (role, n) => ({
  id: `${role}-${n}`,
  name: `${role[0].toUpperCase()}${role.slice(1)} ${n}`,
  email: `${role}-${n}@example.com`,
  image: role === 'ada' ? `https://example.com/ada-${n}.png` : null,
});

/**
 * A world of `count` fixtures. In each, Ada, Bob and Cyd are the members of the channels `general` and `side` and of the
 * conversations `dm`, `second` and `twin`; Eve is alone in the channel `elsewhere` and the conversation `alone`. `twin`
 * has the id of `general`.
 */
export function makeWorld(count) {
  const world = { users: [], channels: [], conversations: [] };
  for (let n = 0; n < count; n += 1) {
    const members = [`ada-${n}`, `bob-${n}`, `cyd-${n}`];
    world.users.push(...ROLES.map((role) => user(role, n)));
    world.channels.push(
      { id: `general-${n}`, name: `General ${n}`, members },
      { id: `side-${n}`, name: `Side ${n}`, members },
      { id: `elsewhere-${n}`, name: `Elsewhere ${n}`, members: [`eve-${n}`] },
    );
    world.conversations.push(
      { id: `dm-${n}`, members },
      { id: `second-${n}`, members },
      { id: `general-${n}`, members },
      { id: `alone-${n}`, members: [`eve-${n}`] },
    );
  }
  return world;
}

/** One test's users and rooms, and the clients that it connected. */
export class Fixture {
  constructor(server, n) {
    this.server = server;
    this.users = Object.fromEntries(ROLES.map((role) => [role, user(role, n)]));
    this.general = `general-${n}`;
    this.side = `side-${n}`;
    this.elsewhere = `elsewhere-${n}`;
    this.dm = `dm-${n}`;
    this.second = `second-${n}`;
    this.twin = `general-${n}`;
    this.alone = `alone-${n}`;
    this.clients = [];
  }

  /** A user as others see one. */
  profile(role) {
    const { id, name, image } = this.users[role];
    return { id, name, image };
  }

  claims(role, extra = {}) {
    const { id, name, email, image } = this.users[role];
    return { id, name, email, ...(image === null ? {} : { image }), ...extra };
  }

  token(role, extra) {
    return this.server.token(this.claims(role, extra));
  }

  rest(role) {
    return this.server.rest(this.token(role));
  }

  /** Connects a user, and waits until it is authenticated. */
  async connect(role, options = {}) {
    const client = this.client({ token: this.token(role), ...options });
    client.user = this.users[role];
    await client.connected();
    return client;
  }

  /** Connects several users. */
  connectAll(roles, options) {
    return Promise.all(roles.map((role) => this.connect(role, options)));
  }

  /** A client that is not connected yet. */
  client(options) {
    const client = new Client(this.server, options);
    this.clients.push(client);
    return client;
  }

  close() {
    for (const client of this.clients) client.close();
  }
}

/** Hands out a world's fixtures, each once. */
export class Fixtures {
  constructor(server, count) {
    this.server = server;
    this.count = count;
    this.taken = [];
  }

  next() {
    if (this.taken.length === this.count) throw new Error(`the world has ${this.count} fixtures, and all are taken`);
    const fixture = new Fixture(this.server, this.taken.length);
    this.taken.push(fixture);
    return fixture;
  }

  async close() {
    for (const fixture of this.taken) fixture.close();
  }
}
