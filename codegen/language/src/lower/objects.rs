//! The fields of objects.

use std::collections::HashMap;

use super::{
    Lowering,
    docs::doc_of,
    types::{Inline, Position, UNKNOWN},
};
use crate::{
    case,
    diagnostic::Diagnostic,
    model::{Doc, Field, Object, Type, TypeId},
    source::{self, Named, Place, Slot, schema::TypeSchema},
};

impl<'a> Lowering<'a, '_> {
    pub fn object(&mut self, schema: &'a TypeSchema, name: &str, id: TypeId) -> Option<Object> {
        let empty = Vec::new();
        let required = match &schema.required {
            Slot::Is(required) => required,
            _ => &empty,
        };
        let fields = match &schema.properties {
            Slot::Is(properties) => self.fields(properties, required, name, id, 0),
            Slot::Broken => return None,
            Slot::Absent if schema.has_other_keys => return None,
            Slot::Absent => Vec::new(),
        };
        let names: Vec<&str> = schema
            .properties
            .get()
            .into_iter()
            .flat_map(|named| &named.entries)
            .map(|entry| entry.name.as_str())
            .collect();
        self.required_names(required, &names);
        let rules = schema.rules.get().map(|rules| self.rules(rules, &fields)).unwrap_or_default();
        Some(Object { fields, rules })
    }

    /// Reports required names that are not fields, or are listed twice.
    pub fn required_names(&mut self, required: &[source::Text], names: &[&str]) {
        for (index, name) in required.iter().enumerate() {
            if !names.contains(&name.as_str()) {
                let diagnostic = Diagnostic::new(
                    "unknown-field",
                    format!("`{}` is required, but not under `properties`", name.value),
                )
                .at(name.span, "unknown")
                .help(self.cx.instead(name.as_str(), names.iter().copied()));
                self.cx.report(diagnostic);
            }
            if let Some(first) = required[..index].iter().find(|first| first.value == name.value) {
                let diagnostic = Diagnostic::new("duplicate-name", format!("`{}` is required twice", name.value));
                self.cx.report(diagnostic.at(name.span, "again here").and(first.span, "first here"));
            }
        }
    }

    /// The fields of an object called `name`; `first` is the index of the first among all of the object's fields.
    pub fn fields(
        &mut self,
        properties: &'a Named<TypeSchema>,
        required: &[source::Text],
        name: &str,
        id: TypeId,
        first: usize,
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        let mut in_code: HashMap<String, &source::Text> = HashMap::new();
        for entry in &properties.entries {
            let field = &entry.name;
            if !case::is_identifier(field.as_str()) {
                let diagnostic = Diagnostic::new("field-name", format!("`{}` cannot be a name in code", field.value))
                    .at(field.span, "expected ASCII letters, digits and `_`, no digit first");
                self.cx.report(diagnostic);
            } else {
                let snake = case::snake(field.as_str());
                if ["self", "super", "crate"].contains(&snake.as_str()) {
                    let diagnostic =
                        Diagnostic::new("reserved-name", format!("a field cannot be named `{}`", field.value))
                            .at(field.span, "has another meaning in Rust, and cannot be escaped there");
                    self.cx.report(diagnostic);
                }
                if let Some(other) = in_code.insert(snake.clone(), field) {
                    let message = format!("`{}` and `{}` are both `{snake}` in Rust", other.value, field.value);
                    let diagnostic = Diagnostic::new("name-collision", message)
                        .at(field.span, "this field")
                        .and(other.span, "this field")
                        .help("rename one of them");
                    self.cx.report(diagnostic);
                }
            }
            let is_required = required.iter().find(|required| required.value == field.value);
            let (doc, ty) = match &entry.value {
                None => {
                    let place = entry.place.clone();
                    (Doc::default(), Type { kind: UNKNOWN, nullable: false, recursive: false, place })
                }
                Some(schema) => {
                    let doc = doc_of!(self, schema);
                    let inline = Inline {
                        name: format!("{name}{}", case::pascal(field.as_str())),
                        summary: format!("The `{}` of `{name}`.", field.value),
                        span: field.span,
                    };
                    (doc, self.use_of(schema, inline, Position::Field))
                }
            };
            self.types.uses.insert((id, first + fields.len()), field.span);
            let place = entry.place.clone();
            fields.push(Field {
                name: field.value.clone(),
                doc,
                required: is_required.is_some(),
                required_place: is_required.map_or_else(|| place.absent(), |required| Place::at(required.span)),
                ty,
                place,
            });
        }
        fields
    }
}
