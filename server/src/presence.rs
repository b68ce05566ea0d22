//! The users who are online.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The users who are online, from their first socket to their last. Read and changed while the room of the user's
/// presence is locked, so that watchers see the changes in order.
#[derive(Debug, Default)]
pub struct Presence(Mutex<HashSet<String>>);

impl Presence {
    /// Notes that the user is online; returns whether that is new.
    pub fn begin(&self, user_id: &str) -> bool {
        self.online().insert(user_id.to_owned())
    }

    /// Notes that the user is offline; returns whether that is new.
    pub fn end(&self, user_id: &str) -> bool {
        self.online().remove(user_id)
    }

    /// Whether the user is online.
    pub fn is_online(&self, user_id: &str) -> bool {
        self.online().contains(user_id)
    }

    fn online(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
