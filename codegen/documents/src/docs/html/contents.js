// The contents show the reader's place, and fold away after a choice.
const contents = document.getElementById('contents');

// Long chapters, whose entries are looked up by name, fold out.
for (const chapter of contents.querySelectorAll('a')) {
  const places = document.querySelectorAll(`${chapter.hash} > :is([id^=type-], [id^=rest-], [id^=flow-])`);
  if (places.length === 0) continue;
  const list = document.createElement('ul');
  for (const { id } of places) {
    const item = document.createElement('li');
    item.append(document.querySelector(`#${id} :is(h2, h3) > a`).cloneNode(true));
    item.firstChild.replaceChildren(item.textContent);
    list.append(item);
  }
  const summary = document.createElement('summary');
  summary.textContent = `All ${places.length}`;
  const folded = document.createElement('details');
  folded.append(summary, list);
  chapter.after(folded);
}

const links = new Map([...contents.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
const wide = matchMedia('(min-width: 60rem)');

contents.addEventListener('click', (event) => {
  if (event.target.closest('a') && !wide.matches) contents.hidePopover();
});

let current;
function show(id) {
  const link = links.get(id);
  if (link === undefined || link === current) return;
  current?.removeAttribute('aria-current');
  current = link;
  link.setAttribute('aria-current', 'location');
  const folded = link.closest('details');
  if (folded) folded.open = true;
  if (wide.matches) {
    const { top, bottom } = link.getBoundingClientRect();
    const frame = contents.getBoundingClientRect();
    if (top < frame.top + 40 || bottom > frame.bottom - 40) contents.scrollTop += top - frame.top - frame.height / 3;
  }
}

const places = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
const seen = new Set();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? 'add' : 'delete'](target);
    const last = places.findLast((place) => seen.has(place) && place.getBoundingClientRect().top < innerHeight / 3);
    if (last) show(last.id);
  },
  { rootMargin: '-64px 0px -60% 0px' },
);
places.forEach((place) => observer.observe(place));
