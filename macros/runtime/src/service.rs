//! A protocol with its business logic filled in: what the gateway serves.

use std::{future::Future, pin::Pin};

use crate::{
    error::{EventError, Fault, Refusal},
    event::{Entry, EventSpec},
    older::Older,
    operation::Operation,
    protocol::Protocol,
    reply::{Outcome, Reply},
    scope::{Call, Proofs, Room, Unscoped},
};

/// A protocol with its business logic filled in. Generated code makes one from handlers.
pub struct Service {
    /// What the schema declares.
    pub protocol: &'static Protocol,
    /// What is done as sockets come and go.
    pub lifecycle: Lifecycle,
    /// The client events.
    pub events: Vec<Entry>,
    /// The REST operations.
    pub operations: Vec<Operation>,
    /// The older major versions that are served besides, the oldest first.
    pub older: Vec<Older>,
}

/// What the gateway asks of the business logic before it lets a call through.
pub trait Authority: Send + Sync + 'static {
    /// Whether the user belongs to the room. A room that does not exist has no members.
    fn is_member(&self, user_id: &str, room: &Room) -> impl Future<Output = Result<bool, Fault>> + Send;
}

/// What business logic does as sockets come and go.
pub struct Lifecycle {
    /// What follows a successful handshake.
    pub connect: Hook,
    /// What follows the end of a socket whose handshake was followed up. The two never run at the same time for a socket.
    pub disconnect: Option<Hook>,
}

/// What business logic does of itself, with nothing that a client has sent.
pub struct Hook {
    /// Its name and failure text. Its scopes are those of the rooms that are the user's own: whose id is the user's.
    pub spec: &'static EventSpec,
    /// What it does.
    pub handler: Box<dyn Fn(Proofs) -> Following + Send + Sync>,
}

/// What a [`Hook`] does, in the making.
pub type Following = Pin<Box<dyn Future<Output = Result<Outcome, Refusal>> + Send>>;

impl Hook {
    /// What business logic does of itself.
    pub fn new<R, E, F, Fut>(spec: &'static EventSpec, handler: F) -> Self
    where
        R: Reply + 'static,
        E: EventError + 'static,
        F: Fn(Call<Unscoped>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let handler = move |mut proofs: Proofs| -> Following {
            let running = handler(Call::new(&mut proofs));
            Box::pin(async move {
                let reply = running.await.map_err(EventError::refusal)?;
                reply.outcome().map_err(|error| Refusal::Fault(error.into()))
            })
        };
        Hook { spec, handler: Box::new(handler) }
    }
}
