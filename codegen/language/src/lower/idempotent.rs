//! Idempotent events.

use super::{Lowering, types::Resolved};
use crate::{
    diagnostic::Diagnostic,
    model::{ClientEvent, Kind, Shape, Text},
    source::events::ClientSchema,
};

impl Lowering<'_, '_> {
    /// Checks the field that identifies a repetition.
    pub fn idempotent(&mut self, schema: &ClientSchema, event: &ClientEvent) {
        let Some(key) = schema.idempotent.get() else { return };
        let field = format!("`{}`", key.value);
        let wrong = if !event.durable {
            let help = "emit a durable event to a room whose scope has a log, or leave `idempotent` out";
            Some((
                format!("`{}` leads to no entry of a log, so a repetition could not be recognized", event.name),
                help.to_owned(),
            ))
        } else {
            let help = format!(
                "add `{}: {{ type: string, minLength: 1, maxLength: 64 }}` to the `properties` of its payload, and not to `required`",
                key.value
            );
            match event.payload.map(|id| self.types.resolve_ref(id)) {
                Some(None) => None,
                None if !schema.has_no_payload() => None,
                Some(Some(Resolved::Object(object))) => {
                    match object.fields.iter().find(|found| found.name == key.value) {
                        None => Some((format!("the payload of `{}` has no field {field}", event.name), help)),
                        Some(found) if found.required => {
                            Some((format!("{field} is required, but clients need not give one"), help))
                        }
                        Some(found) => match self.longest(&found.ty.kind) {
                            None => None,
                            Some(Some(_)) => None,
                            Some(None) => Some((format!("{field} is not a string of a bounded length"), help)),
                        },
                    }
                }
                Some(Some(_)) | None => Some((format!("`{}` has no payload with a field {field}", event.name), help)),
            }
        };
        if let Some((message, help)) = wrong {
            let diagnostic = Diagnostic::new("idempotent-event", message);
            self.cx.report(diagnostic.at(key.span, "identifies a repetition").help(help));
        }
    }

    /// The most characters of a string: `None` if its type has errors, and `Some(None)` if it has no bound, or is not a string.
    fn longest(&self, kind: &Kind) -> Option<Option<u64>> {
        match kind {
            Kind::Text(Text { max_length, .. }) => Some(*max_length),
            Kind::Ref(id) => match &self.types.get(*id)?.shape {
                Shape::Alias(kind) => self.longest(kind),
                _ => Some(None),
            },
            _ => Some(None),
        }
    }
}
