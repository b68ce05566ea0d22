//! The steps of every request, in their order, and with them all that protects events and operations.
//!
//! On arrival, a request is authenticated (a socket at its handshake, a REST request by itself) and draws on its
//! endpoint's limit before it waits for its turn, so that a flood fills no queue. [`Pipeline::run`] has the steps from
//! there on.

use std::sync::Arc;

use http::Method;
use serde_json::Value;

use super::{Declared, Door, Drawn, Effect, Endpoint, Pipeline, Proofs, Request, RoomGuard};
use crate::{
    auth::Verified,
    error::Fault,
    event::{RoomAction, ScopeUse},
    operation::Auth,
    rejection::Rejection,
    reply::Outcome,
    scope::Room,
    validate::Violations,
};

/// The demands of an endpoint on its callers.
struct Policy {
    /// The role that a caller has to have.
    auth: Auth,
    /// The index of the limit that it draws on; `None` where it is unlimited.
    limit: Option<usize>,
    /// The rooms whose membership the caller has to prove.
    scopes: &'static [ScopeUse],
    /// Whether these rooms are locked meanwhile. Reading needs no room for itself.
    locks: bool,
}

impl Policy {
    fn of(endpoint: &Endpoint) -> Self {
        match endpoint.declared() {
            // An event comes from a socket, whose handshake had a valid token.
            Declared::Event(spec) => Policy { auth: Auth::User, limit: spec.limit, scopes: spec.scopes, locks: true },
            Declared::Operation(spec) => {
                let locks = !matches!(spec.method, Method::GET | Method::HEAD);
                Policy { auth: spec.auth, limit: spec.limit, scopes: spec.scopes, locks }
            }
            // An event of an older version alone changes nothing.
            Declared::Gone => Policy { auth: Auth::User, limit: None, scopes: &[], locks: false },
        }
    }
}

/// The reason why it is not known who is calling.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unauthenticated {
    /// There is no token.
    TokenMissing,
    /// The token is not valid.
    TokenRefused,
}

impl Pipeline {
    /// Carries out one request: nothing else calls a handler of an endpoint.
    pub(super) async fn run<D: Door>(&self, request: Request<'_>, door: &mut D) -> Result<Outcome, D::Failure> {
        let Request { endpoint, conversion, caller, drawn } = request;
        self.limit(endpoint, drawn)?;
        let endpoint = self.known(endpoint)?;
        self.admit(endpoint, caller.as_ref())?;
        let input = door.decode(endpoint).await?;
        let input = self.upgrade(endpoint, conversion, input)?;
        self.validate(|violations| endpoint.validate(&input, violations))?;
        door.accepted(endpoint, &input);
        let upload = door.open_upload().await?;
        let rooms = self.rooms(endpoint, &input)?;
        let locked = self.lock_for(endpoint, &rooms).await;
        let proofs = self.authorize(endpoint, caller.as_ref(), &rooms).await?;
        let (input, renewed) = self.renew(endpoint, caller.as_ref(), input).await?;
        let outcome = self.call(endpoint, proofs, input, upload).await?;
        if let Some(change) = endpoint.change(&rooms, renewed) {
            door.change(change)?;
        }
        door.deliver(&rooms, &outcome.emissions).await;
        let outcome = self.downgrade(endpoint, conversion, outcome, door.answers())?;
        door.acknowledge(&outcome);
        drop(locked);
        Ok(outcome)
    }

    /// Finds out whom a token speaks for.
    pub async fn authenticate(&self, token: Option<&str>) -> Result<Verified, Unauthenticated> {
        let token = token.ok_or(Unauthenticated::TokenMissing)?;
        self.verifier.verify_with_new_keys(token).await.map_err(|error| {
            tracing::debug!(error = ?error.to_string(), "refused a token");
            Unauthenticated::TokenRefused
        })
    }

    /// Draws on the limit of an endpoint as a request for it arrives. `socket` is `None` for a REST request.
    pub fn draw(&self, endpoint: Option<&Endpoint>, user: &Arc<str>, socket: Option<u64>) -> Drawn {
        self.limits.draw(self.limit_of(endpoint), user, socket)
    }

