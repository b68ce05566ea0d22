// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

/**
 * A channel's id.
 *
 * 1 to 128 characters; must not contain control characters.
 * @example
 * "channel_123"
 */
export type ChannelId = string;

/**
 * A conversation's id.
 *
 * 1 to 128 characters; must not contain control characters.
 * @example
 * "conversation_123"
 */
export type ConversationId = string;

/**
 * A message's id. Ids sort by creation time.
 *
 * 1 to 128 characters; must not contain control characters.
 * @example
 * "message_123"
 */
export type MessageId = string;

/**
 * A user's id.
 *
 * 1 to 128 characters; must not contain control characters.
 * @example
 * "alice"
 */
export type UserId = string;

/**
 * A reaction's id.
 *
 * 1 to 128 characters; must not contain control characters.
 * @example
 * "reaction_123"
 */
export type ReactionId = string;

/**
 * The id of an upload.
 *
 * 1 to 128 characters; must not contain control characters.
 * @example
 * "attachment_123"
 */
export type AttachmentId = string;

/**
 * An id that a client gives a message, so that the message appears only once even if the client sends it again.
 *
 * 1 to 64 characters; must not contain control characters.
 * @example
 * "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
 */
export type ClientId = string;

/**
 * A position in the sequence of events of a room.
 * @example
 * {
 *   "epoch": "7c1f0f3a9d2e4b56",
 *   "seq": 41
 * }
 */
export interface Position {
  /**
   * The database that the position belongs to. The position is not valid in another database.
   *
   * At most 64 characters.
   */
  epoch: string;
  /**
   * The `seq` of the newest event up to the position; 0 before the first one.
   *
   * At least 0.
   */
  seq: number;
}

/**
 * A point in time, RFC 3339 in UTC with milliseconds.
 *
 * RFC 3339.
 * @example
 * "2026-01-31T09:30:00.000Z"
 */
export type Timestamp = string;

/**
 * A user, as other users see it.
 * @example
 * {
 *   "id": "alice",
 *   "name": "Alice",
 *   "image": null
 * }
 */
export interface User {
  /** A user's id. */
  id: UserId;
  /**
   * The display name.
   *
   * 1 to 200 characters.
   */
  name: string;
  /**
   * The URL of a picture.
   *
   * At most 2048 characters.
   */
  image: string | null;
}

/**
 * The user who reacted.
 * @example
 * {
 *   "id": "bob",
 *   "name": "Bob"
 * }
 */
export interface Reactor {
  /** A user's id. */
  id: UserId;
  /**
   * The display name.
   *
   * 1 to 200 characters.
   */
  name: string;
}

/**
 * A message's text, counted in Unicode code points.
 *
 * At most 4000 characters; must not contain U+0000.
 * @example
 * "Hello, world!"
 */
export type MessageText = string;

/**
 * The new text of an edited message. It must have a visible character unless the message has attachments.
 *
 * At most 4000 characters; must not contain U+0000.
 * @example
 * "Updated content"
 */
export type EditedText = string;

/**
 * An emoji, or a short name of one.
 *
 * 1 to 32 characters; must contain something that shows, and neither white space nor control characters.
 * @example
 * "👍"
 */
export type Emoji = string;

/**
 * A message in a channel.
 * @example
 * {
 *   "id": "message_123",
 *   "content": "Hello, world!",
 *   "channelId": "channel_123",
 *   "userId": "alice",
 *   "createdAt": "2026-01-31T09:30:00.000Z",
 *   "updatedAt": "2026-01-31T09:30:00.000Z",
 *   "replyToId": null,
 *   "user": {
 *     "id": "alice",
 *     "name": "Alice",
 *     "image": null
 *   },
 *   "replyTo": null,
 *   "attachments": [],
 *   "reactions": [],
 *   "reactionCounts": [],
 *   "clientId": null
 * }
 */
export interface Message {
  /** A message's id. Ids sort by creation time. */
  id: MessageId;
  /** A message's text, counted in Unicode code points. */
  content: MessageText;
  /** A channel's id. */
  channelId: ChannelId;
  /** The author's id. */
  userId: UserId;
  /** A point in time, RFC 3339 in UTC with milliseconds. */
  createdAt: Timestamp;
  /** The time of the last edit; `createdAt` if there was none. */
  updatedAt: Timestamp;
  /** The id of the message that this one replies to. */
  replyToId: MessageId | null;
  /** The author. */
  user: User;
  /** The message that this one replies to, with `null` as its `replyTo`; `null` if that message has been deleted. */
  replyTo: Message | null;
  /**
   * The attached files.
   *
   * At most 10 items.
   */
  attachments: Attachment[];
  /**
   * The message's 200 oldest reactions, oldest first.
   *
   * At most 200 items.
   */
  reactions: Reaction[];
  /**
   * The number of reactions for each emoji, in the order of their first reactions.
   *
   * At most 50 items.
   * @since 1.2.0
   */
  reactionCounts: ReactionCount[];
  /**
   * The id that the author's client gave the message.
   * @since 1.2.0
   */
  clientId: ClientId | null;
}

/**
 * A message in a conversation.
 * @example
 * {
 *   "id": "message_123",
 *   "content": "Hello, how are you?",
 *   "conversationId": "conversation_123",
 *   "userId": "alice",
 *   "createdAt": "2026-01-31T09:30:00.000Z",
 *   "updatedAt": "2026-01-31T09:30:00.000Z",
 *   "replyToId": null,
 *   "user": {
 *     "id": "alice",
 *     "name": "Alice",
 *     "image": null
 *   },
 *   "replyTo": null,
 *   "attachments": [],
 *   "reactions": [],
 *   "reactionCounts": [],
 *   "clientId": null
 * }
 */
export interface DirectMessage {
  /** A message's id. Ids sort by creation time. */
  id: MessageId;
  /** A message's text, counted in Unicode code points. */
  content: MessageText;
  /** A conversation's id. */
  conversationId: ConversationId;
  /** The author's id. */
  userId: UserId;
  /** A point in time, RFC 3339 in UTC with milliseconds. */
  createdAt: Timestamp;
  /** The time of the last edit; `createdAt` if there was none. */
  updatedAt: Timestamp;
  /** The id of the message that this one replies to. */
  replyToId: MessageId | null;
  /** The author. */
  user: User;
  /** The message that this one replies to, with `null` as its `replyTo`; `null` if that message has been deleted. */
  replyTo: DirectMessage | null;
  /**
   * The attached files.
   *
   * At most 10 items.
   */
  attachments: Attachment[];
  /**
   * The message's 200 oldest reactions, oldest first.
   *
   * At most 200 items.
   */
  reactions: Reaction[];
  /**
   * The number of reactions for each emoji, in the order of their first reactions.
   *
   * At most 50 items.
   * @since 1.2.0
   */
  reactionCounts: ReactionCount[];
  /**
   * The id that the author's client gave the message.
   * @since 1.2.0
   */
  clientId: ClientId | null;
}

/**
 * A message that was forwarded, as it was in its channel or conversation.
 * @example
 * {
 *   "id": "message_123",
 *   "content": "Hello, world!",
 *   "channelId": "channel_123",
 *   "conversationId": null,
 *   "userId": "alice",
 *   "createdAt": "2026-01-31T09:30:00.000Z",
 *   "updatedAt": "2026-01-31T09:30:00.000Z",
 *   "replyToId": null,
 *   "user": {
 *     "id": "alice",
 *     "name": "Alice",
 *     "image": null
 *   },
 *   "attachments": []
 * }
 */
export interface OriginalMessage {
  /** A message's id. Ids sort by creation time. */
  id: MessageId;
  /** A message's text, counted in Unicode code points. */
  content: MessageText;
  /** The channel of the message; `null` if it is in a conversation. */
  channelId: ChannelId | null;
  /** The conversation of the message; `null` if it is in a channel. */
  conversationId: ConversationId | null;
  /** The author's id. */
  userId: UserId;
  /** A point in time, RFC 3339 in UTC with milliseconds. */
  createdAt: Timestamp;
  /** The time of the last edit; `createdAt` if there was none. */
  updatedAt: Timestamp;
  /** The id of the message that this one replies to. */
  replyToId: MessageId | null;
  /** The author. */
  user: User;
  /**
   * The attached files.
   *
   * At most 10 items.
   */
  attachments: Attachment[];
}

/**
 * A user's reaction to a message.
 * @example
 * {
 *   "id": "reaction_123",
 *   "emoji": "👍",
 *   "messageId": "message_123",
 *   "userId": "bob",
 *   "createdAt": "2026-01-31T09:30:00.000Z",
 *   "user": {
 *     "id": "bob",
 *     "name": "Bob"
 *   }
 * }
 */
export interface Reaction {
  /** A reaction's id. */
  id: ReactionId;
  /** An emoji, or a short name of one. */
  emoji: Emoji;
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** A user's id. */
  userId: UserId;
  /** A point in time, RFC 3339 in UTC with milliseconds. */
  createdAt: Timestamp;
  /** The user who reacted. */
  user: Reactor;
}

