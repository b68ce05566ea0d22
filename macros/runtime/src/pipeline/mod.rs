//! The one pipeline that every event and every operation goes through: a request in, an outcome out.
//!
//! Sockets and REST are its two front doors. Each makes a `Request` of what has come in, and is the `Door` that
//! reads it and sends what follows from it. The pipeline knows neither of them, nor how anything travels.
//!
//! Start reading at `run`, which has the steps in their order, and with them all that protects an endpoint.
//!
//! The following never happens: a handler gets an invalid input, or runs for a caller that is not authorized; other
//! code makes a proof of membership.

mod conversion;
mod effects;
mod endpoint;
mod hook;
mod limits;
mod locks;
mod proofs;
mod run;

use std::{future::Future, pin::Pin, sync::Arc};

use serde_json::Value;

use self::limits::Limits;
pub use self::{
    conversion::Conversion,
    effects::Change,
    endpoint::{Arguments, Declared, Effect, Endpoint, Handler, Running},
    hook::Hook,
    limits::Drawn,
    locks::{RoomGuard, RoomLocks},
    proofs::{Also, Call, CallScope, Member, Membership, Proofs, Unscoped},
    run::Unauthenticated,
};
use crate::{
    auth::{Verified, Verifier},
    error::Fault,
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
}

/// Somebody's request to have an endpoint do its work.
pub struct Request<'r> {
    /// The endpoint; `None` where no event has the name that the client sent.
    pub endpoint: Option<&'r Endpoint>,
    /// The conversions of the input and the answer for a client of an older version.
    pub conversion: Conversion<'r>,
    /// The caller, as [`Pipeline::authenticate`] has found; `None` for an anonymous one.
    pub caller: Option<Verified>,
    /// The verdict of the endpoint's limit, from [`Pipeline::draw`].
    pub drawn: Drawn,
}

/// A front door of the pipeline: it reads a request and sends what follows from it.
pub trait Door: Send {
    /// The reason why a request is not carried out: a rejection, or an answer that this door alone has.
    type Failure: From<Rejection> + Send;

    /// Reads the request's input, as its client has sent it.
    fn decode(&mut self, endpoint: &Endpoint) -> impl Future<Output = Result<Value, Self::Failure>> + Send;

    /// Takes note of an input that is valid.
    fn accepted(&self, endpoint: &Endpoint, input: &Value);

    /// Finds the file that the request carries, without reading it.
    fn open_upload(&mut self) -> impl Future<Output = Result<Option<Upload>, Self::Failure>> + Send {
        std::future::ready(Ok(None))
    }

    /// Changes the caller's session. Only events have this effect.
    fn change(&mut self, _: Change<'_>) -> Result<(), Rejection> {
        Ok(())
    }

    /// Emits events. The rooms are locked.
    fn deliver(&mut self, rooms: &[Room], emissions: &[Emission]) -> impl Future<Output = ()> + Send;

    /// Whether the client asks for an answer.
    fn answers(&self) -> bool {
        true
    }

    /// Sends the answer if that takes no time, while the rooms are still locked.
    fn acknowledge(&mut self, _: &Outcome) {}
}

/// An [`Authority`], its type erased.
trait ErasedAuthority: Send + Sync {
    fn is_member<'a>(&'a self, user_id: &'a str, room: &'a Room) -> Asking<'a>;
}

type Asking<'a> = Pin<Box<dyn Future<Output = Result<bool, Fault>> + Send + 'a>>;

impl<A: Authority> ErasedAuthority for A {
    fn is_member<'a>(&'a self, user_id: &'a str, room: &'a Room) -> Asking<'a> {
        Box::pin(Authority::is_member(self, user_id, room))
    }
}

/// The business logic's say in who belongs to which room.
pub trait Authority: Send + Sync + 'static {
    /// Whether the user belongs to the room. A room that does not exist has no members.
    fn is_member(&self, user_id: &str, room: &Room) -> impl Future<Output = Result<bool, Fault>> + Send;
}

impl Pipeline {
    /// A pipeline that asks `authority` for memberships, and locks rooms by `locks`.
    pub fn new(
        protocol: &'static Protocol,
        authority: impl Authority,
        verifier: Verifier,
        limits: bool,
        locks: Arc<RoomLocks>,
    ) -> Self {
        let limits = Limits::new(protocol.limits, limits);
        Pipeline { protocol, authority: Box::new(authority), verifier, limits, locks }
    }

    /// Carries out a request. A panic is a fault of the server like any other.
    pub async fn carry_out<D: Door>(&self, request: Request<'_>, door: &mut D) -> Result<Outcome, D::Failure> {
        let failure =
            request.endpoint.map_or(self.protocol.answers.internal.message, |endpoint| self.failure(endpoint));
        let carried = caught(self.run(request, door)).await;
        carried.unwrap_or_else(|fault| Err(Rejection::fault(self.protocol, failure, fault).into()))
    }

    /// Waits until these rooms are nobody else's, and locks them.
    pub async fn lock(&self, rooms: &[Room]) -> RoomGuard {
        self.locks.lock(rooms.iter().cloned()).await
    }

    /// Forgets the limits of callers who have not been here for a while.
    pub fn forget_idle(&self) {
        self.limits.forget_idle();
    }
}
