// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

export const PROTOCOL = { name: 'chat', version: '1.2.0' };

export const LIMITS = {
  events: { per: 'user', rate: 20, periodMs: 1000, burst: 60 },
  rooms: { per: 'user', rate: 100, periodMs: 1000, burst: 2000 },
  presence: { per: 'user', rate: 20, periodMs: 1000, burst: 500 },
  requests: { per: 'user', rate: 50, periodMs: 1000, burst: 500 },
};

export const BOUNDS = {
  ChannelId: { minLength: 1, maxLength: 128 },
  ConversationId: { minLength: 1, maxLength: 128 },
  MessageId: { minLength: 1, maxLength: 128 },
  UserId: { minLength: 1, maxLength: 128 },
  ReactionId: { minLength: 1, maxLength: 128 },
  AttachmentId: { minLength: 1, maxLength: 128 },
  ClientId: { minLength: 1, maxLength: 64 },
  Position: {
    epoch: { maxLength: 64 },
    seq: { minimum: 0 },
  },
  User: {
    id: { minLength: 1, maxLength: 128 },
    name: { minLength: 1, maxLength: 200 },
    image: { maxLength: 2048 },
  },
  Reactor: {
    id: { minLength: 1, maxLength: 128 },
    name: { minLength: 1, maxLength: 200 },
  },
  MessageText: { maxLength: 4000 },
  EditedText: { maxLength: 4000 },
  Emoji: { minLength: 1, maxLength: 32 },
  Message: {
    id: { minLength: 1, maxLength: 128 },
    content: { maxLength: 4000 },
    channelId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
    replyToId: { minLength: 1, maxLength: 128 },
    attachments: { maxItems: 10 },
    reactions: { maxItems: 200 },
    reactionCounts: { maxItems: 50 },
    clientId: { minLength: 1, maxLength: 64 },
  },
  DirectMessage: {
    id: { minLength: 1, maxLength: 128 },
    content: { maxLength: 4000 },
    conversationId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
    replyToId: { minLength: 1, maxLength: 128 },
    attachments: { maxItems: 10 },
    reactions: { maxItems: 200 },
    reactionCounts: { maxItems: 50 },
    clientId: { minLength: 1, maxLength: 64 },
  },
  OriginalMessage: {
    id: { minLength: 1, maxLength: 128 },
    content: { maxLength: 4000 },
    channelId: { minLength: 1, maxLength: 128 },
    conversationId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
    replyToId: { minLength: 1, maxLength: 128 },
    attachments: { maxItems: 10 },
  },
  Reaction: {
    id: { minLength: 1, maxLength: 128 },
    emoji: { minLength: 1, maxLength: 32 },
    messageId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  ReactionCount: {
    emoji: { minLength: 1, maxLength: 32 },
    count: { minimum: 1 },
  },
  ReactionRef: {
    messageId: { minLength: 1, maxLength: 128 },
    emoji: { minLength: 1, maxLength: 32 },
    userId: { minLength: 1, maxLength: 128 },
  },
  Attachment: {
    id: { minLength: 1, maxLength: 128 },
    filename: { minLength: 1, maxLength: 255 },
    originalName: { minLength: 1, maxLength: 255 },
    mimeType: { minLength: 1, maxLength: 127 },
    size: { minimum: 0, maximum: 10485760 },
    width: { minimum: 1, maximum: 2147483647 },
    height: { minimum: 1, maximum: 2147483647 },
    url: { minLength: 1, maxLength: 2048 },
  },
  AttachmentRef: {
    id: { minLength: 1, maxLength: 128 },
  },
  RoomInfo: {
    id: { minLength: 1, maxLength: 128 },
    name: { minLength: 1, maxLength: 200 },
    memberCount: { minimum: 0 },
  },
  Renewal: {
    userId: { minLength: 1, maxLength: 128 },
  },
  Error: {
    message: { maxLength: 200 },
    code: { maxLength: 64 },
    retryAfterMs: { minimum: 0 },
    channelId: { maxLength: 128 },
    conversationId: { maxLength: 128 },
  },
  Violation: {
    path: { maxLength: 256 },
    message: { maxLength: 500 },
  },
  ReadReceipt: {
    userId: { minLength: 1, maxLength: 128 },
    messageId: { minLength: 1, maxLength: 128 },
  },
  UserPresence: {
    userId: { minLength: 1, maxLength: 128 },
  },
  Page: { minimum: 1, maximum: 9007199254740991 },
  PageSize: { minimum: 1, maximum: 100 },
  RoomPageSize: { minimum: 1, maximum: 1000 },
  RoomCursor: { minLength: 1, maxLength: 1024 },
  Cursor: { minLength: 1, maxLength: 256 },
  Count: { minimum: 0 },
  Pagination: {
    page: { minimum: 1 },
    limit: { minimum: 1, maximum: 100 },
    total: { minimum: 0 },
    pages: { minimum: 0 },
  },
  MessagePage: {
    messages: { maxItems: 100 },
    nextCursor: { maxLength: 256 },
  },
  DirectMessagePage: {
    messages: { maxItems: 100 },
    nextCursor: { maxLength: 256 },
  },
  Stats: {
    totalConnections: { minimum: 0 },
    uptimeSeconds: { minimum: 0 },
  },
  StatsProtocol: {
    name: { maxLength: 64 },
    version: { maxLength: 64 },
  },
  Authenticate: {
    token: { maxLength: 16384 },
  },
  Authenticated: {
    userId: { minLength: 1, maxLength: 128 },
  },
  AuthenticatedProtocol: {
    name: { maxLength: 64 },
    version: { maxLength: 64 },
  },
  JoinChannel: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  LeaveChannel: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  JoinedChannel: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  CaughtUp: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  LeftChannel: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  MemberAdded: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  MemberRemoved: {
    channelId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  MembersChanged: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  ChannelRemoved: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  JoinConversation: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  LeaveConversation: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  ConversationJoined: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  ConversationCaughtUp: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  ConversationLeft: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  DirectMemberAdded: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  DirectMemberRemoved: {
    conversationId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  DirectMembersChanged: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  ConversationRemoved: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  SendMessage: {
    content: { maxLength: 4000 },
    channelId: { minLength: 1, maxLength: 128 },
    replyToId: { minLength: 1, maxLength: 128 },
    attachments: { maxItems: 10 },
    clientId: { minLength: 1, maxLength: 64 },
  },
  EditMessage: {
    messageId: { minLength: 1, maxLength: 128 },
    content: { maxLength: 4000 },
    channelId: { minLength: 1, maxLength: 128 },
  },
  DeleteMessage: {
    messageId: { minLength: 1, maxLength: 128 },
    channelId: { minLength: 1, maxLength: 128 },
  },
  ForwardMessage: {
    messageId: { minLength: 1, maxLength: 128 },
    channelId: { minLength: 1, maxLength: 128 },
    targetChannelId: { minLength: 1, maxLength: 128 },
    clientId: { minLength: 1, maxLength: 64 },
  },
  MessageEdited: {
    messageId: { minLength: 1, maxLength: 128 },
    content: { maxLength: 4000 },
    channelId: { minLength: 1, maxLength: 128 },
  },
  MessageDeleted: {
    messageId: { minLength: 1, maxLength: 128 },
    channelId: { minLength: 1, maxLength: 128 },
  },
  MessageForwarded: {
    targetChannelId: { minLength: 1, maxLength: 128 },
  },
  SendDirectMessage: {
    content: { maxLength: 4000 },
    conversationId: { minLength: 1, maxLength: 128 },
    replyToId: { minLength: 1, maxLength: 128 },
    attachments: { maxItems: 10 },
    clientId: { minLength: 1, maxLength: 64 },
  },
  EditDirectMessage: {
    messageId: { minLength: 1, maxLength: 128 },
    content: { maxLength: 4000 },
    conversationId: { minLength: 1, maxLength: 128 },
  },
  DeleteDirectMessage: {
    messageId: { minLength: 1, maxLength: 128 },
    conversationId: { minLength: 1, maxLength: 128 },
  },
  ForwardToDirect: {
    messageId: { minLength: 1, maxLength: 128 },
    targetConversationId: { minLength: 1, maxLength: 128 },
    clientId: { minLength: 1, maxLength: 64 },
  },
  DirectMessageEdited: {
    messageId: { minLength: 1, maxLength: 128 },
    content: { maxLength: 4000 },
    conversationId: { minLength: 1, maxLength: 128 },
  },
  DirectMessageDeleted: {
    messageId: { minLength: 1, maxLength: 128 },
    conversationId: { minLength: 1, maxLength: 128 },
  },
  MessageForwardedToDirect: {
    targetConversationId: { minLength: 1, maxLength: 128 },
  },
  AddReaction: {
    messageId: { minLength: 1, maxLength: 128 },
    emoji: { minLength: 1, maxLength: 32 },
    channelId: { minLength: 1, maxLength: 128 },
  },
  RemoveReaction: {
    messageId: { minLength: 1, maxLength: 128 },
    emoji: { minLength: 1, maxLength: 32 },
    channelId: { minLength: 1, maxLength: 128 },
  },
  AddDirectReaction: {
    messageId: { minLength: 1, maxLength: 128 },
    emoji: { minLength: 1, maxLength: 32 },
    conversationId: { minLength: 1, maxLength: 128 },
  },
  RemoveDirectReaction: {
    messageId: { minLength: 1, maxLength: 128 },
    emoji: { minLength: 1, maxLength: 32 },
    conversationId: { minLength: 1, maxLength: 128 },
  },
  TypingStart: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  TypingStop: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  DirectTypingStart: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  DirectTypingStop: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  TypingStarted: {
    channelId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  TypingStopped: {
    channelId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  DirectTypingStarted: {
    conversationId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  DirectTypingStopped: {
    conversationId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  MarkRead: {
    messageId: { minLength: 1, maxLength: 128 },
    channelId: { minLength: 1, maxLength: 128 },
  },
  MarkDirectRead: {
    messageId: { minLength: 1, maxLength: 128 },
    conversationId: { minLength: 1, maxLength: 128 },
  },
  MessageRead: {
    channelId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
    messageId: { minLength: 1, maxLength: 128 },
  },
  DirectMessageRead: {
    conversationId: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
    messageId: { minLength: 1, maxLength: 128 },
  },
  WatchPresence: {
    userId: { minLength: 1, maxLength: 128 },
  },
  UnwatchPresence: {
    userId: { minLength: 1, maxLength: 128 },
  },
  GetPresence: {
    userId: { minLength: 1, maxLength: 128 },
  },
  PresenceWatched: {
    userId: { minLength: 1, maxLength: 128 },
  },
  PresenceUnwatched: {
    userId: { minLength: 1, maxLength: 128 },
  },
  Pong: {
    timestamp: { minimum: 0 },
  },
  ListMessages: {
    channelId: { minLength: 1, maxLength: 128 },
    page: { minimum: 1, maximum: 9007199254740991 },
    limit: { minimum: 1, maximum: 100 },
    before: { minLength: 1, maxLength: 256 },
  },
  ListDirectMessages: {
    conversationId: { minLength: 1, maxLength: 128 },
    page: { minimum: 1, maximum: 9007199254740991 },
    limit: { minimum: 1, maximum: 100 },
    before: { minLength: 1, maxLength: 256 },
  },
  ListReceipts: {
    channelId: { minLength: 1, maxLength: 128 },
  },
  ListDirectReceipts: {
    conversationId: { minLength: 1, maxLength: 128 },
  },
  DownloadFile: {
    filename: { minLength: 1, maxLength: 255 },
  },
  ListChannels: {
    limit: { minimum: 1, maximum: 1000 },
    before: { minLength: 1, maxLength: 1024 },
  },
  ListChannelsBeside: {
    nextCursor: { maxLength: 1024 },
  },
  ListConversations: {
    limit: { minimum: 1, maximum: 1000 },
    before: { minLength: 1, maxLength: 1024 },
  },
  ListConversationsBeside: {
    nextCursor: { maxLength: 1024 },
  },
  PutChannel: {
    id: { minLength: 1, maxLength: 128 },
    name: { minLength: 1, maxLength: 200 },
    members: { maxItems: 10000 },
  },
  PutChannelMember: {
    id: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  DeleteChannelMember: {
    id: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  PutConversation: {
    id: { minLength: 1, maxLength: 128 },
    members: { maxItems: 10000 },
  },
  PutConversationMember: {
    id: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  DeleteConversationMember: {
    id: { minLength: 1, maxLength: 128 },
    userId: { minLength: 1, maxLength: 128 },
  },
  PutUser: {
    id: { minLength: 1, maxLength: 128 },
    name: { minLength: 1, maxLength: 200 },
    email: { maxLength: 320 },
    image: { maxLength: 2048 },
  },
  RevokeUser: {
    id: { minLength: 1, maxLength: 128 },
  },
};

export const ERRORS = {
  version_not_served: { code: 'version_not_served', message: 'Protocol version not served', status: 400, retry: 'no' },
  auth_required: { code: 'auth_required', message: 'Authentication token required', status: 401, retry: 'new_token' },
  auth_failed: { code: 'auth_failed', message: 'Authentication failed', status: 401, retry: 'new_token' },
  token_expired: { code: 'token_expired', message: 'Authentication failed', status: 401, retry: 'new_token' },
  channel_denied: { code: 'access_denied', message: 'Access denied to channel', status: 403, retry: 'no' },
  conversation_denied: { code: 'access_denied', message: 'Access denied to conversation', status: 403, retry: 'no' },
  presence_denied: { code: 'access_denied', message: 'Access denied to presence', status: 403, retry: 'no' },
  admin_only: { code: 'access_denied', message: 'Administrator access required', status: 403, retry: 'no' },
  invalid_payload: { code: 'invalid_payload', message: 'Invalid message data', status: 400, retry: 'no' },
  unknown_event: { code: 'unknown_event', message: 'Unknown event', status: 404, retry: 'no' },
  message_not_found: { code: 'not_found', message: 'Message not found', status: 404, retry: 'no' },
  reaction_not_found: { code: 'not_found', message: 'Reaction not found', status: 404, retry: 'no' },
  file_not_found: { code: 'not_found', message: 'File not found', status: 404, retry: 'no' },
  user_not_found: { code: 'not_found', message: 'User not found', status: 404, retry: 'no' },
  room_not_found: { code: 'not_found', message: 'Room not found', status: 404, retry: 'no' },
  edit_forbidden: { code: 'forbidden', message: 'You can only edit your own messages', status: 403, retry: 'no' },
  delete_forbidden: { code: 'forbidden', message: 'You can only delete your own messages', status: 403, retry: 'no' },
  reply_not_found: { code: 'reply_not_found', message: 'Original message not found or has been deleted', status: 404, retry: 'no' },
  invalid_attachment: { code: 'invalid_attachment', message: 'Invalid attachment', status: 400, retry: 'no' },
  too_many_reactions: { code: 'too_many_reactions', message: 'Too many reactions', status: 409, retry: 'no' },
  position_lost: { code: 'position_lost', message: 'Missed events are no longer available', status: 410, retry: 'no' },
  idempotency_conflict: { code: 'idempotency_conflict', message: 'Already sent with other content', status: 409, retry: 'no' },
  too_large: { code: 'too_large', message: 'File too large', status: 413, retry: 'no' },
  unsupported_type: { code: 'unsupported_type', message: 'Unsupported file type', status: 415, retry: 'no' },
  quota_exceeded: { code: 'quota_exceeded', message: 'Upload quota exceeded', status: 413, retry: 'no' },
  unavailable: { code: 'unavailable', message: 'Service unavailable', status: 503, retry: 'yes' },
  rate_limited: { code: 'rate_limited', message: 'Rate limit exceeded. Please slow down.', status: 429, retry: 'after' },
  internal: { code: 'internal', message: 'Internal server error', status: 500, retry: 'yes' },
};

export const CLIENT_EVENTS = {
  authenticate: 'authenticate',
  join_channel: 'join_channel',
  leave_channel: 'leave_channel',
  join_conversation: 'join_conversation',
  leave_conversation: 'leave_conversation',
  send_message: 'send_message',
  edit_message: 'edit_message',
  delete_message: 'delete_message',
  forward_message: 'forward_message',
  send_direct_message: 'send_direct_message',
  edit_direct_message: 'edit_direct_message',
  delete_direct_message: 'delete_direct_message',
  forward_to_direct: 'forward_to_direct',
  add_reaction: 'add_reaction',
  remove_reaction: 'remove_reaction',
  add_direct_reaction: 'add_direct_reaction',
  remove_direct_reaction: 'remove_direct_reaction',
  typing_start: 'typing_start',
  typing_stop: 'typing_stop',
  direct_typing_start: 'direct_typing_start',
  direct_typing_stop: 'direct_typing_stop',
  mark_read: 'mark_read',
  mark_direct_read: 'mark_direct_read',
  watch_presence: 'watch_presence',
  unwatch_presence: 'unwatch_presence',
  get_presence: 'get_presence',
  ping: 'ping',
};

export const SERVER_EVENTS = {
  authenticated: 'authenticated',
  error: 'error',
  joined_channel: 'joined_channel',
  caught_up: 'caught_up',
  left_channel: 'left_channel',
  member_added: 'member_added',
  member_removed: 'member_removed',
  members_changed: 'members_changed',
  channel_added: 'channel_added',
  channel_removed: 'channel_removed',
  conversation_joined: 'conversation_joined',
  conversation_caught_up: 'conversation_caught_up',
  conversation_left: 'conversation_left',
  direct_member_added: 'direct_member_added',
  direct_member_removed: 'direct_member_removed',
  direct_members_changed: 'direct_members_changed',
  conversation_added: 'conversation_added',
  conversation_removed: 'conversation_removed',
  new_message: 'new_message',
  message_edited: 'message_edited',
  message_deleted: 'message_deleted',
  message_forwarded: 'message_forwarded',
  new_direct_message: 'new_direct_message',
  direct_message_edited: 'direct_message_edited',
  direct_message_deleted: 'direct_message_deleted',
  message_forwarded_to_direct: 'message_forwarded_to_direct',
  reaction_added: 'reaction_added',
  reaction_removed: 'reaction_removed',
  direct_reaction_added: 'direct_reaction_added',
  direct_reaction_removed: 'direct_reaction_removed',
  typing_started: 'typing_started',
  typing_stopped: 'typing_stopped',
  direct_typing_started: 'direct_typing_started',
  direct_typing_stopped: 'direct_typing_stopped',
  message_read: 'message_read',
  direct_message_read: 'direct_message_read',
  presence_watched: 'presence_watched',
  presence_unwatched: 'presence_unwatched',
  presence_changed: 'presence_changed',
  pong: 'pong',
};

export const LOGS = {
  channel: {
    key: 'channelId',
    join: 'join_channel',
    leave: 'leave_channel',
    joined: 'joined_channel',
    caughtUp: 'caught_up',
    lost: 'position_lost',
    keepMs: 604800000,
    entries: 100000,
    floorMs: 600000,
  },
  conversation: {
    key: 'conversationId',
    join: 'join_conversation',
    leave: 'leave_conversation',
    joined: 'conversation_joined',
    caughtUp: 'conversation_caught_up',
    lost: 'position_lost',
    keepMs: 604800000,
    entries: 100000,
    floorMs: 600000,
  },
};

export const DURABLE_EVENTS = {
  member_added: { scope: 'channel', room: 'channelId' },
  member_removed: { scope: 'channel', room: 'channelId' },
  members_changed: { scope: 'channel', room: 'channelId' },
  direct_member_added: { scope: 'conversation', room: 'conversationId' },
  direct_member_removed: { scope: 'conversation', room: 'conversationId' },
  direct_members_changed: { scope: 'conversation', room: 'conversationId' },
  new_message: { scope: 'channel', room: 'channelId' },
  message_edited: { scope: 'channel', room: 'channelId' },
  message_deleted: { scope: 'channel', room: 'channelId' },
  message_forwarded: { scope: 'channel', room: 'targetChannelId' },
  new_direct_message: { scope: 'conversation', room: 'conversationId' },
  direct_message_edited: { scope: 'conversation', room: 'conversationId' },
  direct_message_deleted: { scope: 'conversation', room: 'conversationId' },
  message_forwarded_to_direct: { scope: 'conversation', room: 'targetConversationId' },
  reaction_added: { scope: 'channel' },
  reaction_removed: { scope: 'channel' },
  direct_reaction_added: { scope: 'conversation' },
  direct_reaction_removed: { scope: 'conversation' },
};

export const IDEMPOTENT_EVENTS = {
  send_message: { key: 'clientId', scope: 'channel', room: 'channelId' },
  forward_message: { key: 'clientId', scope: 'channel', room: 'targetChannelId' },
  send_direct_message: { key: 'clientId', scope: 'conversation', room: 'conversationId' },
  forward_to_direct: { key: 'clientId', scope: 'conversation', room: 'targetConversationId' },
};
