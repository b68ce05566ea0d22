//! The consequences of an event: the events that are emitted, their receivers, and the acknowledgement.

use super::{
    Lowering,
    types::{Inline, Position},
};
use crate::{
    case,
    diagnostic::{Diagnostic, instead},
    model::{Ack, AlsoScope, Emit, ScopeId, Target},
    source::{
        Named, Slot, Text,
        events::{AckSchema, ClientSchema, EmitSchema},
    },
};

/// The rooms that an event can be emitted to.
pub struct Rooms<'s> {
    /// The event's own scope, where it is known.
    pub scope: Option<ScopeId>,
    /// `true` if the event declares a scope, known or not.
    pub has_scope: bool,
    /// The known scopes under `also`.
    pub also: &'s [AlsoScope],
    /// The keys under `also`, known scopes or not.
    pub also_keys: Vec<&'s str>,
    /// `true` if a socket is there to be told.
    pub has_caller: bool,
    /// `true` if a scope's name is the room that is the user's own.
    pub own: bool,
}

impl Rooms<'_> {
    /// As sockets come (`has_caller`) and go.
    pub fn own(has_caller: bool) -> Self {
        Rooms { scope: None, has_scope: false, also: &[], also_keys: Vec::new(), has_caller, own: true }
    }
}

impl<'a> Lowering<'a, '_> {
    /// The emitted events, and whether all are known.
    pub fn emits(&mut self, emits: &Slot<Named<EmitSchema>>, rooms: &Rooms<'_>) -> (Vec<Emit>, bool) {
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
                        .help("clients send this event; declare the events that the server sends under `server`"),
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
                place: entry.place.clone(),
            });
        }
        let known = lowered.len() == named.entries.len();
        (lowered, known)
    }

    pub fn target(&mut self, to: &Text, rooms: &Rooms<'_>) -> Option<Target> {
        let target = match to.as_str() {
            "caller" if rooms.has_caller => Target::Caller,
            "user" => Target::User,
            "scope" if !rooms.own => Target::Scope,
            "others" if !rooms.own => Target::Others,
            key => {
                if rooms.own {
                    return self.own_room(to, rooms.has_caller);
                }
                if let Some(index) = rooms.also.iter().position(|also| also.key == key) {
                    return Some(Target::Also(index));
                }
                if rooms.also_keys.contains(&key) {
                    return None;
                }
                let choices = ["caller", "scope", "others", "user"];
                let choices: Vec<&str> = choices.into_iter().chain(rooms.also_keys.iter().copied()).collect();
                let diagnostic = Diagnostic::new("unknown-target", format!("`{key}` is not a receiver of events"))
                    .at(to.span, "unknown")
                    .help(instead(key, choices));
                self.cx.report(diagnostic);
                return None;
            }
        };
        if matches!(target, Target::Scope | Target::Others) && !rooms.has_scope {
            let diagnostic = Diagnostic::new(
                "missing-scope",
                format!("`{}` means the scope's room, but the event has no scope", to.value),
            )
            .at(to.span, "in which room?")
            .help("add `scope: …` to the event, or emit to `caller` or `user`");
            self.cx.report(diagnostic);
            return None;
        }
        Some(target)
    }

    /// The room that is the user's own in a scope.
    fn own_room(&mut self, to: &Text, has_caller: bool) -> Option<Target> {
        if let Some(scope) = self.tables.scopes.find(to.as_str()) {
            return Some(Target::Own(ScopeId(scope)));
        }
        let scopes = self.tables.scopes.entries.iter().map(|(name, _)| name.as_str());
        let choices = has_caller.then_some("caller").into_iter().chain(["user"]).chain(scopes).collect::<Vec<_>>();
        let diagnostic = Diagnostic::new("unknown-target", format!("`{}` cannot be a receiver here", to.value));
        self.cx.report(diagnostic.at(to.span, "unknown").help(instead(to.as_str(), choices)));
        None
    }

    /// Reports an event that is emitted to a room of another scope than it declares.
    pub fn room_of(&mut self, emit: &Text, to: &Text, target: &Target, event: usize, rooms: &Rooms<'_>) {
        let room = match target {
            Target::Caller | Target::User => return,
            Target::Scope | Target::Others => rooms.scope,
            Target::Also(index) => Some(rooms.also[*index].scope),
            Target::Own(scope) => Some(*scope),
        };
        let Some(ScopeId(room)) = room else { return };
        let (event_name, Some(event)) = self.tables.server.entries[event] else { return };
        let room = self.tables.scopes.entries[room].0;
        let (wrong, help) = match &event.scope {
            Slot::Broken => return,
            Slot::Is(scope) if scope.value == room.value || self.tables.scopes.find(scope.as_str()).is_none() => return,
            Slot::Is(scope) => (
                format!("`{}` is sent to a `{}`, but declared for a `{}`", emit.value, room.value, scope.value),
                "emit another event, or change one of the scopes".to_owned(),
            ),
            Slot::Absent => (
                format!("`{}` is sent to a `{}`, but declared without a scope", emit.value, room.value),
                format!("add `scope: {}` to the server event", room.value),
            ),
        };
        let diagnostic = Diagnostic::new("scope-mismatch", wrong)
            .at(to.span, format!("the room of a `{}`", room.value))
            .and(event.scope.get().map_or(event_name.span, |scope| scope.span), "declared here")
            .help(help);
        self.cx.report(diagnostic);
    }

    pub fn ack(&mut self, name: &'a Text, schema: &'a ClientSchema, emits: &[Emit], emits_known: bool) -> Option<Ack> {
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
                    ("is not always emitted, but an acknowledgement always needs a value", help)
                } else if !has_payload {
                    (
                        "has no payload for an acknowledgement to carry",
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
}
