//! The steps of every request, in order, including all protection of events and operations.
//!
//! On arrival, a request is authenticated (a socket at its handshake, a REST request by itself) and draws on its
//! endpoint's limit before it waits for its turn, so that a flood fills no queue. [`Pipeline::run`] has the steps from
//! there on.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::{
    Declared, Door, Drawn, Effect, Endpoint, Pipeline, Proofs, Request, RoomGuard, repeats::Attempt, then::Context,
};
use crate::{
    auth::Verified,
    convert::valid,
    error::Fault,
    event::{EventSpec, RoomAction, ScopeUse},
    log::Position,
    operation::Auth,
    rejection::Rejection,
    reply::Outcome,
    scope::Room,
    validate::Violations,
};

/// The requirements of an endpoint on its callers.
struct Policy {
    /// The role that a caller has to have.
    auth: Auth,
    /// The index of the limit that it draws on; `None` where it is unlimited.
    limit: Option<usize>,
    /// The rooms whose membership the caller has to prove.
    scopes: &'static [ScopeUse],
    /// Further rooms that the input names. Nothing is proven for them.
    rooms: &'static [ScopeUse],
    /// Whether entries of a log may follow from it.
    durable: bool,
    /// Whether the endpoint changes anything. Those that only read need no lock on the room.
    changes: bool,
}

impl Policy {
    fn of(endpoint: &Endpoint) -> Self {
        match endpoint.declared() {
            // An event comes from a socket, whose handshake had a valid token.
            Declared::Event(spec) => Policy {
                auth: Auth::User,
                limit: spec.limit,
                scopes: spec.scopes,
                rooms: &[],
                durable: spec.durable(),
                changes: true,
            },
            Declared::Operation(spec) => {
                let changes = !matches!(spec.method, Method::GET | Method::HEAD);
                Policy {
                    auth: spec.auth,
                    limit: spec.limit,
                    scopes: spec.scopes,
                    rooms: spec.rooms,
                    durable: spec.durable,
                    changes,
                }
            }
            // An event that only an older version has changes nothing.
            Declared::Gone => {
                Policy { auth: Auth::User, limit: None, scopes: &[], rooms: &[], durable: false, changes: false }
            }
        }
    }
}

/// The reason why a caller is not authenticated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unauthenticated {
    /// There is no token.
    TokenMissing,
    /// The token is not valid.
    TokenRefused,
}

impl Pipeline {
    /// Carries out one request. Nothing else calls an endpoint's handler.
    pub(super) async fn run<D: Door>(&self, request: Request<'_>, door: &mut D) -> Result<Outcome, D::Failure> {
        let Request { endpoint, conversion, caller, drawn, ticket } = request;
        self.limit(endpoint, drawn)?;
        let endpoint = self.known(endpoint)?;
        self.admit(endpoint, caller.as_ref())?;
        let input = door.decode(endpoint).await?;
        let input = self.upgrade(endpoint, conversion, input)?;
        self.validate(|violations| endpoint.validate(&input, violations))?;
        door.accepted(endpoint, &input);
        let upload = door.open_upload().await?;
        let rooms: Arc<[Room]> = self.rooms(endpoint, &input)?.into();
        // Before rooms are locked: a replay waits for its turn.
        let joined = self.joined(endpoint, &rooms);
        let place = self.approach(endpoint, joined, &input, door).await?;
        let locked = self.lock_for(endpoint, &rooms).await;
        let attempt = self.attempt(endpoint, &rooms);
        let context = Context { rooms: Arc::clone(&rooms), ticket, attempt: attempt.clone(), ..Context::default() };
        let (proofs, position) = self.authorize(endpoint, joined.is_some(), caller.as_ref(), context).await?;
        let (input, renewed) = self.renew(endpoint, caller.as_ref(), input).await?;
        let joined_at = place.as_ref().or(position.as_ref());
        let input = if let Some(position) = joined_at { json!([input, position]) } else { input };
        let outcome = self.call(endpoint, proofs, input, upload).await?;
        let outcome = self.log(endpoint, &rooms, attempt.as_deref(), outcome).await?;
        if let Some(change) = endpoint.change(&rooms, position, renewed) {
            door.change(change)?;
        }
        door.deliver(&rooms, &outcome.emissions).await;
        let outcome = self.downgrade(endpoint, conversion, outcome, door.answers())?.numbered();
        door.acknowledge(&outcome);
        drop(locked);
        Ok(outcome)
    }

