// The judge of faults finds each kind of fault, and reports nothing without a fault.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Followed } from './harness/followed.js';
import { CHANNEL, CONVERSATION } from './harness/kinds.js';
import { reacted } from './harness/values.js';
import { judge } from './faults/judge.js';
import { View } from './faults/view.js';

const EPOCH = 'e';
const ROOM = 'room';
const TIME = '2026-01-31T09:30:00.000Z';
const LATER = '2026-01-31T09:31:00.000Z';

/**
 * A room in which Ada sends `m1` and `m2`, Bob replies to the first (`m3`), which Ada edits; Bob reacts and takes it back, Cyd
 * reacts; Ada sends `m8` and deletes it, and forwards `m1`; then Cyd is removed, and Ada sends the last message. Ada has been
 * there all the time, Bob has come back after 4, Cyd has come in at 1 and was there to its end.
 */
class Scene {
  constructor(kind) {
    this.kind = kind;
    const at = { [kind.key]: ROOM };
    const user = (id) => ({ id, name: id, image: null });
    const message = (id, userId, content, replyTo = null) => ({
      id,
      content,
      ...at,
      userId,
      createdAt: TIME,
      updatedAt: TIME,
      replyToId: replyTo?.id ?? null,
      user: user(userId),
      replyTo,
      attachments: [],
      reactions: [],
      reactionCounts: [],
      clientId: `c-${id}`,
    });
    const reaction = (id, userId) => ({ id, emoji: '👍', messageId: 'm1', userId, createdAt: TIME, user: user(userId) });
    const m1 = message('m1', 'ada', 'one');
    const edited = { ...m1, content: 'edited', updatedAt: LATER };
    const copy = message('m10', 'ada', 'edited');
    this.deeds = [];
    this.log = [];
    this.add('ada', 'send', kind.sent, m1);
    this.add('ada', 'send', kind.sent, message('m2', 'ada', 'two'));
    this.add('bob', 'reply', kind.sent, message('m3', 'bob', 'three', m1));
    this.add('ada', 'edit', kind.edited, { messageId: 'm1', content: 'edited', ...at, updatedAt: LATER });
    this.add('bob', 'react', kind.reacted, reaction('r1', 'bob'));
    this.add('bob', 'unreact', kind.unreacted, { messageId: 'm1', emoji: '👍', userId: 'bob' });
    this.add('cyd', 'react', kind.reacted, reaction('r2', 'cyd'));
    this.add('ada', 'send', kind.sent, message('m8', 'ada', 'eight'));
    this.add('ada', 'remove', kind.removed, { messageId: 'm8', ...at });
    const forwarded = { originalMessage: edited, [kind.target]: ROOM, message: copy, forwardedBy: user('ada') };
    this.add('ada', 'forward', kind.forwarded, forwarded, copy);
    this.log.push({ event: kind.memberRemoved, ...at, userId: 'cyd', seq: 11 });
    this.add('ada', 'send', kind.sent, message('m12', 'ada', 'twelve'));
    this.received = {
      ada: [this.stay(0, 0, 0, this.log)],
      // Number 8 is hidden, because it was deleted in the meantime.
      bob: [this.stay(0, 0, 0, this.log.slice(0, 4)), this.stay(4, 10, 10, this.log.slice(4).filter(({ seq }) => seq !== 8))],
      cyd: [this.stay(1, 1, 1, this.log.slice(1, 10))],
    };
    this.shown = {};
    const last = { ...edited, ...reacted([reaction('r2', 'cyd')]) };
    this.history = [last, this.sent(2), { ...this.sent(3), replyTo: last }, copy, this.sent(12)];
  }

  add(userId, what, event, value, data = value) {
    const { kind } = this;
    const asked = { send: kind.send, reply: kind.send, edit: kind.edit, remove: kind.remove, react: kind.react, unreact: kind.unreact, forward: kind.forward };
    const seq = this.log.length + 1;
    this.log.push({ event, ...value, seq });
    const once = data.clientId ?? null;
    this.deeds.push({ what, event: asked[what], payload: { messageId: data.messageId ?? data.id }, userId, once, tries: 1, data: { ...data, seq } });
  }

