//! The connected sockets, and the rooms that they have joined.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use accord_runtime::{
    auth::Verified,
    error::Fault,
    log::Log,
    pipeline::{Authority, Membership, RoomGuard, RoomLocks},
    protocol::Protocol,
    scope::{Identity, Room},
};
use futures_util::future::BoxFuture;
use tokio::sync::{Notify, watch};

use super::{
    departure::Departure,
    emitted::{self, Emitted},
    memory_log::MemoryLog,
    socket::Socket,
    transports::Transports,
    version::Versions,
};

/// The connected sockets, and the rooms that they have joined. Clones are the same hub. It is made before the handlers,
/// so that they can use it.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    log: Arc<dyn Log>,
    locks: Arc<RoomLocks>,
    members: RwLock<Members>,
    transports: Arc<Transports>,
    last_id: AtomicU64,
    /// The gateway that it serves, once there is one.
    gateway: OnceLock<Weak<dyn Serving>>,
    /// The number of revocations so far.
    revocations: watch::Sender<u64>,
    /// Notifies when the last socket is gone.
    emptied: Notify,
}

/// The part of a gateway that its hub uses.
pub(super) trait Serving: Send + Sync {
    fn protocol(&self) -> &'static Protocol;

    fn versions(&self) -> &Versions;

    /// Waits until a room's reader has sent all entries that it knows of.
    fn settled<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, ()>;
}

#[derive(Default)]
struct Members {
    sockets: HashMap<u64, Arc<Socket>>,
    users: HashMap<Arc<str>, Vec<Arc<Socket>>>,
    rooms: HashMap<Arc<Room>, HashMap<u64, Arc<Socket>>>,
    /// The sockets by when their tokens expire.
    expiries: BTreeSet<(SystemTime, u64)>,
}

/// Locked rooms. Until this is dropped, no other task joins them, authorizes a caller for them, changes them or emits
/// events to them.
#[must_use = "rooms are locked until this is dropped"]
pub struct LockedRooms {
    hub: Hub,
    rooms: RoomGuard,
}

/// The result of joining a room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Joined {
    /// The socket is in the room.
    In,
    /// The socket is in as many rooms as it may be.
    TooMany,
    /// The socket is gone.
    Gone,
}

impl Hub {
    /// A hub without connections. The logs of its rooms are in memory, and end with it.
    pub fn new() -> Self {
        Hub::with_log(Arc::new(MemoryLog::default()))
    }

    /// A hub without connections, which uses this log.
    pub fn with_log(log: Arc<dyn Log>) -> Self {
        Hub(Arc::new(Inner {
            log,
            locks: Arc::default(),
            members: RwLock::default(),
            transports: Arc::default(),
            last_id: AtomicU64::default(),
            gateway: OnceLock::new(),
            revocations: watch::Sender::default(),
            emptied: Notify::default(),
        }))
    }

    /// Waits until no other task has locked these rooms, and locks them. Lock a room before you change its members.
    ///
    /// A handler of an event with a scope runs while the pipeline has locked the rooms that the event names: locking
    /// one of them again waits forever.
    pub async fn lock(&self, rooms: impl IntoIterator<Item = Room>) -> LockedRooms {
        LockedRooms { hub: self.clone(), rooms: self.0.locks.lock(rooms).await }
    }

    /// The rooms that somebody has joined, and how many sockets are in each.
    pub fn joined(&self) -> BTreeMap<Room, usize> {
        self.read().rooms.iter().map(|(room, sockets)| (Room::clone(room), sockets.len())).collect()
    }

    /// Waits until all sockets in a room have received its whole log, and sockets of removed users have left. Returns
    /// at once for a room that no socket has joined.
    pub async fn settled(&self, room: &Room) {
        if let Some(gateway) = self.gateway() {
            gateway.settled(room).await;
        }
    }

    /// The number of connected sockets.
    pub fn connections(&self) -> usize {
        self.read().sockets.len()
    }

    /// The number of connected sockets of a user.
    pub fn connections_of(&self, user_id: &str) -> usize {
        self.read().users.get(user_id).map_or(0, Vec::len)
    }

    /// Ends a user's sockets and uploads whose tokens were revoked at this moment. The clients of such sockets do not
    /// reconnect automatically. Sockets that have connected with newer tokens stay. Record the revocation in the
    /// business logic before you call this: clients that connect meanwhile are checked there.
    pub fn revoke(&self, user_id: &str, moment: SystemTime) {
        // This comes first, so that clients that connect after the sockets have been searched notice the revocation.
        self.0.revocations.send_modify(|count| *count += 1);
        for socket in self.sockets_of(user_id).iter().filter(|socket| socket.is_revoked_at(moment)) {
            socket.dismiss();
        }
    }

