//! The gateway's sections: handshakes and failures.

use super::{
    Lowering,
    targets::{Cause, Receivers},
    types::Resolved,
};
use crate::{
    diagnostic::{Diagnostic, Span},
    model::{self, Connect, Disconnect, ErrorId, Field, Gateway, Kind, Shape, TypeId},
    source::{Slot, Text, events::ServerSchema},
};

/// The most characters of a room's id that a failure names.
const LONGEST_NAMED: u64 = 128;

impl<'a> Lowering<'a, '_> {
    /// The section `connect`. After [`domains`](Self::domains), whose payloads it needs.
    pub fn connect(&mut self) -> Option<Connect> {
        let schema = self.tables.connect?;
        for (item, what) in [
            ("ConnectReply", "the answers to a handshake"),
            ("ConnectError", "the errors that answer a handshake"),
            ("Connection", "the handler of handshakes"),
        ] {
            self.items.claim("types", item, schema.span, what.to_owned(), self.cx);
        }
        self.items.claim("specs", "CONNECT", schema.span, "the handshake".to_owned(), self.cx);
        let doc = self.plain_doc(&schema.summary, &schema.description);
        let (emits, _) = self.emits(&schema.emits, &mut Receivers::unasked(Cause::Connect));
        let errors = self.error_list(&schema.errors);
        let failure = self.failure(&schema.failure);
        Some(Connect { doc, emits, errors, failure, place: schema.place.clone() })
    }

    /// The section `disconnect`.
    pub fn disconnect(&mut self) -> Option<Disconnect> {
        let schema = self.tables.disconnect?;
        for (item, what) in [
            ("DisconnectReply", "the events that follow the end of a socket"),
            ("DisconnectError", "why the end of a socket is not followed up"),
        ] {
            self.items.claim("types", item, schema.span, what.to_owned(), self.cx);
        }
        self.items.claim("specs", "DISCONNECT", schema.span, "the end of a socket".to_owned(), self.cx);
        let doc = self.plain_doc(&schema.summary, &schema.description);
        let (emits, _) = self.emits(&schema.emits, &mut Receivers::unasked(Cause::Disconnect));
        let failure = self.failure(&schema.failure);
        Some(Disconnect { doc, emits, failure, place: schema.place.clone() })
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
        let mut optional = |slot: &Slot<Text>| match slot.get() {
            Some(_) => error(slot).map(Some),
            None => Some(None),
        };
        let (version_refused, position_lost) = (optional(&schema.version_refused), optional(&schema.position_lost));
        let idempotency_conflict = optional(&schema.idempotency_conflict);
        let (token_missing, token_refused) = (error(&schema.token_missing), error(&schema.token_refused));
        let (token_expired, invalid_payload) = (error(&schema.token_expired), error(&schema.invalid_payload));
        let (rate_limited, internal) = (error(&schema.rate_limited), error(&schema.internal));
        let admin_only = error(&schema.admin_only);
        Some(Gateway {
            error_event: error_event?,
            unknown_limit,
            version_refused: version_refused?,
            token_missing: token_missing?,
            token_refused: token_refused?,
            token_expired: token_expired?,
            unknown_event: unknown_event?,
            invalid_payload: invalid_payload?,
            rate_limited: rate_limited?,
            internal: internal?,
            admin_only: admin_only?,
            position_lost: position_lost?,
            idempotency_conflict: idempotency_conflict?,
            place: schema.place.clone(),
        })
    }

    /// Returns whether a field has the name of a payloads' field that names a room.
    fn is_key(&self, field: &Field) -> bool {
        let scopes = self.tables.scopes.entries.iter().filter_map(|(_, scope)| scope.as_ref()?.key.get());
        scopes.into_iter().any(|key| key.value == field.name)
    }

    /// Returns whether a field takes any id that a failure names.
    fn is_any_id(&self, field: &Field) -> bool {
        let mut kind = &field.ty.kind;
        while let Kind::Ref(id) = kind {
            match self.types.get(*id).map(|def| &def.shape) {
                Some(Shape::Alias(alias)) => kind = alias,
                Some(_) => return false,
                // The mistake is reported elsewhere.
                None => return true,
            }
        }
        let Kind::Text(text) = kind else { return false };
        let model::Text { min_length, max_length, pattern, date_time, .. } = text;
        let is_long_enough = max_length.is_none_or(|most| most >= LONGEST_NAMED);
        is_long_enough && min_length.is_none_or(|least| least == 0) && pattern.is_none() && !date_time
    }

    /// Reports a type that does not fit the gateway's failures: `{ message, code, event?, details?, retryAfterMs? }`,
    /// and keys of scopes.
    pub fn failure_payload(&mut self, payload: Option<TypeId>, absent: bool, at: Span) {
        let wrong = match payload {
            None if absent => "it has no payload".to_owned(),
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
                    let missing = ["message", "code"].into_iter().find(|name| !text(name));
                    let narrow = object.fields.iter().find(|field| self.is_key(field) && !self.is_any_id(field));
                    match (missing, other, narrow) {
                        (Some(missing), ..) => format!("it has no string `{missing}`"),
                        (None, Some(other), _) => format!("it requires `{}`, which not every failure has", other.name),
                        (None, None, Some(key)) => format!(
                            "its `{}` repeats the room that the payload named, valid or not, and must accept any \
                             string of up to {LONGEST_NAMED} characters",
                            key.name
                        ),
                        (None, None, None) => return,
                    }
                }
                Some(_) => "it is not an object".to_owned(),
            },
        };
        let diagnostic = Diagnostic::new("failure-payload", format!("this type cannot describe a failure: {wrong}"))
            .at(at, "")
            .help(
                "failures are objects with the strings `message` and `code`, and optionally `event`, `details` and \
                   `retryAfterMs`",
            );
        self.cx.report(diagnostic);
    }
}
