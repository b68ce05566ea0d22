//! Proofs that a caller belongs to the rooms that a call names. Only the pipeline makes them.

use std::{fmt, marker::PhantomData, ops::Deref, sync::Arc};

use serde::Serialize;

use super::then::{Context, Then};
use crate::{
    auth::Verified,
    date_time,
    error::Refusal,
    event::EventSpec,
    reply::{Outcome, Reply},
    scope::{Identity, Room, Scope},
};

/// Proof that a user belonged to a room while the room was locked. Only the pipeline makes one, after asking the
/// business logic; functions that change a room require one.
#[derive(Clone, Debug)]
pub struct Membership {
    identity: Arc<Identity>,
    room: Room,
}

impl Membership {
    /// A membership that the business logic has just confirmed, in a locked room.
    pub(super) fn proven(identity: Arc<Identity>, room: Room) -> Self {
        Membership { identity, room }
    }

    /// An unproven membership, for tests of functions that require one.
    #[cfg(feature = "testing")]
    pub fn assumed(identity: Arc<Identity>, room: Room) -> Self {
        Membership { identity, room }
    }

    /// The user.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The room.
    pub fn room(&self) -> &Room {
        &self.room
    }
}

/// A [`Membership`] in a room of the scope `S`.
#[derive(Clone, Debug)]
pub struct Member<S>(Membership, PhantomData<fn() -> S>);

impl<S> Deref for Member<S> {
    type Target = Membership;

    fn deref(&self) -> &Membership {
        &self.0
    }
}

/// An authorized call. `S` is the scope whose membership has been proven, and `A` has the further memberships of the
/// schema's `also`.
#[derive(Clone, Debug)]
pub struct Call<S: CallScope = Unscoped, A: Also = ()> {
    caller: Verified,
    member: S::Proof,
    also: A,
    context: Context,
}

impl<S: CallScope, A: Also> Call<S, A> {
    pub(super) fn new(proofs: &mut Proofs) -> Self {
        Call {
            caller: proofs.caller.clone(),
            member: S::prove(proofs),
            also: A::prove(proofs),
            context: proofs.context.clone(),
        }
    }

    /// The caller.
    pub fn identity(&self) -> &Identity {
        &self.caller.identity
    }

    /// When the caller's token stops being valid: RFC 3339 in UTC, with milliseconds.
    pub fn expires_at(&self) -> String {
        date_time::shown(self.caller.expires)
    }

    /// The other memberships that this event requires.
    pub fn also(&self) -> &A {
        &self.also
    }

    /// The reply of a durable event, made of the result of the change that the handler submits with it. The change may be
    /// tried more than once, and its reply is made each time.
    pub fn then<T: 'static, R: Reply + 'static>(&self, reply: impl Fn(T) -> R + Send + Sync + 'static) -> Then<T, R> {
        Then::new(self.context.clone(), reply)
    }

    /// Makes sure that the request is carried out only once, however often it is sent.
    pub(super) fn begin<P: Serialize>(&mut self, spec: &EventSpec, payload: &P) -> Result<Option<Outcome>, Refusal> {
        self.context.begin(&self.caller.identity.id, spec, payload)
    }
}

impl<S: Scope, A: Also> Call<S, A> {
    /// The proof that the caller belongs to the room that the event names.
    pub fn member(&self) -> &Member<S> {
        &self.member
    }
}

/// The scope of a call that names no room.
#[derive(Clone, Copy, Debug)]
pub enum Unscoped {}

/// The kinds of a [`Call`]: for a [`Scope`], or for none.
pub trait CallScope {
    /// The part of the call that belongs to the kind.
    type Proof: Clone + fmt::Debug + Send + Sync;

    #[doc(hidden)]
    fn prove(proofs: &mut Proofs) -> Self::Proof;
}

impl CallScope for Unscoped {
    type Proof = ();

    fn prove(_: &mut Proofs) {}
}

impl<S: Scope> CallScope for S {
    type Proof = Member<S>;

    fn prove(proofs: &mut Proofs) -> Member<S> {
        proofs.member()
    }
}

/// The memberships that an event requires in addition to that of its scope: a generated struct, one [`Member`] per key.
pub trait Also: Send + Sync + Sized {
    /// Takes the proofs, in the order of the schema.
    fn prove(proofs: &mut Proofs) -> Self;
}

impl Also for () {
    fn prove(_: &mut Proofs) {}
}

/// The memberships that have been proven for one call: that of the scope first, then those of `also` in the order of
/// the schema.
#[derive(Debug)]
pub struct Proofs {
    caller: Verified,
    rooms: std::vec::IntoIter<Room>,
    context: Context,
}

impl Proofs {
    /// Proofs for the rooms that, as the business logic has just confirmed, the caller belongs to.
    pub(super) fn new(caller: Verified, rooms: Vec<Room>, context: Context) -> Self {
        Proofs { caller, rooms: rooms.into_iter(), context }
    }

    /// Adds the users whom the request names.
    pub(super) fn name(&mut self, users: Arc<[Arc<str>]>) {
        self.context.users = users;
    }

    /// Makes sure that an idempotent event is carried out only once, however often it is sent. If this is a repetition,
    /// returns the outcome of the first request: then nothing is left to do.
    ///
    /// # Errors
    /// If the first one had another payload.
    pub fn begin<P: Serialize>(&mut self, spec: &EventSpec, payload: &P) -> Result<Option<Outcome>, Refusal> {
        self.context.begin(&self.caller.identity.id, spec, payload)
    }

    /// The caller.
    pub fn identity(&self) -> &Identity {
        &self.caller.identity
    }

    /// When the caller's token stops being valid: RFC 3339 in UTC, with milliseconds.
    pub fn expires_at(&self) -> String {
        date_time::shown(self.caller.expires)
    }

    /// The next proof.
    ///
    /// # Panics
    /// If the event's declaration and its handler's signature disagree, which generated code cannot bring about.
    pub fn member<S: Scope>(&mut self) -> Member<S> {
        let room = self.rooms.next().expect("one room has been proven for each scope of the event");
        assert_eq!(room.scope, S::SPEC.name, "rooms are proven in the order of the event's scopes");
        Member(Membership { identity: Arc::clone(&self.caller.identity), room }, PhantomData)
    }
}
