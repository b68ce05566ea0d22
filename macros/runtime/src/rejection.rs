//! The exit of every failure: the error for the client, and the entry for the server's log.

use std::{borrow::Cow, time::Duration};

use serde::{Serialize, Serializer};

use crate::{
    convert::Errors,
    error::{ErrorSpec, Fault, Refusal},
    event::NamedRooms,
    protocol::Protocol,
    validate::{Path, Violation, Violations},
};

/// A call that was not carried out.
#[derive(Debug)]
pub struct Rejection {
    spec: &'static ErrorSpec,
    message: Cow<'static, str>,
    details: Vec<Violation>,
    retry_after: Option<Duration>,
    rooms: NamedRooms,
    fault: Option<Fault>,
}

/// The error that a client gets for a call that was not carried out.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told<'r> {
    /// The message, exactly as in the schema.
    pub message: &'r str,
    /// The code by which clients distinguish errors.
    pub code: &'r str,
    /// The client event; REST answers name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<&'r str>,
    /// Every rule that the payload breaks.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub details: &'r [Violation],
    /// When a retry may succeed, in milliseconds from now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The rooms that the payload names: each by the failure's field, and its id.
    #[serde(flatten, serialize_with = "as_fields")]
    pub rooms: &'r [(&'static str, String)],
}

fn as_fields<S: Serializer>(rooms: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(rooms.iter().map(|(field, id)| (field, id)))
}

impl From<&'static ErrorSpec> for Rejection {
    fn from(spec: &'static ErrorSpec) -> Self {
        Rejection {
            spec,
            message: Cow::Borrowed(spec.message),
            details: Vec::new(),
            retry_after: None,
            rooms: NamedRooms::new(),
            fault: None,
        }
    }
}

impl Rejection {
    /// The payload breaks rules.
    pub fn invalid(protocol: &Protocol, violations: Violations) -> Self {
        Rejection { details: violations.into_vec(), ..protocol.answers.invalid_payload.into() }
    }

    /// The payload breaks one rule.
    pub fn invalid_at(protocol: &Protocol, at: Path<'_>, message: impl Into<Cow<'static, str>>) -> Self {
        Rejection { details: vec![Violation::new(at, message)], ..protocol.answers.invalid_payload.into() }
    }

    /// A limit is exhausted.
    pub fn limited(protocol: &Protocol, retry_after: Duration) -> Self {
        Rejection { retry_after: Some(retry_after), ..protocol.answers.rate_limited.into() }
    }

    /// The server failed. The client learns only `failure`.
    pub fn fault(protocol: &Protocol, failure: &'static str, fault: Fault) -> Self {
        Rejection { fault: Some(fault), ..Rejection::unavailable(protocol, failure) }
    }

    /// The server is too busy for this request. Operators need not investigate it.
    pub fn unavailable(protocol: &Protocol, failure: &'static str) -> Self {
        Rejection { message: Cow::Borrowed(failure), ..protocol.answers.internal.into() }
    }

    /// A refusal by a handler.
    pub fn refused(protocol: &Protocol, failure: &'static str, refusal: Refusal) -> Self {
        match refusal {
            Refusal::Declared(spec) => spec.into(),
            Refusal::Explained(spec, violation) => Rejection { details: vec![violation], ..spec.into() },
            Refusal::Invalid(violation) => {
                Rejection { details: vec![violation], ..protocol.answers.invalid_payload.into() }
            }
            Refusal::Limited { retry_after } => Rejection::limited(protocol, retry_after),
            Refusal::Fault(fault) => Rejection::fault(protocol, failure, fault),
        }
    }

    /// A declared error with an addition to its message.
    pub fn explained(spec: &'static ErrorSpec, message: String) -> Self {
        Rejection { message: Cow::Owned(message), ..spec.into() }
    }

    /// The same for clients of an older version: `errors` has its errors, by the endpoint first and then for all, and
    /// `failure` is what a fault is called there.
    pub fn for_older(self, protocol: &Protocol, errors: [&Errors; 2], failure: &'static str) -> Self {
        let name = self.spec.name;
        let spec = errors.iter().find_map(|errors| errors.get(name)).copied();
        let message = match spec {
            _ if name == protocol.answers.internal.name => Cow::Borrowed(failure),
            Some(spec) => Cow::Borrowed(spec.message),
            None => self.message,
        };
        Rejection { spec: spec.unwrap_or(self.spec), message, ..self }
    }

    /// The same, with the rooms that the payload names.
    pub fn in_rooms(self, rooms: NamedRooms) -> Self {
        Rejection { rooms, ..self }
    }

    /// The message, for people.
    pub fn into_message(self) -> Cow<'static, str> {
        self.message
    }

    /// The code that distinguishes it from other errors.
    pub fn code(&self) -> &'static str {
        self.spec.code
    }

    /// Its name in the schema.
    pub fn name(&self) -> &'static str {
        self.spec.name
    }

    /// The status of a REST answer.
    pub fn status(&self) -> http::StatusCode {
        http::StatusCode::from_u16(self.spec.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// When a retry may succeed.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The error that the client gets. REST answers name no event.
    pub fn told<'r>(&'r self, event: Option<&'r str>) -> Told<'r> {
        Told {
            message: &self.message,
            code: self.spec.code,
            event,
            details: &self.details,
            retry_after_ms: self.retry_after.map(whole_milliseconds),
            rooms: &self.rooms,
        }
    }

    /// Logs a fault with its causes, and a refusal that may be part of an attack. The entry contains no payloads and no
    /// tokens, and values from clients are escaped.
    pub fn log(&self, call: &str, user: &str) {
        match &self.fault {
            Some(fault) => {
                let causes = format!("{fault:#}");
                tracing::error!(call = ?call, user = ?user, error = ?causes, "{}", self.message);
            }
            None if self.status() == http::StatusCode::FORBIDDEN => {
                tracing::info!(call = ?call, user = ?user, code = self.spec.code, "denied");
            }
            None => tracing::debug!(call = ?call, user = ?user, code = self.spec.code, "refused"),
        }
    }
}

/// Whole milliseconds to wait, rounded up, at least one.
fn whole_milliseconds(wait: Duration) -> u64 {
    let milliseconds = wait.as_nanos().div_ceil(1_000_000).max(1);
    u64::try_from(milliseconds).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_times_are_rounded_up_to_whole_milliseconds() {
        let times = [(0, 1), (1, 1), (1_000_000, 1), (1_000_001, 2), (49_999_999, 50)];
        for (nanoseconds, milliseconds) in times {
            assert_eq!(whole_milliseconds(Duration::from_nanos(nanoseconds)), milliseconds);
        }
    }
}
