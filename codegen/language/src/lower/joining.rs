//! Joining a room with a log: the position from which a client catches up, and the position in the answer.

use super::{Lowering, types::Resolved};
use crate::{
    diagnostic::{Diagnostic, Span},
    model::{Bounds, Field, Kind, Object, POSITION, SINCE, TypeId},
    source::{Text, document::LogSchema},
};

/// The most characters that a log's epoch may have.
const LONGEST_EPOCH: u64 = 64;

/// An event that joins a room, and the event that answers it.
pub struct Joining<'a> {
    /// The client event.
    pub name: &'a Text,
    /// Its payload.
    pub payload: Option<TypeId>,
    /// The server event.
    pub answer: &'a Text,
    /// The server event's payload.
    pub answered: Option<TypeId>,
}

impl<'a> Lowering<'a, '_> {
    /// Reports an event that joins rooms with a log but does not take `since`, or whose answer does not have
    /// `position`.
    pub fn positions(&mut self, log: &'a LogSchema, joining: &Joining<'_>) {
        let Some(position) = log.position.get() else { return };
        let Some(id) = self.tables.types.find(position.as_str()).map(TypeId) else { return };
        let line = |field: &str| format!("{field}: {{ $ref: {} }}", position.value);
        let found = self.field_of(joining.payload, SINCE);
        let since = match found {
            None => None,
            Some(Some(field)) if field.required => {
                Some((format!("`{SINCE}` is required"), format!("leave `{SINCE}` out of `required`")))
            }
            Some(Some(field)) if field.ty.kind != Kind::Ref(id) => {
                Some((format!("`{SINCE}` is not a position in this log"), format!("make it `{}`", line(SINCE))))
            }
            Some(Some(_)) => None,
            Some(None) => Some((
                "it does not take the position from which a client catches up".to_owned(),
                format!("add `{}` to the `properties` of its payload", line(SINCE)),
            )),
        };
        let found = self.field_of(joining.answered, POSITION);
        let position_in_answer = match found {
            None => None,
            Some(Some(field)) if !field.required => {
                Some((format!("`{POSITION}` is not required"), format!("add `{POSITION}` to `required`")))
            }
            Some(Some(field)) if field.ty.kind != Kind::Ref(id) || field.ty.nullable => {
                Some((format!("`{POSITION}` is not a position in this log"), format!("make it `{}`", line(POSITION))))
            }
            Some(Some(_)) => None,
            Some(None) => Some((
                "it does not say at which position the room is joined".to_owned(),
                format!("add `{POSITION}` to `required`, and `{}` to the `properties`, of its payload", line(POSITION)),
            )),
        };
        let joins = "joins a room with a log";
        let answers = "says that a room with a log is joined";
        for (event, does, wrong) in [(joining.name, joins, since), (joining.answer, answers, position_in_answer)] {
            let Some((wrong, help)) = wrong else { continue };
            let message = format!("`{}` {does}, but {wrong}", event.value);
            let diagnostic = Diagnostic::new("log-join", message).at(event.span, "").and(log.span, "the log");
            self.cx.report(diagnostic.help(help));
        }
    }

    /// A field of a payload: `None` if the payload has errors, and `Some(None)` if it has no such field.
    fn field_of(&self, payload: Option<TypeId>, name: &str) -> Option<Option<&Field>> {
        match self.types.resolve_ref(payload?)? {
            Resolved::Object(object) => Some(object.fields.iter().find(|field| field.name == name)),
            _ => Some(None),
        }
    }

    /// Reports a log whose positions or whose end of a replay do not fit the gateway's.
    pub fn log_parts(&mut self, key: &'a Text, log: &'a LogSchema, emitted: impl Fn(&str) -> Option<Span>) {
        let Some(position) = log.position.get() else { return };
        let Some(id) = self.tables.types.find(position.as_str()).map(TypeId) else { return };
        match self.types.resolve_ref(id) {
            None => return,
            Some(Resolved::Object(object)) if is_position(object) => {}
            Some(_) => {
                let message = format!("`{}` cannot be the type of positions in a log", position.value);
                let diagnostic = Diagnostic::new("log-position", message)
                    .at(position.span, "the type of a position")
                    .and(self.types.spans[id.0], "declared here")
                    .help(
                        "make it an object with two required fields: `epoch: { type: string, maxLength: 64 }` and `seq: \
                         { type: integer, minimum: 0 }`",
                    );
                self.cx.report(diagnostic);
                return;
            }
        }
        if let Some(event) = log.caught_up.get() {
            self.caught_up(key, event, id, emitted(event.as_str()));
        }
    }

    /// Reports an event that cannot end a replay.
    fn caught_up(&mut self, key: &Text, event: &Text, position: TypeId, emitted: Option<Span>) {
        let Some(index) = self.tables.server.find(event.as_str()) else { return };
        let (name, Some(schema)) = self.tables.server.entries[index] else { return };
        let lines = format!(
            "give it a payload with `required: [{key}, {POSITION}]`, and `{POSITION}: {{ $ref: {} }}` beside `{key}` under \
             `properties`",
            self.types.defs[position.0].name,
            key = key.value
        );
        let (at, wrong, help) = if let Some(scope) = schema.scope.get() {
            (scope.span, "so a single socket receives it, but it has a scope", "leave `scope` out".to_owned())
        } else if let Some(span) = schema.anytime.get().map(|anytime| anytime.span).or(emitted) {
            (span, "so only the gateway emits it", "emit another event here".to_owned())
        } else {
            let object = match self.server_payload(index).map(|id| self.types.resolve_ref(id)) {
                // Its mistake has been reported.
                Some(None) => return,
                None if !schema.has_no_payload() => return,
                Some(Some(Resolved::Object(object))) => Some(object),
                Some(Some(_)) | None => None,
            };
            let fits = object.is_some_and(|object| {
                let is_text = |field: &Field| matches!(self.types.resolve(&field.ty.kind), Some(Resolved::Text) | None);
                let has = |name: &str, is: &dyn Fn(&Field) -> bool| {
                    object
                        .fields
                        .iter()
                        .any(|field| field.name == name && field.required && !field.ty.nullable && is(field))
                };
                let others = object
                    .fields
                    .iter()
                    .any(|field| field.required && ![&key.value, POSITION].contains(&field.name.as_str()));
                has(&key.value, &is_text) && has(POSITION, &|field| field.ty.kind == Kind::Ref(position)) && !others
            });
            if fits {
                return;
            }
            (name.span, "but does not carry the room and the position that was reached", lines)
        };
        let diagnostic = Diagnostic::new("log-caught-up", format!("`{}` ends a replay, {wrong}", event.value))
            .at(at, "")
            .and(event.span, "ends the replays of this log")
            .help(help);
        self.cx.report(diagnostic);
    }
}

/// Returns whether an object is `{ epoch, seq }`, as the gateway makes positions.
fn is_position(object: &Object) -> bool {
    let plain = |name: &str| {
        let found = object.fields.iter().find(|field| field.name == name);
        found.filter(|field| field.required && !field.ty.nullable).map(|field| &field.ty.kind)
    };
    let is_epoch = matches!(plain("epoch"), Some(Kind::Text(text))
        if text.pattern.is_none()
            && !text.date_time
            && text.min_length.is_none_or(|least| least <= 1)
            && text.max_length.is_none_or(|most| most >= LONGEST_EPOCH));
    let from_zero = Bounds { minimum: Some(0), ..Bounds::default() };
    let is_seq = matches!(plain("seq"), Some(Kind::Integer(bounds)) if *bounds == from_zero);
    is_epoch && is_seq && object.fields.len() == 2 && object.rules.is_empty()
}
