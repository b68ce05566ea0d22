//! One client event: what the schema declares of it, and the handler that it is bound to.

use std::{future::Future, marker::PhantomData, pin::Pin};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    error::{EventError, Fault, Refusal},
    reply::{Outcome, Reply},
    scope::{Also, Call, CallScope, Proofs, ScopeSpec},
    validate::{Path, Validate, Violations},
};

/// What the schema declares of one client event.
#[derive(Debug)]
pub struct EventSpec {
    /// Its name on the wire.
    pub name: &'static str,
    /// The limit that it draws on: an index into [`Protocol::limits`](crate::Protocol::limits). `None` is the schema's
    /// explicit `unlimited`.
    pub limit: Option<usize>,
    /// The rooms that are held while its handler runs, and whose memberships are proven before: that of its scope first
    /// (if it has one), then `also`.
    pub scopes: &'static [ScopeUse],
    /// What a fault of the server's own is called.
    pub failure: &'static str,
}

/// A payload's field that names a room.
#[derive(Debug)]
pub struct ScopeUse {
    /// The scope of the room.
    pub scope: &'static ScopeSpec,
    /// The field that holds the room's id.
    pub key: &'static str,
}

/// What the gateway does itself for an event declared with `room`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RoomAction {
    /// The socket joins the room of the event's scope. Membership is asked for.
    Join,
    /// The socket leaves the room of the event's scope. Membership is not asked for: who has been removed may leave.
    Leave,
}

/// One client event, bound to what carries it out. Generated code makes these.
pub struct Entry {
    /// What the schema declares of the event.
    pub spec: &'static EventSpec,
    /// Whether the gateway itself joins or leaves the room; its answer is the payload's scope key.
    pub room: Option<RoomAction>,
    /// The event's handler.
    pub handler: Box<dyn Handler>,
}

impl Entry {
    /// An event that business logic handles.
    pub fn event<S, A, P, R, E, F, Fut>(spec: &'static EventSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        R: Reply + 'static,
        E: EventError + 'static,
        F: Fn(Call<S, A>, P) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
        Call<S, A>: Send,
    {
        Entry { spec, room: None, handler: Box::new(Typed { handler, types: PhantomData }) }
    }

    /// An event that joins or leaves a room, and is answered by `reply` with what it says of the payload.
    pub fn room<P, R>(spec: &'static EventSpec, room: RoomAction, reply: fn(P) -> R) -> Self
    where
        P: Validate + DeserializeOwned + Send + 'static,
        R: Reply + 'static,
    {
        Entry { spec, room: Some(room), handler: Box::new(InRoom { reply }) }
    }
}

/// An event's handler, its types erased.
pub trait Handler: Send + Sync {
    /// Checks a payload against the event's declared type.
    fn validate(&self, payload: &Value, violations: &mut Violations);

    /// Carries out a valid, authorized call.
    fn call(&self, proofs: Proofs, payload: Value) -> Pin<Box<dyn Future<Output = Result<Outcome, Refusal>> + Send>>;
}

struct Typed<F, T> {
    handler: F,
    types: PhantomData<fn() -> T>,
}

impl<S, A, P, R, E, F, Fut> Handler for Typed<F, (S, A, P, R, E)>
where
    S: CallScope + 'static,
    A: Also + 'static,
    P: Validate + DeserializeOwned + Send + 'static,
    R: Reply + 'static,
    E: EventError + 'static,
    F: Fn(Call<S, A>, P) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
    Call<S, A>: Send,
{
    fn validate(&self, payload: &Value, violations: &mut Violations) {
        P::validate(payload, Path::Root, violations);
    }

    fn call(
        &self,
        mut proofs: Proofs,
        payload: Value,
    ) -> Pin<Box<dyn Future<Output = Result<Outcome, Refusal>> + Send>> {
        let running = decode(payload).map(|payload| (self.handler)(Call::new(&mut proofs), payload));
        Box::pin(async move {
            let reply = running?.await.map_err(EventError::refusal)?;
            reply.outcome().map_err(|error| Refusal::Fault(error.into()))
        })
    }
}

struct InRoom<P, R> {
    reply: fn(P) -> R,
}

impl<P, R> Handler for InRoom<P, R>
where
    P: Validate + DeserializeOwned + Send + 'static,
    R: Reply + 'static,
{
    fn validate(&self, payload: &Value, violations: &mut Violations) {
        P::validate(payload, Path::Root, violations);
    }

    fn call(&self, _: Proofs, payload: Value) -> Pin<Box<dyn Future<Output = Result<Outcome, Refusal>> + Send>> {
        let outcome = decode(payload)
            .and_then(|payload| (self.reply)(payload).outcome().map_err(|error| Refusal::Fault(error.into())));
        Box::pin(std::future::ready(outcome))
    }
}

/// A payload that has been validated, as its type.
pub(crate) fn decode<P: DeserializeOwned>(mut payload: Value) -> Result<P, Refusal> {
    integral_floats_to_integers(&mut payload);
    serde_json::from_value(payload)
        .map_err(|error| Refusal::Fault(Fault::new(error).context("a valid payload does not decode")))
}

/// JSON Schema has `1.0` be an integer, serde does not.
fn integral_floats_to_integers(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            #[expect(clippy::cast_possible_truncation, reason = "only integral floats within i64 are converted")]
            if let Some(float) = number.as_f64()
                && float.fract() == 0.0
                && float.abs() < 9.0e15
            {
                *number = (float as i64).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(integral_floats_to_integers),
        Value::Object(members) => members.values_mut().for_each(integral_floats_to_integers),
        _ => {}
    }
}

/// The payload of an event that declares none: whatever a client sends is ignored.
#[derive(Clone, Copy, Debug)]
pub struct NoPayload;

impl Validate for NoPayload {
    fn validate(_: &Value, _: Path<'_>, _: &mut Violations) {}
}

impl<'de> serde::Deserialize<'de> for NoPayload {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| NoPayload)
    }
}
