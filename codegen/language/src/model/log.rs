//! The logs of rooms, and the fields that they add to values.

use std::time::Duration;

use super::{
    Ack, Bounds, ClientEvent, Doc, Emit, ErrorId, Field, Kind, Model, Place, RoomAction, ScopeId, ServerEvent, Target,
    Type, TypeId,
};

/// The field that has the number of a log's entry.
pub const SEQ: &str = "seq";

/// The field that has a position in a log, where a room is joined and where a replay ends.
pub const POSITION: &str = "position";

/// The field of an event that joins a room, with the position after which the client wants its log.
pub const SINCE: &str = "since";

/// The log of a scope's rooms.
#[derive(Clone, Debug, PartialEq)]
pub struct ScopeLog {
    /// The type of a position: `{ epoch, seq }`.
    pub position: TypeId,
    /// The server event that ends a replay.
    pub caught_up: String,
    /// How long entries are kept.
    pub keep: Duration,
    /// How many entries a room keeps.
    pub entries: u64,
    /// How long entries are kept at least, however many there are.
    pub floor: Duration,
    /// Its place in the schema.
    pub place: Place,
}

/// A value that the server sends, as clients see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The type that the schema declares.
    pub ty: Type,
    /// The field that the gateway adds at the top level of the value, which then is an object.
    pub seq: Option<Field>,
}

impl Model {
    /// The payload of a server event, as clients see it.
    pub fn shown_payload(&self, event: &ServerEvent) -> Option<Shown> {
        let ty = Type::of(event.payload?);
        let seq = event.durable.then(|| seq("The number of this event in the log of its room.", 1));
        Some(Shown { ty, seq })
    }

    /// The content of an acknowledgement, as clients see it; `None` where it is `null`.
    pub fn shown_ack(&self, event: &ClientEvent) -> Option<Shown> {
        let ty = match &event.ack {
            Ack::None => return None,
            Ack::Emitted(index) => Type::of(event.emits[*index].payload?),
            Ack::Type(ty) => ty.clone(),
        };
        let numbered = event.durable && self.is_object(&ty);
        Some(Shown { ty, seq: numbered.then(|| self.seq_of_ack(event)) })
    }

    /// If nothing has changed, an acknowledgement has the number of the last entry, and a new log has none yet.
    fn seq_of_ack(&self, event: &ClientEvent) -> Field {
        let always = event.emits.iter().any(|emit| !emit.optional && self.is_durable(emit));
        match always {
            true => seq("The number of the emitted event in the log of its room.", 1),
            false => {
                seq("The number of the emitted event in the log of its room; that of the last one if there is none.", 0)
            }
        }
    }

    fn is_object(&self, ty: &Type) -> bool {
        !ty.nullable && matches!(ty.kind, Kind::Ref(id) if self.object(id).is_some())
    }

    /// Returns whether what is emitted is an entry of a room's log.
    pub fn is_durable(&self, emit: &Emit) -> bool {
        self.server_event(&emit.event).is_some_and(|event| event.durable)
    }

    /// The errors that the handler of a client event can return. If the event is idempotent, they include that of a
    /// repetition with different content.
    pub fn handler_errors(&self, event: &ClientEvent) -> Vec<ErrorId> {
        let conflict = self.gateway.idempotency_conflict.filter(|_| event.idempotent.is_some());
        let conflict = conflict.filter(|conflict| !event.errors.contains(conflict));
        event.errors.iter().copied().chain(conflict).collect()
    }

    /// The room whose log gets the durable events of a client event: its index among the room of the event's scope, if
    /// it has one, and those of its `also`. `None` if no durable event follows.
    pub fn log_room(&self, event: &ClientEvent) -> Option<usize> {
        let emit = event.emits.iter().find(|emit| self.is_durable(emit))?;
        emit.to.iter().find_map(|target| match target {
            Target::Scope => Some(0),
            Target::Also(index) => Some(index + usize::from(event.scope.is_some())),
            _ => None,
        })
    }

    /// The log of the scope's rooms, if they have one.
    pub fn log_of(&self, scope: ScopeId) -> Option<&ScopeLog> {
        self.scopes[scope.0].log.as_ref()
    }

    /// The log of the rooms that a client event joins, if they have one.
    pub fn joined_log(&self, event: &ClientEvent) -> Option<&ScopeLog> {
        event.scope.filter(|_| event.room == Some(RoomAction::Join)).and_then(|scope| self.log_of(scope))
    }

    /// The scope whose rooms' replays a server event ends, if it ends any.
    pub fn caught_up_of(&self, event: &str) -> Option<ScopeId> {
        self.names.caught_up.get(event).copied()
    }
}

/// The field that the gateway adds.
fn seq(summary: &str, minimum: i64) -> Field {
    let doc = Doc { summary: summary.to_owned(), ..Doc::default() };
    let kind = Kind::Integer(Bounds { minimum: Some(minimum), ..Bounds::default() });
    let place = Place::default();
    let ty = Type { kind, nullable: false, recursive: false, place: place.clone() };
    Field { name: SEQ.to_owned(), doc, required: true, required_place: place.clone(), ty, place }
}
