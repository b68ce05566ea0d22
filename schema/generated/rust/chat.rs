// Generated from the schema of chat 1.2.0 by "accord gen rust". Do not edit: change the schema.

use accord_runtime::Call;

pub use types::*;

/// Channels, conversations, messages, replies, reactions, forwards and attachments in real time.
pub static PROTOCOL: accord_runtime::Protocol = accord_runtime::Protocol {
    name: "chat",
    version: "1.2.0",
    limits: &[
        accord_runtime::LimitSpec {
            name: "events",
            per: accord_runtime::Per::User,
            replenish: std::time::Duration::from_millis(50),
            burst: 60,
        },
        accord_runtime::LimitSpec {
            name: "rooms",
            per: accord_runtime::Per::User,
            replenish: std::time::Duration::from_millis(10),
            burst: 2000,
        },
        accord_runtime::LimitSpec {
            name: "presence",
            per: accord_runtime::Per::User,
            replenish: std::time::Duration::from_millis(50),
            burst: 500,
        },
        accord_runtime::LimitSpec {
            name: "requests",
            per: accord_runtime::Per::User,
            replenish: std::time::Duration::from_millis(20),
            burst: 500,
        },
    ],
    unknown_limit: Some(0),
    error_event: "error",
    answers: accord_runtime::Answers {
        version_refused: Some(
            <errors::VersionNotServed as accord_runtime::DeclaredError>::SPEC,
        ),
        token_missing: <errors::AuthRequired as accord_runtime::DeclaredError>::SPEC,
        token_refused: <errors::AuthFailed as accord_runtime::DeclaredError>::SPEC,
        token_expired: <errors::TokenExpired as accord_runtime::DeclaredError>::SPEC,
        unknown_event: <errors::UnknownEvent as accord_runtime::DeclaredError>::SPEC,
        invalid_payload: <errors::InvalidPayload as accord_runtime::DeclaredError>::SPEC,
        rate_limited: <errors::RateLimited as accord_runtime::DeclaredError>::SPEC,
        internal: <errors::Internal as accord_runtime::DeclaredError>::SPEC,
        admin_only: <errors::AdminOnly as accord_runtime::DeclaredError>::SPEC,
        position_lost: Some(
            <errors::PositionLost as accord_runtime::DeclaredError>::SPEC,
        ),
        idempotency_conflict: Some(
            <errors::IdempotencyConflict as accord_runtime::DeclaredError>::SPEC,
        ),
    },
    events: &[
        accord_runtime::ServerEventSpec {
            name: "authenticated",
            durable: false,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "error",
            durable: false,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "joined_channel",
            durable: false,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "caught_up",
            durable: false,
            evicts: None,
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "left_channel",
            durable: false,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "member_added",
            durable: true,
            evicts: None,
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "member_removed",
            durable: true,
            evicts: Some(accord_runtime::Evicts::User("userId")),
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "members_changed",
            durable: true,
            evicts: Some(accord_runtime::Evicts::FormerMembers),
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "channel_added",
            durable: false,
            evicts: None,
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "channel_removed",
            durable: false,
            evicts: None,
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "conversation_joined",
            durable: false,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "conversation_caught_up",
            durable: false,
            evicts: None,
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "conversation_left",
            durable: false,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_member_added",
            durable: true,
            evicts: None,
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_member_removed",
            durable: true,
            evicts: Some(accord_runtime::Evicts::User("userId")),
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_members_changed",
            durable: true,
            evicts: Some(accord_runtime::Evicts::FormerMembers),
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "conversation_added",
            durable: false,
            evicts: None,
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "conversation_removed",
            durable: false,
            evicts: None,
            since: Some("1.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "new_message",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "message_edited",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "message_deleted",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "message_forwarded",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "new_direct_message",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_message_edited",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_message_deleted",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "message_forwarded_to_direct",
            durable: true,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "reaction_added",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "reaction_removed",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_reaction_added",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_reaction_removed",
            durable: true,
            evicts: None,
            since: Some("1.0.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "typing_started",
            durable: false,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "typing_stopped",
            durable: false,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_typing_started",
            durable: false,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_typing_stopped",
            durable: false,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "message_read",
            durable: false,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "direct_message_read",
            durable: false,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "presence_watched",
            durable: false,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "presence_unwatched",
            durable: false,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "presence_changed",
            durable: false,
            evicts: None,
            since: Some("1.1.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "pong",
            durable: false,
            evicts: None,
            since: Some("1.0.0"),
        },
    ],
    deprecated: &[],
};

/// The errors of the schema.
pub mod errors {
    use accord_runtime::DeclaredError;

    /// `version_not_served`: Protocol version not served
    ///
    /// The client speaks a major version that is not served. The message lists the versions that are.
    ///
    /// Since 1.1.0.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "version_not_served",
        code = "version_not_served",
        message = "Protocol version not served",
        status = 400
    )]
    pub struct VersionNotServed;

    /// `auth_required`: Authentication token required
    ///
    /// The handshake or request carries no token.
    ///
    /// A retry helps with a new token.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "auth_required",
        code = "auth_required",
        message = "Authentication token required",
        status = 401
    )]
    pub struct AuthRequired;

    /// `auth_failed`: Authentication failed
    ///
    /// The token is malformed, has a wrong signature, or is not valid now.
    ///
    /// A retry helps with a new token.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "auth_failed",
        code = "auth_failed",
        message = "Authentication failed",
        status = 401
    )]
    pub struct AuthFailed;

    /// `token_expired`: Authentication failed
    ///
    /// The token expired while its socket was connected. The transport closes, so that the client reconnects with a new token.
    ///
    /// A retry helps with a new token.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "token_expired",
        code = "token_expired",
        message = "Authentication failed",
        status = 401
    )]
    pub struct TokenExpired;

    /// `access_denied`: Access denied to channel
    ///
    /// The channel does not exist, or the caller is not a member of it.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "channel_denied",
        code = "access_denied",
        message = "Access denied to channel",
        status = 403
    )]
    pub struct ChannelDenied;

    /// `access_denied`: Access denied to conversation
    ///
    /// The conversation does not exist, or the caller does not take part in it.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "conversation_denied",
        code = "access_denied",
        message = "Access denied to conversation",
        status = 403
    )]
    pub struct ConversationDenied;

    /// `access_denied`: Access denied to presence
    ///
    /// The user does not exist, or shares neither a channel nor a conversation with the caller.
    ///
    /// Since 1.1.0.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "presence_denied",
        code = "access_denied",
        message = "Access denied to presence",
        status = 403
    )]
    pub struct PresenceDenied;

    /// `access_denied`: Administrator access required
    ///
    /// The operation is for administrators.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "admin_only",
        code = "access_denied",
        message = "Administrator access required",
        status = 403
    )]
    pub struct AdminOnly;

    /// `invalid_payload`: Invalid message data
    ///
    /// The payload violates rules of its type. `details` lists every violation.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "invalid_payload",
        code = "invalid_payload",
        message = "Invalid message data",
        status = 400
    )]
    pub struct InvalidPayload;

    /// `unknown_event`: Unknown event
    ///
    /// The protocol has no such event.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "unknown_event",
        code = "unknown_event",
        message = "Unknown event",
        status = 404
    )]
    pub struct UnknownEvent;

    /// `not_found`: Message not found
    ///
    /// The room has no such message, or it has been deleted.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "message_not_found",
        code = "not_found",
        message = "Message not found",
        status = 404
    )]
    pub struct MessageNotFound;

    /// `not_found`: Reaction not found
    ///
    /// The caller has not reacted to the message with this emoji.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "reaction_not_found",
        code = "not_found",
        message = "Reaction not found",
        status = 404
    )]
    pub struct ReactionNotFound;

    /// `not_found`: File not found
    ///
    /// The file does not exist, or every message that shows it has been deleted.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "file_not_found",
        code = "not_found",
        message = "File not found",
        status = 404
    )]
    pub struct FileNotFound;

    /// `not_found`: User not found
    ///
    /// A named user does not exist.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "user_not_found",
        code = "not_found",
        message = "User not found",
        status = 404
    )]
    pub struct UserNotFound;

    /// `not_found`: Room not found
    ///
    /// The channel or conversation to change does not exist.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "room_not_found",
        code = "not_found",
        message = "Room not found",
        status = 404
    )]
    pub struct RoomNotFound;

    /// `forbidden`: You can only edit your own messages
    ///
    /// The message was written by somebody else.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "edit_forbidden",
        code = "forbidden",
        message = "You can only edit your own messages",
        status = 403
    )]
    pub struct EditForbidden;

    /// `forbidden`: You can only delete your own messages
    ///
    /// The message was written by somebody else.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "delete_forbidden",
        code = "forbidden",
        message = "You can only delete your own messages",
        status = 403
    )]
    pub struct DeleteForbidden;

    /// `reply_not_found`: Original message not found or has been deleted
    ///
    /// The message to reply to is not in this room, or has been deleted.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "reply_not_found",
        code = "reply_not_found",
        message = "Original message not found or has been deleted",
        status = 404
    )]
    pub struct ReplyNotFound;

    /// `invalid_attachment`: Invalid attachment
    ///
    /// An attachment was not uploaded by the caller.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "invalid_attachment",
        code = "invalid_attachment",
        message = "Invalid attachment",
        status = 400
    )]
    pub struct InvalidAttachment;

    /// `too_many_reactions`: Too many reactions
    ///
    /// The caller has already added 20 different emoji to the message, or the message already has 50 different emoji and this is another. Nothing was added.
    ///
    /// Since 1.2.0.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "too_many_reactions",
        code = "too_many_reactions",
        message = "Too many reactions",
        status = 409
    )]
    pub struct TooManyReactions;

    /// `position_lost`: Missed events are no longer available
    ///
    /// The server cannot send every event after `since`: some are no longer kept, or `since` belongs to another database. The room is not joined. Load the history, and join with its `position`.
    ///
    /// Since 1.2.0.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "position_lost",
        code = "position_lost",
        message = "Missed events are no longer available",
        status = 410
    )]
    pub struct PositionLost;

    /// `idempotency_conflict`: Already sent with other content
    ///
    /// The caller has already sent different content with this `clientId`. Nothing was sent.
    ///
    /// Since 1.2.0.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "idempotency_conflict",
        code = "idempotency_conflict",
        message = "Already sent with other content",
        status = 409
    )]
    pub struct IdempotencyConflict;

    /// `too_large`: File too large
    ///
    /// The file is larger than 10 MiB.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "too_large",
        code = "too_large",
        message = "File too large",
        status = 413
    )]
    pub struct TooLarge;

    /// `unsupported_type`: Unsupported file type
    ///
    /// The file's type is not allowed, or its content does not match it. `details` says which.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "unsupported_type",
        code = "unsupported_type",
        message = "Unsupported file type",
        status = 415
    )]
    pub struct UnsupportedType;

    /// `quota_exceeded`: Upload quota exceeded
    ///
    /// The caller's uploads take up all the space that a user has.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "quota_exceeded",
        code = "quota_exceeded",
        message = "Upload quota exceeded",
        status = 413
    )]
    pub struct QuotaExceeded;

    /// `unavailable`: Service unavailable
    ///
    /// The server cannot serve requests at the moment.
    ///
    /// A retry may help, at any time.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "unavailable",
        code = "unavailable",
        message = "Service unavailable",
        status = 503
    )]
    pub struct Unavailable;

    /// `rate_limited`: Rate limit exceeded. Please slow down.
    ///
    /// A limit is exhausted. `retryAfterMs` says when to try again.
    ///
    /// A retry helps after `retryAfterMs`.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "rate_limited",
        code = "rate_limited",
        message = "Rate limit exceeded. Please slow down.",
        status = 429
    )]
    pub struct RateLimited;

    /// `internal`: Internal server error
    ///
    /// The server failed to carry out the request. Nothing has changed.
    ///
    /// A retry may help, at any time.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(
        name = "internal",
        code = "internal",
        message = "Internal server error",
        status = 500
    )]
    pub struct Internal;
}

/// The kinds of rooms.
pub mod scopes {
    use accord_runtime::Scope;

    /// A channel, joined by its members.
    #[derive(Clone, Copy, Debug, Scope)]
    #[scope(
        name = "channel",
        denied = super::errors::ChannelDenied,
        log(
            caught_up = "caught_up",
            key = "channelId",
            keep = 604800,
            entries = 100000,
            floor = 600
        )
    )]
    pub struct Channel;

    /// A conversation between its participants.
    #[derive(Clone, Copy, Debug, Scope)]
    #[scope(
        name = "conversation",
        denied = super::errors::ConversationDenied,
        log(
            caught_up = "conversation_caught_up",
            key = "conversationId",
            keep = 604800,
            entries = 100000,
            floor = 600
        )
    )]
    pub struct Conversation;

    /// The presence of a user, visible to users who share a channel or a conversation with that user.
    #[derive(Clone, Copy, Debug, Scope)]
    #[scope(name = "presence", denied = super::errors::PresenceDenied)]
    pub struct Presence;
}

/// The types of the schema.
pub mod types {
    use std::collections::BTreeMap;
    use accord_runtime::Text;
    use accord_runtime::Validate;
    use serde::{Deserialize, Serialize};

