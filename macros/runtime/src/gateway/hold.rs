//! Holding rooms: whoever holds one is alone with it.
//!
//! A call holds the rooms that it names from authorization to delivery. So the order in which changes are committed is
//! the order in which every member sees them, and an eviction falls between two calls, never into one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OwnedMutexGuard;

use crate::scope::Room;

type Lock = Arc<tokio::sync::Mutex<()>>;

/// The locks of the rooms that somebody holds or waits for. Others take no memory.
#[derive(Default)]
pub(super) struct Locks(Mutex<HashMap<Room, Lock>>);

/// One room, held.
pub(super) struct Key {
    // Before `interest`: what is released first is forgotten second.
    _guard: OwnedMutexGuard<()>,
    interest: Interest,
}

/// An interest in a room's lock: the last one to lose it removes the lock.
struct Interest {
    locks: Arc<Locks>,
    room: Room,
    lock: Lock,
}

impl Locks {
    /// Waits until the rooms are nobody else's. They are taken in their order, each once, so two callers that want some
    /// of the same rooms never wait for each other.
    pub(super) async fn hold(self: &Arc<Self>, rooms: impl IntoIterator<Item = Room>) -> Vec<Key> {
        let mut rooms: Vec<_> = rooms.into_iter().collect();
        rooms.sort_unstable();
        rooms.dedup();
        let mut keys = Vec::with_capacity(rooms.len());
        for room in rooms {
            let interest = self.interest(room);
            let guard = Arc::clone(&interest.lock).lock_owned().await;
            keys.push(Key { _guard: guard, interest });
        }
        keys
    }

    fn interest(self: &Arc<Self>, room: Room) -> Interest {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lock = Arc::clone(locks.entry(room.clone()).or_default());
        Interest { locks: Arc::clone(self), room, lock }
    }
}

impl Key {
    pub(super) fn room(&self) -> &Room {
        &self.interest.room
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

    fn count(locks: &Locks) -> usize {
        locks.0.lock().unwrap().len()
    }

    #[tokio::test]
    async fn a_held_room_is_waited_for_and_others_are_not() {
        let locks = Arc::new(Locks::default());
        let first = locks.hold([room("a"), room("a")]).await;
        assert!(locks.hold([room("b")]).now_or_never().is_some());
        let mut second = Box::pin(locks.hold([room("b"), room("a")]));
        assert!(poll!(&mut second).is_pending());
        drop(first);
        assert_eq!(second.await.iter().map(|key| key.room().id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[tokio::test]
    async fn rooms_that_nobody_wants_take_no_memory() {
        let locks = Arc::new(Locks::default());
        let held = locks.hold([room("a"), room("b")]).await;
        let mut waiting = Box::pin(locks.hold([room("a"), room("c")]));
        assert!(poll!(&mut waiting).is_pending());
        drop(waiting);
        assert_eq!(count(&locks), 2);
        drop(held);
        assert_eq!(count(&locks), 0);
    }
}
