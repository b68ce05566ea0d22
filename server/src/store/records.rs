//! The plain records that the store returns, from which handlers make the protocol's types.

use accord_runtime::{Position, Room};

use super::Timestamp;

/// A user, as other users see it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UserRecord {
    /// The id that the issuer of tokens gave.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The address of a picture.
    pub image: Option<String>,
}

/// A room and its members.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoomRecord {
    /// The room.
    pub room: Room,
    /// Its name, for rooms that have one.
    pub name: Option<String>,
    /// Its members, by id; on a page of rooms, only the first ones.
    pub members: Vec<UserRecord>,
    /// The number of all members.
    pub member_count: i64,
}

/// A page of a user's rooms.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RoomPage {
    /// The rooms, by id.
    pub rooms: Vec<RoomRecord>,
    /// The cursor of the next page; `None` at the end.
    pub next_cursor: Option<String>,
}

/// A room after a change, and the members that it added and removed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoomChange {
    /// The room, changed.
    pub room: RoomRecord,
    /// Whether there was no such room before.
    pub is_new: bool,
    /// The ids of the new members, sorted.
    pub added: Vec<String>,
    /// The ids of the former members, sorted.
    pub removed: Vec<String>,
}

/// A message that has not been deleted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MessageRecord {
    /// Its id, a UUIDv7.
    pub id: String,
    /// The room that it is in.
    pub room: Room,
    /// Its place in the history of its room, from 1. A later message has a higher one.
    pub position: i64,
    /// Its author.
    pub user: UserRecord,
    /// Its text.
    pub content: String,
    /// The time when it was sent.
    pub created_at: Timestamp,
    /// The time when its text was last changed; `created_at` if never.
    pub updated_at: Timestamp,
    /// The message that it replies to, deleted or not.
    pub reply_to_id: Option<String>,
    /// The message that it replies to, with `reply_to` left `None`; `None` once that has been deleted.
    pub reply_to: Option<Box<MessageRecord>>,
    /// The attached files, in the author's order.
    pub attachments: Vec<AttachmentRecord>,
    /// The oldest reactions to it, oldest first.
    pub reactions: Vec<ReactionRecord>,
    /// The number of all its reactions by emoji, ordered by the first reaction with each.
    pub reaction_counts: Vec<ReactionCount>,
    /// The id that its author's client has given it.
    pub client_id: Option<String>,
}

/// A message and its new copy in another room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Forwarded {
    /// The message that was forwarded.
    pub original: MessageRecord,
    /// The new message, by the forwarder.
    pub message: MessageRecord,
}

/// An uploaded file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AttachmentRecord {
    /// Its id, a UUIDv7.
    pub id: String,
    /// The name that its bytes are stored under.
    pub filename: String,
    /// The name that its owner gave it.
    pub original_name: String,
    /// Its media type, without parameters.
    pub mime_type: String,
    /// Its size in bytes.
    pub size: i64,
    /// Its size in pixels, if it is an image whose headers give it.
    pub dimensions: Option<Dimensions>,
    /// The time when it was uploaded.
    pub created_at: Timestamp,
}

/// The size of an image in pixels, as displayed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Dimensions {
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

impl Dimensions {
    /// Reads two columns that are both present or both null.
    pub(super) fn of((width, height): (Option<i64>, Option<i64>)) -> Option<Self> {
        Some(Dimensions { width: width?.try_into().ok()?, height: height?.try_into().ok()? })
    }
}

/// A reaction to a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReactionRecord {
    /// Its id, a UUIDv7.
    pub id: String,
    /// The message.
    pub message_id: String,
    /// The user who reacted.
    pub user: UserRecord,
    /// The emoji.
    pub emoji: String,
    /// The time of the reaction.
    pub created_at: Timestamp,
}

/// The number of reactions to a message with the same emoji.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReactionCount {
    /// The emoji, as the first of these reactions spells it.
    pub emoji: String,
    /// The number of reactions.
    pub count: i64,
}

/// The result of adding a reaction.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reacted {
    /// It is new.
    Added(ReactionRecord),
    /// The user had already reacted in this way: this is the earlier reaction.
    Already(ReactionRecord),
}

/// A member's read receipt.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReceiptRecord {
    /// The member's id.
    pub user_id: String,
    /// The last message that was read. It may have been deleted since.
    pub message_id: String,
    /// The time when the member sent it.
    pub read_at: Timestamp,
}

/// The result of a receipt.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Receipt {
    /// It goes further than the one before.
    Further(ReceiptRecord),
    /// The member had already read as far: this is the earlier receipt.
    Already(ReceiptRecord),
}

/// A part of a room's history.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HistoryPage {
    /// The messages, newest first.
    pub messages: Vec<MessageRecord>,
    /// The number of messages in the room.
    pub total: i64,
    /// The number of pages of this size.
    pub pages: i64,
    /// The cursor of the next page; `None` at the end of history.
    pub next_cursor: Option<String>,
    /// The position in the room's log at which this was read.
    pub position: Position,
}