    /// A channel's id.
    ///
    /// 1 to 128 characters; must not contain control characters.
    ///
    /// ```json
    /// "channel_123"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
        violation = "must not contain control characters"
    )]
    pub struct ChannelId(pub String);

    /// A conversation's id.
    ///
    /// 1 to 128 characters; must not contain control characters.
    ///
    /// ```json
    /// "conversation_123"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
        violation = "must not contain control characters"
    )]
    pub struct ConversationId(pub String);

    /// A message's id. Ids sort by creation time.
    ///
    /// 1 to 128 characters; must not contain control characters.
    ///
    /// ```json
    /// "message_123"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
        violation = "must not contain control characters"
    )]
    pub struct MessageId(pub String);

    /// A user's id.
    ///
    /// 1 to 128 characters; must not contain control characters.
    ///
    /// ```json
    /// "alice"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
        violation = "must not contain control characters"
    )]
    pub struct UserId(pub String);

    /// A reaction's id.
    ///
    /// 1 to 128 characters; must not contain control characters.
    ///
    /// ```json
    /// "reaction_123"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
        violation = "must not contain control characters"
    )]
    pub struct ReactionId(pub String);

    /// The id of an upload.
    ///
    /// 1 to 128 characters; must not contain control characters.
    ///
    /// ```json
    /// "attachment_123"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
        violation = "must not contain control characters"
    )]
    pub struct AttachmentId(pub String);

    /// An id that a client gives a message, so that the message appears only once even if the client sends it again.
    ///
    /// 1 to 64 characters; must not contain control characters.
    ///
    /// ```json
    /// "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        max_length = 64,
        pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
        violation = "must not contain control characters"
    )]
    pub struct ClientId(pub String);

    /// A position in the sequence of events of a room.
    ///
    /// ```json
    /// {
    ///   "epoch": "7c1f0f3a9d2e4b56",
    ///   "seq": 41
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Position {
        /// The database that the position belongs to. The position is not valid in another database.
        ///
        /// At most 64 characters.
        #[validate(max_length = 64)]
        pub epoch: String,
        /// The `seq` of the newest event up to the position; 0 before the first one.
        ///
        /// At least 0.
        #[validate(minimum = 0)]
        pub seq: i64,
    }

    /// A point in time, RFC 3339 in UTC with milliseconds.
    ///
    /// RFC 3339.
    ///
    /// ```json
    /// "2026-01-31T09:30:00.000Z"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(date_time)]
    pub struct Timestamp(pub String);

    /// A user, as other users see it.
    ///
    /// ```json
    /// {
    ///   "id": "alice",
    ///   "name": "Alice",
    ///   "image": null
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct User {
        /// A user's id.
        pub id: UserId,
        /// The display name.
        ///
        /// 1 to 200 characters.
        #[validate(min_length = 1, max_length = 200)]
        pub name: String,
        /// The URL of a picture.
        ///
        /// At most 2048 characters.
        #[validate(max_length = 2048)]
        pub image: Option<String>,
    }

    /// The user who reacted.
    ///
    /// ```json
    /// {
    ///   "id": "bob",
    ///   "name": "Bob"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Reactor {
        /// A user's id.
        pub id: UserId,
        /// The display name.
        ///
        /// 1 to 200 characters.
        #[validate(min_length = 1, max_length = 200)]
        pub name: String,
    }

    /// A message's text, counted in Unicode code points.
    ///
    /// At most 4000 characters; must not contain U+0000.
    ///
    /// ```json
    /// "Hello, world!"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        max_length = 4000,
        pattern = r"^[^\x{0}]*$",
        violation = "must not contain U+0000"
    )]
    pub struct MessageText(pub String);

    /// The new text of an edited message. It must have a visible character unless the message has attachments.
    ///
    /// At most 4000 characters; must not contain U+0000.
    ///
    /// ```json
    /// "Updated content"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        max_length = 4000,
        pattern = r"^[^\x{0}]*$",
        violation = "must not contain U+0000"
    )]
    pub struct EditedText(pub String);

    /// An emoji, or a short name of one.
    ///
    /// 1 to 32 characters; must contain something that shows, and neither white space nor control characters.
    ///
    /// ```json
    /// "👍"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        max_length = 32,
        pattern = r"^(?:[^[\t\n\x0B\x0C\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]\p{Cc}]*[^[\t\n\x0B\x0C\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]\p{Cc}\p{Default_Ignorable_Code_Point}\x{2800}][^[\t\n\x0B\x0C\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]\p{Cc}]*)?$",
        violation = "must contain something that shows, and neither white space nor control characters"
    )]
    pub struct Emoji(pub String);

    /// A message in a channel.
    ///
    /// ```json
    /// {
    ///   "id": "message_123",
    ///   "content": "Hello, world!",
    ///   "channelId": "channel_123",
    ///   "userId": "alice",
    ///   "createdAt": "2026-01-31T09:30:00.000Z",
    ///   "updatedAt": "2026-01-31T09:30:00.000Z",
    ///   "replyToId": null,
    ///   "user": {
    ///     "id": "alice",
    ///     "name": "Alice",
    ///     "image": null
    ///   },
    ///   "replyTo": null,
    ///   "attachments": [],
    ///   "reactions": [],
    ///   "reactionCounts": [],
    ///   "clientId": null
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Message {
        /// A message's id. Ids sort by creation time.
        pub id: MessageId,
        /// A message's text, counted in Unicode code points.
        pub content: MessageText,
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The author's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// A point in time, RFC 3339 in UTC with milliseconds.
        #[serde(rename = "createdAt")]
        pub created_at: Timestamp,
        /// The time of the last edit; `createdAt` if there was none.
        #[serde(rename = "updatedAt")]
        pub updated_at: Timestamp,
        /// The id of the message that this one replies to.
        #[serde(rename = "replyToId")]
        pub reply_to_id: Option<MessageId>,
        /// The author.
        pub user: User,
        /// The message that this one replies to, with `null` as its `replyTo`; `null` if that message has been deleted.
        #[serde(rename = "replyTo")]
        pub reply_to: Option<Box<Message>>,
        /// The attached files.
        ///
        /// At most 10 items.
        #[validate(max_items = 10)]
        pub attachments: Vec<Attachment>,
        /// The message's 200 oldest reactions, oldest first.
        ///
        /// At most 200 items.
        #[validate(max_items = 200)]
        pub reactions: Vec<Reaction>,
        /// The number of reactions for each emoji, in the order of their first reactions.
        ///
        /// Since 1.2.0.
        ///
        /// At most 50 items.
        #[serde(rename = "reactionCounts")]
        #[validate(max_items = 50)]
        pub reaction_counts: Vec<ReactionCount>,
        /// The id that the author's client gave the message.
        ///
        /// Since 1.2.0.
        #[serde(rename = "clientId")]
        pub client_id: Option<ClientId>,
    }

    /// A message in a conversation.
    ///
    /// ```json
    /// {
    ///   "id": "message_123",
    ///   "content": "Hello, how are you?",
    ///   "conversationId": "conversation_123",
    ///   "userId": "alice",
    ///   "createdAt": "2026-01-31T09:30:00.000Z",
    ///   "updatedAt": "2026-01-31T09:30:00.000Z",
    ///   "replyToId": null,
    ///   "user": {
    ///     "id": "alice",
    ///     "name": "Alice",
    ///     "image": null
    ///   },
    ///   "replyTo": null,
    ///   "attachments": [],
    ///   "reactions": [],
    ///   "reactionCounts": [],
    ///   "clientId": null
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectMessage {
        /// A message's id. Ids sort by creation time.
        pub id: MessageId,
        /// A message's text, counted in Unicode code points.
        pub content: MessageText,
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The author's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// A point in time, RFC 3339 in UTC with milliseconds.
        #[serde(rename = "createdAt")]
        pub created_at: Timestamp,
        /// The time of the last edit; `createdAt` if there was none.
        #[serde(rename = "updatedAt")]
        pub updated_at: Timestamp,
        /// The id of the message that this one replies to.
        #[serde(rename = "replyToId")]
        pub reply_to_id: Option<MessageId>,
        /// The author.
        pub user: User,
        /// The message that this one replies to, with `null` as its `replyTo`; `null` if that message has been deleted.
        #[serde(rename = "replyTo")]
        pub reply_to: Option<Box<DirectMessage>>,
        /// The attached files.
        ///
        /// At most 10 items.
        #[validate(max_items = 10)]
        pub attachments: Vec<Attachment>,
        /// The message's 200 oldest reactions, oldest first.
        ///
        /// At most 200 items.
        #[validate(max_items = 200)]
        pub reactions: Vec<Reaction>,
        /// The number of reactions for each emoji, in the order of their first reactions.
        ///
        /// Since 1.2.0.
        ///
        /// At most 50 items.
        #[serde(rename = "reactionCounts")]
        #[validate(max_items = 50)]
        pub reaction_counts: Vec<ReactionCount>,
        /// The id that the author's client gave the message.
        ///
        /// Since 1.2.0.
        #[serde(rename = "clientId")]
        pub client_id: Option<ClientId>,
    }

    /// A message that was forwarded, as it was in its channel or conversation.
    ///
    /// ```json
    /// {
    ///   "id": "message_123",
    ///   "content": "Hello, world!",
    ///   "channelId": "channel_123",
    ///   "conversationId": null,
    ///   "userId": "alice",
    ///   "createdAt": "2026-01-31T09:30:00.000Z",
    ///   "updatedAt": "2026-01-31T09:30:00.000Z",
    ///   "replyToId": null,
    ///   "user": {
    ///     "id": "alice",
    ///     "name": "Alice",
    ///     "image": null
    ///   },
    ///   "attachments": []
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct OriginalMessage {
        /// A message's id. Ids sort by creation time.
        pub id: MessageId,
        /// A message's text, counted in Unicode code points.
        pub content: MessageText,
        /// The channel of the message; `null` if it is in a conversation.
        #[serde(rename = "channelId")]
        pub channel_id: Option<ChannelId>,
        /// The conversation of the message; `null` if it is in a channel.
        #[serde(rename = "conversationId")]
        pub conversation_id: Option<ConversationId>,
        /// The author's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// A point in time, RFC 3339 in UTC with milliseconds.
        #[serde(rename = "createdAt")]
        pub created_at: Timestamp,
        /// The time of the last edit; `createdAt` if there was none.
        #[serde(rename = "updatedAt")]
        pub updated_at: Timestamp,
        /// The id of the message that this one replies to.
        #[serde(rename = "replyToId")]
        pub reply_to_id: Option<MessageId>,
        /// The author.
        pub user: User,
        /// The attached files.
        ///
        /// At most 10 items.
        #[validate(max_items = 10)]
        pub attachments: Vec<Attachment>,
    }

    /// A user's reaction to a message.
    ///
    /// ```json
    /// {
    ///   "id": "reaction_123",
    ///   "emoji": "👍",
    ///   "messageId": "message_123",
    ///   "userId": "bob",
    ///   "createdAt": "2026-01-31T09:30:00.000Z",
    ///   "user": {
    ///     "id": "bob",
    ///     "name": "Bob"
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Reaction {
        /// A reaction's id.
        pub id: ReactionId,
        /// An emoji, or a short name of one.
        pub emoji: Emoji,
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// A point in time, RFC 3339 in UTC with milliseconds.
        #[serde(rename = "createdAt")]
        pub created_at: Timestamp,
        /// The user who reacted.
        pub user: Reactor,
    }

    /// The number of reactions to a message with the same emoji.
    ///
    /// ```json
    /// {
    ///   "emoji": "👍",
    ///   "count": 2
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ReactionCount {
        /// The emoji as the first of these reactions spells it.
        pub emoji: Emoji,
        /// The number of reactions.
        ///
        /// At least 1.
        #[validate(minimum = 1)]
        pub count: i64,
    }

    /// The reaction that was removed.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "emoji": "👍",
    ///   "userId": "bob"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ReactionRef {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// An emoji, or a short name of one.
        pub emoji: Emoji,
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// An uploaded file.
    ///
    /// ```json
    /// {
    ///   "id": "attachment_123",
    ///   "filename": "7f9c24e8a1b04c5d.png",
    ///   "originalName": "diagram.png",
    ///   "mimeType": "image/png",
    ///   "size": 48213,
    ///   "width": 1280,
    ///   "height": 720,
    ///   "url": "/files/7f9c24e8a1b04c5d.png",
    ///   "createdAt": "2026-01-31T09:30:00.000Z"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Attachment {
        /// The id of an upload.
        pub id: AttachmentId,
        /// The file's name on the server.
        ///
        /// 1 to 255 characters.
        #[validate(min_length = 1, max_length = 255)]
        pub filename: String,
        /// The name of the uploaded file, without its path.
        ///
        /// 1 to 255 characters.
        #[serde(rename = "originalName")]
        #[validate(min_length = 1, max_length = 255)]
        pub original_name: String,
        /// The media type, without parameters.
        ///
        /// 1 to 127 characters.
        #[serde(rename = "mimeType")]
        #[validate(min_length = 1, max_length = 127)]
        pub mime_type: String,
        /// The size in bytes.
        ///
        /// At least 0, at most 10485760.
        #[validate(minimum = 0, maximum = 10485760)]
        pub size: i64,
        /// The width of an image in pixels, as displayed; `null` for other files, and if the image does not give its size.
        ///
        /// Since 1.2.0.
        ///
        /// At least 1, at most 2147483647.
        #[validate(minimum = 1, maximum = 2147483647)]
        pub width: Option<i64>,
        /// The height of an image in pixels, as displayed; `null` if `width` is.
        ///
        /// Since 1.2.0.
        ///
        /// At least 1, at most 2147483647.
        #[validate(minimum = 1, maximum = 2147483647)]
        pub height: Option<i64>,
        /// The address of its bytes. It cannot be guessed, and needs no token.
        ///
        /// 1 to 2048 characters.
        #[validate(min_length = 1, max_length = 2048)]
        pub url: String,
        /// A point in time, RFC 3339 in UTC with milliseconds.
        #[serde(rename = "createdAt")]
        pub created_at: Timestamp,
    }

    /// One of the caller's own uploads. Only its `id` counts; the server ignores the other fields.
    ///
    /// ```json
    /// {
    ///   "id": "attachment_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct AttachmentRef {
        /// The id of an upload.
        pub id: AttachmentId,
    }

    /// A channel or a conversation, with its members.
    ///
    /// ```json
    /// {
    ///   "id": "general",
    ///   "name": "general",
    ///   "members": [
    ///     {
    ///       "id": "alice",
    ///       "name": "Alice",
    ///       "image": null
    ///     }
    ///   ],
    ///   "memberCount": 1
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct RoomInfo {
        /// The id of the channel or conversation.
        ///
        /// 1 to 128 characters.
        #[validate(min_length = 1, max_length = 128)]
        pub id: String,
        /// The channel's name; `null` for a conversation.
        ///
        /// 1 to 200 characters.
        #[validate(min_length = 1, max_length = 200)]
        pub name: Option<String>,
        /// `members`.
        pub members: Vec<User>,
        /// The number of members.
        ///
        /// Since 1.2.0.
        ///
        /// At least 0.
        #[serde(rename = "memberCount")]
        #[validate(minimum = 0)]
        pub member_count: i64,
    }

    /// The user of a renewed connection, and its new expiry.
    ///
    /// ```json
    /// {
    ///   "userId": "alice",
    ///   "expiresAt": "2026-01-31T09:30:00.000Z"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Renewal {
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// When the new token expires, and the connection with it.
        #[serde(rename = "expiresAt")]
        pub expires_at: Timestamp,
    }

    /// A failure, and its cause.
    ///
    /// ```json
    /// {
    ///   "message": "Access denied to channel",
    ///   "code": "access_denied",
    ///   "event": "join_channel",
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Error {
        /// A description for people.
        ///
        /// At most 200 characters.
        #[validate(max_length = 200)]
        pub message: String,
        /// A code for programs.
        ///
        /// At most 64 characters.
        #[validate(max_length = 64)]
        pub code: String,
        /// The client event that failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub event: Option<String>,
        /// Every rule that the payload violates.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub details: Option<Vec<Violation>>,
        /// The milliseconds to wait before a retry can succeed.
        ///
        /// At least 0.
        #[serde(rename = "retryAfterMs", default, skip_serializing_if = "Option::is_none")]
        #[validate(minimum = 0)]
        pub retry_after_ms: Option<i64>,
        /// The channel, as the payload named it.
        ///
        /// Since 1.2.0.
        ///
        /// At most 128 characters.
        #[serde(rename = "channelId", default, skip_serializing_if = "Option::is_none")]
        #[validate(max_length = 128)]
        pub channel_id: Option<String>,
        /// The conversation, as the payload named it.
        ///
        /// Since 1.2.0.
        ///
        /// At most 128 characters.
        #[serde(rename = "conversationId", default, skip_serializing_if = "Option::is_none")]
        #[validate(max_length = 128)]
        pub conversation_id: Option<String>,
    }

    /// A rule that a payload violates.
    ///
    /// ```json
    /// {
    ///   "path": "/content",
    ///   "message": "is required"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Violation {
        /// The place in the payload, as a JSON Pointer (RFC 6901).
        ///
        /// At most 256 characters.
        #[validate(max_length = 256)]
        pub path: String,
        /// A description of the violation.
        ///
        /// At most 500 characters.
        #[validate(max_length = 500)]
        pub message: String,
    }

    /// How far a member has read.
    ///
    /// ```json
    /// {
    ///   "userId": "bob",
    ///   "messageId": "message_123",
    ///   "readAt": "2026-01-31T09:33:00.000Z"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ReadReceipt {
        /// The reader's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// The last message that was read. It may have been deleted since.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// When it was read.
        #[serde(rename = "readAt")]
        pub read_at: Timestamp,
    }

    /// A user, and whether the user is online.
    ///
    /// ```json
    /// {
    ///   "userId": "alice",
    ///   "status": "online"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct UserPresence {
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// The status of a user, `online` while at least one of the user's sockets is connected.
        pub status: PresenceStatus,
    }

    /// The status of a user, `online` while at least one of the user's sockets is connected.
    ///
    /// ```json
    /// "online"
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
    pub enum PresenceStatus {
        /// `online`
        #[serde(rename = "online")]
        Online,
        /// `offline`
        #[serde(rename = "offline")]
        Offline,
    }

    /// The number of a page, from 1.
    ///
    /// At least 1, at most 9007199254740991.
    ///
    /// ```json
    /// 1
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
    #[serde(transparent)]
    #[validate(minimum = 1, maximum = 9007199254740991)]
    pub struct Page(pub i64);

    /// The number of items of a page; 50 by default.
    ///
    /// At least 1, at most 100.
    ///
    /// ```json
    /// 50
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
    #[serde(transparent)]
    #[validate(minimum = 1, maximum = 100)]
    pub struct PageSize(pub i64);

    /// The number of rooms of a page; 100 by default.
    ///
    /// At least 1, at most 1000.
    ///
    /// ```json
    /// 100
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
    #[serde(transparent)]
    #[validate(minimum = 1, maximum = 1000)]
    pub struct RoomPageSize(pub i64);

    /// The place at which to continue a list of rooms; a `nextCursor` from the server.
    ///
    /// 1 to 1024 characters.
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(min_length = 1, max_length = 1024)]
    pub struct RoomCursor(pub String);

    /// The place at which to continue a list; a `nextCursor` from the server.
    ///
    /// 1 to 256 characters.
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(min_length = 1, max_length = 256)]
    pub struct Cursor(pub String);

    /// A number of sockets.
    ///
    /// At least 0.
    ///
    /// ```json
    /// 2
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
    #[serde(transparent)]
    #[validate(minimum = 0)]
    pub struct Count(pub i64);

    /// The place of a page in a list.
    ///
    /// ```json
    /// {
    ///   "page": 1,
    ///   "limit": 50,
    ///   "total": 1,
    ///   "pages": 1
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Pagination {
        /// The number of this page, from 1.
        ///
        /// At least 1.
        #[validate(minimum = 1)]
        pub page: i64,
        /// The number of items of a page.
        ///
        /// At least 1, at most 100.
        #[validate(minimum = 1, maximum = 100)]
        pub limit: i64,
        /// The number of items in total.
        ///
        /// At least 0.
        #[validate(minimum = 0)]
        pub total: i64,
        /// The number of pages in total.
        ///
        /// At least 0.
        #[validate(minimum = 0)]
        pub pages: i64,
    }

    /// A page of history, newest first.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MessagePage {
        /// `messages`.
        ///
        /// At most 100 items.
        #[validate(max_items = 100)]
        pub messages: Vec<Message>,
        /// The place of a page in a list.
        pub pagination: Pagination,
        /// The value of `before` for the next page; `null` on the last page.
        ///
        /// At most 256 characters.
        #[serde(rename = "nextCursor")]
        #[validate(max_length = 256)]
        pub next_cursor: Option<String>,
        /// The room's position when the page was read. Joining with it as `since` leaves neither a gap nor an overlap.
        ///
        /// Since 1.2.0.
        pub position: Position,
    }

    /// A page of history, newest first.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectMessagePage {
        /// `messages`.
        ///
        /// At most 100 items.
        #[validate(max_items = 100)]
        pub messages: Vec<DirectMessage>,
        /// The place of a page in a list.
        pub pagination: Pagination,
        /// The value of `before` for the next page; `null` on the last page.
        ///
        /// At most 256 characters.
        #[serde(rename = "nextCursor")]
        #[validate(max_length = 256)]
        pub next_cursor: Option<String>,
        /// The room's position when the page was read. Joining with it as `since` leaves neither a gap nor an overlap.
        ///
        /// Since 1.2.0.
        pub position: Position,
    }

    /// The load of the server.
    ///
    /// ```json
    /// {
    ///   "totalConnections": 2,
    ///   "channels": {
    ///     "general": 2
    ///   },
    ///   "conversations": {},
    ///   "uptimeSeconds": 60,
    ///   "protocol": {
    ///     "name": "chat",
    ///     "version": "1.2.0"
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Stats {
        /// The number of connected sockets.
        ///
        /// At least 0.
        #[serde(rename = "totalConnections")]
        #[validate(minimum = 0)]
        pub total_connections: i64,
        /// The number of joined sockets by channel: the caller's channels, or all channels for an administrator.
        pub channels: BTreeMap<String, Count>,
        /// The number of joined sockets by conversation: the caller's conversations, or all for an administrator.
        pub conversations: BTreeMap<String, Count>,
        /// The time since the server started, in seconds.
        ///
        /// At least 0.
        #[serde(rename = "uptimeSeconds")]
        #[validate(minimum = 0)]
        pub uptime_seconds: i64,
        /// The protocol that this server speaks.
        pub protocol: StatsProtocol,
    }

    /// The health of the server.
    ///
    /// ```json
    /// {
    ///   "status": "ok"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Status {
        /// Always `ok`; a server that is not well answers with an error.
        ///
        /// Always `ok`.
        #[validate(constant = "ok")]
        pub status: String,
    }

    /// The protocol that this server speaks.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct StatsProtocol {
        /// The protocol's name.
        ///
        /// At most 64 characters.
        #[validate(max_length = 64)]
        pub name: String,
        /// The protocol's version.
        ///
        /// At most 64 characters.
        #[validate(max_length = 64)]
        pub version: String,
    }

    /// The payload of `authenticate`.
    ///
    /// ```json
    /// {
    ///   "token": "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6ImFsaWNlIiwiZXhwIjoxNzY5ODUxODAwfQ.c2lnbmF0dXJl"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Authenticate {
        /// The token, a JSON Web Token.
        ///
        /// At most 16384 characters.
        #[validate(max_length = 16384)]
        pub token: String,
    }

    /// The payload of `authenticated`.
    ///
    /// ```json
    /// {
    ///   "userId": "alice",
    ///   "user": {
    ///     "id": "alice",
    ///     "name": "Alice",
    ///     "image": null
    ///   },
    ///   "protocol": {
    ///     "name": "chat",
    ///     "version": "1.2.0"
    ///   },
    ///   "expiresAt": "2026-01-31T09:30:00.000Z"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Authenticated {
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// A user, as other users see it.
        pub user: User,
        /// The protocol that this server speaks.
        pub protocol: AuthenticatedProtocol,
        /// When the token expires, and the connection with it.
        ///
        /// Since 1.2.0.
        #[serde(rename = "expiresAt")]
        pub expires_at: Timestamp,
    }

    /// The protocol that this server speaks.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct AuthenticatedProtocol {
        /// The protocol's name.
        ///
        /// At most 64 characters.
        #[validate(max_length = 64)]
        pub name: String,
        /// The protocol's version.
        ///
        /// At most 64 characters.
        #[validate(max_length = 64)]
        pub version: String,
    }

    /// The payload of `join_channel`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct JoinChannel {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The position that the client has reached. The server first sends every later event.
        ///
        /// Since 1.2.0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub since: Option<Position>,
    }

    /// The payload of `leave_channel`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct LeaveChannel {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `joined_channel`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123",
    ///   "position": {
    ///     "epoch": "7c1f0f3a9d2e4b56",
    ///     "seq": 41
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct JoinedChannel {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The position at which the socket joined. It receives every later event.
        ///
        /// Since 1.2.0.
        pub position: Position,
    }

    /// The payload of `caught_up`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123",
    ///   "position": {
    ///     "epoch": "7c1f0f3a9d2e4b56",
    ///     "seq": 42
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct CaughtUp {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The position up to which the client has every event.
        pub position: Position,
    }

    /// The payload of `left_channel`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct LeftChannel {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `member_added`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123",
    ///   "user": {
    ///     "id": "carol",
    ///     "name": "Carol",
    ///     "image": null
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MemberAdded {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The new member.
        pub user: User,
    }

    /// The payload of `member_removed`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123",
    ///   "userId": "carol"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MemberRemoved {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The former member's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `members_changed`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MembersChanged {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `channel_added`.
    ///
    /// ```json
    /// {
    ///   "channel": {
    ///     "id": "channel_123",
    ///     "name": "general",
    ///     "members": [
    ///       {
    ///         "id": "alice",
    ///         "name": "Alice",
    ///         "image": null
    ///       }
    ///     ],
    ///     "memberCount": 1
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ChannelAdded {
        /// The channel, with its first 100 members.
        pub channel: RoomInfo,
    }

    /// The payload of `channel_removed`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ChannelRemoved {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `join_conversation`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct JoinConversation {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The position that the client has reached. The server first sends every later event.
        ///
        /// Since 1.2.0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub since: Option<Position>,
    }

    /// The payload of `leave_conversation`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct LeaveConversation {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `conversation_joined`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123",
    ///   "position": {
    ///     "epoch": "7c1f0f3a9d2e4b56",
    ///     "seq": 41
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ConversationJoined {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The position at which the socket joined. It receives every later event.
        ///
        /// Since 1.2.0.
        pub position: Position,
    }

    /// The payload of `conversation_caught_up`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123",
    ///   "position": {
    ///     "epoch": "7c1f0f3a9d2e4b56",
    ///     "seq": 42
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ConversationCaughtUp {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The position up to which the client has every event.
        pub position: Position,
    }

    /// The payload of `conversation_left`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ConversationLeft {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `direct_member_added`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123",
    ///   "user": {
    ///     "id": "carol",
    ///     "name": "Carol",
    ///     "image": null
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectMemberAdded {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The new member.
        pub user: User,
    }

    /// The payload of `direct_member_removed`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123",
    ///   "userId": "carol"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectMemberRemoved {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The former member's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `direct_members_changed`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectMembersChanged {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `conversation_added`.
    ///
    /// ```json
    /// {
    ///   "conversation": {
    ///     "id": "conversation_123",
    ///     "name": null,
    ///     "members": [
    ///       {
    ///         "id": "alice",
    ///         "name": "Alice",
    ///         "image": null
    ///       }
    ///     ],
    ///     "memberCount": 1
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ConversationAdded {
        /// The conversation, with its first 100 members.
        pub conversation: RoomInfo,
    }

    /// The payload of `conversation_removed`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ConversationRemoved {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `send_message`.
    ///
    /// ```json
    /// {
    ///   "content": "Hello, world!",
    ///   "channelId": "channel_123",
    ///   "replyToId": "message_456",
    ///   "attachments": [],
    ///   "clientId": "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    #[validate(
        rule(
            name = "something_to_say",
            path = "/content",
            message = "must not be empty unless there are attachments",
            test = any(
                field(
                    "content",
                    pattern = r"[^[\t\n\x0B\x0C\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]\p{Cc}\p{Default_Ignorable_Code_Point}\x{2800}]"
                ),
                all(present("attachments"), field("attachments", min_items = 1))
            )
        )
    )]
    pub struct SendMessage {
        /// The text. May be empty if there are attachments.
        pub content: MessageText,
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The message that this one replies to.
        #[serde(rename = "replyToId", default, skip_serializing_if = "Option::is_none")]
        pub reply_to_id: Option<MessageId>,
        /// Uploads to send along.
        ///
        /// At most 10 items.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[validate(max_items = 10)]
        pub attachments: Option<Vec<AttachmentRef>>,
        /// An id that the client chooses. If the client repeats the event with the same id, the message is sent only once.
        ///
        /// Since 1.2.0.
        #[serde(rename = "clientId", default, skip_serializing_if = "Option::is_none")]
        pub client_id: Option<ClientId>,
    }

    /// The payload of `edit_message`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "content": "Updated content",
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct EditMessage {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// The new text of an edited message. It must have a visible character unless the message has attachments.
        pub content: EditedText,
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `delete_message`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DeleteMessage {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `forward_message`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "channelId": "source_channel_123",
    ///   "targetChannelId": "target_channel_456",
    ///   "clientId": "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ForwardMessage {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// The channel that the message is in.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The channel to forward it to.
        #[serde(rename = "targetChannelId")]
        pub target_channel_id: ChannelId,
        /// An id that the client chooses. If the client repeats the event with the same id, the message is sent only once.
        ///
        /// Since 1.2.0.
        #[serde(rename = "clientId", default, skip_serializing_if = "Option::is_none")]
        pub client_id: Option<ClientId>,
    }

    /// The payload of `message_edited`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "content": "Updated content",
    ///   "channelId": "channel_123",
    ///   "updatedAt": "2026-01-31T09:31:00.000Z"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MessageEdited {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// A message's text, counted in Unicode code points.
        pub content: MessageText,
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// A point in time, RFC 3339 in UTC with milliseconds.
        #[serde(rename = "updatedAt")]
        pub updated_at: Timestamp,
    }

    /// The payload of `message_deleted`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MessageDeleted {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `message_forwarded`.
    ///
    /// ```json
    /// {
    ///   "originalMessage": {
    ///     "id": "message_123",
    ///     "content": "Hello, world!",
    ///     "channelId": "source_channel_123",
    ///     "userId": "alice",
    ///     "createdAt": "2026-01-31T09:30:00.000Z",
    ///     "updatedAt": "2026-01-31T09:30:00.000Z",
    ///     "replyToId": null,
    ///     "user": {
    ///       "id": "alice",
    ///       "name": "Alice",
    ///       "image": null
    ///     },
    ///     "replyTo": null,
    ///     "attachments": [],
    ///     "reactions": [],
    ///     "reactionCounts": [],
    ///     "clientId": null
    ///   },
    ///   "targetChannelId": "target_channel_456",
    ///   "message": {
    ///     "id": "message_789",
    ///     "content": "Hello, world!",
    ///     "channelId": "target_channel_456",
    ///     "userId": "bob",
    ///     "createdAt": "2026-01-31T09:32:00.000Z",
    ///     "updatedAt": "2026-01-31T09:32:00.000Z",
    ///     "replyToId": null,
    ///     "user": {
    ///       "id": "bob",
    ///       "name": "Bob",
    ///       "image": null
    ///     },
    ///     "replyTo": null,
    ///     "attachments": [],
    ///     "reactions": [],
    ///     "reactionCounts": [],
    ///     "clientId": null
    ///   },
    ///   "forwardedBy": {
    ///     "id": "bob",
    ///     "name": "Bob",
    ///     "image": null
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MessageForwarded {
        /// The message that was forwarded.
        #[serde(rename = "originalMessage")]
        pub original_message: Message,
        /// A channel's id.
        #[serde(rename = "targetChannelId")]
        pub target_channel_id: ChannelId,
        /// The new message.
        pub message: Message,
        /// A user, as other users see it.
        #[serde(rename = "forwardedBy")]
        pub forwarded_by: User,
    }

    /// The payload of `send_direct_message`.
    ///
    /// ```json
    /// {
    ///   "content": "Hello, how are you?",
    ///   "conversationId": "conversation_123",
    ///   "replyToId": "message_456",
    ///   "attachments": [],
    ///   "clientId": "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    #[validate(
        rule(
            name = "something_to_say",
            path = "/content",
            message = "must not be empty unless there are attachments",
            test = any(
                field(
                    "content",
                    pattern = r"[^[\t\n\x0B\x0C\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]\p{Cc}\p{Default_Ignorable_Code_Point}\x{2800}]"
                ),
                all(present("attachments"), field("attachments", min_items = 1))
            )
        )
    )]
    pub struct SendDirectMessage {
        /// The text. May be empty if there are attachments.
        pub content: MessageText,
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The message that this one replies to.
        #[serde(rename = "replyToId", default, skip_serializing_if = "Option::is_none")]
        pub reply_to_id: Option<MessageId>,
        /// Uploads to send along.
        ///
        /// At most 10 items.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[validate(max_items = 10)]
        pub attachments: Option<Vec<AttachmentRef>>,
        /// An id that the client chooses. If the client repeats the event with the same id, the message is sent only once.
        ///
        /// Since 1.2.0.
        #[serde(rename = "clientId", default, skip_serializing_if = "Option::is_none")]
        pub client_id: Option<ClientId>,
    }

    /// The payload of `edit_direct_message`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "content": "Updated content",
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct EditDirectMessage {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// The new text of an edited message. It must have a visible character unless the message has attachments.
        pub content: EditedText,
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `delete_direct_message`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DeleteDirectMessage {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `forward_to_direct`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "targetConversationId": "target_conversation_456",
    ///   "clientId": "0d6f8a54-31f5-4b53-9f0e-5a0a3d0c2b11"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ForwardToDirect {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// The conversation to forward it to.
        #[serde(rename = "targetConversationId")]
        pub target_conversation_id: ConversationId,
        /// An id that the client chooses. If the client repeats the event with the same id, the message is sent only once.
        ///
        /// Since 1.2.0.
        #[serde(rename = "clientId", default, skip_serializing_if = "Option::is_none")]
        pub client_id: Option<ClientId>,
    }

    /// The payload of `direct_message_edited`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "content": "Updated content",
    ///   "conversationId": "conversation_123",
    ///   "updatedAt": "2026-01-31T09:31:00.000Z"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectMessageEdited {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// A message's text, counted in Unicode code points.
        pub content: MessageText,
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// A point in time, RFC 3339 in UTC with milliseconds.
        #[serde(rename = "updatedAt")]
        pub updated_at: Timestamp,
    }

    /// The payload of `direct_message_deleted`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectMessageDeleted {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `message_forwarded_to_direct`.
    ///
    /// ```json
    /// {
    ///   "originalMessage": {
    ///     "id": "message_123",
    ///     "content": "Hello, world!",
    ///     "channelId": "source_channel_123",
    ///     "conversationId": null,
    ///     "userId": "alice",
    ///     "createdAt": "2026-01-31T09:30:00.000Z",
    ///     "updatedAt": "2026-01-31T09:30:00.000Z",
    ///     "replyToId": null,
    ///     "user": {
    ///       "id": "alice",
    ///       "name": "Alice",
    ///       "image": null
    ///     },
    ///     "attachments": []
    ///   },
    ///   "targetConversationId": "target_conversation_456",
    ///   "message": {
    ///     "id": "message_789",
    ///     "content": "Hello, world!",
    ///     "conversationId": "target_conversation_456",
    ///     "userId": "bob",
    ///     "createdAt": "2026-01-31T09:32:00.000Z",
    ///     "updatedAt": "2026-01-31T09:32:00.000Z",
    ///     "replyToId": null,
    ///     "user": {
    ///       "id": "bob",
    ///       "name": "Bob",
    ///       "image": null
    ///     },
    ///     "replyTo": null,
    ///     "attachments": [],
    ///     "reactions": [],
    ///     "reactionCounts": [],
    ///     "clientId": null
    ///   },
    ///   "forwardedBy": {
    ///     "id": "bob",
    ///     "name": "Bob",
    ///     "image": null
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MessageForwardedToDirect {
        /// A message that was forwarded, as it was in its channel or conversation.
        #[serde(rename = "originalMessage")]
        pub original_message: OriginalMessage,
        /// A conversation's id.
        #[serde(rename = "targetConversationId")]
        pub target_conversation_id: ConversationId,
        /// The new message.
        pub message: DirectMessage,
        /// A user, as other users see it.
        #[serde(rename = "forwardedBy")]
        pub forwarded_by: User,
    }

    /// The payload of `add_reaction`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "emoji": "👍",
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct AddReaction {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// An emoji, or a short name of one.
        pub emoji: Emoji,
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `remove_reaction`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "emoji": "👍",
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct RemoveReaction {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// An emoji, or a short name of one.
        pub emoji: Emoji,
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `add_direct_reaction`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "emoji": "👍",
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct AddDirectReaction {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// An emoji, or a short name of one.
        pub emoji: Emoji,
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `remove_direct_reaction`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "emoji": "👍",
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct RemoveDirectReaction {
        /// A message's id. Ids sort by creation time.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// An emoji, or a short name of one.
        pub emoji: Emoji,
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `typing_start`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct TypingStart {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `typing_stop`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct TypingStop {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `direct_typing_start`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectTypingStart {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `direct_typing_stop`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectTypingStop {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `typing_started`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123",
    ///   "userId": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct TypingStarted {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The user who is typing or has stopped.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `typing_stopped`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123",
    ///   "userId": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct TypingStopped {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The user who is typing or has stopped.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `direct_typing_started`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123",
    ///   "userId": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectTypingStarted {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The user who is typing or has stopped.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `direct_typing_stopped`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123",
    ///   "userId": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectTypingStopped {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The user who is typing or has stopped.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `mark_read`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MarkRead {
        /// The last message that was read.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The payload of `mark_direct_read`.
    ///
    /// ```json
    /// {
    ///   "messageId": "message_123",
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MarkDirectRead {
        /// The last message that was read.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The payload of `message_read`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123",
    ///   "userId": "bob",
    ///   "messageId": "message_123",
    ///   "readAt": "2026-01-31T09:33:00.000Z"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MessageRead {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The reader's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// The last message that was read.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// When it was read.
        #[serde(rename = "readAt")]
        pub read_at: Timestamp,
    }

    /// The payload of `direct_message_read`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123",
    ///   "userId": "bob",
    ///   "messageId": "message_123",
    ///   "readAt": "2026-01-31T09:33:00.000Z"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DirectMessageRead {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The reader's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// The last message that was read.
        #[serde(rename = "messageId")]
        pub message_id: MessageId,
        /// When it was read.
        #[serde(rename = "readAt")]
        pub read_at: Timestamp,
    }

    /// The payload of `watch_presence`.
    ///
    /// ```json
    /// {
    ///   "userId": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct WatchPresence {
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `unwatch_presence`.
    ///
    /// ```json
    /// {
    ///   "userId": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct UnwatchPresence {
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `get_presence`.
    ///
    /// ```json
    /// {
    ///   "userId": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct GetPresence {
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `presence_watched`.
    ///
    /// ```json
    /// {
    ///   "userId": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct PresenceWatched {
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `presence_unwatched`.
    ///
    /// ```json
    /// {
    ///   "userId": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct PresenceUnwatched {
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The payload of `pong`.
    ///
    /// ```json
    /// {
    ///   "timestamp": 1769851800000
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Pong {
        /// The server's clock, in milliseconds since 1970-01-01T00:00:00Z.
        ///
        /// At least 0.
        #[validate(minimum = 0)]
        pub timestamp: i64,
    }

    /// The input of `list_messages`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123",
    ///   "limit": 50
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ListMessages {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
        /// The number of a page, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<Page>,
        /// The number of items of a page; 50 by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<PageSize>,
        /// The place at which to continue a list; a `nextCursor` from the server.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub before: Option<Cursor>,
    }

    /// The input of `list_direct_messages`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123",
    ///   "limit": 50
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ListDirectMessages {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
        /// The number of a page, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<Page>,
        /// The number of items of a page; 50 by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<PageSize>,
        /// The place at which to continue a list; a `nextCursor` from the server.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub before: Option<Cursor>,
    }

    /// The input of `list_receipts`.
    ///
    /// ```json
    /// {
    ///   "channelId": "channel_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ListReceipts {
        /// A channel's id.
        #[serde(rename = "channelId")]
        pub channel_id: ChannelId,
    }

    /// The input of `list_direct_receipts`.
    ///
    /// ```json
    /// {
    ///   "conversationId": "conversation_123"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ListDirectReceipts {
        /// A conversation's id.
        #[serde(rename = "conversationId")]
        pub conversation_id: ConversationId,
    }

    /// The input of `download_file`.
    ///
    /// ```json
    /// {
    ///   "filename": "7f9c24e8a1b04c5d.png"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DownloadFile {
        /// The file's name on the server.
        ///
        /// 1 to 255 characters.
        #[validate(min_length = 1, max_length = 255)]
        pub filename: String,
    }

    /// The input of `list_channels`.
    ///
    /// ```json
    /// {
    ///   "limit": 100
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ListChannels {
        /// The number of rooms of a page; 100 by default.
        ///
        /// Since 1.2.0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<RoomPageSize>,
        /// The place at which to continue a list of rooms; a `nextCursor` from the server.
        ///
        /// Since 1.2.0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub before: Option<RoomCursor>,
    }

    /// Optional fields of the answer of `list_channels`, next to its data.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ListChannelsBeside {
        /// The value of `before` for the next page; `null` on the last page.
        ///
        /// Since 1.2.0.
        ///
        /// At most 1024 characters.
        #[serde(rename = "nextCursor")]
        #[validate(max_length = 1024)]
        pub next_cursor: Option<String>,
    }

    /// The input of `list_conversations`.
    ///
    /// ```json
    /// {
    ///   "limit": 100
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ListConversations {
        /// The number of rooms of a page; 100 by default.
        ///
        /// Since 1.2.0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limit: Option<RoomPageSize>,
        /// The place at which to continue a list of rooms; a `nextCursor` from the server.
        ///
        /// Since 1.2.0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub before: Option<RoomCursor>,
    }

    /// Optional fields of the answer of `list_conversations`, next to its data.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ListConversationsBeside {
        /// The value of `before` for the next page; `null` on the last page.
        ///
        /// Since 1.2.0.
        ///
        /// At most 1024 characters.
        #[serde(rename = "nextCursor")]
        #[validate(max_length = 1024)]
        pub next_cursor: Option<String>,
    }

    /// The input of `put_channel`.
    ///
    /// ```json
    /// {
    ///   "id": "general",
    ///   "name": "general",
    ///   "members": [
    ///     "alice",
    ///     "bob"
    ///   ]
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct PutChannel {
        /// A channel's id.
        pub id: ChannelId,
        /// The channel's name.
        ///
        /// 1 to 200 characters; must not contain control characters.
        #[validate(
            min_length = 1,
            max_length = 200,
            pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
            violation = "must not contain control characters"
        )]
        pub name: String,
        /// Its members; all must exist.
        ///
        /// At most 10000 items.
        #[validate(max_items = 10000)]
        pub members: Vec<UserId>,
    }

    /// The input of `put_channel_member`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct PutChannelMember {
        /// A channel's id.
        pub id: ChannelId,
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The input of `delete_channel_member`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DeleteChannelMember {
        /// A channel's id.
        pub id: ChannelId,
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The input of `put_conversation`.
    ///
    /// ```json
    /// {
    ///   "id": "conversation_123",
    ///   "members": [
    ///     "alice",
    ///     "bob"
    ///   ]
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct PutConversation {
        /// A conversation's id.
        pub id: ConversationId,
        /// Its members; all must exist.
        ///
        /// At most 10000 items.
        #[validate(max_items = 10000)]
        pub members: Vec<UserId>,
    }

    /// The input of `put_conversation_member`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct PutConversationMember {
        /// A conversation's id.
        pub id: ConversationId,
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The input of `delete_conversation_member`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct DeleteConversationMember {
        /// A conversation's id.
        pub id: ConversationId,
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The input of `put_user`.
    ///
    /// ```json
    /// {
    ///   "id": "alice",
    ///   "name": "Alice",
    ///   "email": "alice@example.com",
    ///   "image": null
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct PutUser {
        /// A user's id.
        pub id: UserId,
        /// The display name.
        ///
        /// 1 to 200 characters; must not contain control characters.
        #[validate(
            min_length = 1,
            max_length = 200,
            pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
            violation = "must not contain control characters"
        )]
        pub name: String,
        /// The e-mail address.
        ///
        /// At most 320 characters; must not contain control characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[validate(
            max_length = 320,
            pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
            violation = "must not contain control characters"
        )]
        pub email: Option<String>,
        /// The URL of a picture.
        ///
        /// At most 2048 characters; must not contain control characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[validate(
            max_length = 2048,
            pattern = r"^[^\x{0}-\x{1F}\x{7F}-\x{9F}]*$",
            violation = "must not contain control characters"
        )]
        pub image: Option<String>,
    }

    /// The input of `revoke_user`.
    ///
    /// ```json
    /// {
    ///   "id": "alice"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct RevokeUser {
        /// A user's id.
        pub id: UserId,
    }
}

