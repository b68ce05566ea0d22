//! A deviation of a server from its expected behaviour.

use std::fmt;

/// A deviation of a server from its expected behaviour.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deviation {
    /// The step.
    pub step: String,
    /// Its location in a flow: `flows/file.yaml:line:column`.
    pub place: Option<String>,
    /// The expected result.
    pub expected: String,
    /// A packet from the server.
    pub came: String,
}

impl Deviation {
    /// During `step`, `came` arrived instead of `expected`.
    pub fn new(step: impl Into<String>, expected: impl Into<String>, came: impl Into<String>) -> Self {
        Deviation { step: step.into(), place: None, expected: expected.into(), came: came.into() }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.step, self.expected, self.came)
    }
}
