//! A socket with a name.

use crate::client::{Socket, Transport};

/// A socket of a user.
#[derive(Debug)]
pub struct Actor {
    /// `user`, or `user/device`.
    pub name: String,
    /// What tells this connection from the actor's earlier ones.
    pub connection: u64,
    /// The connection.
    pub socket: Socket,
    /// When its token expires, in seconds since 1970.
    pub expiry: Option<i64>,
}

impl Actor {
    /// What carries its packets.
    pub fn transport(&self) -> Transport {
        self.socket.transport()
    }
}
