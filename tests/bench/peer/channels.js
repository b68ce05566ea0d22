// The events of channels.
import { v7 as newId } from 'uuid';
import { Failure } from './events.js';

function requireMember(store, channelId, userId) {
  if (!store.isMember(channelId, userId)) throw new Failure('access_denied', 'Access denied to channel');
}

export const joinChannel = (store, socket) => ({ channelId }, acknowledge) => {
  requireMember(store, channelId, socket.data.user.id);
  socket.join(channelId);
  socket.emit('joined_channel', { channelId });
  acknowledge({ channelId });
};

export const sendMessage = (store, io, socket) => ({ channelId, content, replyToId = null, clientId = null, attachments }, acknowledge) => {
  const { user } = socket.data;
  requireMember(store, channelId, user.id);
  // Nothing can be uploaded here, so an attachment is nobody's.
  if (attachments?.length > 0) throw new Failure('invalid_attachment', 'Invalid attachment');
  const replyTo = replyToId === null ? null : store.message(channelId, replyToId);
  if (replyTo === undefined) throw new Failure('reply_not_found', 'Original message not found or has been deleted');
  const now = Date.now();
  const createdAt = new Date(now).toISOString();
  const message = {
    id: newId(),
    content,
    channelId,
    userId: user.id,
    createdAt,
    updatedAt: createdAt,
    replyToId,
    clientId,
    user,
    replyTo,
    attachments: [],
    reactions: [],
    reactionCounts: [],
  };
  // It is on disk when this returns; only then does anybody learn of it.
  const numbered = { ...message, seq: store.insertMessage(message, now) };
  io.to(channelId).emit('new_message', numbered);
  acknowledge(numbered);
};
