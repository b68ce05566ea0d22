//! Memberships that were found recently. A change proves its memberships again as it is written, so a request for one need not ask
//! the database first: if the answer from here is out of date, the change is refused.

use std::{
    collections::{HashMap, HashSet},
    fmt, mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use accord_runtime::Room;

/// The maximum number of memberships in a generation.
const MOST: usize = 1 << 15;

/// Memberships. Those unused for the longest time make room for others.
#[derive(Default)]
pub(super) struct RecentMembers(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    /// Memberships that were found or used since this was last emptied: user ids by room.
    young: HashMap<Room, HashSet<Box<str>>>,
    /// The number of memberships in `young`.
    number: usize,
    /// The previous `young`.
    old: HashMap<Room, HashSet<Box<str>>>,
}

impl RecentMembers {
    /// Whether the user was a member recently.
    pub(super) fn has(&self, room: &Room, user_id: &str) -> bool {
        let mut members = self.members();
        if members.young.get(room).is_some_and(|users| users.contains(user_id)) {
            return true;
        }
        let found = members.old.get(room).is_some_and(|users| users.contains(user_id));
        if found {
            members.add(room, user_id);
        }
        found
    }

    /// Remembers a membership that has been found.
    pub(super) fn add(&self, room: &Room, user_id: &str) {
        self.members().add(room, user_id);
    }

    /// Forgets a membership that ends.
    pub(super) fn forget(&self, room: &Room, user_id: &str) {
        let mut members = self.members();
        let Generations { young, number, old } = &mut *members;
        if young.get_mut(room).is_some_and(|users| users.remove(user_id)) {
            *number -= 1;
        }
        if let Some(users) = old.get_mut(room) {
            users.remove(user_id);
        }
    }

    fn members(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn add(&mut self, room: &Room, user_id: &str) {
        if self.number == MOST {
            (self.old, self.number) = (mem::take(&mut self.young), 0);
        }
        let users = match self.young.get_mut(room) {
            Some(users) => users,
            None => self.young.entry(room.clone()).or_default(),
        };
        self.number += usize::from(users.insert(user_id.into()));
    }
}

impl fmt::Debug for RecentMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentMembers").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(number: usize) -> Room {
        Room { scope: "channel", id: number.to_string() }
    }

    #[test]
    fn a_membership_is_remembered_until_it_is_forgotten() {
        let recent = RecentMembers::default();
        assert!(!recent.has(&room(1), "alice"));
        recent.add(&room(1), "alice");
        assert!(recent.has(&room(1), "alice") && !recent.has(&room(2), "alice") && !recent.has(&room(1), "bob"));
        recent.forget(&room(1), "alice");
        assert!(!recent.has(&room(1), "alice"));
    }

    #[test]
    fn the_longest_unused_make_room() {
        let recent = RecentMembers::default();
        let used = || recent.has(&room(0), "alice");
        recent.add(&room(0), "alice");
        (1..3 * MOST).for_each(|number| {
            recent.add(&room(number), "alice");
            assert!(number % (MOST / 2) != 0 || used());
        });
        assert!(used() && !recent.has(&room(1), "alice"));
        let Generations { young, old, .. } = &*recent.members();
        assert!(young.len() <= MOST && old.len() <= MOST);
    }
}