/// The schema's declaration of each event and operation.
pub mod specs {
    use accord_runtime::EventSpec;
    use accord_runtime::{OperationSpec, operation::Method};

    /// The handshake, and what follows it.
    pub static CONNECT: EventSpec = EventSpec {
        name: "connect",
        limit: None,
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Presence as accord_runtime::Scope>::SPEC,
                key: "userId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to connect",
    };

    /// The end of a socket, and what follows it.
    pub static DISCONNECT: EventSpec = EventSpec {
        name: "disconnect",
        limit: None,
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Presence as accord_runtime::Scope>::SPEC,
                key: "userId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to end presence",
    };

    /// Renew the connection with a new token of the same user, before the current one expires.
    ///
    /// The connection stays open until the new token expires, and `authenticated` is not emitted again. An invalid token, or another user's, changes nothing. The user's name is updated by the next connection.
    ///
    /// Since 1.2.0.
    pub static AUTHENTICATE: EventSpec = EventSpec {
        name: "authenticate",
        limit: Some(0),
        scopes: &[],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to authenticate",
    };

    /// Join a channel's room, to get its events.
    ///
    /// Since 1.0.0.
    pub static JOIN_CHANNEL: EventSpec = EventSpec {
        name: "join_channel",
        limit: Some(1),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to join channel",
    };

