//! The handshake of a socket: its version, its token, its caps, and the business logic that follows.

use std::{
    borrow::Cow,
    convert::Infallible,
    fmt, mem,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};

use accord_runtime::{
    auth::Verified,
    panics::{self, caught, caught_now},
    pipeline::Unauthenticated,
    reply::Emission,
};
use serde_json::Value;
use socketioxide::{
    SocketIo,
    adapter::LocalAdapter,
    handler::{ConnectHandler, FromConnectParts},
    socket::{DisconnectReason, Sid, Socket as LibrarySocket},
};
use tokio::time::timeout;

use super::{
    arrival::Arrival,
    delivery::{Receiver, deliver},
    events, lifecycle,
    packet::Packet,
    quota::Permit,
    receive,
    shared::Shared,
    socket::{Inbox, Socket},
    traffic::Traffic,
};
use crate::version;

/// The reason why a handshake is refused. Its text is the message of the client's `connect_error`, unless the
/// connection has been cut.
#[derive(Debug)]
struct Refused(Cow<'static, str>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The maximum number of handshakes on one session: all of them may be in progress at once. A client that exceeds it has to begin
/// a new session, as official clients do for each handshake.
const MOST_HANDSHAKES: usize = 100;

/// The packet with which a client joins the namespace.
struct Joining {
    library: Arc<LibrarySocket>,
    token: Option<String>,
    /// The version that it says it speaks.
    version: Option<String>,
}

impl FromConnectParts<LocalAdapter> for Joining {
    type Error = Infallible;

    fn from_connect_parts(
        library: &Arc<LibrarySocket>,
        auth: &Option<socketioxide_core::Value>,
    ) -> Result<Self, Infallible> {
        let auth = auth.as_ref().and_then(|auth| auth.as_str());
        let auth: Value = auth.and_then(|auth| serde_json::from_str(auth).ok()).unwrap_or_default();
        let said = |key: &str| match auth.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(text.clone()),
            // The value is present, but neither a token nor a version.
            Some(_) => Some(String::new()),
        };
        Ok(Joining { library: Arc::clone(library), token: said("token"), version: said("protocol") })
    }
}

/// Serves the namespace `/`.
pub(super) fn serve(io: &SocketIo, shared: &Arc<Shared>) {
    let admitting = Arc::clone(shared);
    let admit = move |joining: Joining| {
        let shared = Arc::clone(&admitting);
        let library = Arc::clone(&joining.library);
        async move {
            match caught(admit(&shared, joining)).await {
                Ok(admitted) => admitted,
                Err(fault) => {
                    panics::logged(Err(fault), "a handshake failed", "");
                    shared.hub.transports().cut(&library);
                    Err(Refused(shared.protocol.answers.internal.message.into()))
                }
            }
        }
    };
    let connecting = Arc::clone(shared);
    let connect = move |joining: Joining| {
        if let Err(fault) = caught_now(|| connected(&connecting, &joining.library)) {
            panics::logged(Err(fault), "a handshake failed", "");
            connecting.hub.transports().cut(&joining.library);
        }
        std::future::ready(())
    };
    io.ns("/", connect.with(admit));
}

