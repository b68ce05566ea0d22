// The storage of tokens: they come in the address's fragment, which browsers do not send, and stay in this tab.

const KEY = 'accord.tokens';

/** Whether this page is one of two that are shown side by side. */
export const isPane = window.parent !== window;

/** The tokens of the users whom this tab chats as: none, one, or several side by side. */
export function readTokens() {
  const given = new URLSearchParams(location.hash.slice(1)).getAll('token');
  if (isPane) return given.slice(0, 1);
  if (given.length > 0) {
    keepTokens(given);
    // An address is read over shoulders, and copied.
    history.replaceState(null, '', location.pathname);
  }
  return kept();
}

const kept = () => JSON.parse(sessionStorage.getItem(KEY) ?? '[]');

export function keepTokens(tokens) {
  sessionStorage.setItem(KEY, JSON.stringify(tokens));
}

/** Replaces one of this tab's tokens: by none, by another one, or by itself and one more. */
export function replaceToken(token, ...others) {
  keepTokens(kept().flatMap((each) => (each === token ? others : [each])));
  // Another user starts from scratch: nothing of the previous user is left.
  window.parent.location.reload();
}

/** The address that signs in with `tokens`. */
export const addressOf = (...tokens) => `/#${new URLSearchParams(tokens.map((token) => ['token', token]))}`;
