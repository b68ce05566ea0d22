//! Where requests come in: who sends them, and how often.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
    header::{CONTENT_LENGTH, CONTENT_TYPE, SEC_WEBSOCKET_KEY, X_CONTENT_TYPE_OPTIONS},
    request::Parts,
};
use hyper::upgrade::OnUpgrade;
use socketioxide::service::SocketIoService;
use tower::Service;

use super::{
    config::{Network, Rate},
    core::Core,
    line::Line,
    names::BodyNames,
};
use crate::{http::answer, rejection::Rejection};

/// What answers requests below [`PATH`].
pub(super) type Endpoint = SocketIoService<NotFound>;

/// The pause between two entries of the log about handshakes that come too often.
const LOG_PAUSE: Duration = Duration::from_secs(1);

/// Where Socket.IO is served.
pub(super) const PATH: &str = "/socket.io/";

/// The connection that a request came on.
#[derive(Clone)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    pub(super) line: Arc<Line>,
}

/// What is known of a handshake before its token is looked at.
#[derive(Clone)]
pub(super) struct Arrival {
    /// Where it comes from, as far as proxies are trusted to say so.
    pub(super) address: IpAddr,
    /// The token of its query.
    pub(super) token: Option<Arc<str>>,
    /// The connection, where it is a WebSocket. One that carries polling may carry the requests of others as well, and is
    /// never cut.
    pub(super) web_socket: Option<Arc<Line>>,
    /// The number of the socket that joined last: a connection may leave the namespace and join it again.
    pub(super) joined: Arc<AtomicU64>,
}

/// How often each address shakes hands.
pub(super) struct Handshakes {
    buckets: DefaultKeyedRateLimiter<IpAddr>,
    refused: Mutex<RefusedHandshakes>,
}

/// The refused handshakes, as far as they are not yet in the log: a flood does not fill it.
#[derive(Default)]
struct RefusedHandshakes {
    logged: Option<Instant>,
    since: u64,
}

impl Handshakes {
    pub(super) fn new(rate: Rate) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(rate.per_second)).allow_burst(at_least_one(rate.burst));
        Handshakes { buckets: RateLimiter::keyed(quota), refused: Mutex::default() }
    }

    /// Lets an address shake hands, or says when it may.
    fn take(&self, address: IpAddr) -> Result<(), Duration> {
        let refused = match self.buckets.check_key(&address) {
            Ok(()) => return Ok(()),
            Err(refused) => refused,
        };
        metrics::counter!("accord_handshakes_rejected_total", "reason" => "address_rate").increment(1);
        let mut log = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        log.since += 1;
        if log.logged.is_none_or(|logged| logged.elapsed() >= LOG_PAUSE) {
            tracing::info!(address = ?address, reason = "address_rate", handshakes = log.since, "refused handshakes");
            *log = RefusedHandshakes { logged: Some(Instant::now()), since: 0 };
        }
        Err(refused.wait_time_from(self.buckets.clock().now()))
    }

    /// Forgets who has not been here for a while.
    pub(super) fn forget_idle(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

/// The Socket.IO endpoint with what it needs to know who calls.
#[derive(Clone)]
pub(super) struct SocketIoState {
    pub(super) core: Arc<Core>,
    pub(super) handshakes: Arc<Handshakes>,
    pub(super) endpoint: Endpoint,
}

/// Answers a request below [`PATH`].
pub(super) async fn socket_io(State(state): State<SocketIoState>, request: Request) -> Response {
    let SocketIoState { core, handshakes, mut endpoint } = state;
    let (mut parts, body) = request.into_parts();
    let address = address(&parts, &core.config.trusted_proxies);
    let peer = parts.extensions.remove::<Peer>();
    let query = parts.uri.query().unwrap_or_default();
    let session = parameter(query, "sid").map(str::to_owned);
    let web_socket = parameter(query, "transport") == Some("websocket");
    if session.is_none() || web_socket {
        if core.is_stopping() {
            return answer::unavailable();
        }
        if let Err(retry_after) = handshakes.take(address) {
            return answer::failure(&Rejection::limited(core.protocol, retry_after));
        }
    }
    let line = peer.map(|peer| peer.line);
    let polls = parts.method == Method::GET && !web_socket;
    let token = parameter(query, "token").and_then(decode).map(Arc::from);
    let arrival = Arrival { address, token, web_socket: line.clone().filter(|_| web_socket), joined: Arc::default() };
    let transports = core.hub.transports();
    let upgrade = session.as_deref().zip(line.as_ref()).filter(|_| web_socket);
    if let Some((session, line)) = upgrade {
        transports.begin_upgrade(session, line);
    }
    let answer = endpoint.call(lean(parts, body, arrival));
    let answer = match session.as_deref().filter(|_| polls) {
        Some(session) => transports.poll(session, answer).await,
        None => Some(answer.await),
    };
    let Some(response) = answer else { return noop() };
    let response = response.map_or_else(|never| match never {}, |response| response.map(Body::new));
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        line.iter().for_each(|line| line.upgraded());
    } else if let Some((session, line)) = upgrade {
        transports.refuse_upgrade(session, line);
    }
    response
}

