//! The receivers of events.

use super::Lowering;
use crate::{
    diagnostic::{Diagnostic, instead},
    model::{AlsoScope, ScopeId, Target, TypeId},
    source::{Place, Slot, Text, emits::TargetSchema},
};

/// The source of events.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cause {
    /// An event that a socket sends.
    Event,
    /// A REST operation with a caller, and one without.
    Operation { has_caller: bool },
    /// A connect, whose socket can receive events.
    Connect,
    /// A disconnect.
    Disconnect,
}

impl Cause {
    /// The keywords for receivers.
    fn words(self) -> &'static [&'static str] {
        match self {
            Cause::Event => &["caller", "scope", "others", "user"],
            Cause::Operation { has_caller: true } => &["scope", "user"],
            Cause::Operation { has_caller: false } => &["scope"],
            Cause::Connect => &["caller", "user"],
            Cause::Disconnect => &["user"],
        }
    }

    /// Returns whether a scope's name stands for the user's own room.
    fn is_unasked(self) -> bool {
        matches!(self, Cause::Connect | Cause::Disconnect)
    }
}

/// The possible receivers of an event.
pub struct Receivers<'s> {
    /// The cause.
    pub cause: Cause,
    /// The scope of the event or operation, where it is known.
    pub scope: Option<ScopeId>,
    /// `true` if it declares a scope, known or not.
    pub has_scope: bool,
    /// The known scopes under `also`.
    pub also: &'s [AlsoScope],
    /// The keys under `also`, known scopes or not.
    pub also_keys: Vec<&'s str>,
    /// The payload or input, whose fields name users and rooms.
    pub payload: Option<TypeId>,
    /// `true` if it certainly has no payload.
    pub has_no_payload: bool,
    /// The rooms that fields of an operation's input name, as they are found.
    pub rooms: Vec<AlsoScope>,
}

impl Receivers<'_> {
    /// For a connect or disconnect.
    pub fn unasked(cause: Cause) -> Self {
        let (also_keys, rooms) = (Vec::new(), Vec::new());
        Receivers {
            cause,
            scope: None,
            has_scope: false,
            also: &[],
            also_keys,
            payload: None,
            has_no_payload: true,
            rooms,
        }
    }
}

impl Lowering<'_, '_> {
    /// The receivers that a schema writes by `to`, of the server event at `event`, if it is known.
    pub fn target(
        &mut self,
        emit: &Text,
        to: &TargetSchema,
        event: Option<usize>,
        receivers: &mut Receivers<'_>,
    ) -> Option<Target> {
        match to {
            TargetSchema::Word(word) => self.word(word, receivers),
            TargetSchema::User(key) => self.user_of(key, receivers),
            TargetSchema::Room(key) => self.named_room(emit, key, event?, receivers),
        }
    }

    /// The receivers of a keyword.
    fn word(&mut self, to: &Text, receivers: &Receivers<'_>) -> Option<Target> {
        let cause = receivers.cause;
        let target = match to.as_str() {
            word if !cause.words().contains(&word) => {
                if cause.is_unasked() {
                    return self.own_room(to, cause);
                }
                if let Some(index) = receivers.also.iter().position(|also| also.key == word) {
                    return Some(Target::Also(index));
                }
                if receivers.also_keys.contains(&word) {
                    return None;
                }
                self.unknown_target(to, receivers);
                return None;
            }
            "caller" => Target::Caller,
            "user" => Target::User,
            "others" => Target::Others,
            _ => Target::Scope,
        };
        if matches!(target, Target::Scope | Target::Others) && !receivers.has_scope {
            let what = if cause == Cause::Event { "event" } else { "operation" };
            let help = match cause {
                Cause::Event => "add `scope: …` to the event, or emit to `caller` or `user`",
                _ => {
                    "add `scope: …` to the operation, or emit to `{ room: KEY }`, the room that a field of its input names"
                }
            };
            let diagnostic = Diagnostic::new(
                "missing-scope",
                format!("`{}` means the scope's room, but the {what} has no scope", to.value),
            );
            self.cx.report(diagnostic.at(to.span, "in which room?").help(help));
            return None;
        }
        Some(target)
    }

    fn unknown_target(&mut self, to: &Text, receivers: &Receivers<'_>) {
        let word = to.as_str();
        let diagnostic =
            Diagnostic::new("unknown-target", format!("`{word}` is not a receiver of events")).at(to.span, "unknown");
        let help = match (receivers.cause, word) {
            (Cause::Operation { has_caller: false }, "user") => {
                "anybody may call this operation, without being a user: leave out `auth: public`, or name a user by \
                 `{ user: KEY }`"
                    .to_owned()
            }
            (Cause::Operation { .. }, "caller" | "others") => {
                "an operation is not called by a socket: use `user` for all sockets of the caller, and `scope` for the \
                 whole room"
                    .to_owned()
            }
            (cause, _) => {
                let choices = cause.words().iter().chain(&receivers.also_keys).copied();
                format!(
                    "{}, or `{{ user: KEY }}` for the user whose id is in a field",
                    instead(word, choices.collect::<Vec<_>>())
                )
            }
        };
        self.cx.report(diagnostic.help(help));
    }

