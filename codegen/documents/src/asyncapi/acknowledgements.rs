//! The messages of acknowledgements: one of success and one of failure for each client event.

use accord_language::model::{Ack, ClientEvent, ErrorId, Kind, Model, ServerEvent, Type};
use serde_json::{Value, json};

use super::{Messages, tag};
use crate::{
    components::Components,
    failures::{self, Failed},
    numbers,
};

/// The keys of an event's acknowledgements.
pub(super) fn keys(event: &ClientEvent) -> [String; 2] {
    ["done", "failed"].map(|outcome| format!("{}.{outcome}", event.name))
}

/// The messages of all acknowledgements.
pub(super) fn all(model: &Model, components: &mut Components<'_>) -> Messages {
    let mut messages = Messages::new();
    for domain in &model.domains {
        for event in &domain.client {
            let [done, failed] = keys(event);
            let (tags, name) = (json!([tag(domain)]), &event.name);
            let (schema, example) = data(model, event, components);
            let mut message = json!({
                "name": done,
                "summary": format!("`{name}` was carried out."),
                "tags": tags,
                "payload": answer(true, "data", schema),
            });
            if let Some(example) = example {
                message["examples"] = json!([{ "payload": { "ok": true, "data": example } }]);
            }
            messages.insert(done, message);
            let (schema, examples) = failure(model, event, components);
            let message = json!({
                "name": failed,
                "summary": format!("`{name}` was not carried out."),
                "tags": tags,
                "payload": answer(false, "error", schema),
                "examples": examples,
            });
            messages.insert(failed, message);
        }
    }
    messages
}

fn answer(ok: bool, member: &str, schema: Value) -> Value {
    json!({
        "type": "object",
        "properties": { "ok": { "type": "boolean", "const": ok }, member: schema },
        "required": ["ok", member],
    })
}

/// The schema of an acknowledgement's data on success, and an example of it.
fn data(model: &Model, event: &ClientEvent, components: &mut Components<'_>) -> (Value, Option<Value>) {
    let Some(shown) = model.shown_ack(event) else { return (json!({ "type": "null" }), Some(Value::Null)) };
    let example = match &event.ack {
        Ack::Emitted(index) => sent(model, &event.emits[*index].event).and_then(|event| event.example.clone()),
        _ => example(model, &shown.ty),
    };
    (components.shown(&shown), example.map(|example| numbers::example(&shown, example)))
}

fn failure(model: &Model, event: &ClientEvent, components: &mut Components<'_>) -> (Value, Vec<Value>) {
    let errors = model.event_errors(event);
    let Some(body) = sent(model, &model.gateway.error_event).and_then(|event| event.payload) else {
        return (json!({ "type": "object" }), Vec::new());
    };
    let failed = Failed {
        failure: &event.failure,
        event: Some(&event.name),
        required: event.payload.and_then(|payload| failures::required(model, payload)),
    };
    let example = |&id: &ErrorId| {
        let error = &model.errors[id.0];
        let payload = json!({ "ok": false, "error": failures::example(model, body, id, failed) });
        json!({ "name": error.name, "summary": error.doc.summary, "payload": payload })
    };
    (
        components.failure(body, errors.iter().map(|id| model.errors[id.0].code.as_str())),
        errors.iter().map(example).collect(),
    )
}

fn sent<'m>(model: &'m Model, name: &str) -> Option<&'m ServerEvent> {
    model.server_event(name)
}

fn example(model: &Model, ty: &Type) -> Option<Value> {
    match &ty.kind {
        Kind::Ref(id) => model.types[id.0].example.clone(),
        Kind::Array(array) => Some(json!([example(model, &array.items)?])),
        _ => None,
    }
}
