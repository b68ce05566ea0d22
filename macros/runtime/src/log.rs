//! The log of a room: its durable events, numbered, in the order in which all members see them.
//!
//! An implementation of [`Log`] keeps the logs in a database or in memory. A database writes entries in the transaction
//! of the change that they describe. The gateway, which brings entries to clients, is a [`Follower`] of the log.
//! Neither knows the other.
//!
//! A room's numbers start at 1 and have no gaps. A position in a log is a number and the log's epoch: a random string
//! that is replaced whenever the log may have lost entries. A position of another epoch is not valid.

use std::{borrow::Cow, sync::Arc};

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{error::Fault, reply::Encoded, scope::Room};

/// A place in the log of a room.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Position {
    /// The epoch of the log.
    pub epoch: Arc<str>,
    /// The number of the newest entry up to this place; 0 before the first one.
    pub seq: u64,
}

/// An entry of a room's log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number in the log of its room, from 1.
    pub seq: u64,
    /// The server event's name.
    pub event: Cow<'static, str>,
    /// The event's payload as clients get it, with `seq`.
    pub data: Encoded,
}

/// An event to add to the log of a room.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// The room.
    pub room: Room,
    /// The server event's name.
    pub event: &'static str,
    /// The event's payload, without `seq`.
    pub data: Encoded,
}

/// The entries that follow a position, up to a number of entries and bytes that the log sets.
#[derive(Clone, Debug)]
pub enum Page {
    /// The log has them.
    Entries {
        /// In the order of their numbers.
        entries: Vec<Entry>,
        /// The number up to which nothing is missing. Numbers that `entries` skips belong to events that are no longer
        /// shown.
        reached: u64,
        /// The number of the newest entry of the room.
        head: u64,
    },
    /// The log does not reach back to the position, has another epoch, or has entries that this version of the protocol
    /// cannot show.
    Lost,
}

/// The logs of all rooms.
pub trait Log: Send + Sync + 'static {
    /// The position of the newest entry of a room.
    fn position<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<Position, Fault>>;

    /// The entries of a room that follow `since`.
    fn read<'a>(&'a self, room: &'a Room, since: &'a Position) -> BoxFuture<'a, Result<Page, Fault>>;

    /// Adds entries without any other change; returns their numbers once all of them are durable.
    fn append(&self, entries: Vec<NewEntry>) -> BoxFuture<'_, Result<Vec<u64>, Fault>>;

    /// Tells a follower of all entries from now on.
    fn follow(&self, follower: Arc<dyn Follower>);

    /// Whether the log itself puts changes in order, as a database does. Otherwise the pipeline keeps a room locked from
    /// authorization until its entries are added.
    fn orders(&self) -> bool;
}

/// Brings entries to the sockets that have joined a room. It may hear of an entry late, twice, or not at all; it then
/// finds the entry in the log.
pub trait Follower: Send + Sync {
    /// Whether any socket has joined a room, or is about to. Sockets that join later find earlier entries in the log.
    fn hears(&self, _room: &Room) -> bool {
        true
    }

    /// Takes entries of a room that have become durable, before any caller gets an answer. Must not block.
    fn committed(&self, room: &Room, entries: &[Entry]);

    /// Looks for entries of a room that the follower may not have heard of. Must not block.
    fn look(&self, room: &Room);
}

/// A payload with its number in the log, at the top level. A payload that is not an object stays as it is.
///
/// ```
/// use accord_runtime::{log::numbered, reply::encode};
///
/// let data = encode(&serde_json::json!({ "id": "m1" })).unwrap();
/// assert_eq!(numbered(&data, 7).get(), r#"{"id":"m1","seq":7}"#);
/// ```
pub fn numbered(data: &RawValue, seq: u64) -> Encoded {
    let text = data.get().trim_end();
    let Some(fields) = text.strip_suffix('}') else { return data.to_owned().into() };
    let comma = if fields.trim_end().ends_with('{') { "" } else { "," };
    // An object with one more field is still valid JSON.
    let with_seq = RawValue::from_string(format!("{fields}{comma}\"seq\":{seq}}}"));
    with_seq.map_or_else(|_| data.to_owned().into(), Arc::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_gets_its_number_and_nothing_else_does() {
        let cases = [
            ("{}", r#"{"seq":3}"#),
            ("{ }", r#"{ "seq":3}"#),
            (r#"{"a":{}}"#, r#"{"a":{},"seq":3}"#),
            (r#"{"a":"{"}"#, r#"{"a":"{","seq":3}"#),
            ("null", "null"),
            (r#""}""#, r#""}""#),
        ];
        for (data, expected) in cases {
            let data = RawValue::from_string(data.to_owned()).unwrap();
            assert_eq!(numbered(&data, 3).get(), expected);
        }
    }
}
