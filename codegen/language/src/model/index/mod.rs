//! An index of a model: everything that it declares, each with its name and its place.

mod walk;

use std::collections::HashSet;

use super::{
    Array, ClientEvent, Doc, Field, Kind, Model, Object, Operation, Place, ServerEvent, Shape, Text, TypeDef, TypeId,
};

/// An index of a model.
#[derive(Debug)]
pub struct Index<'m> {
    /// The model.
    pub model: &'m Model,
    /// All declarations with documentation, including fields.
    pub things: Vec<Thing<'m>>,
    /// All values: named types that are not objects, fields, items, values of maps, and answers.
    pub values: Vec<Value<'m>>,
    /// All objects with fixed keys.
    pub objects: Vec<ObjectAt<'m>>,
    /// The types that clients send values of.
    received: HashSet<TypeId>,
    /// The types that the server sends values of.
    sent: HashSet<TypeId>,
}

/// A part of a schema with a name and a place.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its name, as exceptions write it: `send_message.content`.
    pub name: String,
    /// Its place in the schema.
    pub place: Place,
}

impl Subject {
    /// Makes the subject with this name and place.
    pub fn new(name: &str, place: &Place) -> Self {
        Subject { name: name.to_owned(), place: place.clone() }
    }

    /// The same, at the place of its key `key`.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        Subject { name: self.name.clone(), place: self.place.key(key) }
    }

    /// The same, at another place.
    #[must_use]
    pub fn at(&self, place: &Place) -> Self {
        Subject { name: self.name.clone(), place: place.clone() }
    }

    /// A part of it, at `place`.
    #[must_use]
    pub fn part(&self, name: &str, place: &Place) -> Self {
        Subject { name: format!("{}.{name}", self.name), place: place.clone() }
    }

    /// Its name, and the names of everything that contains it.
    pub fn around(&self) -> impl Iterator<Item = &str> {
        let ends = self.name.match_indices('.').map(|(dot, _)| dot);
        ends.chain([self.name.len()]).map(|end| &self.name[..end])
    }
}

/// A declaration with documentation.
#[derive(Debug)]
pub struct Thing<'m> {
    /// Its name and place.
    pub subject: Subject,
    /// Its kind.
    pub sort: Sort,
    /// Its own name: that of a field without its object's.
    pub name: &'m str,
    /// Its documentation.
    pub doc: &'m Doc,
}

/// The kinds of declarations with documentation.
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
    /// Its name and the place of its declaration.
    pub subject: Subject,
    /// A field's name; that of the type for a named one; that of the field or type around it for items and values.
    pub name: &'m str,
    /// Its role in the value or call around it.
    pub role: Role,
    /// Its documentation; empty if it has only that of its type.
    pub doc: &'m Doc,
    /// Its kind.
    pub kind: &'m Kind,
    /// `true` if `null` is allowed as a value.
    pub nullable: bool,
    /// `true` if it is required.
    pub required: bool,
    /// `true` if clients send it.
    pub received: bool,
}

/// The role of a value in the value or call around it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// A named type.
    Named,
    /// A field of an object.
    Field,
    /// An item of an array, or a value of a map.
    Part,
    /// The answer of an operation or an acknowledgement.
    Answer,
}

/// An object with fixed keys.
#[derive(Debug)]
pub struct ObjectAt<'m> {
    /// Its name and the place of its declaration.
    pub subject: Subject,
    /// Its type.
    pub id: TypeId,
    /// Its name, documentation and example.
    pub def: &'m TypeDef,
    /// Its keys.
    pub object: &'m Object,
    /// The number of objects without a name around it.
    pub depth: usize,
    /// `true` if clients send it.
    pub received: bool,
}

/// A kind behind all names.
#[derive(Clone, Copy, Debug)]
pub enum Base<'m> {
    /// A string.
    Text(&'m Text),
    /// A string from a list, or a constant string.
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
    /// Its name in JSON.
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

/// Lookups.
impl<'m> Index<'m> {
    /// Looks through `model`.
    pub fn new(model: &'m Model) -> Self {
        walk::through(model)
    }

    /// The events that clients send.
    pub fn requests(&self) -> impl Iterator<Item = (Subject, &'m ClientEvent)> + use<'m> {
        self.model.client_events().map(|event| (Subject::new(&event.name, &event.place), event))
    }

    /// The events that the server sends.
    pub fn server_events(&self) -> impl Iterator<Item = (Subject, &'m ServerEvent)> + use<'m> {
        self.model.server_events().map(|event| (Subject::new(&event.name, &event.place), event))
    }

    /// The REST operations.
    pub fn rest(&self) -> impl Iterator<Item = (Subject, &'m Operation)> + use<'m> {
        self.model.http.operations.iter().map(|operation| (Subject::new(&operation.name, &operation.place), operation))
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

    /// The kind behind all names.
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

    /// Returns whether the server sends values of this type.
    pub fn is_sent(&self, id: TypeId) -> bool {
        self.sent.contains(&id)
    }

    /// Returns whether anything sends or receives values of this type.
    pub fn is_used(&self, id: TypeId) -> bool {
        self.sent.contains(&id) || self.received.contains(&id)
    }

    /// Everything that an exception may name.
    pub fn names(&self) -> Vec<&str> {
        let things = self.things.iter().map(|thing| thing.subject.name.as_str());
        let values = self.values.iter().map(|value| value.subject.name.as_str());
        let mut names: Vec<&str> = things.chain(values).chain(["gateway"]).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// These types, and all types inside them.
    pub fn closure(&self, open: Vec<TypeId>) -> HashSet<TypeId> {
        walk::closure(self.model, open)
    }
}