    /// Leave a channel's room. The membership stays.
    ///
    /// Since 1.0.0.
    pub static LEAVE_CHANNEL: EventSpec = EventSpec {
        name: "leave_channel",
        limit: Some(1),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to leave channel",
    };

    /// Join a conversation's room, to get its events.
    ///
    /// Since 1.0.0.
    pub static JOIN_CONVERSATION: EventSpec = EventSpec {
        name: "join_conversation",
        limit: Some(1),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to join conversation",
    };

    /// Leave a conversation's room. The membership stays.
    ///
    /// Since 1.0.0.
    pub static LEAVE_CONVERSATION: EventSpec = EventSpec {
        name: "leave_conversation",
        limit: Some(1),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to leave conversation",
    };

    /// Send a message to a channel.
    ///
    /// Since 1.0.0.
    pub static SEND_MESSAGE: EventSpec = EventSpec {
        name: "send_message",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: Some(0),
        idempotent: Some("clientId"),
        failure: "Failed to send message",
    };

    /// Edit the text of one's own message.
    ///
    /// The new text may be empty if the message has attachments.
    ///
    /// Since 1.0.0.
    pub static EDIT_MESSAGE: EventSpec = EventSpec {
        name: "edit_message",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: Some(0),
        idempotent: None,
        failure: "Failed to edit message",
    };

