// The state of the connection, and what to do without one.
import { element } from './element.js';
import { tokenForm } from './welcome.js';

const TEXTS = {
  connecting: 'Connecting…',
  offline: 'Connection lost. Trying again…',
  ended: 'The server has ended the connection.',
};

/** A bar that is shown while something is wrong. */
export class Status {
  element = element('div', { className: 'status', role: 'status', hidden: true });

  constructor(session, { signIn }) {
    this.session = session;
    this.signIn = signIn;
    session.addEventListener('state', () => this.render());
    this.render();
  }

  render() {
    const { state, reason } = this.session;
    this.element.hidden = state === 'online';
    this.element.dataset.state = state;
    if (state === 'online') return this.element.replaceChildren();
    const text = element('span', {}, reason ?? TEXTS[state]);
    const again = element('button', { type: 'button', onclick: () => this.session.connect() }, 'Try now');
    if (state === 'refused') return this.element.replaceChildren(text, tokenForm(this.signIn, 'Sign in again'));
    return this.element.replaceChildren(text, state === 'connecting' ? '' : again);
  }
}
