//! The rows of messages.

use accord_log::Sql;

use super::{
    MessageRecord, Store,
    sql::ColumnType::{Integer, Text},
};

/// The statements that write messages, each with the id of the message that it forwards, and which uploads they show.
pub(super) fn insert(store: &Store, messages: &[(MessageRecord, Option<String>)]) -> Vec<Sql> {
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
                     SELECT given.id, given.scope, given.room_id, given.position, given.user_id, given.content,
                            given.reply_to_id, given.forwarded_from_id, given.client_id, given.created_at,
                            given.created_at FROM given";
    let row = |(message, forwarded_from_id): &(MessageRecord, Option<String>)| {
        vec![
            (&message.id).into(),
            message.room.scope.into(),
            (&message.room.id).into(),
            message.position.into(),
            (&message.user.id).into(),
            (&message.content).into(),
            message.reply_to_id.as_ref().into(),
            forwarded_from_id.as_ref().into(),
            message.client_id.as_ref().into(),
            message.created_at.as_millisecond().into(),
        ]
    };
    let insert = store.dialect.about_given(&columns, messages.iter().map(row).collect(), statement);
    let shown = messages.iter().flat_map(|(message, _)| {
        let attachments = message.attachments.iter().enumerate();
        attachments.map(|(ordinal, upload)| vec![(&message.id).into(), (&upload.id).into(), ordinal.into()])
    });
    let shown: Vec<_> = shown.collect();
    if shown.is_empty() {
        return vec![insert];
    }
    let columns = [("message_id", Text), ("attachment_id", Text), ("ordinal", Integer)];
    let statement = "INSERT INTO message_attachments (message_id, attachment_id, ordinal)
                     SELECT given.message_id, given.attachment_id, given.ordinal FROM given";
    vec![insert, store.dialect.about_given(&columns, shown, statement)]
}
