//! What the gateway itself does: handshakes and failures.

use super::{Lowering, emits::Rooms, types::Resolved};
use crate::{
    diagnostic::{Diagnostic, Span},
    model::{Connect, Disconnect, ErrorId, Gateway, TypeId},
    source::{Slot, Text, events::ServerSchema},
};

impl<'a> Lowering<'a, '_> {
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
        let (emits, _) = self.emits(&schema.emits, &Rooms::own(true));
        let errors = self.error_list(&schema.errors);
        let failure = self.failure(&schema.failure);
        Some(Connect { doc, emits, errors, failure })
    }

    /// The section `disconnect`.
    pub fn disconnect(&mut self) -> Option<Disconnect> {
        let schema = self.tables.disconnect?;
        for (item, what) in [
            ("DisconnectReply", "what the end of a socket is followed by"),
            ("DisconnectError", "why the end of a socket is not followed up"),
        ] {
            self.items.claim("types", item, schema.span, what.to_owned(), self.cx);
        }
        self.items.claim("specs", "DISCONNECT", schema.span, "the end of a socket".to_owned(), self.cx);
        let doc = self.plain_doc(&schema.summary, &schema.description);
        let (emits, _) = self.emits(&schema.emits, &Rooms::own(false));
        let failure = self.failure(&schema.failure);
        Some(Disconnect { doc, emits, failure })
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
        let version_refused = match schema.version_refused.get() {
            Some(_) => Some(error(&schema.version_refused)?),
            None => None,
        };
        let (token_missing, token_refused) = (error(&schema.token_missing), error(&schema.token_refused));
        let (token_expired, invalid_payload) = (error(&schema.token_expired), error(&schema.invalid_payload));
        let (rate_limited, internal) = (error(&schema.rate_limited), error(&schema.internal));
        let admin_only = error(&schema.admin_only);
        Some(Gateway {
            error_event: error_event?,
            unknown_limit,
            version_refused,
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
