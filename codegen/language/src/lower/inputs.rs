//! The input of operations: path, query and body.

use super::{
    Lowering,
    types::{Inline, Resolved},
};
use crate::{
    case,
    diagnostic::{Diagnostic, Span},
    model::{Doc, Field, Kind, Object, Part, Shape, TypeId},
    source::{
        Any, Slot, Text,
        http::{InputSchema, OperationSchema},
    },
};

impl<'a> Lowering<'a, '_> {
    /// Path, query and body fields as one object, and the part of the request that each is in.
    pub fn input(&mut self, name: &'a Text, schema: &'a OperationSchema) -> (Option<TypeId>, Vec<(String, Part)>) {
        let mut parts = Vec::new();
        if schema.path.is_absent() && schema.query.is_absent() && schema.body.is_absent() {
            return (None, parts);
        }
        let inline = Inline {
            name: case::pascal(name.as_str()),
            summary: format!("The input of `{}`.", name.value),
            span: name.span,
        };
        let object_name = inline.name.clone();
        let example = schema.example.get().map(Any::to_json);
        let id = self.hoist(inline, &schema.place, Doc::default(), None, |this, id| {
            let mut fields: Vec<Field> = Vec::new();
            let mut spans: Vec<Span> = Vec::new();
            let mut rules = Vec::new();
            if let Some(path) = schema.path.get() {
                let required: Vec<Text> = path.entries.iter().map(|entry| entry.name.clone()).collect();
                fields = this.fields(path, &required, &object_name, id, 0);
                spans.extend(path.entries.iter().map(|entry| entry.name.span));
                this.parameter_types(&fields, &spans);
                parts.extend(fields.iter().map(|field| (field.name.clone(), Part::Path)));
            }
            let inputs: [(&'a Slot<InputSchema>, Part); 2] = [(&schema.query, Part::Query), (&schema.body, Part::Body)];
            for (input, part) in inputs {
                let Some(input) = input.get() else { continue };
                let Some(properties) = input.properties.get() else { continue };
                let empty = Vec::new();
                let required = input.required.get().unwrap_or(&empty);
                let names: Vec<&str> = properties.entries.iter().map(|entry| entry.name.as_str()).collect();
                this.required_names(required, &names);
                let new = this.fields(properties, required, &object_name, id, fields.len());
                let new_spans: Vec<Span> = properties.entries.iter().map(|entry| entry.name.span).collect();
                if part == Part::Query {
                    this.parameter_types(&new, &new_spans);
                }
                for (field, span) in new.into_iter().zip(new_spans) {
                    let snake = case::snake(&field.name);
                    if let Some(first) = fields.iter().position(|first| case::snake(&first.name) == snake) {
                        let diagnostic = Diagnostic::new(
                            "name-collision",
                            format!("the operation has two fields `{snake}` in code"),
                        )
                        .at(span, "again here")
                        .and(spans[first], "first here")
                        .help("path, query and body fields are merged into one object: rename one of them");
                        this.cx.report(diagnostic);
                        continue;
                    }
                    parts.push((field.name.clone(), part));
                    fields.push(field);
                    spans.push(span);
                }
            }
            for input in [&schema.query, &schema.body] {
                if let Some(found) = input.get().and_then(|input| input.rules.get()) {
                    rules.extend(this.rules(found, &fields));
                }
            }
            Some(Shape::Object(Object { fields, rules }))
        });
        self.types.defs[id.0].example = example;
        (Some(id), parts)
    }

    /// Reports path and query parameters that are not scalars.
    pub fn parameter_types(&mut self, fields: &[Field], spans: &[Span]) {
        for (field, span) in fields.iter().zip(spans) {
            let scalar = match self.types.resolve(&field.ty.kind) {
                None | Some(Resolved::Text) => true,
                Some(Resolved::Object(_)) => false,
                Some(Resolved::Other) => self.is_scalar(&field.ty.kind),
            };
            let (wrong, help) = match field.ty.nullable {
                _ if !scalar => ("a parameter is a string, a number or a boolean", "put it into the body"),
                true => ("a parameter cannot be `null`", "leave `nullable` out, and the parameter out of `required`"),
                false => continue,
            };
            let diagnostic =
                Diagnostic::new("parameter-type", format!("`{}`: {wrong}", field.name)).at(*span, "").help(help);
            self.cx.report(diagnostic);
        }
    }

    pub fn is_scalar(&self, kind: &Kind) -> bool {
        match kind {
            Kind::Ref(id) => match self.types.get(*id).map(|def| &def.shape) {
                Some(Shape::Alias(kind)) => self.is_scalar(kind),
                Some(Shape::Enum(_)) | None => true,
                Some(Shape::Object(_)) => false,
            },
            Kind::Text(_) | Kind::Integer(_) | Kind::Number(_) | Kind::Boolean | Kind::Const(_) => true,
            Kind::Array(_) | Kind::Map(_) => false,
        }
    }
}
