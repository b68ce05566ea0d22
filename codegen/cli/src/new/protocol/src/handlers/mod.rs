//! The business logic: implementations of the generated handler traits. Each file implements the trait of the schema's
//! file of the same name.

mod connection;
mod counters;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use accord_runtime::{Authority, Fault, Room};

/// The counters, by their ids. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct App(Arc<Mutex<HashMap<String, Counter>>>);

/// One counter.
#[derive(Debug, Default)]
struct Counter {
    members: BTreeSet<String>,
    total: i64,
}

impl App {
    /// Makes a counter for these users.
    pub fn open<'a>(&self, counter_id: &str, members: impl IntoIterator<Item = &'a str>) {
        let members = members.into_iter().map(str::to_owned).collect();
        self.counters().insert(counter_id.to_owned(), Counter { members, total: 0 });
    }

    fn counters(&self) -> MutexGuard<'_, HashMap<String, Counter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the gateway who is a member of a counter, before a handler runs.
impl Authority for App {
    async fn is_member(&self, user_id: &str, room: &Room) -> Result<bool, Fault> {
        Ok(self.counters().get(&room.id).is_some_and(|counter| counter.members.contains(user_id)))
    }
}
