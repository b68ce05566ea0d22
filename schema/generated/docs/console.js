// JSON as it is typed: its value, and the place of each part.

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = { true: true, false: false, null: null };

/** A mistake in a JSON text, and its position. */
class Mistake extends Error {
  constructor(at, message) {
    super(message);
    this.at = at;
  }
}

/** The value of a text, and the place of each value in it by its JSON Pointer, as [start, end]; or the first mistake. */
function readJson(text) {
  const places = new Map();
  let at = 0;
  const skip = () => {
    while (/[ \t\n\r]/.test(text[at] ?? '')) at += 1;
  };
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const value = (pointer) => {
    skip();
    const start = at;
    const read = any(pointer);
    places.set(pointer, [start, at]);
    skip();
    return read;
  };
  const any = (pointer) => {
    const next = text[at];
    if (next === '{') return object(pointer);
    if (next === '[') return array(pointer);
    if (next === '"') return string();
    const word = Object.keys(WORDS).find((word) => text.startsWith(word, at));
    if (word !== undefined) {
      at += word.length;
      return WORDS[word];
    }
    const number = take(NUMBER);
    if (number === undefined) throw new Mistake(at, at < text.length ? 'a value is expected here' : 'a value is missing');
    return Number(number);
  };
  const string = () => {
    const found = take(STRING);
    if (found === undefined) throw new Mistake(at, 'this string does not end, or holds what must be escaped');
    return JSON.parse(found);
  };
  const rest = (end) => {
    if (text[at] !== ',' && text[at] !== end) throw new Mistake(at, `“,” or “${end}” is expected here`);
    return text[at++] === ',';
  };
  const object = (pointer) => {
    const members = {};
    at += 1;
    skip();
    if (text[at] === '}') return (at += 1), members;
    do {
      skip();
      if (text[at] !== '"') throw new Mistake(at, 'a name in double quotes is expected here');
      const name = string();
      skip();
      if (text[at] !== ':') throw new Mistake(at, '“:” is expected here');
      at += 1;
      const read = value(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      Object.defineProperty(members, name, { value: read, enumerable: true, configurable: true, writable: true });
    } while (rest('}'));
    return members;
  };
  const array = (pointer) => {
    const items = [];
    at += 1;
    skip();
    if (text[at] === ']') return (at += 1), items;
    do items.push(value(`${pointer}/${items.length}`));
    while (rest(']'));
    return items;
  };
  try {
    const read = value('');
    if (at < text.length) throw new Mistake(at, 'nothing more is expected here');
    return { value: read, places };
  } catch (mistake) {
    if (!(mistake instanceof Mistake)) throw mistake;
    return { mistake };
  }
}

// The visible traffic, as code to copy.

/** A value as JavaScript has it. */
function literal(value, indent = '') {
  if (typeof value === 'string') {
    const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
    return `'${escaped}'`;
  }
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name));
  const parts = Object.entries(value).map(([name, item]) => `${inner}${isList ? '' : `${key(name)}: `}${literal(item, inner)},\n`);
  const [open, close] = isList ? '[]' : '{}';
  return parts.length === 0 ? open + close : `${open}\n${parts.join('')}${indent}${close}`;
}

/** How an event is sent. */
function sending(event, args, isAcknowledged) {
  const given = [event, ...args].map((argument) => literal(argument)).join(', ');
  return isAcknowledged ? `const answer = await socket.emitWithAck(${given});\n` : `socket.emit(${given});\n`;
}

/** How an event is received. */
function receiving(event, args) {
  const seen = args.map((argument) => literal(argument, '  // ')).join(', ');
  const parameter = args.length > 0 ? 'payload' : '';
  return `socket.on(${literal(event)}, (${parameter}) => {\n${seen && `  // ${seen}\n`}});\n`;
}

/** Copies a text, and says so on the button. */
async function copy(button, text) {
  // If it was pressed again, it shows another label already.
  button.dataset.label ??= button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed';
  }
  setTimeout(() => (button.textContent = button.dataset.label), 2000);
}

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

// The payload's editor: JSON, with mistakes marked in place and described below.

class Editor {
  #input;
  #marks;
  #problems;
  #places = new Map();
  #changed;

  /** `changed` is called with the typed arguments, and returns their violations: `[{ path, message }]`. */
  constructor(element, changed) {
    this.#input = element.querySelector('textarea');
    this.#marks = element.querySelector('pre');
    this.#problems = element.querySelector('ul');
    this.#changed = changed;
    this.#input.addEventListener('input', () => this.check());
    this.#input.addEventListener('scroll', () => (this.#marks.scrollTop = this.#input.scrollTop));
  }

  /** The typed arguments, one or none; `undefined` if the text is not JSON. */
  get args() {
    if (this.#input.value.trim() === '') return [];
    const { value, mistake } = readJson(this.#input.value);
    return mistake === undefined ? [value] : undefined;
  }

  /** Checks the text, and shows its mistakes. */
  check() {
    if (this.#input.value.trim() === '') {
      this.#places = new Map([['', [0, 0]]]);
      return this.show(this.#changed([]));
    }
    const { value, places, mistake } = readJson(this.#input.value);
    if (mistake === undefined) {
      this.#places = places;
      return this.show(this.#changed([value]));
    }
    this.#places = new Map([['', [mistake.at, mistake.at + 1]]]);
    this.#changed(undefined);
    this.show([{ path: '', message: mistake.message }]);
  }

  /** Marks and lists problems. A missing field is marked at the object that lacks it. */
  show(problems) {
    const places = problems.map(({ path }) => this.#place(path));
    this.#input.setAttribute('aria-invalid', String(problems.length > 0));
    this.#problems.replaceChildren(
      ...problems.map(({ path, message }, index) => {
        const button = element('button', { type: 'button' });
        if (path !== '') button.append(element('code', {}, path), ' ');
        button.append(message);
        button.addEventListener('click', () => {
          this.#input.focus();
          this.#input.setSelectionRange(...places[index]);
        });
        const item = element('li');
        item.append(button);
        return item;
      }),
    );
    this.#mark(places);
  }

  #place(path) {
    for (let pointer = path; ; pointer = pointer.slice(0, pointer.lastIndexOf('/'))) {
      const place = this.#places.get(pointer);
      // For an object or a list, its opening bracket.
      if (place !== undefined) return pointer === path ? place : [place[0], place[0] + 1];
      if (pointer === '') return [0, 0];
    }
  }

  #mark(places) {
    const text = this.#input.value;
    const parts = [];
    let at = 0;
    for (const [start, end] of places.toSorted(([a], [b]) => a - b)) {
      if (start < at) continue;
      parts.push(text.slice(at, start), element('mark', {}, text.slice(start, end)));
      at = end;
    }
    // A last line that is empty has its height only where something follows.
    this.#marks.replaceChildren(...parts, `${text.slice(at)}\n`);
    this.#marks.scrollTop = this.#input.scrollTop;
  }
}

export { Editor, Log, copy, element, receiving, sending };
