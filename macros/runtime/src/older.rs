//! An older major version of the protocol that is served besides: what its clients send and get, converted to and from
//! today's version. Generated code makes these; everything else of a call is as it is for today's clients.

use std::{collections::HashMap, fmt, panic::AssertUnwindSafe, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use crate::{
    error::{ErrorSpec, Fault, Refusal},
    event::decode,
    operation::OperationSpec,
    protocol::Protocol,
    rejection::panicked,
    reply::{Encoded, encode},
    validate::{Path, Validate, Violations},
};

/// An older major version that is served besides.
pub struct Older {
    /// What its schema declares for all events.
    pub protocol: &'static Protocol,
    /// What becomes of the events that its clients send, by their names.
    pub requests: HashMap<&'static str, OlderRequest>,
    /// What the server's events are to its clients, by today's names: `None` where they have none of the kind. What is
    /// not here is the same.
    pub events: HashMap<&'static str, Option<OlderEvent>>,
    /// What its clients call, by names.
    pub operations: HashMap<&'static str, OlderOperation>,
    /// What a fault that follows the handshake is called.
    pub failure: &'static str,
    /// What the errors are to its clients that no event declares.
    pub errors: Errors,
}

impl fmt::Debug for Older {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Older").field("version", &self.protocol.version).finish_non_exhaustive()
    }
}

/// What today's errors are to older clients, by today's names. What is not here is the same.
pub type Errors = HashMap<&'static str, &'static ErrorSpec>;

/// An event that older clients send.
pub struct OlderRequest {
    /// What becomes of it.
    pub becomes: Becomes,
    /// What a fault of the server's own is called.
    pub failure: &'static str,
    /// What the errors are that it is answered with.
    pub errors: Errors,
}

/// What becomes of an event that older clients send.
pub enum Becomes {
    /// An event of today's.
    Event {
        /// Its name today.
        name: &'static str,
        /// How its payload is converted, where it is not the same.
        payload: Option<Upgraded>,
        /// How its acknowledgement is converted, where it is not the same.
        ack: Option<Downgraded>,
    },
    /// Nothing: today's version has no such event, and business logic says what it is answered with.
    Answer(Answered),
}

/// What an event of the server's is to older clients.
pub struct OlderEvent {
    /// Its name there.
    pub name: &'static str,
    /// How its payload is converted, where it is not the same.
    pub data: Option<Downgraded>,
}

/// A REST operation, as older clients call it.
pub struct OlderOperation {
    /// What its schema declares of it.
    pub spec: &'static OperationSpec,
    /// How its input is converted, where it is not the same.
    pub input: Option<Upgraded>,
    /// How its answer is converted, where it is not the same.
    pub answer: Option<Downgraded>,
    /// What the errors are that it is answered with.
    pub errors: Errors,
}

/// What older clients send, as today's version has it.
pub struct Upgraded {
    validate: fn(&Value, Path<'_>, &mut Violations),
    convert: Box<dyn Fn(Value) -> Result<Value, Fault> + Send + Sync>,
}

impl Upgraded {
    /// A conversion, with what business logic has decided.
    pub fn new<D, Old, New>(decisions: &Arc<D>, convert: fn(&D, &Old) -> New) -> Self
    where
        D: Send + Sync + 'static,
        Old: Validate + DeserializeOwned + 'static,
        New: Serialize + 'static,
    {
        let decisions = Arc::clone(decisions);
        let convert = move |payload| {
            let old = valid::<Old>(payload)?;
            Ok(serde_json::to_value(convert(&decisions, &old))?)
        };
        Upgraded { validate: Old::validate, convert: Box::new(convert) }
    }

    /// Checks a payload against the older version's type.
    pub fn validate(&self, payload: &Value, violations: &mut Violations) {
        (self.validate)(payload, Path::Root, violations);
    }

    /// What a valid payload is today.
    ///
    /// # Errors
    /// If it is not converted, which is a fault of the server's own.
    pub fn convert(&self, payload: Value) -> Result<Value, Fault> {
        (self.convert)(payload).map_err(|fault| fault.context("what an older client sent was not converted"))
    }
}

/// What the server sends, as an older version has it.
pub struct Downgraded(Box<Downgrade>);

type Downgrade = dyn Fn(&RawValue) -> Result<Encoded, Fault> + Send + Sync;

impl Downgraded {
    /// A conversion, with what business logic has decided.
    pub fn new<D, New, Old>(decisions: &Arc<D>, convert: fn(&D, &New) -> Old) -> Self
    where
        D: Send + Sync + 'static,
        New: DeserializeOwned + 'static,
        Old: Serialize + 'static,
    {
        let decisions = Arc::clone(decisions);
        Downgraded(Box::new(move |data| {
            let new: New = serde_json::from_str(data.get())?;
            Ok(encode(&convert(&decisions, &new))?)
        }))
    }

    /// What a value is in the older version. A decision that panics is a fault like any other: others wait for what follows.
    ///
    /// # Errors
    /// If it is not converted, which is a fault of the server's own.
    pub fn convert(&self, data: &RawValue) -> Result<Encoded, Fault> {
        let converted = std::panic::catch_unwind(AssertUnwindSafe(|| (self.0)(data)));
        let converted = converted.unwrap_or_else(|panic| Err(panicked(&*panic)));
        converted.map_err(|fault| fault.context("what an older client gets was not converted"))
    }
}

/// What an event is answered with that today's version does not have.
pub struct Answered {
    validate: fn(&Value, Path<'_>, &mut Violations),
    answer: Box<dyn Fn(Value) -> Result<Encoded, Refusal> + Send + Sync>,
}

impl Answered {
    /// What business logic answers.
    pub fn new<D, Old, Answer>(decisions: &Arc<D>, answer: fn(&D, &Old) -> Result<Answer, &'static ErrorSpec>) -> Self
    where
        D: Send + Sync + 'static,
        Old: Validate + DeserializeOwned + 'static,
        Answer: Serialize + 'static,
    {
        let decisions = Arc::clone(decisions);
        let answer = move |payload| {
            let old = valid::<Old>(payload).map_err(Refusal::Fault)?;
            let answer = answer(&decisions, &old).map_err(Refusal::Declared)?;
            encode(&answer).map_err(|error| Refusal::Fault(error.into()))
        };
        Answered { validate: Old::validate, answer: Box::new(answer) }
    }

    /// Checks a payload against the older version's type.
    pub fn validate(&self, payload: &Value, violations: &mut Violations) {
        (self.validate)(payload, Path::Root, violations);
    }

    /// What a valid payload is answered with.
    ///
    /// # Errors
    /// What business logic refuses it with.
    pub fn answer(&self, payload: Value) -> Result<Encoded, Refusal> {
        (self.answer)(payload)
    }
}

fn valid<T: DeserializeOwned>(payload: Value) -> Result<T, Fault> {
    decode(payload).map_err(|refusal| match refusal {
        Refusal::Fault(fault) => fault,
        other => Fault::msg(format!("a valid payload was refused: {other:?}")),
    })
}
