//! Failures, and their messages: errors of the schema go to the client, faults to the log.

use std::time::Duration;

use crate::validate::Violation;

/// A failure of the server. The log gets its causes, and the client learns only what failed.
pub use anyhow::Error as Fault;

/// One entry of the schema's error table.
#[derive(Debug, Eq, PartialEq)]
pub struct ErrorSpec {
    /// Its name in the schema. Several names may share a code.
    pub name: &'static str,
    /// The code by which clients distinguish errors.
    pub code: &'static str,
    /// The exact message.
    pub message: &'static str,
    /// The status of a REST answer.
    pub status: u16,
}

/// An error that the schema declares, as a type. The error type of a handler that can return it implements `From` this
/// type.
pub trait DeclaredError {
    /// Its declaration in the schema.
    const SPEC: &'static ErrorSpec;
}

/// The errors that one event or REST operation can return: a generated enum.
pub trait EventError: From<Fault> + Send {
    /// The declared error that this is.
    fn refusal(self) -> Refusal;
}

/// The reason why a handler did not carry out a request.
#[derive(Debug)]
pub enum Refusal {
    /// An error that the schema declares for this event.
    Declared(&'static ErrorSpec),
    /// An error that the schema declares for this operation, with the mistake in the uploaded file.
    Explained(&'static ErrorSpec, Violation),
    /// The input breaks a rule that its type cannot express.
    Invalid(Violation),
    /// A limit outside of the schema is exhausted. The answer is the same as for the schema's limits.
    Limited {
        /// When a retry may succeed.
        retry_after: Duration,
    },
    /// A failure of the server.
    Fault(Fault),
}
