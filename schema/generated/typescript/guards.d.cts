// Generated from the schema of chat 1.2.0 by "accord gen all". Do not edit: change the schema.

import type * as protocol from './protocol.cjs';

/** Whether a value has the type `ChannelId`, regardless of lengths and bounds. */
export declare function isChannelId(value: unknown): value is protocol.ChannelId;
/** Whether a value has the type `ConversationId`, regardless of lengths and bounds. */
export declare function isConversationId(value: unknown): value is protocol.ConversationId;
/** Whether a value has the type `MessageId`, regardless of lengths and bounds. */
export declare function isMessageId(value: unknown): value is protocol.MessageId;
/** Whether a value has the type `UserId`, regardless of lengths and bounds. */
export declare function isUserId(value: unknown): value is protocol.UserId;
/** Whether a value has the type `ReactionId`, regardless of lengths and bounds. */
export declare function isReactionId(value: unknown): value is protocol.ReactionId;
/** Whether a value has the type `AttachmentId`, regardless of lengths and bounds. */
export declare function isAttachmentId(value: unknown): value is protocol.AttachmentId;
/** Whether a value has the type `ClientId`, regardless of lengths and bounds. */
export declare function isClientId(value: unknown): value is protocol.ClientId;
/** Whether a value has the type `Position`, regardless of lengths and bounds. */
export declare function isPosition(value: unknown): value is protocol.Position;
/** Whether a value has the type `Timestamp`, regardless of lengths and bounds. */
export declare function isTimestamp(value: unknown): value is protocol.Timestamp;
/** Whether a value has the type `User`, regardless of lengths and bounds. */
export declare function isUser(value: unknown): value is protocol.User;
/** Whether a value has the type `Reactor`, regardless of lengths and bounds. */
export declare function isReactor(value: unknown): value is protocol.Reactor;
/** Whether a value has the type `MessageText`, regardless of lengths and bounds. */
export declare function isMessageText(value: unknown): value is protocol.MessageText;
/** Whether a value has the type `EditedText`, regardless of lengths and bounds. */
export declare function isEditedText(value: unknown): value is protocol.EditedText;
/** Whether a value has the type `Emoji`, regardless of lengths and bounds. */
export declare function isEmoji(value: unknown): value is protocol.Emoji;
/** Whether a value has the type `Message`, regardless of lengths and bounds. */
export declare function isMessage(value: unknown): value is protocol.Message;
/** Whether a value has the type `DirectMessage`, regardless of lengths and bounds. */
export declare function isDirectMessage(value: unknown): value is protocol.DirectMessage;
/** Whether a value has the type `OriginalMessage`, regardless of lengths and bounds. */
export declare function isOriginalMessage(value: unknown): value is protocol.OriginalMessage;
/** Whether a value has the type `Reaction`, regardless of lengths and bounds. */
export declare function isReaction(value: unknown): value is protocol.Reaction;
/** Whether a value has the type `ReactionCount`, regardless of lengths and bounds. */
export declare function isReactionCount(value: unknown): value is protocol.ReactionCount;
/** Whether a value has the type `ReactionRef`, regardless of lengths and bounds. */
export declare function isReactionRef(value: unknown): value is protocol.ReactionRef;
/** Whether a value has the type `Attachment`, regardless of lengths and bounds. */
export declare function isAttachment(value: unknown): value is protocol.Attachment;
/** Whether a value has the type `AttachmentRef`, regardless of lengths and bounds. */
export declare function isAttachmentRef(value: unknown): value is protocol.AttachmentRef;
/** Whether a value has the type `RoomInfo`, regardless of lengths and bounds. */
export declare function isRoomInfo(value: unknown): value is protocol.RoomInfo;
/** Whether a value has the type `Renewal`, regardless of lengths and bounds. */
export declare function isRenewal(value: unknown): value is protocol.Renewal;
/** Whether a value has the type `Error`, regardless of lengths and bounds. */
export declare function isError(value: unknown): value is protocol.Error;
/** Whether a value has the type `Violation`, regardless of lengths and bounds. */
export declare function isViolation(value: unknown): value is protocol.Violation;
/** Whether a value has the type `ReadReceipt`, regardless of lengths and bounds. */
export declare function isReadReceipt(value: unknown): value is protocol.ReadReceipt;
/** Whether a value has the type `UserPresence`, regardless of lengths and bounds. */
export declare function isUserPresence(value: unknown): value is protocol.UserPresence;
/** Whether a value has the type `PresenceStatus`, regardless of lengths and bounds. */
export declare function isPresenceStatus(value: unknown): value is protocol.PresenceStatus;
/** Whether a value has the type `Page`, regardless of lengths and bounds. */
export declare function isPage(value: unknown): value is protocol.Page;
/** Whether a value has the type `PageSize`, regardless of lengths and bounds. */
export declare function isPageSize(value: unknown): value is protocol.PageSize;
/** Whether a value has the type `RoomPageSize`, regardless of lengths and bounds. */
export declare function isRoomPageSize(value: unknown): value is protocol.RoomPageSize;
/** Whether a value has the type `RoomCursor`, regardless of lengths and bounds. */
export declare function isRoomCursor(value: unknown): value is protocol.RoomCursor;
/** Whether a value has the type `Cursor`, regardless of lengths and bounds. */
export declare function isCursor(value: unknown): value is protocol.Cursor;
/** Whether a value has the type `Count`, regardless of lengths and bounds. */
export declare function isCount(value: unknown): value is protocol.Count;
/** Whether a value has the type `Pagination`, regardless of lengths and bounds. */
export declare function isPagination(value: unknown): value is protocol.Pagination;
/** Whether a value has the type `MessagePage`, regardless of lengths and bounds. */
export declare function isMessagePage(value: unknown): value is protocol.MessagePage;
/** Whether a value has the type `DirectMessagePage`, regardless of lengths and bounds. */
export declare function isDirectMessagePage(value: unknown): value is protocol.DirectMessagePage;
/** Whether a value has the type `Stats`, regardless of lengths and bounds. */
export declare function isStats(value: unknown): value is protocol.Stats;
/** Whether a value has the type `Status`, regardless of lengths and bounds. */
export declare function isStatus(value: unknown): value is protocol.Status;
/** Whether a value has the type `StatsProtocol`, regardless of lengths and bounds. */
export declare function isStatsProtocol(value: unknown): value is protocol.StatsProtocol;
/** Whether a value has the type `Authenticate`, regardless of lengths and bounds. */
export declare function isAuthenticate(value: unknown): value is protocol.Authenticate;
/** Whether a value has the type `Authenticated`, regardless of lengths and bounds. */
export declare function isAuthenticated(value: unknown): value is protocol.Authenticated;
/** Whether a value has the type `AuthenticatedProtocol`, regardless of lengths and bounds. */
export declare function isAuthenticatedProtocol(value: unknown): value is protocol.AuthenticatedProtocol;
/** Whether a value has the type `JoinChannel`, regardless of lengths and bounds. */
export declare function isJoinChannel(value: unknown): value is protocol.JoinChannel;
/** Whether a value has the type `LeaveChannel`, regardless of lengths and bounds. */
export declare function isLeaveChannel(value: unknown): value is protocol.LeaveChannel;
/** Whether a value has the type `JoinedChannel`, regardless of lengths and bounds. */
export declare function isJoinedChannel(value: unknown): value is protocol.JoinedChannel;
/** Whether a value has the type `CaughtUp`, regardless of lengths and bounds. */
export declare function isCaughtUp(value: unknown): value is protocol.CaughtUp;
/** Whether a value has the type `LeftChannel`, regardless of lengths and bounds. */
export declare function isLeftChannel(value: unknown): value is protocol.LeftChannel;
/** Whether a value has the type `MemberAdded`, regardless of lengths and bounds. */
export declare function isMemberAdded(value: unknown): value is protocol.MemberAdded;
/** Whether a value has the type `MemberRemoved`, regardless of lengths and bounds. */
export declare function isMemberRemoved(value: unknown): value is protocol.MemberRemoved;
/** Whether a value has the type `MembersChanged`, regardless of lengths and bounds. */
export declare function isMembersChanged(value: unknown): value is protocol.MembersChanged;
/** Whether a value has the type `ChannelAdded`, regardless of lengths and bounds. */
export declare function isChannelAdded(value: unknown): value is protocol.ChannelAdded;
/** Whether a value has the type `ChannelRemoved`, regardless of lengths and bounds. */
export declare function isChannelRemoved(value: unknown): value is protocol.ChannelRemoved;
/** Whether a value has the type `JoinConversation`, regardless of lengths and bounds. */
export declare function isJoinConversation(value: unknown): value is protocol.JoinConversation;
/** Whether a value has the type `LeaveConversation`, regardless of lengths and bounds. */
export declare function isLeaveConversation(value: unknown): value is protocol.LeaveConversation;
/** Whether a value has the type `ConversationJoined`, regardless of lengths and bounds. */
export declare function isConversationJoined(value: unknown): value is protocol.ConversationJoined;
/** Whether a value has the type `ConversationCaughtUp`, regardless of lengths and bounds. */
export declare function isConversationCaughtUp(value: unknown): value is protocol.ConversationCaughtUp;
/** Whether a value has the type `ConversationLeft`, regardless of lengths and bounds. */
export declare function isConversationLeft(value: unknown): value is protocol.ConversationLeft;
/** Whether a value has the type `DirectMemberAdded`, regardless of lengths and bounds. */
export declare function isDirectMemberAdded(value: unknown): value is protocol.DirectMemberAdded;
/** Whether a value has the type `DirectMemberRemoved`, regardless of lengths and bounds. */
export declare function isDirectMemberRemoved(value: unknown): value is protocol.DirectMemberRemoved;
/** Whether a value has the type `DirectMembersChanged`, regardless of lengths and bounds. */
export declare function isDirectMembersChanged(value: unknown): value is protocol.DirectMembersChanged;
/** Whether a value has the type `ConversationAdded`, regardless of lengths and bounds. */
export declare function isConversationAdded(value: unknown): value is protocol.ConversationAdded;
/** Whether a value has the type `ConversationRemoved`, regardless of lengths and bounds. */
export declare function isConversationRemoved(value: unknown): value is protocol.ConversationRemoved;
/** Whether a value has the type `SendMessage`, regardless of lengths and bounds. */
export declare function isSendMessage(value: unknown): value is protocol.SendMessage;
/** Whether a value has the type `EditMessage`, regardless of lengths and bounds. */
export declare function isEditMessage(value: unknown): value is protocol.EditMessage;
/** Whether a value has the type `DeleteMessage`, regardless of lengths and bounds. */
export declare function isDeleteMessage(value: unknown): value is protocol.DeleteMessage;
/** Whether a value has the type `ForwardMessage`, regardless of lengths and bounds. */
export declare function isForwardMessage(value: unknown): value is protocol.ForwardMessage;
/** Whether a value has the type `MessageEdited`, regardless of lengths and bounds. */
export declare function isMessageEdited(value: unknown): value is protocol.MessageEdited;
/** Whether a value has the type `MessageDeleted`, regardless of lengths and bounds. */
export declare function isMessageDeleted(value: unknown): value is protocol.MessageDeleted;
/** Whether a value has the type `MessageForwarded`, regardless of lengths and bounds. */
export declare function isMessageForwarded(value: unknown): value is protocol.MessageForwarded;
/** Whether a value has the type `SendDirectMessage`, regardless of lengths and bounds. */
export declare function isSendDirectMessage(value: unknown): value is protocol.SendDirectMessage;
/** Whether a value has the type `EditDirectMessage`, regardless of lengths and bounds. */
export declare function isEditDirectMessage(value: unknown): value is protocol.EditDirectMessage;
/** Whether a value has the type `DeleteDirectMessage`, regardless of lengths and bounds. */
export declare function isDeleteDirectMessage(value: unknown): value is protocol.DeleteDirectMessage;
/** Whether a value has the type `ForwardToDirect`, regardless of lengths and bounds. */
export declare function isForwardToDirect(value: unknown): value is protocol.ForwardToDirect;
/** Whether a value has the type `DirectMessageEdited`, regardless of lengths and bounds. */
export declare function isDirectMessageEdited(value: unknown): value is protocol.DirectMessageEdited;
/** Whether a value has the type `DirectMessageDeleted`, regardless of lengths and bounds. */
export declare function isDirectMessageDeleted(value: unknown): value is protocol.DirectMessageDeleted;
/** Whether a value has the type `MessageForwardedToDirect`, regardless of lengths and bounds. */
export declare function isMessageForwardedToDirect(value: unknown): value is protocol.MessageForwardedToDirect;
/** Whether a value has the type `AddReaction`, regardless of lengths and bounds. */
export declare function isAddReaction(value: unknown): value is protocol.AddReaction;
/** Whether a value has the type `RemoveReaction`, regardless of lengths and bounds. */
export declare function isRemoveReaction(value: unknown): value is protocol.RemoveReaction;
/** Whether a value has the type `AddDirectReaction`, regardless of lengths and bounds. */
export declare function isAddDirectReaction(value: unknown): value is protocol.AddDirectReaction;
/** Whether a value has the type `RemoveDirectReaction`, regardless of lengths and bounds. */
export declare function isRemoveDirectReaction(value: unknown): value is protocol.RemoveDirectReaction;
/** Whether a value has the type `TypingStart`, regardless of lengths and bounds. */
export declare function isTypingStart(value: unknown): value is protocol.TypingStart;
/** Whether a value has the type `TypingStop`, regardless of lengths and bounds. */
export declare function isTypingStop(value: unknown): value is protocol.TypingStop;
/** Whether a value has the type `DirectTypingStart`, regardless of lengths and bounds. */
export declare function isDirectTypingStart(value: unknown): value is protocol.DirectTypingStart;
/** Whether a value has the type `DirectTypingStop`, regardless of lengths and bounds. */
export declare function isDirectTypingStop(value: unknown): value is protocol.DirectTypingStop;
/** Whether a value has the type `TypingStarted`, regardless of lengths and bounds. */
export declare function isTypingStarted(value: unknown): value is protocol.TypingStarted;
/** Whether a value has the type `TypingStopped`, regardless of lengths and bounds. */
export declare function isTypingStopped(value: unknown): value is protocol.TypingStopped;
/** Whether a value has the type `DirectTypingStarted`, regardless of lengths and bounds. */
export declare function isDirectTypingStarted(value: unknown): value is protocol.DirectTypingStarted;
/** Whether a value has the type `DirectTypingStopped`, regardless of lengths and bounds. */
export declare function isDirectTypingStopped(value: unknown): value is protocol.DirectTypingStopped;
/** Whether a value has the type `MarkRead`, regardless of lengths and bounds. */
export declare function isMarkRead(value: unknown): value is protocol.MarkRead;
/** Whether a value has the type `MarkDirectRead`, regardless of lengths and bounds. */
export declare function isMarkDirectRead(value: unknown): value is protocol.MarkDirectRead;
/** Whether a value has the type `MessageRead`, regardless of lengths and bounds. */
export declare function isMessageRead(value: unknown): value is protocol.MessageRead;
/** Whether a value has the type `DirectMessageRead`, regardless of lengths and bounds. */
export declare function isDirectMessageRead(value: unknown): value is protocol.DirectMessageRead;
/** Whether a value has the type `WatchPresence`, regardless of lengths and bounds. */
export declare function isWatchPresence(value: unknown): value is protocol.WatchPresence;
/** Whether a value has the type `UnwatchPresence`, regardless of lengths and bounds. */
export declare function isUnwatchPresence(value: unknown): value is protocol.UnwatchPresence;
/** Whether a value has the type `GetPresence`, regardless of lengths and bounds. */
export declare function isGetPresence(value: unknown): value is protocol.GetPresence;
/** Whether a value has the type `PresenceWatched`, regardless of lengths and bounds. */
export declare function isPresenceWatched(value: unknown): value is protocol.PresenceWatched;
/** Whether a value has the type `PresenceUnwatched`, regardless of lengths and bounds. */
export declare function isPresenceUnwatched(value: unknown): value is protocol.PresenceUnwatched;
/** Whether a value has the type `Pong`, regardless of lengths and bounds. */
export declare function isPong(value: unknown): value is protocol.Pong;
/** Whether a value has the type `ListMessages`, regardless of lengths and bounds. */
export declare function isListMessages(value: unknown): value is protocol.ListMessages;
/** Whether a value has the type `ListDirectMessages`, regardless of lengths and bounds. */
export declare function isListDirectMessages(value: unknown): value is protocol.ListDirectMessages;
/** Whether a value has the type `ListReceipts`, regardless of lengths and bounds. */
export declare function isListReceipts(value: unknown): value is protocol.ListReceipts;
/** Whether a value has the type `ListDirectReceipts`, regardless of lengths and bounds. */
export declare function isListDirectReceipts(value: unknown): value is protocol.ListDirectReceipts;
/** Whether a value has the type `DownloadFile`, regardless of lengths and bounds. */
export declare function isDownloadFile(value: unknown): value is protocol.DownloadFile;
/** Whether a value has the type `ListChannels`, regardless of lengths and bounds. */
export declare function isListChannels(value: unknown): value is protocol.ListChannels;
/** Whether a value has the type `ListChannelsBeside`, regardless of lengths and bounds. */
export declare function isListChannelsBeside(value: unknown): value is protocol.ListChannelsBeside;
/** Whether a value has the type `ListConversations`, regardless of lengths and bounds. */
export declare function isListConversations(value: unknown): value is protocol.ListConversations;
/** Whether a value has the type `ListConversationsBeside`, regardless of lengths and bounds. */
export declare function isListConversationsBeside(value: unknown): value is protocol.ListConversationsBeside;
/** Whether a value has the type `PutChannel`, regardless of lengths and bounds. */
export declare function isPutChannel(value: unknown): value is protocol.PutChannel;
/** Whether a value has the type `PutChannelMember`, regardless of lengths and bounds. */
export declare function isPutChannelMember(value: unknown): value is protocol.PutChannelMember;
/** Whether a value has the type `DeleteChannelMember`, regardless of lengths and bounds. */
export declare function isDeleteChannelMember(value: unknown): value is protocol.DeleteChannelMember;
/** Whether a value has the type `PutConversation`, regardless of lengths and bounds. */
export declare function isPutConversation(value: unknown): value is protocol.PutConversation;
/** Whether a value has the type `PutConversationMember`, regardless of lengths and bounds. */
export declare function isPutConversationMember(value: unknown): value is protocol.PutConversationMember;
/** Whether a value has the type `DeleteConversationMember`, regardless of lengths and bounds. */
export declare function isDeleteConversationMember(value: unknown): value is protocol.DeleteConversationMember;
/** Whether a value has the type `PutUser`, regardless of lengths and bounds. */
export declare function isPutUser(value: unknown): value is protocol.PutUser;
/** Whether a value has the type `RevokeUser`, regardless of lengths and bounds. */
export declare function isRevokeUser(value: unknown): value is protocol.RevokeUser;
/** Every rule that a `Authenticate` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateAuthenticate(value: unknown): { path: string; message: string }[];
/** Every rule that a `JoinChannel` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateJoinChannel(value: unknown): { path: string; message: string }[];
/** Every rule that a `LeaveChannel` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateLeaveChannel(value: unknown): { path: string; message: string }[];
/** Every rule that a `JoinConversation` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateJoinConversation(value: unknown): { path: string; message: string }[];
/** Every rule that a `LeaveConversation` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateLeaveConversation(value: unknown): { path: string; message: string }[];
/** Every rule that a `SendMessage` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateSendMessage(value: unknown): { path: string; message: string }[];
/** Every rule that a `EditMessage` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateEditMessage(value: unknown): { path: string; message: string }[];
/** Every rule that a `DeleteMessage` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateDeleteMessage(value: unknown): { path: string; message: string }[];
/** Every rule that a `ForwardMessage` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateForwardMessage(value: unknown): { path: string; message: string }[];
/** Every rule that a `SendDirectMessage` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateSendDirectMessage(value: unknown): { path: string; message: string }[];
/** Every rule that a `EditDirectMessage` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateEditDirectMessage(value: unknown): { path: string; message: string }[];
/** Every rule that a `DeleteDirectMessage` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateDeleteDirectMessage(value: unknown): { path: string; message: string }[];
/** Every rule that a `ForwardToDirect` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateForwardToDirect(value: unknown): { path: string; message: string }[];
/** Every rule that a `AddReaction` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateAddReaction(value: unknown): { path: string; message: string }[];
/** Every rule that a `RemoveReaction` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateRemoveReaction(value: unknown): { path: string; message: string }[];
/** Every rule that a `AddDirectReaction` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateAddDirectReaction(value: unknown): { path: string; message: string }[];
/** Every rule that a `RemoveDirectReaction` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateRemoveDirectReaction(value: unknown): { path: string; message: string }[];
/** Every rule that a `TypingStart` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateTypingStart(value: unknown): { path: string; message: string }[];
/** Every rule that a `TypingStop` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateTypingStop(value: unknown): { path: string; message: string }[];
/** Every rule that a `DirectTypingStart` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateDirectTypingStart(value: unknown): { path: string; message: string }[];
/** Every rule that a `DirectTypingStop` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateDirectTypingStop(value: unknown): { path: string; message: string }[];
/** Every rule that a `MarkRead` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateMarkRead(value: unknown): { path: string; message: string }[];
/** Every rule that a `MarkDirectRead` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateMarkDirectRead(value: unknown): { path: string; message: string }[];
/** Every rule that a `WatchPresence` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateWatchPresence(value: unknown): { path: string; message: string }[];
/** Every rule that a `UnwatchPresence` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateUnwatchPresence(value: unknown): { path: string; message: string }[];
/** Every rule that a `GetPresence` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateGetPresence(value: unknown): { path: string; message: string }[];
/** Every rule that a `ListMessages` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateListMessages(value: unknown): { path: string; message: string }[];
/** Every rule that a `ListDirectMessages` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateListDirectMessages(value: unknown): { path: string; message: string }[];
/** Every rule that a `ListReceipts` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateListReceipts(value: unknown): { path: string; message: string }[];
/** Every rule that a `ListDirectReceipts` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateListDirectReceipts(value: unknown): { path: string; message: string }[];
/** Every rule that a `DownloadFile` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateDownloadFile(value: unknown): { path: string; message: string }[];
/** Every rule that a `ListChannels` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateListChannels(value: unknown): { path: string; message: string }[];
/** Every rule that a `ListConversations` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateListConversations(value: unknown): { path: string; message: string }[];
/** Every rule that a `PutChannel` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validatePutChannel(value: unknown): { path: string; message: string }[];
/** Every rule that a `PutChannelMember` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validatePutChannelMember(value: unknown): { path: string; message: string }[];
/** Every rule that a `DeleteChannelMember` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateDeleteChannelMember(value: unknown): { path: string; message: string }[];
/** Every rule that a `PutConversation` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validatePutConversation(value: unknown): { path: string; message: string }[];
/** Every rule that a `PutConversationMember` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validatePutConversationMember(value: unknown): { path: string; message: string }[];
/** Every rule that a `DeleteConversationMember` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateDeleteConversationMember(value: unknown): { path: string; message: string }[];
/** Every rule that a `PutUser` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validatePutUser(value: unknown): { path: string; message: string }[];
/** Every rule that a `RevokeUser` breaks, in the server's words; `path` is a JSON Pointer. */
export declare function validateRevokeUser(value: unknown): { path: string; message: string }[];

