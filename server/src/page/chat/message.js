// A message's appearance and actions.
import { avatar, element, icon, iconButton } from './element.js';
import { pickEmoji } from './picker.js';
import { canRetry } from './session.js';
import { clock, full, secondsUntil } from './time.js';
import { size } from './uploads.js';

/**
 * The element of a message. `actions` are `toggle`, `reply`, `forward`, `edit` and `remove`, each of which takes the
 * message, and `jump`, which takes the id of another one; those that are `undefined` are not offered.
 */
export function messageElement(message, { isFollowing, userId, actions }) {
  const head = [
    element('span', { className: 'author' }, message.user.name),
    element('time', { dateTime: message.createdAt, title: full(message.createdAt) }, clock(message.createdAt)),
  ];
  const isEdited = message.updatedAt !== message.createdAt;
  const edited = isEdited && element('span', { className: 'edited' }, ' (edited)');
  return element(
    'li',
    { className: `message${isFollowing ? ' following' : ''}`, id: `message-${message.id}`, tabIndex: -1 },
    isFollowing ? null : avatar(message.user.name),
    element('p', { className: isFollowing ? 'unseen' : 'message-head' }, head),
    quote(message, actions.jump),
    message.content !== '' && element('p', { className: 'content' }, message.content, edited),
    attachments(message.attachments),
    reactions(message, userId, actions.toggle),
    toolbar(message, actions),
  );
}

/** The element of what is being sent. */
export function letterElement(letter, { user, isFollowing, resend, discard }) {
  const isFailed = letter.error !== null && letter.retryAt === null;
  let state = null;
  const sending = letter.error === null && element('span', { className: 'edited', role: 'status' }, ' Sending…');
  if (letter.retryAt !== null) state = `${letter.error.message} Sending again in ${secondsUntil(letter.retryAt)} s.`;
  if (isFailed) {
    const details = letter.error.details?.map(({ path, message }) => `${path.slice(1)} ${message}`) ?? [];
    state = element(
      'span',
      { className: 'problem' },
      `Not sent: ${[letter.error.message, ...details].join('; ')}`,
      !letter.isRefused && ' It goes out by itself as soon as it can.',
      canRetry(letter.error) && element('button', { type: 'button', onclick: resend }, 'Retry'),
      element('button', { type: 'button', onclick: discard }, 'Discard'),
    );
  }
  return element(
    'li',
    { className: `message pending${isFollowing ? ' following' : ''}`, 'data-state': isFailed ? 'failed' : 'sending' },
    isFollowing ? null : avatar(user.name),
    element('p', { className: isFollowing ? 'unseen' : 'message-head author' }, user.name),
    letter.replyTo && quote({ replyTo: letter.replyTo, replyToId: letter.replyTo.id }),
    element('p', { className: 'content' }, letter.content, sending),
    attachments(letter.attachments),
    state !== null && element('p', { className: 'sending', role: 'status' }, state),
  );
}

/** The message that this one replies to. */
function quote({ replyTo, replyToId }, jump) {
  if (replyToId === null) return null;
  const gone = 'The original message was deleted.';
  if (replyTo === null) return element('p', { className: 'quote gone' }, icon('reply'), gone);
  const text = element('span', {}, element('b', {}, replyTo.user.name), ' ', replyTo.content || 'an attachment');
  if (jump === undefined) return element('p', { className: 'quote' }, icon('reply'), text);
  const label = `In reply to ${replyTo.user.name} ${replyTo.content || 'an attachment'}. Go there.`;
  const properties = { type: 'button', className: 'quote', 'aria-label': label, onclick: () => jump(replyToId) };
  return element('button', properties, icon('reply'), text);
}

function attachments(list) {
  if (list.length === 0) return null;
  const items = list.map((each) => element('li', {}, attachment(each)));
  return element('ul', { className: 'attachments', 'aria-label': 'Attachments' }, items);
}

function attachment({ url, originalName, mimeType, size: bytes, width, height }) {
  const link = { href: url, target: '_blank', rel: 'noreferrer' };
  if (mimeType.startsWith('image/')) {
    // Its place is reserved until it has loaded.
    const place = width === null ? {} : { width, height };
    const image = element('img', { src: url, alt: originalName, loading: 'lazy', ...place });
    return element('a', { ...link, className: 'image' }, image);
  }
  return element(
    'a',
    { ...link, className: 'file', download: '' },
    icon('file'),
    element(
      'span',
      {},
      element('span', { className: 'name' }, originalName),
      element('span', { className: 'quiet' }, size(bytes)),
    ),
  );
}

function reactions(message, userId, toggle) {
  const byEmoji = grouped(message.reactions);
  if (byEmoji.size === 0) return null;
  const buttons = [...byEmoji].map(([emoji, list]) => {
    const isMine = list.some((reaction) => reaction.userId === userId);
    const names = list.map(({ user }) => user.name).join(', ');
    const press = () => toggle(message, emoji);
    const properties = { type: 'button', title: names, 'aria-pressed': String(isMine), onclick: press };
    const by = element('span', { className: 'unseen' }, ` by ${names}`);
    return element('li', {}, element('button', properties, `${emoji} ${list.length}`, by));
  });
  return element('ul', { className: 'reactions', 'aria-label': 'Reactions' }, buttons);
}

function grouped(list) {
  const groups = new Map();
  for (const reaction of list) groups.set(reaction.emoji, [...(groups.get(reaction.emoji) ?? []), reaction]);
  return groups;
}

function toolbar(message, { toggle, reply, forward, edit, remove }) {
  const act = (name, label, action) => action && iconButton(name, label, () => action(message), { tabIndex: -1 });
  const react = iconButton('react', 'React', () => pickEmoji(react, (emoji) => toggle(message, emoji)), {
    tabIndex: -1,
    'aria-haspopup': 'true',
    'aria-expanded': 'false',
  });
  return element(
    'div',
    { className: 'toolbar', role: 'group', 'aria-label': `Message of ${message.user.name}` },
    react,
    act('reply', 'Reply', reply),
    act('forward', 'Forward', forward),
    act('edit', 'Edit', edit),
    act('delete', 'Delete', remove),
  );
}
