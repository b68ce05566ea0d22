//! An event or an operation, bound to its handler. Both are endpoints of the pipeline.

use std::{
    future::{Future, ready},
    mem,
    sync::Arc,
};

use futures_util::FutureExt;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Also, Call, CallScope, Pipeline, Proofs, Unscoped,
    handler::{Arguments, Handler, erased},
};
use crate::{
    causes::{Busy, MembershipEnded},
    error::{EventError, Fault, Refusal},
    event::{EventSpec, RoomAction, ScopeUse},
    log::Position,
    operation::{Download, OperationSpec, Upload},
    rejection::Rejection,
    reply::{Beside, Outcome, Reply, encode},
    validate::{Validate, Violations},
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

impl Endpoint {
    /// An event that business logic handles.
    pub fn event<S, A, P, R, E, F, Fut>(spec: &'static EventSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Serialize + Send + 'static,
        R: Reply,
        E: EventError + 'static,
        F: Fn(Call<S, A>, P) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let run = move |mut arguments: Arguments<S, A, P>| {
            let users = mem::take(&mut arguments.users);
            let mut call = arguments.call();
            match call.begin(spec, &arguments.input) {
                Ok(None) => {
                    let reply = move |reply: Result<R, E>| replied(&reply.map_err(E::refusal)?, &users);
                    handler(call, arguments.input).map(reply).left_future()
                }
                Ok(Some(first)) => ready(Ok(first)).right_future(),
                Err(refusal) => ready(Err(refusal)).right_future(),
            }
        };
        Endpoint::of_event(spec, None, erased::<P, _, _, _, _, _>(R::USERS, run))
    }

    /// An event that joins or leaves a room. `reply` makes its answer from the payload.
    pub fn room<P, R>(spec: &'static EventSpec, room: RoomAction, reply: fn(P) -> R) -> Self
    where
        P: Validate + DeserializeOwned + Send + 'static,
        R: Reply,
    {
        let run = move |arguments: Arguments<Unscoped, (), P>| ready(replied(&reply(arguments.input), &[]));
        Endpoint::of_event(spec, Some(Effect::Room(room)), erased::<P, _, _, _, _, _>(&[], run))
    }

    /// An event that joins a room with a log. `reply` makes its answer from the payload and the log's position. The
    /// handler gets a list of the two in place of the payload.
    pub fn joining<P, R>(spec: &'static EventSpec, reply: fn(P, Position) -> R) -> Self
    where
        P: Validate + DeserializeOwned + Send + 'static,
        R: Reply,
    {
        let run = move |arguments: Arguments<Unscoped, (), (P, Position)>| {
            let (payload, position) = arguments.input;
            ready(replied(&reply(payload, position), &[]))
        };
        let effect = Effect::Room(RoomAction::Join);
        Endpoint::of_event(spec, Some(effect), erased::<P, _, _, _, _, _>(&[], run))
    }

    /// An event that renews the session with the token in the payload's field `token`, and is answered by `reply` with an
    /// object that has `userId` and `expiresAt`.
    pub fn renewal<P, T, R>(spec: &'static EventSpec, token: &'static str, reply: fn(T) -> R) -> Self
    where
        P: Validate + Send + 'static,
        T: DeserializeOwned + Send + 'static,
        R: Reply,
    {
        let run = move |arguments: Arguments<Unscoped, (), T>| ready(replied(&reply(arguments.input), &[]));
        Endpoint::of_event(spec, Some(Effect::Renew(token)), erased::<P, _, _, _, _, _>(&[], run))
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
        let answer =
            |reply: R, _: &[Arc<str>]| encode(&reply).map(Outcome::json).map_err(|error| Refusal::Fault(error.into()));
        Endpoint::answering(spec, handler, &[], answer)
    }

    /// An operation that answers with JSON, and may have fields beside the data.
    pub fn beside<S, A, P, T, B, E, F, Fut>(spec: &'static OperationSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        T: Serialize + Send + 'static,
        B: Serialize + Send + 'static,
        E: EventError + 'static,
        F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Beside<T, B>, E>> + Send + 'static,
    {
        let answer = |Beside { data, beside }: Beside<T, B>, _: &[Arc<str>]| {
            let encoded = encode(&data).and_then(|data| Ok((data, beside.as_ref().map(encode).transpose()?)));
            let (data, beside) = encoded.map_err(|error| Refusal::Fault(error.into()))?;
            Ok(Outcome { beside, ..Outcome::json(data) })
        };
        Endpoint::answering(spec, handler, &[], answer)
    }

    /// An operation that leads to events.
    pub fn emitting<S, A, P, R, E, F, Fut>(spec: &'static OperationSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        R: Reply,
        E: EventError + 'static,
        F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let answer = |reply: R, users: &[Arc<str>]| {
            let mut outcome = replied(&reply, users)?;
            if outcome.answer.is_none() {
                outcome.download = Some(Download::nothing());
            }
            Ok(outcome)
        };
        Endpoint::answering(spec, handler, R::USERS, answer)
    }

    /// An operation that answers with bytes.
    pub fn raw<S, A, P, E, F, Fut>(spec: &'static OperationSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        E: EventError + 'static,
        F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Download, E>> + Send + 'static,
    {
        Endpoint::answering(spec, handler, &[], |download, _| Ok(Outcome::download(download)))
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
        Endpoint::answering(spec, handler, &[], |(), _| Ok(Outcome::download(Download::nothing())))
    }

    /// An operation whose handler's reply becomes an answer by `answer`.
    fn answering<S, A, P, R, E, F, Fut>(
        spec: &'static OperationSpec,
        handler: F,
        users: &'static [&'static str],
        answer: fn(R, &[Arc<str>]) -> Result<Outcome, Refusal>,
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
        let run = move |mut arguments: Arguments<S, A, P>| {
            let users = mem::take(&mut arguments.users);
            let running = handler(arguments);
            async move { answer(running.await.map_err(E::refusal)?, &users) }
        };
        Endpoint::of_operation(spec, erased::<P, _, _, _, _, _>(users, run))
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

    /// The rooms whose memberships its callers prove.
    pub(super) fn scopes(&self) -> &'static [ScopeUse] {
        match self.declared {
            Declared::Event(spec) => spec.scopes,
            Declared::Operation(spec) => spec.scopes,
            Declared::Gone => &[],
        }
    }

    /// Whether it is an event that today's version does not have.
    pub fn is_gone(&self) -> bool {
        matches!(self.declared, Declared::Gone)
    }

    /// Whether entries of a room's log may follow from it.
    pub fn is_durable(&self) -> bool {
        match self.declared {
            Declared::Event(spec) => spec.durable(),
            Declared::Operation(spec) => spec.durable,
            Declared::Gone => false,
        }
    }

    /// Whether it renews the session.
    pub fn renews(&self) -> bool {
        matches!(self.effect, Some(Effect::Renew(_)))
    }
}

impl Pipeline {
    /// Calls the handler.
    pub(super) async fn call(
        &self,
        endpoint: &Endpoint,
        proofs: Option<Proofs>,
        input: Value,
        upload: Option<Upload>,
    ) -> Result<Outcome, Rejection> {
        let outcome = endpoint.handler.call(proofs, input, upload).await;
        outcome.map_err(|refusal| self.refused(endpoint, refusal))
    }

    /// A refusal by a handler. Some causes of faults have a special answer.
    fn refused(&self, endpoint: &Endpoint, refusal: Refusal) -> Rejection {
        let failure = self.failure(endpoint);
        if let Refusal::Fault(fault) = &refusal {
            if let Some(MembershipEnded { room, .. }) = cause(fault)
                && let Some(scope) = endpoint.scopes().iter().find(|scope| scope.scope.name == room.scope)
            {
                return scope.scope.denied.into();
            }
            if cause::<Busy>(fault).is_some() {
                return Rejection::unavailable(self.protocol, failure);
            }
        }
        Rejection::refused(self.protocol, failure, refusal)
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

/// The error of this type among the causes of a fault.
fn cause<E: std::error::Error + Send + Sync + 'static>(fault: &Fault) -> Option<&E> {
    fault.chain().find_map(|cause| cause.downcast_ref())
}

fn replied<R: Reply>(reply: &R, users: &[Arc<str>]) -> Result<Outcome, Refusal> {
    reply.outcome(users).map_err(|error| Refusal::Fault(error.into()))
}
