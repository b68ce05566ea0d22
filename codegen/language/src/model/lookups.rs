//! Lookups in a model: events and operations by name, and causes of events.

use super::{
    ClientEvent, Domain, Emit, Kind, Model, Object, Operation, RoomAction, ScopeId, ServerEvent, Shape, Target, TypeId,
};

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
        self.client_event_in(name).map(|(_, event)| event)
    }

    /// The same, with the domain that it is in.
    pub fn client_event_in(&self, name: &str) -> Option<(&Domain, &ClientEvent)> {
        let (domain, event) = *self.names.client.get(name)?;
        let domain = &self.domains[domain];
        Some((domain, &domain.client[event]))
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
        self.server_event_in(name).map(|(_, event)| event)
    }

    /// The same, with the domain that it is in.
    pub fn server_event_in(&self, name: &str) -> Option<(&Domain, &ServerEvent)> {
        let (domain, event) = *self.names.server.get(name)?;
        let domain = &self.domains[domain];
        Some((domain, &domain.server[event]))
    }

    /// The REST operation of this name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.names.operations.get(name).map(|index| &self.http.operations[*index])
    }

    /// The type of this name, whether the schema names it or it is written inline.
    pub fn type_called(&self, name: &str) -> Option<TypeId> {
        self.names.types.get(name).copied()
    }

    /// The event that renews a connection with a new token.
    pub fn renewal_event(&self) -> Option<&ClientEvent> {
        self.client_events().find(|event| event.renews.is_some())
    }

    /// The first event that every socket receives once it is connected.
    pub fn welcome(&self) -> Option<&Emit> {
        self.connect.emits.iter().find(|emit| emit.always_answers())
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

    /// Returns whether the type of failures has a field.
    fn failure_has(&self, name: &str) -> bool {
        self.server_event(&self.gateway.error_event)
            .and_then(|event| event.payload)
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

    /// All causes of server events: client events, operations, connects and disconnects.
    pub fn emits(&self) -> impl Iterator<Item = &Emit> {
        let events = self.client_events().flat_map(|event| &event.emits);
        let operations = self.http.operations.iter().flat_map(|operation| &operation.emits);
        events.chain(operations).chain(self.unasked())
    }

    /// Returns whether a server event has a cause, or the gateway or business logic sends it without one.
    pub fn is_sent(&self, event: &ServerEvent) -> bool {
        event.name == self.gateway.error_event
            || event.anytime.is_some()
            || self.caught_up_of(&event.name).is_some()
            || self.names.emitted.contains(&event.name)
    }

    /// The server events without a request: those that follow a connect or disconnect.
    pub fn unasked(&self) -> impl Iterator<Item = &Emit> {
        self.connect.emits.iter().chain(self.disconnect.iter().flat_map(|disconnect| &disconnect.emits))
    }
}

/// The scopes of the user's own rooms that get events, each once.
pub fn own_scopes(emits: &[Emit]) -> Vec<ScopeId> {
    let mut scopes = Vec::new();
    for emit in emits {
        for target in &emit.to {
            if let Target::Own(scope) = target
                && !scopes.contains(scope)
            {
                scopes.push(*scope);
            }
        }
    }
    scopes
}
