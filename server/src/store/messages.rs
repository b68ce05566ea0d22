//! Changing messages: forwarding, editing and deleting them, and the rows of those that are inserted.

use std::collections::BTreeSet;

use accord_runtime::{Membership, Room};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::{
    AttachmentRecord, Forwarded, MessageRecord, Store, StoreError, Timestamp, UserRecord,
    error::from_driver,
    history,
    places::{Place, Places},
    session::Session,
    sql::{ColumnType, about_given, given, storable},
    uploads::{self, Attachables},
};

/// A message to insert.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewMessage<'a> {
    /// Its text.
    pub content: &'a str,
    /// The message of the same room that it replies to.
    pub reply_to_id: Option<&'a str>,
    /// Uploads of the author's own, in the order in which they are shown. One that is named twice counts once.
    pub attachment_ids: &'a [String],
}

/// The room of the message to forward.
#[derive(Clone, Copy, Debug)]
pub enum ForwardSource<'a> {
    /// In this room.
    Room(&'a Membership),
    /// In any room of these scopes of which the forwarder is a member.
    Any(&'a [&'static str]),
}

/// Why a message was not inserted.
#[derive(Debug, thiserror::Error)]
pub enum MessageInsertError {
    /// The room has no such message to reply to, or it has been deleted.
    #[error("the message that is replied to is not in the room, or has been deleted")]
    ReplyNotFound,
    /// An attachment is not an upload of the author's own, or has been removed.
    #[error("an attachment is not an upload of the author's")]
    InvalidAttachment,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a message was not changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum MessageChangeError {
    /// The room has no such message, or it has been deleted.
    #[error("no such message")]
    NotFound,
    /// Somebody else wrote it.
    #[error("the message was written by somebody else")]
    NotAuthor,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a message was not forwarded.
#[derive(Debug, thiserror::Error)]
pub enum MessageForwardError {
    /// The source room, or any of the forwarder's, has no such message, or it has been deleted.
    #[error("no such message")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(MessageInsertError, MessageChangeError, MessageForwardError);

impl Store {
    /// Changes the text of a message of the member's own. Returns its new `updated_at`.
    pub async fn message_edit(
        &self,
        membership: &Membership,
        id: &str,
        content: &str,
    ) -> Result<Timestamp, MessageChangeError> {
        if !storable(content) {
            return Err(StoreError::Nul { what: "a message's content" }.into());
        }
        let mut write = self.begin().await?;
        let user = self.member_hold(&mut write, membership).await?;
        own(&mut write, membership.room(), id, &user).await?;
        let edited: Option<(Timestamp,)> = sqlx::query_as(
            "UPDATE messages SET content = $2, updated_at = CASE WHEN updated_at > $3 THEN updated_at ELSE $3 END
             WHERE id = $1 AND deleted_at IS NULL RETURNING updated_at",
        )
        .bind(id)
        .bind(content)
        .bind(self.clock.now())
        .fetch_optional(&mut write)
        .await?;
        let (updated_at,) = edited.ok_or(MessageChangeError::NotFound)?;
        write.commit().await?;
        Ok(updated_at)
    }

    /// Deletes a message of the member's own. Its row stays; nothing finds it any more.
    pub async fn message_delete(&self, membership: &Membership, id: &str) -> Result<(), MessageChangeError> {
        let room = membership.room();
        let mut write = self.begin().await?;
        sqlx::query("UPDATE rooms SET message_count = message_count - 1 WHERE scope = $1 AND id = $2")
            .bind(room.scope)
            .bind(&room.id)
            .execute(&mut write)
            .await?;
        let user = self.member_hold(&mut write, membership).await?;
        own(&mut write, room, id, &user).await?;
        let deleted = sqlx::query("UPDATE messages SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL")
            .bind(id)
            .bind(self.clock.now())
            .execute(&mut write)
            .await?;
        if deleted.rows_affected() == 0 {
            return Err(MessageChangeError::NotFound);
        }
        uploads::detach(&mut write, id).await?;
        write.commit().await?;
        Ok(())
    }

    /// Adds a copy of a message, by the target's member, to the history of the target. It shows the same files
    /// as the original, and replies to nothing.
    ///
    /// # Panics
    /// If the two memberships are not of one user.
    pub async fn message_forward(
        &self,
        source: ForwardSource<'_>,
        target: &Membership,
        id: &str,
    ) -> Result<Forwarded, MessageForwardError> {
        let mut write = self.begin().await?;
        let mut places = Places::lock(self, &mut write, BTreeSet::from([target.room()])).await?;
        let source = match source {
            ForwardSource::Room(source) => {
                assert_eq!(source.identity().id, target.identity().id, "both memberships are the forwarder's");
                self.member_hold(&mut write, source).await?;
                source.room().clone()
            }
            ForwardSource::Any(scopes) => {
                let found = self.room_of_message(&mut write, &target.identity().id, scopes, id).await?;
                found.ok_or(MessageForwardError::NotFound)?
            }
        };
        let user = self.member_hold(&mut write, target).await?;
        let original = history::find(&mut write, &source, id).await?.ok_or(MessageForwardError::NotFound)?;
        let attachment_ids: Vec<String> = original.attachments.iter().map(|attachment| attachment.id.clone()).collect();
        let mut uploads = Attachables::lock(self, &mut write, &attachment_ids).await?;
        // An attachment that is gone was removed with the original, an instant ago.
        let attachments = uploads.attach(&attachment_ids, None).ok_or(MessageForwardError::NotFound)?;
        let place = places.take(self, target.room())?;
        let message = fresh(target.room(), place, user, &original.content, attachments);
        uploads.write(self, &mut write).await?;
        places.write(self, &mut write).await?;
        insert(self, &mut write, &[NewRow::of(&message, Some(&original.id))]).await?;
        write.commit().await?;
        Ok(Forwarded { original, message })
    }

    /// The room of one of these scopes that a message is in, if the user belongs to it: the membership holds until the end
    /// of the transaction.
    async fn room_of_message(
        &self,
        write: &mut Session,
        user_id: &str,
        scopes: &[&'static str],
        id: &str,
    ) -> Result<Option<Room>, sqlx::Error> {
        if !storable(id) {
            return Ok(None);
        }
        let select = format!(
            "SELECT b.scope, b.room_id FROM messages m
             JOIN members b ON b.scope = m.scope AND b.room_id = m.room_id AND b.user_id = $2
             WHERE m.id = $1 {}",
            self.share_lock("b")
        );
        let found: Option<(String, String)> =
            sqlx::query_as(AssertSqlSafe(select)).bind(id).bind(user_id).fetch_optional(&mut *write).await?;
        Ok(found.and_then(|(scope, id)| {
            let scope = scopes.iter().find(|known| **known == scope)?;
            Some(Room { scope, id })
        }))
    }
}

/// A message as it is when it is sent.
pub(super) fn fresh(
    room: &Room,
    place: Place,
    user: UserRecord,
    content: &str,
    attachments: Vec<AttachmentRecord>,
) -> MessageRecord {
    let now = place.id.time();
    MessageRecord {
        id: place.id.to_string(),
        room: room.clone(),
        position: place.position,
        user,
        content: content.to_owned(),
        created_at: now,
        updated_at: now,
        reply_to_id: None,
        reply_to: None,
        attachments,
        reactions: Vec::new(),
    }
}

/// A message to write.
#[derive(Serialize)]
pub(super) struct NewRow<'m> {
    id: &'m str,
    scope: &'static str,
    room_id: &'m str,
    position: i64,
    user_id: &'m str,
    content: &'m str,
    reply_to_id: Option<&'m str>,
    forwarded_from_id: Option<&'m str>,
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

impl<'m> NewRow<'m> {
    pub(super) fn of(message: &'m MessageRecord, forwarded_from_id: Option<&'m str>) -> Self {
        NewRow {
            id: &message.id,
            scope: message.room.scope,
            room_id: &message.room.id,
            position: message.position,
            user_id: &message.user.id,
            content: &message.content,
            reply_to_id: message.reply_to_id.as_deref(),
            forwarded_from_id,
            created_at: message.created_at.as_millisecond(),
            attachments: &message.attachments,
        }
    }
}

/// Writes messages, and which uploads they show.
pub(super) async fn insert(store: &Store, write: &mut Session, messages: &[NewRow<'_>]) -> Result<(), sqlx::Error> {
    let columns = [
        ("id", ColumnType::Text),
        ("scope", ColumnType::Text),
        ("room_id", ColumnType::Text),
        ("position", ColumnType::Integer),
        ("user_id", ColumnType::Text),
        ("content", ColumnType::Text),
        ("reply_to_id", ColumnType::Text),
        ("forwarded_from_id", ColumnType::Text),
        ("created_at", ColumnType::Integer),
    ];
    let statement = "INSERT INTO messages (id, scope, room_id, position, user_id, content, reply_to_id,
                                           forwarded_from_id, created_at, updated_at)
                     SELECT id, scope, room_id, position, user_id, content, reply_to_id, forwarded_from_id, created_at,
                            created_at FROM given";
    sqlx::query(about_given(store.dialect, &columns, statement)).bind(given(messages)?).execute(&mut *write).await?;
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
        return Ok(());
    }
    let columns =
        [("message_id", ColumnType::Text), ("attachment_id", ColumnType::Text), ("ordinal", ColumnType::Integer)];
    let statement = "INSERT INTO message_attachments (message_id, attachment_id, ordinal)
                     SELECT message_id, attachment_id, ordinal FROM given";
    sqlx::query(about_given(store.dialect, &columns, statement)).bind(given(&shown)?).execute(write).await?;
    Ok(())
}

/// Makes sure that the message is in the room, has not been deleted, and was written by the user.
async fn own(write: &mut Session, room: &Room, id: &str, user: &UserRecord) -> Result<(), MessageChangeError> {
    if !storable(id) {
        return Err(MessageChangeError::NotFound);
    }
    let author: Option<(String,)> = sqlx::query_as(
        "SELECT user_id FROM messages WHERE id = $1 AND scope = $2 AND room_id = $3 AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(room.scope)
    .bind(&room.id)
    .fetch_optional(&mut *write)
    .await?;
    match author {
        None => Err(MessageChangeError::NotFound),
        Some((author,)) if author != user.id => Err(MessageChangeError::NotAuthor),
        Some(_) => Ok(()),
    }
}
