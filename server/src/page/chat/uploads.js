// Files on their way: chosen, dropped or pasted, sent at once, and shown with their progress until the message is sent.
import { BOUNDS, ERRORS } from '/schema/typescript/constants.js';
import { Refusal } from '/schema/typescript/rooms.js';
import { canRetry } from './session.js';
import { element, icon, iconButton } from './element.js';

const LARGEST = BOUNDS.Attachment.size.maximum;
const MOST = BOUNDS.SendMessage.attachments.maxItems;

/** A size as people say it. */
export function size(bytes) {
  const power = Math.min(2, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
  return `${number.format(bytes / 1024 ** power)} ${['B', 'KiB', 'MiB'][power]}`;
}

/** What is wrong with a file, with the server's reason if there is one. */
const problem = ({ message, details: [why] = [] }) => (why === undefined ? message : `${message}: it ${why.message}`);

/** A file that claims to be a picture but is not is shown like any other file. */
const withoutPicture = ({ currentTarget }) => currentTarget.replaceWith(icon('file'));

export class Uploads {
  element = element('ul', { className: 'uploads', 'aria-label': 'Attachments', hidden: true });
  #items = [];

  constructor(session, onchange) {
    this.session = session;
    this.onchange = onchange;
  }

  get count() {
    return this.#items.length;
  }

  /** Why they cannot be sent; `null` if they can. */
  get hindrance() {
    const is = (wanted) => this.#items.some(({ state }) => state === wanted);
    if (is('sending')) return 'The attachments are still uploading.';
    return is('failed') ? 'An attachment has failed: retry it, or remove it.' : null;
  }

  /** Adds files; returns a notice if there are too many. */
  add(files) {
    const taken = [...files].slice(0, MOST - this.#items.length);
    for (const file of taken) this.#start(file);
    return taken.length < files.length ? `A message has at most ${MOST} attachments.` : null;
  }

  /** The finished uploads. */
  get attachments() {
    return this.#items.map(({ attachment }) => attachment);
  }

  clear() {
    for (const item of [...this.#items]) this.#drop(item);
  }

  #start(file) {
    const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
    const item = { file, preview, ending: new AbortController(), element: element('li') };
    this.#items.push(item);
    this.element.append(item.element);
    this.#send(item);
  }

  async #send(item) {
    Object.assign(item, { state: 'sending', sent: 0, error: null });
    this.#render(item);
    try {
      if (item.file.size > LARGEST) throw new Refusal({ ...ERRORS.too_large, message: `Larger than ${size(LARGEST)}` });
      item.attachment = await this.session.rest.uploadFile(item.file, {
        signal: item.ending.signal,
        onProgress: ({ loaded, total }) => {
          item.sent = loaded / total;
          item.element.querySelector('progress').value = item.sent;
        },
      });
      item.state = 'done';
    } catch (error) {
      this.session.noteRefusal(error);
      Object.assign(item, { state: 'failed', error });
    }
    if (this.#items.includes(item)) this.#render(item);
  }

  #drop(item) {
    item.ending.abort();
    if (item.preview !== null) URL.revokeObjectURL(item.preview);
    this.#items = this.#items.filter((each) => each !== item);
    item.element.remove();
    this.#changed();
  }

  #render(item) {
    const { file, preview, state, sent, error } = item;
    item.element.dataset.state = state;
    item.element.replaceChildren(
      preview === null ? icon('file') : element('img', { src: preview, alt: '', onerror: withoutPicture }),
      element(
        'span',
        { className: 'upload-text' },
        element('span', { className: 'name' }, file.name),
        state === 'sending' && element('progress', { max: 1, value: sent, 'aria-label': `Uploading ${file.name}` }),
        state === 'done' && element('span', { className: 'quiet' }, size(file.size)),
        state === 'failed' && element('span', { className: 'problem', role: 'alert' }, problem(error)),
      ),
      ...(state === 'failed' && canRetry(error)
        ? [element('button', { type: 'button', onclick: () => this.#send(item) }, 'Retry')]
        : []),
      iconButton('close', `Remove ${file.name}`, () => this.#drop(item)),
    );
    this.#changed();
  }

  #changed() {
    this.element.hidden = this.#items.length === 0;
    this.onchange();
  }
}
