//! Delivers the events that follow from a request and are in no log. Entries of logs come only from the readers of
//! rooms.

use std::sync::Arc;

use accord_runtime::{
    reply::{Emission, Target},
    scope::Room,
};

use super::{
    emitted::{self, Emitted},
    shared::Shared,
    socket::Socket,
};

/// The caller whose request has led to events.
#[derive(Clone, Copy)]
pub(crate) struct Receiver<'c> {
    /// The user's id.
    pub(crate) user: &'c str,
    /// The caller's socket; `None` for a REST request.
    pub(crate) socket: Option<&'c Arc<Socket>>,
}

/// Emits the events that follow from a request.
pub(crate) async fn deliver(shared: &Shared, caller: Receiver<'_>, rooms: &[Room], emissions: &[Emission]) {
    for Emission { event, to, data, .. } in emissions.iter().filter(|emission| !emission.durable) {
        let emitted = &[Emitted::new(event, data, &shared.versions)];
        let everybody = |room: usize, except: Option<u64>| {
            if let Some(room) = rooms.get(room) {
                shared.hub.broadcast(room, except, emitted);
            }
        };
        match (to, caller.socket) {
            (Target::Caller, Some(socket)) if rooms.is_empty() => {
                socket.insist(shared.config.write_timeout, || emitted::send(emitted, socket)).await;
            }
            (Target::Caller, Some(socket)) => socket.note(emitted::send(emitted, socket)),
            // An operation has no calling socket, so none declares events for it.
            (Target::Caller, None) => {}
            (Target::Scope, _) => everybody(0, None),
            (Target::Others, socket) => everybody(0, socket.map(|socket| socket.id)),
            (Target::User, _) => shared.hub.emit_to_user(caller.user, emitted),
            (Target::UserOf(user), _) => shared.hub.emit_to_user(user, emitted),
            (Target::Room(index), _) => everybody(*index, None),
        }
    }
}