/// Checks a handshake, calls the business logic, and prepares the socket for the events that may follow at once.
///
/// A client reconnects automatically after its connection was cut, but not after a refusal with a reason. So only
/// refusals that a retry cannot cure give a reason.
async fn admit(shared: &Arc<Shared>, Joining { library, token, version }: Joining) -> Result<(), Refused> {
    let arrival = library.req_parts().extensions.get::<Arrival>();
    let refuse = |reason: &'static str, message: Cow<'static, str>| {
        metrics::counter!("accord_handshakes_rejected_total", "reason" => reason).increment(1);
        tracing::info!(address = ?arrival.map(|arrival| arrival.address), reason, "refused a handshake");
        shared.show(|| Traffic::Refused { message: &message });
        Err(Refused(message))
    };
    let hang_up = |reason: &'static str, message: &'static str| {
        shared.hub.transports().cut(&library);
        refuse(reason, message.into())
    };
    if arrival.is_some_and(|arrival| !may_shake_hands(shared, arrival)) {
        shared.hub.transports().cut(&library);
        return Err(Refused("too many handshakes come from the address".into()));
    }
    let spoken = match version::spoken(shared.protocol, &shared.versions.older, version.as_deref()) {
        Ok(spoken) => spoken,
        Err(rejection) => return refuse("version_refused", rejection.into_message()),
    };
    let answers = &spoken.older.as_ref().map_or(shared.protocol, |served| served.older.protocol).answers;
    let query = arrival.and_then(|arrival| arrival.token.as_deref());
    let verified = match shared.pipeline.authenticate(token.as_deref().or(query)).await {
        Ok(verified) => verified,
        Err(Unauthenticated::TokenMissing) => return refuse("token_missing", answers.token_missing.message.into()),
        Err(Unauthenticated::TokenRefused) => return refuse("token_refused", answers.token_refused.message.into()),
    };
    let user: Arc<str> = Arc::from(verified.identity.id.as_str());
    let revocations = shared.hub.revocations();
    let permits = match permits(shared, &user, arrival) {
        Ok(permits) => permits,
        Err((reason, message)) => return hang_up(reason, message),
    };
    shared.flooders.wait(&user).await;
    match is_revoked(shared, &verified).await {
        Some(false) => {}
        Some(true) => return refuse("token_revoked", answers.token_refused.message.into()),
        None => return hang_up("connect_failed", "the server could not check whether the token was revoked"),
    }

    if let Some(arrival) = arrival {
        arrival.session.unsent.count_for(shared.unsent.of(&user));
        arrival.session.count_received(shared.received.none(Arc::clone(&user)));
    }
    let inbox = Arc::new(Inbox::new(shared.hub.next_id(), user, spoken.older, shared.config.max_queued_bytes));
    // This comes before the client learns that it is connected: otherwise its first event could find no socket.
    listen(shared, &library, &inbox);
    if let Some(arrival) = arrival {
        arrival.joined.store(inbox.id, Ordering::Release);
    }

    if timeout(shared.config.connect_timeout, previous_has_ended(&library)).await.is_err() {
        return hang_up("connect_failed", "the session's previous socket has not ended");
    }
    let transports = Arc::clone(shared.hub.transports());
    transports.join(&library);
    let session = arrival.map(|arrival| Arc::clone(&arrival.session));
    let socket = inbox.connected(Socket::new(verified, spoken.said, Arc::clone(&inbox), session, permits, transports));
    shared.hub.connect(&socket);
    let mut admitted = Admitted::new(shared, socket, library.id);
    if shared.is_stopping() {
        return hang_up("stopping", "the server is stopping");
    }
    // From here on, a revocation ends the socket. A revocation since the check above may have come too early for that.
    let may_be_revoked = revocations.has_changed().unwrap_or(true);
    if may_be_revoked && is_revoked(shared, &admitted.socket.caller()).await.unwrap_or(true) {
        return hang_up("token_revoked", "the token has been revoked");
    }
    // Otherwise the client would wait longer for an unavailable database, once for each of its queries.
    let beginning = timeout(shared.config.connect_timeout, Box::pin(lifecycle::begin(shared, &admitted.socket)));
    match shared.work.track_future(beginning).await {
        Ok(Ok(greeting)) => admitted.greeting = greeting,
        Ok(Err(_)) | Err(_) => return hang_up("connect_failed", "the handshake could not be followed up"),
    }
    library.extensions.insert(Arc::new(Mutex::new(Some(admitted))));
    if let Some(arrival) = arrival {
        // The library tells the client that it has joined.
        arrival.session.unsent.expect();
    }
    Ok(())
}

/// Waits until the library has ended the session's previous socket: a client may leave the namespace and join it again.
/// The library takes two steps, and the second one removes all of the session's rooms: it has to come before the new
/// socket has any.
async fn previous_has_ended(library: &LibrarySocket) {
    while !library.rooms().is_empty() {
        tokio::task::yield_now().await;
    }
}

/// Makes the library pass on a client's packets, and its departure.
fn listen(shared: &Arc<Shared>, library: &LibrarySocket, inbox: &Arc<Inbox>) {
    let (receiving, queue) = (Arc::clone(shared), Arc::clone(inbox));
    library.on_fallback(move |packet: Packet| {
        let received = caught_now(|| receive::receive(&receiving, &queue, packet));
        panics::logged(received, "receiving an event failed", &queue.user);
        std::future::ready(())
    });
    let (leaving, left) = (Arc::clone(shared), Arc::clone(inbox));
    library.on_disconnect(move |reason: DisconnectReason| {
        let ended = caught_now(|| receive::disconnected(&leaving, left.id, reason));
        panics::logged(ended, "cleaning up after a connection failed", &left.user);
        std::future::ready(())
    });
}

/// Whether a session may have one more handshake. The first one counts with the request that opened the session.
fn may_shake_hands(shared: &Shared, arrival: &Arrival) -> bool {
    match arrival.session.shakes_hands() {
        0 => true,
        before => before < MOST_HANDSHAKES && shared.handshakes.take(arrival.address).is_ok(),
    }
}

/// The permits that count the socket for its user and its address; if there are too many, the code and the reason.
fn permits(
    shared: &Shared,
    user: &Arc<str>,
    arrival: Option<&Arrival>,
) -> Result<Vec<Box<dyn Permit>>, (&'static str, &'static str)> {
    let of_user =
        shared.user_sockets.take(Arc::clone(user)).ok_or(("user_cap", "the user has too many connections"))?;
    let mut permits: Vec<Box<dyn Permit>> = vec![Box::new(of_user)];
    if let Some(arrival) = arrival {
        let of_address = shared.address_sockets.take(arrival.address);
        permits.push(Box::new(of_address.ok_or(("address_cap", "too many connections come from the address"))?));
    }
    Ok(permits)
}

