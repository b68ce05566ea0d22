//! Examples of failures, as the gateway sends them.

use accord_language::model::{ErrorId, Field, Kind, Model, Retry, Shape, TypeId};
use serde_json::{Map, Value, json};

/// The time that clients have to wait, in the examples.
const WAIT_MS: u32 = 250;

/// The call that an example is of.
#[derive(Clone, Copy)]
pub(super) struct Failed<'m> {
    /// The message of an internal error.
    pub(super) failure: &'m str,
    /// The client event; REST answers name none.
    pub(super) event: Option<&'m str>,
    /// A required field that a request can omit.
    pub(super) required: Option<&'m str>,
}

/// An example of an error, with the members that `body` has.
pub(super) fn example(model: &Model, body: TypeId, id: ErrorId, failed: Failed<'_>) -> Value {
    let error = &model.errors[id.0];
    let message = if id == model.gateway.internal { failed.failure } else { &error.message };
    let mut told = Map::new();
    told.insert("message".to_owned(), message.into());
    told.insert("code".to_owned(), error.code.clone().into());
    let mut add = |name: &str, value: Value| {
        if has(model, body, name) {
            told.insert(name.to_owned(), value);
        }
    };
    if let Some(event) = failed.event {
        add("event", event.into());
    }
    if id == model.gateway.invalid_payload
        && let Some(field) = failed.required
    {
        add("details", json!([{ "path": format!("/{field}"), "message": "is required" }]));
    }
    if error.retry == Retry::After {
        add("retryAfterMs", WAIT_MS.into());
    }
    told.into()
}

/// The first field that an object has to have.
pub(super) fn required(model: &Model, id: TypeId) -> Option<&str> {
    fields(model, id).iter().find(|field| field.required).map(|field| field.name.as_str())
}

fn has(model: &Model, id: TypeId, name: &str) -> bool {
    fields(model, id).iter().any(|field| field.name == name)
}

fn fields(model: &Model, id: TypeId) -> &[Field] {
    match &model.types[id.0].shape {
        Shape::Object(object) => &object.fields,
        Shape::Alias(Kind::Ref(aliased)) => fields(model, *aliased),
        Shape::Alias(_) | Shape::Enum(_) => &[],
    }
}
