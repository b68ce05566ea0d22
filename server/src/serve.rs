//! The server: connects its parts, from the first check to the last connection.

use std::{
    io,
    net::SocketAddr,
    panic::AssertUnwindSafe,
    path::PathBuf,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use accord_gateway::{self, Gateway, Hub};
use accord_runtime::{Auth, Declared, Endpoint, Fault, Service, auth::Verifier};
use futures_util::FutureExt;
use tokio::{
    net::{TcpListener, TcpSocket},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use crate::{
    banner::{Banner, Demo},
    config::{Config, DEMO_SECRET, keys::KeySourceError},
    demo, descriptors,
    files::{Files, StorageError, cleanup, quota::Quota},
    handlers::{App, Parts},
    hangup::Hangups,
    metrics::Metrics,
    page,
    presence::Presence,
    protocol::{self, Emitter, PROTOCOL, specs},
    retention, revocation, stop,
    store::{self, OpenError, Store},
    token::TokenError,
};

/// The pause before a chore that panicked is restarted.
const AFTER_PANIC: Duration = Duration::from_secs(1);

/// The maximum number of connections of the listener of metrics and administration.
const PRIVATE_CONNECTIONS: usize = 32;

/// The maximum number of connections that the system keeps until the server accepts them; it may keep fewer
/// (`net.core.somaxconn`). After an outage all clients connect at once.
const BACKLOG: u32 = 4096;

/// Production or demo.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// A production server, for users with tokens.
    Serve,
    /// The demo, for trying things out.
    Demo,
}

/// Why the server did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {}", listen_problem(error, address))]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The operating system's error.
        #[source]
        error: io::Error,
    },
    /// There are no keys to verify tokens with.
    #[error(transparent)]
    Keys(#[from] KeySourceError),
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The directory of uploads cannot be used.
    #[error("cannot store uploads in {}: {error}; give a writable directory with --uploads", path.display())]
    Uploads {
        /// The directory.
        path: PathBuf,
        /// The cause.
        #[source]
        error: StorageError,
    },
    /// The demo's world was not loaded.
    #[error("the demo's world was not loaded: {0:#}")]
    Demo(Fault),
    /// The demo's tokens were not made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Serving ended.
    #[error("the server stopped: {0}")]
    Serve(#[source] io::Error),
}

/// The cause of a failure to listen, and its remedy.
fn listen_problem(error: &io::Error, address: &SocketAddr) -> String {
    let port = address.port();
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "another program is listening there; stop it, or choose another port: --listen {}:{}",
            address.ip(),
            port.checked_add(1).unwrap_or(8000)
        ),
        io::ErrorKind::PermissionDenied => {
            format!("ports below 1024 are reserved for the system; choose another one: --listen {}:8000", address.ip())
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("this machine does not have that address; --listen 0.0.0.0:{port} listens on all of its addresses")
        }
        _ => error.to_string(),
    }
}

/// Serves until a signal says to stop.
///
/// # Errors
/// If the server does not start.
pub async fn run(config: Config, mode: Mode) -> Result<(), StartError> {
    let metrics = Metrics::of_process();
    let hangups = Hangups::new();
    let (keys, key_watch) = config.keys.load().await?;
    let verifier = Verifier::new(keys).issuers(config.issuer.clone()).audiences(config.audience.clone());
    let listener = listen(config.listen)?;
    let private = match config.metrics_listen {
        Some(address) => Some(listen(address)?),
        None => None,
    };
    // Before the uploads: opening those removes unfinished ones, which another server may still be receiving.
    let store = Store::open_to_serve(&config.database).await?;
    let files = Files::open(&config.uploads)
        .map(|files| Arc::new(files.allowing(config.upload_types.clone())))
        .map_err(|error| StartError::Uploads { path: config.uploads.clone(), error })?;

    let hub = Hub::with_log(Arc::new(store.clone()));
    let app = App::new(Parts {
        store: store.clone(),
        files: Arc::clone(&files),
        hub: hub.clone(),
        emitter: Emitter::new(Arc::new(hub.clone())),
        presence: Presence::default(),
        metrics: metrics.clone(),
        quota: Quota::new(config.upload_quota),
        started: Instant::now(),
    });
    let tokens = match mode {
        Mode::Demo => {
            demo::load(&store, &hub, &app).await.map_err(StartError::Demo)?;
            Some(demo::tokens()?)
        }
        Mode::Serve => None,
    };
    let (public, administration) = split(&app, private.is_some());
    let most = descriptors::raise().map_or(config.gateway.max_connections, descriptors::connections);
    // The listener of metrics and administration has its own connections.
    let of_private = if private.is_some() { most.min(PRIVATE_CONNECTIONS) } else { 0 };
    let gateway = |service, hub, sockets, max_connections| {
        let gateway = accord_gateway::Config { sockets, max_connections, ..config.gateway.clone() };
        Gateway::new(service, app.clone(), verifier.clone(), hub, gateway)
    };
    let public = gateway(public, hub.clone(), true, most - of_private).routes(page::router());
    // Sockets belong to the public gateway, whose hub the handlers use.
    let private = private.map(|listener| {
        let hub = Hub::with_log(Arc::new(store.clone()));
        (listener, gateway(administration, hub, false, of_private))
    });

    let stopped = CancellationToken::new();
    let mut chores = JoinSet::new();
    let watch_keys = persevere(move || key_watch.clone().run(verifier.clone()));
    // The watch waits for them from here on.
    drop(hangups);
    let cleaned = store.clone();
    let clean_up = persevere(move || cleanup::run(cleaned.clone(), Arc::clone(&files)));
    let (swept, kept) = (store.clone(), config.log);
    let sweep = persevere(move || retention::run(swept.clone(), kept));
    let revoked = (store.clone(), hub);
    let end_revoked = persevere(move || revocation::run(revoked.0.clone(), revoked.1.clone()));
    let checkpointed = store.clone();
    let checkpoint = persevere(move || {
        let store = checkpointed.clone();
        async move { store.keep_checkpointed().await }
    });
    let keep_up = persevere(move || metrics.clone().keep_up());
    chores.spawn(stopped.clone().run_until_cancelled_owned(watch_keys));
    chores.spawn(stopped.clone().run_until_cancelled_owned(clean_up));
    chores.spawn(stopped.clone().run_until_cancelled_owned(sweep));
    chores.spawn(stopped.clone().run_until_cancelled_owned(end_revoked));
    chores.spawn(stopped.clone().run_until_cancelled_owned(checkpoint));
    chores.spawn(stopped.clone().run_until_cancelled_owned(keep_up));

    let address = listener.local_addr().map_err(StartError::Serve)?;
    let private_address = private.as_ref().map(|(listener, _)| listener.local_addr());
    let private_address = private_address.transpose().map_err(StartError::Serve)?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    print_banner(&config, address, private_address, tokens.as_deref());
    let served = serve_until_stopped((listener, public), private).await;
    stopped.cancel();
    while chores.join_next().await.is_some() {}
    store.close().await;
    tracing::info!("stopped");
    served.map_err(StartError::Serve)
}

