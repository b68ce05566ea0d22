// The random actions of the members of a room, on the messages that they see.

/** How often each thing is done, of a hundred. */
const DEEDS = { send: 50, reply: 14, edit: 10, remove: 6, react: 10, unreact: 5, forward: 5 };

const EMOJI = ['👍', '🎉', 'party', '🏳️‍🌈'];

/** The newest messages, about which something is done. */
const NEWEST = 40;

const pick = (random, list) => list[Math.floor(random.next() * list.length)];

function pickDeed(random) {
  let left = random.next() * 100;
  return Object.entries(DEEDS).find(([, share]) => (left -= share) < 0)[0];
}

/** The codes that each thing may be refused with, besides `access_denied` for who was removed. */
export const REFUSALS = {
  send: [],
  reply: ['reply_not_found'],
  edit: ['not_found'],
  remove: ['not_found'],
  react: ['not_found'],
  unreact: ['not_found'],
  forward: ['not_found'],
};

/**
 * What a user does next in one of its rooms, whose `shown` messages it sees: `{what, event, payload, kind, room, once}`. `once` is
 * the client id; `number` is one that no other deed of the client has.
 */
export function choose(random, { kind, room, shown, userId, name, number }) {
  const what = pickDeed(random);
  const newest = shown.slice(-NEWEST);
  const any = pick(random, newest);
  const own = pick(random, newest.filter((message) => message.userId === userId));
  const at = { [kind.key]: room };
  const once = `${name} ${number}`;
  const deed = (event, payload) => ({ what, event, payload, kind, room, once: payload.clientId ?? null });
  const about = (message, payload = {}) => ({ messageId: message.id, ...payload, ...at });
  const emoji = pick(random, EMOJI);
  const reacted = newest.filter(({ reactions }) => reactions.some((reaction) => reaction.userId === userId));
  const content = `${once} ${'.'.repeat(random.between(0, 100))}`;

  if (what === 'reply' && any) return deed(kind.send, { content, clientId: once, replyToId: any.id, ...at });
  if (what === 'edit' && own) return deed(kind.edit, about(own, { content }));
  if (what === 'remove' && own) return deed(kind.remove, about(own));
  if (what === 'react' && any) return deed(kind.react, about(any, { emoji }));
  if (what === 'unreact' && reacted.length > 0) {
    const message = pick(random, reacted);
    const own = pick(random, message.reactions.filter((reaction) => reaction.userId === userId));
    return deed(kind.unreact, about(message, { emoji: own.emoji }));
  }
  if (what === 'forward' && any) return deed(kind.forward, about(any, { clientId: once, [kind.target]: room }));
  return { ...deed(kind.send, { content, clientId: once, ...at }), what: 'send' };
}
