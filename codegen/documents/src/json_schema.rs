//! JSON Schema 2020-12 of a protocol's types.

use std::collections::BTreeSet;

use accord_language::{
    model::{Array, Bounds, Doc, Field, Kind, Model, Object, Shape, Shown, Text, Type, TypeDef, TypeId},
    source::JSON_SCHEMA,
};
use serde_json::{Map, Value, json};

use crate::sentences;

/// The largest integer that every JSON implementation represents exactly (RFC 8259, section 6).
const MAX_INTEGER: i64 = (1 << 53) - 1;

/// All types of a protocol, under `$defs`; and, by the names of their events, the payloads and acknowledgements
/// (`send_message.done`) that the gateway adds a number to.
pub fn bundle(model: &Model) -> Value {
    let all = (0..model.types.len()).map(TypeId);
    let mut definitions = definitions(&model.types, all);
    definitions.extend(numbered(model));
    json!({
        "$schema": JSON_SCHEMA,
        "title": model.protocol.name,
        "description": model.protocol.doc.summary,
        "$defs": definitions,
    })
}

/// One type, with all that it refers to under `$defs`.
pub fn of(model: &Model, id: TypeId) -> Value {
    let types = &model.types;
    json!({
        "$schema": JSON_SCHEMA,
        "$ref": reference(&types[id.0].name),
        "$defs": definitions(types, reachable(types, id)),
    })
}

/// A type where it is used, with references to `#/$defs/Name`. A field that is not `required` accepts `null`.
pub fn use_of(types: &[TypeDef], ty: &Type, required: bool) -> Value {
    let schema = kind(types, &ty.kind);
    if ty.nullable || !required { or_null(schema) } else { schema.into() }
}

/// A value that the server sends, as clients see it, with references to `#/$defs/Name`.
pub fn shown(types: &[TypeDef], shown: &Shown) -> Value {
    let value = use_of(types, &shown.ty, true);
    match &shown.seq {
        None => value,
        Some(seq) => {
            json!({ "allOf": [value, object(types, &Object { fields: vec![seq.clone()], rules: Vec::new() })] })
        }
    }
}

/// The definition of one type, with references to `#/$defs/Name`.
pub fn definition(types: &[TypeDef], def: &TypeDef) -> Value {
    let mut schema = match &def.shape {
        Shape::Object(shape) => object(types, shape),
        Shape::Enum(choices) => entries(json!({ "type": "string", "enum": choices })),
        Shape::Alias(alias) => kind(types, alias),
    };
    describe(&mut schema, &def.doc);
    if let Some(example) = &def.example {
        schema.insert("examples".to_owned(), json!([example]));
    }
    schema.into()
}

/// The types that `id` refers to, directly or not, and itself, by index.
pub fn reachable(types: &[TypeDef], id: TypeId) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            types[id.0].shape.references(&mut |reference| open.push(reference));
        }
    }
    seen
}

fn definitions(types: &[TypeDef], ids: impl IntoIterator<Item = TypeId>) -> Map<String, Value> {
    ids.into_iter().map(|id| (types[id.0].name.clone(), definition(types, &types[id.0]))).collect()
}

/// The payloads and acknowledgements to which the gateway adds a number, by name. Events have names in snake_case, types do not.
fn numbered(model: &Model) -> impl Iterator<Item = (String, Value)> {
    let payloads = model.server_events().filter_map(|event| Some((event.name.clone(), model.shown_payload(event)?)));
    let acknowledgements =
        model.client_events().filter_map(|event| Some((format!("{}.done", event.name), model.shown_ack(event)?)));
    let all = payloads.chain(acknowledgements).filter(|(_, shown)| shown.seq.is_some());
    all.map(|(name, shown)| (name, self::shown(&model.types, &shown)))
}

fn reference(name: &str) -> String {
    format!("#/$defs/{name}")
}

fn entries(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(entries) => entries,
        other => unreachable!("a schema is an object, not {other}"),
    }
}

