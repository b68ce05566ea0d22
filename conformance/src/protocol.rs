//! The protocol that servers are held to: the schema's model, and validators made of it.

use std::{collections::HashMap, path::Path};

use accord_codegen::{
    diagnostic::{Diagnostic, Diagnostics, Span},
    emit::json_schema,
    lower,
    model::{
        Ack, ClientEvent, ErrorDef, ErrorId, Kind, Limit, Model, Object, Operation, RoomAction, Scope, ServerEvent,
        Shape, Success, SuccessBody, Target, Type, TypeId,
    },
    pattern_to_rust,
    source::{Context, LoadedFile},
};
use jsonschema::{Keyword, ValidationError, Validator};
use regex::Regex;
use serde_json::{Map, Value, json};

use crate::{
    embedded::{Edition, Files, RELEASES, TODAY},
    past::Past,
};

/// The schema's first file.
const ROOT: &str = "chat.yaml";

/// Times have milliseconds and are in UTC, which JSON Schema's `date-time` leaves open.
const TIMESTAMP: &str = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$";

/// A protocol, with everything that is looked up in it while a server is held to it.
#[derive(Debug)]
pub struct Protocol {
    /// The schema's model.
    pub model: Model,
    /// What has become of it since, where it is a release that clients in the field speak.
    pub past: Option<Past>,
    /// The flows that belong to it.
    pub(crate) flows: Files,
    payloads: HashMap<String, Validator>,
    acks: HashMap<String, Validator>,
    bodies: HashMap<String, Validator>,
    error: Validator,
}

impl Protocol {
    /// The protocol whose schema the binary carries.
    ///
    /// # Errors
    /// Everything that is wrong with the schema.
    pub fn embedded() -> Result<Self, Diagnostics> {
        model(&TODAY).map(Protocol::new)
    }

    /// The versions of the protocol that have been released, from the oldest to the newest.
    pub fn releases() -> impl Iterator<Item = &'static str> {
        RELEASES.iter().map(|(version, _)| *version)
    }

    /// A released version of the protocol, with its flows, as clients in the field speak it; `None` where there is no
    /// such release.
    ///
    /// # Errors
    /// Everything that is wrong with its schema, or with today's.
    pub fn released(version: &str) -> Option<Result<Self, Diagnostics>> {
        let (version, edition) = RELEASES.iter().find(|(known, _)| *known == version)?;
        Some(model(edition).and_then(|model| {
            let past = Past::new(version, &model, &self::model(&TODAY)?);
            Ok(Protocol { past: Some(past), flows: edition.flows, ..Protocol::new(model) })
        }))
    }

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
        Protocol { model, past: None, flows: TODAY.flows, payloads, acks, bodies, error }
    }

    /// What a client says at the handshake: its token, and the version that it speaks; where that is not given, the one
    /// that it was built for.
    pub fn hello(&self, token: Option<&str>, version: Option<&str>) -> Option<Value> {
        let version = version.or(self.past.as_ref().map(|past| past.version.as_str()));
        let said = [("token", token), ("protocol", version)].into_iter();
        let said: Map<String, Value> = said.filter_map(|(key, text)| Some((key.to_owned(), text?.into()))).collect();
        (!said.is_empty()).then(|| said.into())
    }

    /// All client events, in the schema's order.
    pub fn client_events(&self) -> impl Iterator<Item = &ClientEvent> {
        self.model.domains.iter().flat_map(|domain| &domain.client)
    }

    /// The client event of this name.
    pub fn client_event(&self, name: &str) -> Option<&ClientEvent> {
        self.client_events().find(|event| event.name == name)
    }

    /// All server events, in the schema's order.
    pub fn server_events(&self) -> impl Iterator<Item = &ServerEvent> {
        self.model.domains.iter().flat_map(|domain| &domain.server)
    }

    /// The server event of this name.
    pub fn server_event(&self, name: &str) -> Option<&ServerEvent> {
        self.server_events().find(|event| event.name == name)
    }

    /// The REST operation of this name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.model.http.operations.iter().find(|operation| operation.name == name)
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
        event.payload.and_then(|id| self.object(id))
    }

    /// The object that this type is.
    pub fn object(&self, id: TypeId) -> Option<&Object> {
        match &self.model.types[id.0].shape {
            Shape::Object(object) => Some(object),
            Shape::Alias(Kind::Ref(id)) => self.object(*id),
            _ => None,
        }
    }

    /// The scopes of an event's rooms, each with the payload's field that names the room: its own, then the further ones.
    pub fn rooms_of<'p>(&'p self, event: &'p ClientEvent) -> impl Iterator<Item = (&'p Scope, &'p str)> {
        let own = event.scope.map(|id| {
            let scope = &self.model.scopes[id.0];
            (scope, scope.key.as_str())
        });
        own.into_iter().chain(event.also.iter().map(|also| (&self.model.scopes[also.scope.0], also.key.as_str())))
    }

    /// The errors that an event may be answered with besides those that any event may.
    pub fn declared_errors<'p>(&'p self, event: &'p ClientEvent) -> impl Iterator<Item = &'p ErrorDef> {
        let mut denied: Vec<ErrorId> = self.rooms_of(event).map(|(scope, _)| scope.denied).collect();
        denied.dedup();
        denied.into_iter().chain(event.errors.iter().copied()).map(|id| self.error(id))
    }

    /// The limit that all events draw on, where there is one.
    pub fn event_limit(&self) -> Option<&Limit> {
        self.model.gateway.unknown_limit.map(|id| &self.model.limits[id.0])
    }

    /// An event that anybody may emit at any time and that the server answers by an event to the caller: it shows that
    /// all that came before it has arrived. With the name of its answer.
    pub fn marker(&self) -> Option<(&ClientEvent, &str)> {
        self.client_events().find_map(|event| match event.emits.as_slice() {
            [emit]
                if event.scope.is_none() && event.payload.is_none() && emit.to == Target::Caller && !emit.optional =>
            {
                Some((event, emit.event.as_str()))
            }
            _ => None,
        })
    }

    /// The client event that joins the rooms of `scope`, and the one that leaves them.
    pub fn room_event(&self, scope: &str, action: RoomAction) -> Option<&ClientEvent> {
        self.client_events().find(|event| {
            let same = event.scope.is_some_and(|id| self.model.scopes[id.0].name == scope);
            same && event.room == Some(action)
        })
    }

    /// What is wrong with the payload of a server event.
    pub fn check_event(&self, name: &str, args: &[Value]) -> Result<(), String> {
        let Some(event) = self.server_event(name) else {
            return Err(format!("the protocol has no server event `{name}`"));
        };
        match (event.payload, args) {
            (None, []) => Ok(()),
            (None, _) => Err(format!("`{name}` carries a payload, which it does not have")),
            (Some(_), [payload]) => check(&self.payloads[name], payload, &format!("`{name}`")),
            (Some(_), _) => Err(format!("`{name}` carries {} arguments instead of one", args.len())),
        }
    }

    /// What is wrong with the data of the acknowledgement of `event`.
    pub fn check_ack(&self, event: &str, data: &Value) -> Result<(), String> {
        let what = || format!("the acknowledgement of `{event}`");
        match self.acks.get(event) {
            Some(validator) => check(validator, data, &what()),
            None if data.is_null() => Ok(()),
            None => Err(format!("{} carries data, which it does not have: {data}", what())),
        }
    }

    /// What is wrong with a failure.
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

    /// What is wrong with the body of an operation's success; returns what its envelope holds.
    pub fn check_body<'v>(&self, operation: &Operation, body: &'v Value) -> Result<&'v Value, String> {
        let Success { body: SuccessBody::Json { envelope, .. }, .. } = &operation.success else { return Ok(body) };
        let data = match envelope {
            None => body,
            Some(envelope) => body
                .get(envelope)
                .ok_or_else(|| format!("the answer of `{}` has no `{envelope}`: {body}", operation.name))?,
        };
        check(&self.bodies[&operation.name], data, &format!("the answer of `{}`", operation.name))?;
        Ok(data)
    }
}

