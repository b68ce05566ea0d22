//! Accepting connections, and stopping without dropping what is in flight.

use std::{
    future::Future,
    io,
    pin::pin,
    sync::{Arc, atomic::Ordering},
    time::{Duration, SystemTime},
};

use axum::{Router, body::Body, middleware};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, MissedTickBehavior, interval, sleep, timeout, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

use super::{
    Gateway,
    config::Config,
    core::Core,
    edge::{self, Handshakes, Peer},
    lifecycle,
    line::{Guarded, Line},
    way,
};

/// How often expired tokens are looked for.
const EXPIRY: Duration = Duration::from_millis(250);

/// The pause before accepting again after the system has refused, as it does when it is out of file descriptors.
const REFUSED: Duration = Duration::from_millis(100);

/// How long connections may take to close once nothing is in flight, at least.
const CLOSING: Duration = Duration::from_secs(1);

pub(super) async fn serve(
    gateway: Gateway,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let Gateway { core, handshakes, io, router } = gateway;
    let router = router.layer(middleware::from_fn(edge::no_sniffing));
    listener.local_addr()?;
    let stopped = CancellationToken::new();
    let keeping = tokio::spawn(stopped.clone().run_until_cancelled_owned(keep_house(Arc::clone(&core), handshakes)));
    let connections = TaskTracker::new();
    {
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, address)) => {
                    let line = Arc::new(Line::default());
                    let peer = Peer { address, line };
                    connections.spawn(connection(stream, peer, router.clone(), core.config.clone(), stopped.clone()));
                }
                Err(error) => {
                    tracing::warn!(error = ?error.to_string(), "a connection was not accepted");
                    sleep(REFUSED).await;
                }
            }
        }
    }

    tracing::info!("stopping: finishing what is in flight");
    let deadline = Instant::now() + core.config.stop_timeout;
    core.stopping.store(true, Ordering::Release);
    drop(listener);
    core.work.close();
    if timeout_at(deadline, core.work.wait()).await.is_err() {
        tracing::warn!(unfinished = core.work.len(), "stopping without waiting any longer for what is in flight");
    }
    // What was finished last is on its way to the client before its connection closes: closing waits for the writers.
    timeout(CLOSING, io.close()).await.ok();
    stopped.cancel();
    connections.close();
    let closing = deadline.max(Instant::now() + CLOSING);
    timeout_at(closing, connections.wait()).await.ok();
    // What is left here has ended without anybody having said so yet.
    core.hub.disconnect_all().into_iter().for_each(|link| lifecycle::ended(&core, link));
    timeout_at(closing, core.work.wait()).await.ok();
    keeping.await.ok();
    Ok(())
}

/// Serves one connection until it ends, is upgraded, or the server has stopped.
async fn connection(stream: TcpStream, peer: Peer, router: Router, config: Config, stopped: CancellationToken) {
    // Without it, steps that need two packets wait 40 ms for an acknowledgement of the first.
    stream.set_nodelay(true).ok();
    let stream = Guarded::new(stream, Arc::clone(&peer.line), config.write_timeout);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer.clone());
        router.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(config.header_timeout);
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = stopped.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = ?error.to_string(), "a connection ended");
    }
}

/// Closes the sockets whose tokens have expired, and forgets what is idle.
async fn keep_house(core: Arc<Core>, handshakes: Arc<Handshakes>) {
    let every = |period: Duration| {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks
    };
    let (mut expiry, mut forgetting) = (every(EXPIRY), every(core.config.forget_interval));
    loop {
        tokio::select! {
            _ = expiry.tick() => {
                for link in core.hub.expired(SystemTime::now()) {
                    let core = Arc::clone(&core);
                    tokio::spawn(async move { way::expire(&core, &link).await });
                }
            }
            _ = forgetting.tick() => {
                core.limits.forget_idle();
                core.hub.transports().forget_ended();
                handshakes.forget_idle();
            }
        }
    }
}
