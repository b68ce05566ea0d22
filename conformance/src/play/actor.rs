//! A socket with a name.

use std::sync::{Mutex, PoisonError};

use crate::client::{Socket, Transport};

/// A socket of a user.
#[derive(Debug)]
pub struct Actor {
    /// `user`, or `user/device`.
    pub name: String,
    /// A number that distinguishes this connection from the actor's earlier ones.
    pub connection: u64,
    /// The connection.
    pub socket: Socket,
    /// The expiry of its newest token, in seconds since 1970.
    pub(super) expiry: Mutex<Option<i64>>,
}

impl Actor {
    /// The expiry of its newest token, in seconds since 1970.
    pub fn expiry(&self) -> Option<i64> {
        *self.expiry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a new token.
    pub(super) fn renewed(&self, expiry: Option<i64>) {
        *self.expiry.lock().unwrap_or_else(PoisonError::into_inner) = expiry;
    }

    /// The transport of its packets.
    pub fn transport(&self) -> Transport {
        self.socket.transport()
    }
}
