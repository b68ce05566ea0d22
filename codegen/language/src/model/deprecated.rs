//! Deprecated parts of a protocol that clients use.

use std::fmt;

use super::{Deprecated, Doc, Kind, Model, Shape, TypeId};

/// A deprecated part.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The kind of the part.
    pub what: Leaving,
    /// Its name: `send_message`. A field's is the path to it from its event or operation, through the items of lists:
    /// `send_message/attachments/url`; `*` stands for any key.
    pub name: String,
    /// Its deprecation.
    pub deprecated: Deprecated,
}

/// The kind of a deprecated part.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Leaving {
    /// An event that clients send.
    Event,
    /// A field of what clients send by an event.
    EventField,
    /// A REST operation.
    Operation,
    /// A field of an operation's path, query or body.
    OperationField,
    /// An error that clients are answered with.
    Error,
}

impl fmt::Display for Deprecated {
    /// `since 1.1.0, and gone in 2.0.0: use …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "since {}", self.since)?;
        if let Some(until) = &self.until {
            write!(f, ", and gone in {until}")?;
        }
        match &self.r#use {
            // A name is code; anything else is a text in Markdown.
            Some(name) if !name.contains([' ', '`']) => write!(f, ": use `{name}`"),
            Some(text) => write!(f, ": use {text}"),
            None => Ok(()),
        }
    }
}

impl Model {
    /// The deprecated parts that clients use, in the order of the schema. A type within itself is not visited again.
    pub fn deprecated(&self) -> Vec<Use> {
        let mut uses = Vec::new();
        for event in self.client_events() {
            uses.extend(used(Leaving::Event, &event.name, &event.doc));
            if let Some(id) = event.payload {
                self.fields(&Kind::Ref(id), Leaving::EventField, &event.name, &mut Vec::new(), &mut uses);
            }
        }
        for operation in &self.http.operations {
            uses.extend(used(Leaving::Operation, &operation.name, &operation.doc));
            if let Some(id) = operation.input {
                self.fields(&Kind::Ref(id), Leaving::OperationField, &operation.name, &mut Vec::new(), &mut uses);
            }
        }
        uses.extend(self.errors.iter().filter_map(|error| used(Leaving::Error, &error.name, &error.doc)));
        uses
    }

    /// The deprecated fields of the value at `path`, which is in the types `around` it.
    fn fields(&self, kind: &Kind, what: Leaving, path: &str, around: &mut Vec<TypeId>, uses: &mut Vec<Use>) {
        match kind {
            Kind::Ref(id) if around.contains(id) => {}
            Kind::Ref(id) => {
                around.push(*id);
                match &self.types[id.0].shape {
                    Shape::Object(object) => {
                        for field in &object.fields {
                            let path = format!("{path}/{}", field.name);
                            uses.extend(used(what, &path, &field.doc));
                            self.fields(&field.ty.kind, what, &path, around, uses);
                        }
                    }
                    Shape::Alias(kind) => self.fields(kind, what, path, around, uses),
                    Shape::Enum(_) => {}
                }
                around.pop();
            }
            Kind::Array(array) => self.fields(&array.items.kind, what, path, around, uses),
            Kind::Map(values) => self.fields(&values.kind, what, &format!("{path}/*"), around, uses),
            Kind::Text(_) | Kind::Integer(_) | Kind::Number(_) | Kind::Boolean | Kind::Const(_) => {}
        }
    }
}

fn used(what: Leaving, name: &str, doc: &Doc) -> Option<Use> {
    let deprecated = doc.deprecated.clone()?;
    Some(Use { what, name: name.to_owned(), deprecated })
}
