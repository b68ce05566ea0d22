//! The pipeline that every event and every operation goes through: a request in, an outcome out.
//!
//! Sockets and REST are its two front doors. Each makes a `Request`, and implements the `Door` that reads the input and
//! sends the results. The pipeline knows neither of them, and no transport.
//!
//! Start reading at `run`, which has the steps in order, including all protection of an endpoint.
//!
//! The following never happens: a handler gets an invalid input, or runs for a caller that is not authorized; other
//! code makes a proof of membership.

mod conversion;
mod effects;
mod endpoint;
mod handler;
mod hook;
mod limits;
mod locks;
mod logging;
mod once;
mod proofs;
mod repeats;
mod run;
mod then;

use std::{future::Future, pin::Pin, sync::Arc, time::SystemTime};

use serde_json::Value;

pub use self::{
    conversion::Conversion,
    effects::Change,
    endpoint::{Declared, Effect, Endpoint},
    handler::{Arguments, Handler, Running},
    hook::Hook,
    limits::Drawn,
    locks::{RoomGuard, RoomLocks},
    once::Once,
    proofs::{Also, Call, CallScope, Member, Membership, Proofs, Unscoped},
    run::Unauthenticated,
    then::{Decided, Logged, Quiet, Then, Ticket},
};
use self::{limits::Limits, repeats::Repeats};
use crate::{
    auth::{Verified, Verifier},
    error::Fault,
    log::{Log, Position},
    operation::Upload,
    panics::caught,
    protocol::Protocol,
    rejection::Rejection,
    reply::{Emission, Outcome},
    scope::Room,
};

/// The pipeline of one protocol.
pub struct Pipeline {
    /// The protocol.
    pub protocol: &'static Protocol,
    authority: Box<dyn ErasedAuthority>,
    verifier: Verifier,
    limits: Limits,
    locks: Arc<RoomLocks>,
    log: Arc<dyn Log>,
    /// The answers to idempotent requests, unless the log keeps them.
    repeats: Option<Arc<Repeats>>,
}

/// A caller's request to an endpoint.
pub struct Request<'r> {
    /// The endpoint; `None` where no event has the name that the client sent.
    pub endpoint: Option<&'r Endpoint>,
    /// The conversions of the input and the answer for a client of an older version.
    pub conversion: Conversion<'r>,
    /// The caller, as [`Pipeline::authenticate`] has found; `None` for an anonymous one.
    pub caller: Option<Verified>,
    /// The verdict of the endpoint's limit, from [`Pipeline::draw`].
    pub drawn: Drawn,
    /// The request's place in the queue of its socket.
    pub ticket: Ticket,
}

/// A front door of the pipeline: it reads a request and sends its results.
pub trait Door: Send {
    /// The reason why a request is not carried out: a rejection, or an answer that only this door has.
    type Failure: From<Rejection> + Send;

    /// Reads the request's input, as its client has sent it.
    fn decode(&mut self, endpoint: &Endpoint) -> impl Future<Output = Result<Value, Self::Failure>> + Send;

    /// Notes a valid input.
    fn accepted(&self, endpoint: &Endpoint, input: &Value);

    /// Finds the file that the request carries, without reading it.
    fn open_upload(&mut self) -> impl Future<Output = Result<Option<Upload>, Self::Failure>> + Send {
        std::future::ready(Ok(None))
    }

    /// Prepares to join a room that has a log, before the position is read at which the caller joins it; if the caller has
    /// joined it before, the position up to which it has been sent everything. Only events have this effect.
    fn approach(
        &mut self,
        _: &Room,
        _since: Option<Position>,
    ) -> impl Future<Output = Result<Option<Position>, Self::Failure>> + Send {
        std::future::ready(Ok(None))
    }

    /// Changes the caller's session. Only events have this effect.
    fn change(&mut self, _: Change<'_>) -> Result<(), Rejection> {
        Ok(())
    }

    /// Emits events that are in no log.
    fn deliver(&mut self, rooms: &[Room], emissions: &[Emission]) -> impl Future<Output = ()> + Send;

    /// Whether the client asks for an answer.
    fn answers(&self) -> bool {
        true
    }

    /// Sends the answer if that is possible without waiting, while the pipeline's locks on rooms still hold.
    fn acknowledge(&mut self, _: &Outcome) {}
}

/// An [`Authority`] with erased type.
trait ErasedAuthority: Send + Sync {
    fn is_member<'a>(&'a self, user_id: &'a str, room: &'a Room) -> Asking<'a, bool>;
    fn was_member(&self, user_id: &str, room: &Room) -> bool;
    fn position_of_member<'a>(
        &'a self,
        log: &'a dyn Log,
        user_id: &'a str,
        room: &'a Room,
    ) -> Asking<'a, Option<Position>>;
    fn revoked<'a>(&'a self, user_id: &'a str) -> Asking<'a, Option<SystemTime>>;
}

type Asking<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