    /// Delete one's own message.
    ///
    /// Since 1.0.0.
    pub static DELETE_MESSAGE: EventSpec = EventSpec {
        name: "delete_message",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: Some(0),
        idempotent: None,
        failure: "Failed to delete message",
    };

    /// Forward a message from one channel to another, as one's own new message.
    ///
    /// Since 1.0.0.
    pub static FORWARD_MESSAGE: EventSpec = EventSpec {
        name: "forward_message",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "targetChannelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: Some(1),
        idempotent: Some("clientId"),
        failure: "Failed to forward message",
    };

    /// Send a message to a conversation.
    ///
    /// Since 1.0.0.
    pub static SEND_DIRECT_MESSAGE: EventSpec = EventSpec {
        name: "send_direct_message",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: Some(0),
        idempotent: Some("clientId"),
        failure: "Failed to send message",
    };

    /// Edit the text of one's own message.
    ///
    /// The new text may be empty if the message has attachments.
    ///
    /// Since 1.0.0.
    pub static EDIT_DIRECT_MESSAGE: EventSpec = EventSpec {
        name: "edit_direct_message",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: Some(0),
        idempotent: None,
        failure: "Failed to edit message",
    };

    /// Delete one's own message.
    ///
    /// Since 1.0.0.
    pub static DELETE_DIRECT_MESSAGE: EventSpec = EventSpec {
        name: "delete_direct_message",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: Some(0),
        idempotent: None,
        failure: "Failed to delete message",
    };

    /// Forward a message to a conversation, as one's own new message.
    ///
    /// The message may be in any of the caller's channels and conversations.
    ///
    /// Since 1.1.0.
    pub static FORWARD_TO_DIRECT: EventSpec = EventSpec {
        name: "forward_to_direct",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "targetConversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "targetConversationId",
                named_as: "conversationId",
            },
        ],
        log: Some(0),
        idempotent: Some("clientId"),
        failure: "Failed to forward message",
    };

    /// React to a message in a channel.
    ///
    /// Adding the same emoji again returns the existing reaction, and emits nothing. Emoji that differ only in the variation selectors U+FE0E and U+FE0F are the same. A user may add at most 20 different emoji to a message, and a message may have at most 50.
    ///
    /// Since 1.0.0.
    pub static ADD_REACTION: EventSpec = EventSpec {
        name: "add_reaction",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: Some(0),
        idempotent: None,
        failure: "Failed to add reaction",
    };

    /// Remove one's own reaction from a message in a channel.
    ///
    /// Since 1.0.0.
    pub static REMOVE_REACTION: EventSpec = EventSpec {
        name: "remove_reaction",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: Some(0),
        idempotent: None,
        failure: "Failed to remove reaction",
    };

    /// React to a message in a conversation.
    ///
    /// Adding the same emoji again returns the existing reaction, and emits nothing. Emoji that differ only in the variation selectors U+FE0E and U+FE0F are the same. A user may add at most 20 different emoji to a message, and a message may have at most 50.
    ///
    /// Since 1.0.0.
    pub static ADD_DIRECT_REACTION: EventSpec = EventSpec {
        name: "add_direct_reaction",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: Some(0),
        idempotent: None,
        failure: "Failed to add reaction",
    };

    /// Remove one's own reaction from a message in a conversation.
    ///
    /// Since 1.0.0.
    pub static REMOVE_DIRECT_REACTION: EventSpec = EventSpec {
        name: "remove_direct_reaction",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: Some(0),
        idempotent: None,
        failure: "Failed to remove reaction",
    };

    /// Tell the others in a channel that the caller is typing.
    ///
    /// Since 1.1.0.
    pub static TYPING_START: EventSpec = EventSpec {
        name: "typing_start",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to say who is typing",
    };

    /// Tell the others in a channel that the caller is no longer typing.
    ///
    /// Since 1.1.0.
    pub static TYPING_STOP: EventSpec = EventSpec {
        name: "typing_stop",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to say who is typing",
    };

    /// Tell the others in a conversation that the caller is typing.
    ///
    /// Since 1.1.0.
    pub static DIRECT_TYPING_START: EventSpec = EventSpec {
        name: "direct_typing_start",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to say who is typing",
    };

    /// Tell the others in a conversation that the caller is no longer typing.
    ///
    /// Since 1.1.0.
    pub static DIRECT_TYPING_STOP: EventSpec = EventSpec {
        name: "direct_typing_stop",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to say who is typing",
    };

    /// Say how far the caller has read a channel.
    ///
    /// A receipt covers a message and all earlier ones, and never goes back. The server sends no event for a receipt that goes no further than the previous one.
    ///
    /// Since 1.1.0.
    pub static MARK_READ: EventSpec = EventSpec {
        name: "mark_read",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "channelId",
                named_as: "channelId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to mark as read",
    };

    /// Say how far the caller has read a conversation.
    ///
    /// A receipt covers a message and all earlier ones, and never goes back. The server sends no event for a receipt that goes no further than the previous one.
    ///
    /// Since 1.1.0.
    pub static MARK_DIRECT_READ: EventSpec = EventSpec {
        name: "mark_direct_read",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "conversationId",
                named_as: "conversationId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to mark as read",
    };

    /// Watch a user's presence, to receive its changes.
    ///
    /// Since 1.1.0.
    pub static WATCH_PRESENCE: EventSpec = EventSpec {
        name: "watch_presence",
        limit: Some(2),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Presence as accord_runtime::Scope>::SPEC,
                key: "userId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to watch presence",
    };

    /// Stop watching a user's presence.
    ///
    /// Since 1.1.0.
    pub static UNWATCH_PRESENCE: EventSpec = EventSpec {
        name: "unwatch_presence",
        limit: Some(2),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Presence as accord_runtime::Scope>::SPEC,
                key: "userId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to unwatch presence",
    };

    /// Ask whether a user is online.
    ///
    /// Since 1.1.0.
    pub static GET_PRESENCE: EventSpec = EventSpec {
        name: "get_presence",
        limit: Some(2),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Presence as accord_runtime::Scope>::SPEC,
                key: "userId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to load presence",
    };

    /// Ask for the server's time.
    ///
    /// Since 1.0.0.
    pub static PING: EventSpec = EventSpec {
        name: "ping",
        limit: Some(0),
        scopes: &[],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to ping",
    };

    /// A channel's history, newest first.
    pub static LIST_MESSAGES: OperationSpec = OperationSpec {
        name: "list_messages",
        method: Method::GET,
        path: "/api/messages",
        auth: accord_runtime::Auth::User,
        limit: Some(3),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "channelId",
                in_path: false,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "page",
                in_path: false,
                kind: accord_runtime::ParameterKind::Number,
            },
            accord_runtime::Parameter {
                name: "limit",
                in_path: false,
                kind: accord_runtime::ParameterKind::Number,
            },
            accord_runtime::Parameter {
                name: "before",
                in_path: false,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to load messages",
    };

    /// A conversation's history, newest first.
    pub static LIST_DIRECT_MESSAGES: OperationSpec = OperationSpec {
        name: "list_direct_messages",
        method: Method::GET,
        path: "/api/conversations/{conversationId}/messages",
        auth: accord_runtime::Auth::User,
        limit: Some(3),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "conversationId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "page",
                in_path: false,
                kind: accord_runtime::ParameterKind::Number,
            },
            accord_runtime::Parameter {
                name: "limit",
                in_path: false,
                kind: accord_runtime::ParameterKind::Number,
            },
            accord_runtime::Parameter {
                name: "before",
                in_path: false,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to load messages",
    };

    /// The receipts of a channel's members, which say how far each has read. Members without a receipt are not listed.
    ///
    /// Since 1.1.0.
    pub static LIST_RECEIPTS: OperationSpec = OperationSpec {
        name: "list_receipts",
        method: Method::GET,
        path: "/api/receipts",
        auth: accord_runtime::Auth::User,
        limit: Some(3),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "channelId",
            },
        ],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "channelId",
                in_path: false,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to load receipts",
    };

    /// The receipts of a conversation's participants, which say how far each has read. Participants without a receipt are not listed.
    ///
    /// Since 1.1.0.
    pub static LIST_DIRECT_RECEIPTS: OperationSpec = OperationSpec {
        name: "list_direct_receipts",
        method: Method::GET,
        path: "/api/conversations/{conversationId}/receipts",
        auth: accord_runtime::Auth::User,
        limit: Some(3),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "conversationId",
            },
        ],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "conversationId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to load receipts",
    };

    /// Upload a file, to be attached to a message.
    ///
    /// If a file has no type, or `application/octet-stream`, the server detects the type from its bytes; text is then `text/plain`. CSV may be declared as `application/vnd.ms-excel`. A refusal says in `details` what is wrong with the file. Since 1.2.0, more types may be uploaded; an operator may narrow or widen the list.
    pub static UPLOAD_FILE: OperationSpec = OperationSpec {
        name: "upload_file",
        method: Method::POST,
        path: "/api/upload",
        auth: accord_runtime::Auth::User,
        limit: Some(3),
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[],
        body: accord_runtime::Body::Multipart {
            field: "file",
        },
        envelope: Some("data"),
        status: 201,
        failure: "Failed to upload file",
    };

    /// The bytes of an upload. Its address cannot be guessed, and needs no token.
    ///
    /// Since 1.2.0, the answer to `Range` is a part of the file, and the answer to `If-None-Match` is 304 if the client already has the file.
    pub static DOWNLOAD_FILE: OperationSpec = OperationSpec {
        name: "download_file",
        method: Method::GET,
        path: "/files/{filename}",
        auth: accord_runtime::Auth::Public,
        limit: None,
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "filename",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: None,
        status: 200,
        failure: "Failed to load file",
    };

    /// The caller's channels.
    ///
    /// All rooms with all of their members, unless `limit` or `before` (since 1.2.0) asks for a page. A page is ordered by id, and has the first 100 members of each room.
    pub static LIST_CHANNELS: OperationSpec = OperationSpec {
        name: "list_channels",
        method: Method::GET,
        path: "/api/channels",
        auth: accord_runtime::Auth::User,
        limit: Some(3),
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "limit",
                in_path: false,
                kind: accord_runtime::ParameterKind::Number,
            },
            accord_runtime::Parameter {
                name: "before",
                in_path: false,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to load channels",
    };

    /// The caller's conversations.
    ///
    /// All rooms with all of their members, unless `limit` or `before` (since 1.2.0) asks for a page. A page is ordered by id, and has the first 100 members of each room.
    pub static LIST_CONVERSATIONS: OperationSpec = OperationSpec {
        name: "list_conversations",
        method: Method::GET,
        path: "/api/conversations",
        auth: accord_runtime::Auth::User,
        limit: Some(3),
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "limit",
                in_path: false,
                kind: accord_runtime::ParameterKind::Number,
            },
            accord_runtime::Parameter {
                name: "before",
                in_path: false,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to load conversations",
    };

    /// Connections, and the rooms that sockets have joined.
    pub static GET_STATS: OperationSpec = OperationSpec {
        name: "get_stats",
        method: Method::GET,
        path: "/api/stats",
        auth: accord_runtime::Auth::User,
        limit: Some(3),
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to load stats",
    };

    /// Create a channel, or set its state. Former members leave its room at once.
    pub static PUT_CHANNEL: OperationSpec = OperationSpec {
        name: "put_channel",
        method: Method::PUT,
        path: "/api/admin/channels/{id}",
        auth: accord_runtime::Auth::Admin,
        limit: Some(3),
        scopes: &[],
        rooms: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "id",
            },
        ],
        durable: true,
        parameters: &[
            accord_runtime::Parameter {
                name: "id",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::Json,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to change channel",
    };

    /// Make a user a member of a channel.
    pub static PUT_CHANNEL_MEMBER: OperationSpec = OperationSpec {
        name: "put_channel_member",
        method: Method::PUT,
        path: "/api/admin/channels/{id}/members/{userId}",
        auth: accord_runtime::Auth::Admin,
        limit: Some(3),
        scopes: &[],
        rooms: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "id",
            },
        ],
        durable: true,
        parameters: &[
            accord_runtime::Parameter {
                name: "id",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "userId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to change channel",
    };

    /// End a user's membership of a channel. The user's sockets leave its room at once.
    pub static DELETE_CHANNEL_MEMBER: OperationSpec = OperationSpec {
        name: "delete_channel_member",
        method: Method::DELETE,
        path: "/api/admin/channels/{id}/members/{userId}",
        auth: accord_runtime::Auth::Admin,
        limit: Some(3),
        scopes: &[],
        rooms: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Channel as accord_runtime::Scope>::SPEC,
                key: "id",
            },
        ],
        durable: true,
        parameters: &[
            accord_runtime::Parameter {
                name: "id",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "userId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to change channel",
    };

    /// Create a conversation, or set its state. Former members leave its room at once.
    pub static PUT_CONVERSATION: OperationSpec = OperationSpec {
        name: "put_conversation",
        method: Method::PUT,
        path: "/api/admin/conversations/{id}",
        auth: accord_runtime::Auth::Admin,
        limit: Some(3),
        scopes: &[],
        rooms: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "id",
            },
        ],
        durable: true,
        parameters: &[
            accord_runtime::Parameter {
                name: "id",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::Json,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to change conversation",
    };

    /// Make a user a member of a conversation.
    pub static PUT_CONVERSATION_MEMBER: OperationSpec = OperationSpec {
        name: "put_conversation_member",
        method: Method::PUT,
        path: "/api/admin/conversations/{id}/members/{userId}",
        auth: accord_runtime::Auth::Admin,
        limit: Some(3),
        scopes: &[],
        rooms: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "id",
            },
        ],
        durable: true,
        parameters: &[
            accord_runtime::Parameter {
                name: "id",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "userId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to change conversation",
    };

    /// End a user's membership of a conversation. The user's sockets leave its room at once.
    pub static DELETE_CONVERSATION_MEMBER: OperationSpec = OperationSpec {
        name: "delete_conversation_member",
        method: Method::DELETE,
        path: "/api/admin/conversations/{id}/members/{userId}",
        auth: accord_runtime::Auth::Admin,
        limit: Some(3),
        scopes: &[],
        rooms: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Conversation as accord_runtime::Scope>::SPEC,
                key: "id",
            },
        ],
        durable: true,
        parameters: &[
            accord_runtime::Parameter {
                name: "id",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "userId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to change conversation",
    };

    /// Create a user, or set the user's state.
    pub static PUT_USER: OperationSpec = OperationSpec {
        name: "put_user",
        method: Method::PUT,
        path: "/api/admin/users/{id}",
        auth: accord_runtime::Auth::Admin,
        limit: Some(3),
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "id",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::Json,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to change user",
    };

    /// Revoke a user's access with all tokens issued so far.
    ///
    /// The user's connections and uploads end within a second. From then on, the server refuses the user's tokens without `iat`, and those whose `iat` is not in a later second than the revocation. Tokens that are issued later are accepted.
    ///
    /// Since 1.2.0.
    pub static REVOKE_USER: OperationSpec = OperationSpec {
        name: "revoke_user",
        method: Method::POST,
        path: "/api/admin/users/{id}/revoke",
        auth: accord_runtime::Auth::Admin,
        limit: Some(3),
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "id",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: None,
        status: 204,
        failure: "Failed to revoke user",
    };

    /// Check that the process is alive.
    pub static GET_HEALTH: OperationSpec = OperationSpec {
        name: "get_health",
        method: Method::GET,
        path: "/healthz",
        auth: accord_runtime::Auth::Public,
        limit: None,
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to check health",
    };

    /// Check that the server can serve requests: its database completes a write.
    pub static GET_READINESS: OperationSpec = OperationSpec {
        name: "get_readiness",
        method: Method::GET,
        path: "/readyz",
        auth: accord_runtime::Auth::Public,
        limit: None,
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to check readiness",
    };

    /// Metrics in Prometheus' text format.
    pub static GET_METRICS: OperationSpec = OperationSpec {
        name: "get_metrics",
        method: Method::GET,
        path: "/metrics",
        auth: accord_runtime::Auth::Public,
        limit: None,
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[],
        body: accord_runtime::Body::None,
        envelope: None,
        status: 200,
        failure: "Failed to collect metrics",
    };
}

