// The page has the text on each error, limit and type once. This script repeats it wherever one is named.
const cells = (link) => [...document.querySelector(link.hash).cells].map((cell) => cell.textContent.trim());
for (const link of document.querySelectorAll('h4 + ul a[href^="#error-"]')) {
  if (link.nextSibling.data.trim() === '') link.after(` ${cells(link)[1]}`);
}
for (const link of document.querySelectorAll('dd > a[href^="#limit-"]')) {
  const [, , burst, rate, per] = cells(link);
  link.after(`: ${burst} at once, then ${rate}, per ${per}.`);
}
for (const link of document.querySelectorAll('h4 > a[href^="#type-"]')) {
  const type = document.querySelector(link.hash);
  const keys = document.createElement('p');
  const names = [...type.querySelectorAll('.fields dt')].map((field) => field.firstChild.data.trim());
  keys.append(...names.flatMap((name) => [', ', Object.assign(document.createElement('code'), { textContent: name })]).slice(1));
  link.parentNode.after(type.querySelector('h3 + p')?.cloneNode(true) ?? '', names.length > 0 ? keys : '');
}
for (const link of document.querySelectorAll('.fields var > a')) {
  // The text does not apply to a list or a map of them.
  if (!/^\w+(?: \| null)?$/.test(link.parentNode.textContent)) continue;
  const type = document.querySelector(link.hash);
  const said = link.closest('dt').nextElementSibling;
  const repeat = (text) => text && said.append(' ', ...text.cloneNode(true).childNodes);
  if (said.textContent.trim() === '') repeat(type.querySelector('h3 + p'));
  const limits = [...type.querySelectorAll('dt')].find((term) => term.textContent === 'Limits');
  if (link.closest('[id^=emit-], [id^=rest-]')) repeat(limits?.nextElementSibling);
}
