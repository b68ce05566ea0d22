// The traffic, newest last.

const KEPT = 500;
const SIGNS = { sent: ['↑', 'sent'], received: ['↓', 'received'], answer: ['↩', 'answer'], state: ['•', 'connection'] };

class Log {
  #list;
  #frame;
  #filter;
  #empty;

  constructor(element) {
    this.#list = element.querySelector('ol');
    this.#frame = element.querySelector('.frame');
    this.#filter = element.querySelector('input');
    this.#empty = element.querySelector('.empty');
    this.#filter.addEventListener('input', () => this.#sift());
    element.querySelector('button').addEventListener('click', () => {
      this.#list.replaceChildren();
      this.#sift();
    });
    this.#sift();
  }

  /**
   * Adds a line. `kind` is one of SIGNS, `name` the event's name or what happened, `value` the payload, `note` a short
   * remark, `isBad` whether something failed, and `code` the code that does or sees the same in a program.
   */
  add(kind, name, { value, note, isBad = false, code } = {}) {
    const follows = this.#frame.scrollHeight - this.#frame.scrollTop - this.#frame.clientHeight < 8;
    const [sign, spoken] = SIGNS[kind];
    const line = element('li', { className: kind });
    const details = element(value === undefined ? 'div' : 'details');
    const head = element(value === undefined ? 'p' : 'summary');
    const now = new Date();
    const time = element('time', { dateTime: now.toISOString() }, clock(now));
    head.append(time, element('span', { className: 'sign', title: spoken }, sign), element('code', {}, name));
    if (value !== undefined) head.append(element('span', { className: 'glance' }, JSON.stringify(value)));
    if (note !== undefined) head.append(element('span', { className: isBad ? 'note bad' : 'note' }, note));
    details.append(head);
    if (value !== undefined) {
      const pretty = JSON.stringify(value, null, 2);
      const tools = element('p', { className: 'tools' });
      tools.append(copying('Copy JSON', `${pretty}\n`));
      if (code !== undefined) tools.append(copying('Copy as code', code));
      details.append(element('pre', {}, pretty), tools);
    }
    line.append(details);
    this.#list.append(line);
    while (this.#list.children.length > KEPT) this.#list.firstChild.remove();
    this.#sift();
    if (follows) this.#frame.scrollTop = this.#frame.scrollHeight;
  }

  /** Shows what the filter lets through. */
  #sift() {
    const wanted = this.#filter.value.trim().toLowerCase();
    let shown = 0;
    for (const line of this.#list.children) {
      line.hidden = !line.textContent.toLowerCase().includes(wanted);
      if (!line.hidden) shown += 1;
    }
    this.#empty.hidden = shown > 0;
    this.#empty.textContent =
      this.#list.children.length > 0 ? `No traffic contains “${wanted}”.` : 'No traffic yet.';
  }
}

function element(name, properties = {}, text = undefined) {
  const made = Object.assign(document.createElement(name), properties);
  if (text !== undefined) made.textContent = text;
  return made;
}

function copying(label, text) {
  const button = element('button', { type: 'button' }, label);
  button.addEventListener('click', () => copy(button, text));
  return button;
}

const clock = (date) => `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
