//! Changing messages: sending, editing and deleting them.

use super::{
    AttachmentRecord, MessageRecord, Store, StoreError, Timestamp, UserRecord,
    batch::{Batch, Needs, Redact},
    change::{Change, Deciding, Decision},
    error::from_driver,
    history,
    places::Place,
    session::Session,
    sql::storable,
    uploads,
};
use accord_runtime::{Logged, Membership, Reply, Room, Then};

/// A message to insert.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewMessage<'a> {
    /// Its text.
    pub content: &'a str,
    /// The message of the same room that it replies to.
    pub reply_to_id: Option<&'a str>,
    /// Some of the author's own uploads, in the order in which they are shown. An upload that is named twice counts
    /// once.
    pub attachment_ids: &'a [String],
    /// The id that the author's client has given it.
    pub client_id: Option<&'a str>,
}

/// A new text for a message.
#[derive(Clone, Copy, Debug)]
pub struct NewText<'a> {
    /// The text.
    pub content: &'a str,
    /// Whether it has a visible character. Otherwise the message needs attachments.
    pub shows: bool,
}

/// Why a message was not inserted.
#[derive(Debug, thiserror::Error)]
pub enum MessageInsertError {
    /// The room has no such message to reply to, or it has been deleted.
    #[error("the message that is replied to is not in the room, or has been deleted")]
    ReplyNotFound,
    /// An attachment was not uploaded by the author, or has been removed.
    #[error("an attachment was not uploaded by the author")]
    InvalidAttachment,
    /// The author has sent another message with the same client id.
    #[error("the client id belongs to another message")]
    Conflict,
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
    /// The message would be empty.
    #[error("the message would have neither a text nor attachments")]
    Empty,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(MessageInsertError, MessageChangeError);

impl Store {
    /// Adds a message by the member to the history of its room.
    pub async fn message_insert<R: Reply>(
        &self,
        membership: &Membership,
        new: NewMessage<'_>,
        then: Then<MessageRecord, R>,
    ) -> Result<Logged<R>, MessageInsertError> {
        if !storable(new.content) {
            return Err(StoreError::Nul { what: "a message's content" }.into());
        }
        let insert = Insert {
            membership: membership.clone(),
            content: new.content.to_owned(),
            reply_to_id: new.reply_to_id.map(str::to_owned),
            attachment_ids: new.attachment_ids.to_vec(),
            client_id: new.client_id.map(str::to_owned),
        };
        self.submit(insert, then).await
    }

    /// Changes the text of one of the member's own messages. The reply is made of the new `updated_at`.
    pub async fn message_edit<R: Reply>(
        &self,
        membership: &Membership,
        id: &str,
        text: NewText<'_>,
        then: Then<Timestamp, R>,
    ) -> Result<Logged<R>, MessageChangeError> {
        let NewText { content, shows } = text;
        if !storable(content) {
            return Err(StoreError::Nul { what: "a message's content" }.into());
        }
        let edit = Edit { membership: membership.clone(), id: id.to_owned(), content: content.to_owned(), shows };
        self.submit(edit, then).await
    }

    /// Deletes one of the member's own messages. Its row stays, but no query finds it, and it disappears from the log:
    /// `redact` removes it from events that embed it.
    pub async fn message_delete<R: Reply>(
        &self,
        membership: &Membership,
        id: &str,
        redact: Redact,
        then: Then<(), R>,
    ) -> Result<Logged<R>, MessageChangeError> {
        self.submit(Delete { membership: membership.clone(), id: id.to_owned(), redact }, then).await
    }
}

struct Insert {
    membership: Membership,
    content: String,
    reply_to_id: Option<String>,
    attachment_ids: Vec<String>,
    client_id: Option<String>,
}

impl Change for Insert {
    type Done = MessageRecord;
    type Error = MessageInsertError;

    fn room(&self) -> &Room {
        self.membership.room()
    }

    fn needs(&self) -> Needs<'_> {
        Needs { memberships: vec![&self.membership], uploads: &self.attachment_ids }
    }

    fn bytes(&self) -> usize {
        self.content.len()
    }

