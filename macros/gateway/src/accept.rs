//! Accepts connections, and stops without dropping requests in flight.

use std::{
    convert::Infallible,
    future::Future,
    io::{self, Write},
    net::IpAddr,
    pin::pin,
    sync::{Arc, atomic::Ordering},
    time::{Duration, SystemTime},
};

use accord_runtime::panics::{self, caught_now};
use axum::{Router, body::Body, middleware};
use http::request::Parts;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, MissedTickBehavior, interval, sleep, timeout, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

use super::{
    Gateway,
    address::{self, Peer},
    answering,
    connection::Connection,
    exchange::{Arriving, Exchange, Leaving, Pace, remainder},
    failures,
    guarded::{Guarded, Patience},
    host, lifecycle,
    shared::Shared,
};
use crate::answer;

/// The interval of checks for expired tokens.
const EXPIRY: Duration = Duration::from_millis(250);

/// The pause before accepting again after an error of the system, for example when it has run out of file descriptors.
const REFUSED: Duration = Duration::from_millis(100);

/// The time for connections to close once nothing is in flight.
const CLOSING: Duration = Duration::from_secs(1);

/// The time for which an idle connection is kept beyond the announced time: a request that was sent in time may take
/// this long to arrive.
const IN_TRANSIT: Duration = Duration::from_millis(500);

/// The number of bytes that a connection keeps of a request that is not read yet, and of an answer that is not sent
/// yet. A request's head cannot be larger.
const MOST_BUFFERED: usize = 16 << 10;

/// The number of written but unsent bytes of a connection that the system keeps.
#[cfg(target_os = "linux")]
const MOST_UNSENT: u32 = 128 << 10;

/// The answer to an address that has too many requests in flight.
const TOO_MANY: &str = "Too many connections";

pub(super) async fn serve(
    gateway: Gateway,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let Gateway { shared, router } = gateway;
    let (stopped, hurry) = (CancellationToken::new(), CancellationToken::new());
    let router = router
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), answering::catching_panics))
        .layer(middleware::from_fn(answering::no_sniffing))
        .layer(middleware::from_fn(answering::slowing_floods));
    listener.local_addr()?;
    let keeping = tokio::spawn(stopped.clone().run_until_cancelled_owned(keep_house(Arc::clone(&shared))));
    let connections = TaskTracker::new();
    let config = &shared.config;
    let serving = Serving {
        shared: Arc::clone(&shared),
        router,
        patience: Patience {
            idle: config.keep_alive + IN_TRANSIT,
            head: config.header_timeout,
            write: config.write_timeout,
        },
        pace: Pace { pause: config.body_timeout, bytes_per_second: config.body_bytes_per_second, hurry: hurry.clone() },
        stopped: stopped.clone(),
    };
    let mut accepting = Box::pin(serving.accept(listener, connections.clone()));
    tokio::select! {
        () = shutdown => {}
        never = &mut accepting => match never {},
    }

    tracing::info!("stopping: finishing work in flight");
    let deadline = Instant::now() + shared.config.stop_timeout;
    shared.stopping.store(true, Ordering::Release);
    hurry.cancel();
    shared.work.close();
    let finishing = async {
        if timeout_at(deadline, shared.work.wait()).await.is_err() {
            tracing::warn!(unfinished = shared.work.len(), "stopping without waiting any longer for unfinished work");
        }
        timeout(CLOSING, shared.hub.end_all()).await.ok();
    };
    // Clients that poll connect for each poll: they have yet to receive the last answers, and then the end.
    tokio::select! {
        () = finishing => {}
        never = &mut accepting => match never {},
    }
    drop(accepting);
    stopped.cancel();
    connections.close();
    timeout(CLOSING, connections.wait()).await.ok();
    // The remaining sockets have ended, although nobody has reported it yet.
    for socket in shared.hub.disconnect_all() {
        shared.rooms.let_go(&socket);
        lifecycle::ended(&shared, socket);
    }
    timeout_at(deadline.max(Instant::now() + CLOSING), shared.work.wait()).await.ok();
    keeping.await.ok();
    Ok(())
}

/// The state that serves connections.
#[derive(Clone)]
struct Serving {
    shared: Arc<Shared>,
    router: Router,
    patience: Patience,
    pace: Pace,
    stopped: CancellationToken,
}

impl Serving {
    /// Accepts connections, and serves each in a separate task.
    async fn accept(self, listener: TcpListener, connections: TaskTracker) -> Infallible {
        loop {
            match listener.accept().await {
                Ok((stream, address)) => match self.take(address.ip()) {
                    Some(connection) => {
                        let serving =
                            self.clone().connection(stream, Peer { address, connection }, connections.clone());
                        connections.spawn(serving);
                    }
                    None => refuse(stream),
                },
                Err(error) => {
                    tracing::warn!(error = ?error.to_string(), "a connection was not accepted");
                    sleep(REFUSED).await;
                }
            }
        }
    }

