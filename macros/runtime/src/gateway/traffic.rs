//! Watching what passes through a gateway, for tools that show it to developers.

use std::time::Duration;

use http::{Method, StatusCode, Uri};
use serde_json::Value;

use crate::{
    deprecated::Deprecated,
    rejection::Told,
    reply::{Emission, Outcome},
    scope::Identity,
};

/// What has passed through a gateway. It holds payloads, which no log does.
#[derive(Debug)]
pub enum Traffic<'a> {
    /// A handshake was refused.
    Refused {
        /// The `connect_error`'s message.
        message: &'a str,
    },
    /// A socket was let in.
    Connected {
        /// Whose it is.
        user: &'a Identity,
        /// What it was greeted with.
        emissions: &'a [Emission],
    },
    /// A socket is gone.
    Disconnected {
        /// Whose it was.
        user: &'a str,
    },
    /// A client uses something that is going away, by the event or request that is answered next.
    Deprecated {
        /// Who does; empty where nobody in particular does.
        user: &'a str,
        /// What.
        deprecated: &'static Deprecated,
    },
    /// A client's event was answered.
    Event {
        /// Whose socket sent it.
        user: &'a str,
        /// The event, known to the schema or not.
        event: &'a str,
        /// Its payload; `None` where that is no JSON.
        payload: Option<&'a Value>,
        /// Whether an acknowledgement was asked for.
        acknowledged: bool,
        /// What came of it.
        outcome: Result<&'a Outcome, Told<'a>>,
        /// How long that took, without the wait for the socket's earlier events.
        took: Duration,
    },
    /// A REST request was answered.
    Request {
        /// Who called; `None` where nobody in particular did.
        user: Option<&'a str>,
        /// The request's method.
        method: &'a Method,
        /// The request's path and query.
        uri: &'a Uri,
        /// The operation that it was for.
        operation: &'a str,
        /// The answer's status.
        status: StatusCode,
        /// Why it was not carried out.
        error: Option<Told<'a>>,
        /// How long that took.
        took: Duration,
    },
}

/// Who watches.
pub(crate) type Watcher = Box<dyn Fn(Traffic<'_>) + Send + Sync>;