    /// Notifies of revocations from this call on.
    pub(super) fn revocations(&self) -> watch::Receiver<u64> {
        self.0.revocations.subscribe()
    }

    /// The gateway that it serves, while there is one.
    pub(super) fn gateway(&self) -> Option<Arc<dyn Serving>> {
        self.0.gateway.get()?.upgrade()
    }

    /// Sets the gateway that it serves. Returns whether it is the first.
    pub(super) fn serve(&self, gateway: Weak<dyn Serving>) -> bool {
        self.0.gateway.set(gateway).is_ok()
    }

    /// The logs of the rooms.
    pub(super) fn log(&self) -> &Arc<dyn Log> {
        &self.0.log
    }

    /// The locks of the rooms.
    pub(super) fn locks(&self) -> &Arc<RoomLocks> {
        &self.0.locks
    }

    pub(super) fn transports(&self) -> &Arc<Transports> {
        &self.0.transports
    }

    /// A number that no socket has had.
    pub(super) fn next_id(&self) -> u64 {
        self.0.last_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Adds a socket.
    pub(super) fn connect(&self, socket: &Arc<Socket>) {
        let mut members = self.write();
        members.sockets.insert(socket.id, Arc::clone(socket));
        members.users.entry(Arc::clone(&socket.user)).or_default().push(Arc::clone(socket));
        members.expiries.insert((socket.expires(), socket.id));
        metrics::gauge!("accord_connections").set(gauge(members.sockets.len()));
    }

    /// Removes a socket; returns it if it was present.
    pub(super) fn disconnect(&self, id: u64) -> Option<Arc<Socket>> {
        let mut members = self.write();
        let socket = members.sockets.remove(&id)?;
        metrics::gauge!("accord_connections").set(gauge(members.sockets.len()));
        members.expiries.remove(&(socket.expires(), id));
        if members.sockets.is_empty() {
            self.0.emptied.notify_waiters();
        }
        if let Some(sockets) = members.users.get_mut(&socket.user) {
            sockets.retain(|socket| socket.id != id);
            if sockets.is_empty() {
                members.users.remove(&socket.user);
            }
        }
        for room in socket.rooms() {
            members.remove(&room, id);
        }
        socket.release();
        Some(socket)
    }

    /// Whether a socket is still present.
    pub(super) fn has(&self, id: u64) -> bool {
        self.read().sockets.contains_key(&id)
    }

    /// Removes all sockets.
    pub(super) fn disconnect_all(&self) -> Vec<Arc<Socket>> {
        let ids: Vec<u64> = self.read().sockets.keys().copied().collect();
        ids.into_iter().filter_map(|id| self.disconnect(id)).collect()
    }

    /// Ends all connections, and waits until they have ended.
    pub(super) async fn end_all(&self) {
        let sockets: Vec<Arc<Socket>> = self.read().sockets.values().cloned().collect();
        sockets.iter().for_each(Socket::end);
        loop {
            let emptied = self.0.emptied.notified();
            if self.connections() == 0 {
                return;
            }
            emptied.await;
        }
    }

    /// Makes a socket join a room. It receives events from now on, or else once [`Hub::hear`] is called.
    pub(super) fn join(&self, socket: &Arc<Socket>, room: &Room, most: usize, hears: bool) -> Joined {
        let mut members = self.write();
        if !members.sockets.contains_key(&socket.id) {
            return Joined::Gone;
        }
        let mut rooms = socket.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if rooms.contains(room) {
            return Joined::In;
        }
        if rooms.len() >= most {
            return Joined::TooMany;
        }
        let room = match members.rooms.get_key_value(room) {
            Some((room, _)) => Arc::clone(room),
            None => Arc::new(room.clone()),
        };
        if hears {
            members.rooms.entry(Arc::clone(&room)).or_default().insert(socket.id, Arc::clone(socket));
        }
        rooms.insert(room);
        Joined::In
    }

    /// Makes a socket receive the events of a room that it has joined.
    pub(super) fn hear(&self, socket: &Arc<Socket>, room: &Arc<Room>) {
        let mut members = self.write();
        let has_joined = socket.rooms.lock().unwrap_or_else(PoisonError::into_inner).contains(room);
        if has_joined && members.sockets.contains_key(&socket.id) {
            members.rooms.entry(Arc::clone(room)).or_default().insert(socket.id, Arc::clone(socket));
        }
    }

    /// Makes a socket leave a room.
    pub(super) fn leave(&self, socket: &Socket, room: &Room) {
        let mut members = self.write();
        if socket.rooms.lock().unwrap_or_else(PoisonError::into_inner).remove(room) {
            members.remove(room, socket.id);
        }
    }

    /// Sends events to every socket in a locked room, except for one and for those that are being ended. Sockets that
    /// miss them are closed.
    pub(super) fn broadcast(&self, room: &Room, except: Option<u64>, events: &[Emitted<'_>]) {
        let members = self.read();
        let Some(sockets) = members.rooms.get(room) else { return };
        let receivers = sockets.values().filter(|socket| Some(socket.id) != except && !socket.is_leaving());
        let missed = emitted::broadcast(events, receivers, &Departure::default());
        drop(members);
        missed.iter().for_each(|(socket, why)| socket.note(*why));
    }

    /// Sends events to every socket of a user. Sockets that miss them are closed.
    pub(super) fn emit_to_user(&self, user_id: &str, events: &[Emitted<'_>]) {
        // The lock is held while the events are sent: a socket that is present is in the library's rooms.
        let members = self.read();
        let Some(sockets) = members.users.get(user_id) else { return };
        let receivers = sockets.iter().filter(|socket| socket.is_welcomed() && !socket.is_leaving());
        let missed = emitted::broadcast(events, receivers, &Departure::default());
        drop(members);
        missed.iter().for_each(|(socket, why)| socket.note(*why));
    }

    /// Extends a socket's life to that of a newer token of its user. Returns whether it could: not if the older token
    /// has been found to have expired. Both happen under the lock, so one sees the other.
    pub(super) fn renew(&self, socket: &Socket, caller: Verified) -> bool {
        let mut members = self.write();
        if socket.is_expiring() || !members.sockets.contains_key(&socket.id) {
            return false;
        }
        let expires = caller.expires;
        let before = socket.renew(caller);
        members.expiries.remove(&(before, socket.id));
        members.expiries.insert((expires, socket.id));
        true
    }

    /// Whether a socket's token has expired, and this call is the first to find that. No newer token counts from then
    /// on.
    pub(super) fn begin_to_expire(&self, socket: &Socket) -> bool {
        let _members = self.write();
        socket.expires() <= SystemTime::now() && socket.begin_to_expire()
    }

    /// The sockets whose tokens have expired.
    pub(super) fn expired(&self, now: SystemTime) -> Vec<Arc<Socket>> {
        let members = self.read();
        let expired = members.expiries.iter().take_while(|(expires, _)| *expires <= now);
        expired.filter_map(|(_, id)| members.sockets.get(id)).map(Arc::clone).collect()
    }

    fn sockets_of(&self, user_id: &str) -> Vec<Arc<Socket>> {
        self.read().users.get(user_id).cloned().unwrap_or_default()
    }

    fn read(&self) -> RwLockReadGuard<'_, Members> {
        self.0.members.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Members> {
        self.0.members.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Hub {
    fn default() -> Self {
        Hub::new()
    }
}

impl Members {
    fn remove(&mut self, room: &Room, id: u64) {
        if let Some(sockets) = self.rooms.get_mut(room) {
            sockets.remove(&id);
            if sockets.is_empty() {
                self.rooms.remove(room);
            }
        }
    }
}

impl LockedRooms {
    /// The proof that a user belongs to a room, for changes outside of any call; `None` if the user does not.
    ///
    /// # Errors
    /// If the business logic fails.
    ///
    /// # Panics
    /// If the room is not one of these.
    pub async fn membership(
        &self,
        authority: &impl Authority,
        identity: &Arc<Identity>,
        room: &Room,
    ) -> Result<Option<Membership>, Fault> {
        self.rooms.membership(authority, identity, room).await
    }

    /// Makes every socket of a user leave a room at once: no event that is emitted from this moment on reaches them.
    ///
    /// # Panics
    /// If the room is not one of these.
    pub fn evict(&self, room: &Room, user_id: &str) {
        assert!(self.rooms.contains(room), "{room} is locked before anybody is evicted from it");
        for socket in self.hub.sockets_of(user_id) {
            self.hub.leave(&socket, room);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no machine has 2^52 sockets")]
fn gauge(count: usize) -> f64 {
    count as f64
}