impl<A: Authority> ErasedAuthority for A {
    fn is_member<'a>(&'a self, user_id: &'a str, room: &'a Room) -> Asking<'a, bool> {
        Box::pin(Authority::is_member(self, user_id, room))
    }

    fn was_member(&self, user_id: &str, room: &Room) -> bool {
        Authority::was_member(self, user_id, room)
    }

    fn position_of_member<'a>(
        &'a self,
        log: &'a dyn Log,
        user_id: &'a str,
        room: &'a Room,
    ) -> Asking<'a, Option<Position>> {
        Box::pin(Authority::position_of_member(self, log, user_id, room))
    }

    fn revoked<'a>(&'a self, user_id: &'a str) -> Asking<'a, Option<SystemTime>> {
        Box::pin(Authority::revoked(self, user_id))
    }
}

/// The business logic's answers about memberships and revoked tokens.
pub trait Authority: Send + Sync + 'static {
    /// Whether the user belongs to the room. A room that does not exist has no members.
    fn is_member(&self, user_id: &str, room: &Room) -> impl Future<Output = Result<bool, Fault>> + Send;

    /// Whether the user is known to have been a member of the room recently. If so, a durable event does not ask for the
    /// membership. Business logic that returns `true` has to prove the membership again as it writes each change, and has to refuse
    /// the change with [`MembershipEnded`](crate::causes::MembershipEnded) if it has ended.
    fn was_member(&self, _user_id: &str, _room: &Room) -> bool {
        false
    }

    /// The position of a room's log at which the user is about to join, if the user belongs to the room. It must not be
    /// newer than the moment at which the membership was found: the entry of a later removal then follows the position,
    /// and makes the user leave.
    ///
    /// The default reads one after the other. Business logic whose memberships are in the log's database finds both by
    /// one query.
    fn position_of_member(
        &self,
        log: &dyn Log,
        user_id: &str,
        room: &Room,
    ) -> impl Future<Output = Result<Option<Position>, Fault>> + Send {
        async move {
            let position = log.position(room).await?;
            Ok(self.is_member(user_id, room).await?.then_some(position))
        }
    }

    /// The moment of the newest revocation of a user, if there is one: earlier tokens are refused. The gateway asks for it
    /// whenever it receives a token. Business logic that revokes a user also has to end the user's sockets through the gateway's
    /// hub.
    fn revoked(&self, _user_id: &str) -> impl Future<Output = Result<Option<SystemTime>, Fault>> + Send {
        std::future::ready(Ok(None))
    }
}

impl Pipeline {
    /// A pipeline that asks `authority` for memberships, locks rooms by `locks`, and adds entries to `log`.
    pub fn new(
        protocol: &'static Protocol,
        authority: impl Authority,
        verifier: Verifier,
        limits: bool,
        locks: Arc<RoomLocks>,
        log: Arc<dyn Log>,
    ) -> Self {
        let limits = Limits::new(protocol.limits, limits);
        let repeats = (!log.orders()).then(|| Arc::new(Repeats::new(protocol.answers.idempotency_conflict)));
        Pipeline { protocol, authority: Box::new(authority), verifier, limits, locks, log, repeats }
    }

    /// Carries out a request. A panic becomes a fault of the server.
    pub async fn carry_out<D: Door>(&self, request: Request<'_>, door: &mut D) -> Result<Outcome, D::Failure> {
        let failure =
            request.endpoint.map_or(self.protocol.answers.internal.message, |endpoint| self.failure(endpoint));
        let carried = caught(self.run(request, door)).await;
        carried.unwrap_or_else(|fault| Err(Rejection::fault(self.protocol, failure, fault).into()))
    }

    /// Asks the business logic whether a user belongs to a room.
    ///
    /// # Errors
    /// If it fails.
    pub async fn is_member(&self, user_id: &str, room: &Room) -> Result<bool, Fault> {
        self.authority.is_member(user_id, room).await
    }

    /// Asks the business logic whether a caller's token has been revoked.
    ///
    /// # Errors
    /// If it fails.
    pub async fn is_revoked(&self, caller: &Verified) -> Result<bool, Fault> {
        let moment = self.authority.revoked(&caller.identity.id).await?;
        Ok(moment.is_some_and(|moment| caller.is_revoked_at(moment)))
    }

    /// Refuses a caller whose token has been revoked, with the same answer as for any other bad token.
    ///
    /// # Errors
    /// If the token has been revoked, or if the business logic fails; the client then gets `failure`.
    pub async fn confirm(&self, caller: &Verified, failure: &'static str) -> Result<(), Rejection> {
        match self.is_revoked(caller).await {
            Ok(false) => Ok(()),
            Ok(true) => Err(self.protocol.answers.token_refused.into()),
            Err(fault) => Err(Rejection::fault(self.protocol, failure, fault)),
        }
    }

    /// Waits until no other task has locked these rooms, and locks them.
    pub async fn lock(&self, rooms: &[Room]) -> RoomGuard {
        self.locks.lock(rooms.iter().cloned()).await
    }

    /// Removes the limits of callers who have been idle for a while.
    pub fn forget_idle(&self) {
        self.limits.forget_idle();
    }
}
