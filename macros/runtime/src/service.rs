//! A protocol with its business logic, as the gateway serves it.

use crate::{
    older::Older,
    pipeline::{Endpoint, Hook},
    protocol::Protocol,
};

/// A protocol with its business logic. Generated code makes one from handlers.
pub struct Service {
    /// The schema's declarations.
    pub protocol: &'static Protocol,
    /// The handlers of connect and disconnect.
    pub lifecycle: Lifecycle,
    /// The client events and the REST operations.
    pub endpoints: Vec<Endpoint>,
    /// The older major versions that are also served, the oldest first.
    pub older: Vec<Older>,
}

/// The business logic of connect and disconnect.
pub struct Lifecycle {
    /// The handler after a successful handshake.
    pub connect: Hook,
    /// The handler after the end of a socket, if its connect was handled. The two never run at the same time for one
    /// socket.
    pub disconnect: Option<Hook>,
}
