//! The protocol to test against: the schema's model, and validators made of it.

use std::collections::HashMap;

use accord_documents::json_schema;
use accord_language::model::{
    Ack, Auth, ClientEvent, ErrorDef, ErrorId, Limit, Model, Object, Operation, Scope, SuccessBody, Type,
};
use jsonschema::Validator;
use semver::Version;
use serde_json::{Map, Value, json};

use crate::{
    past::Past,
    validator::{check, validator},
};

/// A protocol, with everything that tests look up in it.
#[derive(Debug)]
pub struct Protocol {
    /// The schema's model.
    pub model: Model,
    /// The differences to the current version, if this is an earlier release.
    pub past: Option<Past>,
    /// The files of flows that come with the suite, by their paths and texts; none for any other protocol.
    pub(crate) flows: &'static [(&'static str, &'static str)],
    payloads: HashMap<String, Validator>,
    acks: HashMap<String, Validator>,
    bodies: HashMap<String, Validator>,
    error: Validator,
}

impl Protocol {
    /// The protocol of this model.
    pub fn new(model: Model) -> Self {
        let payload = |id| json_schema::of(&model, id);
        let mut payloads = HashMap::new();
        let mut acks = HashMap::new();
        let mut bodies = HashMap::new();
        for domain in &model.domains {
            for event in &domain.server {
                if let Some(id) = event.payload {
                    payloads.insert(event.name.clone(), validator(payload(id)));
                }
            }
            for event in &domain.client {
                match &event.ack {
                    Ack::None => {}
                    Ack::Type(ty) => {
                        acks.insert(event.name.clone(), validator(of_type(&model, ty)));
                    }
                    Ack::Emitted(index) => {
                        if let Some(id) = event.emits[*index].payload {
                            acks.insert(event.name.clone(), validator(payload(id)));
                        }
                    }
                }
            }
        }
        for operation in &model.http.operations {
            if let SuccessBody::Json { ty, .. } = &operation.success.body {
                bodies.insert(operation.name.clone(), validator(of_type(&model, ty)));
            }
        }
        let error = model.http.error_body.map_or_else(
            || validator(json!({ "type": "object", "required": ["message", "code"] })),
            |id| validator(json_schema::of(&model, id)),
        );
        Protocol { model, past: None, flows: &[], payloads, acks, bodies, error }
    }

    /// A client's `auth` at the handshake: its token, and the version that it speaks, which defaults to the one that it
    /// was built for.
    pub fn hello(&self, token: Option<&str>, version: Option<&str>) -> Option<Value> {
        let version = version.or(self.past.as_ref().map(|past| past.version.as_str()));
        let said = [("token", token), ("protocol", version)].into_iter();
        let said: Map<String, Value> = said.filter_map(|(key, text)| Some((key.to_owned(), text?.into()))).collect();
        (!said.is_empty()).then(|| said.into())
    }

    /// An error of the schema's table.
    pub fn error(&self, id: ErrorId) -> &ErrorDef {
        &self.model.errors[id.0]
    }

    /// The error of this code and message.
    pub fn error_like(&self, code: &str, message: &str) -> Option<&ErrorDef> {
        self.model.errors.iter().find(|error| error.code == code && error.message == message)
    }

    /// The fields of an event's payload.
    pub fn payload_of(&self, event: &ClientEvent) -> Option<&Object> {
        event.payload.and_then(|id| self.model.object(id))
    }

