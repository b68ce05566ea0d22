//! The deprecated parts of a schema.
//!
//! [`Protocol::deprecated`](crate::Protocol::deprecated) lists them, so counting costs nothing if a schema deprecates
//! nothing.

/// Something that the schema deprecates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Deprecated {
    /// The part.
    pub what: Leaving,
    /// Its name: `send_message`. A field's is the path to it from its event or operation, through the items of lists:
    /// `send_message/attachments/url`; `*` stands for any key.
    pub name: &'static str,
    /// Since when, until when, and what to use instead.
    pub about: &'static str,
}

/// A deprecated part.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Leaving {
    /// An event that clients send.
    Event,
    /// A field of what clients send by an event.
    EventField,
    /// A REST operation.
    Operation,
    /// A field of an operation's path, query or body.
    OperationField,
    /// An error that clients are answered with.
    Error,
}

impl Leaving {
    /// Its name in metrics.
    pub fn kind(self) -> &'static str {
        match self {
            Leaving::Event => "event",
            Leaving::Operation => "operation",
            Leaving::EventField | Leaving::OperationField => "field",
            Leaving::Error => "error",
        }
    }
}
