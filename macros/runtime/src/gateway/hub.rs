//! Who is connected, and who has joined which room.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use super::{
    emitted::Emitted,
    hold::{Key, Locks},
    link::{Link, Sent},
    transports::Transports,
};
use crate::{
    error::Fault,
    scope::{Identity, Membership, Room},
    service::Authority,
};

/// Who is connected, and who has joined which room. Clones are the same hub: it is made before the handlers, so that
/// they can hold one.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    locks: Arc<Locks>,
    members: RwLock<Members>,
    transports: Arc<Transports>,
    last_id: AtomicU64,
}

#[derive(Default)]
struct Members {
    links: HashMap<u64, Arc<Link>>,
    users: HashMap<Arc<str>, Vec<Arc<Link>>>,
    rooms: HashMap<Arc<Room>, HashMap<u64, Arc<Link>>>,
    /// The sockets by when their tokens expire.
    expiries: BTreeSet<(SystemTime, u64)>,
}

/// Rooms that are held: until this is dropped nobody joins them, is authorized for them, or changes and emits anything
/// in them.
#[must_use = "rooms are held until this is dropped"]
pub struct Held {
    hub: Hub,
    keys: Vec<Key>,
}

/// How joining a room went.
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
    /// A hub that nobody is connected to.
    pub fn new() -> Self {
        Hub::default()
    }

    /// Waits until these rooms are nobody else's, and holds them. What changes who belongs to a room does so while it
    /// holds it.
    ///
    /// A handler of an event with a scope runs while the gateway holds the rooms that the event names: to hold one of
    /// them again waits forever.
    pub async fn hold(&self, rooms: impl IntoIterator<Item = Room>) -> Held {
        Held { hub: self.clone(), keys: self.0.locks.hold(rooms).await }
    }

    /// The rooms that somebody has joined, and how many sockets are in each.
    pub fn joined(&self) -> BTreeMap<Room, usize> {
        self.read().rooms.iter().map(|(room, sockets)| (Room::clone(room), sockets.len())).collect()
    }

    /// How many sockets are connected.
    pub fn connections(&self) -> usize {
        self.read().links.len()
    }

    /// How many sockets of a user are connected.
    pub fn connections_of(&self, user_id: &str) -> usize {
        self.read().users.get(user_id).map_or(0, Vec::len)
    }

    /// Disconnects every socket of a user. A token that is still valid connects again: revoke it first.
    pub fn disconnect_user(&self, user_id: &str) {
        for link in self.sockets_of(user_id) {
            link.disconnect();
        }
    }

    pub(super) fn transports(&self) -> &Arc<Transports> {
        &self.0.transports
    }

    /// A number that no socket has had.
    pub(super) fn next_id(&self) -> u64 {
        self.0.last_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Takes in a socket.
    pub(super) fn connect(&self, link: &Arc<Link>) {
        let mut members = self.write();
        members.links.insert(link.id, Arc::clone(link));
        members.users.entry(Arc::clone(&link.user)).or_default().push(Arc::clone(link));
        members.expiries.insert((link.expires, link.id));
        metrics::gauge!("accord_connections").set(gauge(members.links.len()));
    }

    /// Lets go of a socket; returns it if it was here.
    pub(super) fn disconnect(&self, id: u64) -> Option<Arc<Link>> {
        let mut members = self.write();
        let link = members.links.remove(&id)?;
        metrics::gauge!("accord_connections").set(gauge(members.links.len()));
        members.expiries.remove(&(link.expires, id));
        if let Some(sockets) = members.users.get_mut(&link.user) {
            sockets.retain(|socket| socket.id != id);
            if sockets.is_empty() {
                members.users.remove(&link.user);
            }
        }
        for room in link.rooms.lock().unwrap_or_else(PoisonError::into_inner).drain() {
            members.remove(&room, id);
        }
        link.release();
        Some(link)
    }

    /// Whether a socket has not been let go of.
    pub(super) fn has(&self, id: u64) -> bool {
        self.read().links.contains_key(&id)
    }

    /// Lets go of all sockets.
    pub(super) fn disconnect_all(&self) -> Vec<Arc<Link>> {
        let ids: Vec<u64> = self.read().links.keys().copied().collect();
        ids.into_iter().filter_map(|id| self.disconnect(id)).collect()
    }

    /// Has a socket join a room that is held.
    pub(super) fn join(&self, link: &Arc<Link>, room: &Room, most: usize) -> Joined {
        let mut members = self.write();
        if !members.links.contains_key(&link.id) {
            return Joined::Gone;
        }
        let mut rooms = link.rooms.lock().unwrap_or_else(PoisonError::into_inner);
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
        members.rooms.entry(Arc::clone(&room)).or_default().insert(link.id, Arc::clone(link));
        rooms.insert(room);
        Joined::In
    }

    /// Has a socket leave a room that is held.
    pub(super) fn leave(&self, link: &Link, room: &Room) {
        let mut members = self.write();
        if link.rooms.lock().unwrap_or_else(PoisonError::into_inner).remove(room) {
            members.remove(room, link.id);
        }
    }

    /// Sends an event to every socket in a room that is held, but for one. Sockets that miss it are closed.
    pub(super) fn broadcast(&self, room: &Room, except: Option<u64>, event: &Emitted<'_>) {
        let members = self.read();
        let Some(sockets) = members.rooms.get(room) else { return };
        let sent = sockets.values().filter(|link| Some(link.id) != except).map(|link| (link, event.send(link)));
        let missed = sent.filter(|(_, sent)| matches!(sent, Sent::Full | Sent::Lost));
        let missed = missed.map(|(link, sent)| (Arc::clone(link), sent)).collect::<Vec<_>>();
        drop(members);
        missed.iter().for_each(|(link, sent)| link.note(*sent));
    }

    /// Sends an event to every socket of a user. Sockets that miss it are closed.
    pub(super) fn emit_to_user(&self, user_id: &str, event: &Emitted<'_>) {
        for link in self.sockets_of(user_id) {
            if link.is_welcomed() {
                link.note(event.send(&link));
            }
        }
    }

    /// The sockets whose tokens have expired.
    pub(super) fn expired(&self, now: SystemTime) -> Vec<Arc<Link>> {
        let members = self.read();
        let expired = members.expiries.iter().take_while(|(expires, _)| *expires <= now);
        expired.filter_map(|(_, id)| members.links.get(id)).map(Arc::clone).collect()
    }

    fn sockets_of(&self, user_id: &str) -> Vec<Arc<Link>> {
        self.read().users.get(user_id).cloned().unwrap_or_default()
    }

    fn read(&self) -> RwLockReadGuard<'_, Members> {
        self.0.members.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Members> {
        self.0.members.write().unwrap_or_else(PoisonError::into_inner)
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

impl Held {
    /// The proof that a user belongs to a room, for what changes it outside of any call; `None` if the business logic says
    /// that the user does not.
    ///
    /// # Errors
    /// If the business logic fails.
    ///
    /// # Panics
    /// If the room is not one of those that are held.
    pub async fn membership(
        &self,
        authority: &impl Authority,
        identity: &Arc<Identity>,
        room: &Room,
    ) -> Result<Option<Membership>, Fault> {
        assert!(self.keys.iter().any(|key| key.room() == room), "{room} is held before anybody acts in it");
        let is_member = authority.is_member(&identity.id, room).await?;
        Ok(is_member.then(|| Membership::proven(Arc::clone(identity), room.clone())))
    }

    /// Has every socket of a user leave a room at once: nothing that is emitted from this moment reaches them.
    ///
    /// # Panics
    /// If the room is not one of those that are held.
    pub fn evict(&self, room: &Room, user_id: &str) {
        assert!(self.keys.iter().any(|key| key.room() == room), "{room} is held before anybody is evicted from it");
        for link in self.hub.sockets_of(user_id) {
            self.hub.leave(&link, room);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no machine has 2^52 sockets")]
fn gauge(count: usize) -> f64 {
    count as f64
}
