//! The rooms of an event, and the gateway's actions on them.

use super::{Lowering, joining::Joining, types::Resolved};
use crate::{
    case,
    diagnostic::{Diagnostic, Span},
    model::{AlsoScope, Emit, POSITION, ScopeId, Target, TypeId},
    source::{
        Slot, Spanned, Text,
        events::{AckSchema, ClientSchema, RoomSchema},
    },
};

impl<'a> Lowering<'a, '_> {
    /// Reports a room's key that is not a required string of the payload. `at` is the place that requires the room.
    pub fn room_key(&mut self, payload: Option<TypeId>, absent: bool, key: &str, at: Span) {
        self.id_field(payload, absent, key, at, ["room", "scope-key"]);
    }

    /// Reports the key of a `what` that is not a required string of the payload, by `rule`.
    pub fn id_field(
        &mut self,
        payload: Option<TypeId>,
        absent: bool,
        key: &str,
        at: Span,
        [what, rule]: [&'static str; 2],
    ) {
        let help = format!("the payload needs a required string `{key}`: the id of the {what}");
        let named = format!("the {what} is named by `{key}`");
        let Some(id) = payload else {
            if absent {
                let diagnostic = Diagnostic::new(rule, format!("there is no payload to name the {what}"));
                self.cx.report(diagnostic.at(at, named).help(help));
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
        let mut diagnostic = Diagnostic::new(rule, wrong).at(at, named).help(help);
        let field = object.and_then(|object| object.fields.iter().position(|field| field.name == key));
        if let Some(span) = field.and_then(|field| self.types.uses.get(&(id, field))) {
            diagnostic = diagnostic.and(*span, "here");
        }
        self.cx.report(diagnostic);
    }

    pub fn also(&mut self, name: &Text, schema: &ClientSchema, payload: Option<TypeId>) -> Vec<AlsoScope> {
        let mut also = Vec::new();
        let Some(named) = schema.also.get() else { return also };
        let what = format!("the memberships that `{}` asks for", name.value);
        let pascal = case::pascal(name.as_str());
        self.items.claim("types", &format!("{pascal}Also"), name.span, what, self.cx);
        for entry in &named.entries {
            if ["caller", "scope", "others", "user"].contains(&entry.name.as_str()) {
                let diagnostic =
                    Diagnostic::new("reserved-name", format!("a key under `also` cannot be `{}`", entry.name.value));
                self.cx.report(diagnostic.at(entry.name.span, "it has another meaning under `emits`"));
            }
            self.room_key(payload, schema.has_no_payload(), entry.name.as_str(), entry.name.span);
            let scope = entry.value.as_ref().and_then(|scope| self.tables.scopes.resolve(scope, self.cx));
            if let Some(scope) = scope {
                also.push(AlsoScope {
                    key: entry.name.value.clone(),
                    scope: ScopeId(scope),
                    place: entry.place.clone(),
                });
            }
        }
        also
    }

    /// Checks that the gateway can carry out the event: it only has the scope's key.
    pub fn room_event(
        &mut self,
        name: &Text,
        schema: &ClientSchema,
        payload: Option<TypeId>,
        scope: Option<ScopeId>,
        emits: &[Emit],
        emits_known: bool,
    ) {
        let Some(room) = schema.room.get() else { return };
        let what = doing(room.value);
        if schema.scope.is_absent() && !schema.has_other_keys {
            let diagnostic =
                Diagnostic::new("missing-scope", format!("`{}` {what} a room, but has no scope", name.value))
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
            let diagnostic = Diagnostic::new("room-event", "an event with `room` concerns one room");
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
        let emitted = match emits {
            [emit] if emit.to == [Target::Caller] && !emit.optional => Some((emit.payload, &emit.event)),
            _ => None,
        };
        let Some((emitted, event)) = emitted else {
            let span = schema.emits.get().map_or(name.span, |emits| emits.span);
            let diagnostic =
                Diagnostic::new("room-event", format!("an event that {what} a room emits one event, to `caller`"))
                    .at(span, "")
                    .help("tell the caller: `emits: { …: caller }`");
            self.cx.report(diagnostic);
            return;
        };
        if let Some(scope) = scope {
            self.room_answer(name, room, payload, scope, (emitted, event));
        }
    }

    /// Checks the event that answers joining or leaving a room.
    fn room_answer(
        &mut self,
        name: &Text,
        room: &Spanned<RoomSchema>,
        payload: Option<TypeId>,
        scope: ScopeId,
        (emitted, event): (Option<TypeId>, &String),
    ) {
        let Some(key) = self.tables.scopes.entries[scope.0].1.and_then(|scope| scope.key.get()) else { return };
        let Some(server) = self.tables.server.find(event) else { return };
        let (server_name, Some(server)) = self.tables.server.entries[server] else { return };
        let what = doing(room.value);
        if matches!(server.payload, Slot::Broken) || emitted.is_some_and(|id| self.types.get(id).is_none()) {
            return;
        }
        let log = self.log_schema(scope).filter(|_| room.value == RoomSchema::Join);
        if let Some(log) = log {
            self.positions(log, &Joining { name, payload, answer: server_name, answered: emitted });
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
            let mut fields = object.fields.iter().filter(|field| log.is_none() || field.name != POSITION);
            fields.next().is_some_and(|field| field.name == key.value && field.required) && fields.next().is_none()
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
            .at(room.span, format!("the gateway, which {what} the room, only knows `{}`", key.value))
            .and(server_name.span, "the emitted event")
            .help(format!("make its payload an object with one required field, `{}`, of the same type", key.value));
        self.cx.report(diagnostic);
    }
}

/// The gateway's action on a room.
fn doing(room: RoomSchema) -> &'static str {
    match room {
        RoomSchema::Join => "joins",
        RoomSchema::Leave => "leaves",
    }
}