    async fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> Deciding<Self> {
        let room = self.room();
        let user = batch.member(&self.membership)?;
        let parent = match &self.reply_to_id {
            Some(id) => match history::find(&mut batch.write, room, id).await? {
                Some(parent) => Some(parent),
                None => return Ok(Err(MessageInsertError::ReplyNotFound)),
            },
            None => None,
        };
        let Some(attachments) = batch.uploads.attach(&self.attachment_ids, Some(&user.id)) else {
            return Ok(Err(MessageInsertError::InvalidAttachment));
        };
        let place = batch.take_place(room)?;
        let reply_to_id = parent.as_ref().map(|parent| parent.id.clone());
        let message = MessageRecord {
            reply_to_id: reply_to_id.clone(),
            reply_to: parent.map(|parent| Box::new(MessageRecord { reply_to: None, ..parent })),
            client_id: self.client_id.clone(),
            ..fresh(room, place, user, &self.content, attachments)
        };
        batch.insert(message.clone(), None);
        Ok(Ok(Decision { embeds: reply_to_id, ..Decision::about(message.clone(), message.id) }))
    }

    async fn again(&self, batch: &mut Batch<'_>, id: &str) -> Result<Result<MessageRecord, Self::Error>, StoreError> {
        Ok(Ok(history::find_even_deleted(&mut batch.write, self.room(), id).await?))
    }

    fn conflict() -> Self::Error {
        MessageInsertError::Conflict
    }
}

struct Edit {
    membership: Membership,
    id: String,
    content: String,
    shows: bool,
}

impl Change for Edit {
    type Done = Timestamp;
    type Error = MessageChangeError;

    fn room(&self) -> &Room {
        self.membership.room()
    }

    fn needs(&self) -> Needs<'_> {
        Needs { memberships: vec![&self.membership], ..Needs::default() }
    }

    fn bytes(&self) -> usize {
        self.content.len()
    }

    async fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> Deciding<Self> {
        if let Err(error) = own(batch, &self.membership, &self.id).await? {
            return Ok(Err(error));
        }
        if !self.shows && !has_attachments(&mut batch.write, &self.id).await? {
            return Ok(Err(MessageChangeError::Empty));
        }
        let (updated_at,): (Timestamp,) = sqlx::query_as(
            "UPDATE messages SET content = $2, updated_at = CASE WHEN updated_at > $3 THEN updated_at ELSE $3 END
             WHERE id = $1 RETURNING updated_at",
        )
        .bind(&self.id)
        .bind(&self.content)
        .bind(batch.store.clock.now())
        .fetch_one(&mut batch.write)
        .await?;
        Ok(Ok(Decision::about(updated_at, &self.id)))
    }
}

struct Delete {
    membership: Membership,
    id: String,
    redact: Redact,
}

impl Change for Delete {
    type Done = ();
    type Error = MessageChangeError;

    fn room(&self) -> &Room {
        self.membership.room()
    }

    fn needs(&self) -> Needs<'_> {
        Needs { memberships: vec![&self.membership], ..Needs::default() }
    }

    async fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> Deciding<Self> {
        if let Err(error) = own(batch, &self.membership, &self.id).await? {
            return Ok(Err(error));
        }
        let write = &mut batch.write;
        sqlx::query("UPDATE messages SET deleted_at = $2 WHERE id = $1")
            .bind(&self.id)
            .bind(batch.store.clock.now())
            .execute(&mut *write)
            .await?;
        sqlx::query("UPDATE rooms SET message_count = message_count - 1 WHERE scope = $1 AND id = $2")
            .bind(self.room().scope)
            .bind(&self.room().id)
            .execute(&mut *write)
            .await?;
        uploads::detach(write, &self.id).await?;
        batch.forget(&self.id, self.redact);
        Ok(Ok(Decision::of(())))
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
        reaction_counts: Vec::new(),
        client_id: None,
    }
}

async fn has_attachments(write: &mut Session, id: &str) -> Result<bool, sqlx::Error> {
    let select = "SELECT COUNT(*) FROM message_attachments WHERE message_id = $1";
    let (count,): (i64,) = sqlx::query_as(select).bind(id).fetch_one(write).await?;
    Ok(count > 0)
}

/// Makes sure that the message is in the member's room, has not been deleted, and was written by the member.
async fn own(
    batch: &mut Batch<'_>,
    membership: &Membership,
    id: &str,
) -> Result<Result<(), MessageChangeError>, StoreError> {
    batch.flush().await?;
    if !storable(id) {
        return Ok(Err(MessageChangeError::NotFound));
    }
    let author: Option<(String,)> = sqlx::query_as(
        "SELECT user_id FROM messages WHERE id = $1 AND scope = $2 AND room_id = $3 AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(membership.room().scope)
    .bind(&membership.room().id)
    .fetch_optional(&mut batch.write)
    .await?;
    Ok(match author {
        None => Err(MessageChangeError::NotFound),
        Some((author,)) if author != membership.identity().id => Err(MessageChangeError::NotAuthor),
        Some(_) => Ok(()),
    })
}
