//! Handlers with erased types, and their arguments.

use std::{
    future::{Future, ready},
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Also, Call, CallScope, Proofs};
use crate::{
    decode::decode,
    error::Refusal,
    operation::Upload,
    reply::Outcome,
    validate::{Path, Validate, Violations},
};

/// A handler with erased types.
pub trait Handler: Send + Sync {
    /// Checks an input against its declared type.
    fn validate(&self, input: &Value, violations: &mut Violations);

    /// Carries out a call that is valid and authorized. `proofs` is `None` for a public operation, and `upload` for all but
    /// multipart operations.
    fn call(&self, proofs: Option<Proofs>, input: Value, upload: Option<Upload>) -> Running;
}

/// A call of a handler.
pub type Running = Pin<Box<dyn Future<Output = Result<Outcome, Refusal>> + Send>>;

/// The arguments of a handler.
pub struct Arguments<S: CallScope, A: Also, P> {
    /// The authorized caller; `None` for a public operation.
    pub call: Option<Call<S, A>>,
    /// An event's payload, or an operation's combined path, query and body.
    pub input: P,
    /// The file, for a multipart operation.
    pub upload: Option<Upload>,
    /// The users that the input names, who may receive events.
    pub(super) users: Vec<Arc<str>>,
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

/// A handler of inputs that are valid if `V` says so, that name users in the fields `users`, and that are decoded to `P`.
pub(super) fn erased<V, S, A, P, F, Fut>(users: &'static [&'static str], run: F) -> Box<dyn Handler>
where
    V: Validate + 'static,
    S: CallScope + 'static,
    A: Also + 'static,
    P: DeserializeOwned + 'static,
    F: Fn(Arguments<S, A, P>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Outcome, Refusal>> + Send + 'static,
{
    Box::new(Erased::<F, (V, S, A, P)> { users, run, types: PhantomData })
}

struct Erased<F, T> {
    users: &'static [&'static str],
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
        let id = |field: &&str| input.get(*field).and_then(Value::as_str).unwrap_or_default().into();
        let users: Vec<Arc<str>> = self.users.iter().map(id).collect();
        match decode(input) {
            Ok(input) => {
                let call = proofs.map(|mut proofs| {
                    proofs.name(users.iter().cloned().collect());
                    Call::new(&mut proofs)
                });
                Box::pin((self.run)(Arguments { call, input, upload, users }))
            }
            Err(refusal) => Box::pin(ready(Err(refusal))),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use serde_json::json;

    use super::*;
    use crate::{
        Unscoped,
        event::NoPayload,
        log::Position,
        reply::{Emission, Target, encode},
    };

    /// Calls a handler of inputs of the type `P` anonymously, and returns what `run` makes of its arguments.
    fn call<P: DeserializeOwned + Send + 'static>(
        users: &'static [&'static str],
        input: Value,
        run: fn(Arguments<Unscoped, (), P>) -> Outcome,
    ) -> Outcome {
        let run = move |arguments| ready(Ok(run(arguments)));
        erased::<NoPayload, _, _, _, _, _>(users, run).call(None, input, None).now_or_never().unwrap().unwrap()
    }

    #[test]
    fn users_are_those_whom_the_input_names() {
        let outcome =
            call(&["to", "owner"], json!({ "owner": "ann", "to": "bob" }), |arguments: Arguments<_, _, Value>| {
                let data = encode(&arguments.input).unwrap();
                let emission = |user: &Arc<str>| Emission {
                    event: "rang",
                    to: Target::UserOf(Arc::clone(user)),
                    data: Arc::clone(&data),
                    durable: false,
                };
                Outcome { emissions: arguments.users.iter().map(emission).collect(), ..Outcome::default() }
            });
        let to: Vec<_> = outcome.emissions.into_iter().map(|emission| emission.to).collect();
        assert_eq!(to, ["bob", "ann"].map(|user| Target::UserOf(user.into())));
    }

    #[test]
    fn a_joining_handler_gets_the_payload_and_the_position() {
        let input = json!([{ "hallId": "a" }, { "epoch": "x", "seq": 3 }]);
        let outcome = call(&[], input, |arguments: Arguments<_, _, (Value, Position)>| {
            let (payload, position) = arguments.input;
            Outcome::json(encode(&json!({ "payload": payload, "position": position })).unwrap())
        });
        let answer = r#"{"payload":{"hallId":"a"},"position":{"epoch":"x","seq":3}}"#;
        assert_eq!(outcome.answer.unwrap().get(), answer);
    }
}
