// The users and rooms of the faults: crews, each with a channel and a conversation of the same id.
import { CHANNEL, CONVERSATION } from '../harness/kinds.js';

/** Every such user has a second device. */
const SECOND_DEVICE = 4;

export class Crews {
  /** So many crews with so many users each. */
  constructor(count, size) {
    this.crews = Array.from({ length: count }, (_, crew) => {
      const users = Array.from({ length: size }, (_, n) => ({ id: `u${crew}-${n}`, name: `User ${n} of ${crew}`, email: null, image: null }));
      return { room: `crew-${crew}`, users };
    });
    /** Entries that were received, each once however many clients have received it. */
    this.known = new Map();
  }

  /** The world file. */
  get world() {
    const rooms = this.crews.map(({ room, users }) => ({ id: room, members: users.map(({ id }) => id) }));
    return {
      users: this.crews.flatMap(({ users }) => users),
      channels: rooms.map((room) => ({ ...room, name: room.id })),
      conversations: rooms,
    };
  }

  /** The devices of all users: `{id, user, rooms}`. */
  get devices() {
    return this.crews.flatMap(({ room, users }) => {
      const rooms = new Map([[CHANNEL, room], [CONVERSATION, room]]);
      return users.flatMap((user, n) => (n % SECOND_DEVICE === 0 ? ['', ' too'] : ['']).map((device) => ({ id: user.id + device, user, rooms })));
    });
  }

  /** The first of all equal entries. */
  same(entry) {
    const text = JSON.stringify(entry);
    const known = this.known.get(text) ?? entry;
    this.known.set(text, known);
    return known;
  }
}
