//! One connected socket: the only place where something is sent to a client.

use std::{
    collections::HashSet,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use semver::Version;
use serde::Serialize;
use serde_json::value::RawValue;
use socketioxide::{
    SendError, SocketError, TransportType, adapter::LocalAdapter, extract::AckSender, handler::FromMessageParts,
    socket::Socket,
};
use socketioxide_core::{Str, Value};

use super::{caps::Permit, edge::Arrival, inbox::Inbox, transports::Transports};
use crate::{
    auth::Verified,
    deprecated::Client,
    scope::{Identity, Room},
};

/// How long a client that has been told to disconnect may take to do so.
const LEAVE: Duration = Duration::from_millis(500);

/// The pause between two attempts to send something to a client that does not take it.
const RETRY: Duration = Duration::from_millis(5);

/// What became of a packet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sent {
    /// It is on its way.
    Done,
    /// Too many wait for the client already: this one is lost to it.
    Full,
    /// It could not be converted to what the client speaks, and is lost to it.
    Lost,
    /// The client is gone.
    Gone,
}

/// One connected socket, from the handshake on.
pub(super) struct Link {
    /// Unlike a session's id, it is never used again.
    pub(super) id: u64,
    pub(super) identity: Arc<Identity>,
    /// The user's id.
    pub(super) user: Arc<str>,
    /// When its token expires.
    pub(super) expires: SystemTime,
    /// The version of the protocol that its client says it speaks; `None` where it says none.
    pub(super) spoken: Option<Version>,
    pub(super) inbox: Arc<Inbox>,
    /// The rooms that it has joined; changed under the lock of the hub's members alone.
    pub(super) rooms: Mutex<HashSet<Arc<Room>>>,
    /// Whether it has been told that it is authenticated: before, it is told nothing else.
    welcomed: AtomicBool,
    /// Held while business logic follows up its handshake, or its end.
    pub(super) turning: tokio::sync::Mutex<()>,
    /// Whether its token has been found to have expired.
    expiring: AtomicBool,
    /// Whether it is on its way out.
    leaving: AtomicBool,
    permits: Mutex<Vec<Box<dyn Permit>>>,
    socket: Arc<Socket>,
    transports: Arc<Transports>,
}

impl Link {
    pub(super) fn new(
        verified: Verified,
        spoken: Option<Version>,
        inbox: Arc<Inbox>,
        permits: Vec<Box<dyn Permit>>,
        socket: Arc<Socket>,
        transports: Arc<Transports>,
    ) -> Self {
        Link {
            id: inbox.id,
            user: Arc::clone(&inbox.user),
            identity: Arc::new(verified.identity),
            expires: verified.expires,
            spoken,
            inbox,
            rooms: Mutex::default(),
            welcomed: AtomicBool::new(false),
            turning: tokio::sync::Mutex::default(),
            expiring: AtomicBool::new(false),
            leaving: AtomicBool::new(false),
            permits: Mutex::new(permits),
            socket,
            transports,
        }
    }

    pub(super) fn is_welcomed(&self) -> bool {
        self.welcomed.load(Ordering::Acquire)
    }

    pub(super) fn welcome(&self) {
        self.welcomed.store(true, Ordering::Release);
    }

    /// Notes that the token has expired; whether that is new.
    pub(super) fn begin_to_expire(&self) -> bool {
        !self.expiring.swap(true, Ordering::AcqRel)
    }

    /// Gives back what its user and address may have more of.
    pub(super) fn release(&self) {
        self.permits.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Sends an event, or finds that the client has fallen behind.
    pub(super) fn emit(&self, event: &str, data: &RawValue) -> Sent {
        sent(self.socket.emit(event, data))
    }

    /// Sends an acknowledgement, or finds that the client has fallen behind.
    pub(super) fn acknowledge<T: Serialize>(&self, id: i64, answer: &T) -> Sent {
        let mut nothing = Value::Str(Str::default(), None);
        let Ok(sender) = AckSender::<LocalAdapter>::from_message_parts(&self.socket, &mut nothing, &Some(id));
        if self.socket.connected() { sent(sender.send(answer)) } else { Sent::Gone }
    }

    /// Sends something to a client that has itself asked for it: it takes as long as the client takes to read. One that
    /// does not read at all is cut off.
    pub(super) async fn insist(self: &Arc<Self>, patience: Duration, send: impl Fn() -> Sent) {
        let attempts = async {
            loop {
                match send() {
                    Sent::Full => tokio::time::sleep(RETRY).await,
                    sent => return sent,
                }
            }
        };
        self.note(tokio::time::timeout(patience, attempts).await.unwrap_or(Sent::Full));
    }

    /// Ends a connection that has missed something.
    pub(super) fn note(self: &Arc<Self>, sent: Sent) {
        match sent {
            Sent::Done | Sent::Gone => {}
            Sent::Full => self.fall_behind(),
            Sent::Lost => self.disconnect(),
        }
    }

    /// Ends a connection that has missed a packet: its client connects again and catches up.
    fn fall_behind(&self) {
        if self.leave() {
            metrics::counter!("accord_slow_readers_closed_total").increment(1);
            tracing::info!(user = ?self.user, "closed a connection whose client reads too slowly");
            self.cut();
        }
    }

    /// Tells the client to disconnect, and sees to it.
    pub(super) fn disconnect(self: &Arc<Self>) {
        if !self.leave() {
            return;
        }
        if Arc::clone(&self.socket).disconnect().is_err() {
            self.cut();
            return;
        }
        let link = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(LEAVE).await;
            link.cut();
        });
    }

    /// Ends a connection whose client has left the namespace and has not joined it again.
    pub(super) fn cut_unless_joined_within(self: Arc<Self>, time: Duration) {
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            let arrival = self.socket.req_parts().extensions.get::<Arrival>();
            if arrival.is_some_and(|arrival| arrival.joined.load(Ordering::Acquire) == self.id) {
                self.cut();
            }
        });
    }

    /// Stops taking events; whether that is new.
    fn leave(&self) -> bool {
        self.inbox.close();
        !self.leaving.swap(true, Ordering::AcqRel)
    }

    fn cut(&self) {
        match self.socket.transport_type() {
            TransportType::Websocket => {
                if let Some(line) = self.transports.line(&self.socket) {
                    line.cut();
                }
            }
            TransportType::Polling => self.transports.close_polling(self.socket.id.as_str()),
        }
    }
}

impl Link {
    /// Whoever is on the other end, for what is counted.
    pub(super) fn client(&self) -> Client<'_> {
        Client { user: &self.user, spoken: self.spoken.as_ref() }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("id", &self.id)
            .field("user", &self.user)
            .field("spoken", &self.spoken)
            .finish_non_exhaustive()
    }
}

fn sent(result: Result<(), SendError>) -> Sent {
    match result {
        Ok(()) => Sent::Done,
        Err(SendError::Socket(SocketError::InternalChannelFull)) => Sent::Full,
        Err(SendError::Socket(SocketError::Closed)) => Sent::Gone,
        Err(SendError::Serialize(error)) => {
            tracing::error!(error = ?error.to_string(), "what is sent does not serialize");
            Sent::Gone
        }
    }
}
