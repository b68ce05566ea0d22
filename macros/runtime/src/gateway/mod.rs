//! Serves a [`Service`] over Socket.IO and REST: the one place that knows which Socket.IO library carries the packets.
//!
//! Every event takes the same way, in `way`: limit, decode, validate, authorize, handle, deliver, acknowledge. What
//! comes before is in `origin` (pages), `edge` (requests, addresses), `handshake` (versions, tokens, caps) and `inbox` (order).
//! What of that is different for clients of an older version is in `core` (which event they ask for) and `emitted`.
//! What is sent to a client is sent by a `link`, and who gets it is known to the [`Hub`] alone.
//!
//! What never happens here: an event is handled before its caller is authorized; something is delivered in a room that
//! nobody holds; a client misses a packet and stays connected; a room waits for a client.

mod accept;
mod caps;
mod config;
pub(crate) mod core;
pub(crate) mod edge;
mod emitted;
mod handshake;
mod hold;
mod hub;
mod inbox;
mod lifecycle;
mod line;
mod link;
mod names;
mod origin;
mod packet;
mod traffic;
mod transports;
mod way;

use std::{
    future::Future,
    io,
    sync::{Arc, OnceLock, atomic::AtomicBool},
};

use axum::{Router, middleware, routing::any};
use socketioxide::{ParserConfig, SocketIo};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use self::{
    caps::Cap,
    core::Core,
    edge::{Handshakes, NotFound, SocketIoState},
};
pub use self::{
    config::{Config, Network, NotANetwork, Origins, Rate},
    hub::{Held, Hub},
    traffic::Traffic,
};
use crate::{
    auth::Verifier,
    limit::Limits,
    service::{Authority, Service},
    version::Served,
};

/// A service, ready to be served.
pub struct Gateway {
    core: Arc<Core>,
    handshakes: Arc<Handshakes>,
    io: SocketIo,
    router: Router,
}

impl Gateway {
    /// A gateway to a service. `hub` is the one that the service's handlers were made with.
    pub fn new(service: Service, authority: impl Authority, verifier: Verifier, hub: Hub, config: Config) -> Self {
        let parser = ParserConfig::common()
            .max_incoming_binaries(config.max_attachments)
            .max_incoming_binary_buf_size(config.max_packet_bytes)
            .packet_completion_timeout(config.body_timeout);
        let (endpoint, io) = SocketIo::builder()
            .req_path(edge::PATH)
            .ping_interval(config.ping_interval)
            .ping_timeout(config.ping_timeout)
            .connect_timeout(config.connect_timeout)
            .max_payload(config.max_packet_bytes as u64)
            .ws_max_message_size(config.max_packet_bytes)
            .ws_max_frame_size(config.max_packet_bytes)
            .max_buffer_size(config.send_buffer)
            .with_parser(parser)
            .build_with_inner_svc(NotFound);
        let Service { protocol, lifecycle, events, operations, older } = service;
        let older = older.into_iter().enumerate().map(|(index, older)| Arc::new(Served { index, older })).collect();
        let core = Arc::new(Core {
            protocol,
            lifecycle,
            events: events.into_iter().map(|entry| (entry.spec.name, entry)).collect(),
            older,
            authority: Box::new(authority),
            verifier,
            limits: Limits::new(protocol.limits, config.limits),
            user_sockets: Cap::new(config.max_sockets_per_user),
            address_sockets: Cap::new(config.max_sockets_per_address),
            hub,
            watcher: OnceLock::new(),
            work: TaskTracker::new(),
            stopping: AtomicBool::new(false),
            config,
        });
        // One hub serves one gateway: a second one's sockets would be cut through the first one's endpoint.
        let first = core.hub.transports().endpoint.set(endpoint.clone()).is_ok();
        assert!(first, "a hub serves one gateway: make a hub for each");
        handshake::serve(&io, &core);
        let handshakes = Arc::new(Handshakes::new(core.config.handshakes_per_address));
        let state = SocketIoState { core: Arc::clone(&core), handshakes: Arc::clone(&handshakes), endpoint };
        let router = crate::http::router(&core, operations)
            .route(edge::PATH, any(edge::socket_io).with_state(state))
            .layer(middleware::from_fn_with_state(Arc::clone(&core), origin::guard));
        Gateway { core, handshakes, io, router }
    }

    /// Serves other routes besides, without the checks of the protocol's own: pages and health checks. They must neither
    /// overlap the protocol's nor have a fallback.
    #[must_use]
    pub fn routes(self, other: Router) -> Self {
        Gateway { router: self.router.merge(other), ..self }
    }

    /// Shows whatever passes through to `watcher`, which must not wait for anything.
    ///
    /// # Panics
    /// If the gateway is watched already.
    #[must_use]
    pub fn watched_by(self, watcher: impl Fn(Traffic<'_>) + Send + Sync + 'static) -> Self {
        let first = self.core.watcher.set(Box::new(watcher)).is_ok();
        assert!(first, "a gateway is watched by one");
        self
    }

    /// Serves until `shutdown` is ready, then stops: nothing new is taken on, what is in flight is finished (for as long
    /// as [`Config::stop_timeout`] says), and every connection is closed.
    ///
    /// # Errors
    /// If the listener does not work at all.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        accept::serve(self, listener, shutdown).await
    }
}