/** The guards for what the server sends, by event; an event without a payload has none. */
export declare const serverEvents: {
  readonly authenticated: typeof isAuthenticated;
  readonly error: typeof isError;
  readonly joined_channel: typeof isJoinedChannel;
  readonly caught_up: typeof isCaughtUp;
  readonly left_channel: typeof isLeftChannel;
  readonly member_added: (value: unknown) => value is protocol.MemberAdded & { seq: number };
  readonly member_removed: (value: unknown) => value is protocol.MemberRemoved & { seq: number };
  readonly members_changed: (value: unknown) => value is protocol.MembersChanged & { seq: number };
  readonly channel_added: typeof isChannelAdded;
  readonly channel_removed: typeof isChannelRemoved;
  readonly conversation_joined: typeof isConversationJoined;
  readonly conversation_caught_up: typeof isConversationCaughtUp;
  readonly conversation_left: typeof isConversationLeft;
  readonly direct_member_added: (value: unknown) => value is protocol.DirectMemberAdded & { seq: number };
  readonly direct_member_removed: (value: unknown) => value is protocol.DirectMemberRemoved & { seq: number };
  readonly direct_members_changed: (value: unknown) => value is protocol.DirectMembersChanged & { seq: number };
  readonly conversation_added: typeof isConversationAdded;
  readonly conversation_removed: typeof isConversationRemoved;
  readonly new_message: (value: unknown) => value is protocol.Message & { seq: number };
  readonly message_edited: (value: unknown) => value is protocol.MessageEdited & { seq: number };
  readonly message_deleted: (value: unknown) => value is protocol.MessageDeleted & { seq: number };
  readonly message_forwarded: (value: unknown) => value is protocol.MessageForwarded & { seq: number };
  readonly new_direct_message: (value: unknown) => value is protocol.DirectMessage & { seq: number };
  readonly direct_message_edited: (value: unknown) => value is protocol.DirectMessageEdited & { seq: number };
  readonly direct_message_deleted: (value: unknown) => value is protocol.DirectMessageDeleted & { seq: number };
  readonly message_forwarded_to_direct: (value: unknown) => value is protocol.MessageForwardedToDirect & { seq: number };
  readonly reaction_added: (value: unknown) => value is protocol.Reaction & { seq: number };
  readonly reaction_removed: (value: unknown) => value is protocol.ReactionRef & { seq: number };
  readonly direct_reaction_added: (value: unknown) => value is protocol.Reaction & { seq: number };
  readonly direct_reaction_removed: (value: unknown) => value is protocol.ReactionRef & { seq: number };
  readonly typing_started: typeof isTypingStarted;
  readonly typing_stopped: typeof isTypingStopped;
  readonly direct_typing_started: typeof isDirectTypingStarted;
  readonly direct_typing_stopped: typeof isDirectTypingStopped;
  readonly message_read: typeof isMessageRead;
  readonly direct_message_read: typeof isDirectMessageRead;
  readonly presence_watched: typeof isPresenceWatched;
  readonly presence_unwatched: typeof isPresenceUnwatched;
  readonly presence_changed: typeof isUserPresence;
  readonly pong: typeof isPong;
};

