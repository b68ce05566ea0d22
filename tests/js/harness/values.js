// The objects of the protocol, whole, as the server has to send them.
import * as shape from './shape.js';

/** A message that nobody replied to, reacted to or attached anything to, unless `extra` says so. */
export const message = (kind, room, author, content, extra = {}) => ({
  id: shape.id,
  content,
  [kind.key]: room,
  userId: author.id,
  createdAt: shape.time,
  updatedAt: shape.time,
  replyToId: null,
  user: { id: author.id, name: author.name, image: author.image },
  replyTo: null,
  attachments: [],
  reactions: [],
  reactionCounts: [],
  clientId: null,
  ...extra,
});

/** What a message shows of its reactions. */
export const reacted = (reactions) => {
  const counts = new Map();
  for (const { emoji } of reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  return { reactions, reactionCounts: [...counts].map(([emoji, count]) => ({ emoji, count })) };
};

export const reaction = (messageId, emoji, author) => ({
  id: shape.id,
  emoji,
  messageId,
  userId: author.id,
  createdAt: shape.time,
  user: { id: author.id, name: author.name },
});

export const attachment = (originalName, mimeType, size, [width, height] = [null, null]) => ({
  id: shape.id,
  filename: shape.text,
  originalName,
  mimeType,
  size,
  width,
  height,
  url: shape.text,
  createdAt: shape.time,
});

/** Errors with only a message, a code and an event; those of REST name no event. */
export const refusal = (code, message, event) => ({ message, code, ...(event !== undefined && { event }) });
export const denied = (kind, event) => refusal('access_denied', kind.denied, event);
export const messageNotFound = (event) => refusal('not_found', 'Message not found', event);
export const reactionNotFound = (event) => refusal('not_found', 'Reaction not found', event);

/** `invalid_payload` with a violation at each of these paths, in the order of the paths. */
export const violations = (event, ...paths) => ({
  ...refusal('invalid_payload', 'Invalid message data', event),
  details: paths.map((path) => ({ path, message: shape.text })),
});

/** The error with its violations in the order of their paths, so that it can be compared. */
export const inOrder = (error) => ({
  ...error,
  details: [...error.details].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path))),
});