    fn limit_of(&self, endpoint: Option<&Endpoint>) -> Option<usize> {
        match endpoint {
            Some(endpoint) if !endpoint.is_gone() => Policy::of(endpoint).limit,
            _ => self.protocol.unknown_limit,
        }
    }

    /// Refuses a request that is past its limit.
    fn limit(&self, endpoint: Option<&Endpoint>, drawn: Drawn) -> Result<(), Rejection> {
        match drawn {
            Drawn::Allowed => Ok(()),
            Drawn::Limited { retry_after } => Err(Rejection::limited(self.protocol, retry_after)),
            // Sockets that flood are cut off before. A REST request has no connection of its own to be cut.
            Drawn::Flooding => Err(Rejection::limited(self.protocol, self.limits.period(self.limit_of(endpoint)))),
        }
    }

    fn known<'r>(&self, endpoint: Option<&'r Endpoint>) -> Result<&'r Endpoint, Rejection> {
        endpoint.ok_or_else(|| self.protocol.answers.unknown_event.into())
    }

    /// Refuses a caller who may not call the endpoint at all.
    fn admit(&self, endpoint: &Endpoint, caller: Option<&Verified>) -> Result<(), Rejection> {
        match (Policy::of(endpoint).auth, caller) {
            (Auth::Public, _) | (Auth::User, Some(_)) => Ok(()),
            (Auth::Admin, Some(caller)) if caller.identity.admin => Ok(()),
            (Auth::Admin, Some(_)) => Err(self.protocol.answers.admin_only.into()),
            (Auth::User | Auth::Admin, None) => Err(self.protocol.answers.token_missing.into()),
        }
    }

    /// Refuses an input that breaks rules, and names every violation.
    pub(super) fn validate(&self, check: impl FnOnce(&mut Violations)) -> Result<(), Rejection> {
        let mut violations = Violations::default();
        check(&mut violations);
        if violations.is_empty() { Ok(()) } else { Err(Rejection::invalid(self.protocol, violations)) }
    }

    /// The rooms that a valid input names, in the order of the declaration.
    fn rooms(&self, endpoint: &Endpoint, input: &Value) -> Result<Vec<Room>, Rejection> {
        let room = |scope: &ScopeUse| match input.get(scope.key).and_then(Value::as_str) {
            Some(id) => Ok(Room { scope: scope.scope.name, id: id.to_owned() }),
            None => {
                let fault = Fault::msg(format!("a valid payload names no room in `{}`", scope.key));
                Err(Rejection::fault(self.protocol, self.failure(endpoint), fault))
            }
        };
        Policy::of(endpoint).scopes.iter().map(room).collect()
    }

    /// Locks the rooms, so that what changes in them is delivered in the order in which it is committed.
    async fn lock_for(&self, endpoint: &Endpoint, rooms: &[Room]) -> RoomGuard {
        self.lock(if Policy::of(endpoint).locks { rooms } else { &[] }).await
    }

    /// Proves that the caller belongs to every room that the input names; `None` where nobody in particular is calling.
    async fn authorize(
        &self,
        endpoint: &Endpoint,
        caller: Option<&Verified>,
        rooms: &[Room],
    ) -> Result<Option<Proofs>, Rejection> {
        let Some(caller) = caller else { return Ok(None) };
        // A user who has been removed from a room may leave it.
        let asks = endpoint.effect() != Some(Effect::Room(RoomAction::Leave));
        for (room, scope) in rooms.iter().zip(Policy::of(endpoint).scopes).filter(|_| asks) {
            match self.authority.is_member(&caller.identity.id, room).await {
                Ok(true) => {}
                Ok(false) => return Err(scope.scope.denied.into()),
                Err(fault) => return Err(Rejection::fault(self.protocol, self.failure(endpoint), fault)),
            }
        }
        Ok(Some(Proofs::new(caller.clone(), rooms.to_vec())))
    }
}
