// Elements, made of text and never of HTML, so that users' input is always text.

/**
 * An element. Of `properties`, functions become listeners of the event that they are named after (`onclick`), names with
 * a hyphen and `role` become attributes, and all others are properties of the element.
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else if (key.includes('-') || key === 'role') made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing of `index.html`, for those who see. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#${name}`);
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/** A button that shows a drawing and is called by words. */
export const iconButton = (name, label, onclick, properties = {}) =>
  element(
    'button',
    { type: 'button', className: 'icon-button', title: label, 'aria-label': label, onclick, ...properties },
    icon(name),
  );

/** The first letters of a name, in a colour of its own: images of other hosts are not loaded. */
export function avatar(name) {
  const letters = name.split(/\s+/).filter(Boolean).map((word) => [...word][0]);
  const initials = (letters.length > 1 ? letters[0] + letters.at(-1) : (letters[0] ?? '?')).toUpperCase();
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 8, 7);
  return element('span', { className: 'avatar', 'aria-hidden': 'true', 'data-hue': String(hue) }, initials);
}

/** Replaces the children of a node, and touches only those that differ: focus and scroll position stay. */
export function arrange(parent, children) {
  children.forEach((child, index) => {
    if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
  });
  while (parent.childNodes.length > children.length) parent.lastChild.remove();
}
