//! Changes, which handlers submit and the writer decides.

use accord_runtime::Room;

use super::{
    StoreError,
    batch::{Batch, Needs},
};

/// A change of a room, or of something in it.
pub(super) trait Change: Send + Sync + Sized + 'static {
    /// The result, of which the handler makes its reply.
    type Done: Send + 'static;
    /// The error with which it is refused.
    type Error: From<StoreError> + Send + 'static;

    /// The room whose log gets its entries.
    fn room(&self) -> &Room;

    /// The facts that the decision depends on.
    fn needs(&self) -> Needs<'_>;

    /// The size of its texts.
    fn bytes(&self) -> usize {
        0
    }

    /// Decides the change, and carries it out; again if the transaction fails.
    fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> impl Future<Output = Deciding<Self>> + Send;

    /// The current result of a change that was carried out before, by the id of the object that it created.
    fn again(
        &self,
        _: &mut Batch<'_>,
        _id: &str,
    ) -> impl Future<Output = Result<Result<Self::Done, Self::Error>, StoreError>> + Send {
        std::future::ready(Err(StoreError::Fault("no client id belongs to such a change".into())))
    }

    /// The error for a change whose client id belongs to another one.
    fn conflict() -> Self::Error {
        StoreError::Fault("no client id belongs to such a change".into()).into()
    }
}

/// The decision about a change: the inner error refuses the change, the outer one fails the batch.
pub(super) type Deciding<C> = Result<Result<Decision<<C as Change>::Done>, <C as Change>::Error>, StoreError>;

/// A change that has been carried out.
pub(super) struct Decision<T> {
    /// Its result.
    pub(super) done: T,
    /// The message that its entries in the log are about. They are forgotten when it is deleted.
    pub(super) about: Option<String>,
    /// Another message that they embed, as a reply does its parent.
    pub(super) embeds: Option<String>,
}

impl<T> Decision<T> {
    /// A change whose entries stay in the log.
    pub(super) fn of(done: T) -> Self {
        Decision { done, about: None, embeds: None }
    }

    /// A change whose entries are forgotten when this message is deleted.
    pub(super) fn about(done: T, message_id: impl Into<String>) -> Self {
        Decision { done, about: Some(message_id.into()), embeds: None }
    }
}
