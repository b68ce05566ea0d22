//! The outcome of a call: the answer, and the events that follow from it.

use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::operation::Download;

/// The result of an event's handler: a generated struct with the acknowledgement and one value for each event of
/// `emits`, so that leaving one out does not compile.
pub trait Reply: Send + Sync + 'static {
    /// The fields of the payload or input that name the users whom [`Target::UserOf`] means.
    const USERS: &'static [&'static str] = &[];

    /// Encodes every value, each once. `users` are the ids that are in the fields of [`USERS`](Self::USERS).
    ///
    /// # Errors
    /// If a value does not serialize, which generated types do not bring about.
    fn outcome(&self, users: &[Arc<str>]) -> Result<Outcome, serde_json::Error>;
}

/// The outcome of a call, encoded.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The answer to the caller: an acknowledgement's `data`, or what is put in a REST answer's envelope. `None` where
    /// none is declared.
    pub answer: Option<Encoded>,
    /// The object whose members go beside the data of a REST answer, if there are any.
    pub beside: Option<Encoded>,
    /// The events to emit, in the order of the schema.
    pub emissions: Vec<Emission>,
    /// The answer to a REST request that is not JSON.
    pub download: Option<Download>,
    /// The number that the answer has, where the durable events are in the log already.
    pub logged: Option<u64>,
}

impl Outcome {
    /// An answer in JSON, without events.
    pub fn json(answer: Encoded) -> Self {
        Outcome { answer: Some(answer), ..Outcome::default() }
    }

    /// An answer in bytes, without events.
    pub fn download(download: Download) -> Self {
        Outcome { download: Some(download), ..Outcome::default() }
    }
}

/// The answer of an operation that may have fields beside its data.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Beside<T, B> {
    /// The data, which goes into the envelope.
    pub data: T,
    /// The fields beside it, if it has them.
    pub beside: Option<B>,
}

/// One event to emit. An event with several kinds of receivers has one emission for each, which share the payload.
#[derive(Clone, Debug)]
pub struct Emission {
    /// The server event's name.
    pub event: &'static str,
    /// The receivers.
    pub to: Target,
    /// Its payload.
    pub data: Encoded,
    /// Whether it is an entry of the room's log.
    pub durable: bool,
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

/// The receivers of an emitted event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    /// The socket that sent the client event.
    Caller,
    /// Every socket in the room of the event's scope, the caller's included.
    Scope,
    /// Every socket in the room of the event's scope but the caller's.
    Others,
    /// Every socket of the caller's user.
    User,
    /// Every socket of the user with this id.
    UserOf(Arc<str>),
    /// Every socket in the room at this index of [`EventSpec::scopes`](crate::EventSpec::scopes), or of
    /// [`OperationSpec::scopes`](crate::OperationSpec::scopes) and then `rooms`.
    Room(usize),
}
