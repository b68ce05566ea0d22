//! What business logic does as sockets come and go.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;

use super::{core::Core, link::Link, traffic::Traffic, way};
use crate::{
    rejection::{Rejection, panicked},
    reply::Outcome,
    scope::{Proofs, Room},
    service::Hook,
};

/// Has business logic follow up the handshake, and says so to the client; whether that went well.
pub(super) async fn begun(core: &Core, link: &Arc<Link>) -> bool {
    let hook = &core.lifecycle.connect;
    let _turning = link.turning.lock().await;
    let rooms = own_rooms(hook, link);
    let _held = core.hold(&rooms).await;
    if !core.hub.has(link.id) {
        // It has ended before it began: nobody is told of either.
        return false;
    }
    match follow(core, hook, link).await {
        Ok(outcome) => {
            core.show(|| Traffic::Connected { user: &link.identity, emissions: &outcome.emissions });
            way::deliver(core, link, &rooms, &outcome.emissions).await;
            link.welcome();
            true
        }
        Err(rejection) => {
            metrics::counter!("accord_handshakes_rejected_total", "reason" => "connect_failed").increment(1);
            rejection.log(hook.spec.name, &link.user);
            way::tell(core, link, None, &way::for_client(core, link, None, rejection)).await;
            link.disconnect();
            false
        }
    }
}

/// Has business logic follow up the end of a socket that the hub has let go of, if its handshake was followed up.
pub(super) fn ended(core: &Arc<Core>, link: Arc<Link>) {
    if core.lifecycle.disconnect.is_none() {
        return;
    }
    let core = Arc::clone(core);
    core.work.clone().spawn(async move {
        let Some(hook) = &core.lifecycle.disconnect else { return };
        let _turning = link.turning.lock().await;
        if !link.is_welcomed() {
            return;
        }
        let rooms = own_rooms(hook, &link);
        let _held = core.hold(&rooms).await;
        match follow(&core, hook, &link).await {
            Ok(outcome) => way::deliver(&core, &link, &rooms, &outcome.emissions).await,
            Err(rejection) => rejection.log(hook.spec.name, &link.user),
        }
    });
}

/// The rooms that are the user's own.
fn own_rooms(hook: &Hook, link: &Link) -> Vec<Room> {
    let room = |scope: &crate::event::ScopeUse| Room { scope: scope.scope.name, id: link.user.as_ref().to_owned() };
    hook.spec.scopes.iter().map(room).collect()
}

async fn follow(core: &Core, hook: &Hook, link: &Link) -> Result<Outcome, Rejection> {
    let proofs = Proofs::new(Arc::clone(&link.identity), Vec::new());
    let following = async { (hook.handler)(proofs).await };
    match AssertUnwindSafe(following).catch_unwind().await {
        Ok(outcome) => outcome.map_err(|refusal| Rejection::refused(core.protocol, hook.spec.failure, refusal)),
        Err(panic) => Err(Rejection::fault(core.protocol, hook.spec.failure, panicked(&*panic))),
    }
}
