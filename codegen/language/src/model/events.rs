//! Events of clients and of the server, and their connections.

use serde_json::Value;

use super::{Doc, ErrorId, LimitId, Place, ScopeId, Type, TypeId};

/// A file of events.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The file's stem, snake_case.
    pub name: String,
    /// Its documentation.
    pub doc: Doc,
    /// The events that clients send.
    pub client: Vec<ClientEvent>,
    /// The events that the server sends.
    pub server: Vec<ServerEvent>,
    /// Its place in the schema.
    pub place: Place,
}

/// An event that clients send.
#[derive(Clone, Debug)]
pub struct ClientEvent {
    /// snake_case, as on the wire.
    pub name: String,
    /// Its documentation.
    pub doc: Doc,
    /// The type of its payload, if it has one.
    pub payload: Option<TypeId>,
    /// The scope of its room. Membership is proven before the handler runs.
    pub scope: Option<ScopeId>,
    /// Further memberships that it requires.
    pub also: Vec<AlsoScope>,
    /// Done by the gateway: no handler.
    pub room: Option<RoomAction>,
    /// The payload's field with an id that the client chooses. It identifies a repetition, which has no further effect.
    pub idempotent: Option<String>,
    /// `true` if it leads to an entry of a room's log.
    pub durable: bool,
    /// The payload's field that has a new token, with which the gateway renews the connection: no handler.
    pub renews: Option<String>,
    /// `None` where the schema says `unlimited`.
    pub limit: Option<LimitId>,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// The content of its acknowledgement.
    pub ack: Ack,
    /// The errors that its handler may answer.
    pub errors: Vec<ErrorId>,
    /// The message of an internal error.
    pub failure: String,
    /// A valid value.
    pub example: Option<Value>,
    /// Its place in the schema.
    pub place: Place,
}

impl Emit {
    /// Returns whether every call leads to it, and the caller's socket gets it.
    pub fn always_answers(&self) -> bool {
        !self.optional && self.to.contains(&Target::Caller)
    }
}

impl ClientEvent {
    /// Returns whether business logic carries it out, and not the gateway itself.
    pub fn has_handler(&self) -> bool {
        self.room.is_none() && self.renews.is_none()
    }
}

/// A further membership that an event requires.
#[derive(Clone, Debug)]
pub struct AlsoScope {
    /// The payload's field.
    pub key: String,
    /// The scope of the room that it names.
    pub scope: ScopeId,
    /// Its place in the schema.
    pub place: Place,
}

/// The gateway's action on the scope's room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RoomAction {
    /// The socket joins it.
    Join,
    /// The socket leaves it.
    Leave,
}

/// A server event that something leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Emit {
    /// The server event's name.
    pub event: String,
    /// The server event's payload.
    pub payload: Option<TypeId>,
    /// Its receivers, one or more.
    pub to: Vec<Target>,
    /// `true` if a handler may have no cause to emit it.
    pub optional: bool,
    /// `true` if a handler may emit it several times. It is optional, too.
    pub many: bool,
    /// Its place in the schema.
    pub place: Place,
}

/// The receivers of a server event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    /// The caller's socket.
    Caller,
    /// The room of the event's scope, the caller included if joined.
    Scope,
    /// The room of the event's scope, without the caller's socket.
    Others,
    /// Every socket of the caller's user.
    User,
    /// The room of the `also` at this index.
    Also(usize),
    /// The user's own room of this scope, whose id is the user's. Only for a connect or disconnect.
    Own(ScopeId),
    /// Every socket of the user whose id is in this field of the payload or input.
    UserOf(String),
    /// The room at this index of [`Operation::rooms`](super::Operation::rooms).
    Room(usize),
}

/// The content of an acknowledgement.
#[derive(Clone, Debug, PartialEq)]
pub enum Ack {
    /// `data` is `null`.
    None,
    /// The same value as the `emits` at this index, which is not optional.
    Emitted(usize),
    /// A value of this type.
    Type(Type),
}

/// An event that the server sends.
#[derive(Clone, Debug)]
pub struct ServerEvent {
    /// Its name in the schema.
    pub name: String,
    /// Its documentation.
    pub doc: Doc,
    /// The type of its payload, if it has one.
    pub payload: Option<TypeId>,
    /// The scope whose room gets it; `None` if a single socket gets it.
    pub scope: Option<ScopeId>,
    /// `true` if the schema says that a log does not keep it.
    pub volatile: bool,
    /// `true` if it is an entry of its room's log.
    pub durable: bool,
    /// The users whose sockets leave the room before the event, and do not receive it.
    pub evicts: Option<Evicts>,
    /// Its receivers outside of a call, if business logic may emit it then.
    pub anytime: Option<Anytime>,
    /// A valid value.
    pub example: Option<Value>,
    /// Its place in the schema.
    pub place: Place,
}

/// The users whose sockets leave a room before a server event, and do not receive it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Evicts {
    /// The one whose id is in this field of the payload.
    User(String),
    /// All who are no longer members.
    FormerMembers,
}

/// The receivers of a server event that business logic emits outside of a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Anytime {
    /// A room of the event's scope.
    Scope,
    /// Every socket of a user.
    User,
}

/// The handshake, and the events that follow it.
#[derive(Clone, Debug)]
pub struct Connect {
    /// Its documentation.
    pub doc: Doc,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// The errors that can refuse it.
    pub errors: Vec<ErrorId>,
    /// The message of an internal error.
    pub failure: String,
    /// Its place in the schema.
    pub place: Place,
}

/// The end of a socket, and what follows it.
#[derive(Clone, Debug)]
pub struct Disconnect {
    /// Its documentation.
    pub doc: Doc,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// The message of an internal error.
    pub failure: String,
    /// Its place in the schema.
    pub place: Place,
}

/// The errors that the gateway itself answers with.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// The server event that carries a failure.
    pub error_event: String,
    /// The limit of unknown events; `None` for `unlimited`.
    pub unknown_limit: Option<LimitId>,
    /// A handshake or request by a client of a version that is not served; `None` if the server does not check
    /// versions.
    pub version_refused: Option<ErrorId>,
    /// A handshake or request without a token.
    pub token_missing: ErrorId,
    /// A handshake or request whose token is refused.
    pub token_refused: ErrorId,
    /// A socket whose token expires.
    pub token_expired: ErrorId,
    /// An unknown event.
    pub unknown_event: ErrorId,
    /// A payload that breaks a rule of its type.
    pub invalid_payload: ErrorId,
    /// An exhausted limit.
    pub rate_limited: ErrorId,
    /// A fault of the server.
    pub internal: ErrorId,
    /// An operation for administrators, called by another user.
    pub admin_only: ErrorId,
    /// A join from a position after which the log no longer has every entry; `None` if no room has a log.
    pub position_lost: Option<ErrorId>,
    /// A repetition of an idempotent event with different content; `None` if no event is idempotent.
    pub idempotency_conflict: Option<ErrorId>,
    /// Its place in the schema.
    pub place: Place,
}
