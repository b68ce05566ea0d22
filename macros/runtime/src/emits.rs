//! Events that business logic emits outside of a call, for example for timers, feeds and webhooks.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;

use crate::{
    error::Fault,
    log::NewEntry,
    reply::{Encoded, encode},
    scope::{Room, Scope},
};

/// Emits events to rooms and users. Generated code has a typed function for each event that the schema allows `anytime`.
pub trait Emits: Send + Sync + 'static {
    /// Emits an event to a room. A durable event is then in the room's log.
    fn to_room(&self, event: NewEntry) -> BoxFuture<'_, Result<(), Fault>>;

    /// Emits an event to every socket of a user.
    fn to_user<'a>(&'a self, user_id: &'a str, event: &'static str, data: Encoded) -> BoxFuture<'a, Result<(), Fault>>;
}

/// Emits an event to a room of the scope `S`.
///
/// # Errors
/// If the payload does not serialize, or a log cannot be written.
pub async fn to_room<S: Scope>(
    emits: &Arc<dyn Emits>,
    id: &str,
    event: &'static str,
    payload: &impl Serialize,
) -> Result<(), Fault> {
    let room = Room { scope: S::SPEC.name, id: id.to_owned() };
    let data = encode(payload)?;
    emits.to_room(NewEntry { room, event, data }).await
}

/// Emits an event to every socket of a user.
///
/// # Errors
/// If the payload does not serialize.
pub async fn to_user(
    emits: &Arc<dyn Emits>,
    user_id: &str,
    event: &'static str,
    payload: &impl Serialize,
) -> Result<(), Fault> {
    let data = encode(payload)?;
    emits.to_user(user_id, event, data).await
}
