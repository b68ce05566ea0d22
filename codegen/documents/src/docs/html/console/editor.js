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