    /// The user's own room in a scope.
    fn own_room(&mut self, to: &Text, cause: Cause) -> Option<Target> {
        if let Some(scope) = self.tables.scopes.find(to.as_str()) {
            return Some(Target::Own(ScopeId(scope)));
        }
        let scopes = self.tables.scopes.entries.iter().map(|(name, _)| name.as_str());
        let choices = cause.words().iter().copied().chain(scopes).collect::<Vec<_>>();
        let diagnostic = Diagnostic::new("unknown-target", format!("`{}` cannot be a receiver here", to.value));
        let help = self.cx.instead(to.as_str(), choices);
        self.cx.report(diagnostic.at(to.span, "unknown").help(help));
        None
    }

    /// The user whom a field names.
    fn user_of(&mut self, key: &Text, receivers: &Receivers<'_>) -> Option<Target> {
        if self.refuses_named(key, "user", receivers.cause) {
            return None;
        }
        self.id_field(receivers.payload, receivers.has_no_payload, key.as_str(), key.span, ["user", "user-key"]);
        Some(Target::UserOf(key.value.clone()))
    }

    /// The room that a field of an operation's input names.
    fn named_room(&mut self, emit: &Text, key: &Text, event: usize, receivers: &mut Receivers<'_>) -> Option<Target> {
        if self.refuses_named(key, "room", receivers.cause) {
            return None;
        }
        if receivers.cause == Cause::Event {
            let help = "declare the membership, `also: { KEY: SCOPE }`, and emit to that key";
            let diagnostic = Diagnostic::new(
                "unproven-room",
                "only operations may emit to a room without proof that the caller is a member",
            );
            self.cx.report(diagnostic.at(key.span, "membership is not proven").help(help));
            return None;
        }
        let (event_name, schema) = self.tables.server.entries[event];
        let schema = schema?;
        let scope = match &schema.scope {
            Slot::Is(scope) => ScopeId(self.tables.scopes.find(scope.as_str())?),
            Slot::Broken => return None,
            Slot::Absent if schema.has_other_keys => return None,
            Slot::Absent => {
                let message = format!("`{}` is sent to a room, but declared without a scope", emit.value);
                let diagnostic = Diagnostic::new("scope-mismatch", message)
                    .at(key.span, "the room")
                    .and(event_name.span, "declared here")
                    .help("add `scope: …` to the server event");
                self.cx.report(diagnostic);
                return None;
            }
        };
        self.room_key(receivers.payload, receivers.has_no_payload, key.as_str(), key.span);
        let is_it = |room: &AlsoScope| room.key == key.value && room.scope == scope;
        let index = receivers.rooms.iter().position(is_it).unwrap_or_else(|| {
            receivers.rooms.push(AlsoScope { key: key.value.clone(), scope, place: Place::at(key.span) });
            receivers.rooms.len() - 1
        });
        Some(Target::Room(index))
    }

    /// Reports a receiver that a field names where there is no payload.
    fn refuses_named(&mut self, key: &Text, what: &str, cause: Cause) -> bool {
        if cause.is_unasked() {
            let message = format!("a {what} cannot be named here: a connect or disconnect has no payload");
            let diagnostic = Diagnostic::new("unknown-target", message).at(key.span, "a field of which payload?");
            self.cx.report(diagnostic.help("use `user`, or the name of a scope: the room that is the user's own"));
        }
        cause.is_unasked()
    }

    /// Reports receivers that overlap, so that some would get the event twice.
    pub fn each_once(&mut self, emit: &Text, to: &[Target], targets: &[TargetSchema]) {
        for (second, target) in to.iter().enumerate() {
            let Some(first) = to[..second].iter().position(|first| overlap(first, target)) else { continue };
            let message = format!("some would receive `{}` twice", emit.value);
            let diagnostic = Diagnostic::new("overlapping-receivers", message)
                .at(targets[second].text().span, "receives it")
                .and(targets[first].text().span, "receives it as well")
                .help("leave out the narrower of the two");
            self.cx.report(diagnostic);
        }
    }

    /// Reports an event that is emitted to a room of another scope than it declares.
    pub fn room_of(&mut self, emit: &Text, to: &Text, target: &Target, event: usize, receivers: &Receivers<'_>) {
        let room = match target {
            // A room that a field names is one of the event's own scope.
            Target::Caller | Target::User | Target::UserOf(_) | Target::Room(_) => return,
            Target::Scope | Target::Others => receivers.scope,
            Target::Also(index) => Some(receivers.also[*index].scope),
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
}

/// Returns whether some sockets are receivers of both.
fn overlap(first: &Target, second: &Target) -> bool {
    let contains = |wide: &Target, narrow: &Target| {
        let caller = matches!((wide, narrow), (Target::Scope | Target::User, Target::Caller));
        caller || matches!((wide, narrow), (Target::Scope, Target::Others))
    };
    first == second || contains(first, second) || contains(second, first)
}
