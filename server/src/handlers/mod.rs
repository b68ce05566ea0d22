//! The business logic: implementations of the generated handler traits.
//!
//! Each file implements the traits of the schema's file of the same name. Handlers see neither sockets nor rooms: they
//! get a valid payload with a proof of membership, ask the store, and return what has happened. Channels and
//! conversations run through the same functions, which are generic over the errors that the event may answer with.

mod connection;
mod direct_messages;
mod health;
mod http;
mod members;
mod messages;
mod presence;
mod reactions;
mod receipts;
mod records;
mod typing;

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use accord_gateway::Hub;
use accord_runtime::{Authority, Fault, Position, Room, Scope, log::Log};

use crate::{
    files::{Files, quota::Quota},
    metrics::Metrics,
    presence::Presence,
    protocol::{Emitter, scopes},
    store::Store,
};

/// The dependencies of the handlers. Clones share them.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The bytes of uploads.
    pub files: Arc<Files>,
    /// The sockets and the rooms that they have joined.
    pub hub: Hub,
    /// Emits events outside of calls.
    pub emitter: Emitter,
    /// The users who are online.
    pub presence: Presence,
    /// The process's metrics.
    pub metrics: Metrics,
    /// The space for the uploads of each user.
    pub quota: Quota,
    /// The time when the server started.
    pub started: Instant,
}

impl App {
    /// Handlers that work with these parts.
    pub fn new(parts: Parts) -> Self {
        App(Arc::new(parts))
    }
}

impl Authority for App {
    async fn is_member(&self, user_id: &str, room: &Room) -> Result<bool, Fault> {
        if room.scope == scopes::Presence::SPEC.name {
            return Ok(self.0.store.strangers(user_id, &[&room.id]).await?.is_empty());
        }
        Ok(self.0.store.member_exists(user_id, room).await?)
    }

    fn was_member(&self, user_id: &str, room: &Room) -> bool {
        self.0.store.member_existed(user_id, room)
    }

    async fn position_of_member(&self, _: &dyn Log, user_id: &str, room: &Room) -> Result<Option<Position>, Fault> {
        Ok(self.0.store.position_of_member(user_id, room).await?)
    }

    async fn revoked(&self, user_id: &str) -> Result<Option<SystemTime>, Fault> {
        Ok(self.0.store.revoked_at(user_id).await?.map(Into::into))
    }
}
