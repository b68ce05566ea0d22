//! The rooms that an event has to do with, and what the gateway itself does with them.

use super::{Lowering, types::Resolved};
use crate::{
    case,
    diagnostic::{Diagnostic, Span},
    model::{AlsoScope, Emit, ScopeId, Target, TypeId},
    source::{
        Slot, Text,
        events::{AckSchema, ClientSchema, RoomSchema},
    },
};

impl<'a> Lowering<'a, '_> {
    /// Reports a room's key that is not a required string of the payload. `at` is where the room is asked for.
    pub fn room_key(&mut self, payload: Option<TypeId>, absent: bool, key: &str, at: Span) {
        let help = format!("the payload needs a required string `{key}`: the id of the room");
        let Some(id) = payload else {
            if absent {
                let diagnostic = Diagnostic::new("scope-key", "there is no payload to name the room");
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

    /// Checks what the gateway does by itself: it only has the scope's key.
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
        let what = match room.value {
            RoomSchema::Join => "joins",
            RoomSchema::Leave => "leaves",
        };
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
        let key = scope.and_then(|ScopeId(scope)| self.tables.scopes.entries[scope].1?.key.get());
        let [Emit { to: Target::Caller, optional: false, payload: emitted, event, .. }] = emits else {
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
            .at(room.span, format!("the gateway, which {what} the room, only knows `{}`", key.value))
            .and(server_name.span, "the emitted event")
            .help(format!("make its payload an object with one required field, `{}`, of the same type", key.value));
        self.cx.report(diagnostic);
    }
}