/**
 * The number of reactions to a message with the same emoji.
 * @example
 * {
 *   "emoji": "👍",
 *   "count": 2
 * }
 */
export interface ReactionCount {
  /** The emoji as the first of these reactions spells it. */
  emoji: Emoji;
  /**
   * The number of reactions.
   *
   * At least 1.
   */
  count: number;
}

/**
 * The reaction that was removed.
 * @example
 * {
 *   "messageId": "message_123",
 *   "emoji": "👍",
 *   "userId": "bob"
 * }
 */
export interface ReactionRef {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** An emoji, or a short name of one. */
  emoji: Emoji;
  /** A user's id. */
  userId: UserId;
}

/**
 * An uploaded file.
 * @example
 * {
 *   "id": "attachment_123",
 *   "filename": "7f9c24e8a1b04c5d.png",
 *   "originalName": "diagram.png",
 *   "mimeType": "image/png",
 *   "size": 48213,
 *   "width": 1280,
 *   "height": 720,
 *   "url": "/files/7f9c24e8a1b04c5d.png",
 *   "createdAt": "2026-01-31T09:30:00.000Z"
 * }
 */
export interface Attachment {
  /** The id of an upload. */
  id: AttachmentId;
  /**
   * The file's name on the server.
   *
   * 1 to 255 characters.
   */
  filename: string;
  /**
   * The name of the uploaded file, without its path.
   *
   * 1 to 255 characters.
   */
  originalName: string;
  /**
   * The media type, without parameters.
   *
   * 1 to 127 characters.
   */
  mimeType: string;
  /**
   * The size in bytes.
   *
   * At least 0, at most 10485760.
   */
  size: number;
  /**
   * The width of an image in pixels, as displayed; `null` for other files, and if the image does not give its size.
   *
   * At least 1, at most 2147483647.
   * @since 1.2.0
   */
  width: number | null;
  /**
   * The height of an image in pixels, as displayed; `null` if `width` is.
   *
   * At least 1, at most 2147483647.
   * @since 1.2.0
   */
  height: number | null;
  /**
   * The address of its bytes. It cannot be guessed, and needs no token.
   *
   * 1 to 2048 characters.
   */
  url: string;
  /** A point in time, RFC 3339 in UTC with milliseconds. */
  createdAt: Timestamp;
}

/**
 * One of the caller's own uploads. Only its `id` counts; the server ignores the other fields.
 * @example
 * {
 *   "id": "attachment_123"
 * }
 */
export interface AttachmentRef {
  /** The id of an upload. */
  id: AttachmentId;
}

/**
 * A channel or a conversation, with its members.
 * @example
 * {
 *   "id": "general",
 *   "name": "general",
 *   "members": [
 *     {
 *       "id": "alice",
 *       "name": "Alice",
 *       "image": null
 *     }
 *   ],
 *   "memberCount": 1
 * }
 */
export interface RoomInfo {
  /**
   * The id of the channel or conversation.
   *
   * 1 to 128 characters.
   */
  id: string;
  /**
   * The channel's name; `null` for a conversation.
   *
   * 1 to 200 characters.
   */
  name: string | null;
  /** `members`. */
  members: User[];
  /**
   * The number of members.
   *
   * At least 0.
   * @since 1.2.0
   */
  memberCount: number;
}

/**
 * The user of a renewed connection, and its new expiry.
 * @example
 * {
 *   "userId": "alice",
 *   "expiresAt": "2026-01-31T09:30:00.000Z"
 * }
 */
export interface Renewal {
  /** A user's id. */
  userId: UserId;
  /** When the new token expires, and the connection with it. */
  expiresAt: Timestamp;
}

/**
 * A failure, and its cause.
 * @example
 * {
 *   "message": "Access denied to channel",
 *   "code": "access_denied",
 *   "event": "join_channel",
 *   "channelId": "channel_123"
 * }
 */
export interface Error {
  /**
   * A description for people.
   *
   * At most 200 characters.
   */
  message: string;
  /**
   * A code for programs.
   *
   * At most 64 characters.
   */
  code: string;
  /** The client event that failed. */
  event?: string | null;
  /** Every rule that the payload violates. */
  details?: Violation[] | null;
  /**
   * The milliseconds to wait before a retry can succeed.
   *
   * At least 0.
   */
  retryAfterMs?: number | null;
  /**
   * The channel, as the payload named it.
   *
   * At most 128 characters.
   * @since 1.2.0
   */
  channelId?: string | null;
  /**
   * The conversation, as the payload named it.
   *
   * At most 128 characters.
   * @since 1.2.0
   */
  conversationId?: string | null;
}

/**
 * A rule that a payload violates.
 * @example
 * {
 *   "path": "/content",
 *   "message": "is required"
 * }
 */
export interface Violation {
  /**
   * The place in the payload, as a JSON Pointer (RFC 6901).
   *
   * At most 256 characters.
   */
  path: string;
  /**
   * A description of the violation.
   *
   * At most 500 characters.
   */
  message: string;
}

/**
 * How far a member has read.
 * @example
 * {
 *   "userId": "bob",
 *   "messageId": "message_123",
 *   "readAt": "2026-01-31T09:33:00.000Z"
 * }
 */
export interface ReadReceipt {
  /** The reader's id. */
  userId: UserId;
  /** The last message that was read. It may have been deleted since. */
  messageId: MessageId;
  /** When it was read. */
  readAt: Timestamp;
}

/**
 * A user, and whether the user is online.
 * @example
 * {
 *   "userId": "alice",
 *   "status": "online"
 * }
 */
export interface UserPresence {
  /** A user's id. */
  userId: UserId;
  /** The status of a user, `online` while at least one of the user's sockets is connected. */
  status: PresenceStatus;
}

/**
 * The status of a user, `online` while at least one of the user's sockets is connected.
 * @example
 * "online"
 */
export type PresenceStatus = 'online' | 'offline';

/**
 * The number of a page, from 1.
 *
 * At least 1, at most 9007199254740991.
 * @example
 * 1
 */
export type Page = number;

/**
 * The number of items of a page; 50 by default.
 *
 * At least 1, at most 100.
 * @example
 * 50
 */
export type PageSize = number;

/**
 * The number of rooms of a page; 100 by default.
 *
 * At least 1, at most 1000.
 * @example
 * 100
 */
export type RoomPageSize = number;

/**
 * The place at which to continue a list of rooms; a `nextCursor` from the server.
 *
 * 1 to 1024 characters.
 */
export type RoomCursor = string;

/**
 * The place at which to continue a list; a `nextCursor` from the server.
 *
 * 1 to 256 characters.
 */
export type Cursor = string;

/**
 * A number of sockets.
 *
 * At least 0.
 * @example
 * 2
 */
export type Count = number;

/**
 * The place of a page in a list.
 * @example
 * {
 *   "page": 1,
 *   "limit": 50,
 *   "total": 1,
 *   "pages": 1
 * }
 */
export interface Pagination {
  /**
   * The number of this page, from 1.
   *
   * At least 1.
   */
  page: number;
  /**
   * The number of items of a page.
   *
   * At least 1, at most 100.
   */
  limit: number;
  /**
   * The number of items in total.
   *
   * At least 0.
   */
  total: number;
  /**
   * The number of pages in total.
   *
   * At least 0.
   */
  pages: number;
}

/** A page of history, newest first. */
export interface MessagePage {
  /**
   * `messages`.
   *
   * At most 100 items.
   */
  messages: Message[];
  /** The place of a page in a list. */
  pagination: Pagination;
  /**
   * The value of `before` for the next page; `null` on the last page.
   *
   * At most 256 characters.
   */
  nextCursor: string | null;
  /**
   * The room's position when the page was read. Joining with it as `since` leaves neither a gap nor an overlap.
   * @since 1.2.0
   */
  position: Position;
}

/** A page of history, newest first. */
export interface DirectMessagePage {
  /**
   * `messages`.
   *
   * At most 100 items.
   */
  messages: DirectMessage[];
  /** The place of a page in a list. */
  pagination: Pagination;
  /**
   * The value of `before` for the next page; `null` on the last page.
   *
   * At most 256 characters.
   */
  nextCursor: string | null;
  /**
   * The room's position when the page was read. Joining with it as `since` leaves neither a gap nor an overlap.
   * @since 1.2.0
   */
  position: Position;
}

/**
 * The load of the server.
 * @example
 * {
 *   "totalConnections": 2,
 *   "channels": {
 *     "general": 2
 *   },
 *   "conversations": {},
 *   "uptimeSeconds": 60,
 *   "protocol": {
 *     "name": "chat",
 *     "version": "1.2.0"
 *   }
 * }
 */
export interface Stats {
  /**
   * The number of connected sockets.
   *
   * At least 0.
   */
  totalConnections: number;
  /** The number of joined sockets by channel: the caller's channels, or all channels for an administrator. */
  channels: { [key: string]: Count };
  /** The number of joined sockets by conversation: the caller's conversations, or all for an administrator. */
  conversations: { [key: string]: Count };
  /**
   * The time since the server started, in seconds.
   *
   * At least 0.
   */
  uptimeSeconds: number;
  /** The protocol that this server speaks. */
  protocol: StatsProtocol;
}