/// Serves until a signal says to stop, and then finishes everything in flight.
async fn serve_until_stopped(
    (listener, public): (TcpListener, Gateway),
    private: Option<(TcpListener, Gateway)>,
) -> io::Result<()> {
    let stop = CancellationToken::new();
    let mut serving = pin!(async {
        tokio::try_join!(public.serve(listener, stop.cancelled()), async {
            match private {
                Some((listener, gateway)) => gateway.serve(listener, stop.cancelled()).await,
                None => Ok(()),
            }
        })
    });
    let served = tokio::select! {
        served = &mut serving => served,
        () = stop::requested() => {
            stop.cancel();
            serving.await
        }
    };
    served.map(|_| ())
}

/// Runs a chore until dropped, and restarts it after a panic.
async fn persevere<F: Future<Output = ()>>(chore: impl Fn() -> F) {
    while AssertUnwindSafe(chore()).catch_unwind().await.is_err() {
        tokio::time::sleep(AFTER_PANIC).await;
    }
}

/// The service without metrics and administration, and those separately: they have their own listener if `private`
/// (SEC-40).
fn split(app: &App, private: bool) -> (Service, Service) {
    let is_private = |endpoint: &Endpoint| match endpoint.declared() {
        Declared::Operation(spec) => private && (spec.auth == Auth::Admin || spec.name == specs::GET_METRICS.name),
        Declared::Event(_) | Declared::Gone => false,
    };
    let (mut public, mut administration) = (protocol::service(app.clone()), protocol::service(app.clone()));
    public.endpoints.retain(|endpoint| !is_private(endpoint));
    administration.endpoints.retain(is_private);
    (public, administration)
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let listening = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A server that restarts gets its port back, although connections of the one before have not quite ended.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listening().map_err(|error| StartError::Listen { address, error })
}

fn print_banner(config: &Config, address: SocketAddr, private: Option<SocketAddr>, tokens: Option<&[(&str, String)]>) {
    let banner = Banner {
        address,
        private,
        database: &store::without_password(&config.database),
        uploads: &config.uploads,
        protocol: (PROTOCOL.name, PROTOCOL.version),
        demo: tokens.map(|tokens| Demo { secret: DEMO_SECRET, tokens }),
    };
    let text = format!("\n{banner}\n");
    // A server keeps serving if its standard output is closed, or blocks this thread because nobody reads it.
    std::thread::spawn(move || io::Write::write_all(&mut io::stdout(), text.as_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_occupied_port_is_reported_with_a_remedy() {
        let occupant = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = occupant.local_addr().expect("an address");
        let directory = tempfile::tempdir().expect("a directory");
        let config = Config::demo(address, directory.path()).expect("a configuration");
        let message = run(config, Mode::Demo).await.expect_err("no start").to_string();
        assert!(
            message.starts_with(&format!("cannot listen on {address}: another program is listening there")),
            "{message}"
        );
        assert!(message.contains("--listen 127.0.0.1:"), "{message}");
    }

    #[tokio::test]
    async fn sec_40_metrics_and_administration_can_be_served_elsewhere() {
        let directory = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}", directory.path().join("accord.db").display());
        let app = App::new(Parts {
            store: Store::open(&url).await.expect("a database"),
            files: Arc::new(Files::open(&directory.path().join("uploads")).expect("files")),
            emitter: Emitter::new(Arc::new(Hub::new())),
            hub: Hub::new(),
            presence: Presence::default(),
            metrics: Metrics::of_process(),
            quota: Quota::new(0),
            started: Instant::now(),
        });
        let path = |endpoint: &Endpoint| match endpoint.declared() {
            Declared::Operation(spec) => Some(spec.path),
            Declared::Event(_) | Declared::Gone => None,
        };
        let paths = |service: &Service| -> Vec<&str> { service.endpoints.iter().filter_map(path).collect() };
        let is_private = |path: &&str| path.starts_with("/api/admin/") || *path == "/metrics";

        let (public, administration) = split(&app, true);
        assert!(!paths(&public).iter().any(is_private), "{:?}", paths(&public));
        assert!(paths(&administration).iter().all(is_private), "{:?}", paths(&administration));
        assert_eq!(paths(&administration).len(), administration.endpoints.len(), "it has no events");
        let (all, none) = split(&app, false);
        assert_eq!(paths(&all).len(), paths(&public).len() + paths(&administration).len());
        assert!(none.endpoints.is_empty());
    }
}
