//! Events with a new token, with which the gateway renews the connection.

use super::{Lowering, types::Resolved};
use crate::{
    diagnostic::{Diagnostic, Span},
    model::{Ack, Field, Kind, TypeId},
    source::{
        Slot, Text,
        events::{AckSchema, ClientSchema},
    },
};

/// The fields of the gateway's answer after it has renewed a connection.
const SAID: [&str; 2] = ["userId", "expiresAt"];

const HANDLER: &str = "an event with `renews` has no handler that could";

impl Lowering<'_, '_> {
    /// Checks that the gateway can carry out the event: it takes a token, and answers with the user and the expiry.
    pub fn renewal_event(&mut self, name: &Text, schema: &ClientSchema, payload: Option<TypeId>, ack: Option<&Ack>) {
        let Some(token) = schema.renews.get() else { return };
        if let Some(action) = schema.room.get() {
            let diagnostic = Diagnostic::new("renewal-event", "an event has either `room` or `renews`, not both");
            self.cx.report(diagnostic.at(action.span, "").and(token.span, "here").help("make two events of it"));
            return;
        }
        self.token_field(schema, payload, token);
        let mut refuse = |span: Span, message: String, help: &str| {
            self.cx.report(Diagnostic::new("renewal-event", message).at(span, "").help(help));
        };
        let room = "an event with `renews` concerns no room".to_owned();
        if let Some(scope) = schema.scope.get() {
            refuse(scope.span, room.clone(), "leave `scope` out");
        }
        if let Some(also) = schema.also.get() {
            refuse(also.span, room.clone(), "leave `also` out");
        }
        if let Some(first) = schema.errors.get().and_then(|errors| errors.first()) {
            let help = "leave `errors` out: the gateway answers with its `token_refused`";
            refuse(first.span, format!("{HANDLER} answer with an error"), help);
        }
        if let Some(emits) = schema.emits.get() {
            refuse(
                emits.span,
                format!("{HANDLER} lead to an event"),
                "leave `emits` out: the acknowledgement is enough",
            );
        }
        self.renewal_ack(name, schema, ack);
    }

    /// Reports a field that cannot be a token.
    fn token_field(&mut self, schema: &ClientSchema, payload: Option<TypeId>, token: &Text) {
        let wrong = match payload {
            None if schema.has_no_payload() => "there is no payload to carry the token".to_owned(),
            None => return,
            Some(id) => {
                let (Some(def), Some(resolved)) = (self.types.get(id), self.types.resolve_ref(id)) else { return };
                let field = match resolved {
                    Resolved::Object(object) => object.fields.iter().find(|field| field.name == token.value),
                    _ => None,
                };
                match field {
                    None => format!("`{}` has no field `{}`", def.name, token.value),
                    Some(field) if !field.required => format!("`{}` is not required in `{}`", token.value, def.name),
                    Some(field) if field.ty.nullable => format!("`{}` can be `null` in `{}`", token.value, def.name),
                    Some(field) => match self.types.resolve(&field.ty.kind) {
                        Some(Resolved::Text) | None => return,
                        Some(_) => format!("`{}` is not a string in `{}`", token.value, def.name),
                    },
                }
            }
        };
        let diagnostic = Diagnostic::new("renewal-event", wrong).at(token.span, "the field with the token");
        self.cx.report(diagnostic.help(format!("the payload needs a required string `{}`", token.value)));
    }

    /// Reports an acknowledgement that differs from the gateway's answer.
    fn renewal_ack(&mut self, name: &Text, schema: &ClientSchema, ack: Option<&Ack>) {
        let wrong = match (ack, &schema.ack) {
            (_, Slot::Absent) if schema.has_other_keys => return,
            (_, Slot::Absent) => "does not say how long the renewed connection lasts",
            (None, _) => return,
            (Some(Ack::Type(ty)), _) => match self.types.resolve(&ty.kind) {
                None => return,
                Some(Resolved::Object(object)) if !ty.nullable && self.is_what_is_said(&object.fields) => return,
                Some(_) => "is not what the gateway sends",
            },
            (Some(Ack::None | Ack::Emitted(_)), _) => "is not what the gateway sends",
        };
        let span = match schema.ack.get() {
            Some(AckSchema::Type(ty)) => ty.span,
            Some(AckSchema::Event(event)) => event.span,
            None => name.span,
        };
        let diagnostic = Diagnostic::new("renewal-event", format!("the acknowledgement of `{}` {wrong}", name.value));
        let help =
            "give it a type: an object with two required strings, `userId` and, of the format `date-time`, `expiresAt`";
        self.cx.report(diagnostic.at(span, "").help(help));
    }

    fn is_what_is_said(&self, fields: &[Field]) -> bool {
        let is_text = |field: &Field| matches!(self.types.resolve(&field.ty.kind), Some(Resolved::Text));
        let is_plain = |field: &Field| !matches!(field.ty.kind, Kind::Const(_)) && !field.ty.nullable && is_text(field);
        fields.len() == SAID.len()
            && SAID
                .iter()
                .all(|name| fields.iter().any(|field| field.name == *name && field.required && is_plain(field)))
    }
}