    /// The scopes of an event's rooms, each with the payload's field that names the room: its own, then the further ones.
    pub fn rooms_of<'p>(&'p self, event: &'p ClientEvent) -> impl Iterator<Item = (&'p Scope, &'p str)> {
        let own = event.scope.map(|id| {
            let scope = &self.model.scopes[id.0];
            (scope, scope.key.as_str())
        });
        own.into_iter().chain(event.also.iter().map(|also| (&self.model.scopes[also.scope.0], also.key.as_str())))
    }

    /// The errors of an event, in addition to those of all events.
    pub fn declared_errors<'p>(&'p self, event: &'p ClientEvent) -> impl Iterator<Item = &'p ErrorDef> {
        let mut denied: Vec<ErrorId> = self.rooms_of(event).map(|(scope, _)| scope.denied).collect();
        denied.dedup();
        let refused = event.renews.as_ref().map(|_| self.model.gateway.token_refused);
        let lost = self.model.joined_log(event).and(self.model.gateway.position_lost);
        let errors = self.model.handler_errors(event);
        denied.into_iter().chain(refused).chain(lost).chain(errors).map(|id| self.error(id))
    }

    /// The errors of an operation.
    pub(crate) fn operation_errors(&self, operation: &Operation) -> Vec<&ErrorDef> {
        let gateway = &self.model.gateway;
        let mut errors = operation.errors.clone();
        if operation.auth != Auth::Public {
            errors.extend([gateway.token_missing, gateway.token_refused]);
        }
        if operation.auth == Auth::Admin {
            errors.push(gateway.admin_only);
        }
        if let Some(scope) = operation.scope {
            errors.push(self.model.scopes[scope.0].denied);
        }
        if operation.limit.is_some() {
            errors.push(gateway.rate_limited);
        }
        errors.into_iter().map(|id| self.error(id)).collect()
    }

    /// The limit that all events draw on, where there is one.
    pub fn event_limit(&self) -> Option<&Limit> {
        self.model.gateway.unknown_limit.map(|id| &self.model.limits[id.0])
    }

    /// An event that any user may emit at any time and that the server answers by an event to the caller, which shows
    /// that all earlier packets have arrived; and the name of its answer.
    pub fn marker(&self) -> Option<(&ClientEvent, &str)> {
        self.model.client_events().find_map(|event| match event.emits.as_slice() {
            [emit] if event.scope.is_none() && event.payload.is_none() && emit.always_answers() => {
                Some((event, emit.event.as_str()))
            }
            _ => None,
        })
    }

    /// Checks the payload of a server event.
    pub fn check_event(&self, name: &str, args: &[Value]) -> Result<(), String> {
        let Some(event) = self.model.server_event(name) else {
            return Err(format!("the protocol has no server event `{name}`"));
        };
        match (event.payload, args) {
            (None, []) => Ok(()),
            (None, _) => Err(format!("`{name}` carries a payload, which it does not have")),
            (Some(_), [payload]) => check(&self.payloads[name], payload, &format!("`{name}`")),
            (Some(_), _) => Err(format!("`{name}` carries {} arguments instead of one", args.len())),
        }
    }

    /// Checks the data of an acknowledgement of `event`.
    pub fn check_ack(&self, event: &str, data: &Value) -> Result<(), String> {
        let what = || format!("the acknowledgement of `{event}`");
        match self.acks.get(event) {
            Some(validator) => check(validator, data, &what()),
            None if data.is_null() => Ok(()),
            None => Err(format!("{} carries data, which it does not have: {data}", what())),
        }
    }

    /// Checks a failure.
    pub fn check_error(&self, error: &Value) -> Result<(), String> {
        check(&self.error, error, "the error")?;
        let (code, message) =
            (error["code"].as_str().unwrap_or_default(), error["message"].as_str().unwrap_or_default());
        let internal = &self.error(self.model.gateway.internal).code;
        if code == internal || self.error_like(code, message).is_some() {
            return Ok(());
        }
        Err(format!("the protocol has no error `{code}` with the message {message:?}"))
    }

    /// The content of the envelope of an operation's success.
    pub fn content<'v>(&self, operation: &Operation, body: &'v Value) -> Result<&'v Value, String> {
        let SuccessBody::Json { envelope: Some(envelope), .. } = &operation.success.body else { return Ok(body) };
        body.get(envelope).ok_or_else(|| format!("the answer of `{}` has no `{envelope}`: {body}", operation.name))
    }

    /// Checks the body of an operation's success; returns the content of its envelope.
    pub fn check_body<'v>(&self, operation: &Operation, body: &'v Value) -> Result<&'v Value, String> {
        let data = self.content(operation, body)?;
        if !matches!(operation.success.body, SuccessBody::Json { .. }) {
            return Ok(data);
        }
        check(&self.bodies[&operation.name], data, &format!("the answer of `{}`", operation.name))?;
        Ok(data)
    }
}

/// The version of the protocol in a server's greeting.
pub(crate) fn spoken_version(greeting: &Value) -> Option<Version> {
    Version::parse(greeting.pointer("/protocol/version")?.as_str()?).ok()
}

fn of_type(model: &Model, ty: &Type) -> Value {
    let mut schema = json_schema::use_of(&model.types, ty, true);
    let all = json_schema::bundle(model);
    schema["$schema"] = all["$schema"].clone();
    schema["$defs"] = all["$defs"].clone();
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protocol() -> Protocol {
        Protocol::embedded().unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
    }

    #[test]
    fn the_schemas_own_examples_pass() {
        let protocol = protocol();
        for event in protocol.model.server_events() {
            let example = event.example.clone().or_else(|| {
                let id = event.payload?;
                protocol.model.types[id.0].example.clone()
            });
            let example = example.unwrap_or_else(|| panic!("`{}` has no example", event.name));
            assert_eq!(protocol.check_event(&event.name, &[example]), Ok(()));
        }
    }

    #[test]
    fn a_time_without_milliseconds_breaks_the_schema() {
        let protocol = protocol();
        let data = json!({ "messageId": "m", "content": "c", "channelId": "c", "updatedAt": "2026-01-31T09:30:00Z" });
        let error = protocol.check_event("message_edited", &[data]).unwrap_err();
        assert!(error.contains("breaks the schema at `/updatedAt`"), "{error}");
    }

    #[test]
    fn the_marker_is_an_event_that_changes_nothing() {
        let protocol = protocol();
        let (marker, answer) = protocol.marker().unwrap();
        assert_eq!((marker.name.as_str(), answer), ("ping", "pong"));
    }

    #[test]
    fn errors_are_those_of_the_table_or_internal_with_any_message() {
        let protocol = protocol();
        assert_eq!(protocol.check_error(&json!({ "code": "not_found", "message": "Message not found" })), Ok(()));
        assert_eq!(protocol.check_error(&json!({ "code": "internal", "message": "Failed to send message" })), Ok(()));
        assert!(protocol.check_error(&json!({ "code": "not_found", "message": "Nope" })).is_err());
        assert!(protocol.check_error(&json!({ "message": "Message not found" })).is_err());
    }
}
