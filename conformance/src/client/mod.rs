//! A Socket.IO client that drives the wire exactly and records every packet, and a REST client.
//!
//! It speaks Engine.IO 4 and Socket.IO 5 over WebSocket, over HTTP long-polling, and upgraded from the second to the
//! first. It never reconnects, repeats or hides anything, so that tests see all that the server does.

mod engine;
mod inbox;
mod packet;
mod polling;
mod receiver;
mod rest;
mod socket;
mod token;
mod websocket;
mod wire;

use std::{sync::Arc, time::Duration};

pub use accord_flows::{Signature, Transport};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

pub use inbox::{Arrival, Closed, Observer, Seen};
pub use rest::{Answer, Body, Request};
pub use socket::{ConnectFailure, ConnectOptions, Socket};
pub(crate) use token::now;
pub use token::{Claims, mint};
pub use wire::{Direction, Entry, Speaker, Wire};

/// The maximum idle time of a connection that is used again. Servers close idle connections, some after 5 s, and a
/// request sent at that moment is lost.
const IDLE: Duration = Duration::from_secs(2);

/// A server's address, and the connections to it that are kept for further requests.
#[derive(Clone, Debug)]
pub struct Endpoint {
    url: reqwest::Url,
    http: reqwest::Client,
    tls: Arc<ClientConfig>,
    /// The version of the protocol that requests state.
    version: Option<String>,
}

impl Endpoint {
    /// The server at `url`.
    ///
    /// # Errors
    /// A sentence that describes the error in `url`.
    pub fn new(url: &str) -> Result<Self, String> {
        let parsed = reqwest::Url::parse(url).map_err(|error| format!("`{url}` is not a URL: {error}"))?;
        if !["http", "https"].contains(&parsed.scheme()) || parsed.host_str().is_none() {
            return Err(format!("`{url}` is not the URL of a server: give one such as http://127.0.0.1:8000"));
        }
        let tls = tls(parsed.scheme() == "https").map_err(|error| {
            format!(
                "{url} uses TLS, and the system's certificates cannot be read: {error}; set SSL_CERT_FILE to a \
                     file of certificates"
            )
        })?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .tcp_nodelay(true)
            .pool_idle_timeout(IDLE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| format!("the HTTP client cannot start: {}", causes(&error)))?;
        Ok(Endpoint { url: parsed, http, tls: Arc::new(tls), version: None })
    }

    /// The same, of a client that speaks this version of the protocol.
    #[must_use]
    pub fn speaking(self, version: Option<&str>) -> Self {
        Endpoint { version: version.map(str::to_owned), ..self }
    }

    /// The URL that was given.
    pub fn url(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// The URL of `path`, which may also be a whole URL.
    fn at(&self, path: &str, query: &[(String, String)]) -> Result<reqwest::Url, String> {
        let mut url = self.url.join(path).map_err(|error| format!("`{path}` is not a path: {error}"))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// The URL of an Engine.IO transport.
    fn engine(&self, transport: &str, session: Option<&str>, query: &[(String, String)]) -> reqwest::Url {
        let mut url = self.at("/socket.io/", query).expect("a constant path joins any URL");
        url.query_pairs_mut().append_pair("EIO", "4").append_pair("transport", transport);
        if let Some(session) = session {
            url.query_pairs_mut().append_pair("sid", session);
        }
        url
    }
}

/// TLS that trusts the certificates of the system. Without TLS, it loads none, so none need to be installed.
fn tls(needed: bool) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let config =
        if needed { config.with_platform_verifier()? } else { config.with_root_certificates(RootCertStore::empty()) };
    Ok(config.with_no_client_auth())
}

/// An error with all of its causes, which the HTTP client's own text leaves out.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut causes: Vec<String> = Vec::new();
    for cause in std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string) {
        // Some errors include their cause already.
        if !causes.last().is_some_and(|effect| effect.ends_with(&cause)) {
            causes.push(cause);
        }
    }
    wire::without_tokens(&causes.join(": ")).into_owned()
}