/**
 * The health of the server.
 * @example
 * {
 *   "status": "ok"
 * }
 */
export interface Status {
  /**
   * Always `ok`; a server that is not well answers with an error.
   *
   * Always `ok`.
   */
  status: 'ok';
}

/** The protocol that this server speaks. */
export interface StatsProtocol {
  /**
   * The protocol's name.
   *
   * At most 64 characters.
   */
  name: string;
  /**
   * The protocol's version.
   *
   * At most 64 characters.
   */
  version: string;
}

/**
 * The payload of `authenticate`.
 * @example
 * {
 *   "token": "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6ImFsaWNlIiwiZXhwIjoxNzY5ODUxODAwfQ.c2lnbmF0dXJl"
 * }
 */
export interface Authenticate {
  /**
   * The token, a JSON Web Token.
   *
   * At most 16384 characters.
   */
  token: string;
}

/**
 * The payload of `authenticated`.
 * @example
 * {
 *   "userId": "alice",
 *   "user": {
 *     "id": "alice",
 *     "name": "Alice",
 *     "image": null
 *   },
 *   "protocol": {
 *     "name": "chat",
 *     "version": "1.2.0"
 *   },
 *   "expiresAt": "2026-01-31T09:30:00.000Z"
 * }
 */
export interface Authenticated {
  /** A user's id. */
  userId: UserId;
  /** A user, as other users see it. */
  user: User;
  /** The protocol that this server speaks. */
  protocol: AuthenticatedProtocol;
  /**
   * When the token expires, and the connection with it.
   * @since 1.2.0
   */
  expiresAt: Timestamp;
}

/** The protocol that this server speaks. */
export interface AuthenticatedProtocol {
  /**
   * The protocol's name.
   *
   * At most 64 characters.
   */
  name: string;
  /**
   * The protocol's version.
   *
   * At most 64 characters.
   */
  version: string;
}

/**
 * The payload of `join_channel`.
 * @example
 * {
 *   "channelId": "channel_123"
 * }
 */
export interface JoinChannel {
  /** A channel's id. */
  channelId: ChannelId;
  /**
   * The position that the client has reached. The server first sends every later event.
   * @since 1.2.0
   */
  since?: Position | null;
}

/**
 * The payload of `leave_channel`.
 * @example
 * {
 *   "channelId": "channel_123"
 * }
 */
