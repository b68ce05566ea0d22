// The rooms, with their unread counts.
import { arrange, avatar, element, iconButton } from './element.js';
import { CHANNEL, CONVERSATION } from './kinds.js';

const HEADINGS = [
  [CHANNEL, 'Channels'],
  [CONVERSATION, 'Direct messages'],
];

const NO_ROOMS = 'You are not in any room yet. The operator of this server has to add you to one.';

export class Sidebar {
  #buttons = new Map();
  #lists = HEADINGS.map(([kind, heading]) => ({ kind, heading, list: element('ul', { 'aria-label': heading }) }));
  #who = element('p', { className: 'who' });
  #empty = element('p', { className: 'empty', hidden: true }, NO_ROOMS);

  constructor(session, { open, help, signOut }) {
    this.session = session;
    this.open = open;
    this.element = element(
      'nav',
      { className: 'sidebar', 'aria-label': 'Rooms' },
      element(
        'div',
        { className: 'sidebar-head' },
        this.#who,
        iconButton('help', 'Help', help),
        iconButton('leave', 'Sign out', signOut),
      ),
      this.#lists.map(({ heading, list }) => element('section', { hidden: true }, element('h2', {}, heading), list)),
      this.#empty,
    );
    session.addEventListener('state', () => this.#renderWho());
    session.addEventListener('rooms', () => this.render());
  }

  /** Shows which room is open. */
  set current(room) {
    for (const [each, { button }] of this.#buttons) {
      if (each === room) button.setAttribute('aria-current', 'page');
      else button.removeAttribute('aria-current');
    }
  }

  focus() {
    (this.element.querySelector('[aria-current]') ?? this.element.querySelector('ul button'))?.focus();
  }

  render() {
    for (const room of this.#buttons.keys()) if (!this.session.rooms.includes(room)) this.#buttons.delete(room);
    for (const { kind, list } of this.#lists) {
      const rooms = this.session.rooms.filter((room) => room.kind === kind);
      list.parentElement.hidden = rooms.length === 0;
      arrange(list, rooms.map((room) => this.#item(room)));
    }
    this.#empty.hidden = this.session.rooms.length > 0;
  }

  #item(room) {
    const known = this.#buttons.get(room);
    if (known !== undefined) return known.item;
    const hash = element('span', { className: 'hash', 'aria-hidden': 'true' }, '#');
    const name = element('span', { className: 'name' }, room.name);
    const count = element('span', { className: 'unread' });
    const sign = room.kind === CHANNEL ? hash : avatar(room.name);
    const button = element('button', { type: 'button', onclick: () => this.open(room) }, sign, name, count);
    const item = element('li', {}, button);
    this.#buttons.set(room, { item, button });
    const render = () => {
      name.textContent = room.name;
      const number = room.unread > 99 ? '99+' : String(room.unread);
      count.replaceChildren(...(room.unread > 0 ? [number, element('span', { className: 'unseen' }, ' unread')] : []));
      button.classList.toggle('has-unread', room.unread > 0);
    };
    room.addEventListener('change', render);
    render();
    return item;
  }

  #renderWho() {
    const { user, state } = this.session;
    if (user === null) return;
    const dot = element('span', { className: 'dot', 'data-state': state });
    const said = element('span', { className: 'unseen' }, state === 'online' ? ' (online)' : ' (offline)');
    this.#who.replaceChildren(avatar(user.name), dot, element('span', { className: 'name' }, user.name), said);
  }
}
