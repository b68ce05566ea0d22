//! The rules for durable and volatile events.

use std::collections::{HashMap, HashSet};

use super::{Lowering, types::Resolved};
use crate::{
    diagnostic::{Diagnostic, Span},
    model::{Ack, ClientEvent, Domain, Emit, Http, Method, Object, SEQ, ScopeId, SuccessBody, Target, TypeId},
    source::{
        Named, Slot, Text,
        emits::{EmitSchema, TargetSchema},
        events::{AnytimeSchema, ServerSchema},
    },
};

impl<'a> Lowering<'a, '_> {
    /// Checks everything that concerns logs, once it is known which events are `entries` of them.
    pub fn check_logs(&mut self, entries: &HashSet<String>, domains: &[Domain], http: &Http) {
        self.gateway_errors();
        let emits = emitted_at(domains, http);
        for (_, scope) in self.tables.scopes.entries.clone() {
            if let Some((key, log)) = scope.and_then(|scope| Some((scope.key.get()?, scope.log.get()?))) {
                let emitted = |event: &str| emits.get(event).copied();
                self.log_parts(key, log, emitted);
            }
        }
        for (index, (name, schema)) in self.tables.server.entries.clone().into_iter().enumerate() {
            if let Some(schema) = schema {
                self.entry(name, schema, self.server_payload(index), entries.contains(name.as_str()));
            }
        }
        for event in domains.iter().flat_map(|domain| &domain.client) {
            let index = self.tables.client.find(&event.name);
            if let Some((name, Some(schema))) = index.map(|index| self.tables.client.entries[index]) {
                self.unnumbered(&schema.emits, entries);
                self.one_log(name, event, entries);
                self.numbered_ack(event);
                self.idempotent(schema, event);
            }
        }
        for operation in &http.operations {
            let index = self.tables.operations.find(&operation.name);
            let Some((_, Some(schema))) = index.map(|index| self.tables.operations.entries[index]) else { continue };
            self.unnumbered(&schema.emits, entries);
            let Some(emits) = schema.emits.get() else { continue };
            let (wrong, help) = match (operation.method, &operation.success.body) {
                (Method::Get, _) => ("a GET changes nothing, and leads to no events", "use another method"),
                (_, SuccessBody::Raw(_)) => {
                    ("an operation that answers with bytes leads to no events", "answer with JSON, or with nothing")
                }
                _ => continue,
            };
            let diagnostic = Diagnostic::new("operation-emits", wrong).at(emits.span, "");
            self.cx.report(diagnostic.help(format!("{help}, or leave `emits` out")));
        }
        self.kept_by_none();
    }

    /// Reports errors of the gateway that are missing or unused.
    fn gateway_errors(&mut self) {
        let Some(gateway) = self.tables.gateway else { return };
        let scopes = self.tables.scopes.entries.iter();
        let log = scopes.filter_map(|(_, scope)| scope.as_ref()?.log.get()).map(|log| log.span).next();
        let events = self.tables.client.entries.iter();
        let idempotent = events.filter_map(|(_, event)| event.as_ref()?.idempotent.get()).map(|key| key.span).next();
        let uses = [
            ("position_lost", &gateway.position_lost, log, "a scope has a log"),
            ("idempotency_conflict", &gateway.idempotency_conflict, idempotent, "an event is idempotent"),
        ];
        for (key, slot, user, when) in uses {
            let diagnostic = match (slot, user) {
                (Slot::Absent, Some(span)) if !gateway.has_other_keys => {
                    Diagnostic::new("missing-key", format!("the key `{key}` is missing below `gateway`, and {when}"))
                        .at(gateway.span, format!("needs `{key}`"))
                        .and(span, "here")
                        .help(format!("add `{key}`: the name of an error"))
                }
                (Slot::Is(error), None) => Diagnostic::new("misplaced-keyword", format!("no answer uses `{key}`"))
                    .at(error.span, "")
                    .help(format!("leave it out until {when}")),
                _ => continue,
            };
            self.cx.report(diagnostic);
        }
    }

    /// Checks a server event's keys about logs.
    fn entry(&mut self, name: &'a Text, schema: &'a ServerSchema, payload: Option<TypeId>, is_entry: bool) {
        let scope = schema.scope.get().map(|scope| self.tables.scopes.find(scope.as_str()));
        let has_log = match scope {
            // An unknown scope has been reported.
            Some(None) => return,
            Some(Some(scope)) => self.log_schema(ScopeId(scope)).is_some(),
            None if schema.has_other_keys => return,
            None => false,
        };
        let mut refuse = |rule, span: Span, message: String, help: &str| {
            self.cx.report(Diagnostic::new(rule, message).at(span, "").help(help));
        };
        if let Some(volatile) = schema.volatile.get()
            && !has_log
        {
            let message = format!("no log would keep `{}` anyway", name.value);
            refuse("volatile-event", volatile.span, message, "leave `volatile` out: the event has no scope with a log");
        }
        if let Some(evicts) = schema.evicts.get()
            && !is_entry
        {
            let message = format!("`{}` evicts users, but is not an entry of a log", name.value);
            let help = "leave `evicts` out, or emit the event to a room whose scope has a log, without `volatile`";
            refuse("evicting-event", evicts.span, message, help);
        }
        if let Some(anytime) = schema.anytime.get() {
            match anytime.value {
                AnytimeSchema::Scope if schema.scope.is_absent() => refuse(
                    "anytime-event",
                    anytime.span,
                    format!("`{}` has no scope whose rooms could receive it", name.value),
                    "add `scope: …` to the event, or write `anytime: user`",
                ),
                AnytimeSchema::User if is_entry => refuse(
                    "durable-event",
                    anytime.span,
                    format!("`{}` is an entry of a room's log, and would have no number for a user", name.value),
                    "use an event of its own for users",
                ),
                _ => {}
            }
        }
        if is_entry {
            self.entry_payload(name, schema, payload);
        }
    }

    /// Checks the payload of an entry.
    fn entry_payload(&mut self, name: &'a Text, schema: &'a ServerSchema, payload: Option<TypeId>) {
        if payload.is_none() && !schema.has_no_payload() {
            return;
        }
        let object = match payload.map(|id| self.types.resolve_ref(id)) {
            Some(None) => return,
            Some(Some(Resolved::Object(object))) => Some(object),
            Some(Some(_)) | None => None,
        };
        let Some(object) = object else {
            let message = format!(
                "`{}` is an entry of a log, but its payload is not an object, so `{SEQ}` cannot be added to it",
                name.value
            );
            let diagnostic = Diagnostic::new("durable-event", message).at(name.span, "");
            self.cx.report(diagnostic.help("make its payload an object, or write `volatile: true`"));
            return;
        };
        let has_seq = object.fields.iter().any(|field| field.name == SEQ);
        let evicted = schema.evicts.get().filter(|evicts| evicts.as_str() != "former_members");
        let names_user = evicted.is_none_or(|field| self.is_id(object, field.as_str()));
        if has_seq {
            let message = format!(
                "`{}` is an entry of a log: the gateway adds `{SEQ}` to its payload, which has one",
                name.value
            );
            let diagnostic = Diagnostic::new("durable-event", message).at(name.span, "");
            self.cx.report(diagnostic.help(format!("rename the payload's `{SEQ}`, or write `volatile: true`")));
        }
        if let Some(field) = evicted.filter(|_| !names_user) {
            let message = format!("`{}` is not a field of `{}` that names a user", field.value, name.value);
            let diagnostic = Diagnostic::new("evicting-event", message).at(field.span, "whose sockets leave the room?");
            self.cx.report(diagnostic.help("name a required string of the payload, or write `evicts: former_members`"));
        }
    }

    fn is_id(&self, object: &Object, name: &str) -> bool {
        object.fields.iter().any(|field| {
            let is_text = matches!(self.types.resolve(&field.ty.kind), Some(Resolved::Text) | None);
            field.name == name && field.required && !field.ty.nullable && is_text
        })
    }

    /// Reports entries of logs whose receivers would have no number for them.
    fn unnumbered(&mut self, emits: &Slot<Named<EmitSchema>>, entries: &HashSet<String>) {
        for entry in emits.get().into_iter().flat_map(|emits| &emits.entries) {
            let Some(EmitSchema { to: Some(targets), .. }) = &entry.value else { continue };
            for target in targets.iter().filter(|_| entries.contains(entry.name.as_str())) {
                let whom = match target {
                    TargetSchema::User(_) => "a user",
                    TargetSchema::Word(word) if word.as_str() == "caller" => "the caller",
                    TargetSchema::Word(word) if word.as_str() == "user" => "the caller's user",
                    TargetSchema::Word(word) if word.as_str() == "others" => "the others",
                    TargetSchema::Word(_) | TargetSchema::Room(_) => continue,
                };
                let message = format!(
                    "`{}` is an entry of a room's log, and would have no number for {whom} alone",
                    entry.name.value
                );
                let diagnostic = Diagnostic::new("durable-event", message)
                    .at(target.text().span, "the log is that of a whole room")
                    .help("use an event of its own here, or write `volatile: true` on this one");
                self.cx.report(diagnostic);
            }
        }
    }

    /// Reports an event that leads to entries of several logs: its acknowledgement has one number.
    fn one_log(&mut self, name: &Text, event: &ClientEvent, entries: &HashSet<String>) {
        let durable = event.emits.iter().filter(|emit| entries.contains(&emit.event));
        let rooms = durable.flat_map(|emit| emit.to.iter().map(move |to| (to, emit)));
        let rooms: Vec<(&Target, &Emit)> =
            rooms.filter(|(to, _)| matches!(to, Target::Scope | Target::Also(_))).collect();
        let Some((first, emit)) = rooms.first() else { return };
        if let Some((_, other)) = rooms.iter().find(|(to, _)| to != first) {
            let message =
                format!("`{}` leads to entries of two logs, and its acknowledgement has one number", name.value);
            let diagnostic = Diagnostic::new("durable-event", message)
                .at(other.place.span(), "in one log")
                .and(emit.place.span(), "in another")
                .help("write `volatile: true` on one of the events, or make two client events of this one");
            self.cx.report(diagnostic);
        }
    }

    /// Reports an acknowledgement that already has its own `seq`.
    fn numbered_ack(&mut self, event: &ClientEvent) {
        let Ack::Type(ty) = &event.ack else { return };
        let Some(Resolved::Object(object)) = self.types.resolve(&ty.kind) else { return };
        if event.durable && object.fields.iter().any(|field| field.name == SEQ) {
            let message = format!("the gateway adds `{SEQ}` to the acknowledgement of `{}`, which has one", event.name);
            let diagnostic = Diagnostic::new("durable-event", message).at(ty.place.span(), "");
            self.cx.report(diagnostic.help(format!("rename the `{SEQ}` of the acknowledgement's type")));
        }
    }

    /// Reports durable events that follow a connect or disconnect.
    fn kept_by_none(&mut self) {
        let sections = [
            self.tables.connect.and_then(|connect| connect.emits.get()),
            self.tables.disconnect.and_then(|disconnect| disconnect.emits.get()),
        ];
        for entry in sections.into_iter().flatten().flat_map(|emits| &emits.entries) {
            let targets = entry.value.as_ref().and_then(|emit| emit.to.as_ref());
            let own = |target: &&TargetSchema| {
                let scope = self.tables.scopes.find(target.text().as_str());
                scope.is_some_and(|scope| self.log_schema(ScopeId(scope)).is_some())
            };
            let Some(target) = targets.and_then(|targets| targets.iter().find(own)) else { continue };
            let server =
                self.tables.server.find(entry.name.as_str()).and_then(|server| self.tables.server.entries[server].1);
            if server.is_some_and(|server| server.volatile.get().is_none_or(|volatile| !volatile.value)) {
                let message = format!("no log keeps `{}`: it follows a connect or disconnect", entry.name.value);
                let diagnostic = Diagnostic::new("durable-event", message).at(target.text().span, "a room with a log");
                self.cx.report(diagnostic.help("write `volatile: true` on the event"));
            }
        }
    }
}

/// The events that have a cause, each with the place of its first cause.
fn emitted_at(domains: &[Domain], http: &Http) -> HashMap<String, Span> {
    let events = domains.iter().flat_map(|domain| &domain.client).flat_map(|event| &event.emits);
    let operations = http.operations.iter().flat_map(|operation| &operation.emits);
    let mut places = HashMap::new();
    for emit in events.chain(operations) {
        places.entry(emit.event.clone()).or_insert(emit.place.span());
    }
    places
}
