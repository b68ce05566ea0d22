//! The documented part of a value. Servers may add fields to what they send; these are kept out of flows' variables, so
//! that only documented fields are compared.

use accord_language::model::{Ack, Kind, Model, Operation, Shape, SuccessBody, Type, TypeId};
use serde_json::{Map, Value};

use crate::protocol::Protocol;

impl Protocol {
    /// The documented part of a server event's payload.
    pub fn documented_event(&self, name: &str, payload: Value) -> Value {
        match self.model.server_event(name).and_then(|event| event.payload) {
            Some(id) => of_id(&self.model, id, payload),
            None => payload,
        }
    }

    /// The documented part of what `event` is acknowledged with.
    pub fn documented_ack(&self, event: &str, data: Value) -> Value {
        let Some(event) = self.model.client_event(event) else { return data };
        match &event.ack {
            Ack::None => data,
            Ack::Type(ty) => of_type(&self.model, ty, data),
            Ack::Emitted(index) => match event.emits[*index].payload {
                Some(id) => of_id(&self.model, id, data),
                None => data,
            },
        }
    }

    /// The documented part of the success of `operation`.
    pub fn documented_body(&self, operation: &Operation, data: Value) -> Value {
        match &operation.success.body {
            SuccessBody::Json { ty, .. } => of_type(&self.model, ty, data),
            _ => data,
        }
    }

    /// The documented part of an error.
    pub fn documented_error(&self, error: Value) -> Value {
        self.documented_event(&self.model.gateway.error_event, error)
    }
}

fn of_id(model: &Model, id: TypeId, value: Value) -> Value {
    match (&model.types[id.0].shape, value) {
        (Shape::Object(object), Value::Object(mut members)) => {
            let fields = object.fields.iter().filter_map(|field| {
                let value = members.remove(&field.name)?;
                Some((field.name.clone(), of_type(model, &field.ty, value)))
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        (Shape::Alias(kind), value) => of_kind(model, kind, value),
        (_, value) => value,
    }
}

fn of_type(model: &Model, ty: &Type, value: Value) -> Value {
    of_kind(model, &ty.kind, value)
}

fn of_kind(model: &Model, kind: &Kind, value: Value) -> Value {
    match (kind, value) {
        (Kind::Ref(id), value) => of_id(model, *id, value),
        (Kind::Array(array), Value::Array(items)) => {
            items.into_iter().map(|item| of_type(model, &array.items, item)).collect()
        }
        (_, value) => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_servers_additional_fields_are_left_out_at_every_depth() {
        let protocol = Protocol::embedded().unwrap();
        let message = json!({
            "id": "m", "content": "Hi", "seq": 7, "user": { "id": "u", "name": "U", "image": null, "online": true },
            "replyTo": { "id": "n", "seq": 6, "replyTo": null }, "reactions": [{ "id": "r", "count": 2 }],
        });
        let documented = json!({
            "id": "m", "content": "Hi", "user": { "id": "u", "name": "U", "image": null },
            "replyTo": { "id": "n", "replyTo": null }, "reactions": [{ "id": "r" }],
        });
        let sorted =
            |value: Value| serde_json::from_str::<std::collections::BTreeMap<String, Value>>(&value.to_string());
        let same = |a, b| assert_eq!(sorted(a).unwrap(), sorted(b).unwrap());
        same(protocol.documented_event("new_message", message.clone()), documented.clone());
        same(protocol.documented_ack("send_message", message), documented);
        let error = json!({ "message": "Unknown event", "code": "unknown_event", "event": "x", "requestId": 1 });
        let documented = json!({ "message": "Unknown event", "code": "unknown_event", "event": "x" });
        same(protocol.documented_error(error), documented);
    }
}
