// The composer: text, the message that it replies to, and files.
import { BOUNDS } from '/schema/typescript/constants.js';
import { element, icon, iconButton } from './element.js';
import { Uploads } from './uploads.js';

const LONGEST = BOUNDS.MessageText.maxLength;
/** The number of remaining characters is shown once it is this small. */
const NEAR = 200;

const length = (text) => [...text].length;

export class Composer {
  #room = null;
  /** What is being written in each room: the text, the message that it replies to, and the attachments. */
  #drafts = new WeakMap();
  /** Whether it shows why the attachments cannot be sent. */
  #isHindered = false;

  constructor(session, { editLast }) {
    this.session = session;
    this.editLast = editLast;
    this.field = element('textarea', {
      rows: 1,
      'aria-label': 'Message',
      'aria-describedby': 'composer-problem composer-count',
      oninput: () => this.#edited(),
      onkeydown: (event) => this.#key(event),
      onpaste: (event) => this.#take(event, event.clipboardData.files),
    });
    this.quote = element('p', { className: 'replying', hidden: true });
    this.attached = element('div');
    this.problem = element('p', { id: 'composer-problem', className: 'problem', role: 'alert' });
    this.count = element('p', { id: 'composer-count', className: 'count' });
    this.files = element('input', { type: 'file', multiple: true, hidden: true, onchange: () => this.#choose() });
    const send = { className: 'primary send', 'aria-label': 'Send', title: 'Send (Enter)' };
    this.button = element('button', send, icon('send'));
    this.element = element(
      'form',
      { className: 'composer', onsubmit: (event) => this.#submit(event) },
      this.quote,
      this.attached,
      element(
        'div',
        { className: 'composer-row' },
        this.files,
        iconButton('attach', 'Attach files', () => this.files.click()),
        this.field,
        this.button,
      ),
      element('div', { className: 'composer-foot' }, this.problem, this.count),
    );
  }

  set room(room) {
    if (this.#room !== null) this.#draft.text = this.field.value;
    this.#room = room;
    if (!this.#drafts.has(room)) {
      const uploads = new Uploads(this.session, () => this.#room === room && this.#attachmentsChanged());
      this.#drafts.set(room, { text: '', replyTo: null, uploads });
    }
    this.field.value = this.#draft.text;
    this.field.placeholder = `Message ${room.name}`;
    this.attached.replaceChildren(this.#uploads.element);
    this.#showReply();
    this.#edited();
  }

  get #draft() {
    return this.#drafts.get(this.#room);
  }

  get #uploads() {
    return this.#draft.uploads;
  }

  /** Makes the next message a reply; `null` cancels this. */
  reply(message) {
    this.#draft.replyTo = message;
    this.#showReply();
    this.field.focus();
  }

  /** Takes files that were dropped or chosen. */
  attach(files) {
    this.#say(this.#uploads.add(files));
    this.field.focus();
  }

  #showReply() {
    const { replyTo } = this.#draft;
    this.quote.hidden = replyTo === null;
    if (replyTo === null) return this.quote.replaceChildren();
    return this.quote.replaceChildren(
      icon('reply'),
      element('span', {}, `Replying to ${replyTo.user.name}: `, element('q', {}, replyTo.content || 'an attachment')),
      iconButton('close', 'Do not reply', () => this.reply(null)),
    );
  }

  #choose() {
    this.attach(this.files.files);
    this.files.value = '';
  }

  #take(event, files) {
    if (files.length === 0) return;
    event.preventDefault();
    this.attach(files);
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) this.#submit(event);
    else if (event.key === 'Escape' && this.#draft.replyTo !== null) this.reply(null);
    else if (event.key === 'ArrowUp' && this.field.value === '' && this.editLast()) event.preventDefault();
  }

  #submit(event) {
    event.preventDefault();
    if (this.#uploads.hindrance !== null) return this.#sayHindrance();
    if (this.button.disabled) return undefined;
    const { replyTo, uploads } = this.#draft;
    const draft = { content: this.field.value.trim(), replyTo, attachments: uploads.attachments };
    const [violation] = this.#room.outbox.violations(draft);
    if (violation !== undefined) return this.#say(`The message ${violation.message}.`);
    uploads.clear();
    this.field.value = '';
    this.reply(null);
    this.#edited();
    return this.#room.outbox.send(draft);
  }

  #edited() {
    const left = LONGEST - length(this.field.value);
    this.count.textContent = left > NEAR ? '' : left >= 0 ? `${left} left` : `${-left} too many`;
    this.count.classList.toggle('problem', left < 0);
    this.#say(null);
    // For browsers that cannot size the field by its text.
    this.field.rows = CSS.supports('field-sizing', 'content') ? 1 : Math.min(8, this.field.value.split('\n').length);
    this.#render();
  }

  /** Updates the notice about attachments. */
  #attachmentsChanged() {
    if (this.#isHindered) this.#sayHindrance();
    this.#render();
  }

  #sayHindrance() {
    const { hindrance } = this.#uploads;
    this.#say(hindrance);
    this.#isHindered = hindrance !== null;
  }

  #say(problem) {
    this.#isHindered = false;
    this.problem.textContent = problem ?? '';
    if (problem === null) this.field.removeAttribute('aria-invalid');
    else this.field.setAttribute('aria-invalid', 'true');
  }

  #render() {
    this.button.disabled = this.field.value.trim() === '' && this.#uploads.count === 0;
  }
}
