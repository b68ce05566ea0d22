//! Rooms, and the proof that a caller belongs to one.

use std::{fmt, marker::PhantomData, ops::Deref, sync::Arc};

use crate::error::ErrorSpec;

/// Who is calling, as the token's issuer says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// The user's id.
    pub id: String,
    /// The name to show; the id where the token has none.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The address of a picture.
    pub image: Option<String>,
    /// Whether the token marks an administrator.
    pub admin: bool,
}

/// A kind of room that the schema declares.
pub trait Scope: Clone + fmt::Debug + Send + Sync + 'static {
    /// What the schema says of it.
    const SPEC: &'static ScopeSpec;
}

/// What the schema says of a scope.
#[derive(Debug, Eq, PartialEq)]
pub struct ScopeSpec {
    /// Its name.
    pub name: &'static str,
    /// The answer to a caller that does not belong to the room, and to one that names a room that does not exist.
    pub denied: &'static ErrorSpec,
}

/// One room: rooms of different scopes never mix, whatever their ids.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Room {
    /// The scope's name.
    pub scope: &'static str,
    /// The room's id within its scope.
    pub id: String,
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scope, self.id)
    }
}

/// Proof that a user belonged to a room while the room was held. Only this crate makes one, after asking the business
/// logic; what changes a room asks for one.
#[derive(Clone, Debug)]
pub struct Membership {
    identity: Arc<Identity>,
    room: Room,
}

impl Membership {
    /// The user belongs to the room, which is held: the business logic has said so.
    pub(crate) fn proven(identity: Arc<Identity>, room: Room) -> Self {
        Membership { identity, room }
    }

    /// A membership that nobody has proven, for tests of what asks for one.
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

/// An authorized call: a handler that has one runs for a caller who may. `S` is the scope whose membership has been
/// proven, `A` what the schema's `also` proves besides.
#[derive(Clone, Debug)]
pub struct Call<S: CallScope = Unscoped, A: Also = ()> {
    identity: Arc<Identity>,
    member: S::Proof,
    also: A,
}

impl<S: CallScope, A: Also> Call<S, A> {
    pub(crate) fn new(proofs: &mut Proofs) -> Self {
        Call { identity: Arc::clone(&proofs.identity), member: S::prove(proofs), also: A::prove(proofs) }
    }

    /// Who is calling.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The other memberships that this event asks for.
    pub fn also(&self) -> &A {
        &self.also
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

/// What a [`Call`] can be for: a [`Scope`], or none.
pub trait CallScope {
    /// What the call carries for it.
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

/// The memberships that an event asks for besides that of its scope: a generated struct, one [`Member`] per key.
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
    identity: Arc<Identity>,
    rooms: std::vec::IntoIter<Room>,
}

impl Proofs {
    /// The rooms of which the business logic has said, just now, that the caller belongs to them.
    pub(crate) fn new(identity: Arc<Identity>, rooms: Vec<Room>) -> Self {
        Proofs { identity, rooms: rooms.into_iter() }
    }

    /// Who is calling.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The next proof.
    ///
    /// # Panics
    /// If the event's declaration and its handler's signature disagree, which generated code cannot bring about.
    pub fn member<S: Scope>(&mut self) -> Member<S> {
        let room = self.rooms.next().expect("one room has been proven for each scope of the event");
        assert_eq!(room.scope, S::SPEC.name, "rooms are proven in the order of the event's scopes");
        Member(Membership { identity: Arc::clone(&self.identity), room }, PhantomData)
    }
}