/// What a poll of a session that is being upgraded is answered with: nothing has happened (Engine.IO protocol 4, "noop").
fn noop() -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=UTF-8")], "6").into_response()
}

/// A request of which the library keeps as little as possible for as long as the connection lives: of its headers those
/// that it reads, of its query what Engine.IO defines (so no token either), each in memory of its own rather than in the
/// connection's read buffer.
fn lean(parts: Parts, body: Body, arrival: Arrival) -> Request {
    const READ: [HeaderName; 3] = [CONTENT_TYPE, CONTENT_LENGTH, SEC_WEBSOCKET_KEY];
    const DEFINED: [&str; 5] = ["EIO", "transport", "sid", "b64", "t"];
    let query = parts.uri.query().unwrap_or_default();
    let defined = query.split('&').filter(|pair| DEFINED.contains(&pair.split('=').next().unwrap_or_default()));
    let query = defined.collect::<Vec<_>>().join("&");
    let mut lean = Request::new(Body::from_stream(body.into_data_stream().map({
        let mut names = BodyNames::default();
        move |piece| piece.map(|piece| names.soften(&piece))
    })));
    *lean.method_mut() = parts.method;
    *lean.version_mut() = parts.version;
    *lean.uri_mut() = Uri::builder().path_and_query(format!("{PATH}?{query}")).build().unwrap_or_default();
    for name in READ {
        let copy = parts.headers.get(&name).and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok());
        if let Some(copy) = copy {
            lean.headers_mut().insert(name, copy);
        }
    }
    lean.extensions_mut().insert(arrival);
    let mut extensions = parts.extensions;
    if let Some(upgrade) = extensions.remove::<OnUpgrade>() {
        lean.extensions_mut().insert(upgrade);
    }
    lean
}

/// The first value of a query's parameter, as it is written.
fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name)).map(|(_, value)| value)
}

/// A query's value, percent-decoded; `None` if that is not UTF-8.
fn decode(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |digit: Option<&u8>| digit.and_then(|digit| char::from(*digit).to_digit(16));
        (bytes, rest) = match (*first, hex(tail.first()), hex(tail.get(1))) {
            #[expect(clippy::cast_possible_truncation, reason = "two hexadecimal digits are one byte")]
            (b'%', Some(high), Some(low)) => (push(bytes, (high << 4 | low) as u8), &tail[2..]),
            (b'+', ..) => (push(bytes, b' '), tail),
            (byte, ..) => (push(bytes, byte), tail),
        };
    }
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}

fn push(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

/// Where a request comes from: the last address that no trusted proxy has put there.
pub(crate) fn address(parts: &Parts, trusted: &[Network]) -> IpAddr {
    let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.address.ip());
    forwarded(peer.to_canonical(), &parts.headers, trusted)
}

fn forwarded(mut address: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let values = headers.get_all("x-forwarded-for");
    let hops = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    for hop in hops.collect::<Vec<_>>().into_iter().rev() {
        if !is_trusted(address) {
            break;
        }
        let hop = hop.trim();
        match hop.parse::<IpAddr>().or_else(|_| hop.parse::<SocketAddr>().map(|hop| hop.ip())) {
            Ok(hop) => address = hop.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

/// Has browsers take no content for what its type does not say.
pub(super) async fn no_sniffing(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Answers what is not Socket.IO's, which the routes above let nothing through for.
#[derive(Clone)]
pub(super) struct NotFound;

impl Service<Request> for NotFound {
    type Response = Response;
    type Error = Infallible;
    type Future = Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        ready(Ok(answer::not_found()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_03_forwarded_addresses_count_from_listed_proxies_alone() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let cases: [(&str, &[&str], &str); 6] = [
            ("192.0.2.1", &["203.0.113.9"], "192.0.2.1"),
            ("10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1, 203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1", "203.0.113.9:4711"], "203.0.113.9"),
            ("10.0.0.1", &["nonsense"], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
        ];
        for (peer, values, expected) in cases {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
            }
            assert_eq!(forwarded(peer.parse().unwrap(), &headers, &trusted).to_string(), expected, "{peer} {values:?}");
        }
    }

    #[test]
    fn query_values_are_percent_decoded() {
        let cases = [("a.b-c_d", Some("a.b-c_d")), ("a%2Eb%20c+d", Some("a.b c d")), ("%zz%4", Some("%zz%4"))];
        for (written, read) in cases {
            assert_eq!(decode(written).as_deref(), read);
        }
        assert_eq!(decode("%ff"), None);
        assert_eq!(decode(""), None);
    }
}
