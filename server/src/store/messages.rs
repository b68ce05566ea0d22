//! Changing messages: all writes to a room's history.

use accord_runtime::{Membership, Room};
use sqlx::AssertSqlSafe;

use super::{
    AttachmentRecord, Forwarded, MessageRecord, Store, StoreError, Timestamp, UserRecord, clock::Id,
    error::from_driver, history, session::Session, sql::storable, uploads,
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
    /// Adds a message by the member to the history of its room.
    pub async fn message_insert(
        &self,
        membership: &Membership,
        new: NewMessage<'_>,
    ) -> Result<MessageRecord, MessageInsertError> {
        if !storable(new.content) {
            return Err(StoreError::Nul { what: "a message's content" }.into());
        }
        let room = membership.room();
        let mut write = self.begin().await?;
        let place = self.place_take(&mut write, room).await?;
        let user = self.member_hold(&mut write, membership).await?;
        let reply_to = match new.reply_to_id {
            Some(id) => Some(history::find(&mut write, room, id).await?.ok_or(MessageInsertError::ReplyNotFound)?),
            None => None,
        };
        let attachments = uploads::attach(&mut write, new.attachment_ids, Some(&user.id), self.clock.now())
            .await?
            .ok_or(MessageInsertError::InvalidAttachment)?;
        let message = MessageRecord {
            reply_to_id: reply_to.as_ref().map(|parent| parent.id.clone()),
            reply_to: reply_to.map(|parent| Box::new(MessageRecord { reply_to: None, ..parent })),
            ..fresh(room, place, user, new.content, attachments)
        };
        insert(&mut write, &message, None).await?;
        write.commit().await?;
        Ok(message)
    }

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
        let place = self.place_take(&mut write, target.room()).await?;
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
        // An attachment that is gone was removed with the original, an instant ago.
        let attachments = uploads::attach(&mut write, &attachment_ids, None, self.clock.now())
            .await?
            .ok_or(MessageForwardError::NotFound)?;
        let message = fresh(target.room(), place, user, &original.content, attachments);
        insert(&mut write, &message, Some(&original.id)).await?;
        write.commit().await?;
        Ok(Forwarded { original, message })
    }

    /// Takes the next place in a room's history, and holds the room: the transaction that takes the following one begins to
    /// do so when this one has ended.
    async fn place_take(&self, write: &mut Session, room: &Room) -> Result<Position, StoreError> {
        let id = self.clock.id();
        let (position, newest): (i64, String) = sqlx::query_as(
            "UPDATE rooms SET last_position = last_position + 1, message_count = message_count + 1,
                              newest_id = CASE WHEN newest_id < $3 THEN $3 ELSE newest_id END
             WHERE scope = $1 AND id = $2 RETURNING last_position, newest_id",
        )
        .bind(room.scope)
        .bind(&room.id)
        .bind(id.to_string())
        .fetch_one(&mut *write)
        .await?;
        if newest == id.to_string() {
            return Ok(Position { position, id });
        }
        // The clock went backwards, or is behind that of another node.
        let id = id.after(&newest);
        sqlx::query("UPDATE rooms SET newest_id = $3 WHERE scope = $1 AND id = $2")
            .bind(room.scope)
            .bind(&room.id)
            .bind(id.to_string())
            .execute(write)
            .await?;
        Ok(Position { position, id })
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

/// A new message's position in the history of its room.
struct Position {
    position: i64,
    /// Ids sort as positions do.
    id: Id,
}

/// A message as it is when it is sent.
fn fresh(
    room: &Room,
    place: Position,
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

/// Writes a message, and which uploads it shows.
async fn insert(
    connection: &mut Session,
    message: &MessageRecord,
    forwarded_from_id: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO messages (id, scope, room_id, position, user_id, content, reply_to_id, forwarded_from_id,
                               created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&message.id)
    .bind(message.room.scope)
    .bind(&message.room.id)
    .bind(message.position)
    .bind(&message.user.id)
    .bind(&message.content)
    .bind(&message.reply_to_id)
    .bind(forwarded_from_id)
    .bind(message.created_at)
    .bind(message.updated_at)
    .execute(&mut *connection)
    .await?;
    for (ordinal, attachment) in (0i64..).zip(&message.attachments) {
        sqlx::query("INSERT INTO message_attachments (message_id, attachment_id, ordinal) VALUES ($1, $2, $3)")
            .bind(&message.id)
            .bind(&attachment.id)
            .bind(ordinal)
            .execute(&mut *connection)
            .await?;
    }
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
