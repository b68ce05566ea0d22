//! An entry of a room's log, in the form that the room's reader needs.

use accord_runtime::{
    log::Entry,
    protocol::{Evicts, Protocol},
};
use serde_json::Value;

/// An entry of a room's log, with the users who leave the room by it.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) entry: Entry,
    pub(crate) evicts: Option<Evicted>,
}

/// The users who leave a room before they would get an entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Evicted {
    /// The user with this id.
    User(String),
    /// All users who no longer belong to the room. The business logic knows them.
    FormerMembers,
}

impl Item {
    /// An entry of a protocol's event. If the event does not name the users who leave, the business logic is asked.
    pub(super) fn of(entry: Entry, protocol: &Protocol) -> Self {
        let evicts = protocol.event(&entry.event).and_then(|event| event.evicts).map(|evicts| match evicts {
            Evicts::FormerMembers => Evicted::FormerMembers,
            Evicts::User(field) => {
                let payload: Option<Value> = serde_json::from_str(entry.data.get()).ok();
                let user = payload.as_ref().and_then(|payload| payload.get(field)?.as_str());
                user.map_or(Evicted::FormerMembers, |user| Evicted::User(user.to_owned()))
            }
        });
        Item { entry, evicts }
    }

    pub(super) fn seq(&self) -> u64 {
        self.entry.seq
    }

    pub(super) fn bytes(&self) -> usize {
        self.entry.data.get().len()
    }
}
