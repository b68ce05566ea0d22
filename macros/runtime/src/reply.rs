//! What a handler has done: the acknowledgement, and the events that follow from it.

use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

/// What an event's handler returns: a generated struct that holds the acknowledgement and one value for each event of
/// `emits`, so that leaving one out does not compile.
pub trait Reply: Send {
    /// Encodes every value, each once.
    ///
    /// # Errors
    /// If a value does not serialize, which generated types do not bring about.
    fn outcome(&self) -> Result<Outcome, serde_json::Error>;
}

/// A [`Reply`], encoded.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The acknowledgement's `data`; `None` where the event declares none.
    pub ack: Option<Encoded>,
    /// What is to be emitted, in the order of the schema.
    pub emissions: Vec<Emission>,
}

/// One event to emit.
#[derive(Clone, Debug)]
pub struct Emission {
    /// The server event's name.
    pub event: &'static str,
    /// Who gets it.
    pub to: Target,
    /// Its payload.
    pub data: Encoded,
}

/// A payload as JSON text: encoded once, however many sockets get it.
pub type Encoded = Arc<RawValue>;

/// Encodes a payload.
///
/// # Errors
/// If it does not serialize.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Encoded, serde_json::Error> {
    serde_json::value::to_raw_value(value).map(Arc::from)
}

/// Who gets an emitted event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Target {
    /// The socket that sent the client event.
    Caller,
    /// Every socket in the room of the event's scope, the caller's included.
    Scope,
    /// Every socket in the room of the event's scope but the caller's.
    Others,
    /// Every socket of the caller's user.
    User,
    /// Every socket in the room at this index of [`EventSpec::scopes`](crate::EventSpec::scopes).
    Room(usize),
}
