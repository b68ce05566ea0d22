//! A Socket.IO client that drives the wire exactly and records every packet, and a REST client beside it.
//!
//! It speaks Engine.IO 4 and Socket.IO 5 over WebSocket, over HTTP long-polling, and upgraded from the second to the
//! first. It never reconnects, repeats or hides anything: what the server does is what is seen.

mod engine;
mod inbox;
mod packet;
mod polling;
mod rest;
mod socket;
mod token;
mod websocket;
mod wire;

use std::time::Duration;

pub use engine::Transport;
pub use inbox::{Arrival, Closed, Observer, Seen};
pub use rest::{Answer, Body, Request};
pub use socket::{ConnectFailure, ConnectOptions, Socket};
pub(crate) use token::now;
pub use token::{Claims, Signature, mint};
pub use wire::{Direction, Entry, Speaker, Wire};

/// How long a connection may be idle and still be used again. Servers close those that are idle for longer, some after
/// 5 s, and a request that meets that moment is lost.
const IDLE: Duration = Duration::from_secs(2);

/// Where a server is, and the connections to it that are kept for further requests.
#[derive(Clone, Debug)]
pub struct Endpoint {
    url: reqwest::Url,
    http: reqwest::Client,
}

impl Endpoint {
    /// The server at `url`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with `url`.
    pub fn new(url: &str) -> Result<Self, String> {
        let parsed = reqwest::Url::parse(url).map_err(|error| format!("`{url}` is not a URL: {error}"))?;
        if parsed.scheme() != "http" || parsed.host_str().is_none() {
            return Err(format!("`{url}` is not the URL of a server: give one such as http://127.0.0.1:8000"));
        }
        // The HTTP client asks for one even where it speaks no TLS. Where there is one already, that one counts.
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder()
            .tcp_nodelay(true)
            .pool_idle_timeout(IDLE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| format!("the HTTP client cannot be set up: {error}"))?;
        Ok(Endpoint { url: parsed, http })
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

/// What went wrong, down to the first cause: the HTTP client's own words leave that out.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
