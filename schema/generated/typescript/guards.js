// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

import * as check from './check.js';

const of = (name) => (...given) => types[name](...given);

const types = {
  ChannelId: check.text({ minLength: 1, maxLength: 128, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }),
  ConversationId: check.text({ minLength: 1, maxLength: 128, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }),
  MessageId: check.text({ minLength: 1, maxLength: 128, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }),
  UserId: check.text({ minLength: 1, maxLength: 128, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }),
  ReactionId: check.text({ minLength: 1, maxLength: 128, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }),
  AttachmentId: check.text({ minLength: 1, maxLength: 128, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }),
  ClientId: check.text({ minLength: 1, maxLength: 64, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }),
  Position: check.object({
    epoch: check.text({ maxLength: 64 }),
    seq: check.integer({ minimum: 0 }),
  }),
  Timestamp: check.text({ dateTime: true }),
  User: check.object({
    id: of('UserId'),
    name: check.text({ minLength: 1, maxLength: 200 }),
    image: check.nullable(check.text({ maxLength: 2048 })),
  }),
  Reactor: check.object({
    id: of('UserId'),
    name: check.text({ minLength: 1, maxLength: 200 }),
  }),
  MessageText: check.text({ maxLength: 4000, pattern: { pattern: new RegExp("^[^\\x00]*$", 'u'), violation: 'must not contain U+0000' } }),
  EditedText: check.text({ maxLength: 4000, pattern: { pattern: new RegExp("^[^\\x00]*$", 'u'), violation: 'must not contain U+0000' } }),
  Emoji: check.text({ minLength: 1, maxLength: 32, pattern: { pattern: new RegExp("^(?:[^\\s\\p{Cc}]*[^\\s\\p{Cc}\\p{Default_Ignorable_Code_Point}\\u2800][^\\s\\p{Cc}]*)?$", 'u'), violation: 'must contain something that shows, and neither white space nor control characters' } }),
  Message: check.object({
    id: of('MessageId'),
    content: of('MessageText'),
    channelId: of('ChannelId'),
    userId: of('UserId'),
    createdAt: of('Timestamp'),
    updatedAt: of('Timestamp'),
    replyToId: check.nullable(of('MessageId')),
    user: of('User'),
    replyTo: check.nullable(of('Message')),
    attachments: check.array(of('Attachment'), { maxItems: 10 }),
    reactions: check.array(of('Reaction'), { maxItems: 200 }),
    reactionCounts: check.array(of('ReactionCount'), { maxItems: 50 }),
    clientId: check.nullable(of('ClientId')),
  }),
  DirectMessage: check.object({
    id: of('MessageId'),
    content: of('MessageText'),
    conversationId: of('ConversationId'),
    userId: of('UserId'),
    createdAt: of('Timestamp'),
    updatedAt: of('Timestamp'),
    replyToId: check.nullable(of('MessageId')),
    user: of('User'),
    replyTo: check.nullable(of('DirectMessage')),
    attachments: check.array(of('Attachment'), { maxItems: 10 }),
    reactions: check.array(of('Reaction'), { maxItems: 200 }),
    reactionCounts: check.array(of('ReactionCount'), { maxItems: 50 }),
    clientId: check.nullable(of('ClientId')),
  }),
  OriginalMessage: check.object({
    id: of('MessageId'),
    content: of('MessageText'),
    channelId: check.nullable(of('ChannelId')),
    conversationId: check.nullable(of('ConversationId')),
    userId: of('UserId'),
    createdAt: of('Timestamp'),
    updatedAt: of('Timestamp'),
    replyToId: check.nullable(of('MessageId')),
    user: of('User'),
    attachments: check.array(of('Attachment'), { maxItems: 10 }),
  }),
  Reaction: check.object({
    id: of('ReactionId'),
    emoji: of('Emoji'),
    messageId: of('MessageId'),
    userId: of('UserId'),
    createdAt: of('Timestamp'),
    user: of('Reactor'),
  }),
  ReactionCount: check.object({
    emoji: of('Emoji'),
    count: check.integer({ minimum: 1 }),
  }),
  ReactionRef: check.object({
    messageId: of('MessageId'),
    emoji: of('Emoji'),
    userId: of('UserId'),
  }),
  Attachment: check.object({
    id: of('AttachmentId'),
    filename: check.text({ minLength: 1, maxLength: 255 }),
    originalName: check.text({ minLength: 1, maxLength: 255 }),
    mimeType: check.text({ minLength: 1, maxLength: 127 }),
    size: check.integer({ minimum: 0, maximum: 10485760 }),
    width: check.nullable(check.integer({ minimum: 1, maximum: 2147483647 })),
    height: check.nullable(check.integer({ minimum: 1, maximum: 2147483647 })),
    url: check.text({ minLength: 1, maxLength: 2048 }),
    createdAt: of('Timestamp'),
  }),
  AttachmentRef: check.object({
    id: of('AttachmentId'),
  }),
  RoomInfo: check.object({
    id: check.text({ minLength: 1, maxLength: 128 }),
    name: check.nullable(check.text({ minLength: 1, maxLength: 200 })),
    members: check.array(of('User')),
    memberCount: check.integer({ minimum: 0 }),
  }),
  Renewal: check.object({
    userId: of('UserId'),
    expiresAt: of('Timestamp'),
  }),
  Error: check.object({
    message: check.text({ maxLength: 200 }),
    code: check.text({ maxLength: 64 }),
    event: check.optional(check.text()),
    details: check.optional(check.array(of('Violation'))),
    retryAfterMs: check.optional(check.integer({ minimum: 0 })),
    channelId: check.optional(check.text({ maxLength: 128 })),
    conversationId: check.optional(check.text({ maxLength: 128 })),
  }),
  Violation: check.object({
    path: check.text({ maxLength: 256 }),
    message: check.text({ maxLength: 500 }),
  }),
  ReadReceipt: check.object({
    userId: of('UserId'),
    messageId: of('MessageId'),
    readAt: of('Timestamp'),
  }),
  UserPresence: check.object({
    userId: of('UserId'),
    status: of('PresenceStatus'),
  }),
  PresenceStatus: check.choice(['online', 'offline']),
  Page: check.integer({ minimum: 1, maximum: 9007199254740991 }),
  PageSize: check.integer({ minimum: 1, maximum: 100 }),
  RoomPageSize: check.integer({ minimum: 1, maximum: 1000 }),
  RoomCursor: check.text({ minLength: 1, maxLength: 1024 }),
  Cursor: check.text({ minLength: 1, maxLength: 256 }),
  Count: check.integer({ minimum: 0 }),
  Pagination: check.object({
    page: check.integer({ minimum: 1 }),
    limit: check.integer({ minimum: 1, maximum: 100 }),
    total: check.integer({ minimum: 0 }),
    pages: check.integer({ minimum: 0 }),
  }),
  MessagePage: check.object({
    messages: check.array(of('Message'), { maxItems: 100 }),
    pagination: of('Pagination'),
    nextCursor: check.nullable(check.text({ maxLength: 256 })),
    position: of('Position'),
  }),
  DirectMessagePage: check.object({
    messages: check.array(of('DirectMessage'), { maxItems: 100 }),
    pagination: of('Pagination'),
    nextCursor: check.nullable(check.text({ maxLength: 256 })),
    position: of('Position'),
  }),
  Stats: check.object({
    totalConnections: check.integer({ minimum: 0 }),
    channels: check.map(of('Count')),
    conversations: check.map(of('Count')),
    uptimeSeconds: check.integer({ minimum: 0 }),
    protocol: of('StatsProtocol'),
  }),
  Status: check.object({
    status: check.constant('ok'),
  }),
  StatsProtocol: check.object({
    name: check.text({ maxLength: 64 }),
    version: check.text({ maxLength: 64 }),
  }),
  Authenticate: check.object({
    token: check.text({ maxLength: 16384 }),
  }),
  Authenticated: check.object({
    userId: of('UserId'),
    user: of('User'),
    protocol: of('AuthenticatedProtocol'),
    expiresAt: of('Timestamp'),
  }),
  AuthenticatedProtocol: check.object({
    name: check.text({ maxLength: 64 }),
    version: check.text({ maxLength: 64 }),
  }),
  JoinChannel: check.object({
    channelId: of('ChannelId'),
    since: check.optional(of('Position')),
  }),
  LeaveChannel: check.object({
    channelId: of('ChannelId'),
  }),
  JoinedChannel: check.object({
    channelId: of('ChannelId'),
    position: of('Position'),
  }),
  CaughtUp: check.object({
    channelId: of('ChannelId'),
    position: of('Position'),
  }),
  LeftChannel: check.object({
    channelId: of('ChannelId'),
  }),
  MemberAdded: check.object({
    channelId: of('ChannelId'),
    user: of('User'),
  }),
  MemberRemoved: check.object({
    channelId: of('ChannelId'),
    userId: of('UserId'),
  }),
  MembersChanged: check.object({
    channelId: of('ChannelId'),
  }),
  ChannelAdded: check.object({
    channel: of('RoomInfo'),
  }),
  ChannelRemoved: check.object({
    channelId: of('ChannelId'),
  }),
  JoinConversation: check.object({
    conversationId: of('ConversationId'),
    since: check.optional(of('Position')),
  }),
  LeaveConversation: check.object({
    conversationId: of('ConversationId'),
  }),
  ConversationJoined: check.object({
    conversationId: of('ConversationId'),
    position: of('Position'),
  }),
  ConversationCaughtUp: check.object({
    conversationId: of('ConversationId'),
    position: of('Position'),
  }),
  ConversationLeft: check.object({
    conversationId: of('ConversationId'),
  }),
  DirectMemberAdded: check.object({
    conversationId: of('ConversationId'),
    user: of('User'),
  }),
  DirectMemberRemoved: check.object({
    conversationId: of('ConversationId'),
    userId: of('UserId'),
  }),
  DirectMembersChanged: check.object({
    conversationId: of('ConversationId'),
  }),
  ConversationAdded: check.object({
    conversation: of('RoomInfo'),
  }),
  ConversationRemoved: check.object({
    conversationId: of('ConversationId'),
  }),
  SendMessage: check.object({
    content: of('MessageText'),
    channelId: of('ChannelId'),
    replyToId: check.optional(check.nullable(of('MessageId'))),
    attachments: check.optional(check.array(of('AttachmentRef'), { maxItems: 10 })),
    clientId: check.optional(of('ClientId')),
  }, [
    check.rule('/content', 'must not be empty unless there are attachments', check.any(check.field('content', 'pattern', { pattern: new RegExp("[^\\s\\p{Cc}\\p{Default_Ignorable_Code_Point}\\u2800]", 'u') }), check.all(check.present('attachments'), check.field('attachments', 'minItems', 1)))),
  ]),
  EditMessage: check.object({
    messageId: of('MessageId'),
    content: of('EditedText'),
    channelId: of('ChannelId'),
  }),
  DeleteMessage: check.object({
    messageId: of('MessageId'),
    channelId: of('ChannelId'),
  }),
  ForwardMessage: check.object({
    messageId: of('MessageId'),
    channelId: of('ChannelId'),
    targetChannelId: of('ChannelId'),
    clientId: check.optional(of('ClientId')),
  }),
  MessageEdited: check.object({
    messageId: of('MessageId'),
    content: of('MessageText'),
    channelId: of('ChannelId'),
    updatedAt: of('Timestamp'),
  }),
  MessageDeleted: check.object({
    messageId: of('MessageId'),
    channelId: of('ChannelId'),
  }),
  MessageForwarded: check.object({
    originalMessage: of('Message'),
    targetChannelId: of('ChannelId'),
    message: of('Message'),
    forwardedBy: of('User'),
  }),
  SendDirectMessage: check.object({
    content: of('MessageText'),
    conversationId: of('ConversationId'),
    replyToId: check.optional(check.nullable(of('MessageId'))),
    attachments: check.optional(check.array(of('AttachmentRef'), { maxItems: 10 })),
    clientId: check.optional(of('ClientId')),
  }, [
    check.rule('/content', 'must not be empty unless there are attachments', check.any(check.field('content', 'pattern', { pattern: new RegExp("[^\\s\\p{Cc}\\p{Default_Ignorable_Code_Point}\\u2800]", 'u') }), check.all(check.present('attachments'), check.field('attachments', 'minItems', 1)))),
  ]),
  EditDirectMessage: check.object({
    messageId: of('MessageId'),
    content: of('EditedText'),
    conversationId: of('ConversationId'),
  }),
  DeleteDirectMessage: check.object({
    messageId: of('MessageId'),
    conversationId: of('ConversationId'),
  }),
  ForwardToDirect: check.object({
    messageId: of('MessageId'),
    targetConversationId: of('ConversationId'),
    clientId: check.optional(of('ClientId')),
  }),
  DirectMessageEdited: check.object({
    messageId: of('MessageId'),
    content: of('MessageText'),
    conversationId: of('ConversationId'),
    updatedAt: of('Timestamp'),
  }),
  DirectMessageDeleted: check.object({
    messageId: of('MessageId'),
    conversationId: of('ConversationId'),
  }),
  MessageForwardedToDirect: check.object({
    originalMessage: of('OriginalMessage'),
    targetConversationId: of('ConversationId'),
    message: of('DirectMessage'),
    forwardedBy: of('User'),
  }),
  AddReaction: check.object({
    messageId: of('MessageId'),
    emoji: of('Emoji'),
    channelId: of('ChannelId'),
  }),
  RemoveReaction: check.object({
    messageId: of('MessageId'),
    emoji: of('Emoji'),
    channelId: of('ChannelId'),
  }),
  AddDirectReaction: check.object({
    messageId: of('MessageId'),
    emoji: of('Emoji'),
    conversationId: of('ConversationId'),
  }),
  RemoveDirectReaction: check.object({
    messageId: of('MessageId'),
    emoji: of('Emoji'),
    conversationId: of('ConversationId'),
  }),
  TypingStart: check.object({
    channelId: of('ChannelId'),
  }),
  TypingStop: check.object({
    channelId: of('ChannelId'),
  }),
  DirectTypingStart: check.object({
    conversationId: of('ConversationId'),
  }),
  DirectTypingStop: check.object({
    conversationId: of('ConversationId'),
  }),
  TypingStarted: check.object({
    channelId: of('ChannelId'),
    userId: of('UserId'),
  }),
  TypingStopped: check.object({
    channelId: of('ChannelId'),
    userId: of('UserId'),
  }),
  DirectTypingStarted: check.object({
    conversationId: of('ConversationId'),
    userId: of('UserId'),
  }),
  DirectTypingStopped: check.object({
    conversationId: of('ConversationId'),
    userId: of('UserId'),
  }),
  MarkRead: check.object({
    messageId: of('MessageId'),
    channelId: of('ChannelId'),
  }),
  MarkDirectRead: check.object({
    messageId: of('MessageId'),
    conversationId: of('ConversationId'),
  }),
  MessageRead: check.object({
    channelId: of('ChannelId'),
    userId: of('UserId'),
    messageId: of('MessageId'),
    readAt: of('Timestamp'),
  }),
  DirectMessageRead: check.object({
    conversationId: of('ConversationId'),
    userId: of('UserId'),
    messageId: of('MessageId'),
    readAt: of('Timestamp'),
  }),
  WatchPresence: check.object({
    userId: of('UserId'),
  }),
  UnwatchPresence: check.object({
    userId: of('UserId'),
  }),
  GetPresence: check.object({
    userId: of('UserId'),
  }),
  PresenceWatched: check.object({
    userId: of('UserId'),
  }),
  PresenceUnwatched: check.object({
    userId: of('UserId'),
  }),
  Pong: check.object({
    timestamp: check.integer({ minimum: 0 }),
  }),
  ListMessages: check.object({
    channelId: of('ChannelId'),
    page: check.optional(of('Page')),
    limit: check.optional(of('PageSize')),
    before: check.optional(of('Cursor')),
  }),
  ListDirectMessages: check.object({
    conversationId: of('ConversationId'),
    page: check.optional(of('Page')),
    limit: check.optional(of('PageSize')),
    before: check.optional(of('Cursor')),
  }),
  ListReceipts: check.object({
    channelId: of('ChannelId'),
  }),
  ListDirectReceipts: check.object({
    conversationId: of('ConversationId'),
  }),
  DownloadFile: check.object({
    filename: check.text({ minLength: 1, maxLength: 255 }),
  }),
  ListChannels: check.object({
    limit: check.optional(of('RoomPageSize')),
    before: check.optional(of('RoomCursor')),
  }),
  ListChannelsBeside: check.object({
    nextCursor: check.nullable(check.text({ maxLength: 1024 })),
  }),
  ListConversations: check.object({
    limit: check.optional(of('RoomPageSize')),
    before: check.optional(of('RoomCursor')),
  }),
  ListConversationsBeside: check.object({
    nextCursor: check.nullable(check.text({ maxLength: 1024 })),
  }),
  PutChannel: check.object({
    id: of('ChannelId'),
    name: check.text({ minLength: 1, maxLength: 200, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }),
    members: check.array(of('UserId'), { maxItems: 10000 }),
  }),
  PutChannelMember: check.object({
    id: of('ChannelId'),
    userId: of('UserId'),
  }),
  DeleteChannelMember: check.object({
    id: of('ChannelId'),
    userId: of('UserId'),
  }),
  PutConversation: check.object({
    id: of('ConversationId'),
    members: check.array(of('UserId'), { maxItems: 10000 }),
  }),
  PutConversationMember: check.object({
    id: of('ConversationId'),
    userId: of('UserId'),
  }),
  DeleteConversationMember: check.object({
    id: of('ConversationId'),
    userId: of('UserId'),
  }),
  PutUser: check.object({
    id: of('UserId'),
    name: check.text({ minLength: 1, maxLength: 200, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }),
    email: check.optional(check.nullable(check.text({ maxLength: 320, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }))),
    image: check.optional(check.nullable(check.text({ maxLength: 2048, pattern: { pattern: new RegExp("^[^\\x00-\\x1F\\x7F-\\x9F]*$", 'u'), violation: 'must not contain control characters' } }))),
  }),
  RevokeUser: check.object({
    id: of('UserId'),
  }),
};

