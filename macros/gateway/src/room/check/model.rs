//! A room's log and its members, as simple as they can be.

use std::sync::Arc;

use accord_runtime::{
    log::{Entry, Position},
    reply::encode,
};

use super::script::Change;
use crate::room::{
    effect::Read,
    item::{Evicted, Item},
};

/// The number of users.
const USERS: usize = 3;

/// A room's log.
#[derive(Clone)]
pub(super) struct Model {
    pub(super) epoch: Arc<str>,
    written: Vec<Written>,
    /// The number of the newest entry that the log has forgotten.
    forgotten: u64,
    /// Whether the log has lost an entry that a socket has, or asks for.
    lost: bool,
}

/// An entry of the log, and who belongs to the room after it.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) item: Arc<Item>,
    pub(super) change: Change,
    pub(super) members: [bool; USERS],
}

impl Model {
    /// An empty log.
    pub(super) fn new() -> Self {
        Model { epoch: "first".into(), written: Vec::new(), forgotten: 0, lost: false }
    }

    /// Whether the log has lost an entry that a socket has, or has asked for.
    pub(super) fn lost(&self) -> bool {
        self.lost
    }

    /// Whether replays hide any entry.
    pub(super) fn hides(&self) -> bool {
        self.written.iter().any(|written| written.change == Change::Hide)
    }

    pub(super) fn head(&self) -> u64 {
        self.written.len() as u64
    }

    pub(super) fn position(&self) -> Position {
        Position { epoch: Arc::clone(&self.epoch), seq: self.head() }
    }

    /// Who belongs to the room.
    pub(super) fn members(&self) -> [bool; USERS] {
        self.written.last().map_or([true; USERS], |written| written.members)
    }

    /// Adds an entry.
    pub(super) fn write(&mut self, change: &Change) -> Arc<Item> {
        let mut members = self.members();
        let evicts = match *change {
            Change::Say | Change::Hide => None,
            Change::Add(user) => {
                members[user] = true;
                None
            }
            Change::Remove(user) => {
                members[user] = false;
                Some(Evicted::User(name(user).to_string()))
            }
            Change::RemoveOneOfMany(user) => {
                members[user] = false;
                Some(Evicted::FormerMembers)
            }
        };
        let data = encode(&()).expect("nothing is encoded");
        let entry = Entry { seq: self.head() + 1, event: "said".into(), data };
        let item = Arc::new(Item { entry, evicts });
        self.written.push(Written { item: Arc::clone(&item), change: change.clone(), members });
        item
    }

    /// Forgets all but the newest entries.
    pub(super) fn forget(&mut self, but: u64) {
        self.forgotten = self.head().saturating_sub(but);
    }

    /// Becomes a log that lacks the newest entry, and has another one in its place.
    pub(super) fn restore(&mut self) {
        self.epoch = format!("{} restored", self.epoch).into();
        self.lost = true;
        self.written.pop();
        self.write(&Change::Say);
    }

    /// The content of a page with at most this many entries at this time.
    pub(super) fn read(&mut self, since: &Position, most: usize) -> Read {
        if since.epoch != self.epoch || since.seq < self.forgotten || since.seq > self.head() {
            self.lost = true;
            return Read::Lost;
        }
        let page: Vec<_> = self.since(since.seq).take(most).collect();
        let reached = page.last().map_or(since.seq, |written| written.item.seq());
        let shown = page.into_iter().filter(|written| written.change != Change::Hide);
        Read::Page { items: shown.map(|written| Arc::clone(&written.item)).collect(), reached, head: self.head() }
    }

    /// The users among these who do not belong to the room.
    pub(super) fn former(&self, users: &[Arc<str>]) -> Vec<Arc<str>> {
        let former: Vec<_> = (0..USERS).filter(|user| !self.members()[*user]).map(name).collect();
        users.iter().filter(|user| former.contains(user)).cloned().collect()
    }

    /// The entries after a number.
    pub(super) fn since(&self, seq: u64) -> impl Iterator<Item = &Written> {
        self.written.iter().skip(usize::try_from(seq).unwrap_or_default())
    }
}

/// The id of a user.
pub(super) fn name(user: usize) -> Arc<str> {
    ["first user", "second user", "third user"][user].into()
}
