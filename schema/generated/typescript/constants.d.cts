// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

/** The protocol of this package. */
export declare const PROTOCOL: { readonly name: 'chat'; readonly version: '1.2.0' };

/** The rate limits: a bucket holds `burst` tokens, and `rate` are added every `periodMs`. */
export declare const LIMITS: {
  readonly events: { readonly per: 'user'; readonly rate: 20; readonly periodMs: 1000; readonly burst: 60 };
  readonly rooms: { readonly per: 'user'; readonly rate: 100; readonly periodMs: 1000; readonly burst: 2000 };
  readonly presence: { readonly per: 'user'; readonly rate: 20; readonly periodMs: 1000; readonly burst: 500 };
  readonly requests: { readonly per: 'user'; readonly rate: 50; readonly periodMs: 1000; readonly burst: 500 };
};

/** The bounds of values, by type and field; lengths are in Unicode code points. */
export declare const BOUNDS: {
  readonly ChannelId: { readonly minLength: 1; readonly maxLength: 128 };
  readonly ConversationId: { readonly minLength: 1; readonly maxLength: 128 };
  readonly MessageId: { readonly minLength: 1; readonly maxLength: 128 };
  readonly UserId: { readonly minLength: 1; readonly maxLength: 128 };
  readonly ReactionId: { readonly minLength: 1; readonly maxLength: 128 };
  readonly AttachmentId: { readonly minLength: 1; readonly maxLength: 128 };
  readonly ClientId: { readonly minLength: 1; readonly maxLength: 64 };
  readonly Position: {
    readonly epoch: { readonly maxLength: 64 };
    readonly seq: { readonly minimum: 0 };
  };
  readonly User: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly name: { readonly minLength: 1; readonly maxLength: 200 };
    readonly image: { readonly maxLength: 2048 };
  };
  readonly Reactor: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly name: { readonly minLength: 1; readonly maxLength: 200 };
  };
  readonly MessageText: { readonly maxLength: 4000 };
  readonly EditedText: { readonly maxLength: 4000 };
  readonly Emoji: { readonly minLength: 1; readonly maxLength: 32 };
  readonly Message: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly content: { readonly maxLength: 4000 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly replyToId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly attachments: { readonly maxItems: 10 };
    readonly reactions: { readonly maxItems: 200 };
    readonly reactionCounts: { readonly maxItems: 50 };
    readonly clientId: { readonly minLength: 1; readonly maxLength: 64 };
  };
  readonly DirectMessage: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly content: { readonly maxLength: 4000 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly replyToId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly attachments: { readonly maxItems: 10 };
    readonly reactions: { readonly maxItems: 200 };
    readonly reactionCounts: { readonly maxItems: 50 };
    readonly clientId: { readonly minLength: 1; readonly maxLength: 64 };
  };
  readonly OriginalMessage: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly content: { readonly maxLength: 4000 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly replyToId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly attachments: { readonly maxItems: 10 };
  };
  readonly Reaction: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly emoji: { readonly minLength: 1; readonly maxLength: 32 };
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly ReactionCount: {
    readonly emoji: { readonly minLength: 1; readonly maxLength: 32 };
    readonly count: { readonly minimum: 1 };
  };
  readonly ReactionRef: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly emoji: { readonly minLength: 1; readonly maxLength: 32 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly Attachment: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly filename: { readonly minLength: 1; readonly maxLength: 255 };
    readonly originalName: { readonly minLength: 1; readonly maxLength: 255 };
    readonly mimeType: { readonly minLength: 1; readonly maxLength: 127 };
    readonly size: { readonly minimum: 0; readonly maximum: 10485760 };
    readonly width: { readonly minimum: 1; readonly maximum: 2147483647 };
    readonly height: { readonly minimum: 1; readonly maximum: 2147483647 };
    readonly url: { readonly minLength: 1; readonly maxLength: 2048 };
  };
  readonly AttachmentRef: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly RoomInfo: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly name: { readonly minLength: 1; readonly maxLength: 200 };
    readonly memberCount: { readonly minimum: 0 };
  };
  readonly Renewal: {
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly Error: {
    readonly message: { readonly maxLength: 200 };
    readonly code: { readonly maxLength: 64 };
    readonly retryAfterMs: { readonly minimum: 0 };
    readonly channelId: { readonly maxLength: 128 };
    readonly conversationId: { readonly maxLength: 128 };
  };
  readonly Violation: {
    readonly path: { readonly maxLength: 256 };
    readonly message: { readonly maxLength: 500 };
  };
  readonly ReadReceipt: {
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly UserPresence: {
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly Page: { readonly minimum: 1; readonly maximum: 9007199254740991 };
  readonly PageSize: { readonly minimum: 1; readonly maximum: 100 };
  readonly RoomPageSize: { readonly minimum: 1; readonly maximum: 1000 };
  readonly RoomCursor: { readonly minLength: 1; readonly maxLength: 1024 };
  readonly Cursor: { readonly minLength: 1; readonly maxLength: 256 };
  readonly Count: { readonly minimum: 0 };
  readonly Pagination: {
    readonly page: { readonly minimum: 1 };
    readonly limit: { readonly minimum: 1; readonly maximum: 100 };
    readonly total: { readonly minimum: 0 };
    readonly pages: { readonly minimum: 0 };
  };
  readonly MessagePage: {
    readonly messages: { readonly maxItems: 100 };
    readonly nextCursor: { readonly maxLength: 256 };
  };
  readonly DirectMessagePage: {
    readonly messages: { readonly maxItems: 100 };
    readonly nextCursor: { readonly maxLength: 256 };
  };
  readonly Stats: {
    readonly totalConnections: { readonly minimum: 0 };
    readonly uptimeSeconds: { readonly minimum: 0 };
  };
  readonly StatsProtocol: {
    readonly name: { readonly maxLength: 64 };
    readonly version: { readonly maxLength: 64 };
  };
  readonly Authenticate: {
    readonly token: { readonly maxLength: 16384 };
  };
  readonly Authenticated: {
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly AuthenticatedProtocol: {
    readonly name: { readonly maxLength: 64 };
    readonly version: { readonly maxLength: 64 };
  };
  readonly JoinChannel: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly LeaveChannel: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly JoinedChannel: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly CaughtUp: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly LeftChannel: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly MemberAdded: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly MemberRemoved: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly MembersChanged: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly ChannelRemoved: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly JoinConversation: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly LeaveConversation: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly ConversationJoined: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly ConversationCaughtUp: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly ConversationLeft: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DirectMemberAdded: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DirectMemberRemoved: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DirectMembersChanged: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly ConversationRemoved: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly SendMessage: {
    readonly content: { readonly maxLength: 4000 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly replyToId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly attachments: { readonly maxItems: 10 };
    readonly clientId: { readonly minLength: 1; readonly maxLength: 64 };
  };
  readonly EditMessage: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly content: { readonly maxLength: 4000 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DeleteMessage: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly ForwardMessage: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly targetChannelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly clientId: { readonly minLength: 1; readonly maxLength: 64 };
  };
  readonly MessageEdited: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly content: { readonly maxLength: 4000 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly MessageDeleted: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly MessageForwarded: {
    readonly targetChannelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly SendDirectMessage: {
    readonly content: { readonly maxLength: 4000 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly replyToId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly attachments: { readonly maxItems: 10 };
    readonly clientId: { readonly minLength: 1; readonly maxLength: 64 };
  };
  readonly EditDirectMessage: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly content: { readonly maxLength: 4000 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DeleteDirectMessage: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly ForwardToDirect: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly targetConversationId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly clientId: { readonly minLength: 1; readonly maxLength: 64 };
  };
  readonly DirectMessageEdited: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly content: { readonly maxLength: 4000 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DirectMessageDeleted: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly MessageForwardedToDirect: {
    readonly targetConversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly AddReaction: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly emoji: { readonly minLength: 1; readonly maxLength: 32 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly RemoveReaction: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly emoji: { readonly minLength: 1; readonly maxLength: 32 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly AddDirectReaction: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly emoji: { readonly minLength: 1; readonly maxLength: 32 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly RemoveDirectReaction: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly emoji: { readonly minLength: 1; readonly maxLength: 32 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly TypingStart: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly TypingStop: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DirectTypingStart: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DirectTypingStop: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly TypingStarted: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly TypingStopped: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DirectTypingStarted: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DirectTypingStopped: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly MarkRead: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly MarkDirectRead: {
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly MessageRead: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DirectMessageRead: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly messageId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly WatchPresence: {
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly UnwatchPresence: {
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly GetPresence: {
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly PresenceWatched: {
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly PresenceUnwatched: {
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly Pong: {
    readonly timestamp: { readonly minimum: 0 };
  };
  readonly ListMessages: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly page: { readonly minimum: 1; readonly maximum: 9007199254740991 };
    readonly limit: { readonly minimum: 1; readonly maximum: 100 };
    readonly before: { readonly minLength: 1; readonly maxLength: 256 };
  };
  readonly ListDirectMessages: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
    readonly page: { readonly minimum: 1; readonly maximum: 9007199254740991 };
    readonly limit: { readonly minimum: 1; readonly maximum: 100 };
    readonly before: { readonly minLength: 1; readonly maxLength: 256 };
  };
  readonly ListReceipts: {
    readonly channelId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly ListDirectReceipts: {
    readonly conversationId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DownloadFile: {
    readonly filename: { readonly minLength: 1; readonly maxLength: 255 };
  };
  readonly ListChannels: {
    readonly limit: { readonly minimum: 1; readonly maximum: 1000 };
    readonly before: { readonly minLength: 1; readonly maxLength: 1024 };
  };
  readonly ListChannelsBeside: {
    readonly nextCursor: { readonly maxLength: 1024 };
  };
  readonly ListConversations: {
    readonly limit: { readonly minimum: 1; readonly maximum: 1000 };
    readonly before: { readonly minLength: 1; readonly maxLength: 1024 };
  };
  readonly ListConversationsBeside: {
    readonly nextCursor: { readonly maxLength: 1024 };
  };
  readonly PutChannel: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly name: { readonly minLength: 1; readonly maxLength: 200 };
    readonly members: { readonly maxItems: 10000 };
  };
  readonly PutChannelMember: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DeleteChannelMember: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly PutConversation: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly members: { readonly maxItems: 10000 };
  };
  readonly PutConversationMember: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly DeleteConversationMember: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly userId: { readonly minLength: 1; readonly maxLength: 128 };
  };
  readonly PutUser: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
    readonly name: { readonly minLength: 1; readonly maxLength: 200 };
    readonly email: { readonly maxLength: 320 };
    readonly image: { readonly maxLength: 2048 };
  };
  readonly RevokeUser: {
    readonly id: { readonly minLength: 1; readonly maxLength: 128 };
  };
};

/** The errors of the protocol. Several may have the same code. */
export declare const ERRORS: {
  readonly version_not_served: { readonly code: 'version_not_served'; readonly message: 'Protocol version not served'; readonly status: 400; readonly retry: 'no' };
  readonly auth_required: { readonly code: 'auth_required'; readonly message: 'Authentication token required'; readonly status: 401; readonly retry: 'new_token' };
  readonly auth_failed: { readonly code: 'auth_failed'; readonly message: 'Authentication failed'; readonly status: 401; readonly retry: 'new_token' };
  readonly token_expired: { readonly code: 'token_expired'; readonly message: 'Authentication failed'; readonly status: 401; readonly retry: 'new_token' };
  readonly channel_denied: { readonly code: 'access_denied'; readonly message: 'Access denied to channel'; readonly status: 403; readonly retry: 'no' };
  readonly conversation_denied: { readonly code: 'access_denied'; readonly message: 'Access denied to conversation'; readonly status: 403; readonly retry: 'no' };
  readonly presence_denied: { readonly code: 'access_denied'; readonly message: 'Access denied to presence'; readonly status: 403; readonly retry: 'no' };
  readonly admin_only: { readonly code: 'access_denied'; readonly message: 'Administrator access required'; readonly status: 403; readonly retry: 'no' };
  readonly invalid_payload: { readonly code: 'invalid_payload'; readonly message: 'Invalid message data'; readonly status: 400; readonly retry: 'no' };
  readonly unknown_event: { readonly code: 'unknown_event'; readonly message: 'Unknown event'; readonly status: 404; readonly retry: 'no' };
  readonly message_not_found: { readonly code: 'not_found'; readonly message: 'Message not found'; readonly status: 404; readonly retry: 'no' };
  readonly reaction_not_found: { readonly code: 'not_found'; readonly message: 'Reaction not found'; readonly status: 404; readonly retry: 'no' };
  readonly file_not_found: { readonly code: 'not_found'; readonly message: 'File not found'; readonly status: 404; readonly retry: 'no' };
  readonly user_not_found: { readonly code: 'not_found'; readonly message: 'User not found'; readonly status: 404; readonly retry: 'no' };
  readonly room_not_found: { readonly code: 'not_found'; readonly message: 'Room not found'; readonly status: 404; readonly retry: 'no' };
  readonly edit_forbidden: { readonly code: 'forbidden'; readonly message: 'You can only edit your own messages'; readonly status: 403; readonly retry: 'no' };
  readonly delete_forbidden: { readonly code: 'forbidden'; readonly message: 'You can only delete your own messages'; readonly status: 403; readonly retry: 'no' };
  readonly reply_not_found: { readonly code: 'reply_not_found'; readonly message: 'Original message not found or has been deleted'; readonly status: 404; readonly retry: 'no' };
  readonly invalid_attachment: { readonly code: 'invalid_attachment'; readonly message: 'Invalid attachment'; readonly status: 400; readonly retry: 'no' };
  readonly too_many_reactions: { readonly code: 'too_many_reactions'; readonly message: 'Too many reactions'; readonly status: 409; readonly retry: 'no' };
  readonly position_lost: { readonly code: 'position_lost'; readonly message: 'Missed events are no longer available'; readonly status: 410; readonly retry: 'no' };
  readonly idempotency_conflict: { readonly code: 'idempotency_conflict'; readonly message: 'Already sent with other content'; readonly status: 409; readonly retry: 'no' };
  readonly too_large: { readonly code: 'too_large'; readonly message: 'File too large'; readonly status: 413; readonly retry: 'no' };
  readonly unsupported_type: { readonly code: 'unsupported_type'; readonly message: 'Unsupported file type'; readonly status: 415; readonly retry: 'no' };
  readonly quota_exceeded: { readonly code: 'quota_exceeded'; readonly message: 'Upload quota exceeded'; readonly status: 413; readonly retry: 'no' };
  readonly unavailable: { readonly code: 'unavailable'; readonly message: 'Service unavailable'; readonly status: 503; readonly retry: 'yes' };
  readonly rate_limited: { readonly code: 'rate_limited'; readonly message: 'Rate limit exceeded. Please slow down.'; readonly status: 429; readonly retry: 'after' };
  readonly internal: { readonly code: 'internal'; readonly message: 'Internal server error'; readonly status: 500; readonly retry: 'yes' };
};

/** The events that clients send. */
export declare const CLIENT_EVENTS: {
  readonly authenticate: 'authenticate';
  readonly join_channel: 'join_channel';
  readonly leave_channel: 'leave_channel';
  readonly join_conversation: 'join_conversation';
  readonly leave_conversation: 'leave_conversation';
  readonly send_message: 'send_message';
  readonly edit_message: 'edit_message';
  readonly delete_message: 'delete_message';
  readonly forward_message: 'forward_message';
  readonly send_direct_message: 'send_direct_message';
  readonly edit_direct_message: 'edit_direct_message';
  readonly delete_direct_message: 'delete_direct_message';
  readonly forward_to_direct: 'forward_to_direct';
  readonly add_reaction: 'add_reaction';
  readonly remove_reaction: 'remove_reaction';
  readonly add_direct_reaction: 'add_direct_reaction';
  readonly remove_direct_reaction: 'remove_direct_reaction';
  readonly typing_start: 'typing_start';
  readonly typing_stop: 'typing_stop';
  readonly direct_typing_start: 'direct_typing_start';
  readonly direct_typing_stop: 'direct_typing_stop';
  readonly mark_read: 'mark_read';
  readonly mark_direct_read: 'mark_direct_read';
  readonly watch_presence: 'watch_presence';
  readonly unwatch_presence: 'unwatch_presence';
  readonly get_presence: 'get_presence';
  readonly ping: 'ping';
};

/** The events that the server sends. */
export declare const SERVER_EVENTS: {
  readonly authenticated: 'authenticated';
  readonly error: 'error';
  readonly joined_channel: 'joined_channel';
  readonly caught_up: 'caught_up';
  readonly left_channel: 'left_channel';
  readonly member_added: 'member_added';
  readonly member_removed: 'member_removed';
  readonly members_changed: 'members_changed';
  readonly channel_added: 'channel_added';
  readonly channel_removed: 'channel_removed';
  readonly conversation_joined: 'conversation_joined';
  readonly conversation_caught_up: 'conversation_caught_up';
  readonly conversation_left: 'conversation_left';
  readonly direct_member_added: 'direct_member_added';
  readonly direct_member_removed: 'direct_member_removed';
  readonly direct_members_changed: 'direct_members_changed';
  readonly conversation_added: 'conversation_added';
  readonly conversation_removed: 'conversation_removed';
  readonly new_message: 'new_message';
  readonly message_edited: 'message_edited';
  readonly message_deleted: 'message_deleted';
  readonly message_forwarded: 'message_forwarded';
  readonly new_direct_message: 'new_direct_message';
  readonly direct_message_edited: 'direct_message_edited';
  readonly direct_message_deleted: 'direct_message_deleted';
  readonly message_forwarded_to_direct: 'message_forwarded_to_direct';
  readonly reaction_added: 'reaction_added';
  readonly reaction_removed: 'reaction_removed';
  readonly direct_reaction_added: 'direct_reaction_added';
  readonly direct_reaction_removed: 'direct_reaction_removed';
  readonly typing_started: 'typing_started';
  readonly typing_stopped: 'typing_stopped';
  readonly direct_typing_started: 'direct_typing_started';
  readonly direct_typing_stopped: 'direct_typing_stopped';
  readonly message_read: 'message_read';
  readonly direct_message_read: 'direct_message_read';
  readonly presence_watched: 'presence_watched';
  readonly presence_unwatched: 'presence_unwatched';
  readonly presence_changed: 'presence_changed';
  readonly pong: 'pong';
};

/** The kinds of rooms that have a log: the field that names the room, the events that join it (with `since`) and leave it, the answer (with `position`), the event that ends a replay, the code of a position that is lost, and how long entries are kept. */
export declare const LOGS: {
  readonly channel: {
    readonly key: 'channelId';
    readonly join: 'join_channel';
    readonly leave: 'leave_channel';
    readonly joined: 'joined_channel';
    readonly caughtUp: 'caught_up';
    readonly lost: 'position_lost';
    readonly keepMs: 604800000;
    readonly entries: 100000;
    readonly floorMs: 600000;
  };
  readonly conversation: {
    readonly key: 'conversationId';
    readonly join: 'join_conversation';
    readonly leave: 'leave_conversation';
    readonly joined: 'conversation_joined';
    readonly caughtUp: 'conversation_caught_up';
    readonly lost: 'position_lost';
    readonly keepMs: 604800000;
    readonly entries: 100000;
    readonly floorMs: 600000;
  };
};

/** The server events that are entries of a log: the kind of room whose log it is, and the field that names the room, if one does. Each has its number, `seq`. */
export declare const DURABLE_EVENTS: {
  readonly member_added: { readonly scope: 'channel'; readonly room: 'channelId' };
  readonly member_removed: { readonly scope: 'channel'; readonly room: 'channelId' };
  readonly members_changed: { readonly scope: 'channel'; readonly room: 'channelId' };
  readonly direct_member_added: { readonly scope: 'conversation'; readonly room: 'conversationId' };
  readonly direct_member_removed: { readonly scope: 'conversation'; readonly room: 'conversationId' };
  readonly direct_members_changed: { readonly scope: 'conversation'; readonly room: 'conversationId' };
  readonly new_message: { readonly scope: 'channel'; readonly room: 'channelId' };
  readonly message_edited: { readonly scope: 'channel'; readonly room: 'channelId' };
  readonly message_deleted: { readonly scope: 'channel'; readonly room: 'channelId' };
  readonly message_forwarded: { readonly scope: 'channel'; readonly room: 'targetChannelId' };
  readonly new_direct_message: { readonly scope: 'conversation'; readonly room: 'conversationId' };
  readonly direct_message_edited: { readonly scope: 'conversation'; readonly room: 'conversationId' };
  readonly direct_message_deleted: { readonly scope: 'conversation'; readonly room: 'conversationId' };
  readonly message_forwarded_to_direct: { readonly scope: 'conversation'; readonly room: 'targetConversationId' };
  readonly reaction_added: { readonly scope: 'channel' };
  readonly reaction_removed: { readonly scope: 'channel' };
  readonly direct_reaction_added: { readonly scope: 'conversation' };
  readonly direct_reaction_removed: { readonly scope: 'conversation' };
};

/** The client events that may be sent again: the field by which a repetition is known, and the kind and the field of the room that has it in its log. */
export declare const IDEMPOTENT_EVENTS: {
  readonly send_message: { readonly key: 'clientId'; readonly scope: 'channel'; readonly room: 'channelId' };
  readonly forward_message: { readonly key: 'clientId'; readonly scope: 'channel'; readonly room: 'targetChannelId' };
  readonly send_direct_message: { readonly key: 'clientId'; readonly scope: 'conversation'; readonly room: 'conversationId' };
  readonly forward_to_direct: { readonly key: 'clientId'; readonly scope: 'conversation'; readonly room: 'targetConversationId' };
};
