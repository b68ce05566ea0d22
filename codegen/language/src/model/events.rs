//! Events: what clients send, what the server sends, and what leads from one to the other.

use serde_json::Value;

use super::{Doc, ErrorId, Kind, LimitId, Model, Object, Operation, Place, ScopeId, Shape, Type, TypeId};

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
    /// The scope of the room that it has to do with: membership is proven before the handler runs.
    pub scope: Option<ScopeId>,
    /// Further memberships that it asks for.
    pub also: Vec<AlsoScope>,
    /// Done by the gateway: no handler.
    pub room: Option<RoomAction>,
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

impl ClientEvent {
    /// Returns whether business logic carries it out, and not the gateway itself.
    pub fn has_handler(&self) -> bool {
        self.room.is_none() && self.renews.is_none()
    }
}

/// A further membership that an event asks for.
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
    /// Its receivers.
    pub to: Target,
    /// `true` if a handler may have no cause to emit it.
    pub optional: bool,
    /// Its place in the schema.
    pub place: Place,
}

/// The receivers of a server event.
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
    /// The scope whose room gets it; `None` for what a single socket gets.
    pub scope: Option<ScopeId>,
    /// A valid value.
    pub example: Option<Value>,
    /// Its place in the schema.
    pub place: Place,
}

/// The handshake, and the events that follow it.
#[derive(Clone, Debug)]
pub struct Connect {
    /// Its documentation.
    pub doc: Doc,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// The errors that it may be answered with.
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

/// A room that an event's failures name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NamedRoom<'m> {
    /// The payload's field.
    pub field: &'m str,
    /// The failure's field: the key of the room's scope.
    pub named_as: &'m str,
}

impl Model {
    /// The events that clients send, in the order of the schema.
    pub fn client_events(&self) -> impl Iterator<Item = &ClientEvent> {
        self.domains.iter().flat_map(|domain| &domain.client)
    }

    /// The event of this name that clients send.
    pub fn client_event(&self, name: &str) -> Option<&ClientEvent> {
        self.client_events().find(|event| event.name == name)
    }

    /// The client event that joins the rooms of `scope`, and the one that leaves them.
    pub fn room_event(&self, scope: &str, action: RoomAction) -> Option<&ClientEvent> {
        self.client_events().find(|event| {
            let same = event.scope.is_some_and(|id| self.scopes[id.0].name == scope);
            same && event.room == Some(action)
        })
    }

    /// The events that the server sends, in the order of the schema.
    pub fn server_events(&self) -> impl Iterator<Item = &ServerEvent> {
        self.domains.iter().flat_map(|domain| &domain.server)
    }

    /// The event of this name that the server sends.
    pub fn server_event(&self, name: &str) -> Option<&ServerEvent> {
        self.server_events().find(|event| event.name == name)
    }

    /// The REST operation of this name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.http.operations.iter().find(|operation| operation.name == name)
    }

    /// The event that hands in a new token.
    pub fn renewal_event(&self) -> Option<&ClientEvent> {
        self.client_events().find(|event| event.renews.is_some())
    }

    /// The first event that every socket receives once it is connected.
    pub fn welcome(&self) -> Option<&Emit> {
        self.connect.emits.iter().find(|emit| emit.to == Target::Caller && !emit.optional)
    }

    /// The rooms that an event's failures name as its payload does: those whose scopes' keys are fields of a failure. Where
    /// there are several of a scope, it is the first.
    pub fn named_rooms<'m>(&'m self, event: &'m ClientEvent) -> Vec<NamedRoom<'m>> {
        let key = |scope: ScopeId| self.scopes[scope.0].key.as_str();
        let own = event.scope.map(|scope| (key(scope), key(scope)));
        let also = event.also.iter().map(|also| (also.key.as_str(), key(also.scope)));
        let mut named: Vec<NamedRoom<'m>> = Vec::new();
        for (field, named_as) in own.into_iter().chain(also) {
            if self.failure_has(named_as) && !named.iter().any(|room| room.named_as == named_as) {
                named.push(NamedRoom { field, named_as });
            }
        }
        named
    }

    /// Returns whether what carries a failure has a field.
    fn failure_has(&self, name: &str) -> bool {
        let mut payloads = self.server_events().filter(|event| event.name == self.gateway.error_event);
        payloads
            .find_map(|event| event.payload)
            .and_then(|id| self.object(id))
            .is_some_and(|object| object.fields.iter().any(|field| field.name == name))
    }

    /// The object that a type is, behind all names.
    pub fn object(&self, id: TypeId) -> Option<&Object> {
        match &self.types[id.0].shape {
            Shape::Object(object) => Some(object),
            Shape::Alias(Kind::Ref(id)) => self.object(*id),
            Shape::Alias(_) | Shape::Enum(_) => None,
        }
    }

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

/// The errors that the gateway itself answers with.
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
    /// Its place in the schema.
    pub place: Place,
}