export interface LeaveChannel {
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `joined_channel`.
 * @example
 * {
 *   "channelId": "channel_123",
 *   "position": {
 *     "epoch": "7c1f0f3a9d2e4b56",
 *     "seq": 41
 *   }
 * }
 */
export interface JoinedChannel {
  /** A channel's id. */
  channelId: ChannelId;
  /**
   * The position at which the socket joined. It receives every later event.
   * @since 1.2.0
   */
  position: Position;
}

/**
 * The payload of `caught_up`.
 * @example
 * {
 *   "channelId": "channel_123",
 *   "position": {
 *     "epoch": "7c1f0f3a9d2e4b56",
 *     "seq": 42
 *   }
 * }
 */
export interface CaughtUp {
  /** A channel's id. */
  channelId: ChannelId;
  /** The position up to which the client has every event. */
  position: Position;
}

/**
 * The payload of `left_channel`.
 * @example
 * {
 *   "channelId": "channel_123"
 * }
 */
export interface LeftChannel {
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `member_added`.
 * @example
 * {
 *   "channelId": "channel_123",
 *   "user": {
 *     "id": "carol",
 *     "name": "Carol",
 *     "image": null
 *   }
 * }
 */
export interface MemberAdded {
  /** A channel's id. */
  channelId: ChannelId;
  /** The new member. */
  user: User;
}

/**
 * The payload of `member_removed`.
 * @example
 * {
 *   "channelId": "channel_123",
 *   "userId": "carol"
 * }
 */
export interface MemberRemoved {
  /** A channel's id. */
  channelId: ChannelId;
  /** The former member's id. */
  userId: UserId;
}

/**
 * The payload of `members_changed`.
 * @example
 * {
 *   "channelId": "channel_123"
 * }
 */
export interface MembersChanged {
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `channel_added`.
 * @example
 * {
 *   "channel": {
 *     "id": "channel_123",
 *     "name": "general",
 *     "members": [
 *       {
 *         "id": "alice",
 *         "name": "Alice",
 *         "image": null
 *       }
 *     ],
 *     "memberCount": 1
 *   }
 * }
 */
export interface ChannelAdded {
  /** The channel, with its first 100 members. */
  channel: RoomInfo;
}

/**
 * The payload of `channel_removed`.
 * @example
 * {
 *   "channelId": "channel_123"
 * }
 */
export interface ChannelRemoved {
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `join_conversation`.
 * @example
 * {
 *   "conversationId": "conversation_123"
 * }
 */
export interface JoinConversation {
  /** A conversation's id. */
  conversationId: ConversationId;
  /**
   * The position that the client has reached. The server first sends every later event.
   * @since 1.2.0
   */
  since?: Position | null;
}

/**
 * The payload of `leave_conversation`.
 * @example
 * {
 *   "conversationId": "conversation_123"
 * }
 */
export interface LeaveConversation {
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `conversation_joined`.
 * @example
 * {
 *   "conversationId": "conversation_123",
 *   "position": {
 *     "epoch": "7c1f0f3a9d2e4b56",
 *     "seq": 41
 *   }
 * }
 */
export interface ConversationJoined {
  /** A conversation's id. */
  conversationId: ConversationId;
  /**
   * The position at which the socket joined. It receives every later event.
   * @since 1.2.0
   */
  position: Position;
}

/**
 * The payload of `conversation_caught_up`.
 * @example
 * {
 *   "conversationId": "conversation_123",
 *   "position": {
 *     "epoch": "7c1f0f3a9d2e4b56",
 *     "seq": 42
 *   }
 * }
 */
export interface ConversationCaughtUp {
  /** A conversation's id. */
  conversationId: ConversationId;
  /** The position up to which the client has every event. */
  position: Position;
}

/**
 * The payload of `conversation_left`.
 * @example
 * {
 *   "conversationId": "conversation_123"
 * }
 */
export interface ConversationLeft {
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `direct_member_added`.
 * @example
 * {
 *   "conversationId": "conversation_123",
 *   "user": {
 *     "id": "carol",
 *     "name": "Carol",
 *     "image": null
 *   }
 * }
 */
export interface DirectMemberAdded {
  /** A conversation's id. */
  conversationId: ConversationId;
  /** The new member. */
  user: User;
}

/**
 * The payload of `direct_member_removed`.
 * @example
 * {
 *   "conversationId": "conversation_123",
 *   "userId": "carol"
 * }
 */
export interface DirectMemberRemoved {
  /** A conversation's id. */
  conversationId: ConversationId;
  /** The former member's id. */
  userId: UserId;
}

/**
 * The payload of `direct_members_changed`.
 * @example
 * {
 *   "conversationId": "conversation_123"
 * }
 */
export interface DirectMembersChanged {
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `conversation_added`.
 * @example
 * {
 *   "conversation": {
 *     "id": "conversation_123",
 *     "name": null,
 *     "members": [
 *       {
 *         "id": "alice",
 *         "name": "Alice",
 *         "image": null
 *       }
 *     ],
 *     "memberCount": 1
 *   }
 * }
 */
export interface ConversationAdded {
  /** The conversation, with its first 100 members. */
  conversation: RoomInfo;
}

/**
 * The payload of `conversation_removed`.
 * @example
 * {
 *   "conversationId": "conversation_123"
 * }
 */
export interface ConversationRemoved {
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `send_message`.
 *
 * `content` must not be empty unless there are attachments.
 * @example
 * {
 *   "content": "Hello, world!",
 *   "channelId": "channel_123",
 *   "replyToId": "message_456",
 *   "attachments": [],
 *   "clientId": "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
 * }
 */
export interface SendMessage {
  /** The text. May be empty if there are attachments. */
  content: MessageText;
  /** A channel's id. */
  channelId: ChannelId;
  /** The message that this one replies to. */
  replyToId?: MessageId | null;
  /**
   * Uploads to send along.
   *
   * At most 10 items.
   */
  attachments?: AttachmentRef[] | null;
  /**
   * An id that the client chooses. If the client repeats the event with the same id, the message is sent only once.
   * @since 1.2.0
   */
  clientId?: ClientId | null;
}

/**
 * The payload of `edit_message`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "content": "Updated content",
 *   "channelId": "channel_123"
 * }
 */
export interface EditMessage {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** The new text of an edited message. It must have a visible character unless the message has attachments. */
  content: EditedText;
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `delete_message`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "channelId": "channel_123"
 * }
 */
export interface DeleteMessage {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `forward_message`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "channelId": "source_channel_123",
 *   "targetChannelId": "target_channel_456",
 *   "clientId": "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
 * }
 */
export interface ForwardMessage {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** The channel that the message is in. */
  channelId: ChannelId;
  /** The channel to forward it to. */
  targetChannelId: ChannelId;
  /**
   * An id that the client chooses. If the client repeats the event with the same id, the message is sent only once.
   * @since 1.2.0
   */
  clientId?: ClientId | null;
}

/**
 * The payload of `message_edited`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "content": "Updated content",
 *   "channelId": "channel_123",
 *   "updatedAt": "2026-01-31T09:31:00.000Z"
 * }
 */
export interface MessageEdited {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** A message's text, counted in Unicode code points. */
  content: MessageText;
  /** A channel's id. */
  channelId: ChannelId;
  /** A point in time, RFC 3339 in UTC with milliseconds. */
  updatedAt: Timestamp;
}

/**
 * The payload of `message_deleted`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "channelId": "channel_123"
 * }
 */
export interface MessageDeleted {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `message_forwarded`.
 * @example
 * {
 *   "originalMessage": {
 *     "id": "message_123",
 *     "content": "Hello, world!",
 *     "channelId": "source_channel_123",
 *     "userId": "alice",
 *     "createdAt": "2026-01-31T09:30:00.000Z",
 *     "updatedAt": "2026-01-31T09:30:00.000Z",
 *     "replyToId": null,
 *     "user": {
 *       "id": "alice",
 *       "name": "Alice",
 *       "image": null
 *     },
 *     "replyTo": null,
 *     "attachments": [],
 *     "reactions": [],
 *     "reactionCounts": [],
 *     "clientId": null
 *   },
 *   "targetChannelId": "target_channel_456",
 *   "message": {
 *     "id": "message_789",
 *     "content": "Hello, world!",
 *     "channelId": "target_channel_456",
 *     "userId": "bob",
 *     "createdAt": "2026-01-31T09:32:00.000Z",
 *     "updatedAt": "2026-01-31T09:32:00.000Z",
 *     "replyToId": null,
 *     "user": {
 *       "id": "bob",
 *       "name": "Bob",
 *       "image": null
 *     },
 *     "replyTo": null,
 *     "attachments": [],
 *     "reactions": [],
 *     "reactionCounts": [],
 *     "clientId": null
 *   },
 *   "forwardedBy": {
 *     "id": "bob",
 *     "name": "Bob",
 *     "image": null
 *   }
 * }
 */
export interface MessageForwarded {
  /** The message that was forwarded. */
  originalMessage: Message;
  /** A channel's id. */
  targetChannelId: ChannelId;
  /** The new message. */
  message: Message;
  /** A user, as other users see it. */
  forwardedBy: User;
}

/**
 * The payload of `send_direct_message`.
 *
 * `content` must not be empty unless there are attachments.
 * @example
 * {
 *   "content": "Hello, how are you?",
 *   "conversationId": "conversation_123",
 *   "replyToId": "message_456",
 *   "attachments": [],
 *   "clientId": "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
 * }
 */
export interface SendDirectMessage {
  /** The text. May be empty if there are attachments. */
  content: MessageText;
  /** A conversation's id. */
  conversationId: ConversationId;
  /** The message that this one replies to. */
  replyToId?: MessageId | null;
  /**
   * Uploads to send along.
   *
   * At most 10 items.
   */
  attachments?: AttachmentRef[] | null;
  /**
   * An id that the client chooses. If the client repeats the event with the same id, the message is sent only once.
   * @since 1.2.0
   */
  clientId?: ClientId | null;
}

/**
 * The payload of `edit_direct_message`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "content": "Updated content",
 *   "conversationId": "conversation_123"
 * }
 */
export interface EditDirectMessage {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** The new text of an edited message. It must have a visible character unless the message has attachments. */
  content: EditedText;
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `delete_direct_message`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "conversationId": "conversation_123"
 * }
 */
export interface DeleteDirectMessage {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `forward_to_direct`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "targetConversationId": "target_conversation_456",
 *   "clientId": "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
 * }
 */
export interface ForwardToDirect {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** The conversation to forward it to. */
  targetConversationId: ConversationId;
  /**
   * An id that the client chooses. If the client repeats the event with the same id, the message is sent only once.
   * @since 1.2.0
   */
  clientId?: ClientId | null;
}

/**
 * The payload of `direct_message_edited`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "content": "Updated content",
 *   "conversationId": "conversation_123",
 *   "updatedAt": "2026-01-31T09:31:00.000Z"
 * }
 */
export interface DirectMessageEdited {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** A message's text, counted in Unicode code points. */
  content: MessageText;
  /** A conversation's id. */
  conversationId: ConversationId;
  /** A point in time, RFC 3339 in UTC with milliseconds. */
  updatedAt: Timestamp;
}

/**
 * The payload of `direct_message_deleted`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "conversationId": "conversation_123"
 * }
 */
export interface DirectMessageDeleted {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `message_forwarded_to_direct`.
 * @example
 * {
 *   "originalMessage": {
 *     "id": "message_123",
 *     "content": "Hello, world!",
 *     "channelId": "source_channel_123",
 *     "conversationId": null,
 *     "userId": "alice",
 *     "createdAt": "2026-01-31T09:30:00.000Z",
 *     "updatedAt": "2026-01-31T09:30:00.000Z",
 *     "replyToId": null,
 *     "user": {
 *       "id": "alice",
 *       "name": "Alice",
 *       "image": null
 *     },
 *     "attachments": []
 *   },
 *   "targetConversationId": "target_conversation_456",
 *   "message": {
 *     "id": "message_789",
 *     "content": "Hello, world!",
 *     "conversationId": "target_conversation_456",
 *     "userId": "bob",
 *     "createdAt": "2026-01-31T09:32:00.000Z",
 *     "updatedAt": "2026-01-31T09:32:00.000Z",
 *     "replyToId": null,
 *     "user": {
 *       "id": "bob",
 *       "name": "Bob",
 *       "image": null
 *     },
 *     "replyTo": null,
 *     "attachments": [],
 *     "reactions": [],
 *     "reactionCounts": [],
 *     "clientId": null
 *   },
 *   "forwardedBy": {
 *     "id": "bob",
 *     "name": "Bob",
 *     "image": null
 *   }
 * }
 */
export interface MessageForwardedToDirect {
  /** A message that was forwarded, as it was in its channel or conversation. */
  originalMessage: OriginalMessage;
  /** A conversation's id. */
  targetConversationId: ConversationId;
  /** The new message. */
  message: DirectMessage;
  /** A user, as other users see it. */
  forwardedBy: User;
}

/**
 * The payload of `add_reaction`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "emoji": "👍",
 *   "channelId": "channel_123"
 * }
 */
export interface AddReaction {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** An emoji, or a short name of one. */
  emoji: Emoji;
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `remove_reaction`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "emoji": "👍",
 *   "channelId": "channel_123"
 * }
 */
export interface RemoveReaction {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** An emoji, or a short name of one. */
  emoji: Emoji;
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `add_direct_reaction`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "emoji": "👍",
 *   "conversationId": "conversation_123"
 * }
 */
export interface AddDirectReaction {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** An emoji, or a short name of one. */
  emoji: Emoji;
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `remove_direct_reaction`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "emoji": "👍",
 *   "conversationId": "conversation_123"
 * }
 */
export interface RemoveDirectReaction {
  /** A message's id. Ids sort by creation time. */
  messageId: MessageId;
  /** An emoji, or a short name of one. */
  emoji: Emoji;
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `typing_start`.
 * @example
 * {
 *   "channelId": "channel_123"
 * }
 */
export interface TypingStart {
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `typing_stop`.
 * @example
 * {
 *   "channelId": "channel_123"
 * }
 */
export interface TypingStop {
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `direct_typing_start`.
 * @example
 * {
 *   "conversationId": "conversation_123"
 * }
 */
export interface DirectTypingStart {
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `direct_typing_stop`.
 * @example
 * {
 *   "conversationId": "conversation_123"
 * }
 */
export interface DirectTypingStop {
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `typing_started`.
 * @example
 * {
 *   "channelId": "channel_123",
 *   "userId": "alice"
 * }
 */
export interface TypingStarted {
  /** A channel's id. */
  channelId: ChannelId;
  /** The user who is typing or has stopped. */
  userId: UserId;
}

/**
 * The payload of `typing_stopped`.
 * @example
 * {
 *   "channelId": "channel_123",
 *   "userId": "alice"
 * }
 */
export interface TypingStopped {
  /** A channel's id. */
  channelId: ChannelId;
  /** The user who is typing or has stopped. */
  userId: UserId;
}

/**
 * The payload of `direct_typing_started`.
 * @example
 * {
 *   "conversationId": "conversation_123",
 *   "userId": "alice"
 * }
 */
export interface DirectTypingStarted {
  /** A conversation's id. */
  conversationId: ConversationId;
  /** The user who is typing or has stopped. */
  userId: UserId;
}

/**
 * The payload of `direct_typing_stopped`.
 * @example
 * {
 *   "conversationId": "conversation_123",
 *   "userId": "alice"
 * }
 */
export interface DirectTypingStopped {
  /** A conversation's id. */
  conversationId: ConversationId;
  /** The user who is typing or has stopped. */
  userId: UserId;
}

/**
 * The payload of `mark_read`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "channelId": "channel_123"
 * }
 */
export interface MarkRead {
  /** The last message that was read. */
  messageId: MessageId;
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The payload of `mark_direct_read`.
 * @example
 * {
 *   "messageId": "message_123",
 *   "conversationId": "conversation_123"
 * }
 */
export interface MarkDirectRead {
  /** The last message that was read. */
  messageId: MessageId;
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The payload of `message_read`.
 * @example
 * {
 *   "channelId": "channel_123",
 *   "userId": "bob",
 *   "messageId": "message_123",
 *   "readAt": "2026-01-31T09:33:00.000Z"
 * }
 */
export interface MessageRead {
  /** A channel's id. */
  channelId: ChannelId;
  /** The reader's id. */
  userId: UserId;
  /** The last message that was read. */
  messageId: MessageId;
  /** When it was read. */
  readAt: Timestamp;
}

/**
 * The payload of `direct_message_read`.
 * @example
 * {
 *   "conversationId": "conversation_123",
 *   "userId": "bob",
 *   "messageId": "message_123",
 *   "readAt": "2026-01-31T09:33:00.000Z"
 * }
 */
export interface DirectMessageRead {
  /** A conversation's id. */
  conversationId: ConversationId;
  /** The reader's id. */
  userId: UserId;
  /** The last message that was read. */
  messageId: MessageId;
  /** When it was read. */
  readAt: Timestamp;
}

/**
 * The payload of `watch_presence`.
 * @example
 * {
 *   "userId": "alice"
 * }
 */
export interface WatchPresence {
  /** A user's id. */
  userId: UserId;
}

/**
 * The payload of `unwatch_presence`.
 * @example
 * {
 *   "userId": "alice"
 * }
 */
export interface UnwatchPresence {
  /** A user's id. */
  userId: UserId;
}

/**
 * The payload of `get_presence`.
 * @example
 * {
 *   "userId": "alice"
 * }
 */
export interface GetPresence {
  /** A user's id. */
  userId: UserId;
}

/**
 * The payload of `presence_watched`.
 * @example
 * {
 *   "userId": "alice"
 * }
 */
export interface PresenceWatched {
  /** A user's id. */
  userId: UserId;
}

/**
 * The payload of `presence_unwatched`.
 * @example
 * {
 *   "userId": "alice"
 * }
 */
export interface PresenceUnwatched {
  /** A user's id. */
  userId: UserId;
}

/**
 * The payload of `pong`.
 * @example
 * {
 *   "timestamp": 1769851800000
 * }
 */
export interface Pong {
  /**
   * The server's clock, in milliseconds since 1970-01-01T00:00:00Z.
   *
   * At least 0.
   */
  timestamp: number;
}

/**
 * The input of `list_messages`.
 * @example
 * {
 *   "channelId": "channel_123",
 *   "limit": 50
 * }
 */
export interface ListMessages {
  /** A channel's id. */
  channelId: ChannelId;
  /** The number of a page, from 1. */
  page?: Page | null;
  /** The number of items of a page; 50 by default. */
  limit?: PageSize | null;
  /** The place at which to continue a list; a `nextCursor` from the server. */
  before?: Cursor | null;
}

/**
 * The input of `list_direct_messages`.
 * @example
 * {
 *   "conversationId": "conversation_123",
 *   "limit": 50
 * }
 */
export interface ListDirectMessages {
  /** A conversation's id. */
  conversationId: ConversationId;
  /** The number of a page, from 1. */
  page?: Page | null;
  /** The number of items of a page; 50 by default. */
  limit?: PageSize | null;
  /** The place at which to continue a list; a `nextCursor` from the server. */
  before?: Cursor | null;
}

/**
 * The input of `list_receipts`.
 * @example
 * {
 *   "channelId": "channel_123"
 * }
 */
export interface ListReceipts {
  /** A channel's id. */
  channelId: ChannelId;
}

/**
 * The input of `list_direct_receipts`.
 * @example
 * {
 *   "conversationId": "conversation_123"
 * }
 */
export interface ListDirectReceipts {
  /** A conversation's id. */
  conversationId: ConversationId;
}

/**
 * The input of `download_file`.
 * @example
 * {
 *   "filename": "7f9c24e8a1b04c5d.png"
 * }
 */
export interface DownloadFile {
  /**
   * The file's name on the server.
   *
   * 1 to 255 characters.
   */
  filename: string;
}

/**
 * The input of `list_channels`.
 * @example
 * {
 *   "limit": 100
 * }
 */
export interface ListChannels {
  /**
   * The number of rooms of a page; 100 by default.
   * @since 1.2.0
   */
  limit?: RoomPageSize | null;
  /**
   * The place at which to continue a list of rooms; a `nextCursor` from the server.
   * @since 1.2.0
   */
  before?: RoomCursor | null;
}

/** Optional fields of the answer of `list_channels`, next to its data. */
export interface ListChannelsBeside {
  /**
   * The value of `before` for the next page; `null` on the last page.
   *
   * At most 1024 characters.
   * @since 1.2.0
   */
  nextCursor: string | null;
}

/**
 * The input of `list_conversations`.
 * @example
 * {
 *   "limit": 100
 * }
 */
export interface ListConversations {
  /**
   * The number of rooms of a page; 100 by default.
   * @since 1.2.0
   */
  limit?: RoomPageSize | null;
  /**
   * The place at which to continue a list of rooms; a `nextCursor` from the server.
   * @since 1.2.0
   */
  before?: RoomCursor | null;
}

/** Optional fields of the answer of `list_conversations`, next to its data. */
export interface ListConversationsBeside {
  /**
   * The value of `before` for the next page; `null` on the last page.
   *
   * At most 1024 characters.
   * @since 1.2.0
   */
  nextCursor: string | null;
}

/**
 * The input of `put_channel`.
 * @example
 * {
 *   "id": "general",
 *   "name": "general",
 *   "members": [
 *     "alice",
 *     "bob"
 *   ]
 * }
 */
export interface PutChannel {
  /** A channel's id. */
  id: ChannelId;
  /**
   * The channel's name.
   *
   * 1 to 200 characters; must not contain control characters.
   */
  name: string;
  /**
   * Its members; all must exist.
   *
   * At most 10000 items.
   */
  members: UserId[];
}

/** The input of `put_channel_member`. */
export interface PutChannelMember {
  /** A channel's id. */
  id: ChannelId;
  /** A user's id. */
  userId: UserId;
}

/** The input of `delete_channel_member`. */
export interface DeleteChannelMember {
  /** A channel's id. */
  id: ChannelId;
  /** A user's id. */
  userId: UserId;
}

/**
 * The input of `put_conversation`.
 * @example
 * {
 *   "id": "conversation_123",
 *   "members": [
 *     "alice",
 *     "bob"
 *   ]
 * }
 */
export interface PutConversation {
  /** A conversation's id. */
  id: ConversationId;
  /**
   * Its members; all must exist.
   *
   * At most 10000 items.
   */
  members: UserId[];
}

/** The input of `put_conversation_member`. */
export interface PutConversationMember {
  /** A conversation's id. */
  id: ConversationId;
  /** A user's id. */
  userId: UserId;
}

/** The input of `delete_conversation_member`. */
export interface DeleteConversationMember {
  /** A conversation's id. */
  id: ConversationId;
  /** A user's id. */
  userId: UserId;
}

/**
 * The input of `put_user`.
 * @example
 * {
 *   "id": "alice",
 *   "name": "Alice",
 *   "email": "alice@example.com",
 *   "image": null
 * }
 */
export interface PutUser {
  /** A user's id. */
  id: UserId;
  /**
   * The display name.
   *
   * 1 to 200 characters; must not contain control characters.
   */
  name: string;
  /**
   * The e-mail address.
   *
   * At most 320 characters; must not contain control characters.
   */
  email?: string | null;
  /**
   * The URL of a picture.
   *
   * At most 2048 characters; must not contain control characters.
   */
  image?: string | null;
}

/**
 * The input of `revoke_user`.
 * @example
 * {
 *   "id": "alice"
 * }
 */
export interface RevokeUser {
  /** A user's id. */
  id: UserId;
}

/** The codes that distinguish failures. */
export type ErrorCode = 'version_not_served' | 'auth_required' | 'auth_failed' | 'token_expired' | 'access_denied' | 'invalid_payload' | 'unknown_event' | 'not_found' | 'forbidden' | 'reply_not_found' | 'invalid_attachment' | 'too_many_reactions' | 'position_lost' | 'idempotency_conflict' | 'too_large' | 'unsupported_type' | 'quota_exceeded' | 'unavailable' | 'rate_limited' | 'internal';

/** Why something failed. */
export type ProtocolError<Code extends string = ErrorCode> = Error & { code: Code };

/** The error codes of each client event. */
export interface EventErrors {
  authenticate: 'auth_failed' | 'invalid_payload' | 'rate_limited' | 'internal';
  join_channel: 'access_denied' | 'invalid_payload' | 'position_lost' | 'rate_limited' | 'internal';
  leave_channel: 'access_denied' | 'invalid_payload' | 'rate_limited' | 'internal';
  join_conversation: 'access_denied' | 'invalid_payload' | 'position_lost' | 'rate_limited' | 'internal';
  leave_conversation: 'access_denied' | 'invalid_payload' | 'rate_limited' | 'internal';
  send_message: 'access_denied' | 'invalid_payload' | 'reply_not_found' | 'invalid_attachment' | 'idempotency_conflict' | 'rate_limited' | 'internal';
  edit_message: 'access_denied' | 'invalid_payload' | 'not_found' | 'forbidden' | 'rate_limited' | 'internal';
  delete_message: 'access_denied' | 'invalid_payload' | 'not_found' | 'forbidden' | 'rate_limited' | 'internal';
  forward_message: 'access_denied' | 'invalid_payload' | 'not_found' | 'idempotency_conflict' | 'rate_limited' | 'internal';
  send_direct_message: 'access_denied' | 'invalid_payload' | 'reply_not_found' | 'invalid_attachment' | 'idempotency_conflict' | 'rate_limited' | 'internal';
  edit_direct_message: 'access_denied' | 'invalid_payload' | 'not_found' | 'forbidden' | 'rate_limited' | 'internal';
  delete_direct_message: 'access_denied' | 'invalid_payload' | 'not_found' | 'forbidden' | 'rate_limited' | 'internal';
  forward_to_direct: 'access_denied' | 'invalid_payload' | 'not_found' | 'idempotency_conflict' | 'rate_limited' | 'internal';
  add_reaction: 'access_denied' | 'invalid_payload' | 'not_found' | 'too_many_reactions' | 'rate_limited' | 'internal';
  remove_reaction: 'access_denied' | 'invalid_payload' | 'not_found' | 'rate_limited' | 'internal';
  add_direct_reaction: 'access_denied' | 'invalid_payload' | 'not_found' | 'too_many_reactions' | 'rate_limited' | 'internal';
  remove_direct_reaction: 'access_denied' | 'invalid_payload' | 'not_found' | 'rate_limited' | 'internal';
  typing_start: 'access_denied' | 'invalid_payload' | 'rate_limited' | 'internal';
  typing_stop: 'access_denied' | 'invalid_payload' | 'rate_limited' | 'internal';
  direct_typing_start: 'access_denied' | 'invalid_payload' | 'rate_limited' | 'internal';
  direct_typing_stop: 'access_denied' | 'invalid_payload' | 'rate_limited' | 'internal';
  mark_read: 'access_denied' | 'invalid_payload' | 'not_found' | 'rate_limited' | 'internal';
  mark_direct_read: 'access_denied' | 'invalid_payload' | 'not_found' | 'rate_limited' | 'internal';
  watch_presence: 'access_denied' | 'invalid_payload' | 'rate_limited' | 'internal';
  unwatch_presence: 'access_denied' | 'invalid_payload' | 'rate_limited' | 'internal';
  get_presence: 'access_denied' | 'invalid_payload' | 'rate_limited' | 'internal';
  ping: 'rate_limited' | 'internal';
}

/** The acknowledgement of an event. */
export type Answer<Data, Code extends string = ErrorCode> =
  | { ok: true; data: Data }
  | { ok: false; error: ProtocolError<Code> };

/** The events that the server sends. */
export interface ServerToClientEvents {
  /**
   * The handshake succeeded, and events may be sent.
   * @since 1.0.0
   */
  authenticated: (payload: Authenticated) => void;
  /**
   * An event of this socket failed that did not ask for an acknowledgement.
   * @since 1.0.0
   */
  error: (error: ProtocolError) => void;
  /**
   * This socket joined a channel's room.
   * @since 1.0.0
   */
  joined_channel: (payload: JoinedChannel) => void;
  /**
   * This socket has received every event that it missed in a channel's room. Events after this one are new.
   *
   * Ends the replay of a channel's log: `position` is the place that this socket has reached.
   * @since 1.2.0
   */
  caught_up: (payload: CaughtUp) => void;
  /**
   * This socket left a channel's room.
   * @since 1.0.0
   */
  left_channel: (payload: LeftChannel) => void;
  /**
   * A user became a member of a channel that this socket has joined.
   *
   * An entry of the channel's log: `seq` is its number there.
   * @since 1.2.0
   */
  member_added: (payload: MemberAdded & { seq: number }) => void;
  /**
   * A user stopped being a member of a channel that this socket has joined. The user's own sockets have left its room.
   *
   * An entry of the channel's log: `seq` is its number there.
   *
   * The sockets of the user whom `userId` names leave the room first, and do not receive it.
   * @since 1.2.0
   */
  member_removed: (payload: MemberRemoved & { seq: number }) => void;
  /**
   * More than 100 users became members of a channel that this socket has joined, or stopped being members, at once.
   *
   * An entry of the channel's log: `seq` is its number there.
   *
   * The sockets of users who are no longer members leave the room first, and do not receive it.
   * @since 1.2.0
   */
  members_changed: (payload: MembersChanged & { seq: number }) => void;
  /**
   * This user became a member of a channel. `GET /api/channels` lists all of them.
   *
   * The server may send it to all sockets of a user at any time.
   * @since 1.2.0
   */
  channel_added: (payload: ChannelAdded) => void;
  /**
   * This user stopped being a member of a channel.
   *
   * The server may send it to all sockets of a user at any time.
   * @since 1.2.0
   */
  channel_removed: (payload: ChannelRemoved) => void;
  /**
   * This socket joined a conversation's room.
   * @since 1.0.0
   */
  conversation_joined: (payload: ConversationJoined) => void;
  /**
   * This socket has received every event that it missed in a conversation's room. Events after this one are new.
   *
   * Ends the replay of a conversation's log: `position` is the place that this socket has reached.
   * @since 1.2.0
   */
  conversation_caught_up: (payload: ConversationCaughtUp) => void;
  /**
   * This socket left a conversation's room.
   * @since 1.0.0
   */
  conversation_left: (payload: ConversationLeft) => void;
  /**
   * A user became a member of a conversation that this socket has joined.
   *
   * An entry of the conversation's log: `seq` is its number there.
   * @since 1.2.0
   */
  direct_member_added: (payload: DirectMemberAdded & { seq: number }) => void;
  /**
   * A user stopped being a member of a conversation that this socket has joined. The user's own sockets have left its room.
   *
   * An entry of the conversation's log: `seq` is its number there.
   *
   * The sockets of the user whom `userId` names leave the room first, and do not receive it.
   * @since 1.2.0
   */
  direct_member_removed: (payload: DirectMemberRemoved & { seq: number }) => void;
  /**
   * More than 100 users became members of a conversation that this socket has joined, or stopped being members, at once.
   *
   * An entry of the conversation's log: `seq` is its number there.
   *
   * The sockets of users who are no longer members leave the room first, and do not receive it.
   * @since 1.2.0
   */
  direct_members_changed: (payload: DirectMembersChanged & { seq: number }) => void;
  /**
   * This user became a member of a conversation. `GET /api/conversations` lists all of them.
   *
   * The server may send it to all sockets of a user at any time.
   * @since 1.2.0
   */
  conversation_added: (payload: ConversationAdded) => void;
  /**
   * This user stopped being a member of a conversation.
   *
   * The server may send it to all sockets of a user at any time.
   * @since 1.2.0
   */
  conversation_removed: (payload: ConversationRemoved) => void;
  /**
   * A message was sent to a channel that this socket has joined.
   *
   * An entry of the channel's log: `seq` is its number there.
   * @since 1.0.0
   */
  new_message: (payload: Message & { seq: number }) => void;
  /**
   * A message was edited in a channel that this socket has joined.
   *
   * An entry of the channel's log: `seq` is its number there.
   * @since 1.0.0
   */
  message_edited: (payload: MessageEdited & { seq: number }) => void;
  /**
   * A message was deleted in a channel that this socket has joined.
   *
   * An entry of the channel's log: `seq` is its number there.
   * @since 1.0.0
   */
  message_deleted: (payload: MessageDeleted & { seq: number }) => void;
  /**
   * A message was forwarded to a channel that this socket has joined. No `new_message` is sent for it.
   *
   * An entry of the channel's log: `seq` is its number there.
   * @since 1.0.0
   */
  message_forwarded: (payload: MessageForwarded & { seq: number }) => void;
  /**
   * A message was sent to a conversation that this socket has joined.
   *
   * An entry of the conversation's log: `seq` is its number there.
   * @since 1.0.0
   */
  new_direct_message: (payload: DirectMessage & { seq: number }) => void;
  /**
   * A message was edited in a conversation that this socket has joined.
   *
   * An entry of the conversation's log: `seq` is its number there.
   * @since 1.0.0
   */
  direct_message_edited: (payload: DirectMessageEdited & { seq: number }) => void;
  /**
   * A message was deleted in a conversation that this socket has joined.
   *
   * An entry of the conversation's log: `seq` is its number there.
   * @since 1.0.0
   */
  direct_message_deleted: (payload: DirectMessageDeleted & { seq: number }) => void;
  /**
   * A message was forwarded to a conversation that this socket has joined. No `new_direct_message` is sent for it.
   *
   * An entry of the conversation's log: `seq` is its number there.
   * @since 1.1.0
   */
  message_forwarded_to_direct: (payload: MessageForwardedToDirect & { seq: number }) => void;
  /**
   * Somebody reacted to a message in a channel that this socket has joined.
   *
   * An entry of the channel's log: `seq` is its number there.
   * @since 1.0.0
   */
  reaction_added: (payload: Reaction & { seq: number }) => void;
  /**
   * Somebody took back a reaction in a channel that this socket has joined.
   *
   * An entry of the channel's log: `seq` is its number there.
   * @since 1.0.0
   */
  reaction_removed: (payload: ReactionRef & { seq: number }) => void;
  /**
   * Somebody reacted to a message in a conversation that this socket has joined.
   *
   * An entry of the conversation's log: `seq` is its number there.
   * @since 1.0.0
   */
  direct_reaction_added: (payload: Reaction & { seq: number }) => void;
  /**
   * Somebody took back a reaction in a conversation that this socket has joined.
   *
   * An entry of the conversation's log: `seq` is its number there.
   * @since 1.0.0
   */
  direct_reaction_removed: (payload: ReactionRef & { seq: number }) => void;
  /**
   * Somebody is typing in a channel that this socket has joined.
   * @since 1.1.0
   */
  typing_started: (payload: TypingStarted) => void;
  /**
   * Somebody is no longer typing in a channel that this socket has joined.
   * @since 1.1.0
   */
  typing_stopped: (payload: TypingStopped) => void;
  /**
   * Somebody is typing in a conversation that this socket has joined.
   * @since 1.1.0
   */
  direct_typing_started: (payload: DirectTypingStarted) => void;
  /**
   * Somebody is no longer typing in a conversation that this socket has joined.
   * @since 1.1.0
   */
  direct_typing_stopped: (payload: DirectTypingStopped) => void;
  /**
   * A member has read further in a channel that this socket has joined.
   * @since 1.1.0
   */
  message_read: (payload: MessageRead) => void;
  /**
   * A participant has read further in a conversation that this socket has joined.
   * @since 1.1.0
   */
  direct_message_read: (payload: DirectMessageRead) => void;
  /**
   * This socket started watching a user's presence.
   * @since 1.1.0
   */
  presence_watched: (payload: PresenceWatched) => void;
  /**
   * This socket stopped watching a user's presence.
   * @since 1.1.0
   */
  presence_unwatched: (payload: PresenceUnwatched) => void;
  /**
   * A user whose presence this socket watches came online or went offline.
   * @since 1.1.0
   */
  presence_changed: (payload: UserPresence) => void;
  /**
   * The server answers.
   * @since 1.0.0
   */
  pong: (payload: Pong) => void;
}

/**
 * The events that clients send. The last argument is the acknowledgement: required here, because `emitWithAck` of
 * socket.io-client derives its types from it. A `ClientSocket` also emits without one.
 */
export interface ClientToServerEvents {
  /**
   * Renew the connection with a new token of the same user, before the current one expires.
   *
   * The connection stays open until the new token expires, and `authenticated` is not emitted again. An invalid token, or another user's, changes nothing. The user's name is updated by the next connection.
   * @since 1.2.0
   */
  authenticate: (payload: Authenticate, ack: (answer: Answer<Renewal, EventErrors['authenticate']>) => void) => void;
  /**
   * Join a channel's room, to get its events.
   *
   * Leads to `joined_channel`, to this socket.
   *
   * With `since`, the server first sends every later entry of the room's log, in order.
   * @since 1.0.0
   */
  join_channel: (payload: JoinChannel, ack: (answer: Answer<JoinedChannel, EventErrors['join_channel']>) => void) => void;
  /**
   * Leave a channel's room. The membership stays.
   *
   * Leads to `left_channel`, to this socket.
   * @since 1.0.0
   */
  leave_channel: (payload: LeaveChannel, ack: (answer: Answer<LeftChannel, EventErrors['leave_channel']>) => void) => void;
  /**
   * Join a conversation's room, to get its events.
   *
   * Leads to `conversation_joined`, to this socket.
   *
   * With `since`, the server first sends every later entry of the room's log, in order.
   * @since 1.0.0
   */
  join_conversation: (payload: JoinConversation, ack: (answer: Answer<ConversationJoined, EventErrors['join_conversation']>) => void) => void;
  /**
   * Leave a conversation's room. The membership stays.
   *
   * Leads to `conversation_left`, to this socket.
   * @since 1.0.0
   */
  leave_conversation: (payload: LeaveConversation, ack: (answer: Answer<ConversationLeft, EventErrors['leave_conversation']>) => void) => void;
  /**
   * Send a message to a channel.
   *
   * Leads to `new_message`, to all who have joined the channel.
   *
   * If the client repeats it with the same `clientId` and the same content, the server gives the same answer and does nothing twice.
   * @since 1.0.0
   */
  send_message: (payload: SendMessage, ack: (answer: Answer<Message & { seq: number }, EventErrors['send_message']>) => void) => void;
  /**
   * Edit the text of one's own message.
   *
   * The new text may be empty if the message has attachments.
   *
   * Leads to `message_edited`, to all who have joined the channel.
   * @since 1.0.0
   */
  edit_message: (payload: EditMessage, ack: (answer: Answer<MessageEdited & { seq: number }, EventErrors['edit_message']>) => void) => void;
  /**
   * Delete one's own message.
   *
   * Leads to `message_deleted`, to all who have joined the channel.
   * @since 1.0.0
   */
  delete_message: (payload: DeleteMessage, ack: (answer: Answer<MessageDeleted & { seq: number }, EventErrors['delete_message']>) => void) => void;
  /**
   * Forward a message from one channel to another, as one's own new message.
   *
   * Leads to `message_forwarded`, to all who have joined the channel of `targetChannelId`.
   *
   * If the client repeats it with the same `clientId` and the same content, the server gives the same answer and does nothing twice.
   * @since 1.0.0
   */
  forward_message: (payload: ForwardMessage, ack: (answer: Answer<Message & { seq: number }, EventErrors['forward_message']>) => void) => void;
  /**
   * Send a message to a conversation.
   *
   * Leads to `new_direct_message`, to all who have joined the conversation.
   *
   * If the client repeats it with the same `clientId` and the same content, the server gives the same answer and does nothing twice.
   * @since 1.0.0
   */
  send_direct_message: (payload: SendDirectMessage, ack: (answer: Answer<DirectMessage & { seq: number }, EventErrors['send_direct_message']>) => void) => void;
  /**
   * Edit the text of one's own message.
   *
   * The new text may be empty if the message has attachments.
   *
   * Leads to `direct_message_edited`, to all who have joined the conversation.
   * @since 1.0.0
   */
  edit_direct_message: (payload: EditDirectMessage, ack: (answer: Answer<DirectMessageEdited & { seq: number }, EventErrors['edit_direct_message']>) => void) => void;
  /**
   * Delete one's own message.
   *
   * Leads to `direct_message_deleted`, to all who have joined the conversation.
   * @since 1.0.0
   */
  delete_direct_message: (payload: DeleteDirectMessage, ack: (answer: Answer<DirectMessageDeleted & { seq: number }, EventErrors['delete_direct_message']>) => void) => void;
  /**
   * Forward a message to a conversation, as one's own new message.
   *
   * The message may be in any of the caller's channels and conversations.
   *
   * Leads to `message_forwarded_to_direct`, to all who have joined the conversation of `targetConversationId`.
   *
   * If the client repeats it with the same `clientId` and the same content, the server gives the same answer and does nothing twice.
   * @since 1.1.0
   */
  forward_to_direct: (payload: ForwardToDirect, ack: (answer: Answer<DirectMessage & { seq: number }, EventErrors['forward_to_direct']>) => void) => void;
  /**
   * React to a message in a channel.
   *
   * Adding the same emoji again returns the existing reaction, and emits nothing. Emoji that differ only in the variation selectors U+FE0E and U+FE0F are the same. A user may add at most 20 different emoji to a message, and a message may have at most 50.
   *
   * Leads to `reaction_added`, to all who have joined the channel.
   * @since 1.0.0
   */
  add_reaction: (payload: AddReaction, ack: (answer: Answer<Reaction & { seq: number }, EventErrors['add_reaction']>) => void) => void;
  /**
   * Remove one's own reaction from a message in a channel.
   *
   * Leads to `reaction_removed`, to all who have joined the channel.
   * @since 1.0.0
   */
  remove_reaction: (payload: RemoveReaction, ack: (answer: Answer<ReactionRef & { seq: number }, EventErrors['remove_reaction']>) => void) => void;
  /**
   * React to a message in a conversation.
   *
   * Adding the same emoji again returns the existing reaction, and emits nothing. Emoji that differ only in the variation selectors U+FE0E and U+FE0F are the same. A user may add at most 20 different emoji to a message, and a message may have at most 50.
   *
   * Leads to `direct_reaction_added`, to all who have joined the conversation.
   * @since 1.0.0
   */
  add_direct_reaction: (payload: AddDirectReaction, ack: (answer: Answer<Reaction & { seq: number }, EventErrors['add_direct_reaction']>) => void) => void;
  /**
   * Remove one's own reaction from a message in a conversation.
   *
   * Leads to `direct_reaction_removed`, to all who have joined the conversation.
   * @since 1.0.0
   */
  remove_direct_reaction: (payload: RemoveDirectReaction, ack: (answer: Answer<ReactionRef & { seq: number }, EventErrors['remove_direct_reaction']>) => void) => void;
  /**
   * Tell the others in a channel that the caller is typing.
   *
   * Leads to `typing_started`, to all others who have joined the channel.
   * @since 1.1.0
   */
  typing_start: (payload: TypingStart, ack: (answer: Answer<TypingStarted, EventErrors['typing_start']>) => void) => void;
  /**
   * Tell the others in a channel that the caller is no longer typing.
   *
   * Leads to `typing_stopped`, to all others who have joined the channel.
   * @since 1.1.0
   */
  typing_stop: (payload: TypingStop, ack: (answer: Answer<TypingStopped, EventErrors['typing_stop']>) => void) => void;
  /**
   * Tell the others in a conversation that the caller is typing.
   *
   * Leads to `direct_typing_started`, to all others who have joined the conversation.
   * @since 1.1.0
   */
  direct_typing_start: (payload: DirectTypingStart, ack: (answer: Answer<DirectTypingStarted, EventErrors['direct_typing_start']>) => void) => void;
  /**
   * Tell the others in a conversation that the caller is no longer typing.
   *
   * Leads to `direct_typing_stopped`, to all others who have joined the conversation.
   * @since 1.1.0
   */
  direct_typing_stop: (payload: DirectTypingStop, ack: (answer: Answer<DirectTypingStopped, EventErrors['direct_typing_stop']>) => void) => void;
  /**
   * Say how far the caller has read a channel.
   *
   * A receipt covers a message and all earlier ones, and never goes back. The server sends no event for a receipt that goes no further than the previous one.
   *
   * Leads to `message_read`, to all others who have joined the channel.
   * @since 1.1.0
   */
  mark_read: (payload: MarkRead, ack: (answer: Answer<ReadReceipt, EventErrors['mark_read']>) => void) => void;
  /**
   * Say how far the caller has read a conversation.
   *
   * A receipt covers a message and all earlier ones, and never goes back. The server sends no event for a receipt that goes no further than the previous one.
   *
   * Leads to `direct_message_read`, to all others who have joined the conversation.
   * @since 1.1.0
   */
  mark_direct_read: (payload: MarkDirectRead, ack: (answer: Answer<ReadReceipt, EventErrors['mark_direct_read']>) => void) => void;
  /**
   * Watch a user's presence, to receive its changes.
   *
   * Leads to `presence_watched`, to this socket.
   * @since 1.1.0
   */
  watch_presence: (payload: WatchPresence, ack: (answer: Answer<PresenceWatched, EventErrors['watch_presence']>) => void) => void;
  /**
   * Stop watching a user's presence.
   *
   * Leads to `presence_unwatched`, to this socket.
   * @since 1.1.0
   */
  unwatch_presence: (payload: UnwatchPresence, ack: (answer: Answer<PresenceUnwatched, EventErrors['unwatch_presence']>) => void) => void;
  /**
   * Ask whether a user is online.
   * @since 1.1.0
   */
  get_presence: (payload: GetPresence, ack: (answer: Answer<UserPresence, EventErrors['get_presence']>) => void) => void;
  /**
   * Ask for the server's time.
   *
   * Leads to `pong`, to this socket.
   * @since 1.0.0
   */
  ping: (ack: (answer: Answer<Pong, EventErrors['ping']>) => void) => void;
}

/** The arguments of a client event, without its acknowledgement. */
export type EventArguments<Event extends keyof ClientToServerEvents> =
  Parameters<ClientToServerEvents[Event]> extends [...infer Given, unknown] ? Given : never;

/** The acknowledgement of a client event. */
export type EventAnswer<Event extends keyof ClientToServerEvents> =
  Parameters<ClientToServerEvents[Event]> extends [...unknown[], (answer: infer Given) => void] ? Given : never;

/** The events of a socket's own connection. */
export interface ConnectionEvents {
  connect: () => void;
  /** The socket could not connect. If it is not `active` now, the server has refused it. */
  connect_error: (error: globalThis.Error & { data?: any }) => void;
  disconnect: (
    reason:
      | 'io server disconnect' | 'io client disconnect' | 'forced close'
      | 'ping timeout' | 'transport close' | 'transport error' | 'parse error',
  ) => void;
}

/**
 * A socket of the protocol: the part that `io` of socket.io-client and of this package's `client` have in common. Without an
 * acknowledgement, a failure is the event that `ServerToClientEvents` has for it.
 *
 * @example
 * const socket: ClientSocket = io(url, {
 *   // Called at each attempt to connect: a token expires.
 *   auth: (give) => fetchToken().then((token) => give({ token, protocol: PROTOCOL.version })),
 * });
 */
export interface ClientSocket {
  /** The id of the connection: a new one each time. */
  readonly id: string | undefined;
  readonly connected: boolean;
  readonly disconnected: boolean;
  /** Whether the socket is connected, or will reconnect by itself. */
  readonly active: boolean;
  auth: Record<string, any> | ((give: (auth: object) => void) => void);
  /** The underlying connection, with its attempts to reconnect. */
  readonly io: ClientConnection;

