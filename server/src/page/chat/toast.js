// Notices without a better place, shown for a while and read out by screen readers.
import { element, iconButton } from './element.js';

const SHOWN_MS = 8000;

export class Toasts {
  element = element('div', { className: 'toasts', role: 'status' });

  show(text) {
    const toast = element('p', { className: 'toast' }, text, iconButton('close', 'Dismiss', () => toast.remove()));
    this.element.append(toast);
    setTimeout(() => toast.remove(), SHOWN_MS);
  }
}
