//! The one exit of every failure: what the client is told, and what the log is.

use std::{borrow::Cow, time::Duration};

use serde::Serialize;

use crate::{
    error::{ErrorSpec, Fault, Refusal},
    limit::whole_milliseconds,
    older::{Errors, Older},
    protocol::Protocol,
    validate::{Path, Violation, Violations},
};

/// A call that was not carried out.
#[derive(Debug)]
pub(crate) struct Rejection {
    spec: &'static ErrorSpec,
    message: Cow<'static, str>,
    details: Vec<Violation>,
    retry_after: Option<Duration>,
    fault: Option<Fault>,
}

/// What a client is told of a call that was not carried out.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told<'r> {
    /// What happened, to the letter of the schema.
    pub message: &'r str,
    /// What clients tell errors apart by.
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
}

impl From<&'static ErrorSpec> for Rejection {
    fn from(spec: &'static ErrorSpec) -> Self {
        Rejection { spec, message: Cow::Borrowed(spec.message), details: Vec::new(), retry_after: None, fault: None }
    }
}

impl Rejection {
    /// The payload breaks rules.
    pub(crate) fn invalid(protocol: &Protocol, violations: Violations) -> Self {
        Rejection { details: violations.into_vec(), ..protocol.answers.invalid_payload.into() }
    }

    /// The payload breaks one rule.
    pub(crate) fn invalid_at(protocol: &Protocol, at: Path<'_>, message: impl Into<Cow<'static, str>>) -> Self {
        Rejection { details: vec![Violation::new(at, message)], ..protocol.answers.invalid_payload.into() }
    }

    /// A limit is exhausted.
    pub(crate) fn limited(protocol: &Protocol, retry_after: Duration) -> Self {
        Rejection { retry_after: Some(retry_after), ..protocol.answers.rate_limited.into() }
    }

    /// The server failed; `failure` is what the client may know of it.
    pub(crate) fn fault(protocol: &Protocol, failure: &'static str, fault: Fault) -> Self {
        Rejection { fault: Some(fault), ..Rejection::unavailable(protocol, failure) }
    }

    /// The server does not take this on at the moment, which nobody needs to look into.
    pub(crate) fn unavailable(protocol: &Protocol, failure: &'static str) -> Self {
        Rejection { message: Cow::Borrowed(failure), ..protocol.answers.internal.into() }
    }

    /// What a handler has refused.
    pub(crate) fn refused(protocol: &Protocol, failure: &'static str, refusal: Refusal) -> Self {
        match refusal {
            Refusal::Declared(spec) => spec.into(),
            Refusal::Invalid(violation) => {
                Rejection { details: vec![violation], ..protocol.answers.invalid_payload.into() }
            }
            Refusal::Limited { retry_after } => Rejection::limited(protocol, retry_after),
            Refusal::Fault(fault) => Rejection::fault(protocol, failure, fault),
        }
    }

    /// A declared error, with more to its message.
    pub(crate) fn explained(spec: &'static ErrorSpec, message: String) -> Self {
        Rejection { message: Cow::Owned(message), ..spec.into() }
    }

    /// What clients of an older version are told of the same: `errors` has what its errors are, and `failure` is what a
    /// fault is called there.
    pub(crate) fn for_older(self, protocol: &Protocol, older: &Older, errors: &Errors, failure: &'static str) -> Self {
        let name = self.spec.name;
        let spec = errors.get(name).or_else(|| older.errors.get(name)).copied();
        let message = match spec {
            _ if name == protocol.answers.internal.name => Cow::Borrowed(failure),
            Some(spec) => Cow::Borrowed(spec.message),
            None => self.message,
        };
        Rejection { spec: spec.unwrap_or(self.spec), message, ..self }
    }

    /// What happened, to be read by people.
    pub(crate) fn into_message(self) -> Cow<'static, str> {
        self.message
    }

    /// The code that tells it from others.
    pub(crate) fn code(&self) -> &'static str {
        self.spec.code
    }

    /// Its name in the schema.
    pub(crate) fn name(&self) -> &'static str {
        self.spec.name
    }

    /// The status of a REST answer.
    pub(crate) fn status(&self) -> http::StatusCode {
        http::StatusCode::from_u16(self.spec.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// When a retry may succeed.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What the client is told. REST answers name no event.
    pub(crate) fn told<'r>(&'r self, event: Option<&'r str>) -> Told<'r> {
        Told {
            message: &self.message,
            code: self.spec.code,
            event,
            details: &self.details,
            retry_after_ms: self.retry_after.map(whole_milliseconds),
        }
    }

    /// Logs a fault with its causes, and a refusal where somebody may be trying doors. Neither payloads nor tokens are
    /// part of it, and what a client chose is escaped.
    pub(crate) fn log(&self, call: &str, user: &str) {
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

/// What a panic's payload says, as a fault.
pub(crate) fn panicked(panic: &(dyn std::any::Any + Send)) -> Fault {
    let message = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Fault::msg(format!("the handler panicked: {}", message.unwrap_or("of a payload that is no text")))
}
