//! Examples of values: those of the schema, and those combined from them.

use accord_language::model::{Ack, ClientEvent, Kind, Model, ServerEvent, Shape, Type, TypeId};
use serde_json::{Map, Value};

use crate::numbers;

/// An example of a type: its own, that of an event which carries it, or one made of its parts' examples.
pub(super) fn of_id(model: &Model, id: TypeId) -> Option<Value> {
    of_id_within(model, id, &mut Vec::new())
}

/// An example of a value.
pub(super) fn of_type(model: &Model, ty: &Type) -> Option<Value> {
    of_type_within(model, ty, &mut Vec::new())
}

/// An example of a server event's payload.
pub(super) fn received(model: &Model, event: &ServerEvent) -> Option<Value> {
    let example = event.example.clone().or_else(|| of_id(model, event.payload?))?;
    Some(numbers::example(&model.shown_payload(event)?, example))
}

/// The data of an event's acknowledgement.
pub(super) fn acknowledgement(model: &Model, event: &ClientEvent) -> Option<Value> {
    let Some(shown) = model.shown_ack(event) else { return Some(Value::Null) };
    let example = match &event.ack {
        Ack::Emitted(index) => received(model, model.server_event(&event.emits[*index].event)?),
        _ => of_type(model, &shown.ty),
    };
    example.map(|example| numbers::example(&shown, example))
}

fn of_id_within(model: &Model, id: TypeId, open: &mut Vec<TypeId>) -> Option<Value> {
    let def = &model.types[id.0];
    if let Some(example) = def.example.as_ref().or_else(|| of_carrier(model, id)) {
        return Some(example.clone());
    }
    if open.contains(&id) {
        return None;
    }
    open.push(id);
    let example = match &def.shape {
        Shape::Enum(choices) => choices.first().map(|choice| Value::from(choice.as_str())),
        Shape::Alias(kind) => of_kind_within(model, kind, open),
        Shape::Object(object) => {
            let members = object.fields.iter().filter_map(|field| {
                match of_type_within(model, &field.ty, open) {
                    // An optional field without an example is left out; a required one leaves nothing to show.
                    None if !field.required => None,
                    value => Some(value.map(|value| (field.name.clone(), value))),
                }
            });
            members.collect::<Option<Map<_, _>>>().map(Value::Object)
        }
    };
    open.pop();
    example
}

fn of_type_within(model: &Model, ty: &Type, open: &mut Vec<TypeId>) -> Option<Value> {
    of_kind_within(model, &ty.kind, open).or_else(|| ty.nullable.then_some(Value::Null))
}

fn of_kind_within(model: &Model, kind: &Kind, open: &mut Vec<TypeId>) -> Option<Value> {
    match kind {
        Kind::Ref(id) => of_id_within(model, *id, open),
        Kind::Array(array) => Some(Value::Array(vec![of_type_within(model, &array.items, open)?])),
        Kind::Const(constant) => Some(constant.as_str().into()),
        Kind::Boolean => Some(true.into()),
        Kind::Text(_) | Kind::Integer(_) | Kind::Number(_) | Kind::Map(_) => None,
    }
}

fn of_carrier(model: &Model, id: TypeId) -> Option<&Value> {
    let client = model.client_events().map(|event| (event.payload, &event.example));
    let server = model.server_events().map(|event| (event.payload, &event.example));
    let operations = model.http.operations.iter().map(|operation| (operation.input, &operation.example));
    let mut carriers = client.chain(server).chain(operations);
    carriers.find_map(|(carried, example)| example.as_ref().filter(|_| carried == Some(id)))
}
