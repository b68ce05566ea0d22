// The page's entry point: without a token it asks for one, with one it chats, with several it shows them side by side.
import { Chat } from './chat.js';
import { element } from './element.js';
import { Session } from './session.js';
import { addressOf, isPane, keepTokens, readTokens, replaceToken } from './tokens.js';
import { welcome } from './welcome.js';

function start() {
  const tokens = readTokens();
  if (tokens.length > 1) return showSideBySide(tokens);
  if (tokens.length === 0) return document.body.append(welcome(signIn));
  const [token] = tokens;
  const chat = new Chat(new Session(token), {
    signIn: (other) => replaceToken(token, other),
    signOut: () => replaceToken(token),
    addUser: isPane ? undefined : (other) => replaceToken(token, token, other),
  });
  return document.body.append(chat.element);
}

function showSideBySide(tokens) {
  const panes = tokens.map((token, index) => element('iframe', { src: addressOf(token), title: `User ${index + 1}` }));
  const heading = element('h1', { className: 'unseen' }, 'Accord, side by side');
  document.body.append(element('main', { className: 'panes' }, heading, panes));
}

function signIn(token) {
  keepTokens([token]);
  location.reload();
}

// A link that is opened in a tab that shows the page already.
window.addEventListener('hashchange', () => location.reload());
start();
