//! Business logic without a request: it follows the beginning and the end of a socket.

use std::future::Future;

use super::{Call, Pipeline, Proofs, Running, Unscoped, then::Context};
use crate::{
    auth::Verified,
    error::{EventError, Refusal},
    event::EventSpec,
    panics::caught,
    rejection::Rejection,
    reply::{Outcome, Reply},
};

/// Business logic that follows something other than a request.
pub struct Hook {
    /// Its name and failure text. Its scopes are those of the user's own rooms, whose id is the user's.
    pub spec: &'static EventSpec,
    /// The logic.
    pub handler: Box<dyn Fn(Proofs) -> Running + Send + Sync>,
}

impl Hook {
    /// A hook that business logic handles.
    pub fn new<R, E, F, Fut>(spec: &'static EventSpec, handler: F) -> Self
    where
        R: Reply + 'static,
        E: EventError + 'static,
        F: Fn(Call<Unscoped>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let handler = move |mut proofs: Proofs| -> Running {
            let running = handler(Call::new(&mut proofs));
            Box::pin(async move {
                let reply = running.await.map_err(EventError::refusal)?;
                reply.outcome(&[]).map_err(|error| Refusal::Fault(error.into()))
            })
        };
        Hook { spec, handler: Box::new(handler) }
    }
}

impl Pipeline {
    /// Calls the business logic. It gets no proof of membership.
    pub async fn follow_up(&self, hook: &Hook, caller: Verified) -> Result<Outcome, Rejection> {
        let following = async { (hook.handler)(Proofs::new(caller, Vec::new(), Context::default())).await };
        let outcome = caught(following).await.unwrap_or_else(|fault| Err(Refusal::Fault(fault)));
        outcome.map_err(|refusal| Rejection::refused(self.protocol, hook.spec.failure, refusal))
    }
}
