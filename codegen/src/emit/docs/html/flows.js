// Whose arrow it is, for those who do not see it.
for (const arrow of document.querySelectorAll('.flow li b:not(:empty)')) {
  const [, way, lane] = /([uda])(\d)/.exec(arrow.className);
  const name = arrow.closest('.flow').querySelector('p').children[lane - 1].textContent;
  const said = document.createElement('i');
  said.textContent = way === 'd' ? `to ${name}: ` : `${name}: `;
  arrow.prepend(said);
}

// What arrows are called becomes links to what is said of it.
const errors = new Map([...document.querySelectorAll('tr[id^=error-]')].reverse().map((row) => [row.cells[0].textContent, row.id]));
for (const arrow of document.querySelectorAll('.flow li b')) {
  const text = [...arrow.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
  const name = text.data.trim();
  const ids = arrow.matches('.no') ? [errors.get(name)] : arrow.matches('[class^=u]') ? [`emit-${name}`, `rest-${name}`] : [`on-${name}`];
  const id = ids.find((id) => id !== undefined && document.getElementById(id));
  if (id === undefined) continue;
  const link = document.createElement('a');
  link.href = `#${id}`;
  link.textContent = name;
  text.replaceWith(link, ' ');
}

// Chromium and Firefox let the keyboard reach whatever scrolls; here it is told what it has reached, in every browser.
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
