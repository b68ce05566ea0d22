//! The server: its parts put together, from the first check to the last connection.

use std::{io, net::SocketAddr, path::PathBuf, pin::pin, sync::Arc, time::Instant};

use accord_runtime::{
    Auth, Fault, Operation, Service,
    auth::Verifier,
    gateway::{Gateway, Hub},
};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    banner::{Banner, Demo},
    config::{Config, DEMO_SECRET, keys::KeySourceError},
    demo,
    files::{Files, StorageError, cleanup},
    handlers::{App, Parts},
    metrics::Metrics,
    page,
    presence::Presence,
    protocol::{self, PROTOCOL, specs},
    stop,
    store::{self, OpenError, Store},
    token::TokenError,
};

/// What the server is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Serving whoever has a token.
    Serve,
    /// Trying things out.
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
        /// What the operating system said.
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
    #[error("the uploads cannot be kept in {}: {error}; name a directory that this user may write in with --uploads", path.display())]
    Uploads {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it.
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

/// What is wrong with an address, and what to do.
fn listen_problem(error: &io::Error, address: &SocketAddr) -> String {
    let port = address.port();
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "another program listens there; end it, or choose another port: --listen {}:{}",
            address.ip(),
            port.checked_add(1).unwrap_or(8000)
        ),
        io::ErrorKind::PermissionDenied => {
            format!("ports below 1024 are for the system; choose another one: --listen {}:8000", address.ip())
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("this machine does not have that address; --listen 0.0.0.0:{port} listens on all that it has")
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
    let (keys, key_watch) = config.keys.load().await?;
    let verifier = Verifier::new(keys).issuers(config.issuer.clone()).audiences(config.audience.clone());
    let listener = listen(config.listen).await?;
    let private = match config.metrics_listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let files = Files::open(&config.uploads)
        .map(Arc::new)
        .map_err(|error| StartError::Uploads { path: config.uploads.clone(), error })?;
    let store = Store::open(&config.database).await?;

    let hub = Hub::new();
    let app = App::new(Parts {
        store: store.clone(),
        files: Arc::clone(&files),
        hub: hub.clone(),
        presence: Presence::default(),
        metrics: metrics.clone(),
        upload_quota: config.upload_quota,
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
    let gateway = |service, hub| Gateway::new(service, app.clone(), verifier.clone(), hub, config.gateway.clone());
    let public = gateway(public, hub).routes(page::router());
    // Sockets belong on the public gateway, whose hub the handlers know: this one has no events for them.
    let private = private.map(|listener| (listener, gateway(administration, Hub::new())));

    let stopped = CancellationToken::new();
    let mut chores = JoinSet::new();
    chores.spawn(stopped.clone().run_until_cancelled_owned(key_watch.run(verifier.clone())));
    chores.spawn(stopped.clone().run_until_cancelled_owned(cleanup::run(store.clone(), files)));
    chores.spawn(stopped.clone().run_until_cancelled_owned(metrics.keep_up()));

    let address = listener.local_addr().map_err(StartError::Serve)?;
    let private_address = private.as_ref().map(|(listener, _)| listener.local_addr());
    let private_address = private_address.transpose().map_err(StartError::Serve)?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    print_banner(&config, address, private_address, tokens.as_deref());
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
    stopped.cancel();
    while chores.join_next().await.is_some() {}
    store.close().await;
    tracing::info!("stopped");
    served.map(|_| ()).map_err(StartError::Serve)
}

/// The service, and the part of it that has a listener of its own where `private`: metrics and administration (SEC-40).
fn split(app: &App, private: bool) -> (Service, Service) {
    let is_private = |operation: &Operation| {
        private && (operation.spec.auth == Auth::Admin || operation.spec.name == specs::GET_METRICS.name)
    };
    let (mut public, mut administration) = (protocol::service(app.clone()), protocol::service(app.clone()));
    public.operations.retain(|operation| !is_private(operation));
    administration.operations.retain(is_private);
    administration.events.clear();
    (public, administration)
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| StartError::Listen { address, error })
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
    // A server whose standard output is closed serves all the same.
    let _ = io::Write::write_all(&mut io::stdout(), format!("\n{banner}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_occupied_port_is_said_with_what_to_do() {
        let occupant = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = occupant.local_addr().expect("an address");
        let directory = tempfile::tempdir().expect("a directory");
        let config = Config::demo(address, directory.path()).expect("a configuration");
        let message = run(config, Mode::Demo).await.expect_err("no start").to_string();
        assert!(
            message.starts_with(&format!("cannot listen on {address}: another program listens there")),
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
            hub: Hub::new(),
            presence: Presence::default(),
            metrics: Metrics::of_process(),
            upload_quota: 0,
            started: Instant::now(),
        });
        let paths = |service: &Service| -> Vec<&str> {
            service.operations.iter().map(|operation| operation.spec.path).collect()
        };
        let is_private = |path: &&str| path.starts_with("/api/admin/") || *path == "/metrics";

        let (public, administration) = split(&app, true);
        assert!(!paths(&public).iter().any(is_private), "{:?}", paths(&public));
        assert!(paths(&administration).iter().all(is_private), "{:?}", paths(&administration));
        assert!(administration.events.is_empty());
        let (all, none) = split(&app, false);
        assert_eq!(paths(&all).len(), paths(&public).len() + paths(&administration).len());
        assert!(none.operations.is_empty());
    }
}
