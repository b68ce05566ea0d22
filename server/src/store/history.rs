//! Reading messages: one, some, or a room's history page by page.

use std::collections::HashMap;

use accord_runtime::{Membership, Room};
use sqlx::{FromRow, Row, any::AnyRow};

use super::{
    AttachmentRecord, HistoryPage, InvalidCursor, MessageRecord, Store, StoreError, UserRecord,
    cursor::List,
    error::from_driver,
    reaction_rows::Shown,
    session::Session,
    sql::{select_in, storable},
};

/// Why history was not read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The cursor was not given by this server for this room.
    #[error(transparent)]
    InvalidCursor(#[from] InvalidCursor),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(HistoryError);

/// Selects the columns of a message.
macro_rules! select_messages {
    ($rest:literal) => {
        select_messages!(deleted or not, concat!("m.deleted_at IS NULL AND ", $rest))
    };
    (deleted or not, $rest:expr) => {
        concat!(
            "SELECT m.id, m.position, m.content, m.created_at, m.updated_at, m.reply_to_id, m.client_id,
             u.id AS user_id, u.name AS user_name, u.image AS user_image
             FROM messages m JOIN users u ON u.id = m.user_id WHERE ",
            $rest
        )
    };
}

impl Store {
    /// A page of the room's history, newest first; pages count from 1, and one past the end is empty. A page costs more
    /// the deeper it is: [`Store::history_before`] does not.
    pub async fn history_page(
        &self,
        membership: &Membership,
        page: i64,
        limit: i64,
    ) -> Result<HistoryPage, StoreError> {
        let room = membership.room();
        let mut connection = self.snapshot().await?;
        let total = message_count(&mut connection, room).await?;
        let offset = (page - 1).saturating_mul(limit);
        let rows = if offset < total {
            // Skipped rows are counted in the index alone.
            sqlx::query_as(select_messages!(
                "m.scope = $1 AND m.room_id = $2 AND m.position <= (
                     SELECT s.position FROM messages s WHERE s.scope = $1 AND s.room_id = $2 AND s.deleted_at IS NULL
                     ORDER BY s.position DESC LIMIT 1 OFFSET $4
                 ) ORDER BY m.position DESC LIMIT $3"
            ))
            .bind(room.scope)
            .bind(&room.id)
            .bind(limit + 1)
            .bind(offset)
            .fetch_all(&mut connection)
            .await?
        } else {
            Vec::new()
        };
        Ok(self.history(&mut connection, room, rows, total, limit).await?)
    }

    /// The part of the room's history that a cursor points to, newest first, at the same cost however deep it is.
    pub async fn history_before(
        &self,
        membership: &Membership,
        cursor: &str,
        limit: i64,
    ) -> Result<HistoryPage, HistoryError> {
        let room = membership.room();
        let place = self.cursor_key.verify(List::History(room), cursor)?;
        let position = i64::from_be_bytes(place.try_into().map_err(|_| InvalidCursor)?);
        let mut connection = self.snapshot().await?;
        let total = message_count(&mut connection, room).await?;
        let rows = sqlx::query_as(select_messages!(
            "m.scope = $1 AND m.room_id = $2 AND m.position < $3 ORDER BY m.position DESC LIMIT $4"
        ))
        .bind(room.scope)
        .bind(&room.id)
        .bind(position)
        .bind(limit + 1)
        .fetch_all(&mut connection)
        .await?;
        Ok(self.history(&mut connection, room, rows, total, limit).await?)
    }

    /// The page of these rows, which are one more than fit if the history continues.
    async fn history(
        &self,
        connection: &mut Session,
        room: &Room,
        mut rows: Vec<MessageRow>,
        total: i64,
        limit: i64,
    ) -> Result<HistoryPage, sqlx::Error> {
        let size = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > size;
        rows.truncate(size);
        let messages = complete(connection, room, rows).await?;
        let cursor = |last: &MessageRecord| self.cursor_key.sign(List::History(room), &last.position.to_be_bytes());
        let next_cursor = messages.last().filter(|_| more).map(cursor);
        let position = self.tables.position(connection, room).await?;
        Ok(HistoryPage { messages, total, pages: (total + limit - 1) / limit, next_cursor, position })
    }
}

/// The message with this id, if it is in the room and has not been deleted.
pub(super) async fn find(
    connection: &mut Session,
    room: &Room,
    id: &str,
) -> Result<Option<MessageRecord>, sqlx::Error> {
    if !storable(id) {
        return Ok(None);
    }
    let rows = sqlx::query_as(select_messages!("m.id = $1 AND m.scope = $2 AND m.room_id = $3"))
        .bind(id)
        .bind(room.scope)
        .bind(&room.id)
        .fetch_all(&mut *connection)
        .await?;
    Ok(complete(connection, room, rows).await?.pop())
}

