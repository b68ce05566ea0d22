//! What every part of the gateway works with.

use std::{
    collections::HashMap,
    future::Future,
    net::IpAddr,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio_util::task::TaskTracker;

use super::{
    caps::Cap,
    config::Config,
    hub::{Held, Hub},
    traffic::{Traffic, Watcher},
};
use crate::{
    auth::Verifier,
    error::Fault,
    event::{Entry, RoomAction, ScopeUse},
    limit::Limits,
    older::{Becomes, OlderRequest},
    protocol::Protocol,
    rejection::Rejection,
    scope::{Identity, Room},
    service::{Authority, Lifecycle},
    version::Served,
};

/// What every part of the gateway works with.
pub(crate) struct Core {
    pub(crate) protocol: &'static Protocol,
    pub(super) lifecycle: Lifecycle,
    pub(super) events: HashMap<&'static str, Entry>,
    /// The older versions that are served, the oldest first.
    pub(crate) older: Vec<Arc<Served>>,
    pub(super) authority: Box<dyn Membership>,
    pub(crate) verifier: Verifier,
    pub(crate) limits: Limits,
    pub(super) hub: Hub,
    pub(crate) config: Config,
    pub(super) user_sockets: Arc<Cap<Arc<str>>>,
    pub(super) address_sockets: Arc<Cap<IpAddr>>,
    /// Who is shown what passes through, if anybody is.
    pub(crate) watcher: OnceLock<Watcher>,
    /// What is in flight.
    pub(crate) work: TaskTracker,
    pub(super) stopping: AtomicBool,
}

/// What a client has asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'c> {
    /// Today's event; `None` where there is none.
    pub(super) entry: Option<&'c Entry>,
    /// What the older version that the client speaks makes of it; `None` where it speaks today's, or has no such event.
    pub(super) older: Option<&'c OlderRequest>,
}

/// An [`Authority`], its type erased.
pub(super) trait Membership: Send + Sync {
    fn is_member<'a>(
        &'a self,
        user_id: &'a str,
        room: &'a Room,
    ) -> Pin<Box<dyn Future<Output = Result<bool, Fault>> + Send + 'a>>;
}

impl<A: Authority> Membership for A {
    fn is_member<'a>(
        &'a self,
        user_id: &'a str,
        room: &'a Room,
    ) -> Pin<Box<dyn Future<Output = Result<bool, Fault>> + Send + 'a>> {
        Box::pin(Authority::is_member(self, user_id, room))
    }
}

impl Core {
    /// Whether no more work is taken on.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// The event that a client calls `name` which is served in this version.
    pub(super) fn asked<'c>(&'c self, served: Option<&'c Served>, name: &str) -> Asked<'c> {
        let Some(served) = served else { return Asked { entry: self.events.get(name), older: None } };
        let older = served.older.requests.get(name);
        let entry = match older.map(|request| &request.becomes) {
            Some(Becomes::Event { name, .. }) => self.events.get(name),
            Some(Becomes::Answer(_)) | None => None,
        };
        Asked { entry, older }
    }

    /// Shows what has passed through to whoever watches; nothing is made to be shown to nobody.
    pub(crate) fn show<'t>(&self, traffic: impl FnOnce() -> Traffic<'t>) {
        if let Some(watcher) = self.watcher.get() {
            watcher(traffic());
        }
    }

    /// Holds rooms.
    pub(crate) async fn hold(&self, rooms: &[Room]) -> Held {
        self.hub.hold(rooms.iter().cloned()).await
    }

    /// Proves that a caller belongs to every room that a call names, in the order of its declaration. This is the one
    /// place where that is done.
    pub(crate) async fn authorize(
        &self,
        identity: &Identity,
        scopes: &[ScopeUse],
        rooms: &[Room],
        action: Option<RoomAction>,
        failure: &'static str,
    ) -> Result<(), Rejection> {
        if action == Some(RoomAction::Leave) {
            // Who has been removed may leave.
            return Ok(());
        }
        for (room, scope) in rooms.iter().zip(scopes) {
            match self.authority.is_member(&identity.id, room).await {
                Ok(true) => {}
                Ok(false) => return Err(scope.scope.denied.into()),
                Err(fault) => return Err(Rejection::fault(self.protocol, failure, fault)),
            }
        }
        Ok(())
    }

    /// The rooms that a valid payload names, in the order of the declaration.
    pub(crate) fn rooms(
        &self,
        scopes: &[ScopeUse],
        payload: &serde_json::Value,
        failure: &'static str,
    ) -> Result<Vec<Room>, Rejection> {
        let room = |scope: &ScopeUse| match payload.get(scope.key).and_then(serde_json::Value::as_str) {
            Some(id) => Ok(Room { scope: scope.scope.name, id: id.to_owned() }),
            None => {
                let fault = Fault::msg(format!("a valid payload names no room in `{}`", scope.key));
                Err(Rejection::fault(self.protocol, failure, fault))
            }
        };
        scopes.iter().map(room).collect()
    }
}
