//! The business logic of connect and disconnect.

use std::sync::Arc;

use accord_runtime::{
    pipeline::Hook,
    rejection::Rejection,
    reply::{Emission, Outcome, Target},
    scope::Room,
};

use super::{
    delivery::{Receiver, deliver},
    shared::Shared,
    socket::Socket,
    traffic::Traffic,
};

/// Calls the business logic after a handshake, and sends the events that follow to the other receivers; returns the
/// events for its client.
pub(super) async fn begin(shared: &Shared, socket: &Arc<Socket>) -> Result<Vec<Emission>, Rejection> {
    let hook = &shared.lifecycle.connect;
    let mut has_begun = socket.followed_up.lock().await;
    let rooms = own_rooms(hook, socket);
    let _locked = shared.pipeline.lock(&rooms).await;
    let Outcome { emissions, .. } =
        shared.pipeline.follow_up(hook, socket.caller()).await.inspect_err(|rejection| {
            rejection.log(hook.spec.name, &socket.user);
        })?;
    *has_begun = true;
    let user = socket.caller().identity;
    shared.show(|| Traffic::Connected { user: &user, emissions: &emissions });
    let (own, others): (Vec<_>, Vec<_>) = emissions.into_iter().partition(|emission| emission.to == Target::Caller);
    deliver(shared, receiver(socket), &rooms, &others).await;
    Ok(own)
}

/// Calls the business logic after the end of a socket that the hub has removed, if it was called for the handshake.
pub(super) fn ended(shared: &Arc<Shared>, socket: Arc<Socket>) {
    if shared.lifecycle.disconnect.is_none() {
        return;
    }
    let shared = Arc::clone(shared);
    Arc::clone(&shared).spawn_for(&Arc::clone(&socket), async move {
        let Some(hook) = &shared.lifecycle.disconnect else { return };
        let has_begun = socket.followed_up.lock().await;
        if !*has_begun {
            return;
        }
        let rooms = own_rooms(hook, &socket);
        let _locked = shared.pipeline.lock(&rooms).await;
        match shared.pipeline.follow_up(hook, socket.caller()).await {
            Ok(outcome) => deliver(&shared, receiver(&socket), &rooms, &outcome.emissions).await,
            Err(rejection) => rejection.log(hook.spec.name, &socket.user),
        }
    });
}

fn receiver(socket: &Arc<Socket>) -> Receiver<'_> {
    Receiver { user: &socket.user, socket: Some(socket) }
}

/// The user's own rooms.
fn own_rooms(hook: &Hook, socket: &Socket) -> Vec<Room> {
    let room =
        |scope: &accord_runtime::event::ScopeUse| Room { scope: scope.scope.name, id: socket.user.as_ref().to_owned() };
    hook.spec.scopes.iter().map(room).collect()
}
