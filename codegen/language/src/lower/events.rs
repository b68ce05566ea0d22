//! Events: client events, their consequences, and server events.

use std::collections::HashMap;

use super::{
    Lowering,
    docs::doc_of,
    examples, names,
    targets::{Cause, Receivers},
    types::{Inline, Position},
};
use crate::{
    case,
    diagnostic::Diagnostic,
    model::{Anytime, ClientEvent, Domain, ErrorId, Evicts, Kind, LimitId, RoomAction, ScopeId, ServerEvent, TypeId},
    source::{
        Any, Slot, Text,
        events::{AnytimeSchema, ClientSchema, RoomSchema, ServerSchema},
        schema::TypeSchema,
    },
};

/// Events that Socket.IO itself has.
const SOCKET_IO: &[&str] = &["connect", "connect_error", "disconnect", "disconnecting"];

impl<'a> Lowering<'a, '_> {
    /// All files of events. Server events first, because client events refer to them.
    pub fn domains(&mut self) -> Option<Vec<Domain>> {
        let domains = std::mem::take(&mut self.tables.domains);
        let mut lowered = Vec::new();
        let mut client_payloads: HashMap<usize, Option<TypeId>> = HashMap::new();
        for domain in &domains {
            if names::is_keyword(&domain.name) {
                let diagnostic =
                    Diagnostic::new("reserved-name", format!("a domain cannot be named `{}`", domain.name))
                        .at(domain.span, "the domain is named after this file, and this is a keyword of Rust")
                        .help("rename the file");
                self.cx.report(diagnostic);
            }
            for &index in &domain.client {
                let (name, schema) = self.tables.client.entries[index];
                self.event_name(name);
                let payload = schema
                    .and_then(|schema| self.payload(name, &schema.payload, &schema.example, schema.has_other_keys));
                client_payloads.insert(index, payload);
            }
            for &index in &domain.server {
                let (name, schema) = self.tables.server.entries[index];
                self.event_name(name);
                let payload = schema
                    .and_then(|schema| self.payload(name, &schema.payload, &schema.example, schema.has_other_keys));
                self.server_payloads.insert(index, payload);
            }
        }
        for domain in &domains {
            let schema = &domain.file.schema;
            let has_handlers = domain
                .client
                .iter()
                .any(|index| self.tables.client.entries[*index].1.is_some_and(ClientSchema::has_handler));
            if has_handlers {
                let name = case::pascal(&domain.name);
                let what = format!("the handlers of the domain `{}`, which is named after this file", domain.name);
                self.items.claim("types", &name, domain.span, what, self.cx);
            }
            let mut client = Vec::new();
            for &index in &domain.client {
                let (name, schema) = self.tables.client.entries[index];
                let payload = client_payloads.get(&index).copied().flatten();
                let Some(schema) = schema else { continue };
                client.extend(self.client_event(name, schema, payload));
            }
            let mut server = Vec::new();
            for &index in &domain.server {
                let (name, schema) = self.tables.server.entries[index];
                let Some(schema) = schema else { continue };
                server.push(self.server_event(name, schema, self.server_payload(index)));
            }
            let doc = self.plain_doc(&schema.summary, &schema.description);
            let place = domain.file.place();
            lowered.push(Domain { name: domain.name.clone(), doc, client, server, place });
        }
        Some(lowered)
    }

    pub fn server_payload(&self, index: usize) -> Option<TypeId> {
        self.server_payloads.get(&index).copied().flatten()
    }

    pub fn event_name(&mut self, name: &Text) {
        self.snake_name(name, "event");
        let why = match name.as_str() {
            name if SOCKET_IO.contains(&name) => "Socket.IO itself has this event",
            name if names::is_keyword(name) => "this is a keyword of Rust",
            "ack" => "generated code uses this name for acknowledgements",
            _ => return,
        };
        let diagnostic = Diagnostic::new("reserved-name", format!("an event cannot be named `{}`", name.value));
        self.cx.report(diagnostic.at(name.span, why).help("choose another name"));
        self.items.excuse("types", &case::pascal(name.as_str()));
        self.items.excuse("specs", &case::screaming(name.as_str()));
    }

    /// An event's payload. An inline type is named after the event.
    pub fn payload(
        &mut self,
        event: &Text,
        schema: &'a Slot<TypeSchema>,
        example: &'a Slot<Any>,
        has_other_keys: bool,
    ) -> Option<TypeId> {
        let Some(schema) = schema.get() else {
            if schema.is_absent()
                && !has_other_keys
                && let Some(example) = example.get()
            {
                let diagnostic = Diagnostic::new("misplaced-keyword", "an event without a payload has no example");
                self.cx.report(diagnostic.at(example.0.span, "").help("add `payload`, or leave `example` out"));
            }
            return None;
        };
        if let Some(nullable) = schema.nullable.get() {
            let diagnostic = Diagnostic::new("misplaced-keyword", "a payload cannot be nullable");
            self.cx.report(diagnostic.at(nullable.span, "").help("leave it out"));
        }
        let inline = Inline {
            name: case::pascal(event.as_str()),
            summary: format!("The payload of `{}`.", event.value),
            span: event.span,
        };
        let ty = self.use_of(schema, inline, Position::Payload);
        let Kind::Ref(id) = ty.kind else { return None };
        match example {
            Slot::Is(example) => {
                self.examples.push(examples::Pending { id, example });
                if let Some(def) = self.types.defs.get_mut(id.0)
                    && !def.named
                {
                    def.example.get_or_insert_with(|| example.to_json());
                }
            }
            Slot::Absent if has_other_keys => {}
            Slot::Absent => {
                if self.types.get(id).is_some_and(|def| def.example.is_none()) {
                    let diagnostic = Diagnostic::new("missing-example", format!("`{}` has no example", event.value))
                        .at(event.span, "needs `example`")
                        .help("add `example: …` here, or to the payload's type");
                    self.cx.report(diagnostic);
                }
            }
            Slot::Broken => {}
        }
        Some(id)
    }

    /// The scope that is named.
    pub fn scope(&mut self, scope: &Slot<Text>) -> Option<ScopeId> {
        scope.get().and_then(|scope| self.tables.scopes.resolve(scope, self.cx)).map(ScopeId)
    }

    /// The limit that is named; `None` for `unlimited`.
    pub fn limit(&mut self, limit: &Slot<Text>) -> Option<LimitId> {
        let limit = limit.get()?;
        if limit.as_str() == "unlimited" {
            return None;
        }
        self.tables.limits.resolve(limit, self.cx).map(LimitId)
    }

    /// The errors that are named.
    pub fn error_list(&mut self, errors: &Slot<Vec<Text>>) -> Vec<ErrorId> {
        let errors = errors.get().map(Vec::as_slice).unwrap_or_default();
        let mut ids = Vec::new();
        for (index, error) in errors.iter().enumerate() {
            if let Some(first) = errors[..index].iter().find(|first| first.value == error.value) {
                let diagnostic =
                    Diagnostic::new("duplicate-name", format!("the error `{}` is listed twice", error.value));
                self.cx.report(diagnostic.at(error.span, "again here").and(first.span, "first here"));
                continue;
            }
            ids.extend(self.tables.errors.resolve(error, self.cx).map(ErrorId));
        }
        ids
    }

    /// A failure's message.
    pub fn failure(&mut self, failure: &Slot<Text>) -> String {
        if let Some(failure) = failure.get()
            && failure.value.is_empty()
        {
            let diagnostic = Diagnostic::new("empty-text", "an empty text tells a client nothing");
            self.cx.report(diagnostic.at(failure.span, "empty").help("say what failed: `Failed to send message`"));
        }
        failure.get().map(|failure| failure.value.clone()).unwrap_or_default()
    }

    pub fn client_event(
        &mut self,
        name: &'a Text,
        schema: &'a ClientSchema,
        payload: Option<TypeId>,
    ) -> Option<ClientEvent> {
        let pascal = case::pascal(name.as_str());
        let what = format!("the client event `{}`", name.value);
        self.items.claim("specs", &case::screaming(name.as_str()), name.span, what, self.cx);
        let markers: &[_] = match self.items.is_refused("types", &pascal) {
            // Names made of an invalid name are not reported again.
            true => &[],
            false => &[("Reply", "the reply to"), ("Error", "the errors of")],
        };
        for (marker, what) in markers {
            let what = format!("{what} `{}`", name.value);
            self.items.claim("types", &format!("{pascal}{marker}"), name.span, what, self.cx);
        }
        let doc = doc_of!(self, schema);
        let scope = self.scope(&schema.scope);
        let also = self.also(name, schema, payload);
        if let (Some(ScopeId(index)), Some(at)) = (scope, schema.scope.get())
            && let Some(key) = self.tables.scopes.entries[index].1.and_then(|scope| scope.key.get())
        {
            self.room_key(payload, schema.has_no_payload(), key.as_str(), at.span);
        }
        let limit = self.limit(&schema.limit);
        let also_keys =
            schema.also.get().into_iter().flat_map(|named| &named.entries).map(|entry| entry.name.as_str()).collect();
        let has_scope = !schema.scope.is_absent() || schema.has_other_keys;
        let mut receivers = Receivers {
            cause: Cause::Event,
            scope,
            has_scope,
            also: &also,
            also_keys,
            payload,
            has_no_payload: schema.has_no_payload(),
            rooms: Vec::new(),
        };
        let (emits, all_known) = self.emits(&schema.emits, &mut receivers);
        let emits_known = all_known && !schema.has_other_keys;
        let ack = self.ack(name, schema, &emits, emits_known);
        let room = schema.room.get().map(|room| match room.value {
            RoomSchema::Join => RoomAction::Join,
            RoomSchema::Leave => RoomAction::Leave,
        });
        if room.is_some() {
            self.room_event(name, schema, payload, scope, &emits, emits_known);
        }
        let renews = schema.renews.get().map(|token| token.value.clone());
        if renews.is_some() {
            self.renewal_event(name, schema, payload, ack.as_ref());
        }
        let errors = self.error_list(&schema.errors);
        let failure = self.failure(&schema.failure);
        let example = schema.example.get().map(Any::to_json);
        let example = example.or_else(|| self.types.get(payload?)?.example.clone());
        Some(ClientEvent {
            name: name.value.clone(),
            doc,
            payload,
            scope,
            also,
            room,
            idempotent: schema.idempotent.get().map(|key| key.value.clone()),
            // Known once all that is emitted is.
            durable: false,
            renews,
            limit,
            emits,
            ack: ack?,
            errors,
            failure,
            example,
            place: schema.place.clone(),
        })
    }

    pub fn server_event(&mut self, name: &Text, schema: &'a ServerSchema, payload: Option<TypeId>) -> ServerEvent {
        let doc = doc_of!(self, schema);
        let scope = self.scope(&schema.scope);
        let example = schema.example.get().map(Any::to_json);
        let example = example.or_else(|| self.types.get(payload?)?.example.clone());
        ServerEvent {
            name: name.value.clone(),
            doc,
            payload,
            scope,
            volatile: schema.volatile.get().is_some_and(|volatile| volatile.value),
            // Known once all that is emitted is.
            durable: false,
            evicts: schema.evicts.get().map(|evicts| match evicts.as_str() {
                "former_members" => Evicts::FormerMembers,
                field => Evicts::User(field.to_owned()),
            }),
            anytime: schema.anytime.get().map(|anytime| match anytime.value {
                AnytimeSchema::Scope => Anytime::Scope,
                AnytimeSchema::User => Anytime::User,
            }),
            example,
            place: schema.place.clone(),
        }
    }
}
