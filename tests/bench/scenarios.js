// The scenarios, and their world.

/** The largest audience. Every other one is a part of it. */
const USERS = 1000;
/** Those who send at once. */
const CROWD = 64;

/**
 * `sockets` is how many users connect, `channel` the one that each of them sends to, `joined` whether they have joined it,
 * `senders` how many of them send, and `inFlight` how many messages each has on the way at once. A message is on the way
 * until it has been acknowledged, and, `untilDelivered`, until everybody has received it.
 */
export const SCENARIOS = [
  {
    name: 'rooms',
    title: '64 senders in 64 rooms that nobody has joined',
    sockets: CROWD,
    channel: (n) => `own-${n}`,
    joined: false,
    senders: CROWD,
    inFlight: 1,
  },
  {
    name: 'room',
    title: '64 members send in one room that all have joined',
    sockets: CROWD,
    channel: () => 'crowd',
    joined: true,
    senders: CROWD,
    inFlight: 1,
  },
  {
    name: 'alone',
    title: 'one sender alone',
    sockets: 1,
    channel: () => 'own-0',
    joined: false,
    senders: 1,
    inFlight: 1,
  },
  {
    name: 'fan-out',
    title: 'one sender to 1,000 who have joined, eight in flight',
    sockets: USERS,
    channel: () => 'everybody',
    joined: true,
    senders: 1,
    inFlight: 8,
    untilDelivered: true,
  },
];

export const user = (n) => ({ id: `user-${n}`, name: `User ${n}` });

const members = (count) => Array.from({ length: count }, (_, n) => user(n).id);

/** The users and channels of all scenarios, as `accord-server seed` loads them. */
export const WORLD = {
  users: Array.from({ length: USERS }, (_, n) => user(n)),
  channels: [
    ...Array.from({ length: CROWD }, (_, n) => ({ id: `own-${n}`, name: `Own ${n}`, members: [user(n).id] })),
    { id: 'crowd', name: 'Crowd', members: members(CROWD) },
    { id: 'everybody', name: 'Everybody', members: members(USERS) },
  ],
  conversations: [],
};
