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
