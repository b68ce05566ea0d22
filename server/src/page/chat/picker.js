// A small choice of emoji, at the button that asked for it.
import { element } from './element.js';

const EMOJI = [
  ['👍', 'Thumbs up'],
  ['❤️', 'Heart'],
  ['😂', 'Tears of joy'],
  ['🎉', 'Party popper'],
  ['😮', 'Surprised'],
  ['😢', 'Sad'],
  ['👀', 'Eyes'],
  ['✅', 'Done'],
];

/** Shows the choice above a button, until something is chosen or Escape is pressed. */
export function pickEmoji(button, choose) {
  const pick = (emoji) => {
    picker.hidePopover();
    choose(emoji);
  };
  const buttons = EMOJI.map(([emoji, name]) =>
    element('button', { type: 'button', 'aria-label': name, title: name, onclick: () => pick(emoji) }, emoji),
  );
  const onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
  };
  const ontoggle = ({ newState }) => {
    button.setAttribute('aria-expanded', String(newState === 'open'));
    if (newState === 'closed') picker.remove();
  };
  const properties = { className: 'picker', popover: 'auto', role: 'group', 'aria-label': 'Reactions' };
  const picker = element('div', { ...properties, onkeydown, ontoggle }, buttons);
  button.after(picker);
  picker.showPopover();
  const at = button.getBoundingClientRect();
  picker.style.top = `${Math.max(8, at.top - picker.offsetHeight - 6)}px`;
  picker.style.left = `${Math.max(8, Math.min(at.right, innerWidth - 8) - picker.offsetWidth)}px`;
  buttons[0].focus();
}