  connect(): this;
  open(): this;
  disconnect(): this;
  close(): this;

  on(event: 'connect', listener: ConnectionEvents['connect']): this;
  on(event: 'connect_error', listener: ConnectionEvents['connect_error']): this;
  on(event: 'disconnect', listener: ConnectionEvents['disconnect']): this;
  on<Event extends keyof ServerToClientEvents>(event: Event, listener: ServerToClientEvents[Event]): this;
  once(event: 'connect', listener: ConnectionEvents['connect']): this;
  once(event: 'connect_error', listener: ConnectionEvents['connect_error']): this;
  once(event: 'disconnect', listener: ConnectionEvents['disconnect']): this;
  once<Event extends keyof ServerToClientEvents>(event: Event, listener: ServerToClientEvents[Event]): this;
  off(event?: keyof (ServerToClientEvents & ConnectionEvents), listener?: (...args: any[]) => void): this;
  listeners(event: keyof (ServerToClientEvents & ConnectionEvents)): ((...args: any[]) => void)[];
  hasListeners(event: keyof (ServerToClientEvents & ConnectionEvents)): boolean;

  onAny(listener: (...args: any[]) => void): this;
  offAny(listener?: (...args: any[]) => void): this;
  onAnyOutgoing(listener: (...args: any[]) => void): this;
  offAnyOutgoing(listener?: (...args: any[]) => void): this;

