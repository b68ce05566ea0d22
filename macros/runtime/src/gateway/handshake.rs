//! Letting a socket in: the version that it speaks, its token, its caps, and what follows.

use std::{
    borrow::Cow,
    convert::Infallible,
    fmt,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};

use semver::Version;
use serde_json::Value;
use socketioxide::{
    SocketIo,
    adapter::LocalAdapter,
    handler::{ConnectHandler, FromConnectParts},
    socket::{DisconnectReason, Socket},
};

use super::{
    caps::Permit,
    core::Core,
    edge::Arrival,
    inbox::{Inbox, Put},
    lifecycle,
    link::Link,
    packet::Packet,
    traffic::Traffic,
    way,
};
use crate::{auth::Verified, limit::Drawn, version};

/// What a client is told that has too many sockets.
const TOO_MANY: &str = "Too many connections";

/// What a client is told when the server is about to stop.
const STOPPING: &str = "Server is shutting down";

/// Why a handshake is refused: the text is what the client gets as `connect_error`'s message.
#[derive(Debug)]
struct Refused(Cow<'static, str>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a client joins the namespace with.
struct Joining {
    socket: Arc<Socket>,
    token: Option<String>,
    /// The version that it says it speaks.
    version: Option<String>,
}

impl FromConnectParts<LocalAdapter> for Joining {
    type Error = Infallible;

    fn from_connect_parts(socket: &Arc<Socket>, auth: &Option<socketioxide_core::Value>) -> Result<Self, Infallible> {
        let auth = auth.as_ref().and_then(|auth| auth.as_str());
        let auth: Value = auth.and_then(|auth| serde_json::from_str(auth).ok()).unwrap_or_default();
        let said = |key: &str| match auth.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(text.clone()),
            // Something is there, and it is neither a token nor a version.
            Some(_) => Some(String::new()),
        };
        Ok(Joining { socket: Arc::clone(socket), token: said("token"), version: said("protocol") })
    }
}

/// Serves the namespace `/`.
pub(super) fn serve(io: &SocketIo, core: &Arc<Core>) {
    let admitting = Arc::clone(core);
    let admit = move |joining: Joining| {
        let core = Arc::clone(&admitting);
        async move { admit(&core, joining).await }
    };
    let connecting = Arc::clone(core);
    let connect = move |joining: Joining| {
        connected(&connecting, &joining.socket);
        std::future::ready(())
    };
    io.ns("/", connect.with(admit));
}

