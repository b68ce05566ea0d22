//! A connected socket of Socket.IO. Only this module sends anything to a client.

mod inbox;
mod sending;

use std::{
    collections::HashSet,
    fmt, mem,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use accord_runtime::{auth::Verified, scope::Room};
use semver::Version;
use socketioxide::socket::Socket as LibrarySocket;

pub(super) use self::{
    inbox::{Inbox, Put},
    sending::{Event, PageTurn, Sent},
};
use super::{arrival::Arrival, connection::Session, quota::Permit, transports::Transports};

/// The time for a client to receive the news that its connection ends.
const LEAVE: Duration = Duration::from_millis(500);

/// One connected socket, from the handshake on.
pub(super) struct Socket {
    /// Unlike a session's id, it is never used again.
    pub(super) id: u64,
    /// The user's id.
    pub(super) user: Arc<str>,
    /// When it began to connect.
    connected: SystemTime,
    /// The content of its newest token; changed only under the lock of the hub's members.
    caller: RwLock<Verified>,
    /// The version of the protocol that its client states; `None` if it states none.
    pub(super) spoken: Option<Version>,
    pub(super) inbox: Arc<Inbox>,
    /// The rooms that it has joined; changed only under the lock of the hub's members.
    pub(super) rooms: Mutex<HashSet<Arc<Room>>>,
    /// Whether its client knows that it is authenticated. Before that, it receives nothing else.
    welcomed: AtomicBool,
    /// Whether the business logic has handled its handshake. Locked while the business logic handles its handshake or
    /// its end.
    pub(super) followed_up: tokio::sync::Mutex<bool>,
    /// Whether its token has been found to have expired.
    expiring: AtomicBool,
    /// Whether the server is ending the socket.
    leaving: AtomicBool,
    permits: Mutex<Vec<Box<dyn Permit>>>,
    /// Locked while a page of a replay is on its way to the client.
    page: Arc<tokio::sync::Mutex<()>>,
    /// The session that carries its messages.
    session: Option<Arc<Session>>,
    /// The library's socket, which sends its packets, once its client has been accepted.
    library: OnceLock<Arc<LibrarySocket>>,
    transports: Arc<Transports>,
}

impl Socket {
    pub(super) fn new(
        verified: Verified,
        spoken: Option<Version>,
        inbox: Arc<Inbox>,
        session: Option<Arc<Session>>,
        permits: Vec<Box<dyn Permit>>,
        transports: Arc<Transports>,
    ) -> Self {
        Socket {
            id: inbox.id,
            user: Arc::clone(&inbox.user),
            connected: SystemTime::now(),
            caller: RwLock::new(verified),
            spoken,
            inbox,
            rooms: Mutex::default(),
            welcomed: AtomicBool::new(false),
            followed_up: tokio::sync::Mutex::default(),
            expiring: AtomicBool::new(false),
            leaving: AtomicBool::new(false),
            permits: Mutex::new(permits),
            page: Arc::default(),
            session,
            library: OnceLock::new(),
            transports,
        }
    }

    /// Admits the client. Returns false if, during its admission, the client has left or the server has ended the connection;
    /// `is_present` says whether the hub still has the client.
    pub(super) fn let_in(&self, library: &Arc<LibrarySocket>, is_present: impl FnOnce() -> bool) -> bool {
        library.join(sending::room_of(library));
        self.library.get_or_init(|| Arc::clone(library));
        // This notices an earlier end; a later end sees the socket.
        let is_let_in = !self.leaving.fetch_or(false, Ordering::AcqRel) && is_present();
        if !is_let_in {
            // The library may have removed the rooms of a client that has left before this one was added.
            library.leave_all();
        }
        is_let_in
    }

    /// Its user and its expiry, by its newest token.
    pub(super) fn caller(&self) -> Verified {
        self.caller.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// When its newest token expires.
    pub(super) fn expires(&self) -> SystemTime {
        self.caller.read().unwrap_or_else(PoisonError::into_inner).expires
    }

    /// Whether a revocation of its user at this moment ends it. An issuer's clock may be ahead, so a socket that
    /// connected before the revocation ends, whatever time its token has.
    pub(super) fn is_revoked_at(&self, moment: SystemTime) -> bool {
        self.connected <= moment || self.caller().is_revoked_at(moment)
    }

    /// Sets a newer token; returns the expiry of the previous one, by which the hub finds sockets.
    pub(super) fn renew(&self, caller: Verified) -> SystemTime {
        mem::replace(&mut *self.caller.write().unwrap_or_else(PoisonError::into_inner), caller).expires
    }

    /// Whether its connection is being ended. Its client may still receive earlier messages.
    pub(super) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Acquire)
    }

    pub(super) fn is_welcomed(&self) -> bool {
        self.welcomed.load(Ordering::Acquire)
    }

    pub(super) fn welcome(&self) {
        self.welcomed.store(true, Ordering::Release);
    }

    /// Whether its token has been found to have expired.
    pub(super) fn is_expiring(&self) -> bool {
        self.expiring.load(Ordering::Acquire)
    }

    /// Notes that its token has expired; returns whether that is new.
    pub(super) fn begin_to_expire(&self) -> bool {
        !self.expiring.swap(true, Ordering::AcqRel)
    }

    /// The rooms that it has joined, or had joined at its end.
    pub(super) fn rooms(&self) -> Vec<Arc<Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Gives back its permits of the user's and the address's quotas.
    pub(super) fn release(&self) {
        self.permits.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Ends a connection that has missed something.
    pub(super) fn note(self: &Arc<Self>, sent: Sent) {
        match sent {
            Sent::Done | Sent::Gone => {}
            Sent::Full => {
                if self.cut() {
                    metrics::counter!("accord_slow_readers_closed_total").increment(1);
                    tracing::info!(user = ?self.user, "closed a connection whose client reads too slowly");
                }
            }
            Sent::Lost => {
                self.cut();
            }
        }
    }

    /// Ends the connection at once, so that nothing follows a message that the client missed. The client reconnects
    /// automatically. Returns whether that is new.
    pub(super) fn cut(&self) -> bool {
        let is_new = self.leave();
        if is_new {
            self.cut_transport();
        }
        is_new
    }

    /// Ends the connection once its client has received its waiting messages. The client reconnects automatically.
    pub(super) fn end(self: &Arc<Self>) {
        if self.leave()
            && let Some(library) = self.library.get()
        {
            self.transports.end(library);
            self.cut_transport_after(LEAVE);
        }
    }

    /// Sends the disconnect packet, and ends the connection. The client does not reconnect automatically.
    pub(super) fn dismiss(self: &Arc<Self>) {
        if self.leave()
            && let Some(library) = self.library.get()
        {
            match Arc::clone(library).disconnect() {
                Ok(()) => self.cut_transport_after(LEAVE),
                Err(_) => self.cut_transport(),
            }
        }
    }

    /// Notes that the client has left the namespace. If its session continues, it may join again for a while.
    pub(super) fn left(self: Arc<Self>, goes_on: Option<Duration>) {
        if let Some(library) = self.library.get() {
            self.transports.leave(library, goes_on.is_some());
        }
        if let Some(time) = goes_on {
            self.cut_unless_joined_within(time);
        }
    }

    /// Ends a connection whose client has left the namespace and has not joined it again.
    fn cut_unless_joined_within(self: Arc<Self>, time: Duration) {
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            let Some(library) = self.library.get() else { return };
            let arrival = library.req_parts().extensions.get::<Arrival>();
            if arrival.is_some_and(|arrival| arrival.joined.load(Ordering::Acquire) == self.id) {
                self.cut_transport();
            }
        });
    }

    /// Stops accepting events; returns whether that is new.
    fn leave(&self) -> bool {
        self.inbox.close();
        !self.leaving.swap(true, Ordering::AcqRel)
    }

    fn cut_transport(&self) {
        if let Some(library) = self.library.get() {
            self.transports.cut(library);
        }
    }

    fn cut_transport_after(self: &Arc<Self>, time: Duration) {
        let socket = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            socket.cut_transport();
        });
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("id", &self.id)
            .field("user", &self.user)
            .field("spoken", &self.spoken)
            .finish_non_exhaustive()
    }
}