export const isChannelId = (value) => check.fits(types.ChannelId, value);
export const isConversationId = (value) => check.fits(types.ConversationId, value);
export const isMessageId = (value) => check.fits(types.MessageId, value);
export const isUserId = (value) => check.fits(types.UserId, value);
export const isReactionId = (value) => check.fits(types.ReactionId, value);
export const isAttachmentId = (value) => check.fits(types.AttachmentId, value);
export const isClientId = (value) => check.fits(types.ClientId, value);
export const isPosition = (value) => check.fits(types.Position, value);
export const isTimestamp = (value) => check.fits(types.Timestamp, value);
export const isUser = (value) => check.fits(types.User, value);
export const isReactor = (value) => check.fits(types.Reactor, value);
export const isMessageText = (value) => check.fits(types.MessageText, value);
export const isEditedText = (value) => check.fits(types.EditedText, value);
export const isEmoji = (value) => check.fits(types.Emoji, value);
export const isMessage = (value) => check.fits(types.Message, value);
export const isDirectMessage = (value) => check.fits(types.DirectMessage, value);
export const isOriginalMessage = (value) => check.fits(types.OriginalMessage, value);
export const isReaction = (value) => check.fits(types.Reaction, value);
export const isReactionCount = (value) => check.fits(types.ReactionCount, value);
export const isReactionRef = (value) => check.fits(types.ReactionRef, value);
export const isAttachment = (value) => check.fits(types.Attachment, value);
export const isAttachmentRef = (value) => check.fits(types.AttachmentRef, value);
export const isRoomInfo = (value) => check.fits(types.RoomInfo, value);
export const isRenewal = (value) => check.fits(types.Renewal, value);
export const isError = (value) => check.fits(types.Error, value);
export const isViolation = (value) => check.fits(types.Violation, value);
export const isReadReceipt = (value) => check.fits(types.ReadReceipt, value);
export const isUserPresence = (value) => check.fits(types.UserPresence, value);
export const isPresenceStatus = (value) => check.fits(types.PresenceStatus, value);
export const isPage = (value) => check.fits(types.Page, value);
export const isPageSize = (value) => check.fits(types.PageSize, value);
export const isRoomPageSize = (value) => check.fits(types.RoomPageSize, value);
export const isRoomCursor = (value) => check.fits(types.RoomCursor, value);
export const isCursor = (value) => check.fits(types.Cursor, value);
export const isCount = (value) => check.fits(types.Count, value);
export const isPagination = (value) => check.fits(types.Pagination, value);
export const isMessagePage = (value) => check.fits(types.MessagePage, value);
export const isDirectMessagePage = (value) => check.fits(types.DirectMessagePage, value);
export const isStats = (value) => check.fits(types.Stats, value);
export const isStatus = (value) => check.fits(types.Status, value);
export const isStatsProtocol = (value) => check.fits(types.StatsProtocol, value);
export const isAuthenticate = (value) => check.fits(types.Authenticate, value);
export const isAuthenticated = (value) => check.fits(types.Authenticated, value);
export const isAuthenticatedProtocol = (value) => check.fits(types.AuthenticatedProtocol, value);
export const isJoinChannel = (value) => check.fits(types.JoinChannel, value);
export const isLeaveChannel = (value) => check.fits(types.LeaveChannel, value);
export const isJoinedChannel = (value) => check.fits(types.JoinedChannel, value);
export const isCaughtUp = (value) => check.fits(types.CaughtUp, value);
export const isLeftChannel = (value) => check.fits(types.LeftChannel, value);
export const isMemberAdded = (value) => check.fits(types.MemberAdded, value);
export const isMemberRemoved = (value) => check.fits(types.MemberRemoved, value);
export const isMembersChanged = (value) => check.fits(types.MembersChanged, value);
export const isChannelAdded = (value) => check.fits(types.ChannelAdded, value);
export const isChannelRemoved = (value) => check.fits(types.ChannelRemoved, value);
export const isJoinConversation = (value) => check.fits(types.JoinConversation, value);
export const isLeaveConversation = (value) => check.fits(types.LeaveConversation, value);
export const isConversationJoined = (value) => check.fits(types.ConversationJoined, value);
export const isConversationCaughtUp = (value) => check.fits(types.ConversationCaughtUp, value);
export const isConversationLeft = (value) => check.fits(types.ConversationLeft, value);
export const isDirectMemberAdded = (value) => check.fits(types.DirectMemberAdded, value);
export const isDirectMemberRemoved = (value) => check.fits(types.DirectMemberRemoved, value);
export const isDirectMembersChanged = (value) => check.fits(types.DirectMembersChanged, value);
export const isConversationAdded = (value) => check.fits(types.ConversationAdded, value);
export const isConversationRemoved = (value) => check.fits(types.ConversationRemoved, value);
export const isSendMessage = (value) => check.fits(types.SendMessage, value);
export const isEditMessage = (value) => check.fits(types.EditMessage, value);
export const isDeleteMessage = (value) => check.fits(types.DeleteMessage, value);
export const isForwardMessage = (value) => check.fits(types.ForwardMessage, value);
export const isMessageEdited = (value) => check.fits(types.MessageEdited, value);
export const isMessageDeleted = (value) => check.fits(types.MessageDeleted, value);
export const isMessageForwarded = (value) => check.fits(types.MessageForwarded, value);
export const isSendDirectMessage = (value) => check.fits(types.SendDirectMessage, value);
export const isEditDirectMessage = (value) => check.fits(types.EditDirectMessage, value);
export const isDeleteDirectMessage = (value) => check.fits(types.DeleteDirectMessage, value);
export const isForwardToDirect = (value) => check.fits(types.ForwardToDirect, value);
export const isDirectMessageEdited = (value) => check.fits(types.DirectMessageEdited, value);
export const isDirectMessageDeleted = (value) => check.fits(types.DirectMessageDeleted, value);
export const isMessageForwardedToDirect = (value) => check.fits(types.MessageForwardedToDirect, value);
export const isAddReaction = (value) => check.fits(types.AddReaction, value);
export const isRemoveReaction = (value) => check.fits(types.RemoveReaction, value);
export const isAddDirectReaction = (value) => check.fits(types.AddDirectReaction, value);
export const isRemoveDirectReaction = (value) => check.fits(types.RemoveDirectReaction, value);
export const isTypingStart = (value) => check.fits(types.TypingStart, value);
export const isTypingStop = (value) => check.fits(types.TypingStop, value);
export const isDirectTypingStart = (value) => check.fits(types.DirectTypingStart, value);
export const isDirectTypingStop = (value) => check.fits(types.DirectTypingStop, value);
export const isTypingStarted = (value) => check.fits(types.TypingStarted, value);
export const isTypingStopped = (value) => check.fits(types.TypingStopped, value);
export const isDirectTypingStarted = (value) => check.fits(types.DirectTypingStarted, value);
export const isDirectTypingStopped = (value) => check.fits(types.DirectTypingStopped, value);
export const isMarkRead = (value) => check.fits(types.MarkRead, value);
export const isMarkDirectRead = (value) => check.fits(types.MarkDirectRead, value);
export const isMessageRead = (value) => check.fits(types.MessageRead, value);
export const isDirectMessageRead = (value) => check.fits(types.DirectMessageRead, value);
export const isWatchPresence = (value) => check.fits(types.WatchPresence, value);
export const isUnwatchPresence = (value) => check.fits(types.UnwatchPresence, value);
export const isGetPresence = (value) => check.fits(types.GetPresence, value);
export const isPresenceWatched = (value) => check.fits(types.PresenceWatched, value);
export const isPresenceUnwatched = (value) => check.fits(types.PresenceUnwatched, value);
export const isPong = (value) => check.fits(types.Pong, value);
export const isListMessages = (value) => check.fits(types.ListMessages, value);
export const isListDirectMessages = (value) => check.fits(types.ListDirectMessages, value);
export const isListReceipts = (value) => check.fits(types.ListReceipts, value);
export const isListDirectReceipts = (value) => check.fits(types.ListDirectReceipts, value);
export const isDownloadFile = (value) => check.fits(types.DownloadFile, value);
export const isListChannels = (value) => check.fits(types.ListChannels, value);
export const isListChannelsBeside = (value) => check.fits(types.ListChannelsBeside, value);
export const isListConversations = (value) => check.fits(types.ListConversations, value);
export const isListConversationsBeside = (value) => check.fits(types.ListConversationsBeside, value);
export const isPutChannel = (value) => check.fits(types.PutChannel, value);
export const isPutChannelMember = (value) => check.fits(types.PutChannelMember, value);
export const isDeleteChannelMember = (value) => check.fits(types.DeleteChannelMember, value);
export const isPutConversation = (value) => check.fits(types.PutConversation, value);
export const isPutConversationMember = (value) => check.fits(types.PutConversationMember, value);
export const isDeleteConversationMember = (value) => check.fits(types.DeleteConversationMember, value);
export const isPutUser = (value) => check.fits(types.PutUser, value);
export const isRevokeUser = (value) => check.fits(types.RevokeUser, value);