/// Checks a handshake, and prepares its socket for the events that may follow at once.
async fn admit(core: &Arc<Core>, Joining { socket, token, version }: Joining) -> Result<(), Refused> {
    let arrival = socket.req_parts().extensions.get::<Arrival>();
    let refuse = |reason: &'static str, message: Cow<'static, str>| {
        metrics::counter!("accord_handshakes_rejected_total", "reason" => reason).increment(1);
        tracing::info!(address = ?arrival.map(|arrival| arrival.address), reason, "refused a handshake");
        core.show(|| Traffic::Refused { message: &message });
        Err(Refused(message))
    };
    if core.is_stopping() {
        return refuse("stopping", STOPPING.into());
    }
    let spoken = match version::spoken(core.protocol, &core.older, version.as_deref()) {
        Ok(spoken) => spoken,
        Err(rejection) => return refuse("version_refused", rejection.into_message()),
    };
    let answers = &spoken.older.as_ref().map_or(core.protocol, |served| served.older.protocol).answers;
    let query = arrival.and_then(|arrival| arrival.token.as_deref());
    let Some(token) = token.as_deref().or(query) else {
        return refuse("token_missing", answers.token_missing.message.into());
    };
    let verified = match core.verifier.verify_with_new_keys(token).await {
        Ok(verified) => verified,
        Err(error) => {
            tracing::debug!(error = ?error.to_string(), "refused a token");
            return refuse("token_refused", answers.token_refused.message.into());
        }
    };
    let user: Arc<str> = Arc::from(verified.identity.id.as_str());
    let mut permits: Vec<Box<dyn Permit>> = Vec::with_capacity(2);
    match core.user_sockets.take(Arc::clone(&user)) {
        Some(permit) => permits.push(Box::new(permit)),
        None => return refuse("user_cap", TOO_MANY.into()),
    }
    if let Some(arrival) = arrival {
        match core.address_sockets.take(arrival.address) {
            Some(permit) => permits.push(Box::new(permit)),
            None => return refuse("address_cap", TOO_MANY.into()),
        }
    }

    let inbox = Arc::new(Inbox::new(core.hub.next_id(), user, spoken.older, core.config.max_queued_bytes));
    // Before the client is told that it is connected, or its first event could find nobody.
    let (receiving, queue) = (Arc::clone(core), Arc::clone(&inbox));
    socket.on_fallback(move |packet: Packet| {
        receive(&receiving, &queue, packet);
        std::future::ready(())
    });
    let (leaving, id) = (Arc::clone(core), inbox.id);
    socket.on_disconnect(move |reason: DisconnectReason| {
        if let Some(link) = leaving.hub.disconnect(id) {
            leaving.show(|| Traffic::Disconnected { user: &link.user });
            if reason == DisconnectReason::ClientNSDisconnect {
                Arc::clone(&link).cut_unless_joined_within(leaving.config.connect_timeout);
            }
            lifecycle::ended(&leaving, link);
        }
        std::future::ready(())
    });
    if let Some(arrival) = arrival {
        arrival.joined.store(id, Ordering::Release);
    }
    let admitted = Admitted { verified, spoken: spoken.said, inbox, permits };
    socket.extensions.insert(Arc::new(Mutex::new(Some(admitted))));
    Ok(())
}

/// A handshake that has been checked.
struct Admitted {
    verified: Verified,
    spoken: Option<Version>,
    inbox: Arc<Inbox>,
    permits: Vec<Box<dyn Permit>>,
}

/// Connects a socket that has been admitted.
fn connected(core: &Arc<Core>, socket: &Arc<Socket>) {
    let Some(admitted) = socket.extensions.remove::<Arc<Mutex<Option<Admitted>>>>() else { return };
    let admitted = admitted.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(Admitted { verified, spoken, inbox, permits }) = admitted else { return };
    let transports = Arc::clone(core.hub.transports());
    let link = Link::new(verified, spoken, Arc::clone(&inbox), permits, Arc::clone(socket), transports);
    let link = inbox.connected(link);
    core.hub.connect(&link);
    if !socket.connected() {
        // It left before it was known here, and nobody is going to say so again.
        core.hub.disconnect(link.id);
        return;
    }
    let core = Arc::clone(core);
    core.work.clone().spawn(async move {
        if Box::pin(lifecycle::begun(&core, &link)).await {
            way::work_off(core, link).await;
        }
    });
}

/// Takes an event on the reader's task: what comes first is worked off first.
fn receive(core: &Arc<Core>, inbox: &Inbox, mut packet: Packet) {
    let limit = match core.asked(inbox.served.as_deref(), &packet.event()).entry {
        Some(entry) => entry.spec.limit,
        None => core.protocol.unknown_limit,
    };
    packet.drawn = core.limits.draw(limit, &inbox.user, Some(inbox.id));
    packet.late = core.is_stopping();
    if packet.drawn == Drawn::Flooding {
        cut_off(inbox, "past its limit");
        return;
    }
    match inbox.put(packet) {
        Put::Queued | Put::Closed => {}
        Put::Begin(link) => {
            core.work.spawn(way::work_off(Arc::clone(core), link));
        }
        Put::Full => cut_off(inbox, "with more events than can wait"),
    }
}

/// Disconnects a client that floods.
fn cut_off(inbox: &Inbox, how: &'static str) {
    inbox.close();
    let Some(link) = inbox.link() else { return };
    metrics::counter!("accord_flooders_closed_total").increment(1);
    tracing::info!(user = ?inbox.user, how, "disconnected a client that floods");
    // Not from here: the library holds locks of the socket while it reads.
    tokio::spawn(async move { link.disconnect() });
}
