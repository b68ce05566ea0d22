//! Serves a [`Service`] over Socket.IO and REST: the one place that knows which Socket.IO library carries the packets.
//!
//! It has the two front doors of the [`pipeline`](accord_runtime::pipeline): `events` for sockets, and REST. From the
//! outside in: `accept` and `connection` have TCP connections and what they wait for; `engine_io`, `session`,
//! `transports` and `polls` have Engine.IO's sessions; `handshake` lets sockets in and `receive` takes their packets to
//! an `inbox`, from which `events` carries them out, several `in_flight` at once. A `socket` sends everything that a
//! client gets, in the version that the client speaks (`emitted`), through the library or, to a WebSocket, without it
//! (`unsent`, `direct`). Only a room's reader (`room`) sends the entries of the room's log; `delivery` sends all other
//! events, to the sockets that the [`Hub`] names.
//!
//! Start reading at [`Gateway::new`], which connects all parts.
//!
//! ```
//! use std::time::Duration;
//!
//! use accord_gateway::Config;
//!
//! let config = Config { max_sockets_per_user: 5, stop_timeout: Duration::from_secs(3), ..Config::default() };
//! assert!(config.limits, "limits are on unless they are switched off");
//! ```
//!
//! The following never happens: an entry of a log reaches a client twice, out of order, or after its user was removed from the
//! room; a client misses a packet and stays connected; a room waits for a client.

// `println!` and similar macros panic if standard output is closed.
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod accept;
mod address;
mod answer;
mod answering;
mod arrival;
mod bodies;
mod config;
mod connection;
mod delivery;
mod departure;
mod deprecations;
mod emits;
mod emitted;
mod engine_io;
mod events;
mod exchange;
mod failures;
mod flooders;
mod frames;
mod guarded;
mod handshake;
mod handshake_rate;
mod heads;
mod host;
mod hub;
mod in_flight;
mod library;
mod lifecycle;
mod memory_log;
mod origin;
mod packet;
mod polling;
mod polls;
mod quota;
mod receive;
mod rest;
mod room;
mod shared;
mod socket;
mod tallies;
mod traffic;
mod transports;
mod turns;
mod version;

use std::{
    collections::HashMap,
    future::Future,
    io,
    sync::{Arc, OnceLock, atomic::AtomicBool},
};

use accord_runtime::{
    auth::Verifier,
    pipeline::{Authority, Declared, Endpoint, Pipeline},
    scope::LogSpec,
    service::Service,
};
use axum::{Router, middleware, routing::any};
use socketioxide::{ParserConfig, SocketIo};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::task::TaskTracker;

use self::{
    bodies::Bodies,
    engine_io::SocketIoState,
    flooders::Flooders,
    handshake_rate::Handshakes,
    library::NotFound,
    quota::Quota,
    room::{MOST_REPLAYS, Rooms, Surroundings},
    shared::Shared,
    tallies::Tallies,
    turns::Turns,
};
pub use self::{
    config::{Config, Hosts, Network, NotANetwork, Origins, Rate},
    hub::{Hub, LockedRooms},
    memory_log::{Keep, MemoryLog},
    traffic::Traffic,
};
use crate::version::Versions;

/// A service, ready to be served.
pub struct Gateway {
    shared: Arc<Shared>,
    router: Router,
}