export const validateAuthenticate = (value) => check.violations(types.Authenticate, value);
export const validateJoinChannel = (value) => check.violations(types.JoinChannel, value);
export const validateLeaveChannel = (value) => check.violations(types.LeaveChannel, value);
export const validateJoinConversation = (value) => check.violations(types.JoinConversation, value);
export const validateLeaveConversation = (value) => check.violations(types.LeaveConversation, value);
export const validateSendMessage = (value) => check.violations(types.SendMessage, value);
export const validateEditMessage = (value) => check.violations(types.EditMessage, value);
export const validateDeleteMessage = (value) => check.violations(types.DeleteMessage, value);
export const validateForwardMessage = (value) => check.violations(types.ForwardMessage, value);
export const validateSendDirectMessage = (value) => check.violations(types.SendDirectMessage, value);
export const validateEditDirectMessage = (value) => check.violations(types.EditDirectMessage, value);
export const validateDeleteDirectMessage = (value) => check.violations(types.DeleteDirectMessage, value);
export const validateForwardToDirect = (value) => check.violations(types.ForwardToDirect, value);
export const validateAddReaction = (value) => check.violations(types.AddReaction, value);
export const validateRemoveReaction = (value) => check.violations(types.RemoveReaction, value);
export const validateAddDirectReaction = (value) => check.violations(types.AddDirectReaction, value);
export const validateRemoveDirectReaction = (value) => check.violations(types.RemoveDirectReaction, value);
export const validateTypingStart = (value) => check.violations(types.TypingStart, value);
export const validateTypingStop = (value) => check.violations(types.TypingStop, value);
export const validateDirectTypingStart = (value) => check.violations(types.DirectTypingStart, value);
export const validateDirectTypingStop = (value) => check.violations(types.DirectTypingStop, value);
export const validateMarkRead = (value) => check.violations(types.MarkRead, value);
export const validateMarkDirectRead = (value) => check.violations(types.MarkDirectRead, value);
export const validateWatchPresence = (value) => check.violations(types.WatchPresence, value);
export const validateUnwatchPresence = (value) => check.violations(types.UnwatchPresence, value);
export const validateGetPresence = (value) => check.violations(types.GetPresence, value);
export const validateListMessages = (value) => check.violations(types.ListMessages, value);
export const validateListDirectMessages = (value) => check.violations(types.ListDirectMessages, value);
export const validateListReceipts = (value) => check.violations(types.ListReceipts, value);
export const validateListDirectReceipts = (value) => check.violations(types.ListDirectReceipts, value);
export const validateDownloadFile = (value) => check.violations(types.DownloadFile, value);
export const validateListChannels = (value) => check.violations(types.ListChannels, value);
export const validateListConversations = (value) => check.violations(types.ListConversations, value);
export const validatePutChannel = (value) => check.violations(types.PutChannel, value);
export const validatePutChannelMember = (value) => check.violations(types.PutChannelMember, value);
export const validateDeleteChannelMember = (value) => check.violations(types.DeleteChannelMember, value);
export const validatePutConversation = (value) => check.violations(types.PutConversation, value);
export const validatePutConversationMember = (value) => check.violations(types.PutConversationMember, value);
export const validateDeleteConversationMember = (value) => check.violations(types.DeleteConversationMember, value);
export const validatePutUser = (value) => check.violations(types.PutUser, value);
export const validateRevokeUser = (value) => check.violations(types.RevokeUser, value);

