//! A handshake that has arrived. The library carries it from the request to the socket.

use std::{
    net::IpAddr,
    sync::{Arc, atomic::AtomicU64},
};

use super::connection::Session;

/// The properties of a handshake before its token is checked.
#[derive(Clone)]
pub(super) struct Arrival {
    /// The address that it comes from, as reported by trusted proxies.
    pub(super) address: IpAddr,
    /// The token of its query.
    pub(super) token: Option<Arc<str>>,
    /// The session that it opens.
    pub(super) session: Arc<Session>,
    /// The number of the socket that joined last: a connection may leave the namespace and join it again.
    pub(super) joined: Arc<AtomicU64>,
}