/// The events that follow a successful handshake.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct ConnectReply {
    /// Emitted as `authenticated` to the caller.
    #[reply(emit = "authenticated", to = caller)]
    pub authenticated: Authenticated,
    /// Emitted as `presence_changed` to the presence's room that is the user's own; `None` if it does not apply.
    #[reply(emit = "presence_changed", to = room(0))]
    pub presence_changed: Option<UserPresence>,
}

/// The events that follow the end of a socket.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct DisconnectReply {
    /// Emitted as `presence_changed` to the presence's room that is the user's own; `None` if it does not apply.
    #[reply(emit = "presence_changed", to = room(0))]
    pub presence_changed: Option<UserPresence>,
}

/// The answer to `authenticate`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct AuthenticateReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: Renewal,
}

/// The answer to `join_channel`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct JoinChannelReply {
    /// Acknowledged, and emitted as `joined_channel` to the caller.
    #[reply(ack, emit = "joined_channel", to = caller)]
    pub joined_channel: JoinedChannel,
}

/// The answer to `leave_channel`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct LeaveChannelReply {
    /// Acknowledged, and emitted as `left_channel` to the caller.
    #[reply(ack, emit = "left_channel", to = caller)]
    pub left_channel: LeftChannel,
}

/// The answer to `join_conversation`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct JoinConversationReply {
    /// Acknowledged, and emitted as `conversation_joined` to the caller.
    #[reply(ack, emit = "conversation_joined", to = caller)]
    pub conversation_joined: ConversationJoined,
}

/// The answer to `leave_conversation`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct LeaveConversationReply {
    /// Acknowledged, and emitted as `conversation_left` to the caller.
    #[reply(ack, emit = "conversation_left", to = caller)]
    pub conversation_left: ConversationLeft,
}

/// The answer to `send_message`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct SendMessageReply {
    /// Acknowledged, and emitted as `new_message` to the channel's room.
    #[reply(ack, emit = "new_message", to = scope, durable)]
    pub new_message: Message,
}

/// The answer to `edit_message`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct EditMessageReply {
    /// Acknowledged, and emitted as `message_edited` to the channel's room.
    #[reply(ack, emit = "message_edited", to = scope, durable)]
    pub message_edited: MessageEdited,
}

/// The answer to `delete_message`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct DeleteMessageReply {
    /// Acknowledged, and emitted as `message_deleted` to the channel's room.
    #[reply(ack, emit = "message_deleted", to = scope, durable)]
    pub message_deleted: MessageDeleted,
}

/// The answer to `forward_message`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct ForwardMessageReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: Message,
    /// Emitted as `message_forwarded` to the room of the channel `targetChannelId`.
    #[reply(emit = "message_forwarded", to = room(1), durable)]
    pub message_forwarded: MessageForwarded,
}

/// The memberships that `forward_message` asks for in addition to its scope's.
#[derive(Clone, Debug, accord_runtime::Also)]
pub struct ForwardMessageAlso {
    /// That of the room that `targetChannelId` names.
    pub target_channel_id: accord_runtime::Member<scopes::Channel>,
}

/// The answer to `send_direct_message`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct SendDirectMessageReply {
    /// Acknowledged, and emitted as `new_direct_message` to the conversation's room.
    #[reply(ack, emit = "new_direct_message", to = scope, durable)]
    pub new_direct_message: DirectMessage,
}

/// The answer to `edit_direct_message`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct EditDirectMessageReply {
    /// Acknowledged, and emitted as `direct_message_edited` to the conversation's room.
    #[reply(ack, emit = "direct_message_edited", to = scope, durable)]
    pub direct_message_edited: DirectMessageEdited,
}

/// The answer to `delete_direct_message`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct DeleteDirectMessageReply {
    /// Acknowledged, and emitted as `direct_message_deleted` to the conversation's room.
    #[reply(ack, emit = "direct_message_deleted", to = scope, durable)]
    pub direct_message_deleted: DirectMessageDeleted,
}

/// The answer to `forward_to_direct`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct ForwardToDirectReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: DirectMessage,
    /// Emitted as `message_forwarded_to_direct` to the room of the conversation `targetConversationId`.
    #[reply(emit = "message_forwarded_to_direct", to = room(0), durable)]
    pub message_forwarded_to_direct: MessageForwardedToDirect,
}

/// The memberships that `forward_to_direct` asks for.
#[derive(Clone, Debug, accord_runtime::Also)]
pub struct ForwardToDirectAlso {
    /// That of the room that `targetConversationId` names.
    pub target_conversation_id: accord_runtime::Member<scopes::Conversation>,
}

/// The answer to `add_reaction`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct AddReactionReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: Reaction,
    /// Emitted as `reaction_added` to the channel's room; `None` if it does not apply.
    #[reply(emit = "reaction_added", to = scope, durable)]
    pub reaction_added: Option<Reaction>,
}

/// The answer to `remove_reaction`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct RemoveReactionReply {
    /// Acknowledged, and emitted as `reaction_removed` to the channel's room.
    #[reply(ack, emit = "reaction_removed", to = scope, durable)]
    pub reaction_removed: ReactionRef,
}

/// The answer to `add_direct_reaction`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct AddDirectReactionReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: Reaction,
    /// Emitted as `direct_reaction_added` to the conversation's room; `None` if it does not apply.
    #[reply(emit = "direct_reaction_added", to = scope, durable)]
    pub direct_reaction_added: Option<Reaction>,
}

/// The answer to `remove_direct_reaction`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct RemoveDirectReactionReply {
    /// Acknowledged, and emitted as `direct_reaction_removed` to the conversation's room.
    #[reply(ack, emit = "direct_reaction_removed", to = scope, durable)]
    pub direct_reaction_removed: ReactionRef,
}

/// The answer to `typing_start`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct TypingStartReply {
    /// Acknowledged, and emitted as `typing_started` to the others in the channel's room.
    #[reply(ack, emit = "typing_started", to = others)]
    pub typing_started: TypingStarted,
}

/// The answer to `typing_stop`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct TypingStopReply {
    /// Acknowledged, and emitted as `typing_stopped` to the others in the channel's room.
    #[reply(ack, emit = "typing_stopped", to = others)]
    pub typing_stopped: TypingStopped,
}

/// The answer to `direct_typing_start`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct DirectTypingStartReply {
    /// Acknowledged, and emitted as `direct_typing_started` to the others in the conversation's room.
    #[reply(ack, emit = "direct_typing_started", to = others)]
    pub direct_typing_started: DirectTypingStarted,
}

/// The answer to `direct_typing_stop`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct DirectTypingStopReply {
    /// Acknowledged, and emitted as `direct_typing_stopped` to the others in the conversation's room.
    #[reply(ack, emit = "direct_typing_stopped", to = others)]
    pub direct_typing_stopped: DirectTypingStopped,
}

/// The answer to `mark_read`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct MarkReadReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: ReadReceipt,
    /// Emitted as `message_read` to the others in the channel's room; `None` if it does not apply.
    #[reply(emit = "message_read", to = others)]
    pub message_read: Option<MessageRead>,
}

/// The answer to `mark_direct_read`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct MarkDirectReadReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: ReadReceipt,
    /// Emitted as `direct_message_read` to the others in the conversation's room; `None` if it does not apply.
    #[reply(emit = "direct_message_read", to = others)]
    pub direct_message_read: Option<DirectMessageRead>,
}

/// The answer to `watch_presence`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct WatchPresenceReply {
    /// Acknowledged, and emitted as `presence_watched` to the caller.
    #[reply(ack, emit = "presence_watched", to = caller)]
    pub presence_watched: PresenceWatched,
}

/// The answer to `unwatch_presence`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct UnwatchPresenceReply {
    /// Acknowledged, and emitted as `presence_unwatched` to the caller.
    #[reply(ack, emit = "presence_unwatched", to = caller)]
    pub presence_unwatched: PresenceUnwatched,
}

/// The answer to `get_presence`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct GetPresenceReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: UserPresence,
}

/// The answer to `ping`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct PingReply {
    /// Acknowledged, and emitted as `pong` to the caller.
    #[reply(ack, emit = "pong", to = caller)]
    pub pong: Pong,
}

/// The answer to `put_channel`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct PutChannelReply {
    /// Answered.
    #[reply(answer)]
    pub answer: RoomInfo,
    /// Emitted as `member_added` to the room of the channel `id`, once for each value.
    #[reply(emit = "member_added", to = room(0), durable)]
    pub member_added: Vec<MemberAdded>,
    /// Emitted as `member_removed` to the room of the channel `id`, once for each value.
    #[reply(emit = "member_removed", to = room(0), durable)]
    pub member_removed: Vec<MemberRemoved>,
    /// Emitted as `members_changed` to the room of the channel `id`; `None` if it does not apply.
    #[reply(emit = "members_changed", to = room(0), durable)]
    pub members_changed: Option<MembersChanged>,
}

/// The answer to `put_channel_member`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct PutChannelMemberReply {
    /// Answered.
    #[reply(answer)]
    pub answer: RoomInfo,
    /// Emitted as `member_added` to the room of the channel `id`; `None` if it does not apply.
    #[reply(emit = "member_added", to = room(0), durable)]
    pub member_added: Option<MemberAdded>,
}

/// The answer to `delete_channel_member`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct DeleteChannelMemberReply {
    /// Answered.
    #[reply(answer)]
    pub answer: RoomInfo,
    /// Emitted as `member_removed` to the room of the channel `id`; `None` if it does not apply.
    #[reply(emit = "member_removed", to = room(0), durable)]
    pub member_removed: Option<MemberRemoved>,
}

/// The answer to `put_conversation`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct PutConversationReply {
    /// Answered.
    #[reply(answer)]
    pub answer: RoomInfo,
    /// Emitted as `direct_member_added` to the room of the conversation `id`, once for each value.
    #[reply(emit = "direct_member_added", to = room(0), durable)]
    pub direct_member_added: Vec<DirectMemberAdded>,
    /// Emitted as `direct_member_removed` to the room of the conversation `id`, once for each value.
    #[reply(emit = "direct_member_removed", to = room(0), durable)]
    pub direct_member_removed: Vec<DirectMemberRemoved>,
    /// Emitted as `direct_members_changed` to the room of the conversation `id`; `None` if it does not apply.
    #[reply(emit = "direct_members_changed", to = room(0), durable)]
    pub direct_members_changed: Option<DirectMembersChanged>,
}

/// The answer to `put_conversation_member`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct PutConversationMemberReply {
    /// Answered.
    #[reply(answer)]
    pub answer: RoomInfo,
    /// Emitted as `direct_member_added` to the room of the conversation `id`; `None` if it does not apply.
    #[reply(emit = "direct_member_added", to = room(0), durable)]
    pub direct_member_added: Option<DirectMemberAdded>,
}

/// The answer to `delete_conversation_member`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct DeleteConversationMemberReply {
    /// Answered.
    #[reply(answer)]
    pub answer: RoomInfo,
    /// Emitted as `direct_member_removed` to the room of the conversation `id`; `None` if it does not apply.
    #[reply(emit = "direct_member_removed", to = room(0), durable)]
    pub direct_member_removed: Option<DirectMemberRemoved>,
}

