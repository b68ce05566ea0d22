//! Reactions to messages.

use accord_runtime::{Logged, Membership, Reply, Room, Then};
use sqlx::{FromRow, Row, any::AnyRow};

use super::{
    Reacted, ReactionRecord, Store, StoreError, Timestamp, UserRecord,
    batch::{Batch, Needs},
    change::{Change, Deciding, Decision},
    error::from_driver,
    session::Session,
    sql::storable,
};

/// Why a reaction was not added.
#[derive(Debug, thiserror::Error)]
pub enum ReactionAddError {
    /// The room has no such message, or it has been deleted.
    #[error("no such message")]
    MessageNotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a reaction was not removed.
#[derive(Debug, thiserror::Error)]
pub enum ReactionRemoveError {
    /// The room has no such message, or it has been deleted.
    #[error("no such message")]
    MessageNotFound,
    /// The user has not reacted to the message in this way.
    #[error("no such reaction")]
    ReactionNotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(ReactionAddError, ReactionRemoveError);

impl Store {
    /// Adds the member's reaction to a message, if it has not reacted in this way before.
    pub async fn reaction_add<R: Reply>(
        &self,
        membership: &Membership,
        message_id: &str,
        emoji: &str,
        then: Then<Reacted, R>,
    ) -> Result<Logged<R>, ReactionAddError> {
        if !storable(emoji) {
            return Err(StoreError::Nul { what: "an emoji" }.into());
        }
        self.submit(Add(Reaction::of(membership, message_id, emoji)), then).await
    }

    /// Removes the member's reaction to a message.
    pub async fn reaction_remove<R: Reply>(
        &self,
        membership: &Membership,
        message_id: &str,
        emoji: &str,
        then: Then<(), R>,
    ) -> Result<Logged<R>, ReactionRemoveError> {
        self.submit(Remove(Reaction::of(membership, message_id, emoji)), then).await
    }
}

/// A way in which a member reacts to a message.
struct Reaction {
    membership: Membership,
    message_id: String,
    emoji: String,
}

impl Reaction {
    fn of(membership: &Membership, message_id: &str, emoji: &str) -> Self {
        Reaction { membership: membership.clone(), message_id: message_id.to_owned(), emoji: emoji.to_owned() }
    }

    fn needs(&self) -> Needs<'_> {
        Needs { memberships: vec![&self.membership], ..Needs::default() }
    }
}

struct Add(Reaction);

impl Change for Add {
    type Done = Reacted;
    type Error = ReactionAddError;

    fn room(&self) -> &Room {
        self.0.membership.room()
    }

    fn needs(&self) -> Needs<'_> {
        self.0.needs()
    }

    async fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> Deciding<Self> {
        let Reaction { membership, message_id, emoji } = &self.0;
        batch.flush().await?;
        let user = batch.member(membership)?;
        let Some((sent_at, newest)) = message_find(&mut batch.write, membership.room(), message_id).await? else {
            return Ok(Err(ReactionAddError::MessageNotFound));
        };
        let fresh = batch.store.clock.id().after(&newest.unwrap_or_default());
        let id = fresh.to_string();
        // An existing row is returned as it is.
        let (stored_id, created_at): (String, Timestamp) = sqlx::query_as(
            "INSERT INTO reactions (id, message_id, user_id, emoji, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (message_id, user_id, emoji) DO UPDATE SET emoji = excluded.emoji RETURNING id, created_at",
        )
        .bind(&id)
        .bind(message_id)
        .bind(&user.id)
        .bind(emoji)
        .bind(fresh.time().max(sent_at))
        .fetch_one(&mut batch.write)
        .await?;
        let is_new = stored_id == id;
        let reaction =
            ReactionRecord { id: stored_id, message_id: message_id.clone(), user, emoji: emoji.clone(), created_at };
        let reacted = if is_new { Reacted::Added(reaction) } else { Reacted::Already(reaction) };
        Ok(Ok(Decision::about(reacted, message_id)))
    }
}

struct Remove(Reaction);

impl Change for Remove {
    type Done = ();
    type Error = ReactionRemoveError;

    fn room(&self) -> &Room {
        self.0.membership.room()
    }

    fn needs(&self) -> Needs<'_> {
        self.0.needs()
    }

    async fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> Deciding<Self> {
        let Reaction { membership, message_id, emoji } = &self.0;
        batch.flush().await?;
        let user = batch.member(membership)?;
        if message_find(&mut batch.write, membership.room(), message_id).await?.is_none() {
            return Ok(Err(ReactionRemoveError::MessageNotFound));
        }
        if !storable(emoji) {
            return Ok(Err(ReactionRemoveError::ReactionNotFound));
        }
        let deleted = sqlx::query("DELETE FROM reactions WHERE message_id = $1 AND user_id = $2 AND emoji = $3")
            .bind(message_id)
            .bind(&user.id)
            .bind(emoji)
            .execute(&mut batch.write)
            .await?;
        if deleted.rows_affected() == 0 {
            return Ok(Err(ReactionRemoveError::ReactionNotFound));
        }
        Ok(Ok(Decision::about((), message_id)))
    }
}

/// The time when the message was sent, and the id of its newest reaction; `None` if the room has no such message, or it
/// has been deleted.
async fn message_find(
    write: &mut Session,
    room: &Room,
    id: &str,
) -> Result<Option<(Timestamp, Option<String>)>, sqlx::Error> {
    if !storable(id) {
        return Ok(None);
    }
    sqlx::query_as(
        "SELECT created_at, (SELECT MAX(id) FROM reactions WHERE message_id = $1) FROM messages
         WHERE id = $1 AND scope = $2 AND room_id = $3 AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(room.scope)
    .bind(&room.id)
    .fetch_optional(write)
    .await
}

impl FromRow<'_, AnyRow> for ReactionRecord {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(ReactionRecord {
            id: row.try_get("id")?,
            message_id: row.try_get("message_id")?,
            user: UserRecord::from_row(row)?,
            emoji: row.try_get("emoji")?,
            created_at: row.try_get("created_at")?,
        })
    }
}
