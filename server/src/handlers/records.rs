//! The protocol's types, made of the store's records.

use accord_runtime::{Room, Scope};
use serde_json::Value;

use crate::{
    protocol::*,
    store::{self, AttachmentRecord, MessageRecord, ReactionRecord, ReceiptRecord, RoomRecord, UserRecord},
};

/// Removes a deleted message from an event's payload: a reply shows no parent, and a forwarded message is empty.
pub(super) fn redact(payload: &mut Value, message_id: &str) {
    let is_deleted = |message: &&mut Value| message["id"] == message_id;
    if let Some(parent) = payload.get_mut("replyTo").filter(is_deleted) {
        *parent = Value::Null;
    }
    if let Some(original) = payload.get_mut("originalMessage").filter(is_deleted) {
        original["content"] = "".into();
        original["attachments"] = Value::Array(Vec::new());
    }
}

/// A message of a channel and one of a conversation are the same record; only the room's key differs.
macro_rules! message_from_record {
    ($message:ident, $key:ident: $id:ident) => {
        impl From<MessageRecord> for $message {
            fn from(record: MessageRecord) -> Self {
                $message {
                    id: record.id.into(),
                    content: record.content.into(),
                    $key: $id(record.room.id),
                    user_id: record.user.id.clone().into(),
                    created_at: record.created_at.into(),
                    updated_at: record.updated_at.into(),
                    reply_to_id: record.reply_to_id.map(Into::into),
                    user: record.user.into(),
                    reply_to: record.reply_to.map(|parent| Box::new((*parent).into())),
                    attachments: record.attachments.into_iter().map(Into::into).collect(),
                    reactions: record.reactions.into_iter().map(Into::into).collect(),
                    reaction_counts: record.reaction_counts.into_iter().map(Into::into).collect(),
                    client_id: record.client_id.map(Into::into),
                }
            }
        }
    };
}

message_from_record!(Message, channel_id: ChannelId);
message_from_record!(DirectMessage, conversation_id: ConversationId);

impl From<MessageRecord> for OriginalMessage {
    fn from(record: MessageRecord) -> Self {
        let Room { scope, id } = record.room;
        let (channel_id, conversation_id) = if scope == scopes::Channel::SPEC.name {
            (Some(ChannelId(id)), None)
        } else {
            (None, Some(ConversationId(id)))
        };
        OriginalMessage {
            id: record.id.into(),
            content: record.content.into(),
            channel_id,
            conversation_id,
            user_id: record.user.id.clone().into(),
            created_at: record.created_at.into(),
            updated_at: record.updated_at.into(),
            reply_to_id: record.reply_to_id.map(Into::into),
            user: record.user.into(),
            attachments: record.attachments.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<AttachmentRecord> for Attachment {
    fn from(record: AttachmentRecord) -> Self {
        Attachment {
            id: record.id.into(),
            url: specs::DOWNLOAD_FILE.path.replace("{filename}", &record.filename),
            filename: record.filename,
            original_name: record.original_name,
            mime_type: record.mime_type,
            size: record.size,
            width: record.dimensions.map(|image| image.width.into()),
            height: record.dimensions.map(|image| image.height.into()),
            created_at: record.created_at.into(),
        }
    }
}

impl From<ReactionRecord> for Reaction {
    fn from(record: ReactionRecord) -> Self {
        Reaction {
            id: record.id.into(),
            emoji: record.emoji.into(),
            message_id: record.message_id.into(),
            user_id: record.user.id.clone().into(),
            created_at: record.created_at.into(),
            user: Reactor { id: record.user.id.into(), name: record.user.name },
        }
    }
}

impl From<store::ReactionCount> for ReactionCount {
    fn from(counted: store::ReactionCount) -> Self {
        ReactionCount { emoji: counted.emoji.into(), count: counted.count }
    }
}

impl From<ReceiptRecord> for ReadReceipt {
    fn from(record: ReceiptRecord) -> Self {
        ReadReceipt {
            user_id: record.user_id.into(),
            message_id: record.message_id.into(),
            read_at: record.read_at.into(),
        }
    }
}

impl From<UserRecord> for User {
    fn from(record: UserRecord) -> Self {
        User { id: record.id.into(), name: record.name, image: record.image }
    }
}

impl From<RoomRecord> for RoomInfo {
    fn from(record: RoomRecord) -> Self {
        let Room { id, .. } = record.room;
        let members = record.members.into_iter().map(Into::into).collect();
        RoomInfo { id, name: record.name, members, member_count: record.member_count }
    }
}

impl From<store::Timestamp> for Timestamp {
    fn from(time: store::Timestamp) -> Self {
        Timestamp(time.to_string())
    }
}