fn describe(schema: &mut Map<String, Value>, doc: &Doc) {
    let deprecated = doc.deprecated.as_ref().map(sentences::deprecated);
    let paragraphs: Vec<&str> = [Some(doc.summary.as_str()), doc.description.as_deref(), deprecated.as_deref()]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    if !paragraphs.is_empty() {
        schema.insert("description".to_owned(), paragraphs.join("\n\n").into());
    }
    if doc.deprecated.is_some() {
        schema.insert("deprecated".to_owned(), true.into());
    }
}

fn object(types: &[TypeDef], object: &Object) -> Map<String, Value> {
    let field = |field: &Field| {
        let mut schema = entries(use_of(types, &field.ty, field.required));
        describe(&mut schema, &field.doc);
        (field.name.clone(), schema.into())
    };
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), Value::Object(object.fields.iter().map(field).collect()));
    let required: Vec<&str> =
        object.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    if !object.rules.is_empty() {
        schema.insert("allOf".to_owned(), object.rules.iter().map(|rule| rule.json_schema.clone()).collect());
    }
    schema
}

/// The schema, and `null`.
fn or_null(mut schema: Map<String, Value>) -> Value {
    match schema.get("type").cloned() {
        Some(ty) if !schema.contains_key("const") => {
            schema.insert("type".to_owned(), json!([ty, "null"]));
            schema.into()
        }
        _ => json!({ "anyOf": [schema, { "type": "null" }] }),
    }
}

fn kind(types: &[TypeDef], kind: &Kind) -> Map<String, Value> {
    match kind {
        Kind::Ref(id) => entries(json!({ "$ref": reference(&types[id.0].name) })),
        Kind::Text(shape) => text(shape),
        Kind::Integer(bounds) => {
            let mut bounds = bounds.clone();
            if bounds.minimum.is_none() && bounds.exclusive_minimum.is_none() {
                bounds.minimum = Some(-MAX_INTEGER);
            }
            if bounds.maximum.is_none() && bounds.exclusive_maximum.is_none() {
                bounds.maximum = Some(MAX_INTEGER);
            }
            number("integer", &bounds)
        }
        Kind::Number(bounds) => number("number", bounds),
        Kind::Boolean => entries(json!({ "type": "boolean" })),
        Kind::Array(shape) => array(types, shape),
        Kind::Map(values) => entries(json!({ "type": "object", "additionalProperties": use_of(types, values, true) })),
        Kind::Const(constant) => entries(json!({ "type": "string", "const": constant })),
    }
}

/// Adds the keys that have a value.
fn add(schema: &mut Map<String, Value>, keys: impl IntoIterator<Item = (&'static str, Option<Value>)>) {
    for (key, value) in keys {
        if let Some(value) = value {
            schema.insert(key.to_owned(), value);
        }
    }
}

fn text(text: &Text) -> Map<String, Value> {
    let mut schema = entries(json!({ "type": "string" }));
    add(
        &mut schema,
        [
            ("format", text.date_time.then(|| "date-time".into())),
            ("minLength", text.min_length.map(Value::from)),
            ("maxLength", text.max_length.map(Value::from)),
            ("pattern", text.pattern.as_ref().map(|pattern| pattern.ecma.clone().into())),
        ],
    );
    schema
}

fn number<N: Copy + Into<Value>>(ty: &str, bounds: &Bounds<N>) -> Map<String, Value> {
    let mut schema = entries(json!({ "type": ty }));
    add(
        &mut schema,
        [
            ("minimum", bounds.minimum.map(Into::into)),
            ("exclusiveMinimum", bounds.exclusive_minimum.map(Into::into)),
            ("maximum", bounds.maximum.map(Into::into)),
            ("exclusiveMaximum", bounds.exclusive_maximum.map(Into::into)),
        ],
    );
    schema
}

fn array(types: &[TypeDef], array: &Array) -> Map<String, Value> {
    let mut schema = entries(json!({ "type": "array", "items": use_of(types, &array.items, true) }));
    add(&mut schema, [("minItems", array.min_items.map(Value::from)), ("maxItems", array.max_items.map(Value::from))]);
    schema
}
