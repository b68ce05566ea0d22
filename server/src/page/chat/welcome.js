// Signing in: the server identifies users by their tokens, which they get from the issuer.
import { element } from './element.js';

/** Asks for a token. */
export function tokenForm(signIn, label) {
  const input = element('input', {
    type: 'password',
    name: 'token',
    autocomplete: 'off',
    required: true,
    placeholder: 'eyJhbGciOi…',
    'aria-label': 'Token',
    'aria-describedby': 'token-problem',
  });
  const problem = element('p', { id: 'token-problem', className: 'problem', role: 'alert' });
  const onsubmit = (event) => {
    event.preventDefault();
    const token = input.value.trim();
    if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return signIn(token);
    problem.textContent = 'This is not a token: one has three parts, with dots between them.';
    input.setAttribute('aria-invalid', 'true');
    return input.focus();
  };
  const button = element('button', { className: 'primary' }, label);
  return element('form', { className: 'token-form', noValidate: true, onsubmit }, input, button, problem);
}

const code = (text) => element('code', {}, text);

/** The page without a token. */
export function welcome(signIn) {
  return element(
    'main',
    { className: 'welcome' },
    element('img', { src: '/chat/icon.svg', alt: '', width: 48, height: 48 }),
    element('h1', {}, 'Welcome to Accord'),
    element('p', { className: 'lead' }, 'Paste your token to chat. It stays in this tab, and is only sent to this server.'),
    tokenForm(signIn, 'Sign in'),
    element(
      'section',
      { 'aria-label': 'How to get a token' },
      element('h2', {}, 'Where tokens come from'),
      element(
        'ul',
        {},
        element('li', {}, 'The demo prints links that sign you in, when it starts.'),
        element('li', {}, 'Ask the operator of this server for one: a JWT from its issuer.'),
        element('li', {}, 'Operators make one with ', code('accord-server token --jwt-secret … --user alice'), '.'),
      ),
    ),
    element(
      'p',
      { className: 'links' },
      element('a', { href: '/docs' }, 'Reference'),
      element('a', { href: '/schema' }, 'Schema'),
    ),
  );
}
