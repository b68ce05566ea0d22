//! Engine.IO's requests, which open, poll, post to and upgrade sessions.

use std::{net::IpAddr, sync::Arc};

use accord_runtime::rejection::Rejection;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
};
use http::{
    HeaderName, HeaderValue, Method, StatusCode, Uri,
    header::{CONTENT_LENGTH, CONTENT_TYPE, SEC_WEBSOCKET_KEY},
    request::Parts,
};
use hyper::upgrade::OnUpgrade;
use percent_encoding::percent_decode_str;
use tower::Service;

use super::{
    address::{self, Peer},
    answer,
    arrival::Arrival,
    bodies::Unread,
    connection::{Act, Connection, Session, Turn},
    library::EngineIo,
    polling,
    shared::Shared,
};

/// The path of Socket.IO.
pub(super) const PATH: &str = "/socket.io/";

/// The Socket.IO endpoint, with the state that it needs to identify callers.
#[derive(Clone)]
pub(super) struct SocketIoState {
    pub(super) shared: Arc<Shared>,
    pub(super) engine_io: EngineIo,
}

/// Answers a request below [`PATH`].
pub(super) async fn socket_io(State(state): State<SocketIoState>, request: Request) -> Response {
    let SocketIoState { shared, .. } = &state;
    let (mut parts, body) = request.into_parts();
    let address = address::of(&parts, &shared.config.trusted_proxies);
    let connection = parts.extensions.remove::<Peer>().map(|peer| peer.connection);
    let query = parts.uri.query().unwrap_or_default();
    let id = parameter(query, "sid").map(str::to_owned);
    let web_socket = parameter(query, "transport") == Some("websocket");
    if id.is_none() || web_socket {
        if shared.is_stopping() {
            return answer::unavailable();
        }
        if let Err(retry_after) = shared.handshakes.take(address) {
            return answer::failure(&Rejection::limited(shared.protocol, retry_after));
        }
    }
    let token = parameter(query, "token").and_then(decode).map(Arc::from);
    let known = id.as_deref().and_then(|id| shared.hub.transports().session(id));
    match (id, known) {
        (Some(id), Some(session)) if web_socket => state.upgrade(parts, &id, &session, connection).await,
        (Some(id), session) if parts.method == Method::GET && !web_socket => state.poll(parts, &id, session).await,
        (Some(id), session) if parts.method == Method::POST && !web_socket => {
            state.post(parts, body, address, &id, session).await
        }
        // The library answers that it does not know the session, or that the request is wrong.
        (Some(_), _) => state.call(parts, Body::empty(), None).await,
        (None, _) => {
            let most = shared.config.max_unsent_bytes;
            let session = Session::new(if web_socket { most } else { most.min(polling::most_unsent(&shared.config)) });
            let arrival = Arrival { address, token, session, joined: Arc::default() };
            state.open(parts, arrival, connection.filter(|_| web_socket)).await
        }
    }
}

impl SocketIoState {
    /// Makes the library answer.
    async fn call(&self, parts: Parts, body: Body, arrival: Option<Arrival>) -> Response {
        let answer = self.engine_io.clone().call(lean(parts, body, arrival)).await;
        answer.map_or_else(|never| match never {}, |answer| answer.map(Body::new))
    }

    /// Opens a session, on this WebSocket if there is one.
    async fn open(&self, parts: Parts, arrival: Arrival, web_socket: Option<Arc<Connection>>) -> Response {
        let session = Arc::clone(&arrival.session);
        if let Some(connection) = &web_socket {
            *session.web_socket() = Arc::downgrade(connection);
        }
        let answer = self.call(parts, Body::empty(), Some(arrival)).await;
        match web_socket {
            Some(connection) if answer.status() == StatusCode::SWITCHING_PROTOCOLS => connection.carry(session),
            Some(_) => {}
            None if answer.status() == StatusCode::OK => {
                let (parts, body) = answer.into_parts();
                let payload = to_bytes(body, usize::MAX).await.unwrap_or_default();
                if let Some(id) = polling::opened(&payload) {
                    self.shared.hub.transports().begin(&id, &session);
                }
                return Response::from_parts(parts, Body::from(payload));
            }
            None => {}
        }
        answer
    }