  /** The message that an entry brought. */
  sent(seq) {
    const { event, seq: _, ...message } = this.log[seq - 1];
    return message;
  }

  stay(since, joined, caughtUp, entries) {
    return { since, joined, caughtUp, entries: [...entries] };
  }

  /** Changes the only deed that tells of a number. */
  deed(seq) {
    return this.deeds.find(({ data }) => data?.seq === seq);
  }

  /** Has a client receive an entry that nobody else did. */
  replace(name, seq, changes) {
    for (const { entries } of this.received[name]) {
      const at = entries.findIndex((entry) => entry.seq === seq);
      if (at !== -1) entries[at] = { ...entries[at], ...changes };
    }
  }

  drop(name, seq) {
    for (const stay of this.received[name]) stay.entries = stay.entries.filter((entry) => entry.seq !== seq);
  }

  client(name) {
    const followed = new Followed(this.kind, ROOM);
    followed.stays = this.received[name];
    followed.strays = this.strays?.[name] ?? [];
    followed.lost = this.lost?.[name] ?? [];
    const view = new View(this.kind);
    for (const entry of followed.entries) view.apply(entry);
    return { name, userId: name, followed, shown: name === 'cyd' ? null : (this.shown[name] ?? view.shown) };
  }

  get faults() {
    const { kind, deeds, history } = this;
    return judge({ kind, room: ROOM, clients: Object.keys(this.received).map((name) => this.client(name)), deeds, history });
  }
}

