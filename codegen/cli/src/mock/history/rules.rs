//! The rules of rooms' histories, which follow from a schema: the things that a log mentions, and the events that change them.

use std::collections::HashMap;

use accord_language::model::{
    Ack, Array, ClientEvent, Field, Kind, Method, Model, Object, Operation, ScopeId, ServerEvent, SuccessBody, Type,
    TypeId,
};

use accord_runtime::Room;
use serde_json::{Map, Value};

use crate::mock::make::guesses;

/// A type of things that are sent to the rooms of a scope, and that an answer lists.
#[derive(Debug, Eq, PartialEq)]
pub struct Listed {
    /// The scope.
    pub scope: ScopeId,
    /// The type.
    pub ty: TypeId,
}

/// The news of a thing that an entry of a log brings.
#[derive(Debug, Eq, PartialEq)]
pub enum Tells {
    /// The payload is the thing.
    Whole,
    /// The thing is in this field of the payload.
    Part(&'static str),
    /// The thing whose id is in the field `id` has new values in these fields.
    Edited {
        /// The field with the id.
        id: &'static str,
        /// The fields.
        fields: Vec<&'static str>,
    },
    /// The thing whose id is in this field is no longer there.
    Removed(&'static str),
    /// Something about the thing whose id is in this field, such as a reaction to it.
    About(&'static str),
}

/// A list in an answer: the field that has it, unless it is all of the answer; the type of the things in it; and its bounds.
pub type List = (Option<&'static str>, TypeId, &'static Array);

/// The rules of all scopes.
pub struct Rules {
    /// The model.
    pub model: &'static Model,
    /// The types of things that answers list.
    pub listed: Vec<Listed>,
    /// The news of these things that each durable event brings, by its name.
    pub tells: HashMap<&'static str, Vec<(TypeId, Tells)>>,
}

impl Rules {
    /// The rules that follow from a model.
    pub fn new(model: &'static Model) -> Self {
        let mut rules = Rules { model, listed: Vec::new(), tells: HashMap::new() };
        for (scope, ty) in answers(model) {
            for (_, listed, _) in lists(model, ty) {
                let listed = Listed { scope, ty: listed };
                if !rules.listed.contains(&listed) && rules.is_sent(&listed) {
                    rules.listed.push(listed);
                }
            }
        }
        for event in model.server_events().filter(|event| event.durable) {
            let listed = rules.listed.iter().filter(|listed| event.scope == Some(listed.scope));
            let tells =
                listed.flat_map(|listed| rules.tells(event, listed).into_iter().map(|tells| (listed.ty, tells)));
            let tells = tells.collect::<Vec<_>>();
            rules.tells.insert(&event.name, tells);
        }
        rules
    }

    /// The list in an answer that shows what was sent.
    pub fn list(&self, scope: ScopeId, answer: &'static Type) -> Option<List> {
        lists(self.model, answer).find(|(_, ty, _)| self.listed.contains(&Listed { scope, ty: *ty }))
    }

    /// The type of the ids of things of this type, if it has a name of its own: then a field of this type means such a thing.
    pub fn id_type(&self, ty: TypeId) -> Option<&'static Kind> {
        let id = field(self.model.object(ty)?, guesses::ID)?;
        Some(&id.ty.kind).filter(|kind| matches!(kind, Kind::Ref(_)))
    }

    /// Whether a durable event brings such a thing to a room.
    fn is_sent(&self, listed: &Listed) -> bool {
        let mut events = self.model.server_events().filter(|event| event.durable && event.scope == Some(listed.scope));
        events.any(|event| self.brings(event, listed).next().is_some())
    }

    /// Where an event's payload has such a thing.
    fn brings(&self, event: &'static ServerEvent, listed: &Listed) -> impl Iterator<Item = Tells> + use<> {
        let ty = listed.ty;
        let whole = (event.payload == Some(ty)).then_some(Tells::Whole);
        let payload = event.payload.filter(|payload| *payload != ty).and_then(|id| self.model.object(id));
        let fields = payload.into_iter().flat_map(|object| &object.fields);
        let parts = fields.filter(move |field| field.ty.kind == Kind::Ref(ty)).map(|field| Tells::Part(&field.name));
        whole.into_iter().chain(parts)
    }

    /// The news that an event brings of things of a listed type.
    fn tells(&self, event: &'static ServerEvent, listed: &Listed) -> Vec<Tells> {
        let brought: Vec<_> = self.brings(event, listed).collect();
        if brought.is_empty() { self.changes(event, listed).into_iter().collect() } else { brought }
    }

    /// The news of a thing that an event does not carry, but names by a field of the type of its id. If all other fields
    /// are fields of the thing, they are its new values. If there are none besides the room's key, the event's name says
    /// whether the thing is gone. The meaning of any other event is unknown.
    fn changes(&self, event: &'static ServerEvent, listed: &Listed) -> Option<Tells> {
        let thing = self.model.object(listed.ty)?;
        let id_type = self.id_type(listed.ty)?;
        let payload = self.model.object(event.payload?)?;
        let id = payload.fields.iter().find(|field| field.ty.kind == *id_type)?;
        let key = &self.model.scopes[listed.scope.0].key;
        let mut others = payload.fields.iter().filter(|field| field.name != id.name && field.name != *key).peekable();
        if others.peek().is_none() {
            return Some(match guesses::is_removal(&event.name) {
                true => Tells::Removed(&id.name),
                false => Tells::About(&id.name),
            });
        }
        let is_of_thing = |other: &&Field| field(thing, &other.name).is_some_and(|field| is_value_of(field, other));
        let fields = others.map(|other| is_of_thing(&other).then_some(other.name.as_str())).collect::<Option<_>>();
        Some(fields.map_or(Tells::About(&id.name), |fields| Tells::Edited { id: &id.name, fields }))
    }

    /// Whether a thing belongs to a room: to the one that it names, if it names one.
    pub fn is_of(&self, thing: &Map<String, Value>, room: &Room) -> bool {
        let key = self.model.scopes.iter().find(|scope| scope.name == room.scope).map(|scope| &scope.key);
        key.and_then(|key| thing.get(key)).is_none_or(|id| *id == room.id)
    }

    /// The fields of a type that may contain things that were sent.
    pub fn embeds(&self, ty: Option<TypeId>) -> impl Iterator<Item = &'static Field> {
        let object = ty.and_then(|id| self.model.object(id));
        let has_id = |field: &&Field| {
            let Kind::Ref(id) = field.ty.kind else { return false };
            let id_type = self.id_type(id);
            id_type.is_some() && self.listed.iter().any(|listed| self.id_type(listed.ty) == id_type)
        };
        object.into_iter().flat_map(|object| &object.fields).filter(has_id)
    }
}

/// The answers of whatever reads something of a room of a scope with a log.
fn answers(model: &'static Model) -> impl Iterator<Item = (ScopeId, &'static Type)> {
    let operations = model.http.operations.iter().filter_map(|operation| Some((operation.scope?, read_by(operation)?)));
    let events = model.client_events().filter_map(|event| Some((event.scope?, asked_by(event)?)));
    operations.chain(events).filter(|(scope, _)| model.log_of(*scope).is_some())
}

/// The answer to an operation that only reads.
pub fn read_by(operation: &Operation) -> Option<&Type> {
    match &operation.success.body {
        SuccessBody::Json { ty, .. } if operation.method == Method::Get => Some(ty),
        _ => None,
    }
}

/// The answer to an event that only asks for it: nothing follows from it.
pub fn asked_by(event: &ClientEvent) -> Option<&Type> {
    match &event.ack {
        Ack::Type(ty) if event.emits.is_empty() => Some(ty),
        _ => None,
    }
}

/// The lists of objects in an answer.
fn lists(model: &'static Model, answer: &'static Type) -> impl Iterator<Item = List> {
    let fields = match answer.kind {
        Kind::Ref(id) => model.object(id),
        _ => None,
    };
    let fields =
        fields.into_iter().flat_map(|object| &object.fields).map(|field| (Some(field.name.as_str()), &field.ty));
    std::iter::once((None, answer)).chain(fields).filter_map(|(name, ty)| match &ty.kind {
        Kind::Array(array) => match array.items.kind {
            Kind::Ref(id) => Some((name, id, array)),
            _ => None,
        },
        _ => None,
    })
}

/// Whether the values of a field are values of another one.
fn is_value_of(field: &Field, other: &Field) -> bool {
    fn is_same(kind: &Kind, other: &Kind) -> bool {
        match (kind, other) {
            (Kind::Array(array), Kind::Array(other)) => is_same(&array.items.kind, &other.items.kind),
            (kind, other) => kind == other,
        }
    }
    is_same(&field.ty.kind, &other.ty.kind) && (field.ty.nullable || !other.ty.nullable)
}

fn field(object: &'static Object, name: &str) -> Option<&'static Field> {
    object.fields.iter().find(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(path: &str) -> &'static Model {
        Box::leak(Box::new(accord_language::load(path).unwrap_or_else(|errors| panic!("{errors}"))))
    }

    #[test]
    fn the_rules_follow_from_the_schema() {
        let rules = Rules::new(model("../../schema/chat.yaml"));
        let name = |ty: &TypeId| rules.model.types[ty.0].name.as_str();
        let listed: Vec<_> = rules.listed.iter().map(|Listed { ty, .. }| name(ty)).collect();
        assert_eq!(listed, ["Message", "DirectMessage"]);
        let told = |event: &str| -> Vec<_> { rules.tells[event].iter().map(|(ty, tells)| (name(ty), tells)).collect() };
        let edited = Tells::Edited { id: "messageId", fields: vec!["content", "updatedAt"] };
        assert_eq!(told("new_message"), [("Message", &Tells::Whole)]);
        assert_eq!(told("message_edited"), [("Message", &edited)]);
        assert_eq!(told("message_deleted"), [("Message", &Tells::Removed("messageId"))]);
        let parts = ["originalMessage", "message"].map(Tells::Part);
        assert_eq!(told("message_forwarded"), [("Message", &parts[0]), ("Message", &parts[1])]);
        assert_eq!(told("message_forwarded_to_direct"), [("DirectMessage", &parts[1])]);
        assert_eq!(told("direct_message_edited"), [("DirectMessage", &edited)]);
        for event in ["reaction_added", "reaction_removed"] {
            assert_eq!(told(event), [("Message", &Tells::About("messageId"))], "{event}");
        }
        for event in ["member_added", "members_changed"] {
            assert_eq!(told(event), [], "{event}");
        }
        assert!(!rules.tells.contains_key("message_read"), "which is in no log");
    }

    #[test]
    fn what_no_answer_lists_is_not_kept() {
        let rules = Rules::new(model("../rust/tests/corner_cases/logs.yaml"));
        assert_eq!(rules.listed, []);
        assert_eq!(rules.tells["said"], []);
    }
}
