//! An event or an operation, bound to what carries it out: both are endpoints of the pipeline.

use std::{
    future::{Future, ready},
    marker::PhantomData,
    pin::Pin,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Also, Call, CallScope, Pipeline, Proofs, Unscoped};
use crate::{
    decode::decode,
    error::{EventError, Refusal},
    event::{EventSpec, RoomAction},
    operation::{Download, OperationSpec, Upload},
    rejection::Rejection,
    reply::{Outcome, Reply, encode},
    validate::{Path, Validate, Violations},
};

/// An event or an operation, bound to its handler. Generated code makes these.
pub struct Endpoint {
    declared: Declared,
    effect: Option<Effect>,
    pub(crate) handler: Box<dyn Handler>,
}

/// The declaration of an endpoint.
#[derive(Clone, Copy, Debug)]
pub enum Declared {
    /// A client event.
    Event(&'static EventSpec),
    /// A REST operation.
    Operation(&'static OperationSpec),
    /// A client event that an older version has, and today's does not.
    Gone,
}

/// An effect that the schema declares of an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// The socket joins or leaves the room of the event's scope.
    Room(RoomAction),
    /// The session is renewed with the token in this field of the payload. The handler gets an object with `userId` and
    /// `expiresAt` in place of the payload.
    Renew(&'static str),
}

/// A handler, its types erased.
pub trait Handler: Send + Sync {
    /// Checks an input against its declared type.
    fn validate(&self, input: &Value, violations: &mut Violations);

    /// Carries out a call that is valid and authorized. `proofs` is `None` for a public operation, and `upload` for all but
    /// multipart operations.
    fn call(&self, proofs: Option<Proofs>, input: Value, upload: Option<Upload>) -> Running;
}

/// A handler at work.
pub type Running = Pin<Box<dyn Future<Output = Result<Outcome, Refusal>> + Send>>;

/// The arguments of a handler.
pub struct Arguments<S: CallScope, A: Also, P> {
    /// The authorized caller; `None` for a public operation.
    pub call: Option<Call<S, A>>,
    /// An event's payload, or an operation's path, query and body put together.
    pub input: P,
    /// The file, for a multipart operation.
    pub upload: Option<Upload>,
}

impl<S: CallScope, A: Also, P> Arguments<S, A, P> {
    /// The authorized call.
    ///
    /// # Panics
    /// For a public operation, which generated code does not bring about.
    pub fn call(&mut self) -> Call<S, A> {
        self.call.take().expect("an endpoint that is not public is called by somebody")
    }

    /// The file.
    ///
    /// # Panics
    /// If the operation is not multipart, which generated code does not bring about.
    pub fn upload(&mut self) -> Upload {
        self.upload.take().expect("a multipart operation carries a file")
    }
}

impl Endpoint {
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
    {
        let run = move |mut arguments: Arguments<S, A, P>| {
            let running = handler(arguments.call(), arguments.input);
            async move { replied(running.await.map_err(E::refusal)?) }
        };
        Endpoint::of_event(spec, None, erased::<P, _, _, _, _, _>(run))
    }

    /// An event that joins or leaves a room, and is answered by `reply` with what it says of the payload.
    pub fn room<P, R>(spec: &'static EventSpec, room: RoomAction, reply: fn(P) -> R) -> Self
    where
        P: Validate + DeserializeOwned + Send + 'static,
        R: Reply + 'static,
    {
        let run = move |arguments: Arguments<Unscoped, (), P>| ready(replied(reply(arguments.input)));
        Endpoint::of_event(spec, Some(Effect::Room(room)), erased::<P, _, _, _, _, _>(run))
    }

    /// An event that renews the session with the token in the payload's field `token`, and is answered by `reply` with an
    /// object that has `userId` and `expiresAt`.
    pub fn renewal<P, T, R>(spec: &'static EventSpec, token: &'static str, reply: fn(T) -> R) -> Self
    where
        P: Validate + Send + 'static,
        T: DeserializeOwned + Send + 'static,
        R: Reply + 'static,
    {
        let run = move |arguments: Arguments<Unscoped, (), T>| ready(replied(reply(arguments.input)));
        Endpoint::of_event(spec, Some(Effect::Renew(token)), erased::<P, _, _, _, _, _>(run))
    }

    /// An operation that answers with JSON.
    pub fn json<S, A, P, R, E, F, Fut>(spec: &'static OperationSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        R: Serialize + Send + 'static,
        E: EventError + 'static,
        F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let answer = |reply: R| encode(&reply).map(Outcome::json).map_err(|error| Refusal::Fault(error.into()));
        Endpoint::answering(spec, handler, answer)
    }

    /// An operation that answers with bytes of its own.
    pub fn raw<S, A, P, E, F, Fut>(spec: &'static OperationSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        E: EventError + 'static,
        F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Download, E>> + Send + 'static,
    {
        Endpoint::answering(spec, handler, |download| Ok(Outcome::download(download)))
    }

    /// An operation that answers with nothing but its status.
    pub fn empty<S, A, P, E, F, Fut>(spec: &'static OperationSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        E: EventError + 'static,
        F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
    {
        Endpoint::answering(spec, handler, |()| Ok(Outcome::download(Download::nothing())))
    }

    /// An operation whose handler's reply becomes an answer by `answer`.
    fn answering<S, A, P, R, E, F, Fut>(
        spec: &'static OperationSpec,
        handler: F,
        answer: fn(R) -> Result<Outcome, Refusal>,
    ) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        R: Send + 'static,
        E: EventError + 'static,
        F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let run = move |arguments: Arguments<S, A, P>| {
            let running = handler(arguments);
            async move { answer(running.await.map_err(E::refusal)?) }
        };
        Endpoint::of_operation(spec, erased::<P, _, _, _, _, _>(run))
    }

    /// An event, with any handler.
    pub fn of_event(spec: &'static EventSpec, effect: Option<Effect>, handler: Box<dyn Handler>) -> Self {
        Endpoint { declared: Declared::Event(spec), effect, handler }
    }

    /// An operation, with any handler.
    pub fn of_operation(spec: &'static OperationSpec, handler: Box<dyn Handler>) -> Self {
        Endpoint { declared: Declared::Operation(spec), effect: None, handler }
    }

    /// An event that an older version has, and today's does not.
    pub(crate) fn gone(handler: Box<dyn Handler>) -> Self {
        Endpoint { declared: Declared::Gone, effect: None, handler }
    }

    /// Its declaration.
    pub fn declared(&self) -> Declared {
        self.declared
    }

    /// Its effect on the caller's session, if it is an event that has one.
    pub fn effect(&self) -> Option<Effect> {
        self.effect
    }

    /// Checks an input against its declared type.
    pub fn validate(&self, input: &Value, violations: &mut Violations) {
        self.handler.validate(input, violations);
    }

    /// Whether it is an event that today's version does not have.
    pub fn is_gone(&self) -> bool {
        matches!(self.declared, Declared::Gone)
    }

    /// Whether it renews the session.
    pub fn renews(&self) -> bool {
        matches!(self.effect, Some(Effect::Renew(_)))
    }
}

impl Pipeline {
    /// Has the handler do its work.
    pub(super) async fn call(
        &self,
        endpoint: &Endpoint,
        proofs: Option<Proofs>,
        input: Value,
        upload: Option<Upload>,
    ) -> Result<Outcome, Rejection> {
        let outcome = endpoint.handler.call(proofs, input, upload).await;
        outcome.map_err(|refusal| Rejection::refused(self.protocol, self.failure(endpoint), refusal))
    }

    /// The message of an internal error of an endpoint.
    pub fn failure(&self, endpoint: &Endpoint) -> &'static str {
        match endpoint.declared {
            Declared::Event(spec) => spec.failure,
            Declared::Operation(spec) => spec.failure,
            Declared::Gone => self.protocol.answers.internal.message,
        }
    }
}

fn replied<R: Reply>(reply: R) -> Result<Outcome, Refusal> {
    reply.outcome().map_err(|error| Refusal::Fault(error.into()))
}

/// A handler of inputs that are valid if `V` says so, and that are decoded to `P`.
fn erased<V, S, A, P, F, Fut>(run: F) -> Box<dyn Handler>
where
    V: Validate + 'static,
    S: CallScope + 'static,
    A: Also + 'static,
    P: DeserializeOwned + 'static,
    F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Outcome, Refusal>> + Send + 'static,
{
    Box::new(Erased::<F, (V, S, A, P)> { run, types: PhantomData })
}

struct Erased<F, T> {
    run: F,
    types: PhantomData<fn() -> T>,
}

impl<V, S, A, P, F, Fut> Handler for Erased<F, (V, S, A, P)>
where
    V: Validate + 'static,
    S: CallScope + 'static,
    A: Also + 'static,
    P: DeserializeOwned + 'static,
    F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Outcome, Refusal>> + Send + 'static,
{
    fn validate(&self, input: &Value, violations: &mut Violations) {
        V::validate(input, Path::Root, violations);
    }

    fn call(&self, proofs: Option<Proofs>, input: Value, upload: Option<Upload>) -> Running {
        match decode(input) {
            Ok(input) => {
                let call = proofs.map(|mut proofs| Call::new(&mut proofs));
                Box::pin((self.run)(Arguments { call, input, upload }))
            }
            Err(refusal) => Box::pin(ready(Err(refusal))),
        }
    }
}
