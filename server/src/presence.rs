//! Who is online.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Who is online, as it has been told: a user from the first socket to the last. Asked and changed while the room of the
/// user's presence is held, so that who watches sees the changes in their order.
#[derive(Debug, Default)]
pub struct Presence(Mutex<HashSet<String>>);

impl Presence {
    /// The user is there; whether that is new.
    pub fn begin(&self, user_id: &str) -> bool {
        self.online().insert(user_id.to_owned())
    }

    /// The user is gone; whether that is new.
    pub fn end(&self, user_id: &str) -> bool {
        self.online().remove(user_id)
    }

    /// Whether the user is there.
    pub fn is_online(&self, user_id: &str) -> bool {
        self.online().contains(user_id)
    }

    fn online(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
