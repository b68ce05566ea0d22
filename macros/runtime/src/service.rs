//! A protocol with its business logic filled in: what the gateway serves.

use std::{future::Future, pin::Pin};

use crate::{
    error::{EventError, Fault, Refusal},
    event::{Entry, EventSpec},
    operation::Operation,
    protocol::Protocol,
    reply::{Outcome, Reply},
    scope::{Call, Proofs, Room, Unscoped},
};

/// A protocol with its business logic filled in. Generated code makes one from handlers.
pub struct Service {
    /// What the schema declares.
    pub protocol: &'static Protocol,
    /// What follows a successful handshake.
    pub connect: Connect,
    /// The client events.
    pub events: Vec<Entry>,
    /// The REST operations.
    pub operations: Vec<Operation>,
}

/// What the gateway asks of the business logic before it lets a call through.
pub trait Authority: Send + Sync + 'static {
    /// Whether the user belongs to the room. A room that does not exist has no members.
    fn is_member(&self, user_id: &str, room: &Room) -> impl Future<Output = Result<bool, Fault>> + Send;
}

/// The handler of a successful handshake.
pub struct Connect {
    /// Its name and failure text.
    pub spec: &'static EventSpec,
    /// What it does.
    pub handler: Box<dyn Fn(Proofs) -> Connecting + Send + Sync>,
}

/// What follows a successful handshake, in the making.
pub type Connecting = Pin<Box<dyn Future<Output = Result<Outcome, Refusal>> + Send>>;

impl Connect {
    /// A handshake that business logic follows up.
    pub fn new<R, E, F, Fut>(spec: &'static EventSpec, handler: F) -> Self
    where
        R: Reply + 'static,
        E: EventError + 'static,
        F: Fn(Call<Unscoped>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let handler = move |mut proofs: Proofs| -> Connecting {
            let running = handler(Call::new(&mut proofs));
            Box::pin(async move {
                let reply = running.await.map_err(EventError::refusal)?;
                reply.outcome().map_err(|error| Refusal::Fault(error.into()))
            })
        };
        Connect { spec, handler: Box::new(handler) }
    }
}
