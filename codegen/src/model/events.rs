//! Events: what clients send, what the server sends, and what leads from one to the other.

use serde_json::Value;

use super::{Doc, ErrorId, LimitId, Model, ScopeId, Type, TypeId};

/// A file of events.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The file's stem, snake_case.
    pub name: String,
    /// What it is for.
    pub doc: Doc,
    /// The events that clients send.
    pub client: Vec<ClientEvent>,
    /// The events that the server sends.
    pub server: Vec<ServerEvent>,
}

/// An event that clients send.
#[derive(Clone, Debug)]
pub struct ClientEvent {
    /// snake_case, as on the wire.
    pub name: String,
    /// What it is for.
    pub doc: Doc,
    /// What it carries, if anything.
    pub payload: Option<TypeId>,
    /// The scope of the room that it has to do with: membership is proven before the handler runs.
    pub scope: Option<ScopeId>,
    /// Further memberships that it asks for.
    pub also: Vec<AlsoScope>,
    /// Done by the gateway: no handler.
    pub room: Option<RoomAction>,
    /// `None` where the schema says `unlimited`.
    pub limit: Option<LimitId>,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// What its acknowledgement says.
    pub ack: Ack,
    /// What its handler may answer.
    pub errors: Vec<ErrorId>,
    /// What a fault of the server's own is called.
    pub failure: String,
    /// A valid value.
    pub example: Option<Value>,
}

/// A further membership that an event asks for.
#[derive(Clone, Debug)]
pub struct AlsoScope {
    /// The payload's field.
    pub key: String,
    /// The scope of the room that it names.
    pub scope: ScopeId,
}

/// What the gateway itself does with the scope's room.
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
    /// Who gets it.
    pub to: Target,
    /// Whether a handler may have no cause to emit it.
    pub optional: bool,
}

/// Who gets a server event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    /// The socket that asked.
    Caller,
    /// The room of the event's scope, the caller included if joined.
    Scope,
    /// The room of the event's scope, without the caller's socket.
    Others,
    /// Every socket of the caller's user.
    User,
    /// The room of the `also` at this index.
    Also(usize),
    /// The room of this scope that is the user's own: whose id is the user's. Only as sockets come and go.
    Own(ScopeId),
}

/// What an acknowledgement says.
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
    /// What it is for.
    pub doc: Doc,
    /// What it carries, if anything.
    pub payload: Option<TypeId>,
    /// The scope whose room gets it; `None` for what a single socket gets.
    pub scope: Option<ScopeId>,
    /// A valid value.
    pub example: Option<Value>,
}

/// The handshake and what follows it.
#[derive(Clone, Debug)]
pub struct Connect {
    /// What it is for.
    pub doc: Doc,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// The errors that it may be answered with.
    pub errors: Vec<ErrorId>,
    /// What a fault of the server's own is called.
    pub failure: String,
}

/// The end of a socket, and what follows it.
#[derive(Clone, Debug)]
pub struct Disconnect {
    /// What it is for.
    pub doc: Doc,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// What a fault of the server's own is called.
    pub failure: String,
}

impl Model {
    /// The server events that nobody asks for: those that follow as sockets come and go.
    pub fn unasked(&self) -> impl Iterator<Item = &Emit> {
        self.connect.emits.iter().chain(self.disconnect.iter().flat_map(|disconnect| &disconnect.emits))
    }
}

/// The scopes whose rooms of the user's own something is emitted to, each once.
pub fn own_scopes(emits: &[Emit]) -> Vec<ScopeId> {
    let mut scopes = Vec::new();
    for emit in emits {
        if let Target::Own(scope) = emit.to
            && !scopes.contains(&scope)
        {
            scopes.push(scope);
        }
    }
    scopes
}

/// What the gateway itself answers with.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// The server event that carries a failure.
    pub error_event: String,
    /// The limit of events that the schema does not have; `None` for `unlimited`.
    pub unknown_limit: Option<LimitId>,
    /// A handshake or request by a client of a version that is not served; `None` where nobody looks at it.
    pub version_refused: Option<ErrorId>,
    /// A handshake or request without a token.
    pub token_missing: ErrorId,
    /// A handshake or request whose token is refused.
    pub token_refused: ErrorId,
    /// A socket whose token expires.
    pub token_expired: ErrorId,
    /// An event that the schema does not have.
    pub unknown_event: ErrorId,
    /// A payload that breaks a rule of its type.
    pub invalid_payload: ErrorId,
    /// An exhausted limit.
    pub rate_limited: ErrorId,
    /// A fault of the server's own.
    pub internal: ErrorId,
    /// An operation for administrators that somebody else calls.
    pub admin_only: ErrorId,
}
