// The names of events, fields and operations for channels and for conversations, which are otherwise the same.
import { CLIENT_EVENTS, ERRORS, SERVER_EVENTS } from '/schema/typescript/constants.js';
import * as guards from '/schema/typescript/guards.js';

export const CHANNEL = {
  scope: 'channel',
  key: 'channelId',
  denied: ERRORS.channel_denied.code,
  say: {
    send: CLIENT_EVENTS.send_message,
    edit: CLIENT_EVENTS.edit_message,
    remove: CLIENT_EVENTS.delete_message,
    forward: CLIENT_EVENTS.forward_message,
    react: CLIENT_EVENTS.add_reaction,
    unreact: CLIENT_EVENTS.remove_reaction,
  },
  hear: {
    sent: SERVER_EVENTS.new_message,
    forwarded: SERVER_EVENTS.message_forwarded,
    edited: SERVER_EVENTS.message_edited,
    removed: SERVER_EVENTS.message_deleted,
    reacted: SERVER_EVENTS.reaction_added,
    unreacted: SERVER_EVENTS.reaction_removed,
    memberAdded: SERVER_EVENTS.member_added,
    memberRemoved: SERVER_EVENTS.member_removed,
    membersChanged: SERVER_EVENTS.members_changed,
    added: SERVER_EVENTS.channel_added,
    ended: SERVER_EVENTS.channel_removed,
  },
  validate: { send: guards.validateSendMessage, edit: guards.validateEditMessage },
  list: (rest) => rest.listChannels(),
  history: (rest, input) => rest.listMessages(input),
};

export const CONVERSATION = {
  scope: 'conversation',
  key: 'conversationId',
  denied: ERRORS.conversation_denied.code,
  say: {
    send: CLIENT_EVENTS.send_direct_message,
    edit: CLIENT_EVENTS.edit_direct_message,
    remove: CLIENT_EVENTS.delete_direct_message,
    react: CLIENT_EVENTS.add_direct_reaction,
    unreact: CLIENT_EVENTS.remove_direct_reaction,
  },
  hear: {
    sent: SERVER_EVENTS.new_direct_message,
    forwarded: SERVER_EVENTS.message_forwarded_to_direct,
    edited: SERVER_EVENTS.direct_message_edited,
    removed: SERVER_EVENTS.direct_message_deleted,
    reacted: SERVER_EVENTS.direct_reaction_added,
    unreacted: SERVER_EVENTS.direct_reaction_removed,
    memberAdded: SERVER_EVENTS.direct_member_added,
    memberRemoved: SERVER_EVENTS.direct_member_removed,
    membersChanged: SERVER_EVENTS.direct_members_changed,
    added: SERVER_EVENTS.conversation_added,
    ended: SERVER_EVENTS.conversation_removed,
  },
  validate: { send: guards.validateSendDirectMessage, edit: guards.validateEditDirectMessage },
  list: (rest) => rest.listConversations(),
  history: (rest, input) => rest.listDirectMessages(input),
};

export const KINDS = [CHANNEL, CONVERSATION];
