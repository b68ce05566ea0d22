// A search over everything that has a name. `/` begins it, arrows and Enter choose, Escape ends it.
const search = document.querySelector('.search');
const input = search.querySelector('input');
const found = search.querySelector('.found');
const list = found.querySelector('ul');
const none = search.querySelector('.none');
const count = search.querySelector('.count');
const MOST = 12;
const KINDS = {
  about: 'Guide',
  scope: 'Room',
  emit: 'Client event',
  on: 'Server event',
  type: 'Type',
  rest: 'REST operation',
  flow: 'Flow',
  error: 'Error',
  limit: 'Limit',
  version: 'Changes',
};

const squeezed = (element) => element?.textContent.replace(/\s+/gu, ' ').trim() ?? '';
const entries = [...document.querySelectorAll('.page > section, tr[id]')].map((element) => {
  const cells = element.matches('tr') ? [...element.cells].map(squeezed) : [];
  return {
    id: element.id,
    kind: KINDS[element.id.split('-')[0]],
    name: cells[0] ?? squeezed(element.querySelector(':is(h2, h3) a')),
    about: cells.length > 0 ? cells.slice(1, 3).join(' – ') : squeezed(element.querySelector(':is(h2, h3) + p')),
    fields: [...element.querySelectorAll('.fields dt')].map((field) => field.firstChild.data.trim()),
  };
});
// Their titles are everyday words: a search for `send` more likely means `send_message`.
const LAST = [KINDS.about, KINDS.flow];
let options = [];
let chosen = -1;

// How well an entry matches: lower is better; `undefined` if it does not match.
function rank({ name, about, fields, kind }, wanted) {
  const lower = name.toLowerCase();
  const at = lower.indexOf(wanted);
  if (lower === wanted && kind !== KINDS.flow) return 0;
  if (at === 0) return 1;
  if (at > 0) return /[\s_-]/u.test(lower[at - 1]) ? 2 : 3;
  const words = wanted.split(/[\s_-]+/u).filter(Boolean);
  if (words.every((word) => lower.includes(word))) return 4;
  if (fields.some((field) => field.toLowerCase() === wanted)) return 5;
  const all = `${lower} ${kind} ${about} ${fields.join(' ')}`.toLowerCase();
  return words.every((word) => all.includes(word)) ? 6 : undefined;
}

function marked(text, wanted) {
  const at = text.toLowerCase().indexOf(wanted);
  if (at < 0) return [text];
  const mark = document.createElement('mark');
  mark.textContent = text.slice(at, at + wanted.length);
  return [text.slice(0, at), mark, text.slice(at + wanted.length)];
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

function update() {
  const wanted = input.value.trim().toLowerCase();
  if (wanted === '') return close();
  const ranked = entries
    .map((entry) => ({ entry, rank: rank(entry, wanted) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => a.rank - b.rank || LAST.includes(a.entry.kind) - LAST.includes(b.entry.kind));
  options = ranked.slice(0, MOST).map(({ entry }, index) => {
    const option = element(
      'li',
      '',
      element('span', 'name', ...marked(entry.name, wanted)),
      element('span', 'kind', entry.kind),
      element('span', 'about', ...marked(entry.about, wanted)),
    );
    option.id = `result-${index}`;
    option.setAttribute('role', 'option');
    option.addEventListener('click', () => go(entry.id));
    return { option, id: entry.id };
  });
  list.replaceChildren(...options.map(({ option }) => option));
  list.hidden = options.length === 0;
  none.hidden = options.length > 0;
  none.replaceChildren(
    element('strong', '', `Nothing found for “${input.value.trim()}”.`),
    'The search covers the names and descriptions of events, types, errors, operations and flows.',
  );
  count.textContent = ranked.length === 1 ? '1 result' : `${ranked.length} results`;
  found.hidden = false;
  input.ariaExpanded = 'true';
  choose(options.length > 0 ? 0 : -1);
}

function choose(index) {
  chosen = index;
  options.forEach(({ option }, at) => (option.ariaSelected = String(at === index)));
  const option = options[index]?.option;
  if (option) input.setAttribute('aria-activedescendant', option.id);
  else input.removeAttribute('aria-activedescendant');
  option?.scrollIntoView({ block: 'nearest' });
}

function close() {
  found.hidden = true;
  input.ariaExpanded = 'false';
  input.removeAttribute('aria-activedescendant');
  count.textContent = '';
  options = [];
}

function go(id) {
  input.value = '';
  close();
  location.hash = id;
  const target = document.getElementById(id);
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

input.addEventListener('input', update);
input.addEventListener('focus', update);
input.addEventListener('keydown', (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by !== undefined && options.length > 0) {
    event.preventDefault();
    choose((chosen + by + options.length) % options.length);
  } else if (event.key === 'Enter' && options[chosen]) {
    go(options[chosen].id);
  } else if (event.key === 'Escape') {
    if (found.hidden) input.blur();
    input.value = '';
    close();
  }
});
document.addEventListener('pointerdown', (event) => {
  if (!search.contains(event.target)) close();
});
document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select, [contenteditable]');
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
  input.select();
});
search.hidden = false;
