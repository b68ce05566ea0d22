// A room as one client follows it: the received entries, and its position.

/** A client's time in a room, from joining it to leaving it, to the end of the connection, or to joining it again. */
class Stay {
  constructor(since, joined) {
    /** The number up to which the client had everything, and that of the acknowledgement. */
    this.since = since;
    this.joined = joined;
    /** The number up to which it was told to have caught up. */
    this.caughtUp = undefined;
    /** The entries that it was sent, in the order of arrival. */
    this.entries = [];
  }
}

export class Followed {
  constructor(kind, room) {
    this.kind = kind;
    this.room = room;
    this.position = undefined;
    /** Whether the client takes itself for a member, how often it was told that it is one now, and which connection joins. */
    this.isMember = true;
    this.invitations = 0;
    this.joining = undefined;
    this.stay = undefined;
    this.stays = [];
    /** What came while the client was not in the room. */
    this.strays = [];
    /** The positions from which the server could not go on. */
    this.lost = [];
  }

  get at() {
    return { [this.kind.key]: this.room };
  }

  /** Everything that it was sent, in the order of arrival. */
  get entries() {
    return this.stays.flatMap(({ entries }) => entries);
  }

  joined(position) {
    const isNew = this.position === undefined;
    this.position ??= position;
    this.isMember = true;
    // If it is in the room already, the answer says how far its replay is: it had joined at a later number.
    this.stay = new Stay(this.position.seq, Math.max(position.seq, this.stay?.joined ?? 0));
    // There was nothing to catch up with.
    if (isNew) this.stay.caughtUp = position.seq;
    this.stays.push(this.stay);
  }

  take(entry) {
    if (this.stay === undefined) {
      this.strays.push(entry);
      return;
    }
    this.stay.entries.push(entry);
    this.position = { ...this.position, seq: entry.seq };
  }

  caughtUp(position) {
    if (this.stay === undefined) return;
    this.stay.caughtUp = position.seq;
    this.position = position;
  }

  left() {
    this.stay = undefined;
  }

  /** Begins anew, as a page that is loaded again. */
  forget() {
    this.position = undefined;
  }

  lose() {
    this.lost.push(this.position);
    this.forget();
  }
}