/** What goes wrong, and what the judge says of it. */
const FAULTS = {
  'an entry is lost live': [(scene) => scene.drop('ada', 6), /ada: lost 6, after 5/],
  'the last entry is lost': [(scene) => scene.drop('bob', 12), /bob: message 4 is shown as undefined/],
  'the first entry after joining is lost': [(scene) => scene.drop('cyd', 2), /cyd: lost 2, after 1/],
  'an entry is lost in a replay': [(scene) => scene.drop('bob', 5), /bob: lost 5, after 4/],
  'the last entry of a replay is lost': [(scene) => scene.drop('bob', 10), /bob: lost 10, after 9/],
  'what was deleted later is lost live': [(scene) => scene.drop('ada', 8), /ada: lost 8, after 7/],
  'a deletion is lost in a replay': [(scene) => scene.drop('bob', 9), /bob: lost 9/],
  'an entry comes twice': [({ log, received }) => received.ada[0].entries.splice(3, 0, log[2]), /ada: received \w+ 3 after 3/],
  'an entry comes again after catching up': [({ log, received }) => received.bob[1].entries.unshift(log[3]), /bob: received \w+ 4 after 4/],
  'two entries come in the other order': [({ log, received }) => received.ada[0].entries.splice(5, 2, log[6], log[5]), /ada: received \w+ 6 after 7/],
  'clients are sent different entries': [(scene) => scene.replace('bob', 2, { content: 'other' }), /has another entry 2/],
  'who was removed is sent its removal': [({ log, received }) => received.cyd[0].entries.push(log[10]), /cyd: removed at 11, but received \w+ 11/],
  'who was removed is sent what follows': [({ log, received }) => received.cyd[0].entries.push(log[11]), /cyd: removed at 11, but received \w+ 12/],
  'something comes outside of the room': [(scene) => (scene.strays = { ada: [scene.log[11]] }), /ada: received outside of the room: \w+ 12/],
  'a position is lost': [(scene) => (scene.lost = { bob: [{ epoch: EPOCH, seq: 4 }] }), /bob: positions were lost/],
  'an entry of another room comes': [(scene) => scene.replace('ada', 2, { event: 'channel_news' }), /ada: received an entry of another room/],
  'an edit is not shown': [(scene) => (scene.shown.ada = scene.history.with(0, { ...scene.history[0], content: 'one' })), /ada: message 0 is shown as/],
  'a reaction is not shown': [(scene) => (scene.shown.ada = scene.history.with(0, { ...scene.history[0], ...reacted([]) })), /ada: message 0 is shown as/],
  'a deleted message is shown': [(scene) => (scene.shown.ada = scene.history.toSpliced(3, 0, scene.sent(8))), /ada: message 3 is shown as/],
  'a parent is not shown': [(scene) => scene.replace('bob', 3, { replyTo: null }), /bob: 3 replies to m1, which is not shown/],
  'another parent is shown': [(scene) => scene.replace('bob', 3, { replyTo: scene.history[1] }), /bob: 3 shows another message/],
  'what was acknowledged is not stored': [(scene) => scene.history.splice(1, 1), /history is not the messages of the log in their order: at 1/],
  'a message is stored twice': [({ history }) => history.push({ ...history[1], id: 'm13' }), /stored twice: ada: c-m2/],
  'history has another order': [({ history }) => history.reverse(), /history is not the messages of the log/],
  'history has what nobody sent': [({ history }) => history.push({ ...history[1], id: 'm13', clientId: 'c-m13' }), /nobody has sent: ada: c-m13/],
  'history has what was deleted': [(scene) => scene.history.splice(3, 0, scene.sent(8)), /history is not the messages of the log/],
  'something is acknowledged with the number of another': [(scene) => (scene.deed(1).data.seq = 2), /was acknowledged as 2, which is/],
  'a repeat is acknowledged with another message': [(scene) => Object.assign(scene.deed(1), { tries: 2, data: { ...scene.sent(2), seq: 1 } }), /was acknowledged as 1, which is/],
  'an edit is acknowledged, and not in the log': [(scene) => (scene.deed(4).data.content = 'other'), /edit .* was acknowledged as 4/],
  'a reaction is acknowledged, and not in the log': [(scene) => (scene.deed(5).data.id = 'r9'), /react .* was acknowledged with r9/],
  'something is never answered': [(scene) => delete scene.deed(2).data, /was never answered/],
  'something is refused, and done': [(scene) => Object.assign(scene.deed(3), { data: undefined, refused: 'reply_not_found' }), /was refused, and is done/],
  'something is refused without a cause': [(scene) => Object.assign(scene.deed(2), { data: undefined, refused: 'idempotency_conflict' }), /was refused: idempotency_conflict/],
};

for (const kind of [CHANNEL, CONVERSATION]) {
  describe(`in a ${kind.scope}`, () => {
    test('nothing is reported without a fault', () => {
      assert.deepEqual(new Scene(kind).faults, []);
    });

    test('a repeat is answered with the message as it is now, and a removed member may not know whether it has sent', () => {
      const scene = new Scene(kind);
      Object.assign(scene.deed(1), { tries: 2, data: { ...scene.history[0], seq: 1 } });
      Object.assign(scene.deed(3), { tries: 2, data: undefined, refused: 'access_denied' });
      assert.deepEqual(scene.faults, []);
    });

    for (const [name, [goWrong, says]] of Object.entries(FAULTS)) {
      test(`it is found that ${name}`, () => {
        const scene = new Scene(kind);
        goWrong(scene);
        assert.match(scene.faults.join('\n'), says);
      });
    }
  });
}

test('a room that is joined again during a replay has been joined where the replay ends', () => {
  const followed = new Followed(CHANNEL, ROOM);
  const joined = (seq) => followed.joined({ epoch: EPOCH, seq });
  joined(2);
  followed.left();
  joined(12);
  followed.take({ event: CHANNEL.sent, seq: 3 });
  // The answer says how far the replay is.
  joined(3);
  followed.left();
  joined(4);
  const stays = followed.stays.map((stay) => [stay.since, stay.joined]);
  assert.deepEqual(stays, [[2, 2], [2, 12], [3, 12], [3, 4]]);
});
