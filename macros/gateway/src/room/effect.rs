//! The effects of a room's reader, and the answers to them.

use std::sync::Arc;

use accord_runtime::log::Position;

use super::item::Item;

/// A socket's number.
pub(crate) type SocketId = u64;

/// An effect. Effects are carried out in their order.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// Read the log, and call the reader's `page`.
    Read(Ticket, Position),
    /// Find out which of these users no longer belong to the room, and call the reader's `answer`.
    Ask(Ticket, Vec<Arc<str>>),
    /// Wait until the client of the ticket's socket has received everything sent so far, and call the reader's
    /// `drained`.
    Drain(Ticket),
    /// Send entries.
    Send(Receivers, Vec<Arc<Item>>),
    /// Tell a socket that it has caught up to this position.
    CaughtUp(SocketId, Position),
    /// The socket is attached from here on.
    Attach(SocketId),
    /// The socket has left the room: its user was evicted.
    Evict(SocketId),
    /// The socket has left the room, and misses something: close its transport, so that its client catches up.
    Cut(SocketId),
}

/// The receivers of entries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Receivers {
    /// All attached sockets.
    Attached,
    /// One socket that is not attached yet.
    Joining(SocketId),
}

/// The number of a question, which its answer has as well. An answer that nobody waits for has no effect.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ticket {
    /// The joining socket that waits for the answer; `None` if all attached sockets wait for it.
    pub(crate) socket: Option<SocketId>,
    pub(super) number: u64,
}

/// The answer to a read.
#[derive(Clone, Debug)]
pub(crate) enum Read {
    /// The entries of a page.
    Page {
        items: Vec<Arc<Item>>,
        /// The number up to which nothing is missing.
        reached: u64,
        /// The number of the log's newest entry.
        head: u64,
    },
    /// The entries are no longer in the log.
    Lost,
}

/// The result of joining a room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Joined {
    /// The socket was not in the room, or was about to leave it: its user was removed, and has been added again.
    New {
        /// The number after which the socket receives entries as they are committed.
        seq: u64,
        /// The ticket of the first page of a replay: it is read before the socket joins, and the reader's once that is
        /// started.
        replay: Option<Ticket>,
    },
    /// The socket stays in the room. It has received everything up to this number.
    Stays(u64),
    /// The socket was in the room as it began to join, and has left it since: its user was removed, and has been added
    /// again. Its client learns the place that it had then, and would miss the entries after that.
    Displaced,
}
