//! Forwarding messages.

use accord_runtime::{Logged, Membership, Reply, Room, Then};
use sqlx::AssertSqlSafe;

use super::{
    Dialect, Forwarded, MessageRecord, Store, StoreError,
    batch::{Batch, Needs},
    change::{Change, Deciding, Decision},
    error::from_driver,
    history,
    messages::fresh,
    session::Session,
    sql::storable,
    uploads::Attachables,
};

/// The room of the message to forward.
#[derive(Clone, Copy, Debug)]
pub enum ForwardSource<'a> {
    /// In this room.
    Room(&'a Membership),
    /// In any room of these scopes of which the forwarder is a member.
    Any(&'a [&'static str]),
}

/// Why a message was not forwarded.
#[derive(Debug, thiserror::Error)]
pub enum MessageForwardError {
    /// The source room, or any of the forwarder's, has no such message, or it has been deleted.
    #[error("no such message")]
    NotFound,
    /// The forwarder has sent another message with the same client id.
    #[error("the client id belongs to another message")]
    Conflict,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(MessageForwardError);

impl Store {
    /// Adds a copy of a message, by the target's member, to the history of the target. It shows the same files
    /// as the original, and replies to nothing.
    ///
    /// # Panics
    /// If the two memberships are not of one user.
    pub async fn message_forward<R: Reply>(
        &self,
        source: ForwardSource<'_>,
        target: &Membership,
        id: &str,
        client_id: Option<&str>,
        then: Then<Forwarded, R>,
    ) -> Result<Logged<R>, MessageForwardError> {
        let source = match source {
            ForwardSource::Room(source) => {
                assert_eq!(source.identity().id, target.identity().id, "both memberships are the forwarder's");
                Source::Room(source.clone())
            }
            ForwardSource::Any(scopes) => Source::Any(scopes.to_vec()),
        };
        let client_id = client_id.map(str::to_owned);
        self.submit(Forward { source, target: target.clone(), id: id.to_owned(), client_id }, then).await
    }

    /// Keeps a message from being deleted until the end of the transaction, so that a later deletion finds the messages
    /// that show it.
    async fn hold(&self, write: &mut Session, id: &str) -> Result<(), sqlx::Error> {
        if self.dialect == Dialect::Postgres && storable(id) {
            sqlx::query("SELECT id FROM messages WHERE id = $1 FOR SHARE").bind(id).execute(write).await?;
        }
        Ok(())
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

struct Forward {
    source: Source,
    target: Membership,
    id: String,
    client_id: Option<String>,
}

/// The room of the message to forward.
enum Source {
    Room(Membership),
    Any(Vec<&'static str>),
}

impl Change for Forward {
    type Done = Forwarded;
    type Error = MessageForwardError;

    fn room(&self) -> &Room {
        self.target.room()
    }

    fn needs(&self) -> Needs<'_> {
        let memberships = match &self.source {
            Source::Room(source) => vec![&self.target, source],
            Source::Any(_) => vec![&self.target],
        };
        Needs { memberships, ..Needs::default() }
    }

    async fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> Deciding<Self> {
        batch.flush().await?;
        let user = batch.member(&self.target)?;
        let source = match &self.source {
            Source::Room(source) => source.room().clone(),
            Source::Any(scopes) => {
                match batch.store.room_of_message(&mut batch.write, &user.id, scopes, &self.id).await? {
                    Some(room) => room,
                    None => return Ok(Err(MessageForwardError::NotFound)),
                }
            }
        };
        batch.store.hold(&mut batch.write, &self.id).await?;
        let Some(original) = history::find(&mut batch.write, &source, &self.id).await? else {
            return Ok(Err(MessageForwardError::NotFound));
        };
        let attachment_ids: Vec<String> = original.attachments.iter().map(|attachment| attachment.id.clone()).collect();
        let mut uploads = Attachables::lock(batch.store, &mut batch.write, &attachment_ids).await?;
        // An attachment that is gone was removed with the original, an instant ago.
        let Some(attachments) = uploads.attach(&attachment_ids, None) else {
            return Ok(Err(MessageForwardError::NotFound));
        };
        batch.write.write(uploads.write(batch.store).into_iter().collect()).await?;
        let place = batch.take_place(self.room())?;
        let message = MessageRecord {
            client_id: self.client_id.clone(),
            ..fresh(self.room(), place, user, &original.content, attachments)
        };
        batch.insert(message.clone(), Some(original.id.clone()));
        let (about, embeds) = (Some(message.id.clone()), Some(original.id.clone()));
        Ok(Ok(Decision { done: Forwarded { original, message }, about, embeds }))
    }

    /// The answer does not show the original, because its event is not emitted again.
    async fn again(&self, batch: &mut Batch<'_>, id: &str) -> Result<Result<Forwarded, Self::Error>, StoreError> {
        let message = history::find_even_deleted(&mut batch.write, self.room(), id).await?;
        Ok(Ok(Forwarded { original: message.clone(), message }))
    }

    fn conflict() -> Self::Error {
        MessageForwardError::Conflict
    }
}
