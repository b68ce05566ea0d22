//! Shows the traffic of a gateway to development tools.

use std::time::Duration;

use accord_runtime::{
    deprecated::Deprecated,
    rejection::Told,
    reply::{Emission, Outcome},
    scope::Identity,
};
use http::{Method, StatusCode, Uri};
use serde_json::Value;

/// An event or a request that has passed through a gateway. It contains payloads, which are never logged.
#[derive(Debug)]
pub enum Traffic<'a> {
    /// A handshake was refused.
    Refused {
        /// The `connect_error`'s message.
        message: &'a str,
    },
    /// A socket was let in.
    Connected {
        /// Its user.
        user: &'a Identity,
        /// The events of its greeting.
        emissions: &'a [Emission],
    },
    /// A socket is gone.
    Disconnected {
        /// Its user.
        user: &'a str,
    },
    /// A client uses a deprecated part, in the event or request that is answered next.
    Deprecated {
        /// The user; empty for an anonymous client.
        user: &'a str,
        /// The deprecated part.
        deprecated: &'static Deprecated,
    },
    /// A client's event was answered.
    Event {
        /// The user whose socket sent it.
        user: &'a str,
        /// The event, known to the schema or not.
        event: &'a str,
        /// Its payload; `None` if that is not JSON, or is an event that carries a token.
        payload: Option<&'a Value>,
        /// Whether an acknowledgement was asked for.
        acknowledged: bool,
        /// The result.
        outcome: Result<&'a Outcome, Told<'a>>,
        /// The duration, without the wait for the socket's earlier events.
        took: Duration,
    },
    /// A REST request was answered.
    Request {
        /// The caller; `None` for an anonymous one.
        user: Option<&'a str>,
        /// The request's method.
        method: &'a Method,
        /// The request's path and query.
        uri: &'a Uri,
        /// The operation that it was for.
        operation: &'a str,
        /// The answer's status.
        status: StatusCode,
        /// The error, if it was not carried out.
        error: Option<Told<'a>>,
        /// The duration.
        took: Duration,
    },
}

/// The observer of the traffic.
pub(crate) type Watcher = Box<dyn Fn(Traffic<'_>) + Send + Sync>;
