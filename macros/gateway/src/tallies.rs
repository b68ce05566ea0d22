//! The packets that wait for all clients of a user together, in bytes.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The bytes that wait for all clients of a user together.
pub(super) struct Tally {
    most: usize,
    bytes: AtomicUsize,
}

/// The tallies of the users whose clients may have waiting messages.
pub(super) struct Tallies {
    most: usize,
    users: Mutex<HashMap<Arc<str>, Weak<Tally>>>,
}

impl Tally {
    /// Adds bytes; returns whether the total is within the bound.
    pub(super) fn add(&self, bytes: usize) -> bool {
        self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes <= self.most
    }

    pub(super) fn take_back(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
impl Tally {
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl Tallies {
    pub(super) fn new(most: usize) -> Self {
        Tallies { most, users: Mutex::default() }
    }

    /// A user's tally: the same one for as long as a client holds it.
    pub(super) fn of(&self, user: &Arc<str>) -> Arc<Tally> {
        let mut users = self.users();
        if let Some(tally) = users.get(user).and_then(Weak::upgrade) {
            return tally;
        }
        let tally = Arc::new(Tally { most: self.most, bytes: AtomicUsize::new(0) });
        users.insert(Arc::clone(user), Arc::downgrade(&tally));
        tally
    }

    /// Forgets the users without clients.
    pub(super) fn forget_idle(&self) {
        let mut users = self.users();
        users.retain(|_, tally| tally.strong_count() > 0);
        users.shrink_to_fit();
    }

    fn users(&self) -> MutexGuard<'_, HashMap<Arc<str>, Weak<Tally>>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_without_clients_are_forgotten() {
        let tallies = Tallies::new(1);
        let _dave = tallies.of(&Arc::from("dave"));
        drop(tallies.of(&Arc::from("carol")));
        tallies.forget_idle();
        assert_eq!(tallies.users().keys().map(|user| &**user).collect::<Vec<_>>(), ["dave"]);
    }
}