/** The validators of what clients send, by event; an event without a payload has none. */
export declare const clientEvents: {
  readonly authenticate: typeof validateAuthenticate;
  readonly join_channel: typeof validateJoinChannel;
  readonly leave_channel: typeof validateLeaveChannel;
  readonly join_conversation: typeof validateJoinConversation;
  readonly leave_conversation: typeof validateLeaveConversation;
  readonly send_message: typeof validateSendMessage;
  readonly edit_message: typeof validateEditMessage;
  readonly delete_message: typeof validateDeleteMessage;
  readonly forward_message: typeof validateForwardMessage;
  readonly send_direct_message: typeof validateSendDirectMessage;
  readonly edit_direct_message: typeof validateEditDirectMessage;
  readonly delete_direct_message: typeof validateDeleteDirectMessage;
  readonly forward_to_direct: typeof validateForwardToDirect;
  readonly add_reaction: typeof validateAddReaction;
  readonly remove_reaction: typeof validateRemoveReaction;
  readonly add_direct_reaction: typeof validateAddDirectReaction;
  readonly remove_direct_reaction: typeof validateRemoveDirectReaction;
  readonly typing_start: typeof validateTypingStart;
  readonly typing_stop: typeof validateTypingStop;
  readonly direct_typing_start: typeof validateDirectTypingStart;
  readonly direct_typing_stop: typeof validateDirectTypingStop;
  readonly mark_read: typeof validateMarkRead;
  readonly mark_direct_read: typeof validateMarkDirectRead;
  readonly watch_presence: typeof validateWatchPresence;
  readonly unwatch_presence: typeof validateUnwatchPresence;
  readonly get_presence: typeof validateGetPresence;
};
