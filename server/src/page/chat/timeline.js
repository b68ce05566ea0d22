// A room's messages: rendered where they changed, kept in place while one reads, read on where one scrolls up.
import { arrange, element, icon } from './element.js';
import { editorElement } from './editor.js';
import { letterElement, messageElement } from './message.js';
import { day, isSameDay } from './time.js';

/** Messages of one author belong together for so long. */
const TOGETHER_MS = 5 * 60_000;
/** The distance from the end that counts as being there. */
const NEAR_PX = 48;

export class Timeline {
  #room = null;
  #rendered = new Map();
  #isScheduled = false;
  #isAtEnd = true;
  /** The last known scroll position. */
  #scrollTop = 0;
  /** The last message that was seen when the room was opened. */
  #seenId = null;
  #editing = null;
  /** Where the focus was before a message was edited. */
  #focused = null;
  /** The number of messages that have arrived below the visible ones. */
  #arrived = 0;

  /** `actions` are those of a message; `said` is called with text to be read out, and `left` when Escape leaves the list. */
  constructor(session, { actions, said, left }) {
    this.session = session;
    this.actions = actions;
    this.said = said;
    this.left = left;
    this.list = element('ol', {
      className: 'messages',
      onkeydown: (event) => this.#key(event),
      onfocusin: (event) => this.#enter(event),
    });
    this.top = element('div', { className: 'timeline-top' });
    const scroller = { className: 'scroller', tabIndex: 0, role: 'region', onscroll: () => this.#scrolled() };
    this.scroller = element('div', scroller, this.top, this.list);
    this.newest = element('button', { type: 'button', className: 'jump', hidden: true, onclick: () => this.toEnd() });
    this.element = element('div', { className: 'timeline' }, this.scroller, this.newest);
    const nearTop = ([{ isIntersecting }]) => isIntersecting && this.#readOn();
    new IntersectionObserver(nearTop, { root: this.scroller, rootMargin: '200px' }).observe(this.top);
    // A phone's keyboard takes up room, and images get their size late.
    const resized = new ResizeObserver(() => this.#isAtEnd && this.#scrollToEnd());
    for (const each of [this.scroller, this.list]) resized.observe(each);
    setInterval(() => this.#room?.outbox.letters.some(({ retryAt }) => retryAt) && this.schedule(), 1000);
  }

  set room(room) {
    this.#room?.removeEventListener('change', this.schedule);
    this.#room?.removeEventListener('arrival', this.#arrival);
    this.#room = room;
    this.#rendered.clear();
    this.#seenId = room.unread > 0 ? room.seenId : null;
    this.#editing = null;
    this.#arrived = 0;
    this.#isAtEnd = true;
    room.addEventListener('change', this.schedule);
    room.addEventListener('arrival', this.#arrival);
    this.scroller.setAttribute('aria-label', `Messages in ${room.name}`);
    this.render();
  }

  /** Lets the user edit a message in place; `null` ends that. */
  edit(message) {
    const was = this.#editing;
    if (message !== null) this.#focused = document.activeElement;
    this.#editing = message?.id ?? null;
    this.render();
    if (message !== null) this.#elementOf(message.id)?.querySelector('form').start();
    else if (was !== null) (this.#focused.isConnected ? this.#focused : this.#elementOf(was))?.focus();
  }

  /** Shows a message, wherever in history it is; resolves to whether it exists. */
  async jump(id) {
    const room = this.#room;
    if ((await room.reach(id)) === undefined) return false;
    // The user may have gone elsewhere in the meantime.
    if (room !== this.#room) return true;
    this.render();
    const found = this.#elementOf(id);
    found.scrollIntoView({ block: 'center' });
    found.focus({ preventScroll: true });
    found.classList.add('found');
    found.addEventListener('animationend', () => found.classList.remove('found'), { once: true });
    return true;
  }

  toEnd() {
    this.#isAtEnd = true;
    this.#scrollToEnd();
    this.#arrived = 0;
    this.#renderJump();
  }

  /** Renders once what has changed several times. */
  schedule = () => {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.render());
  };

  render() {
    this.#isScheduled = false;
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    const firstBefore = this.list.querySelector('.message');
    const offset = firstBefore?.offsetTop;
    this.#renderTop();
    arrange(this.list, this.#rows());
    if (this.#isAtEnd) this.#scrollToEnd();
    else if (firstBefore?.isConnected) this.scroller.scrollTop += firstBefore.offsetTop - offset;
    else this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
    this.#renderJump();
    const hasCurrent = this.list.querySelector('.message[tabindex="0"]') !== null;
    if (!hasCurrent) this.#makeCurrent([...this.list.querySelectorAll('.message')].at(-1) ?? null);
  }

  #rows() {
    const rows = [];
    const rendered = new Map();
    let previous = null;
    let previousDay = null;
    let isNewShown = false;
    const separate = (key, className, text) => {
      const row = this.#rendered.get(key)?.row ?? element('li', { className }, element('span', {}, text));
      rendered.set(key, { row });
      rows.push(row);
      previous = null;
    };
    const add = (key, source, at, userId, make) => {
      if (previousDay === null || !isSameDay(previousDay, at)) separate(`day ${day(at)}`, 'day', day(at));
      previousDay = at;
      const isFollowing = previous?.userId === userId && new Date(at) - new Date(previous.at) < TOGETHER_MS;
      const known = this.#rendered.get(key);
      const isSame = known?.source === source && known.isFollowing === isFollowing;
      const row = isSame ? known.row : make(isFollowing);
      if (!isSame && known?.row.contains(document.activeElement)) queueMicrotask(() => this.#focusAgain(row));
      rendered.set(key, { source, isFollowing, row });
      rows.push(row);
      previous = { at, userId };
    };
    for (const message of this.#room.messages) {
      if (this.#seenId !== null && !isNewShown && message.id > this.#seenId && !this.#room.isOwn(message)) {
        separate('new', 'new-line', 'New');
        isNewShown = true;
      }
      const source = message.id === this.#editing ? 'editing' : message;
      add(message.id, source, message.createdAt, message.userId, (isFollowing) => this.#messageRow(message, isFollowing));
    }
    const { user } = this.session;
    const { outbox } = this.#room;
    for (const letter of outbox.letters) {
      // The object stays the same, and its fields change.
      const source = `${letter.error?.message} ${letter.retryAt && Math.ceil((letter.retryAt - Date.now()) / 1000)}`;
      const [resend, discard] = [() => outbox.resend(letter), () => outbox.discard(letter)];
      add(letter.clientId, source, letter.at, user.id, (isFollowing) =>
        letterElement(letter, { user, isFollowing, resend, discard }),
      );
    }
    this.#rendered = rendered;
    return rows;
  }

  #messageRow(message, isFollowing) {
    const room = this.#room;
    const { toggle, reply, forward, remove } = this.actions;
    const own = room.isOwn(message) ? { edit: () => this.edit(message), remove } : {};
    const actions = { toggle, reply, jump: this.actions.jump, forward: room.kind.say.forward && forward, ...own };
    const row = messageElement(message, { isFollowing, userId: this.session.user.id, actions });
    if (message.id !== this.#editing) return row;
    const editor = editorElement(message, {
      violations: (content) => room.editViolations(message, content),
      save: (content) => room.edit(message, content),
      done: () => this.edit(null),
    });
    const content = row.querySelector('.content');
    if (content === null) row.append(editor);
    else content.replaceWith(editor);
    return row;
  }

  /** The notice above the messages: whether there are older ones. */
  #renderTop() {
    const { isLoading, isLoaded, isComplete, error, messages, outbox, name } = this.#room;
    const button = (text, onclick) => element('button', { type: 'button', onclick }, text);
    const line = (className, ...text) => this.top.replaceChildren(element('p', { className }, ...text));
    if (error !== null) {
      const again = button('Try again', () => this.#room.retry());
      return line('problem', element('span', { role: 'alert' }, `History could not be loaded: ${error.message} `), again);
    }
    if (isLoading || !isLoaded) return line('quiet', 'Loading…');
    if (!isComplete) return this.top.replaceChildren(button('Load older messages', () => this.#readOn()));
    if (messages.length + outbox.letters.length > 0) return line('quiet', `This is where ${name} begins.`);
    return line('empty', `There are no messages in ${name} yet. Be the first.`);
  }

  #renderJump() {
    this.newest.hidden = this.#isAtEnd;
    const text = this.#arrived > 0 ? `${this.#arrived} new` : 'Jump to newest';
    this.newest.replaceChildren(icon('down'), text);
  }

  #arrival = ({ detail: message }) => {
    if (!this.#isAtEnd) this.#arrived += 1;
    this.said(`${message.user.name}: ${message.content || 'an attachment'}`);
  };

  #readOn() {
    if (this.#room?.isLoaded && this.#room.error === null) this.#room.loadOlder();
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    // Only a user who scrolls up leaves the end: the end also moves without the user, for example when an image gets
    // its size.
    if (isNear || scrollTop < this.#scrollTop) this.#isAtEnd = isNear;
    this.#scrollTop = scrollTop;
    if (this.#isAtEnd) this.#arrived = 0;
    this.#renderJump();
  }

  #scrollToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#scrollTop = this.scroller.scrollTop;
  }

  #elementOf(id) {
    return document.getElementById(`message-${id}`);
  }

  // By keyboard: the list is one stop, arrows go through it, and Tab reaches what can be done with the current message.

  #key(event) {
    if (event.key === 'Escape' && event.target.closest('.picker') === null) return this.left();
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const message = event.target.closest('.message');
    if (step === undefined || message === null || event.target.matches('textarea')) return;
    const all = [...this.list.querySelectorAll('.message')];
    const next = all[all.indexOf(message) + step];
    if (next === undefined) return;
    event.preventDefault();
    this.#makeCurrent(next);
    next.focus();
  }

  #enter(event) {
    this.#makeCurrent(event.target.closest('.message'));
  }

  #makeCurrent(message) {
    if (message === null) return;
    for (const each of this.list.querySelectorAll('.message[tabindex="0"]')) setReachable(each, false);
    setReachable(message, true);
  }

  /** Restores the focus to an element that has been replaced. */
  #focusAgain(row) {
    if (document.activeElement === document.body && row.isConnected && !row.querySelector('form')) row.focus();
  }
}

function setReachable(message, isReachable) {
  message.tabIndex = isReachable ? 0 : -1;
  for (const button of message.querySelectorAll('button, a')) button.tabIndex = isReachable ? 0 : -1;
}
