//! A whole schema, as the gateway sees it.

use std::time::Duration;

use serde_json::Value;

use crate::{
    deprecated::{Deprecated, Leaving},
    error::ErrorSpec,
};

/// A schema's declarations for all of its events. Generated code has one as a static.
#[derive(Debug)]
pub struct Protocol {
    /// The protocol's name.
    pub name: &'static str,
    /// The protocol's version, by Semantic Versioning.
    pub version: &'static str,
    /// The limits, by index.
    pub limits: &'static [LimitSpec],
    /// The limit for unknown events.
    pub unknown_limit: Option<usize>,
    /// The server event that carries a failure to a caller who asked for no acknowledgement.
    pub error_event: &'static str,
    /// The answers of the gateway itself.
    pub answers: Answers,
    /// The events that the server sends, in the order of the schema.
    pub events: &'static [ServerEventSpec],
    /// The deprecated parts of the protocol.
    pub deprecated: &'static [Deprecated],
}

/// The schema's declaration of an event that the server sends.
#[derive(Debug)]
pub struct ServerEventSpec {
    /// Its name on the wire.
    pub name: &'static str,
    /// Whether it is an entry of its room's log.
    pub durable: bool,
    /// The users whose sockets leave the room before the event, and do not get it.
    pub evicts: Option<Evicts>,
    /// The version of the protocol that introduced it; `None` for one that was there from the start.
    pub since: Option<&'static str>,
}

/// The users whose sockets leave a room before an event, and do not get it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Evicts {
    /// The one whose id is in this field of the payload.
    User(&'static str),
    /// All who are no longer members.
    FormerMembers,
}

/// The errors that the gateway itself answers with.
#[derive(Debug)]
pub struct Answers {
    /// The client states a major version that is not served, or no valid version; `None` if the server does not check
    /// versions.
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
    /// A fault of the server. Its message is the event's `failure`, if there is one.
    pub internal: &'static ErrorSpec,
    /// A REST operation for administrators, called by another user.
    pub admin_only: &'static ErrorSpec,
    /// The log of a room no longer has every entry after the position of a join; `None` if no room has a log.
    pub position_lost: Option<&'static ErrorSpec>,
    /// An idempotent event is repeated with other content; `None` where no event is idempotent.
    pub idempotency_conflict: Option<&'static ErrorSpec>,
}

/// A token bucket.
#[derive(Debug)]
pub struct LimitSpec {
    /// Its name in the schema.
    pub name: &'static str,
    /// The owner of the bucket.
    pub per: Per,
    /// The interval at which one token is added.
    pub replenish: Duration,
    /// The capacity of the bucket, in tokens.
    pub burst: u32,
}

/// The owner of a limit's bucket.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Per {
    /// One for all sockets and requests of a user.
    User,
    /// One for each socket.
    Socket,
}

impl Protocol {
    /// The declaration of an event that the server sends.
    pub fn event(&self, name: &str) -> Option<&'static ServerEventSpec> {
        self.events.iter().find(|event| event.name == name)
    }

    /// The deprecated parts that a client uses by an event with this payload.
    pub fn deprecated_in_event(&self, event: &str, payload: &Value) -> impl Iterator<Item = &'static Deprecated> {
        self.used([Leaving::Event, Leaving::EventField], event, payload)
    }

    /// The deprecated parts that a client uses by a request with this input.
    pub fn deprecated_in_operation(&self, operation: &str, input: &Value) -> impl Iterator<Item = &'static Deprecated> {
        self.used([Leaving::Operation, Leaving::OperationField], operation, input)
    }

    fn used(
        &self,
        [call, field]: [Leaving; 2],
        name: &str,
        input: &Value,
    ) -> impl Iterator<Item = &'static Deprecated> {
        self.deprecated.iter().filter(move |deprecated| {
            let path = deprecated.name.strip_prefix(name).and_then(|rest| rest.strip_prefix('/'));
            (deprecated.what == call && deprecated.name == name)
                || (deprecated.what == field && path.is_some_and(|path| is_there(input, path)))
        })
    }
}

/// Whether there is something other than `null` at a path.
fn is_there(value: &Value, path: &str) -> bool {
    if path.is_empty() {
        return !value.is_null();
    }
    let (key, rest) = path.split_once('/').unwrap_or((path, ""));
    match value {
        Value::Array(items) => items.iter().any(|item| is_there(item, path)),
        Value::Object(members) if key == "*" => members.values().any(|member| is_there(member, rest)),
        Value::Object(members) => members.get(key).is_some_and(|member| is_there(member, rest)),
        _ => false,
    }
}
