// Inserts the parts that an example shares with another one.
function completed(code) {
  for (const link of code.querySelectorAll('a')) {
    const indent = /(?:^|\n)( *).*$/.exec(link.previousSibling?.data ?? '')[1];
    const other = document.querySelector(`${link.hash} .samples > :last-child pre`);
    link.replaceWith(completed(other).replaceAll('\n', `\n${indent}`));
  }
  code.normalize();
  return code.textContent;
}
document.querySelectorAll('.sample pre:has(a)').forEach(completed);

// Splits samples in two languages: JavaScript is TypeScript without its types.
for (const typescript of document.querySelectorAll('.sample:has(> p + p)')) {
  const javascript = typescript.cloneNode(true);
  javascript.querySelectorAll('p + p, i').forEach((element) => element.remove());
  typescript.querySelector('p').remove();
  typescript.querySelectorAll('i').forEach((types) => types.replaceWith(types.textContent));
  for (const code of [javascript, typescript]) code.normalize();
  const languages = document.createElement('div');
  languages.className = 'languages';
  typescript.replaceWith(languages);
  languages.append(javascript, typescript);
}

// Samples in several languages become tabs, and a choice applies to all of them. Every sample can be copied.
const groups = [];
for (const group of document.querySelectorAll('.languages')) {
  const list = document.createElement('div');
  list.setAttribute('role', 'tablist');
  list.setAttribute('aria-label', 'Language');
  const tabs = [...group.querySelectorAll('.sample')].map((panel, index) => {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.textContent = panel.querySelector('p').textContent;
    tab.id = `tab-${groups.length}-${index}`;
    tab.setAttribute('role', 'tab');
    panel.id = `panel-${groups.length}-${index}`;
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', tab.id);
    tab.setAttribute('aria-controls', panel.id);
    tab.addEventListener('click', () => choose(tab.textContent));
    list.append(tab);
    return { tab, panel };
  });
  list.addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex(({ tab }) => tab === document.activeElement);
    const next = tabs[(at + by + tabs.length) % tabs.length].tab;
    choose(next.textContent);
    next.focus();
  });
  group.prepend(list);
  group.classList.add('tabbed');
  groups.push(tabs);
}

function choose(language) {
  for (const tabs of groups) {
    const known = tabs.some(({ tab }) => tab.textContent === language);
    if (!known && tabs.some(({ tab }) => tab.ariaSelected === 'true')) continue;
    tabs.forEach(({ tab, panel }, index) => {
      const chosen = known ? tab.textContent === language : index === 0;
      tab.ariaSelected = String(chosen);
      tab.tabIndex = chosen ? 0 : -1;
      panel.hidden = !chosen;
    });
  }
}
choose('JavaScript');

for (const sample of document.querySelectorAll('.sample')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(`${sample.querySelector('pre').textContent}\n`);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(sample.querySelector('pre'));
      button.textContent = 'Selected';
    }
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
  sample.append(button);
}