  emit<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: Parameters<ClientToServerEvents[Event]> | EventArguments<Event>
  ): this;
  emitWithAck<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: EventArguments<Event>
  ): Promise<EventAnswer<Event>>;

  /** Events emitted on this are dropped while there is no connection. */
  readonly volatile: this;
  /** Events emitted on this fail if they are not acknowledged within this many milliseconds. */
  timeout(milliseconds: number): TimedSocket;
}

/** A `ClientSocket` that waits this long for acknowledgements. */
export interface TimedSocket {
  emit<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: [...EventArguments<Event>, (error: globalThis.Error | null, answer: EventAnswer<Event>) => void]
  ): unknown;
  emitWithAck<Event extends keyof ClientToServerEvents>(
    event: Event,
    ...args: EventArguments<Event>
  ): Promise<EventAnswer<Event>>;
}

/** A connection to a server, which reopens when it is lost. */
export interface ClientConnection {
  /** The current connection. Closing it makes the client reconnect. */
  readonly engine: { close(): unknown };

  on(event: 'open' | 'ping' | 'reconnect_failed', listener: () => void): this;
  on(event: 'error' | 'reconnect_error', listener: (error: globalThis.Error) => void): this;
  on(event: 'close', listener: (reason: string) => void): this;
  on(event: 'reconnect_attempt' | 'reconnect', listener: (attempt: number) => void): this;
  off(
    event?: 'open' | 'ping' | 'error' | 'close' | 'reconnect' | 'reconnect_attempt' | 'reconnect_error' | 'reconnect_failed',
    listener?: (...args: any[]) => void,
  ): this;
}
