// The page: rooms, the messages of one room, and the composer.
import { element, iconButton } from './element.js';
import { CHANNEL } from './kinds.js';
import { Composer } from './composer.js';
import { chooseTarget, confirmRemoval, showHelp } from './dialogs.js';
import { Sidebar } from './sidebar.js';
import { Status } from './status.js';
import { Timeline } from './timeline.js';
import { Toasts } from './toast.js';
import { isPane } from './tokens.js';

const titleOf = ({ kind, name }) => `${kind === CHANNEL ? '# ' : ''}${name}`;

export class Chat {
  #room = null;

  constructor(session, { signIn, signOut, addUser }) {
    this.session = session;
    this.addUser = addUser;
    this.toasts = new Toasts();
    this.live = element('p', { className: 'unseen', role: 'log', 'aria-label': 'New messages' });
    this.sidebar = new Sidebar(session, { open: (room) => this.open(room), help: () => this.#help(), signOut });
    const left = () => this.composer.field.focus();
    this.timeline = new Timeline(session, { actions: this.#actions(), said: (text) => this.#say(text), left });
    this.composer = new Composer(session, { editLast: () => this.#editLast() });
    this.title = element('h2');
    this.members = element('p', { className: 'quiet members-line' });
    const back = iconButton('back', 'Rooms', () => this.#showRooms(), { className: 'icon-button back' });
    const drag = (event) => this.#drag(event);
    this.pane = element(
      'section',
      { className: 'room', hidden: true, ondragover: drag, ondragleave: drag, ondrop: (event) => this.#drop(event) },
      element('div', { className: 'room-head' }, back, this.title, this.members),
      this.timeline.element,
      this.composer.element,
    );
    // Shown next to the rooms while none is open.
    this.blank = element('div', { className: 'blank' }, element('img', { src: '/chat/icon.svg', alt: '' }));
    this.element = element(
      'main',
      { className: 'chat', 'data-view': 'rooms' },
      element('h1', { className: 'unseen' }, 'Accord'),
      new Status(session, { signIn }).element,
      this.sidebar.element,
      this.blank,
      this.pane,
      this.toasts.element,
      this.live,
    );
    session.addEventListener('rooms', () => this.#roomsKnown());
    session.addEventListener('removed', ({ detail: room }) =>
      this.toasts.show(`You are no longer a member of ${titleOf(room)}.`),
    );
    document.addEventListener('visibilitychange', () => !document.hidden && this.#room?.see());
    session.connect();
  }

  open(room) {
    if (this.#room !== null) this.#room.isOpen = false;
    this.#room?.removeEventListener('change', this.#renderHead);
    this.#room = room;
    room.addEventListener('change', this.#renderHead);
    this.#renderHead();
    this.blank.hidden = true;
    this.pane.hidden = false;
    this.timeline.room = room;
    this.composer.room = room;
    this.sidebar.current = room;
    room.isOpen = true;
    this.element.dataset.view = 'room';
    if (matchMedia('(pointer: fine)').matches && !isPane) this.composer.field.focus();
  }

  #renderHead = () => {
    const { isOurs, members } = this.#room;
    const title = titleOf(this.#room);
    this.title.textContent = title;
    this.members.textContent = isOurs ? members.map(({ name }) => name).join(', ') : 'You are no longer a member.';
    document.title = `${title} · Accord`;
  };

  #roomsKnown() {
    const { rooms } = this.session;
    if (this.#room !== null) return this.#followOpen();
    const isPhone = matchMedia('(max-width: 38rem)').matches;
    // The room with the most members opens first.
    const [widest] = rooms.toSorted((a, b) => b.members.length - a.members.length);
    if (widest !== undefined && !isPhone) return this.open(widest);
    return this.#showRooms();
  }

  /** A room that the user was removed from stays open, to be read, unless the user is added again. */
  #followOpen() {
    const { kind, id } = this.#room;
    const again = this.session.rooms.find((room) => room.kind === kind && room.id === id);
    if (again !== undefined && again !== this.#room) this.open(again);
  }

  #showRooms() {
    // On a phone, the list of rooms replaces the room, so messages that arrive then are unread.
    if (this.#room !== null) this.#room.isOpen = false;
    this.element.dataset.view = 'rooms';
    this.sidebar.focus();
  }

  #actions() {
    return {
      toggle: (message, emoji) => this.#try('The reaction was not changed', () => this.#room.toggle(message, emoji)),
      reply: (message) => this.composer.reply(message),
      jump: (id) => this.#jump(id),
      forward: (message) => this.#forward(message),
      remove: (message) => this.#remove(message),
    };
  }

  async #jump(id) {
    if (!(await this.timeline.jump(id))) this.toasts.show('That message was deleted, or could not be loaded.');
  }

  async #forward(message) {
    const room = this.#room;
    const others = this.session.rooms.filter((each) => each.kind === CHANNEL && each !== room);
    const target = await chooseTarget(message, others);
    if (target === undefined) return;
    await this.#try('The message was not forwarded', async () => {
      await room.forward(message, target);
      this.toasts.show(`Forwarded to # ${target.name}.`);
    });
  }

  async #remove(message) {
    const room = this.#room;
    if (!(await confirmRemoval(message))) return;
    await this.#try('The message was not deleted', () => room.remove(message));
    this.composer.field.focus();
  }

  #editLast() {
    const last = this.#room.messages.findLast((message) => this.#room.isOwn(message));
    if (last !== undefined) this.timeline.edit(last);
    return last !== undefined;
  }

  async #try(failure, act) {
    try {
      await act();
    } catch (error) {
      const wait = error.retryAfterMs === undefined ? '' : ` Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.`;
      this.toasts.show(`${failure}: ${error.message}${wait}`);
    }
  }

  #help() {
    showHelp(this.#room?.members ?? [], this.addUser);
  }

  #say(text) {
    this.live.append(element('span', {}, text));
    while (this.live.childNodes.length > 5) this.live.firstChild.remove();
  }

  #drag(event) {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    this.pane.classList.toggle('dropping', event.type === 'dragover');
  }

  #drop(event) {
    this.#drag(event);
    if (event.dataTransfer.files.length > 0) this.composer.attach(event.dataTransfer.files);
  }
}
