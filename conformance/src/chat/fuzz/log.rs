//! The logs of the model's rooms.

use serde_json::Value;

/// The log of a room.
#[derive(Default)]
pub(super) struct Log {
    pub entries: Vec<Entry>,
    /// The variable that holds a position with its epoch, once somebody has joined.
    pub known: Option<String>,
}

/// An entry of a log.
pub(super) struct Entry {
    pub event: String,
    pub shows: Shows,
    /// The message whose deletion removes it.
    pub about: Option<usize>,
}

/// The payload of an entry.
pub(super) enum Shows {
    /// This payload, regardless of later changes.
    Always(Value),
    /// This message as it was sent. Its parent may have been deleted since.
    Sent(usize),
    /// The forwarding of a message, as it was then, to this one. The first may have been deleted since.
    Forwarded { original: usize, content: String, copy: usize },
}

impl Log {
    /// The number of its last entry.
    pub fn seq(&self) -> u64 {
        self.entries.len() as u64
    }
}
