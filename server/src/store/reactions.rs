//! Reactions to messages.

use accord_runtime::{Logged, Membership, Reply, Room, Then};

use super::{
    Reacted, ReactionRecord, Store, StoreError, Timestamp,
    batch::{Batch, Needs},
    change::{Change, Deciding, Decision},
    error::from_driver,
    reaction_rows::{MOST_DIFFERENT, counts, is_same},
    session::Session,
    sql::storable,
};

/// The maximum number of different emoji that a user may add to a message.
const MOST_OF_USER: usize = 20;

/// Why a reaction was not added.
#[derive(Debug, thiserror::Error)]
pub enum ReactionAddError {
    /// The room has no such message, or it has been deleted.
    #[error("no such message")]
    MessageNotFound,
    /// The user, or all users together, have reached the maximum number of different emoji on the message.
    #[error("too many different reactions")]
    TooMany,
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
    /// Adds the member's reaction to a message, unless the member has already reacted with the same emoji.
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

    /// Removes the member's reaction to a message. The reply has the emoji in the spelling of the reaction.
    pub async fn reaction_remove<R: Reply>(
        &self,
        membership: &Membership,
        message_id: &str,
        emoji: &str,
        then: Then<String, R>,
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
        let own = own(&mut batch.write, message_id, &user.id).await?;
        if let Some((id, emoji, created_at)) = own.iter().find(|(_, own, _)| is_same(own, emoji)).cloned() {
            let reaction = ReactionRecord { id, message_id: message_id.clone(), user, emoji, created_at };
            return Ok(Ok(Decision::about(Reacted::Already(reaction), message_id)));
        }
        let different = counts(&mut batch.write, &[message_id.as_str()]).await?.remove(message_id).unwrap_or_default();
        let is_another = !different.iter().any(|counted| is_same(&counted.emoji, emoji));
        if own.len() >= MOST_OF_USER || (is_another && different.len() >= MOST_DIFFERENT) {
            return Ok(Err(ReactionAddError::TooMany));
        }
        let fresh = batch.store.clock.id().after(&newest.unwrap_or_default());
        let (id, created_at) = (fresh.to_string(), fresh.time().max(sent_at));
        sqlx::query("INSERT INTO reactions (id, message_id, user_id, emoji, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(&id)
            .bind(message_id)
            .bind(&user.id)
            .bind(emoji)
            .bind(created_at)
            .execute(&mut batch.write)
            .await?;
        let reaction = ReactionRecord { id, message_id: message_id.clone(), user, emoji: emoji.clone(), created_at };
        Ok(Ok(Decision::about(Reacted::Added(reaction), message_id)))
    }
}

struct Remove(Reaction);

impl Change for Remove {
    type Done = String;
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
        let mut own = own(&mut batch.write, message_id, &user.id).await?;
        own.retain(|(_, own, _)| is_same(own, emoji));
        // An older server accepted each spelling as a separate reaction.
        for (id, ..) in &own {
            sqlx::query("DELETE FROM reactions WHERE id = $1").bind(id).execute(&mut batch.write).await?;
        }
        let Some((_, emoji, _)) = own.into_iter().next() else {
            return Ok(Err(ReactionRemoveError::ReactionNotFound));
        };
        Ok(Ok(Decision::about(emoji, message_id)))
    }
}

/// The ids, emoji and times of a user's reactions to a message, oldest first. There are few, so their emoji are compared here and
/// not in the database.
async fn own(
    write: &mut Session,
    message_id: &str,
    user_id: &str,
) -> Result<Vec<(String, String, Timestamp)>, sqlx::Error> {
    sqlx::query_as("SELECT id, emoji, created_at FROM reactions WHERE message_id = $1 AND user_id = $2 ORDER BY id")
        .bind(message_id)
        .bind(user_id)
        .fetch_all(write)
        .await
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