/// The model of a schema that the binary carries.
fn model(edition: &Edition) -> Result<Model, Diagnostics> {
    let mut cx = Context::default();
    let mut files = Vec::new();
    include(edition.schema, ROOT, None, &mut cx, &mut files);
    let model = lower(&files, &mut cx);
    match model {
        Some(model) if cx.diagnostics.is_empty() => Ok(model),
        _ => Err(Diagnostics::new(cx.sources, cx.diagnostics)),
    }
}

fn include(schema: Files, path: &str, from: Option<Span>, cx: &mut Context, files: &mut Vec<LoadedFile>) {
    if files.iter().any(|file| file.path.as_path() == Path::new(path)) {
        return;
    }
    let Some((_, text)) = schema.iter().find(|(known, _)| *known == path) else {
        let diagnostic = Diagnostic::new("unreadable-file", format!("the binary does not carry `{path}`"));
        cx.report(match from {
            Some(span) => diagnostic.at(span, "included here"),
            None => diagnostic,
        });
        return;
    };
    let Some(file) = LoadedFile::read(Path::new(path), text, cx) else { return };
    let includes = file.schema.include.get().cloned().unwrap_or_default();
    files.push(file);
    for included in includes {
        include(schema, included.as_str(), Some(included.span), cx, files);
    }
}

fn of_type(model: &Model, ty: &Type) -> Value {
    let mut schema = json_schema::use_of(&model.types, ty, true);
    let all = json_schema::bundle(model);
    schema["$schema"] = all["$schema"].clone();
    schema["$defs"] = all["$defs"].clone();
    schema
}

pub(crate) fn validator(mut schema: Value) -> Validator {
    sharpen(&mut schema);
    let options = jsonschema::options().with_keyword(PATTERN, |_, pattern, _| {
        let pattern = Regex::new(pattern.as_str().unwrap_or_default());
        Ok(Box::new(Pattern(pattern.expect("portable patterns are regular expressions"))))
    });
    options.build(&schema).expect("the emitter makes valid JSON Schemas")
}

/// A pattern in the syntax of the `regex` crate. What JSON Schema's own `pattern` holds is in that of ECMA-262, of which
/// implementations in Rust know only a part.
const PATTERN: &str = "rustPattern";

struct Pattern(Regex);

impl<'i> Keyword<'i> for Pattern {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            Ok(())
        } else {
            Err(ValidationError::custom(format!("{instance} does not match {}", self.0)))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance.as_str().is_none_or(|text| self.0.is_match(text))
    }
}

/// Holds every point in time to milliseconds and UTC, and replaces patterns by those of [`PATTERN`].
fn sharpen(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            keys.values_mut().for_each(sharpen);
            if let Some(Value::String(pattern)) = keys.get("pattern") {
                let pattern =
                    pattern_to_rust(pattern).expect("a schema with patterns that are not portable is refused");
                keys.remove("pattern");
                keys.insert(PATTERN.to_owned(), pattern.into());
            }
            if keys.get("format").is_some_and(|format| format == "date-time") {
                keys.insert(PATTERN.to_owned(), TIMESTAMP.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sharpen),
        _ => {}
    }
}

fn check(validator: &Validator, value: &Value, what: &str) -> Result<(), String> {
    let Some(error) = validator.iter_errors(value).next() else { return Ok(()) };
    Err(format!("{what} breaks the schema at `{}`: {error}", error.instance_path()))
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
        for event in protocol.server_events() {
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
