//! Causes of faults that operators need not investigate. The pipeline has a special answer for each of them.

use crate::scope::Room;

/// A cause of a fault: the membership that was proven for a request has ended before its change was written. The request is
/// answered as if it had come later.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the membership of user {user:?} in {room} has ended")]
pub struct MembershipEnded {
    /// The user's id.
    pub user: String,
    /// The room.
    pub room: Room,
}

/// A cause of a fault: too many requests wait. Operators need not investigate it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("too many requests are waiting")]
pub struct Busy;