const number = check.object({ seq: check.integer({ minimum: 1 }) });
const numbered = (guard) => (value) => guard(value) && check.fits(number, value);

export const serverEvents = {
  authenticated: isAuthenticated,
  error: isError,
  joined_channel: isJoinedChannel,
  caught_up: isCaughtUp,
  left_channel: isLeftChannel,
  member_added: numbered(isMemberAdded),
  member_removed: numbered(isMemberRemoved),
  members_changed: numbered(isMembersChanged),
  channel_added: isChannelAdded,
  channel_removed: isChannelRemoved,
  conversation_joined: isConversationJoined,
  conversation_caught_up: isConversationCaughtUp,
  conversation_left: isConversationLeft,
  direct_member_added: numbered(isDirectMemberAdded),
  direct_member_removed: numbered(isDirectMemberRemoved),
  direct_members_changed: numbered(isDirectMembersChanged),
  conversation_added: isConversationAdded,
  conversation_removed: isConversationRemoved,
  new_message: numbered(isMessage),
  message_edited: numbered(isMessageEdited),
  message_deleted: numbered(isMessageDeleted),
  message_forwarded: numbered(isMessageForwarded),
  new_direct_message: numbered(isDirectMessage),
  direct_message_edited: numbered(isDirectMessageEdited),
  direct_message_deleted: numbered(isDirectMessageDeleted),
  message_forwarded_to_direct: numbered(isMessageForwardedToDirect),
  reaction_added: numbered(isReaction),
  reaction_removed: numbered(isReactionRef),
  direct_reaction_added: numbered(isReaction),
  direct_reaction_removed: numbered(isReactionRef),
  typing_started: isTypingStarted,
  typing_stopped: isTypingStopped,
  direct_typing_started: isDirectTypingStarted,
  direct_typing_stopped: isDirectTypingStopped,
  message_read: isMessageRead,
  direct_message_read: isDirectMessageRead,
  presence_watched: isPresenceWatched,
  presence_unwatched: isPresenceUnwatched,
  presence_changed: isUserPresence,
  pong: isPong,
};

export const clientEvents = {
  authenticate: validateAuthenticate,
  join_channel: validateJoinChannel,
  leave_channel: validateLeaveChannel,
  join_conversation: validateJoinConversation,
  leave_conversation: validateLeaveConversation,
  send_message: validateSendMessage,
  edit_message: validateEditMessage,
  delete_message: validateDeleteMessage,
  forward_message: validateForwardMessage,
  send_direct_message: validateSendDirectMessage,
  edit_direct_message: validateEditDirectMessage,
  delete_direct_message: validateDeleteDirectMessage,
  forward_to_direct: validateForwardToDirect,
  add_reaction: validateAddReaction,
  remove_reaction: validateRemoveReaction,
  add_direct_reaction: validateAddDirectReaction,
  remove_direct_reaction: validateRemoveDirectReaction,
  typing_start: validateTypingStart,
  typing_stop: validateTypingStop,
  direct_typing_start: validateDirectTypingStart,
  direct_typing_stop: validateDirectTypingStop,
  mark_read: validateMarkRead,
  mark_direct_read: validateMarkDirectRead,
  watch_presence: validateWatchPresence,
  unwatch_presence: validateUnwatchPresence,
  get_presence: validateGetPresence,
};
