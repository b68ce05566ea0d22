// Messages to several clients have the same name.
for (const arrow of document.querySelectorAll('.flow li [class]')) {
  if (arrow.textContent.trim() === '') arrow.replaceChildren(...arrow.previousSibling.cloneNode(true).childNodes);
}

// A message with a successful answer is an arrow up and an arrow down.
for (const sent of document.querySelectorAll('.flow [class^=s]')) {
  const answer = document.createElement('p');
  answer.className = sent.className.replace('s', 'd');
  answer.textContent = 'ok';
  sent.className = sent.className.replace('s', 'u');
  sent.after(answer);
}

// Arrows name their clients for screen readers, and their names become links to the reference.
const errors = new Map([...document.querySelectorAll('tr[id^=error-]')].reverse().map((row) => [row.cells[0].textContent, row.id]));
const PLACES = { u: ['emit-', 'rest-'], d: ['on-'], a: [] };
for (const arrow of document.querySelectorAll('.flow li [class]')) {
  const [way, lane] = arrow.className;
  const text = arrow.firstChild;
  const name = text.data.trim();
  const ids = way === 'n' ? [errors.get(name)] : PLACES[way].map((prefix) => prefix + name);
  const id = ids.find((id) => document.getElementById(id));
  if (id) {
    const link = document.createElement('a');
    link.href = `#${id}`;
    link.textContent = name;
    text.replaceWith(link, ' ');
  }
  const client = arrow.closest('.flow').querySelector('p').children[lane - 1].textContent;
  const said = document.createElement('b');
  said.textContent = `${way === 'd' || way === 'n' ? 'to ' : ''}${client}: `;
  arrow.prepend(said);
}

// Chromium and Firefox make scrolling elements focusable; this labels them, in every browser.
const scrolls = new ResizeObserver((resized) => {
  for (const { target } of resized) {
    const given = { tabindex: '0', role: 'group', 'aria-label': target.matches('.flow') ? 'Diagram' : 'Table' };
    for (const [name, value] of Object.entries(given)) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute(name, value);
      else target.removeAttribute(name);
    }
  }
});
document.querySelectorAll('.flow, .wide').forEach((element) => scrolls.observe(element));
