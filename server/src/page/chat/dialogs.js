// Dialogs: questions and help.
import { avatar, element, iconButton } from './element.js';
import { tokenForm } from './welcome.js';

/** Shows a dialog; resolves to what it was closed with, or to `undefined`. */
function ask(title, ...children) {
  const dialog = element('dialog', { 'aria-labelledby': 'dialog-title' });
  const close = (answer) => {
    dialog.answer = answer;
    dialog.close();
  };
  const shown = children.map((child) => (typeof child === 'function' ? child(close) : child)).filter(Boolean);
  dialog.append(element('h2', { id: 'dialog-title' }, title), ...shown);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.answer);
    });
  });
}

const button = (label, onclick, className = '') => element('button', { type: 'button', className, onclick }, label);
const buttons = (...all) => element('p', { className: 'dialog-buttons' }, all);

export const confirmRemoval = (message) =>
  ask(
    'Delete this message?',
    element('blockquote', {}, message.content || `${message.attachments.length} attached`),
    element('p', {}, 'It disappears for everybody.'),
    (close) => buttons(button('Cancel', () => close()), button('Delete', () => close(true), 'danger')),
  );

/** Resolves to the room that a message is to be forwarded to. */
export const chooseTarget = (message, rooms) =>
  ask(
    'Forward to a channel',
    element('blockquote', {}, message.content || `${message.attachments.length} attached`),
    (close) =>
      rooms.length === 0
        ? element('p', {}, 'You are not in any other channel.')
        : element(
            'ul',
            { className: 'choices' },
            rooms.map((room) => element('li', {}, button(`# ${room.name}`, () => close(room)))),
          ),
    (close) => buttons(button('Cancel', () => close())),
  );

const KEYS = [
  ['Enter', '', 'send'],
  ['Shift Enter', '', 'begin a new line'],
  ['↑', 'in an empty field', 'edit your last message'],
  ['Escape', '', 'cancel a reply or an edit; go back to the text field'],
  ['↑ ↓', 'in the messages', 'go through them; Tab reaches what can be done'],
];

const LINKS = [
  ['/docs', 'Reference: events, types, errors, flows'],
  ['/schema/openapi.json', 'OpenAPI'],
  ['/schema/asyncapi.json', 'AsyncAPI'],
  ['/chat/main.js', 'The source code of this page'],
  ['/schema', 'Everything generated from the schema: JSON Schema, an npm package'],
];

/** Keys, what developers look for, and a second user to talk to. */
export const showHelp = (members, addUser) =>
  ask(
    'Help',
    (close) => iconButton('close', 'Close', () => close(), { className: 'icon-button dialog-close' }),
    members.length > 0 && element('h3', {}, 'Who is here'),
    members.length > 0 &&
      element('ul', { className: 'members' }, members.map(({ name }) => element('li', {}, avatar(name), name))),
    element('h3', {}, 'Keys'),
    element('dl', {}, KEYS.flatMap(([keys, where, does]) => [
      element('dt', {}, keys.split(' ').map((key) => [element('kbd', {}, key), ' ']), where),
      element('dd', {}, does),
    ])),
    element('h3', {}, 'For developers'),
    element('p', {}, 'This page uses only the generated package, and you can copy its code.'),
    element('ul', {}, LINKS.map(([href, text]) => element('li', {}, element('a', { href }, text)))),
    addUser !== undefined && element('h3', {}, 'A second user, side by side'),
    addUser !== undefined && tokenForm(addUser, 'Add'),
  );
