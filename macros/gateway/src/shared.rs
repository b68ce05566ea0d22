//! The state that every part of the gateway shares.

use std::{
    collections::HashMap,
    future::Future,
    net::IpAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use accord_runtime::{
    event::NamedRoom,
    older::{Becomes, OlderRequest},
    panics::{self, caught},
    pipeline::{Conversion, Declared, Endpoint, Pipeline},
    protocol::Protocol,
    scope::Room,
    service::Lifecycle,
};
use futures_util::{FutureExt, future::BoxFuture};
use tokio_util::task::TaskTracker;

use super::{
    bodies::Bodies,
    config::Config,
    flooders::Flooders,
    handshake_rate::Handshakes,
    hub::{Hub, Serving},
    quota::Quota,
    room::Rooms,
    socket::Socket,
    tallies::Tallies,
    traffic::{Traffic, Watcher},
    turns::Turns,
};
use crate::version::{Served, Versions};

/// The state that every part of the gateway shares.
pub(crate) struct Shared {
    pub(crate) protocol: &'static Protocol,
    pub(super) lifecycle: Lifecycle,
    pub(crate) pipeline: Arc<Pipeline>,
    pub(super) events: HashMap<&'static str, Endpoint>,
    pub(crate) versions: Arc<Versions>,
    pub(super) hub: Hub,
    /// The joined rooms that have a log.
    pub(crate) rooms: Rooms,
    pub(crate) config: Config,
    pub(super) user_sockets: Arc<Quota<Arc<str>>>,
    pub(super) address_sockets: Arc<Quota<IpAddr>>,
    /// The connections of each address, and of each that trusted proxies forward for the requests in flight.
    pub(super) address_connections: Arc<Quota<IpAddr>>,
    pub(super) connections: Arc<Quota<()>>,
    pub(crate) handshakes: Handshakes,
    pub(super) flooders: Flooders,
    pub(crate) bodies: Bodies,
    /// The longest messages of each user's sockets, in bytes.
    pub(super) received: Arc<Quota<Arc<str>>>,
    /// The requests of each user that are being answered.
    pub(crate) answers: Arc<Turns>,
    /// The messages that wait for the clients of each user.
    pub(super) unsent: Tallies,
    /// The observer of the traffic, if there is one.
    pub(crate) watcher: OnceLock<Watcher>,
    /// The requests in flight.
    pub(crate) work: TaskTracker,
    pub(super) stopping: AtomicBool,
}

/// The event that a client asks for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'c> {
    /// The endpoint; `None` where there is no such event.
    pub(super) endpoint: Option<&'c Endpoint>,
    /// The event in the client's older version; `None` if the client speaks today's version, or does not have the
    /// event.
    pub(super) older: Option<&'c OlderRequest>,
}

impl<'c> Asked<'c> {
    /// The rooms that its failures name.
    pub(super) fn named(self) -> &'c [NamedRoom] {
        match (self.older, self.endpoint.map(Endpoint::declared)) {
            (Some(request), _) => request.named,
            (None, Some(Declared::Event(spec))) => spec.named,
            (None, _) => &[],
        }
    }

    /// The conversions for its client.
    pub(super) fn conversion(self) -> Conversion<'c> {
        match self.older.map(|request| &request.becomes) {
            Some(Becomes::Event { payload, ack, .. }) => Conversion { input: payload.as_ref(), answer: ack.as_ref() },
            Some(Becomes::Answer(_)) | None => Conversion::default(),
        }
    }
}

impl Serving for Shared {
    fn protocol(&self) -> &'static Protocol {
        self.protocol
    }

    fn versions(&self) -> &Versions {
        &self.versions
    }

    fn settled<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, ()> {
        Box::pin(self.rooms.settled(room))
    }
}

impl Shared {
    /// Whether the server accepts no more work.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// The event that a client calls `name` which is served in this version.
    pub(super) fn asked<'c>(&'c self, served: Option<&'c Served>, name: &str) -> Asked<'c> {
        let Some(served) = served else { return Asked { endpoint: self.events.get(name), older: None } };
        let older = served.older.requests.get(name);
        let endpoint = match older.map(|request| &request.becomes) {
            Some(Becomes::Event { name, .. }) => self.events.get(name),
            Some(Becomes::Answer(answered)) => Some(answered.endpoint()),
            None => None,
        };
        Asked { endpoint, older }
    }

    /// Shows traffic to the observer, if there is one.
    pub(crate) fn show<'t>(&self, traffic: impl FnOnce() -> Traffic<'t>) {
        if let Some(watcher) = self.watcher.get() {
            watcher(traffic());
        }
    }

    /// Spawns a task for a socket. A panic ends only that socket's connection, so that its client reconnects.
    pub(super) fn spawn_for(&self, socket: &Arc<Socket>, work: impl Future<Output = ()> + Send + 'static) {
        let socket = Arc::clone(socket);
        self.work.spawn(caught(work).map(move |worked| {
            if !panics::logged(worked, "a connection's task failed", &socket.user) {
                socket.cut();
            }
        }));
    }
}
