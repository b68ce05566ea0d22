//! Failures, and their messages: errors of the schema go to the client, faults to the log.

use std::time::Duration;

use crate::validate::Violation;

/// A failure of the server's own: it is logged with its causes, and the client learns only what failed.
pub use anyhow::Error as Fault;

/// One entry of the schema's error table.
#[derive(Debug, Eq, PartialEq)]
pub struct ErrorSpec {
    /// Its name in the schema. Several names may share a code.
    pub name: &'static str,
    /// The code that clients tell errors apart by.
    pub code: &'static str,
    /// The message, to the letter.
    pub message: &'static str,
    /// The status of a REST answer.
    pub status: u16,
}

/// An error that the schema declares, as a type: a handler that may answer with it has an error type that is
/// `From` this one.
pub trait DeclaredError {
    /// Its declaration in the schema.
    const SPEC: &'static ErrorSpec;
}

/// The errors that one event or REST operation may answer with: a generated enum.
pub trait EventError: From<Fault> + Send {
    /// The declared error that this is.
    fn refusal(self) -> Refusal;
}

/// The reason why a handler did not carry out a request.
#[derive(Debug)]
pub enum Refusal {
    /// An error that the schema declares for this event.
    Declared(&'static ErrorSpec),
    /// An error that the schema declares for this operation, and what is wrong with the uploaded file.
    Explained(&'static ErrorSpec, Violation),
    /// The input breaks a rule that its type cannot say.
    Invalid(Violation),
    /// A limit other than those of the schema is exhausted; the answer is that of the schema's limits.
    Limited {
        /// When a retry may succeed.
        retry_after: Duration,
    },
    /// The server's own failure.
    Fault(Fault),
}
