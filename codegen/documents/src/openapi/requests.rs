//! The input of operations: parameters, JSON bodies, files.

use accord_language::model::{Field, Kind, Model, Object, Operation, Part, ProtocolInfo, Rule, Shape, Test, Upload};
use serde_json::{Map, Value, json};

use crate::{VERSION_HEADER, components::Components, sentences};

/// The parameter of every operation, if versions are checked.
pub(super) const VERSION: &str = "ProtocolVersion";

/// The version that a client speaks: one whose major is served.
pub(super) fn version(protocol: &ProtocolInfo) -> Value {
    let major = protocol.version.split('.').next().unwrap_or_default();
    json!({
        "name": VERSION_HEADER,
        "in": "header",
        "required": false,
        "description": "The version of the protocol that the client speaks. Minor and patch may be left out.",
        "schema": { "type": "string", "pattern": format!(r"^{major}(\.(0|[1-9][0-9]{{0,4}})){{0,2}}$") },
        "example": protocol.version,
    })
}

/// The parameters in the path and in the query.
pub(super) fn parameters(model: &Model, operation: &Operation, components: &mut Components<'_>) -> Vec<Value> {
    let mut parameters = Vec::new();
    for (name, place) in [(Part::Path, "path"), (Part::Query, "query")] {
        for field in fields(model, operation, name) {
            let mut parameter = json!({ "name": field.name, "in": place, "required": field.required });
            let mut about = sentences::Paragraphs::default();
            about.add(match &field.ty.kind {
                Kind::Ref(id) if field.doc.summary.is_empty() => sentences::whole(&model.types[id.0].doc),
                _ => sentences::whole(&field.doc),
            });
            about.add(field.doc.deprecated.as_ref().map(sentences::deprecated));
            if let Some(description) = about.text() {
                parameter["description"] = description.into();
            }
            if field.doc.deprecated.is_some() {
                parameter["deprecated"] = true.into();
            }
            parameter["schema"] = components.use_of(&field.ty);
            if let Some(example) = example(model, operation, field) {
                parameter["example"] = example;
            }
            parameters.push(parameter);
        }
    }
    parameters
}

/// The body, where there is one.
pub(super) fn body(model: &Model, operation: &Operation, components: &mut Components<'_>) -> Option<Value> {
    if let Some(upload) = &operation.upload {
        return Some(file(upload));
    }
    let fields = fields(model, operation, Part::Body);
    if fields.is_empty() {
        return None;
    }
    let examples: Option<Map<String, Value>> = fields
        .iter()
        .filter_map(|field| match example(model, operation, field) {
            None if !field.required => None,
            example => Some(example.map(|example| (field.name.clone(), example))),
        })
        .collect();
    let rules = rules(model, operation).filter(|rule| names_only(&rule.test, &fields)).cloned().collect();
    let object = Object { fields: fields.into_iter().cloned().collect(), rules };
    let mut media = json!({ "schema": components.object(object) });
    if let Some(examples) = examples.filter(|examples| !examples.is_empty()) {
        media["example"] = examples.into();
    }
    Some(json!({ "required": true, "content": { "application/json": media } }))
}

/// A body with a file, which JSON Schema takes for a string.
fn file(Upload { field, media, .. }: &Upload) -> Value {
    let file = json!({
        "description": format!("The file, {}.", sentences::media(media)),
        "type": "string",
        "contentMediaType": "application/octet-stream",
    });
    let schema = json!({ "type": "object", "properties": { field: file }, "required": [field] });
    let encoding = json!({ field: { "contentType": media.join(", ") } });
    json!({ "required": true, "content": { "multipart/form-data": { "schema": schema, "encoding": encoding } } })
}

/// A required field that a request can omit. The path always has all of its fields.
pub(super) fn required<'m>(model: &'m Model, operation: &'m Operation) -> Option<&'m str> {
    let fields = [Part::Query, Part::Body].into_iter().flat_map(|place| fields(model, operation, place));
    let first = fields.into_iter().find(|field| field.required).map(|field| field.name.as_str());
    operation.upload.as_ref().map(|upload| upload.field.as_str()).or(first)
}

fn input<'m>(model: &'m Model, operation: &Operation) -> Option<&'m Object> {
    match &model.types[operation.input?.0].shape {
        Shape::Object(object) => Some(object),
        Shape::Enum(_) | Shape::Alias(_) => None,
    }
}

fn fields<'m>(model: &'m Model, operation: &Operation, place: Part) -> Vec<&'m Field> {
    let is_there = |field: &&Field| operation.parts.iter().any(|(name, at)| *name == field.name && *at == place);
    input(model, operation).into_iter().flat_map(|object| &object.fields).filter(is_there).collect()
}

fn rules<'m>(model: &'m Model, operation: &Operation) -> impl Iterator<Item = &'m Rule> + use<'m> {
    input(model, operation).into_iter().flat_map(|object| &object.rules)
}

/// Returns whether a condition is on these fields alone. A condition that is on parameters as well is not the body's.
fn names_only(test: &Test, fields: &[&Field]) -> bool {
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter().all(|test| names_only(test, fields)),
        Test::Not(test) => names_only(test, fields),
        Test::Present(name) | Test::Field(name, _) => fields.iter().any(|field| field.name == *name),
    }
}

/// A field's part of the operation's example. Where the operation has none, that of the field's type.
fn example(model: &Model, operation: &Operation, field: &Field) -> Option<Value> {
    match (&operation.example, &field.ty.kind) {
        (Some(example), _) => example.get(&field.name).cloned(),
        (None, Kind::Ref(id)) => model.types[id.0].example.clone(),
        (None, _) => None,
    }
}
