//! Locks of rooms: only one task at a time holds a room's lock.
//!
//! A call locks the rooms that it names from authorization to delivery. So the order in which changes are committed is
//! the order in which every member sees them, and an eviction falls between two calls, never into one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OwnedMutexGuard;

use super::{Authority, Membership};
use crate::{
    error::Fault,
    scope::{Identity, Room},
};

type Lock = Arc<tokio::sync::Mutex<()>>;

/// The locks of the rooms that somebody has locked or waits for. Others take no memory.
#[derive(Default)]
pub struct RoomLocks(Mutex<HashMap<Room, Lock>>);

/// Rooms that are locked until this is dropped.
pub struct RoomGuard(Vec<LockedRoom>);

struct LockedRoom {
    // Before `interest`: what is released first is forgotten second.
    _guard: OwnedMutexGuard<()>,
    interest: Interest,
}

/// An interest in a room's lock: the last one to lose it removes the lock.
struct Interest {
    locks: Arc<RoomLocks>,
    room: Room,
    lock: Lock,
}

impl RoomLocks {
    /// Waits until the rooms are nobody else's. They are taken in their order, each once, so two callers that want some
    /// of the same rooms never wait for each other.
    pub async fn lock(self: &Arc<Self>, rooms: impl IntoIterator<Item = Room>) -> RoomGuard {
        let mut rooms: Vec<_> = rooms.into_iter().collect();
        rooms.sort_unstable();
        rooms.dedup();
        let mut locked = Vec::with_capacity(rooms.len());
        for room in rooms {
            let interest = self.interest(room);
            let guard = Arc::clone(&interest.lock).lock_owned().await;
            locked.push(LockedRoom { _guard: guard, interest });
        }
        RoomGuard(locked)
    }

    fn interest(self: &Arc<Self>, room: Room) -> Interest {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lock = Arc::clone(locks.entry(room.clone()).or_default());
        Interest { locks: Arc::clone(self), room, lock }
    }
}

impl RoomGuard {
    /// Whether the room is one of these.
    pub fn contains(&self, room: &Room) -> bool {
        self.0.iter().any(|locked| locked.interest.room == *room)
    }

    /// The proof that a user belongs to one of these rooms; `None` if the business logic says that the user does not.
    ///
    /// # Panics
    /// If the room is not one of these.
    pub async fn membership(
        &self,
        authority: &impl Authority,
        identity: &Arc<Identity>,
        room: &Room,
    ) -> Result<Option<Membership>, Fault> {
        assert!(self.contains(room), "{room} is locked before anybody acts in it");
        let is_member = authority.is_member(&identity.id, room).await?;
        Ok(is_member.then(|| Membership::proven(Arc::clone(identity), room.clone())))
    }
}

impl Drop for Interest {
    fn drop(&mut self) {
        let mut locks = self.locks.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's and this one: clones are made under the map's lock alone, so nobody comes in between.
        if Arc::strong_count(&self.lock) == 2 {
            locks.remove(&self.room);
            if locks.is_empty() {
                locks.shrink_to_fit();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, poll};

    use super::*;

    fn room(id: &str) -> Room {
        Room { scope: "room", id: id.to_owned() }
    }

    fn count(locks: &RoomLocks) -> usize {
        locks.0.lock().unwrap().len()
    }

    #[tokio::test]
    async fn a_locked_room_is_waited_for_and_others_are_not() {
        let locks = Arc::new(RoomLocks::default());
        let first = locks.lock([room("a"), room("a")]).await;
        assert!(locks.lock([room("b")]).now_or_never().is_some());
        let mut second = Box::pin(locks.lock([room("b"), room("a")]));
        assert!(poll!(&mut second).is_pending());
        drop(first);
        assert_eq!(
            second.await.0.iter().map(|locked| locked.interest.room.id.as_str()).collect::<Vec<_>>(),
            ["a", "b"]
        );
    }

    #[tokio::test]
    async fn unused_rooms_take_no_memory() {
        let locks = Arc::new(RoomLocks::default());
        let locked = locks.lock([room("a"), room("b")]).await;
        let mut waiting = Box::pin(locks.lock([room("a"), room("c")]));
        assert!(poll!(&mut waiting).is_pending());
        drop(waiting);
        assert_eq!(count(&locks), 2);
        drop(locked);
        assert_eq!(count(&locks), 0);
    }
}
