//! What a room's reader wants done, and what it is answered.

use std::sync::Arc;

use accord_runtime::log::Position;

use super::item::Item;

/// A socket's number.
pub(crate) type SocketId = u64;

/// Something to do, in the order in which these come.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// Read the log, and call the reader's `page`.
    Read(Ticket, Position),
    /// Find out who of these users does not belong to the room any more, and call its `answer`.
    Ask(Ticket, Vec<Arc<str>>),
    /// Wait until the client of the ticket's socket has taken what it has been sent, and call the reader's `drained`.
    Drain(Ticket),
    /// Send entries.
    Send(Receivers, Vec<Arc<Item>>),
    /// Tell a socket that it has caught up to this position.
    CaughtUp(SocketId, Position),
    /// The socket is among the attached ones from here on.
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
    /// One that is yet to be attached.
    Joining(SocketId),
}

/// The number of a question, which its answer has as well. An answer that nobody waits for any more means nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ticket {
    /// The joining socket that waits for the answer; `None` if all attached ones do.
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
    /// They are not in the log any more.
    Lost,
}

/// The result of joining a room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Joined {
    /// Whether the socket was not in the room, or is about to leave it: its user was removed, and has been added again.
    pub(crate) is_new: bool,
    /// The number after which everything comes live; if the socket has joined before, that up to which it has been sent
    /// everything.
    pub(crate) seq: u64,
    /// The ticket of the first page of a replay: it is read before the socket joins, and the reader's once that is started.
    pub(crate) replay: Option<Ticket>,
}
