//! A socket that has joined a room, but has not caught up with the attached sockets.

use std::sync::Arc;

use super::item::{Evicted, Item};

/// A socket on its way into a room.
#[derive(Clone, Debug)]
pub(super) struct Joining {
    pub(super) user: Arc<str>,
    /// The number at which it has joined. Its user was found to belong to the room after that, so earlier entries do
    /// not evict it.
    pub(super) joined: u64,
    /// The number up to which it has been sent everything.
    pub(super) sent: u64,
    /// The newest entry after which its user was found to still belong to the room, when the reader came to it. A later
    /// removal has another entry.
    pub(super) stays: u64,
    /// The entry by which its user was removed, once the reader has come to it. The socket gets the entries before it,
    /// and leaves.
    pub(super) ends: Option<u64>,
    /// Whether the socket has not been sent `caught_up` yet.
    pub(super) replays: bool,
    pub(super) state: State,
}

/// The reason why a socket receives nothing at the moment.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// Its client does not know yet that it has joined.
    Unanswered {
        /// The page that is read in the meantime, for a replay.
        page: Option<u64>,
    },
    /// It waits for a page of the log.
    Reading(u64),
    /// It waits until its client has received a page.
    Draining(u64),
    /// It waits for the answer whether its user still belongs to the room; if so, it gets this entry.
    Asking(u64, Arc<Item>),
    /// It waits for nothing, or for the reader to reach its place.
    Ready,
}

/// The result of giving entries to a socket.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Turn {
    /// It got them all.
    Taken,
    /// It got those before one that evicts its user.
    Evicted,
    /// It got those before this one, which needs the answer whether its user still belongs to the room.
    Asks(usize),
}

impl Joining {
    /// Whether an entry that it has not reached concerns it, because it was in the room before.
    pub(super) fn awaits(&self, seq: u64) -> bool {
        seq > self.joined.max(self.sent)
    }

    /// Notes that its user was not removed by an entry.
    pub(super) fn stay(&mut self, seq: u64) {
        self.stays = self.stays.max(seq);
    }

    /// Whether its user is known not to have been removed by this entry.
    pub(super) fn has_stayed(&self, seq: u64) -> bool {
        seq <= self.stays
    }

    /// Notes that its user was removed by an entry.
    pub(super) fn end(&mut self, seq: u64) {
        self.ends.get_or_insert(seq);
    }

    /// Whether its user has been removed by an entry up to this one.
    pub(super) fn has_ended(&self, seq: u64) -> bool {
        self.ends.is_some_and(|ends| ends <= seq)
    }

    /// Looks for the first entry at which this socket's user leaves, or may leave.
    pub(super) fn turn(&self, items: &[Arc<Item>]) -> (usize, Turn) {
        for (index, item) in items.iter().enumerate().filter(|(_, item)| item.seq() > self.joined) {
            match &item.evicts {
                _ if self.has_ended(item.seq()) => return (index, Turn::Evicted),
                Some(Evicted::User(user)) if **user == *self.user => return (index, Turn::Evicted),
                Some(Evicted::FormerMembers) if !self.has_stayed(item.seq()) => return (index, Turn::Asks(index)),
                _ => {}
            }
        }
        (items.len(), Turn::Taken)
    }
}
