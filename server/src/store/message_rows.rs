//! The rows of messages.

use accord_log::Sql;
use serde::Serialize;

use super::{
    AttachmentRecord, MessageRecord, Store,
    sql::ColumnType::{Integer, Text},
};

/// A message to write.
#[derive(Serialize)]
pub(super) struct MessageRow<'m> {
    id: &'m str,
    scope: &'static str,
    room_id: &'m str,
    position: i64,
    user_id: &'m str,
    content: &'m str,
    reply_to_id: Option<&'m str>,
    forwarded_from_id: Option<&'m str>,
    client_id: Option<&'m str>,
    created_at: i64,
    #[serde(skip)]
    attachments: &'m [AttachmentRecord],
}

/// An upload that a message shows.
#[derive(Serialize)]
struct AttachmentRow<'m> {
    message_id: &'m str,
    attachment_id: &'m str,
    ordinal: usize,
}

impl<'m> MessageRow<'m> {
    pub(super) fn of(message: &'m MessageRecord, forwarded_from_id: Option<&'m str>) -> Self {
        MessageRow {
            id: &message.id,
            scope: message.room.scope,
            room_id: &message.room.id,
            position: message.position,
            user_id: &message.user.id,
            content: &message.content,
            reply_to_id: message.reply_to_id.as_deref(),
            forwarded_from_id,
            client_id: message.client_id.as_deref(),
            created_at: message.created_at.as_millisecond(),
            attachments: &message.attachments,
        }
    }
}

/// The statements that write messages and their links to uploads.
pub(super) fn insert(store: &Store, messages: &[MessageRow<'_>]) -> Result<Vec<Sql>, sqlx::Error> {
    let columns = [
        ("id", Text),
        ("scope", Text),
        ("room_id", Text),
        ("position", Integer),
        ("user_id", Text),
        ("content", Text),
        ("reply_to_id", Text),
        ("forwarded_from_id", Text),
        ("client_id", Text),
        ("created_at", Integer),
    ];
    let statement = "INSERT INTO messages (id, scope, room_id, position, user_id, content, reply_to_id,
                                           forwarded_from_id, client_id, created_at, updated_at)
                     SELECT id, scope, room_id, position, user_id, content, reply_to_id, forwarded_from_id, client_id,
                            created_at, created_at FROM given";
    let mut statements = vec![store.dialect.about_given(&columns, messages, statement)?];
    let shown = messages.iter().flat_map(|message| {
        let attachments = message.attachments.iter().enumerate();
        attachments.map(|(ordinal, upload)| AttachmentRow {
            message_id: message.id,
            attachment_id: &upload.id,
            ordinal,
        })
    });
    let shown: Vec<_> = shown.collect();
    if shown.is_empty() {
        return Ok(statements);
    }
    let columns = [("message_id", Text), ("attachment_id", Text), ("ordinal", Integer)];
    let statement = "INSERT INTO message_attachments (message_id, attachment_id, ordinal)
                     SELECT message_id, attachment_id, ordinal FROM given";
    statements.push(store.dialect.about_given(&columns, &shown, statement)?);
    Ok(statements)
}
