//! The steps of a test, without their order.

use crate::room::effect::SocketId;

/// The steps of several threads. Each thread keeps its order; the threads interleave in any way.
#[derive(Debug)]
pub(super) struct Script {
    /// The changes before the first step.
    pub(super) before: Vec<Change>,
    pub(super) threads: Vec<Vec<Step>>,
    /// The maximum number of entries of a page.
    pub(super) page: usize,
    /// The maximum number of entries of the ring.
    pub(super) ring: usize,
    /// Whether the reader may hear of commits twice, late, or not at all.
    pub(super) unreliable: bool,
    /// Whether a position is read together with the membership, rather than before it.
    pub(super) together: bool,
}

/// An entry of the log. Users are numbered from 0.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Change {
    /// A message.
    Say,
    /// A message that replays do not show.
    Hide,
    Add(usize),
    Remove(usize),
    /// A change of many members, one of whom is removed.
    RemoveOneOfMany(usize),
}

/// A step of a thread. Socket 10 is the first one of user 1.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Entries are committed together.
    Write(Vec<Change>),
    /// The log drops all but this many entries.
    Forget(u64),
    /// The reader gets a hint to read the log.
    Look,
    /// The log is replaced by one that lacks the newest entry and has another one in its place.
    Restore,
    /// A socket prepares to join: the room has a reader from now on.
    Approach(SocketId),
    /// The first page of a replay is read.
    FirstPage(SocketId, u64),
    /// The position is read at which the socket will join.
    Position(SocketId),
    /// The user is found to belong to the room, or not, and joins it.
    Enter(SocketId, Option<u64>),
    /// The client has learned that it has joined.
    Start(SocketId),
    Leave(SocketId),
}

/// A join at the log's position.
pub(super) fn join(socket: SocketId) -> Vec<Step> {
    vec![Step::Approach(socket), Step::Position(socket), Step::Enter(socket, None), Step::Start(socket)]
}

/// A join with a replay.
pub(super) fn join_since(socket: SocketId, since: u64) -> Vec<Step> {
    let enter = Step::Enter(socket, Some(since));
    vec![Step::Approach(socket), Step::FirstPage(socket, since), Step::Position(socket), enter, Step::Start(socket)]
}

/// Commits of one entry each.
pub(super) fn write(changes: impl IntoIterator<Item = Change>) -> Vec<Step> {
    changes.into_iter().map(|change| Step::Write(vec![change])).collect()
}