    /// A handle on one more connection from this address; `None` if there are too many.
    fn take(&self, address: IpAddr) -> Option<Arc<Connection>> {
        let connection = Arc::new(Connection::default());
        connection.keep(Box::new(self.shared.connections.take(())?));
        if !address::is_trusted(address, &self.shared.config.trusted_proxies) {
            connection.keep(Box::new(self.shared.address_connections.take(address.to_canonical())?));
        }
        Some(connection)
    }

    /// Counts a request that a trusted proxy forwards, as if it had its own connection. Returns whether it is within
    /// the limit.
    fn take_forwarded(&self, peer: &Peer, request: &Parts, exchange: &Exchange) -> bool {
        let trusted = &self.shared.config.trusted_proxies;
        if !address::is_trusted(peer.address.ip(), trusted) {
            return true;
        }
        let permit =
            self.shared.address_connections.take(address::forwarded(peer.address.ip(), &request.headers, trusted));
        permit.map(|permit| exchange.keep(Box::new(permit))).is_some()
    }

    /// Serves one connection until it ends, is upgraded, or the server has stopped.
    async fn connection(self, stream: TcpStream, peer: Peer, connections: TaskTracker) {
        // Without `TCP_NODELAY`, steps that need two packets wait 40 ms for an acknowledgement of the first.
        stream.set_nodelay(true).ok();
        bound_unsent(&stream);
        let connection = Arc::clone(&peer.connection);
        let stream = Guarded::new(stream, Arc::clone(&connection), self.patience, connections);
        let stopped = self.stopped.clone();
        let service = service_fn(move |request: http::Request<Incoming>| {
            let exchange = Exchange::begin(&peer.connection);
            let (mut parts, body) = request.into_parts();
            let (body, remainder) = remainder::lend(body, &parts.headers);
            let body = Body::new(Arriving::new(body, self.pace.clone(), Arc::clone(&exchange)));
            let refused = host::refuse(&self.shared.config, &parts)
                .or_else(|| (!self.take_forwarded(&peer, &parts, &exchange)).then(|| answer::busy(TOO_MANY)));
            parts.extensions.insert(peer.clone());
            let answer = match refused {
                Some(refused) => Err(refused),
                None => Ok(self.router.clone().call(http::Request::from_parts(parts, body))),
            };
            let stopped = self.stopped.clone();
            async move {
                let mut response = match answer {
                    Ok(answer) => answer.await?,
                    Err(refused) => refused,
                };
                remainder.discard(&mut response, Arc::clone(&exchange), stopped);
                Ok::<_, Infallible>(response.map(|body| Body::new(Leaving { body, _exchange: exchange })))
            }
        });
        let mut http = http1::Builder::new();
        // The guarded stream has its own timeouts, which do not run until a request begins.
        http.header_read_timeout(None).max_buf_size(MOST_BUFFERED);
        let mut serving = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
        let ended = tokio::select! {
            ended = &mut serving => ended,
            () = stopped.cancelled() => {
                connection.cut_unless_busy();
                serving.as_mut().graceful_shutdown();
                serving.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(error = ?error.to_string(), "a connection ended");
        }
    }
}

/// Limits how much unsent data the system keeps: otherwise megabytes wait there for a client that reads nothing, and no
/// limit counts them. Data that is on its way does not count, so a fast connection stays fast.
fn bound_unsent(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    SockRef::from(stream).set_tcp_notsent_lowat(MOST_UNSENT).ok();
    #[cfg(not(target_os = "linux"))]
    let _ = stream;
}

/// Tells a client that there are too many connections, if that can be done without waiting.
fn refuse(stream: TcpStream) {
    const REFUSAL: &[u8] =
        b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    metrics::counter!("accord_connections_refused_total").increment(1);
    // On a new connection, the system has room for this much.
    stream.into_std().and_then(|mut stream| stream.write(REFUSAL)).ok();
}

/// Closes the sockets whose tokens have expired, and forgets what is idle.
async fn keep_house(shared: Arc<Shared>) {
    let every = |period: Duration| {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks
    };
    let (mut expiry, mut forgetting) = (every(EXPIRY), every(shared.config.forget_interval));
    loop {
        tokio::select! {
            _ = expiry.tick() => {
                panics::logged(caught_now(|| expire(&shared)), "a check for expired tokens failed", "");
            }
            _ = forgetting.tick() => {
                panics::logged(caught_now(|| forget(&shared)), "removing idle state failed", "");
            }
        }
    }
}

fn expire(shared: &Arc<Shared>) {
    for socket in shared.hub.expired(SystemTime::now()) {
        let expiring = Arc::clone(shared);
        shared.spawn_for(&Arc::clone(&socket), async move { failures::expire(&expiring, &socket).await });
    }
}

fn forget(shared: &Shared) {
    shared.pipeline.forget_idle();
    shared.hub.transports().forget_ended();
    shared.unsent.forget_idle();
    shared.handshakes.forget_idle();
    shared.flooders.forget_idle();
}
