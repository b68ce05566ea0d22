//! An older major version of the protocol that is also served: its payloads and answers are converted to and from
//! today's version. Generated code makes these; the rest of a call is the same as for today's clients.

use std::{collections::HashMap, fmt, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    convert::{Downgraded, Errors, Upgraded, valid},
    error::{ErrorSpec, Refusal},
    event::NamedRoom,
    operation::{OperationSpec, Upload},
    pipeline::{Endpoint, Handler, Proofs, Running},
    protocol::Protocol,
    reply::{Encoded, Outcome, encode},
    validate::{Path, Validate, Violations},
};

/// An older major version that is also served.
pub struct Older {
    /// Its schema's declarations for all events.
    pub protocol: &'static Protocol,
    /// The treatment of its client events, by name.
    pub requests: HashMap<&'static str, OlderRequest>,
    /// The server events that its clients know, by today's names; `None` for those that they do not have. Events that
    /// are not listed are the same.
    pub events: HashMap<&'static str, Option<OlderEvent>>,
    /// The operations of its clients, by name.
    pub operations: HashMap<&'static str, OlderOperation>,
    /// The message of an internal error after the handshake.
    pub failure: &'static str,
    /// The errors for its clients that no event declares.
    pub errors: Errors,
}

impl fmt::Debug for Older {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Older").field("version", &self.protocol.version).finish_non_exhaustive()
    }
}

/// An event that older clients send.
pub struct OlderRequest {
    /// Its treatment.
    pub becomes: Becomes,
    /// The message of an internal error.
    pub failure: &'static str,
    /// The rooms that its failures name.
    pub named: &'static [NamedRoom],
    /// The errors that it can be answered with.
    pub errors: Errors,
}

/// The treatment of an event from older clients.
pub enum Becomes {
    /// An event of today's.
    Event {
        /// Its name today.
        name: &'static str,
        /// The conversion of its payload, if it differs.
        payload: Option<Upgraded>,
        /// The conversion of its acknowledgement, if it differs.
        ack: Option<Downgraded>,
    },
    /// None: today's version has no such event, and business logic makes the answer.
    Answer(Answered),
}

/// A server event as older clients know it.
pub struct OlderEvent {
    /// Its name there.
    pub name: &'static str,
    /// The conversion of its payload, if it differs.
    pub data: Option<Downgraded>,
}

/// A REST operation, as older clients call it.
pub struct OlderOperation {
    /// Its declaration in the older schema.
    pub spec: &'static OperationSpec,
    /// The conversion of its input, if it differs.
    pub input: Option<Upgraded>,
    /// The conversion of its answer, if it differs.
    pub answer: Option<Downgraded>,
    /// The errors that it can be answered with.
    pub errors: Errors,
}

/// The endpoint of an event that today's version does not have.
pub struct Answered(Endpoint);

/// The answer to such an event.
struct Gone {
    validate: fn(&Value, Path<'_>, &mut Violations),
    answer: Box<dyn Fn(Value) -> Result<Encoded, Refusal> + Send + Sync>,
}

impl Answered {
    /// The endpoint that answers.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0
    }

    /// An endpoint whose answer business logic makes.
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
        Answered(Endpoint::gone(Box::new(Gone { validate: Old::validate, answer: Box::new(answer) })))
    }

    /// Lets business logic answer a valid payload.
    pub fn answer(&self, payload: Value) -> Running {
        self.0.handler.call(None, payload, None)
    }
}

impl Handler for Gone {
    fn validate(&self, payload: &Value, violations: &mut Violations) {
        (self.validate)(payload, Path::Root, violations);
    }

    fn call(&self, _: Option<Proofs>, payload: Value, _: Option<Upload>) -> Running {
        Box::pin(std::future::ready((self.answer)(payload).map(Outcome::json)))
    }
}
