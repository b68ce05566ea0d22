// A client's view of a room: the history that it has loaded, with all later events applied.
import { reacted } from '../harness/values.js';

/** The message without the number that the log adds. */
const unnumbered = ({ event, seq, ...message }) => message;

const byTime = (a, b) => (a.createdAt === b.createdAt ? (a.id < b.id ? -1 : 1) : a.createdAt < b.createdAt ? -1 : 1);

export class View {
  constructor(kind) {
    this.kind = kind;
    this.clear();
  }

  clear() {
    /** The messages by id, oldest first. None is changed: what changes is replaced. */
    this.messages = new Map();
    /** By message, the ids of the messages that embed it. */
    this.replies = new Map();
  }

  /** All that is shown, oldest first. */
  get shown() {
    return [...this.messages.values()];
  }

  /** Takes messages of history, oldest first. */
  load(messages) {
    for (const message of messages) this.add(message);
  }

  add(message) {
    this.messages.set(message.id, message);
    const parent = message.replyToId;
    if (parent !== null) this.replies.set(parent, (this.replies.get(parent) ?? new Set()).add(message.id));
  }

  /** Takes an entry of the log. One that tells of a message that is not shown changes nothing: it was deleted. */
  apply(entry) {
    const { kind } = this;
    switch (entry.event) {
      case kind.sent:
        return this.add(unnumbered(entry));
      case kind.forwarded:
        return this.add(entry.message);
      case kind.edited:
        return this.change(entry.messageId, (message) => ({ ...message, content: entry.content, updatedAt: entry.updatedAt }));
      case kind.removed:
        return this.remove(entry.messageId);
      case kind.reacted:
        return this.react(unnumbered(entry));
      case kind.unreacted: {
        const isIt = ({ emoji, userId }) => emoji === entry.emoji && userId === entry.userId;
        return this.change(entry.messageId, (message) => ({ ...message, ...reacted(message.reactions.filter((one) => !isIt(one))) }));
      }
      default:
        return undefined;
    }
  }

  react(reaction) {
    this.change(reaction.messageId, (message) => {
      // A page of history that was read later has it already.
      if (message.reactions.some(({ id }) => id === reaction.id)) return message;
      return { ...message, ...reacted([...message.reactions, reaction].sort(byTime)) };
    });
  }

  /** Changes a message, also where another one embeds it. */
  change(id, changed) {
    const message = this.messages.get(id);
    if (message !== undefined) this.messages.set(id, changed(message));
    this.changeEmbedded(id, changed);
  }

  remove(id) {
    this.messages.delete(id);
    this.changeEmbedded(id, () => null);
  }

  changeEmbedded(id, changed) {
    for (const reply of this.replies.get(id) ?? []) {
      const message = this.messages.get(reply);
      if (message?.replyTo) this.messages.set(reply, { ...message, replyTo: changed(message.replyTo) });
    }
  }
}