impl Gateway {
    /// A gateway to a service. `hub` is the one that the service's handlers were made with.
    pub fn new(service: Service, authority: impl Authority, verifier: Verifier, hub: Hub, config: Config) -> Self {
        let parser = ParserConfig::common()
            .max_incoming_binaries(config.max_attachments)
            .max_incoming_binary_buf_size(config.max_packet_bytes)
            .packet_completion_timeout(config.body_timeout);
        let (engine_io, io) = SocketIo::builder()
            .req_path(engine_io::PATH)
            .ping_interval(config.ping_interval)
            .ping_timeout(config.ping_timeout)
            .connect_timeout(config.connect_timeout)
            .max_payload(config.max_packet_bytes as u64)
            .ws_max_message_size(config.max_packet_bytes)
            .ws_max_frame_size(config.max_packet_bytes)
            // The queue needs no bound here: waiting messages are bounded in bytes earlier.
            .max_buffer_size(Semaphore::MAX_PERMITS)
            .with_parser(parser)
            .build_with_inner_svc(NotFound);
        let Service { protocol, lifecycle, endpoints, older } = service;
        let logs = logs(&endpoints);
        let (mut events, mut operations) = (HashMap::new(), Vec::new());
        for endpoint in endpoints {
            match endpoint.declared() {
                Declared::Event(spec) => drop(events.insert(spec.name, endpoint)),
                Declared::Operation(spec) => operations.push((spec, endpoint)),
                Declared::Gone => {}
            }
        }
        let pipeline =
            Pipeline::new(protocol, authority, verifier, config.limits, Arc::clone(hub.locks()), Arc::clone(hub.log()));
        let (pipeline, versions) = (Arc::new(pipeline), Arc::new(Versions::new(protocol, older)));
        let rooms = Rooms::new(Surroundings::new(
            Arc::clone(hub.log()),
            Arc::clone(&pipeline),
            hub.clone(),
            Arc::clone(&versions),
            logs,
            config.write_timeout,
            // Pages of replays, one for each socket, leave half of the room to other messages.
            config.max_unsent_bytes.min(config.max_unsent_bytes_per_user / MOST_REPLAYS) / 2,
        ));
        let shared = Arc::new(Shared {
            protocol,
            lifecycle,
            pipeline,
            events,
            versions,
            rooms,
            user_sockets: Quota::new(config.max_sockets_per_user),
            address_sockets: Quota::new(config.max_sockets_per_address),
            // One address must not use up all connections.
            address_connections: Quota::new(config.max_connections_per_address.min(config.max_connections / 2)),
            connections: Quota::new(config.max_connections),
            handshakes: Handshakes::new(config.handshakes_per_address),
            flooders: Flooders::default(),
            bodies: Bodies::new(&config),
            received: Quota::new(config.max_received_bytes_per_user),
            answers: Turns::new(config.max_answers_per_user),
            unsent: Tallies::new(config.max_unsent_bytes_per_user),
            hub,
            watcher: OnceLock::new(),
            work: TaskTracker::new(),
            stopping: AtomicBool::new(false),
            config,
        });
        // One hub serves one gateway: the sockets of a second gateway would be cut through the endpoint of the first.
        let first = shared.hub.transports().engine_io.set(engine_io.clone()).is_ok()
            && shared.hub.serve(Arc::<Shared>::downgrade(&shared));
        assert!(first, "a hub serves one gateway: make a hub for each");
        handshake::serve(&io, &shared);
        let mut router = rest::router(&shared, operations);
        if shared.config.sockets {
            let state = SocketIoState { shared: Arc::clone(&shared), engine_io };
            router = router.route(engine_io::PATH, any(engine_io::socket_io).with_state(state));
        }
        let router = router.layer(middleware::from_fn_with_state(Arc::clone(&shared), origin::guard));
        Gateway { shared, router }
    }

    /// Also serves other routes, without the checks of the protocol's routes: pages and health checks. They must
    /// neither overlap the protocol's nor have a fallback.
    #[must_use]
    pub fn routes(self, other: Router) -> Self {
        Gateway { router: self.router.merge(other), ..self }
    }

    /// Shows all traffic to `watcher`, which must not block.
    ///
    /// # Panics
    /// If the gateway is watched already.
    #[must_use]
    pub fn watched_by(self, watcher: impl Fn(Traffic<'_>) + Send + Sync + 'static) -> Self {
        let first = self.shared.watcher.set(Box::new(watcher)).is_ok();
        assert!(first, "a gateway takes only one watcher");
        self
    }

    /// Serves until `shutdown` is ready, then stops: it accepts nothing new, finishes the work in flight (within
    /// [`Config::stop_timeout`]), and closes every connection.
    ///
    /// # Errors
    /// If the listener does not work at all.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        accept::serve(self, listener, shutdown).await
    }
}

/// The logs of scopes, by the scopes' names.
fn logs(endpoints: &[Endpoint]) -> HashMap<&'static str, &'static LogSpec> {
    let specs = endpoints.iter().map(|endpoint| match endpoint.declared() {
        Declared::Event(spec) => spec.scopes,
        Declared::Operation(spec) => spec.scopes,
        Declared::Gone => &[],
    });
    specs.flatten().filter_map(|used| Some((used.scope.name, used.scope.log?))).collect()
}
