// A channel or a conversation: its members, its messages, and their unread count. It renders nothing.
import { Outbox } from './outbox.js';

const PAGE = 40;

/** Reports changes by the event `change`. */
export class Room extends EventTarget {
  /** Oldest first; ids sort by the time of their creation. */
  messages = [];
  unread = 0;
  /** The newest message that the user has seen. */
  seenId = '';
  isLoaded = false;
  /** Whether the user is still a member. */
  isOurs = true;
  /** Whether the session follows it, or will. */
  isFollowed = false;
  /** Why the room could not be joined, or its history not be loaded. */
  error = null;
  /** Retries what failed with `error`. */
  retry = null;

  #session;
  /** The cursor of the next page of history; `null` at its beginning. */
  #cursor = null;
  /** The current load of history: its end, and the events in the meantime, which it may lack. */
  #loading = null;
  #isOpen = false;

  constructor(session, kind, info) {
    super();
    this.#session = session;
    this.kind = kind;
    this.outbox = new Outbox(session, this);
    this.outbox.addEventListener('change', () => this.#changed());
    this.update(info);
  }

  update({ id, name, members }) {
    this.id = id;
    this.members = members;
    const others = members.filter((member) => member.id !== this.#session.user.id);
    this.givenName = name;
    this.name = name ?? (others.map((member) => member.name).join(', ') || 'Yourself');
    this.#changed();
    return this;
  }

  /** The user is no longer a member. */
  end() {
    this.isOurs = false;
    this.#changed();
  }

  get isLoading() {
    return this.#loading !== null;
  }

  get isComplete() {
    return this.isLoaded && this.#cursor === null;
  }

  get newest() {
    return this.messages.at(-1);
  }

  find(id) {
    return this.messages.find((message) => message.id === id);
  }

  isOwn(message) {
    return message.userId === this.#session.user.id;
  }

  /** Whether somebody looks at it. */
  get isOpen() {
    return this.#isOpen;
  }

  set isOpen(isOpen) {
    this.#isOpen = isOpen;
    if (isOpen) this.see();
  }

  see() {
    this.seenId = this.newest?.id ?? '';
    this.unread = 0;
    this.#changed();
  }

  // History.

  /**
   * Reads the newest history, and continues until all known messages are read again, because they may have been edited
   * or deleted. Resolves to the position of the first page, so that no event in the meantime is missed. A page that is
   * being read is given up.
   */
  async refresh() {
    let position;
    await this.#load(async () => {
      const oldestKnown = this.messages[0]?.id;
      let page = await this.#read();
      ({ position } = page);
      const messages = page.messages;
      while (oldestKnown !== undefined && page.nextCursor !== null && messages.at(-1).id > oldestKnown) {
        page = await this.#read(page.nextCursor);
        messages.push(...page.messages);
      }
      return () => {
        const known = new Set(this.messages.map(({ id }) => id));
        this.messages = messages.reverse();
        this.#cursor = page.nextCursor;
        // Own messages may have arrived in the meantime, and are newer than the missed ones.
        const isMissed = ({ id }) => !known.has(id) && !(id < oldestKnown);
        if (this.isLoaded) this.messages.filter(isMissed).forEach((message) => this.#noteArrival(message));
        else this.seenId = this.newest?.id ?? '';
        this.isLoaded = true;
      };
    });
    return position;
  }

  /** Reads one page further back, or waits for what is being read. */
  async loadOlder() {
    if (!this.isLoading && (!this.isLoaded || this.isComplete)) return;
    const reading = this.#loading?.ended ?? this.#loadPage();
    await reading.catch((error) => this.fail(error, () => this.loadOlder()));
  }

  #loadPage() {
    return this.#load(async () => {
      const page = await this.#read(this.#cursor);
      return () => {
        this.messages = [...page.messages.reverse(), ...this.messages];
        this.#cursor = page.nextCursor;
      };
    });
  }

  /** Reads back to a message; resolves to it, or to `undefined` if it is gone. */
  async reach(id) {
    while (this.find(id) === undefined && this.isLoaded && !this.isComplete && id < (this.messages[0]?.id ?? id)) {
      await this.loadOlder();
      if (this.error !== null) return undefined;
    }
    return this.find(id);
  }

  fail(error, retry) {
    this.error = error;
    this.retry = retry;
    this.#session.noteRefusal(error);
    this.#changed();
  }

  /** What failed has succeeded. */
  recover() {
    if (this.error === null) return;
    this.error = null;
    this.#changed();
  }

  #read(before) {
    return this.kind.history(this.#session.rest, { [this.kind.key]: this.id, limit: PAGE, before });
  }

  /** Loads history with `read`, and applies the result unless another load has begun. */
  #load(read) {
    const loading = { meanwhile: [] };
    this.#loading = loading;
    this.error = null;
    this.#changed();
    loading.ended = this.#finish(loading, read);
    return loading.ended;
  }

  async #finish(loading, read) {
    try {
      const apply = await read();
      if (this.#loading !== loading) return;
      apply();
      for (const happen of loading.meanwhile) happen();
      if (this.#isOpen && !document.hidden) this.see();
    } finally {
      if (this.#loading === loading) this.#loading = null;
      this.#changed();
    }
  }

  // Events from the server. One's own actions arrive twice: as their answers, too.

  receive(message) {
    if (this.find(message.id) === undefined) this.#noteArrival(message);
    this.#happen(() => this.#put(message));
    if (this.#isOpen && !document.hidden) this.see();
  }

  noteEdit({ messageId, content, updatedAt }) {
    this.#happen(() => {
      this.#change(messageId, () => ({ content, updatedAt }));
      this.#changeQuotes(messageId, (replyTo) => ({ ...replyTo, content, updatedAt }));
    });
  }

  noteRemoval({ messageId }) {
    this.#happen(() => {
      this.messages = this.messages.filter((message) => message.id !== messageId);
      this.#changeQuotes(messageId, () => null);
    });
  }

  noteReaction(reaction) {
    const others = ({ reactions }) => reactions.filter(({ id }) => id !== reaction.id);
    this.#happen(() => this.#change(reaction.messageId, (message) => ({ reactions: [...others(message), reaction] })));
  }

  noteMember(user) {
    this.#setMembers([...this.members.filter(({ id }) => id !== user.id), user]);
  }

  noteFormerMember({ userId }) {
    this.#setMembers(this.members.filter(({ id }) => id !== userId));
  }

  #setMembers(members) {
    this.update({ id: this.id, name: this.givenName, members });
  }

  noteUnreaction({ messageId, emoji, userId }) {
    const isOther = (reaction) => reaction.emoji !== emoji || reaction.userId !== userId;
    this.#happen(() => this.#change(messageId, ({ reactions }) => ({ reactions: reactions.filter(isOther) })));
  }

  #happen(happen) {
    happen();
    this.#loading?.meanwhile.push(happen);
    this.#changed();
  }

  #put(message) {
    const others = this.messages.filter(({ id }) => id !== message.id);
    const after = others.findLastIndex(({ id }) => id < message.id);
    this.messages = others.toSpliced(after + 1, 0, message);
  }

  #change(id, changes) {
    this.messages = this.messages.map((message) => (message.id === id ? { ...message, ...changes(message) } : message));
  }

  #changeQuotes(id, change) {
    this.messages = this.messages.map((message) =>
      message.replyTo?.id === id ? { ...message, replyTo: change(message.replyTo) } : message,
    );
  }

  /** Handles a new message: the user's own leaves the outbox, and another's may be unread. */
  #noteArrival(message) {
    if (this.isOwn(message)) {
      this.outbox.arrived(message);
      return;
    }
    if (!this.#isOpen || document.hidden) this.unread += 1;
    this.dispatchEvent(new CustomEvent('arrival', { detail: message }));
  }

  // Actions of the user.

  /** The violations of a message's new text. */
  editViolations(message, content) {
    return this.kind.validate.edit({ ...this.#key(message), content });
  }

  async edit(message, content) {
    this.noteEdit(await this.#session.ask(this.kind.say.edit, { ...this.#key(message), content }));
  }

  async remove(message) {
    this.noteRemoval(await this.#session.ask(this.kind.say.remove, this.#key(message)));
  }

  forward(message, target) {
    return this.#session.following.send(this.kind.say.forward, { ...this.#key(message), targetChannelId: target.id });
  }

  /** Adds one's reaction, or takes it back. */
  async toggle(message, emoji) {
    const isMine = (reaction) => reaction.emoji === emoji && reaction.userId === this.#session.user.id;
    const payload = { ...this.#key(message), emoji };
    if (message.reactions.some(isMine)) this.noteUnreaction(await this.#session.ask(this.kind.say.unreact, payload));
    else this.noteReaction(await this.#session.ask(this.kind.say.react, payload));
  }

  #key(message) {
    return { [this.kind.key]: this.id, messageId: message.id };
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