    /// Upgrades a session that has begun with polling to this connection.
    async fn upgrade(
        &self,
        parts: Parts,
        id: &str,
        session: &Arc<Session>,
        connection: Option<Arc<Connection>>,
    ) -> Response {
        let transports = self.shared.hub.transports();
        if let Some(connection) = &connection
            && !transports.begin_upgrade(id, session, connection)
        {
            transports.refuse_upgrade(session, connection);
            return polling::bad_request();
        }
        let answer = self.call(parts, Body::empty(), None).await;
        match connection {
            Some(connection) if answer.status() == StatusCode::SWITCHING_PROTOCOLS => {
                connection.take_over(Arc::clone(session))
            }
            Some(connection) => transports.refuse_upgrade(session, &connection),
            None => {}
        }
        answer
    }

    /// Answers a poll. The library ends a session that has two at once.
    async fn poll(&self, parts: Parts, id: &str, session: Option<Arc<Session>>) -> Response {
        let turn = session.as_ref().and_then(|session| session.begin(Act::Poll));
        let answer = self.call(parts, Body::empty(), None);
        let answer = self.shared.hub.transports().answer_poll(id, session.as_deref(), answer).await;
        match (session, turn) {
            (Some(session), Some(turn)) => polling::hand(&session, turn, answer).await,
            _ => answer,
        }
    }

    /// Receives a post to a session.
    async fn post(
        &self,
        parts: Parts,
        body: Body,
        address: IpAddr,
        id: &str,
        session: Option<Arc<Session>>,
    ) -> Response {
        let transports = self.shared.hub.transports();
        let Some(session) = session else {
            // The library answers that it does not know the session.
            return transports.answer_post(id, self.call(parts, Body::empty(), None)).await;
        };
        let taken = async {
            match self.take_post(body, address, &session).await {
                Ok((body, _turn)) => self.call(parts, body, None).await,
                Err(refused) => {
                    transports.cut_polling(id);
                    *refused
                }
            }
        };
        transports.answer_post(id, taken).await
    }

    /// Reads the posts of a session, one at a time. An incomplete post is lost, so it ends the session. Two posts at
    /// once end the session, too.
    async fn take_post(
        &self,
        body: Body,
        address: IpAddr,
        session: &Arc<Session>,
    ) -> Result<(Body, Turn), Box<Response>> {
        let Some(turn) = session.begin(Act::Post) else { return Err(Box::new(polling::bad_request())) };
        match self.shared.bodies.collect(address, body).await {
            Ok(body) if !session.may_receive(body.len()) => Err(Box::new(answer::unread(Unread::TooLarge))),
            Ok(body) if session.may_post(&body) => Ok((polling::posted(body), turn)),
            Ok(_) => Err(Box::new(polling::bad_request())),
            Err(unread) => Err(Box::new(answer::unread(unread))),
        }
    }
}

/// A copy of a request with as little as possible, because the library keeps it while the connection lives: the headers
/// that the library reads, and the query parameters that Engine.IO defines (so no token), each in its own memory
/// instead of the connection's read buffer.
fn lean(parts: Parts, body: Body, arrival: Option<Arrival>) -> Request {
    const READ: [HeaderName; 3] = [CONTENT_TYPE, CONTENT_LENGTH, SEC_WEBSOCKET_KEY];
    const DEFINED: [&str; 5] = ["EIO", "transport", "sid", "b64", "t"];
    let query = parts.uri.query().unwrap_or_default();
    let defined = query.split('&').filter(|pair| DEFINED.contains(&pair.split('=').next().unwrap_or_default()));
    let query = defined.collect::<Vec<_>>().join("&");
    let mut lean = Request::new(body);
    *lean.method_mut() = parts.method;
    *lean.version_mut() = parts.version;
    *lean.uri_mut() = Uri::builder().path_and_query(format!("{PATH}?{query}")).build().unwrap_or_default();
    for name in READ {
        let copy = parts.headers.get(&name).and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok());
        if let Some(copy) = copy {
            lean.headers_mut().insert(name, copy);
        }
    }
    if let Some(arrival) = arrival {
        lean.extensions_mut().insert(arrival);
    }
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

/// Returns a query's value, decoded; `None` if that is not UTF-8, which `form_urlencoded` would replace.
fn decode(value: &str) -> Option<String> {
    let spaced = value.replace('+', " ");
    let text = percent_decode_str(&spaced).decode_utf8().ok()?;
    (!text.is_empty()).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

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
