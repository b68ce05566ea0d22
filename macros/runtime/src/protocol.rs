//! A whole schema, as the gateway sees it.

use std::time::Duration;

use crate::{deprecated::Deprecated, error::ErrorSpec};

/// What a schema declares for all of its events. Generated code holds one as a static.
#[derive(Debug)]
pub struct Protocol {
    /// The protocol's name.
    pub name: &'static str,
    /// The protocol's version, by Semantic Versioning.
    pub version: &'static str,
    /// The limits, by index.
    pub limits: &'static [LimitSpec],
    /// The limit that events draw on that the schema does not have.
    pub unknown_limit: Option<usize>,
    /// The server event that carries a failure to a caller who asked for no acknowledgement.
    pub error_event: &'static str,
    /// What the gateway itself answers.
    pub answers: Answers,
    /// What is going away, of all that clients use.
    pub deprecated: &'static [Deprecated],
}

/// The errors that the gateway itself answers with.
#[derive(Debug)]
pub struct Answers {
    /// The client says that it speaks a version whose major is not served, or says no version; `None` where what clients
    /// say of it is not looked at.
    pub version_refused: Option<&'static ErrorSpec>,
    /// The handshake has no token.
    pub token_missing: &'static ErrorSpec,
    /// The handshake's token is refused.
    pub token_refused: &'static ErrorSpec,
    /// The token expired while its socket was connected.
    pub token_expired: &'static ErrorSpec,
    /// The schema does not have the event.
    pub unknown_event: &'static ErrorSpec,
    /// The payload breaks a rule of its type.
    pub invalid_payload: &'static ErrorSpec,
    /// A limit is exhausted.
    pub rate_limited: &'static ErrorSpec,
    /// A fault of the server's own; the event's `failure` is its message where there is one.
    pub internal: &'static ErrorSpec,
    /// A REST operation for administrators, called by somebody else.
    pub admin_only: &'static ErrorSpec,
}

/// A token bucket.
#[derive(Debug)]
pub struct LimitSpec {
    /// Its name in the schema.
    pub name: &'static str,
    /// Whose bucket it is.
    pub per: Per,
    /// How often one token is put back.
    pub replenish: Duration,
    /// How many tokens the bucket holds.
    pub burst: u32,
}

/// Whose bucket a limit is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Per {
    /// One for all sockets and requests of a user.
    User,
    /// One for each socket.
    Socket,
}
