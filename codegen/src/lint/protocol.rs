//! A protocol as the rules look at it: everything that it declares, each with its place.

use std::collections::HashSet;

use super::Place;
use crate::model::{
    Array, ClientEvent, Doc, Field, Kind, Method, Model, Object, Operation, ServerEvent, Shape, Text, TypeDef, TypeId,
};

/// A protocol as the rules look at it.
#[derive(Debug)]
pub struct Protocol<'m> {
    /// The whole of it.
    pub model: &'m Model,
    /// All that has documentation, fields included.
    pub things: Vec<Thing<'m>>,
    /// All values: named types that are no objects, fields, items, values of maps, and answers.
    pub values: Vec<Value<'m>>,
    /// All objects with fixed keys.
    pub objects: Vec<ObjectAt<'m>>,
    /// The types that clients send values of.
    pub(super) received: HashSet<TypeId>,
    /// The types that the server sends values of.
    pub(super) sent: HashSet<TypeId>,
}

/// Something with documentation.
#[derive(Debug)]
pub struct Thing<'m> {
    /// Where it is.
    pub place: Place,
    /// What sort of thing it is.
    pub sort: Sort,
    /// Its own name: that of a field without its object's.
    pub name: &'m str,
    /// Its documentation.
    pub doc: &'m Doc,
}

/// What sort of thing has documentation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sort {
    /// `protocol`, `connect` and `disconnect`.
    Section,
    /// A kind of room.
    Scope,
    /// A limit.
    Limit,
    /// An error.
    Error,
    /// A named type.
    Type,
    /// An event that clients send.
    Request,
    /// An event that the server sends.
    Event,
    /// A REST operation.
    Operation,
    /// A field of an object.
    Field,
}

/// A value.
#[derive(Debug)]
pub struct Value<'m> {
    /// Where it is declared.
    pub place: Place,
    /// A field's name; that of the type for a named one; that of the field or type around it for items and values.
    pub name: &'m str,
    /// What it is within what is around it.
    pub role: Role,
    /// What it is for; empty where only its type says so.
    pub doc: &'m Doc,
    /// What it is.
    pub kind: &'m Kind,
    /// Whether `null` is a value.
    pub nullable: bool,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether clients send it.
    pub received: bool,
}

/// What a value is within what is around it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// A named type of its own.
    Named,
    /// A field of an object.
    Field,
    /// An item of an array, or a value of a map.
    Part,
    /// What an operation or an acknowledgement answers.
    Answer,
}

/// An object with fixed keys.
#[derive(Debug)]
pub struct ObjectAt<'m> {
    /// Where it is declared.
    pub place: Place,
    /// Its type.
    pub id: TypeId,
    /// Its name, documentation and example.
    pub def: &'m TypeDef,
    /// Its keys.
    pub object: &'m Object,
    /// How many objects without a name are around it.
    pub depth: usize,
    /// Whether clients send it.
    pub received: bool,
}

/// What a kind is where names are looked through.
#[derive(Clone, Copy, Debug)]
pub enum Base<'m> {
    /// A string.
    Text(&'m Text),
    /// A string out of a list, or the only one.
    Choice,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list.
    Array(&'m Array),
    /// An object with any keys.
    Map,
    /// An object with fixed keys.
    Object(&'m Object),
}

impl Base<'_> {
    /// What JSON calls it.
    pub fn name(self) -> &'static str {
        match self {
            Base::Text(_) | Base::Choice => "a string",
            Base::Integer => "an integer",
            Base::Number => "a number",
            Base::Boolean => "a boolean",
            Base::Array(_) => "an array",
            Base::Map | Base::Object(_) => "an object",
        }
    }
}

impl<'m> Protocol<'m> {
    /// Looks through `model`.
    pub fn new(model: &'m Model) -> Self {
        let mut protocol = Protocol {
            model,
            things: Vec::new(),
            values: Vec::new(),
            objects: Vec::new(),
            received: HashSet::new(),
            sent: HashSet::new(),
        };
        protocol.walk();
        protocol
    }

    /// The events that clients send.
    pub fn requests(&self) -> impl Iterator<Item = (Place, &'m ClientEvent)> {
        let events = self.model.domains.iter().flat_map(|domain| &domain.client);
        events.map(|event| (Place::named(&["client"], &event.name), event))
    }

    /// The events that the server sends.
    pub fn server_events(&self) -> impl Iterator<Item = (Place, &'m ServerEvent)> {
        let events = self.model.domains.iter().flat_map(|domain| &domain.server);
        events.map(|event| (Place::named(&["server"], &event.name), event))
    }

    /// The REST operations.
    pub fn rest(&self) -> impl Iterator<Item = (Place, &'m Operation)> {
        self.model.http.operations.iter().map(|operation| (Self::operation(operation), operation))
    }

    /// An operation's place.
    pub fn operation(operation: &Operation) -> Place {
        Place::named(&["http", "operations"], &operation.name)
    }

    /// A type.
    pub fn def(&self, id: TypeId) -> &'m TypeDef {
        &self.model.types[id.0]
    }

    /// The fields of a payload, if it is an object.
    pub fn fields(&self, payload: Option<TypeId>) -> &'m [Field] {
        match payload.map(|id| &self.def(id).shape) {
            Some(Shape::Object(object)) => &object.fields,
            _ => &[],
        }
    }

    /// What a kind is where names are looked through.
    pub fn base<'k>(&self, kind: &'k Kind) -> Base<'k>
    where
        'm: 'k,
    {
        match kind {
            Kind::Text(text) => Base::Text(text),
            Kind::Const(_) => Base::Choice,
            Kind::Integer(_) => Base::Integer,
            Kind::Number(_) => Base::Number,
            Kind::Boolean => Base::Boolean,
            Kind::Array(array) => Base::Array(array),
            Kind::Map(_) => Base::Map,
            Kind::Ref(id) => match &self.def(*id).shape {
                Shape::Object(object) => Base::Object(object),
                Shape::Enum(_) => Base::Choice,
                Shape::Alias(kind) => self.base(kind),
            },
        }
    }

    /// The named type that a kind is, if it is one.
    pub fn named(&self, kind: &Kind) -> Option<&'m TypeDef> {
        match kind {
            Kind::Ref(id) => Some(self.def(*id)).filter(|def| def.named),
            _ => None,
        }
    }

    /// Whether the server sends values of this type.
    pub fn is_sent(&self, id: TypeId) -> bool {
        self.sent.contains(&id)
    }

    /// Whether anything sends or receives values of this type.
    pub fn is_used(&self, id: TypeId) -> bool {
        self.sent.contains(&id) || self.received.contains(&id)
    }

    /// Everything that an exception may name.
    pub fn names(&self) -> Vec<&str> {
        let things = self.things.iter().map(|thing| thing.place.name());
        let values = self.values.iter().map(|value| value.place.name());
        let mut names: Vec<&str> = things.chain(values).chain(["gateway"]).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Those types, and all that are in them.
    pub fn closure(&self, mut open: Vec<TypeId>) -> HashSet<TypeId> {
        let mut all = HashSet::new();
        while let Some(id) = open.pop() {
            if all.insert(id) {
                self.def(id).shape.references(&mut |inner| open.push(inner));
            }
        }
        all
    }
}

/// An HTTP method, as it is written.
pub fn method_name(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}
