// The composer: text, the message that it replies to, and files.
import { BOUNDS } from '/schema/typescript/constants.js';
import { element, icon, iconButton } from './element.js';
import { Uploads } from './uploads.js';

const LONGEST = BOUNDS.MessageText.maxLength;
/** From how many characters before the end they are counted. */
const NEAR = 200;

const length = (text) => [...text].length;

export class Composer {
  #room = null;
  #replyTo = null;
  /** Drafts of rooms that the user has switched away from. */
  #drafts = new Map();

  constructor(session, { editLast }) {
    this.editLast = editLast;
    this.uploads = new Uploads(session, () => this.#render());
    this.field = element('textarea', {
      rows: 1,
      'aria-label': 'Message',
      'aria-describedby': 'composer-problem composer-count',
      oninput: () => this.#edited(),
      onkeydown: (event) => this.#key(event),
      onpaste: (event) => this.#take(event, event.clipboardData.files),
    });
    this.quote = element('p', { className: 'replying', hidden: true });
    this.problem = element('p', { id: 'composer-problem', className: 'problem', role: 'alert' });
    this.count = element('p', { id: 'composer-count', className: 'count' });
    this.files = element('input', { type: 'file', multiple: true, hidden: true, onchange: () => this.#choose() });
    const send = { className: 'primary send', 'aria-label': 'Send', title: 'Send (Enter)' };
    this.button = element('button', send, icon('send'));
    this.element = element(
      'form',
      { className: 'composer', onsubmit: (event) => this.#submit(event) },
      this.quote,
      this.uploads.element,
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
    if (this.#room !== null) this.#drafts.set(this.#room, this.field.value);
    this.#room = room;
    this.field.value = this.#drafts.get(room) ?? '';
    this.field.placeholder = `Message ${room.name}`;
    this.uploads.clear();
    this.reply(null);
    this.#edited();
  }

  /** Has the next message be a reply. */
  reply(message) {
    this.#replyTo = message;
    this.quote.hidden = message === null;
    if (message === null) return this.quote.replaceChildren();
    this.quote.replaceChildren(
      icon('reply'),
      element('span', {}, `Replying to ${message.user.name}: `, element('q', {}, message.content || 'an attachment')),
      iconButton('close', 'Do not reply', () => this.#stopReplying()),
    );
    return this.field.focus();
  }

  /** Takes files that were dropped or chosen. */
  attach(files) {
    this.#say(this.uploads.add(files));
    this.field.focus();
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

  #stopReplying() {
    this.reply(null);
    this.field.focus();
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) this.#submit(event);
    else if (event.key === 'Escape' && this.#replyTo !== null) this.#stopReplying();
    else if (event.key === 'ArrowUp' && this.field.value === '' && this.editLast()) event.preventDefault();
  }

  #submit(event) {
    event.preventDefault();
    if (this.uploads.isBusy) return this.#say('The attachments are still uploading.');
    if (this.uploads.hasFailed) return this.#say('An attachment has failed: retry it, or remove it.');
    if (this.button.disabled) return undefined;
    const draft = { content: this.field.value.trim(), replyTo: this.#replyTo, attachments: this.uploads.attachments };
    const [violation] = this.#room.outbox.violations(draft);
    if (violation !== undefined) return this.#say(`The message ${violation.message}.`);
    this.uploads.clear();
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
    // Browsers that cannot size the field by its text.
    this.field.rows = CSS.supports('field-sizing', 'content') ? 1 : Math.min(8, this.field.value.split('\n').length);
    this.#render();
  }

  #say(problem) {
    this.problem.textContent = problem ?? '';
    if (problem === null) this.field.removeAttribute('aria-invalid');
    else this.field.setAttribute('aria-invalid', 'true');
  }

  #render() {
    if (this.button === undefined) return;
    this.button.disabled = this.field.value.trim() === '' && this.uploads.count === 0;
  }
}