    /// Finds the user that a token authenticates.
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
            // Sockets that flood are cut off earlier. A REST request does not own its connection, which is not cut.
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

    /// The rooms that a valid input names, in the order of the declaration. The rooms whose membership is proven come
    /// first.
    fn rooms(&self, endpoint: &Endpoint, input: &Value) -> Result<Vec<Room>, Rejection> {
        let room = |scope: &ScopeUse| match input.get(scope.key).and_then(Value::as_str) {
            Some(id) => Ok(Room { scope: scope.scope.name, id: id.to_owned() }),
            None => {
                let fault = Fault::msg(format!("a valid payload names no room in `{}`", scope.key));
                Err(Rejection::fault(self.protocol, self.failure(endpoint), fault))
            }
        };
        let Policy { scopes, rooms, .. } = Policy::of(endpoint);
        scopes.iter().chain(rooms).map(room).collect()
    }

    /// Locks the rooms, so that changes are delivered in their order, unless the log itself keeps that order.
    async fn lock_for(&self, endpoint: &Endpoint, rooms: &[Room]) -> RoomGuard {
        let Policy { durable, changes, .. } = Policy::of(endpoint);
        self.lock(if changes && !(durable && self.log.orders()) { rooms } else { &[] }).await
    }

    /// The room that the caller will join, if it has a log.
    fn joined<'r>(&self, endpoint: &Endpoint, rooms: &'r [Room]) -> Option<&'r Room> {
        let joins = endpoint.effect() == Some(Effect::Room(RoomAction::Join));
        let has_log = Policy::of(endpoint).scopes.first().is_some_and(|joined| joined.scope.log.is_some());
        rooms.first().filter(|_| joins && has_log)
    }

    /// The request with its kept answer, if its event is idempotent and the log does not look for repetitions.
    fn attempt(&self, endpoint: &Endpoint, rooms: &[Room]) -> Option<Arc<Attempt>> {
        let repeats = self.repeats.as_ref()?;
        match endpoint.declared() {
            Declared::Event(EventSpec { idempotent: Some(_), log: Some(room), .. }) => {
                Some(Arc::new(Attempt::new(repeats, rooms.get(*room)?.clone())))
            }
            _ => None,
        }
    }

    /// Prepares the caller to join a room that has a log; returns its place there if it has already joined.
    async fn approach<D: Door>(
        &self,
        endpoint: &Endpoint,
        joined: Option<&Room>,
        input: &Value,
        door: &mut D,
    ) -> Result<Option<Position>, D::Failure> {
        let Some(room) = joined else { return Ok(None) };
        let since = input.get("since").filter(|since| !since.is_null()).cloned();
        let since = since.map(valid::<Position>).transpose().map_err(|fault| {
            Rejection::fault(self.protocol, self.failure(endpoint), fault.context("a valid payload has no position"))
        })?;
        door.approach(room, since).await
    }

    /// Proves that the caller belongs to every room that the input names; an anonymous caller gets no proofs. If the
    /// caller joins the first room, and it has a log, also returns the position of the join.
    async fn authorize(
        &self,
        endpoint: &Endpoint,
        joins: bool,
        caller: Option<&Verified>,
        context: Context,
    ) -> Result<(Option<Proofs>, Option<Position>), Rejection> {
        let Some(caller) = caller else { return Ok((None, None)) };
        let scopes = Policy::of(endpoint).scopes;
        // A user who has been removed from a room may leave it.
        let asks = endpoint.effect() != Some(Effect::Room(RoomAction::Leave));
        let suffices = matches!(endpoint.declared(), Declared::Event(spec) if spec.durable());
        let user = &caller.identity.id;
        let mut position = None;
        for (index, (room, scope)) in context.rooms.iter().zip(scopes).enumerate().filter(|_| asks) {
            let is_member = if joins && index == 0 {
                let found = self.authority.position_of_member(&*self.log, user, room).await;
                found.map(|found| position.insert(found).is_some())
            } else if suffices && self.authority.was_member(user, room) {
                Ok(true)
            } else {
                self.authority.is_member(user, room).await
            };
            match is_member {
                Ok(true) => {}
                Ok(false) => return Err(scope.scope.denied.into()),
                Err(fault) => return Err(Rejection::fault(self.protocol, self.failure(endpoint), fault)),
            }
        }
        let proven = context.rooms.iter().take(scopes.len()).cloned().collect();
        Ok((Some(Proofs::new(caller.clone(), proven, context)), position.flatten()))
    }
}