/// The message with this id, which is in the room. If it has been deleted, the record only says that it was sent.
pub(super) async fn find_even_deleted(
    connection: &mut Session,
    room: &Room,
    id: &str,
) -> Result<MessageRecord, sqlx::Error> {
    if let Some(message) = find(connection, room, id).await? {
        return Ok(message);
    }
    let row = sqlx::query_as(select_messages!(deleted or not, "m.id = $1 AND m.scope = $2 AND m.room_id = $3"))
        .bind(id)
        .bind(room.scope)
        .bind(&room.id)
        .fetch_one(&mut *connection)
        .await?;
    let message = complete(connection, room, vec![row]).await?.pop().ok_or(sqlx::Error::RowNotFound)?;
    let (attachments, reactions, reaction_counts) = (Vec::new(), Vec::new(), Vec::new());
    Ok(MessageRecord { content: String::new(), attachments, reactions, reaction_counts, ..message })
}

/// The number of messages in the room that have not been deleted.
async fn message_count(connection: &mut Session, room: &Room) -> Result<i64, sqlx::Error> {
    let count: Option<(i64,)> = sqlx::query_as("SELECT message_count FROM rooms WHERE scope = $1 AND id = $2")
        .bind(room.scope)
        .bind(&room.id)
        .fetch_optional(connection)
        .await?;
    Ok(count.map_or(0, |(count,)| count))
}

/// Messages from their rows, with four queries however many messages there are: for parents, attachments, reactions and counts
/// of reactions.
async fn complete(
    connection: &mut Session,
    room: &Room,
    rows: Vec<MessageRow>,
) -> Result<Vec<MessageRecord>, sqlx::Error> {
    let mut parent_ids: Vec<&str> = rows.iter().filter_map(|row| row.reply_to_id.as_deref()).collect();
    parent_ids.sort_unstable();
    parent_ids.dedup();
    let parents: Vec<MessageRow> = select_in(connection, select_messages!("m.id IN"), &[], &parent_ids, "").await?;

    let mut ids: Vec<&str> = rows.iter().chain(&parents).map(|row| row.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut attached: HashMap<String, Vec<AttachmentRecord>> = HashMap::new();
    let attachments: Vec<Attached> = select_in(
        connection,
        "SELECT ma.message_id, a.id, a.filename, a.original_name, a.mime_type, a.size, a.created_at, a.width, a.height
         FROM message_attachments ma JOIN uploads a ON a.id = ma.attachment_id WHERE ma.message_id IN",
        &[],
        &ids,
        "ORDER BY ma.ordinal",
    )
    .await?;
    for Attached { message_id, attachment } in attachments {
        attached.entry(message_id).or_default().push(attachment);
    }
    let reacted = Shown::of(connection, &ids).await?;

    let whole = |row: MessageRow| {
        let attachments = attached.get(&row.id).cloned().unwrap_or_default();
        let (reactions, reaction_counts) = reacted.of_message(&row.id);
        MessageRecord { attachments, reactions, reaction_counts, ..row.record(room) }
    };
    let parents: HashMap<String, MessageRecord> = parents.into_iter().map(|row| (row.id.clone(), whole(row))).collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let reply_to = row.reply_to_id.as_ref().and_then(|id| parents.get(id)).cloned().map(Box::new);
            MessageRecord { reply_to, ..whole(row) }
        })
        .collect())
}

/// A message without embedded objects.
struct MessageRow {
    id: String,
    position: i64,
    content: String,
    created_at: super::Timestamp,
    updated_at: super::Timestamp,
    reply_to_id: Option<String>,
    client_id: Option<String>,
    user: UserRecord,
}

impl MessageRow {
    fn record(self, room: &Room) -> MessageRecord {
        MessageRecord {
            id: self.id,
            room: room.clone(),
            position: self.position,
            user: self.user,
            content: self.content,
            created_at: self.created_at,
            updated_at: self.updated_at,
            reply_to_id: self.reply_to_id,
            reply_to: None,
            attachments: Vec::new(),
            reactions: Vec::new(),
            reaction_counts: Vec::new(),
            client_id: self.client_id,
        }
    }
}

impl FromRow<'_, AnyRow> for MessageRow {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(MessageRow {
            id: row.try_get("id")?,
            position: row.try_get("position")?,
            content: row.try_get("content")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            reply_to_id: row.try_get("reply_to_id")?,
            client_id: row.try_get("client_id")?,
            user: UserRecord::from_row(row)?,
        })
    }
}

/// An attachment and the message that shows it.
struct Attached {
    message_id: String,
    attachment: AttachmentRecord,
}

impl FromRow<'_, AnyRow> for Attached {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Attached { message_id: row.try_get("message_id")?, attachment: AttachmentRecord::from_row(row)? })
    }
}