/// Why the handshake was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ConnectError {
    /// `auth_required`: Authentication token required
    #[error(errors::AuthRequired)]
    AuthRequired,
    /// `auth_failed`: Authentication failed
    #[error(errors::AuthFailed)]
    AuthFailed,
    /// A fault on the server's side: it is logged, and the client gets "Failed to connect".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why the end of a socket was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum DisconnectError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to end presence".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `send_message` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum SendMessageError {
    /// `reply_not_found`: Original message not found or has been deleted
    #[error(errors::ReplyNotFound)]
    ReplyNotFound,
    /// `invalid_attachment`: Invalid attachment
    #[error(errors::InvalidAttachment)]
    InvalidAttachment,
    /// `idempotency_conflict`: Already sent with other content
    #[error(errors::IdempotencyConflict)]
    IdempotencyConflict,
    /// A fault on the server's side: it is logged, and the client gets "Failed to send message".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `edit_message` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum EditMessageError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `forbidden`: You can only edit your own messages
    #[error(errors::EditForbidden)]
    EditForbidden,
    /// `invalid_payload`: Invalid message data
    #[invalid]
    InvalidPayload(accord_runtime::Violation),
    /// A fault on the server's side: it is logged, and the client gets "Failed to edit message".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `delete_message` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum DeleteMessageError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `forbidden`: You can only delete your own messages
    #[error(errors::DeleteForbidden)]
    DeleteForbidden,
    /// A fault on the server's side: it is logged, and the client gets "Failed to delete message".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `forward_message` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ForwardMessageError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `idempotency_conflict`: Already sent with other content
    #[error(errors::IdempotencyConflict)]
    IdempotencyConflict,
    /// A fault on the server's side: it is logged, and the client gets "Failed to forward message".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `send_direct_message` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum SendDirectMessageError {
    /// `reply_not_found`: Original message not found or has been deleted
    #[error(errors::ReplyNotFound)]
    ReplyNotFound,
    /// `invalid_attachment`: Invalid attachment
    #[error(errors::InvalidAttachment)]
    InvalidAttachment,
    /// `idempotency_conflict`: Already sent with other content
    #[error(errors::IdempotencyConflict)]
    IdempotencyConflict,
    /// A fault on the server's side: it is logged, and the client gets "Failed to send message".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `edit_direct_message` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum EditDirectMessageError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `forbidden`: You can only edit your own messages
    #[error(errors::EditForbidden)]
    EditForbidden,
    /// `invalid_payload`: Invalid message data
    #[invalid]
    InvalidPayload(accord_runtime::Violation),
    /// A fault on the server's side: it is logged, and the client gets "Failed to edit message".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `delete_direct_message` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum DeleteDirectMessageError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `forbidden`: You can only delete your own messages
    #[error(errors::DeleteForbidden)]
    DeleteForbidden,
    /// A fault on the server's side: it is logged, and the client gets "Failed to delete message".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `forward_to_direct` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ForwardToDirectError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `idempotency_conflict`: Already sent with other content
    #[error(errors::IdempotencyConflict)]
    IdempotencyConflict,
    /// A fault on the server's side: it is logged, and the client gets "Failed to forward message".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `add_reaction` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum AddReactionError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `too_many_reactions`: Too many reactions
    #[error(errors::TooManyReactions)]
    TooManyReactions,
    /// A fault on the server's side: it is logged, and the client gets "Failed to add reaction".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `remove_reaction` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum RemoveReactionError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `not_found`: Reaction not found
    #[error(errors::ReactionNotFound)]
    ReactionNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to remove reaction".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `add_direct_reaction` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum AddDirectReactionError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `too_many_reactions`: Too many reactions
    #[error(errors::TooManyReactions)]
    TooManyReactions,
    /// A fault on the server's side: it is logged, and the client gets "Failed to add reaction".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `remove_direct_reaction` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum RemoveDirectReactionError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// `not_found`: Reaction not found
    #[error(errors::ReactionNotFound)]
    ReactionNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to remove reaction".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `typing_start` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum TypingStartError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to say who is typing".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `typing_stop` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum TypingStopError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to say who is typing".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `direct_typing_start` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum DirectTypingStartError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to say who is typing".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `direct_typing_stop` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum DirectTypingStopError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to say who is typing".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `mark_read` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum MarkReadError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to mark as read".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `mark_direct_read` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum MarkDirectReadError {
    /// `not_found`: Message not found
    #[error(errors::MessageNotFound)]
    MessageNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to mark as read".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `get_presence` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum GetPresenceError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to load presence".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `ping` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum PingError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to ping".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `list_messages` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ListMessagesError {
    /// `invalid_payload`: Invalid message data
    #[invalid]
    InvalidPayload(accord_runtime::Violation),
    /// A fault on the server's side: it is logged, and the client gets "Failed to load messages".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `list_direct_messages` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ListDirectMessagesError {
    /// `invalid_payload`: Invalid message data
    #[invalid]
    InvalidPayload(accord_runtime::Violation),
    /// A fault on the server's side: it is logged, and the client gets "Failed to load messages".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `list_receipts` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ListReceiptsError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to load receipts".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `list_direct_receipts` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ListDirectReceiptsError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to load receipts".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `upload_file` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum UploadFileError {
    /// `invalid_payload`: Invalid message data
    #[invalid]
    InvalidPayload(accord_runtime::Violation),
    /// `too_large`: File too large
    #[error(errors::TooLarge)]
    TooLarge(accord_runtime::Violation),
    /// `unsupported_type`: Unsupported file type
    #[error(errors::UnsupportedType)]
    UnsupportedType(accord_runtime::Violation),
    /// `quota_exceeded`: Upload quota exceeded
    #[error(errors::QuotaExceeded)]
    QuotaExceeded(accord_runtime::Violation),
    /// A fault on the server's side: it is logged, and the client gets "Failed to upload file".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `download_file` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum DownloadFileError {
    /// `not_found`: File not found
    #[error(errors::FileNotFound)]
    FileNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to load file".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `list_channels` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ListChannelsError {
    /// `invalid_payload`: Invalid message data
    #[invalid]
    InvalidPayload(accord_runtime::Violation),
    /// A fault on the server's side: it is logged, and the client gets "Failed to load channels".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `list_conversations` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ListConversationsError {
    /// `invalid_payload`: Invalid message data
    #[invalid]
    InvalidPayload(accord_runtime::Violation),
    /// A fault on the server's side: it is logged, and the client gets "Failed to load conversations".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `get_stats` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum GetStatsError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to load stats".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `put_channel` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum PutChannelError {
    /// `not_found`: User not found
    #[error(errors::UserNotFound)]
    UserNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to change channel".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `put_channel_member` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum PutChannelMemberError {
    /// `not_found`: Room not found
    #[error(errors::RoomNotFound)]
    RoomNotFound,
    /// `not_found`: User not found
    #[error(errors::UserNotFound)]
    UserNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to change channel".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `delete_channel_member` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum DeleteChannelMemberError {
    /// `not_found`: Room not found
    #[error(errors::RoomNotFound)]
    RoomNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to change channel".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `put_conversation` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum PutConversationError {
    /// `not_found`: User not found
    #[error(errors::UserNotFound)]
    UserNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to change conversation".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `put_conversation_member` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum PutConversationMemberError {
    /// `not_found`: Room not found
    #[error(errors::RoomNotFound)]
    RoomNotFound,
    /// `not_found`: User not found
    #[error(errors::UserNotFound)]
    UserNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to change conversation".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `delete_conversation_member` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum DeleteConversationMemberError {
    /// `not_found`: Room not found
    #[error(errors::RoomNotFound)]
    RoomNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to change conversation".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `put_user` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum PutUserError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to change user".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `revoke_user` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum RevokeUserError {
    /// `not_found`: User not found
    #[error(errors::UserNotFound)]
    UserNotFound,
    /// A fault on the server's side: it is logged, and the client gets "Failed to revoke user".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `get_health` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum GetHealthError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to check health".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `get_readiness` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum GetReadinessError {
    /// `unavailable`: Service unavailable
    #[error(errors::Unavailable)]
    Unavailable,
    /// A fault on the server's side: it is logged, and the client gets "Failed to check readiness".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `get_metrics` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum GetMetricsError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to collect metrics".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// The business logic that follows the beginning and the end of a socket.
#[accord_runtime::handlers]
pub trait Connection {
    /// Authenticates the socket by its token.
    ///
    /// The server takes the token from `auth.token`, or else from the query parameter `token`, and the version of the protocol that the client speaks from `auth.protocol`. A refused handshake reaches the client as `connect_error` with the error's message.
    ///
    /// # Errors
    /// - `auth_required`: Authentication token required
    /// - `auth_failed`: Authentication failed
    #[connect(specs::CONNECT)]
    async fn connect(&self, call: Call) -> Result<ConnectReply, ConnectError>;

    /// When a user's last socket disconnects, the user goes offline.
    #[disconnect(specs::DISCONNECT)]
    async fn disconnect(&self, call: Call) -> Result<DisconnectReply, DisconnectError>;
}

/// Messages in channels.
#[accord_runtime::handlers]
pub trait Messages {
    /// Send a message to a channel.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `reply_not_found`: Original message not found or has been deleted
    /// - `invalid_attachment`: Invalid attachment
    /// - `idempotency_conflict`: Already sent with other content
    #[event(specs::SEND_MESSAGE)]
    async fn send_message(
        &self,
        call: Call<scopes::Channel>,
        payload: SendMessage,
    ) -> Result<accord_runtime::Logged<SendMessageReply>, SendMessageError>;

    /// Edit the text of one's own message.
    ///
    /// The new text may be empty if the message has attachments.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `forbidden`: You can only edit your own messages
    /// - `invalid_payload`: Invalid message data
    #[event(specs::EDIT_MESSAGE)]
    async fn edit_message(
        &self,
        call: Call<scopes::Channel>,
        payload: EditMessage,
    ) -> Result<accord_runtime::Logged<EditMessageReply>, EditMessageError>;

    /// Delete one's own message.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `forbidden`: You can only delete your own messages
    #[event(specs::DELETE_MESSAGE)]
    async fn delete_message(
        &self,
        call: Call<scopes::Channel>,
        payload: DeleteMessage,
    ) -> Result<accord_runtime::Logged<DeleteMessageReply>, DeleteMessageError>;

    /// Forward a message from one channel to another, as one's own new message.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `idempotency_conflict`: Already sent with other content
    #[event(specs::FORWARD_MESSAGE)]
    async fn forward_message(
        &self,
        call: Call<scopes::Channel, ForwardMessageAlso>,
        payload: ForwardMessage,
    ) -> Result<accord_runtime::Logged<ForwardMessageReply>, ForwardMessageError>;
}

/// Messages in conversations.
#[accord_runtime::handlers]
pub trait DirectMessages {
    /// Send a message to a conversation.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `reply_not_found`: Original message not found or has been deleted
    /// - `invalid_attachment`: Invalid attachment
    /// - `idempotency_conflict`: Already sent with other content
    #[event(specs::SEND_DIRECT_MESSAGE)]
    async fn send_direct_message(
        &self,
        call: Call<scopes::Conversation>,
        payload: SendDirectMessage,
    ) -> Result<accord_runtime::Logged<SendDirectMessageReply>, SendDirectMessageError>;

    /// Edit the text of one's own message.
    ///
    /// The new text may be empty if the message has attachments.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `forbidden`: You can only edit your own messages
    /// - `invalid_payload`: Invalid message data
    #[event(specs::EDIT_DIRECT_MESSAGE)]
    async fn edit_direct_message(
        &self,
        call: Call<scopes::Conversation>,
        payload: EditDirectMessage,
    ) -> Result<accord_runtime::Logged<EditDirectMessageReply>, EditDirectMessageError>;

    /// Delete one's own message.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `forbidden`: You can only delete your own messages
    #[event(specs::DELETE_DIRECT_MESSAGE)]
    async fn delete_direct_message(
        &self,
        call: Call<scopes::Conversation>,
        payload: DeleteDirectMessage,
    ) -> Result<
        accord_runtime::Logged<DeleteDirectMessageReply>,
        DeleteDirectMessageError,
    >;

    /// Forward a message to a conversation, as one's own new message.
    ///
    /// The message may be in any of the caller's channels and conversations.
    ///
    /// Since 1.1.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `idempotency_conflict`: Already sent with other content
    #[event(specs::FORWARD_TO_DIRECT)]
    async fn forward_to_direct(
        &self,
        call: Call<accord_runtime::Unscoped, ForwardToDirectAlso>,
        payload: ForwardToDirect,
    ) -> Result<accord_runtime::Logged<ForwardToDirectReply>, ForwardToDirectError>;
}

/// Reactions to messages, in channels and in conversations.
#[accord_runtime::handlers]
pub trait Reactions {
    /// React to a message in a channel.
    ///
    /// Adding the same emoji again returns the existing reaction, and emits nothing. Emoji that differ only in the variation selectors U+FE0E and U+FE0F are the same. A user may add at most 20 different emoji to a message, and a message may have at most 50.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `too_many_reactions`: Too many reactions
    #[event(specs::ADD_REACTION)]
    async fn add_reaction(
        &self,
        call: Call<scopes::Channel>,
        payload: AddReaction,
    ) -> Result<accord_runtime::Logged<AddReactionReply>, AddReactionError>;

    /// Remove one's own reaction from a message in a channel.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `not_found`: Reaction not found
    #[event(specs::REMOVE_REACTION)]
    async fn remove_reaction(
        &self,
        call: Call<scopes::Channel>,
        payload: RemoveReaction,
    ) -> Result<accord_runtime::Logged<RemoveReactionReply>, RemoveReactionError>;

    /// React to a message in a conversation.
    ///
    /// Adding the same emoji again returns the existing reaction, and emits nothing. Emoji that differ only in the variation selectors U+FE0E and U+FE0F are the same. A user may add at most 20 different emoji to a message, and a message may have at most 50.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `too_many_reactions`: Too many reactions
    #[event(specs::ADD_DIRECT_REACTION)]
    async fn add_direct_reaction(
        &self,
        call: Call<scopes::Conversation>,
        payload: AddDirectReaction,
    ) -> Result<accord_runtime::Logged<AddDirectReactionReply>, AddDirectReactionError>;

    /// Remove one's own reaction from a message in a conversation.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    /// - `not_found`: Reaction not found
    #[event(specs::REMOVE_DIRECT_REACTION)]
    async fn remove_direct_reaction(
        &self,
        call: Call<scopes::Conversation>,
        payload: RemoveDirectReaction,
    ) -> Result<
        accord_runtime::Logged<RemoveDirectReactionReply>,
        RemoveDirectReactionError,
    >;
}

/// Notices that somebody is typing, in channels and in conversations.
///
/// The server stores none of this. A client sends `typing_start` at the first key and then every 3 s, and `typing_stop` at the end. Other clients show each notice for at most 5 s, because the sender's connection may break in between.
#[accord_runtime::handlers]
pub trait Typing {
    /// Tell the others in a channel that the caller is typing.
    ///
    /// Since 1.1.0.
    ///
    /// Limited by `events`.
    #[event(specs::TYPING_START)]
    async fn typing_start(
        &self,
        call: Call<scopes::Channel>,
        payload: TypingStart,
    ) -> Result<TypingStartReply, TypingStartError>;

    /// Tell the others in a channel that the caller is no longer typing.
    ///
    /// Since 1.1.0.
    ///
    /// Limited by `events`.
    #[event(specs::TYPING_STOP)]
    async fn typing_stop(
        &self,
        call: Call<scopes::Channel>,
        payload: TypingStop,
    ) -> Result<TypingStopReply, TypingStopError>;

    /// Tell the others in a conversation that the caller is typing.
    ///
    /// Since 1.1.0.
    ///
    /// Limited by `events`.
    #[event(specs::DIRECT_TYPING_START)]
    async fn direct_typing_start(
        &self,
        call: Call<scopes::Conversation>,
        payload: DirectTypingStart,
    ) -> Result<DirectTypingStartReply, DirectTypingStartError>;

    /// Tell the others in a conversation that the caller is no longer typing.
    ///
    /// Since 1.1.0.
    ///
    /// Limited by `events`.
    #[event(specs::DIRECT_TYPING_STOP)]
    async fn direct_typing_stop(
        &self,
        call: Call<scopes::Conversation>,
        payload: DirectTypingStop,
    ) -> Result<DirectTypingStopReply, DirectTypingStopError>;
}

/// How far members have read, in channels and in conversations.
#[accord_runtime::handlers]
pub trait Receipts {
    /// Say how far the caller has read a channel.
    ///
    /// A receipt covers a message and all earlier ones, and never goes back. The server sends no event for a receipt that goes no further than the previous one.
    ///
    /// Since 1.1.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    #[event(specs::MARK_READ)]
    async fn mark_read(
        &self,
        call: Call<scopes::Channel>,
        payload: MarkRead,
    ) -> Result<MarkReadReply, MarkReadError>;

    /// Say how far the caller has read a conversation.
    ///
    /// A receipt covers a message and all earlier ones, and never goes back. The server sends no event for a receipt that goes no further than the previous one.
    ///
    /// Since 1.1.0.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `not_found`: Message not found
    #[event(specs::MARK_DIRECT_READ)]
    async fn mark_direct_read(
        &self,
        call: Call<scopes::Conversation>,
        payload: MarkDirectRead,
    ) -> Result<MarkDirectReadReply, MarkDirectReadError>;
}

/// Users who are online.
///
/// A user is online while at least one of the user's sockets is connected. Users who share a channel or a conversation may watch each other's presence. Watch first and then ask, so that you miss no change in between.
#[accord_runtime::handlers]
pub trait Presence {
    /// Ask whether a user is online.
    ///
    /// Since 1.1.0.
    ///
    /// Limited by `presence`.
    #[event(specs::GET_PRESENCE)]
    async fn get_presence(
        &self,
        call: Call<scopes::Presence>,
        payload: GetPresence,
    ) -> Result<GetPresenceReply, GetPresenceError>;
}

/// A check that the server answers.
#[accord_runtime::handlers]
pub trait Health {
    /// Ask for the server's time.
    ///
    /// Since 1.0.0.
    ///
    /// Limited by `events`.
    #[event(specs::PING)]
    async fn ping(&self, call: Call) -> Result<PingReply, PingError>;
}

/// The REST operations.
#[accord_runtime::handlers]
pub trait Http {
    /// A channel's history, newest first.
    ///
    /// `GET /api/messages`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `invalid_payload`: Invalid message data
    #[operation(specs::LIST_MESSAGES)]
    async fn list_messages(
        &self,
        call: Call<scopes::Channel>,
        input: ListMessages,
    ) -> Result<MessagePage, ListMessagesError>;

    /// A conversation's history, newest first.
    ///
    /// `GET /api/conversations/{conversationId}/messages`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `invalid_payload`: Invalid message data
    #[operation(specs::LIST_DIRECT_MESSAGES)]
    async fn list_direct_messages(
        &self,
        call: Call<scopes::Conversation>,
        input: ListDirectMessages,
    ) -> Result<DirectMessagePage, ListDirectMessagesError>;

    /// The receipts of a channel's members, which say how far each has read. Members without a receipt are not listed.
    ///
    /// Since 1.1.0.
    ///
    /// `GET /api/receipts`
    ///
    /// Limited by `requests`.
    #[operation(specs::LIST_RECEIPTS)]
    async fn list_receipts(
        &self,
        call: Call<scopes::Channel>,
        input: ListReceipts,
    ) -> Result<Vec<ReadReceipt>, ListReceiptsError>;

    /// The receipts of a conversation's participants, which say how far each has read. Participants without a receipt are not listed.
    ///
    /// Since 1.1.0.
    ///
    /// `GET /api/conversations/{conversationId}/receipts`
    ///
    /// Limited by `requests`.
    #[operation(specs::LIST_DIRECT_RECEIPTS)]
    async fn list_direct_receipts(
        &self,
        call: Call<scopes::Conversation>,
        input: ListDirectReceipts,
    ) -> Result<Vec<ReadReceipt>, ListDirectReceiptsError>;

    /// Upload a file, to be attached to a message.
    ///
    /// If a file has no type, or `application/octet-stream`, the server detects the type from its bytes; text is then `text/plain`. CSV may be declared as `application/vnd.ms-excel`. A refusal says in `details` what is wrong with the file. Since 1.2.0, more types may be uploaded; an operator may narrow or widen the list.
    ///
    /// `POST /api/upload`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `invalid_payload`: Invalid message data
    /// - `too_large`: File too large
    /// - `unsupported_type`: Unsupported file type
    /// - `quota_exceeded`: Upload quota exceeded
    #[operation(specs::UPLOAD_FILE)]
    async fn upload_file(
        &self,
        call: Call,
        upload: accord_runtime::Upload,
    ) -> Result<Attachment, UploadFileError>;

    /// The bytes of an upload. Its address cannot be guessed, and needs no token.
    ///
    /// Since 1.2.0, the answer to `Range` is a part of the file, and the answer to `If-None-Match` is 304 if the client already has the file.
    ///
    /// `GET /files/{filename}`
    ///
    /// # Errors
    /// - `not_found`: File not found
    #[operation(specs::DOWNLOAD_FILE, raw)]
    async fn download_file(
        &self,
        input: DownloadFile,
    ) -> Result<accord_runtime::Download, DownloadFileError>;

    /// The caller's channels.
    ///
    /// All rooms with all of their members, unless `limit` or `before` (since 1.2.0) asks for a page. A page is ordered by id, and has the first 100 members of each room.
    ///
    /// `GET /api/channels`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `invalid_payload`: Invalid message data
    #[operation(specs::LIST_CHANNELS, beside)]
    async fn list_channels(
        &self,
        call: Call,
        input: ListChannels,
    ) -> Result<
        accord_runtime::Beside<Vec<RoomInfo>, ListChannelsBeside>,
        ListChannelsError,
    >;

    /// The caller's conversations.
    ///
    /// All rooms with all of their members, unless `limit` or `before` (since 1.2.0) asks for a page. A page is ordered by id, and has the first 100 members of each room.
    ///
    /// `GET /api/conversations`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `invalid_payload`: Invalid message data
    #[operation(specs::LIST_CONVERSATIONS, beside)]
    async fn list_conversations(
        &self,
        call: Call,
        input: ListConversations,
    ) -> Result<
        accord_runtime::Beside<Vec<RoomInfo>, ListConversationsBeside>,
        ListConversationsError,
    >;

    /// Connections, and the rooms that sockets have joined.
    ///
    /// `GET /api/stats`
    ///
    /// Limited by `requests`.
    #[operation(specs::GET_STATS)]
    async fn get_stats(&self, call: Call) -> Result<Stats, GetStatsError>;

    /// Create a channel, or set its state. Former members leave its room at once.
    ///
    /// `PUT /api/admin/channels/{id}`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `not_found`: User not found
    #[operation(specs::PUT_CHANNEL, emitting)]
    async fn put_channel(
        &self,
        call: Call,
        input: PutChannel,
    ) -> Result<accord_runtime::Logged<PutChannelReply>, PutChannelError>;

    /// Make a user a member of a channel.
    ///
    /// `PUT /api/admin/channels/{id}/members/{userId}`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `not_found`: Room not found
    /// - `not_found`: User not found
    #[operation(specs::PUT_CHANNEL_MEMBER, emitting)]
    async fn put_channel_member(
        &self,
        call: Call,
        input: PutChannelMember,
    ) -> Result<accord_runtime::Logged<PutChannelMemberReply>, PutChannelMemberError>;

    /// End a user's membership of a channel. The user's sockets leave its room at once.
    ///
    /// `DELETE /api/admin/channels/{id}/members/{userId}`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `not_found`: Room not found
    #[operation(specs::DELETE_CHANNEL_MEMBER, emitting)]
    async fn delete_channel_member(
        &self,
        call: Call,
        input: DeleteChannelMember,
    ) -> Result<
        accord_runtime::Logged<DeleteChannelMemberReply>,
        DeleteChannelMemberError,
    >;

    /// Create a conversation, or set its state. Former members leave its room at once.
    ///
    /// `PUT /api/admin/conversations/{id}`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `not_found`: User not found
    #[operation(specs::PUT_CONVERSATION, emitting)]
    async fn put_conversation(
        &self,
        call: Call,
        input: PutConversation,
    ) -> Result<accord_runtime::Logged<PutConversationReply>, PutConversationError>;

    /// Make a user a member of a conversation.
    ///
    /// `PUT /api/admin/conversations/{id}/members/{userId}`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `not_found`: Room not found
    /// - `not_found`: User not found
    #[operation(specs::PUT_CONVERSATION_MEMBER, emitting)]
    async fn put_conversation_member(
        &self,
        call: Call,
        input: PutConversationMember,
    ) -> Result<
        accord_runtime::Logged<PutConversationMemberReply>,
        PutConversationMemberError,
    >;

    /// End a user's membership of a conversation. The user's sockets leave its room at once.
    ///
    /// `DELETE /api/admin/conversations/{id}/members/{userId}`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `not_found`: Room not found
    #[operation(specs::DELETE_CONVERSATION_MEMBER, emitting)]
    async fn delete_conversation_member(
        &self,
        call: Call,
        input: DeleteConversationMember,
    ) -> Result<
        accord_runtime::Logged<DeleteConversationMemberReply>,
        DeleteConversationMemberError,
    >;

    /// Create a user, or set the user's state.
    ///
    /// `PUT /api/admin/users/{id}`
    ///
    /// Limited by `requests`.
    #[operation(specs::PUT_USER)]
    async fn put_user(&self, call: Call, input: PutUser) -> Result<User, PutUserError>;

    /// Revoke a user's access with all tokens issued so far.
    ///
    /// The user's connections and uploads end within a second. From then on, the server refuses the user's tokens without `iat`, and those whose `iat` is not in a later second than the revocation. Tokens that are issued later are accepted.
    ///
    /// Since 1.2.0.
    ///
    /// `POST /api/admin/users/{id}/revoke`
    ///
    /// Limited by `requests`.
    ///
    /// # Errors
    /// - `not_found`: User not found
    #[operation(specs::REVOKE_USER, empty)]
    async fn revoke_user(
        &self,
        call: Call,
        input: RevokeUser,
    ) -> Result<(), RevokeUserError>;

    /// Check that the process is alive.
    ///
    /// `GET /healthz`
    #[operation(specs::GET_HEALTH)]
    async fn get_health(&self) -> Result<Status, GetHealthError>;

    /// Check that the server can serve requests: its database completes a write.
    ///
    /// `GET /readyz`
    ///
    /// # Errors
    /// - `unavailable`: Service unavailable
    #[operation(specs::GET_READINESS)]
    async fn get_readiness(&self) -> Result<Status, GetReadinessError>;

    /// Metrics in Prometheus' text format.
    ///
    /// `GET /metrics`
    #[operation(specs::GET_METRICS, raw)]
    async fn get_metrics(&self) -> Result<accord_runtime::Download, GetMetricsError>;
}

impl From<accord_runtime::Position> for Position {
    fn from(position: accord_runtime::Position) -> Self {
        let accord_runtime::Position { epoch, seq } = position;
        Position {
            epoch: epoch.as_ref().into(),
            seq: seq.try_into().unwrap_or(i64::MAX),
        }
    }
}

/// The events that the gateway carries out itself.
fn gateway() -> Vec<accord_runtime::Endpoint> {
    Vec::from([
        accord_runtime::Endpoint::renewal::<
            Authenticate,
            Renewal,
            _,
        >(&specs::AUTHENTICATE, "token", |ack| AuthenticateReply { ack }),
        accord_runtime::Endpoint::joining(
            &specs::JOIN_CHANNEL,
            |payload: JoinChannel, position| JoinChannelReply {
                joined_channel: JoinedChannel {
                    channel_id: payload.channel_id,
                    position: position.into(),
                },
            },
        ),
        accord_runtime::Endpoint::room(
            &specs::LEAVE_CHANNEL,
            accord_runtime::RoomAction::Leave,
            |payload: LeaveChannel| LeaveChannelReply {
                left_channel: LeftChannel {
                    channel_id: payload.channel_id,
                },
            },
        ),
        accord_runtime::Endpoint::joining(
            &specs::JOIN_CONVERSATION,
            |payload: JoinConversation, position| JoinConversationReply {
                conversation_joined: ConversationJoined {
                    conversation_id: payload.conversation_id,
                    position: position.into(),
                },
            },
        ),
        accord_runtime::Endpoint::room(
            &specs::LEAVE_CONVERSATION,
            accord_runtime::RoomAction::Leave,
            |payload: LeaveConversation| LeaveConversationReply {
                conversation_left: ConversationLeft {
                    conversation_id: payload.conversation_id,
                },
            },
        ),
        accord_runtime::Endpoint::room(
            &specs::WATCH_PRESENCE,
            accord_runtime::RoomAction::Join,
            |payload: WatchPresence| WatchPresenceReply {
                presence_watched: PresenceWatched {
                    user_id: payload.user_id,
                },
            },
        ),
        accord_runtime::Endpoint::room(
            &specs::UNWATCH_PRESENCE,
            accord_runtime::RoomAction::Leave,
            |payload: UnwatchPresence| UnwatchPresenceReply {
                presence_unwatched: PresenceUnwatched {
                    user_id: payload.user_id,
                },
            },
        ),
    ])
}

/// Emits events outside of calls, for example for timers, feeds and webhooks.
#[derive(Clone)]
pub struct Emitter(std::sync::Arc<dyn accord_runtime::Emits>);

impl Emitter {
    /// Wraps the gateway's emitter.
    pub fn new(emits: std::sync::Arc<dyn accord_runtime::Emits>) -> Self {
        Emitter(emits)
    }

    /// This user became a member of a channel. `GET /api/channels` lists all of them.
    ///
    /// Since 1.2.0.
    ///
    /// To every socket of a user.
    ///
    /// # Errors
    /// If it cannot be sent.
    pub async fn channel_added(
        &self,
        user_id: &str,
        payload: &ChannelAdded,
    ) -> Result<(), accord_runtime::Fault> {
        accord_runtime::emits::to_user(&self.0, user_id, "channel_added", payload).await
    }

    /// This user stopped being a member of a channel.
    ///
    /// Since 1.2.0.
    ///
    /// To every socket of a user.
    ///
    /// # Errors
    /// If it cannot be sent.
    pub async fn channel_removed(
        &self,
        user_id: &str,
        payload: &ChannelRemoved,
    ) -> Result<(), accord_runtime::Fault> {
        accord_runtime::emits::to_user(&self.0, user_id, "channel_removed", payload)
            .await
    }

    /// This user became a member of a conversation. `GET /api/conversations` lists all of them.
    ///
    /// Since 1.2.0.
    ///
    /// To every socket of a user.
    ///
    /// # Errors
    /// If it cannot be sent.
    pub async fn conversation_added(
        &self,
        user_id: &str,
        payload: &ConversationAdded,
    ) -> Result<(), accord_runtime::Fault> {
        accord_runtime::emits::to_user(&self.0, user_id, "conversation_added", payload)
            .await
    }

    /// This user stopped being a member of a conversation.
    ///
    /// Since 1.2.0.
    ///
    /// To every socket of a user.
    ///
    /// # Errors
    /// If it cannot be sent.
    pub async fn conversation_removed(
        &self,
        user_id: &str,
        payload: &ConversationRemoved,
    ) -> Result<(), accord_runtime::Fault> {
        accord_runtime::emits::to_user(&self.0, user_id, "conversation_removed", payload)
            .await
    }
}

/// All handlers of this protocol.
pub trait Handlers: Connection + Messages + DirectMessages + Reactions + Typing + Receipts + Presence + Health + Http {}

impl<
    H: Connection + Messages + DirectMessages + Reactions + Typing + Receipts + Presence
        + Health + Http,
> Handlers for H {}

/// The protocol with its business logic.
pub fn service<H: Handlers>(handlers: H) -> accord_runtime::Service {
    let handlers = std::sync::Arc::new(handlers);
    accord_runtime::Service {
        protocol: &PROTOCOL,
        lifecycle: bind_connection(&handlers),
        endpoints: [
            gateway(),
            bind_messages(&handlers),
            bind_direct_messages(&handlers),
            bind_reactions(&handlers),
            bind_typing(&handlers),
            bind_receipts(&handlers),
            bind_presence(&handlers),
            bind_health(&handlers),
            bind_http(&handlers),
        ]
            .into_iter()
            .flatten()
            .collect(),
        older: Vec::new(),
    }
}