/// Whether a token has been revoked; `None` if the check fails or takes too long.
async fn is_revoked(shared: &Shared, caller: &Verified) -> Option<bool> {
    let asked = timeout(shared.config.connect_timeout, shared.pipeline.is_revoked(caller)).await;
    let fault = match asked {
        Ok(Ok(is_revoked)) => return Some(is_revoked),
        Ok(Err(fault)) => fault,
        Err(elapsed) => elapsed.into(),
    };
    panics::logged(Err(fault), "checking whether a token has been revoked failed", &caller.identity.id);
    None
}

/// A handshake that has been checked. The library does not report a socket that ends before its client is admitted.
struct Admitted {
    shared: Arc<Shared>,
    socket: Arc<Socket>,
    session: Sid,
    /// The events for its client.
    greeting: Vec<Emission>,
    is_let_in: bool,
}

impl Admitted {
    fn new(shared: &Arc<Shared>, socket: Arc<Socket>, session: Sid) -> Self {
        Admitted { shared: Arc::clone(shared), socket, session, greeting: Vec::new(), is_let_in: false }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        if !self.is_let_in {
            self.shared.hub.transports().lose(self.session.as_str());
            let ended = caught_now(|| receive::let_go(&self.shared, self.socket.id)).map(drop);
            panics::logged(ended, "cleaning up after a connection failed", &self.socket.user);
        }
    }
}

/// Connects a socket that has been admitted.
fn connected(shared: &Arc<Shared>, library: &Arc<LibrarySocket>) {
    let Some(admitted) = library.extensions.remove::<Arc<Mutex<Option<Admitted>>>>() else { return };
    let Some(mut admitted) = admitted.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    if !admitted.socket.let_in(library, || shared.hub.has(admitted.socket.id)) {
        shared.hub.transports().cut(library);
        return;
    }
    admitted.is_let_in = true;
    let (shared, socket, greeting) =
        (Arc::clone(shared), Arc::clone(&admitted.socket), mem::take(&mut admitted.greeting));
    Arc::clone(&shared).spawn_for(&Arc::clone(&socket), async move {
        let receiver = Receiver { user: &socket.user, socket: Some(&socket) };
        deliver(&shared, receiver, &[], &greeting).await;
        socket.welcome();
        events::work_off(shared, socket).await;
    });
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use accord_runtime::scope::Identity;
    use axum::body::{Body, to_bytes};
    use futures_util::FutureExt;
    use http::Request;
    use tokio::sync::mpsc;
    use tower::ServiceExt;

    use super::*;
    use crate::{
        hub::Hub,
        library::{EngineIo, NotFound},
    };

    /// The library's socket of a client that has joined, and what serves the client.
    async fn joined() -> (Arc<LibrarySocket>, EngineIo) {
        const PATH: &str = "/socket.io/?EIO=4&transport=polling";
        let (service, io) = SocketIo::new_inner_svc(NotFound);
        let (joined, mut sockets) = mpsc::unbounded_channel();
        io.ns("/", async move |joining: Joining| joined.send(joining.library).unwrap());
        let opened = service.clone().oneshot(Request::get(PATH).body(Body::empty()).unwrap()).await.unwrap();
        let opened = to_bytes(Body::new(opened.into_body()), usize::MAX).await.unwrap();
        let session = str::from_utf8(&opened).unwrap().split('"').nth(3).unwrap();
        let join = Request::post(format!("{PATH}&sid={session}")).body(Body::from("40")).unwrap();
        assert!(service.clone().oneshot(join).await.unwrap().status().is_success());
        (sockets.recv().await.unwrap(), service)
    }

    #[tokio::test]
    async fn a_client_that_leaves_during_its_admission_does_not_prevent_the_next_one_on_its_session() {
        let (library, _service) = joined().await;
        let identity =
            Identity { id: "carol".to_owned(), name: "Carol".to_owned(), email: None, image: None, admin: false };
        let expires = SystemTime::now() + Duration::from_secs(60);
        let verified = Verified { identity: Arc::new(identity), issued: None, expires };
        let inbox = Arc::new(Inbox::new(0, "carol".into(), None, 0));
        let (hub, transports) = (Hub::new(), Arc::default());
        let socket = inbox.connected(Socket::new(verified, None, Arc::clone(&inbox), None, Vec::new(), transports));
        hub.connect(&socket);
        let is_present = || hub.has(socket.id);
        assert!(socket.let_in(&library, is_present));
        assert!(previous_has_ended(&library).now_or_never().is_none(), "the library still has its room");
        library.leave_all();
        // The library reports that it has left, and removes its rooms, before it has any.
        hub.disconnect(socket.id);
        library.leave_all();
        assert!(!socket.let_in(&library, is_present));
        previous_has_ended(&library).now_or_never().expect("nothing is left of it");
    }
}
