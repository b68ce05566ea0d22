//! Events: what clients send, what it leads to, and what the server sends.

use super::{
    Lowering,
    docs::doc_of,
    examples, names,
    types::{Inline, Position, Resolved},
};
use crate::{
    case,
    diagnostic::{Diagnostic, Span, instead},
    model::{
        Ack, AlsoScope, ClientEvent, Connect, Domain, Emit, ErrorId, Gateway, Kind, LimitId, RoomAction, ScopeId,
        ServerEvent, Target, TypeId,
    },
    source::{
        Any, Named, Slot, Text,
        document::{AckSchema, ClientSchema, EmitSchema, RoomSchema, ServerSchema},
        schema::TypeSchema,
    },
};

/// Events that Socket.IO itself has.
const SOCKET_IO: &[&str] = &["connect", "connect_error", "disconnect", "disconnecting"];

/// The rooms that an event can be emitted to.
struct Rooms<'s> {
    scope: Option<ScopeId>,
    /// Whether the event declares a scope, known or not.
    has_scope: bool,
    also: &'s [AlsoScope],
    /// The keys under `also`, known scopes or not.
    also_keys: Vec<&'s str>,
}

impl<'a> Lowering<'a, '_> {
    /// All files of events. Server events first: what clients send leads to them.
    pub fn domains(&mut self) -> Option<Vec<Domain>> {
        let domains = std::mem::take(&mut self.tables.domains);
        let mut lowered = Vec::new();
        let mut client_payloads = Vec::new();
        for domain in &domains {
            if names::is_keyword(&domain.name) {
                let diagnostic =
                    Diagnostic::new("reserved-name", format!("a domain cannot be called `{}`", domain.name))
                        .at(domain.span, "the domain is named after this file, and this is a keyword of Rust")
                        .help("rename the file");
                self.cx.report(diagnostic);
            }
            for &index in &domain.client {
                let (name, schema) = self.tables.client.entries[index];
                self.event_name(name);
                let payload = schema.and_then(|schema| self.payload(name, &schema.payload, &schema.example, schema.has_other_keys));
                client_payloads.push((index, payload));
            }
            for &index in &domain.server {
                let (name, schema) = self.tables.server.entries[index];
                self.event_name(name);
                let payload = schema.and_then(|schema| self.payload(name, &schema.payload, &schema.example, schema.has_other_keys));
                self.server_payloads.insert(index, payload);
            }
        }
        for domain in &domains {
            let schema = &domain.file.schema;
            let has_handlers = domain
                .client
                .iter()
                .any(|index| self.tables.client.entries[*index].1.is_some_and(|schema| schema.room.is_absent()));
            if has_handlers {
                let name = case::pascal(&domain.name);
                let what = format!("the handlers of the domain `{}`, which is named after this file", domain.name);
                self.items.claim("types", &name, domain.span, what, self.cx);
            }
            let mut client = Vec::new();
            for &index in &domain.client {
                let (name, schema) = self.tables.client.entries[index];
                let payload =
                    client_payloads.iter().find(|(client, _)| *client == index).and_then(|(_, payload)| *payload);
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
            lowered.push(Domain { name: domain.name.clone(), doc, client, server });
        }
        Some(lowered)
    }

    fn server_payload(&self, index: usize) -> Option<TypeId> {
        self.server_payloads.get(&index).copied().flatten()
    }

    fn event_name(&mut self, name: &Text) {
        self.snake_name(name, "event");
        let why = match name.as_str() {
            name if SOCKET_IO.contains(&name) => "Socket.IO itself has this event",
            name if names::is_keyword(name) => "this is a keyword of Rust",
            "ack" => "in generated code, this is what an acknowledgement says",
            _ => return,
        };
        let diagnostic = Diagnostic::new("reserved-name", format!("an event cannot be called `{}`", name.value));
        self.cx.report(diagnostic.at(name.span, why).help("choose another name"));
    }

    /// An event's payload; what stands inline is named after the event.
    fn payload(
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
                    Diagnostic::new("duplicate-name", format!("the error `{}` is there twice", error.value));
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

    /// Reports a room's key that is not a required string of the payload. `at` is where the room is asked for.
    pub fn room_key(&mut self, payload: Option<TypeId>, absent: bool, key: &str, at: Span) {
        let help = format!("the payload needs a required string `{key}`: the id of the room");
        let Some(id) = payload else {
            if absent {
                let diagnostic = Diagnostic::new("scope-key", "there is no payload that could name the room");
                self.cx.report(diagnostic.at(at, format!("the room is named by `{key}`")).help(help));
            }
            return;
        };
        let Some(def) = self.types.get(id) else { return };
        let object = match self.types.resolve_ref(id) {
            Some(Resolved::Object(object)) => Some(object),
            Some(_) => None,
            None => return,
        };
        let field = object.and_then(|object| object.fields.iter().find(|field| field.name == key));
        let wrong = match field {
            None => format!("`{}` has no field `{key}`", def.name),
            Some(field) if !field.required => format!("`{key}` is not required in `{}`", def.name),
            Some(field) if field.ty.nullable => format!("`{key}` can be `null` in `{}`", def.name),
            Some(field) => match self.types.resolve(&field.ty.kind) {
                Some(Resolved::Text) | None => return,
                Some(_) => format!("`{key}` is not a string in `{}`", def.name),
            },
        };
        let mut diagnostic =
            Diagnostic::new("scope-key", wrong).at(at, format!("the room is named by `{key}`")).help(help);
        let field = object.and_then(|object| object.fields.iter().position(|field| field.name == key));
        if let Some(span) = field.and_then(|field| self.types.uses.get(&(id, field))) {
            diagnostic = diagnostic.and(*span, "here");
        }
        self.cx.report(diagnostic);
    }

    fn client_event(
        &mut self,
        name: &'a Text,
        schema: &'a ClientSchema,
        payload: Option<TypeId>,
    ) -> Option<ClientEvent> {
        let pascal = case::pascal(name.as_str());
        let what = format!("the client event `{}`", name.value);
        self.items.claim("specs", &case::screaming(name.as_str()), name.span, what, self.cx);
        for (marker, what) in [("Reply", "what"), ("Error", "the errors that")] {
            let what = format!("{what} `{}` is answered with", name.value);
            let item = format!("{pascal}{marker}");
            if self.items.is_refused("types", &pascal) || !self.items.claim("types", &item, name.span, what, self.cx) {
                break;
            }
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
        let rooms = Rooms { scope, has_scope: !schema.scope.is_absent() || schema.has_other_keys, also: &also, also_keys };
        let (emits, all_known) = self.emits(&schema.emits, &rooms);
        let emits_known = all_known && !schema.has_other_keys;
        let ack = self.ack(name, schema, &emits, emits_known);
        let room = schema.room.get().map(|room| match room.value {
            RoomSchema::Join => RoomAction::Join,
            RoomSchema::Leave => RoomAction::Leave,
        });
        if room.is_some() {
            self.room_event(name, schema, payload, scope, &emits, emits_known);
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
            limit,
            emits,
            ack: ack?,
            errors,
            failure,
            example,
        })
    }

    fn also(&mut self, name: &Text, schema: &ClientSchema, payload: Option<TypeId>) -> Vec<AlsoScope> {
        let mut also = Vec::new();
        let Some(named) = schema.also.get() else { return also };
        let what = format!("the memberships that `{}` asks for", name.value);
        let pascal = case::pascal(name.as_str());
        self.items.claim("types", &format!("{pascal}Also"), name.span, what, self.cx);
        if schema.scope.is_absent() && !schema.has_other_keys {
            let diagnostic = Diagnostic::new("missing-scope", "`also` adds to a `scope`, and there is none")
                .at(named.span, "further memberships")
                .help("add `scope: …`: the one that the event has to do with first");
            self.cx.report(diagnostic);
        }
        for entry in &named.entries {
            if ["caller", "scope", "others", "user"].contains(&entry.name.as_str()) {
                let diagnostic =
                    Diagnostic::new("reserved-name", format!("a key under `also` cannot be `{}`", entry.name.value));
                self.cx.report(diagnostic.at(entry.name.span, "it has another meaning under `emits`"));
            }
            self.room_key(payload, schema.has_no_payload(), entry.name.as_str(), entry.name.span);
            let scope = entry.value.as_ref().and_then(|scope| self.tables.scopes.resolve(scope, self.cx));
            if let Some(scope) = scope {
                also.push(AlsoScope { key: entry.name.value.clone(), scope: ScopeId(scope) });
            }
        }
        also
    }

    /// The emitted events, and whether all are known.
    fn emits(&mut self, emits: &Slot<Named<EmitSchema>>, rooms: &Rooms<'_>) -> (Vec<Emit>, bool) {
        let mut lowered = Vec::new();
        let Some(named) = emits.get() else { return (lowered, emits.is_absent()) };
        for entry in &named.entries {
            let event = self.tables.server.find(entry.name.as_str());
            if event.is_none() {
                let mut diagnostic =
                    Diagnostic::new("unknown-event", format!("there is no server event `{}`", entry.name.value))
                        .at(entry.name.span, "unknown");
                diagnostic = match self.tables.client.find(entry.name.as_str()) {
                    Some(_) => diagnostic
                        .help("it is an event that clients send; declare what the server sends under `server`"),
                    None => {
                        let names = self.tables.server.entries.iter().map(|(name, _)| name.as_str());
                        diagnostic.help(instead(entry.name.as_str(), names))
                    }
                };
                self.cx.report(diagnostic);
            }
            let Some(value) = &entry.value else { continue };
            let Some(to) = &value.to else { continue };
            let target = self.target(to, rooms);
            let (Some(event), Some(target)) = (event, target) else { continue };
            self.room_of(&entry.name, to, &target, event, rooms);
            lowered.push(Emit {
                event: entry.name.value.clone(),
                payload: self.server_payload(event),
                to: target,
                optional: value.optional,
            });
        }
        let known = lowered.len() == named.entries.len();
        (lowered, known)
    }

    fn target(&mut self, to: &Text, rooms: &Rooms<'_>) -> Option<Target> {
        let target = match to.as_str() {
            "caller" => Target::Caller,
            "user" => Target::User,
            "scope" => Target::Scope,
            "others" => Target::Others,
            key => {
                if let Some(index) = rooms.also.iter().position(|also| also.key == key) {
                    return Some(Target::Also(index));
                }
                if rooms.also_keys.contains(&key) {
                    return None;
                }
                let choices = ["caller", "scope", "others", "user"];
                let choices: Vec<&str> = choices.into_iter().chain(rooms.also_keys.iter().copied()).collect();
                let diagnostic = Diagnostic::new("unknown-target", format!("`{key}` is nobody that gets an event"))
                    .at(to.span, "unknown")
                    .help(instead(key, choices));
                self.cx.report(diagnostic);
                return None;
            }
        };
        if matches!(target, Target::Scope | Target::Others) && !rooms.has_scope {
            let diagnostic = Diagnostic::new(
                "missing-scope",
                format!("`{}` means the scope's room, and there is no scope", to.value),
            )
            .at(to.span, "in which room?")
            .help("add `scope: …` to the event, or emit to `caller` or `user`");
            self.cx.report(diagnostic);
            return None;
        }
        Some(target)
    }

    /// Reports an event that is emitted to a room of another scope than it declares.
    fn room_of(&mut self, emit: &Text, to: &Text, target: &Target, event: usize, rooms: &Rooms<'_>) {
        let room = match target {
            Target::Caller | Target::User => return,
            Target::Scope | Target::Others => rooms.scope,
            Target::Also(index) => Some(rooms.also[*index].scope),
        };
        let Some(ScopeId(room)) = room else { return };
        let (event_name, Some(event)) = self.tables.server.entries[event] else { return };
        let room = self.tables.scopes.entries[room].0;
        let (wrong, help) = match &event.scope {
            Slot::Broken => return,
            Slot::Is(scope) if scope.value == room.value || self.tables.scopes.find(scope.as_str()).is_none() => return,
            Slot::Is(scope) => (
                format!("`{}` goes to a `{}`, and is declared to go to a `{}`", emit.value, room.value, scope.value),
                "emit another event, or change one of the scopes".to_owned(),
            ),
            Slot::Absent => (
                format!("`{}` goes to a `{}`, and is declared to go to no room", emit.value, room.value),
                format!("add `scope: {}` to the server event", room.value),
            ),
        };
        let diagnostic = Diagnostic::new("scope-mismatch", wrong)
            .at(to.span, format!("the room of a `{}`", room.value))
            .and(event.scope.get().map_or(event_name.span, |scope| scope.span), "declared here")
            .help(help);
        self.cx.report(diagnostic);
    }

    fn ack(&mut self, name: &'a Text, schema: &'a ClientSchema, emits: &[Emit], emits_known: bool) -> Option<Ack> {
        match &schema.ack {
            Slot::Absent => Some(Ack::None),
            Slot::Broken => None,
            Slot::Is(AckSchema::Type(ty)) => {
                let inline = Inline {
                    name: format!("{}Ack", case::pascal(name.as_str())),
                    summary: format!("The acknowledgement of `{}`.", name.value),
                    span: name.span,
                };
                Some(Ack::Type(self.use_of(ty, inline, Position::Field)))
            }
            Slot::Is(AckSchema::Event(event)) => {
                let index = emits.iter().position(|emit| emit.event == event.value);
                let Some(index) = index else {
                    if emits_known {
                        let diagnostic =
                            Diagnostic::new("unknown-ack", format!("`{}` is not emitted by this event", event.value))
                                .at(event.span, "not under `emits`")
                                .help(format!(
                                    "{}, or give the acknowledgement a type: `ack: {{ $ref: … }}`",
                                    instead(event.as_str(), emits.iter().map(|emit| emit.event.as_str()))
                                ));
                        self.cx.report(diagnostic);
                    }
                    return None;
                };
                let server = self.tables.server.find(event.as_str());
                let has_payload = server
                    .and_then(|server| self.tables.server.entries[server].1)
                    .is_none_or(|server| !server.has_no_payload());
                let (wrong, help) = if emits[index].optional {
                    let help = "give the acknowledgement a type of its own: `ack: { $ref: … }`";
                    ("is not always emitted, but an acknowledgement always says something", help)
                } else if !has_payload {
                    (
                        "carries nothing that an acknowledgement could say",
                        "leave `ack` out: the acknowledgement is then `null`",
                    )
                } else {
                    return Some(Ack::Emitted(index));
                };
                let diagnostic = Diagnostic::new("invalid-ack", format!("`{}` {wrong}", event.value));
                self.cx.report(diagnostic.at(event.span, "").help(help));
                None
            }
        }
    }

    /// Checks what the gateway does by itself: it only has the scope's key.
    fn room_event(
        &mut self,
        name: &Text,
        schema: &ClientSchema,
        payload: Option<TypeId>,
        scope: Option<ScopeId>,
        emits: &[Emit],
        emits_known: bool,
    ) {
        let Some(room) = schema.room.get() else { return };
        let what = match room.value {
            RoomSchema::Join => "joins",
            RoomSchema::Leave => "leaves",
        };
        if schema.scope.is_absent() && !schema.has_other_keys {
            let diagnostic =
                Diagnostic::new("missing-scope", format!("`{}` {what} a room, and has no scope", name.value))
                    .at(room.span, "which kind of room?")
                    .help("add `scope: …`");
            self.cx.report(diagnostic);
        }
        if let Some(first) = schema.errors.get().and_then(|errors| errors.first()) {
            let diagnostic =
                Diagnostic::new("room-event", "an event with `room` has no handler that could answer with an error")
                    .at(first.span, "")
                    .help("leave `errors` out: the gateway answers with the scope's `denied`");
            self.cx.report(diagnostic);
        }
        if let Some(also) = schema.also.get() {
            let diagnostic = Diagnostic::new("room-event", "an event with `room` has to do with one room");
            self.cx.report(diagnostic.at(also.span, "").help("leave `also` out"));
        }
        if let Some(AckSchema::Type(ty)) = schema.ack.get() {
            let diagnostic = Diagnostic::new(
                "room-event",
                "an event with `room` has no handler that could make this acknowledgement",
            );
            self.cx.report(diagnostic.at(ty.span, "").help("name the emitted event, or leave `ack` out"));
        }
        if !emits_known {
            return;
        }
        let key = scope.and_then(|ScopeId(scope)| self.tables.scopes.entries[scope].1?.key.get());
        let [Emit { to: Target::Caller, optional: false, payload: emitted, event }] = emits else {
            let span = schema.emits.get().map_or(name.span, |emits| emits.span);
            let diagnostic =
                Diagnostic::new("room-event", format!("an event that {what} a room emits one event, to `caller`"))
                    .at(span, "")
                    .help("tell the caller: `emits: { …: caller }`");
            self.cx.report(diagnostic);
            return;
        };
        let Some(key) = key else { return };
        let Some(server) = self.tables.server.find(event) else { return };
        let (server_name, Some(server)) = self.tables.server.entries[server] else { return };
        if matches!(server.payload, Slot::Broken) || emitted.is_some_and(|id| self.types.get(id).is_none()) {
            return;
        }
        let object = emitted.and_then(|id| match self.types.resolve_ref(id) {
            Some(Resolved::Object(object)) => Some(object),
            _ => None,
        });
        let field = |id: TypeId| match self.types.resolve_ref(id) {
            Some(Resolved::Object(object)) => object.fields.iter().find(|field| field.name == key.value),
            _ => None,
        };
        let exact = object.is_some_and(|object| {
            object.fields.len() == 1 && object.fields[0].name == key.value && object.fields[0].required
        });
        let received = payload.and_then(field);
        let sent = emitted.and_then(field);
        let wrong = match (received, sent) {
            _ if !exact => format!("the payload of `{event}` is not exactly `{}`", key.value),
            (Some(received), Some(sent)) if received.ty != sent.ty => {
                format!("`{}` is of another type in `{event}` than in `{}`", key.value, name.value)
            }
            _ => return,
        };
        let diagnostic = Diagnostic::new("room-event", wrong)
            .at(room.span, format!("the gateway, which {what} the room, knows `{}` alone", key.value))
            .and(server_name.span, "the emitted event")
            .help(format!("make its payload an object with one required field, `{}`, of the same type", key.value));
        self.cx.report(diagnostic);
    }

    fn server_event(&mut self, name: &Text, schema: &'a ServerSchema, payload: Option<TypeId>) -> ServerEvent {
        let doc = doc_of!(self, schema);
        let scope = self.scope(&schema.scope);
        let example = schema.example.get().map(Any::to_json);
        let example = example.or_else(|| self.types.get(payload?)?.example.clone());
        ServerEvent { name: name.value.clone(), doc, payload, scope, example }
    }

    /// The section `connect`. After [`domains`](Self::domains), whose payloads it needs.
    pub fn connect(&mut self) -> Option<Connect> {
        let schema = self.tables.connect?;
        for (item, what) in [
            ("ConnectReply", "what a handshake is answered with"),
            ("ConnectError", "the errors that a handshake is answered with"),
            ("Connection", "the handler of handshakes"),
        ] {
            self.items.claim("types", item, schema.span, what.to_owned(), self.cx);
        }
        self.items.claim("specs", "CONNECT", schema.span, "the handshake".to_owned(), self.cx);
        let doc = self.plain_doc(&schema.summary, &schema.description);
        let rooms = Rooms { scope: None, has_scope: false, also: &[], also_keys: Vec::new() };
        let (emits, _) = self.emits(&schema.emits, &rooms);
        let errors = self.error_list(&schema.errors);
        let failure = self.failure(&schema.failure);
        Some(Connect { doc, emits, errors, failure })
    }

    /// The section `gateway`.
    pub fn gateway(&mut self) -> Option<Gateway> {
        let schema = self.tables.gateway?;
        let error_event = schema.error_event.get().and_then(|event| {
            let index = self.tables.server.resolve(event, self.cx)?;
            let (_, server) = self.tables.server.entries[index];
            let absent = server.is_some_and(ServerSchema::has_no_payload);
            self.failure_payload(self.server_payload(index), absent, event.span);
            Some(event.value.clone())
        });
        let unknown = schema.unknown_events.get();
        let unknown_limit = unknown.and_then(|unknown| self.limit(&unknown.limit));
        let mut error = |slot: &Slot<Text>| Some(ErrorId(self.tables.errors.resolve(slot.get()?, self.cx)?));
        let unknown_event = unknown.and_then(|unknown| error(&unknown.answer));
        let (token_missing, token_refused) = (error(&schema.token_missing), error(&schema.token_refused));
        let (token_expired, invalid_payload) = (error(&schema.token_expired), error(&schema.invalid_payload));
        let (rate_limited, internal) = (error(&schema.rate_limited), error(&schema.internal));
        let admin_only = error(&schema.admin_only);
        Some(Gateway {
            error_event: error_event?,
            unknown_limit,
            token_missing: token_missing?,
            token_refused: token_refused?,
            token_expired: token_expired?,
            unknown_event: unknown_event?,
            invalid_payload: invalid_payload?,
            rate_limited: rate_limited?,
            internal: internal?,
            admin_only: admin_only?,
        })
    }

    /// Reports a type that the gateway's failures are not of: `{ message, code, event?, details?, retryAfterMs? }`.
    pub fn failure_payload(&mut self, payload: Option<TypeId>, absent: bool, at: Span) {
        let wrong = match payload {
            None if absent => "it carries nothing".to_owned(),
            None => return,
            Some(id) => match self.types.resolve_ref(id) {
                None => return,
                Some(Resolved::Object(object)) => {
                    let text = |name: &str| {
                        let field = object.fields.iter().find(|field| field.name == name && !field.ty.nullable);
                        field.is_some_and(|field| {
                            !matches!(self.types.resolve(&field.ty.kind), Some(Resolved::Object(_) | Resolved::Other))
                        })
                    };
                    let other = object
                        .fields
                        .iter()
                        .find(|field| field.required && !["message", "code"].contains(&field.name.as_str()));
                    match ["message", "code"].into_iter().find(|name| !text(name)) {
                        Some(missing) => format!("it has no string `{missing}`"),
                        None => match other {
                            Some(other) => format!("it requires `{}`, which not every failure has", other.name),
                            None => return,
                        },
                    }
                }
                Some(_) => "it is not an object".to_owned(),
            },
        };
        let diagnostic = Diagnostic::new("failure-payload", format!("this cannot carry a failure: {wrong}"))
            .at(at, "")
            .help("failures are objects with the strings `message` and `code`, and, not required, `event`, `details` and `retryAfterMs`");
        self.cx.report(diagnostic);
    }
}
