//! A command's listener, and the signals that stop it.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, ToSocketAddrs},
};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Begins to listen on a port of this machine, unless another address is named.
pub async fn listen(port: u16, elsewhere: Option<SocketAddr>) -> Result<TcpListener, String> {
    bind(elsewhere.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))).await
}

/// Begins to listen at an address.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        let next = address.port().checked_add(1).unwrap_or(8000);
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => {
                format!("another program is listening there; stop it, or choose another port: --port {next}")
            }
            io::ErrorKind::PermissionDenied => {
                "ports below 1024 are reserved for the system; choose another one: --port 8000".to_owned()
            }
            io::ErrorKind::AddrNotAvailable => {
                let port = address.port();
                format!(
                    "this machine does not have that address; --listen 0.0.0.0:{port} listens on all of its \
                         addresses"
                )
            }
            _ => error.to_string(),
        };
        format!("error: cannot listen on {address}: {why}\n")
    })
}

/// Reads an address and a port: `127.0.0.1:8000`, `[::]:8000` or `localhost:8000`.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    let example = "write an address and a port: 0.0.0.0:8000, [::]:8000 or localhost:8000";
    let mut addresses = text.to_socket_addrs().map_err(|error| format!("{error}; {example}"))?;
    addresses.next().ok_or_else(|| format!("the name has no address; {example}"))
}

/// Runs a future on all of this machine's processors.
pub fn block_on<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| format!("error: cannot start: {error}\n"))?.block_on(work)
}

/// A token that is cancelled by Ctrl-C or SIGTERM. A second signal ends the process at once.
pub fn stop() -> Result<CancellationToken, String> {
    let mut signals = Signals::new().map_err(|error| format!("error: cannot handle signals: {error}\n"))?;
    let stop = CancellationToken::new();
    let signalled = stop.clone();
    tokio::spawn(async move {
        signals.next().await;
        signalled.cancel();
        signals.next().await;
        std::process::exit(1);
    });
    Ok(stop)
}

/// The signals that stop the process.
#[cfg(unix)]
pub struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Signals from now on.
    pub fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the next.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The signals that stop the process.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Signals from now on.
    pub fn new() -> io::Result<Self> {
        Ok(Signals)
    }

    /// Waits for the next.
    pub async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
