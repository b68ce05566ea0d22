//! The consequences of an event: the events that are emitted, and the acknowledgement.

use super::{
    Lowering,
    targets::Receivers,
    types::{Inline, Position},
};
use crate::{
    case,
    diagnostic::{Diagnostic, instead},
    model::{Ack, Emit, Target},
    source::{
        Named, Slot, Text,
        emits::EmitSchema,
        events::{AckSchema, ClientSchema},
    },
};

impl<'a> Lowering<'a, '_> {
    /// The emitted events, and whether all are known.
    pub fn emits(&mut self, emits: &Slot<Named<EmitSchema>>, receivers: &mut Receivers<'_>) -> (Vec<Emit>, bool) {
        let mut lowered = Vec::new();
        let Some(named) = emits.get() else { return (lowered, emits.is_absent()) };
        for entry in &named.entries {
            let event = self.tables.server.find(entry.name.as_str());
            if event.is_none() {
                self.unknown_event(&entry.name);
            }
            let Some(EmitSchema { to: Some(targets), optional, many, .. }) = &entry.value else { continue };
            let to = targets.iter().map(|target| self.target(&entry.name, target, event, receivers));
            let to: Vec<Option<Target>> = to.collect();
            let (Some(event), Some(to)) = (event, to.into_iter().collect::<Option<Vec<Target>>>()) else { continue };
            for (target, at) in to.iter().zip(targets) {
                self.room_of(&entry.name, at.text(), target, event, receivers);
            }
            self.each_once(&entry.name, &to, targets);
            lowered.push(Emit {
                event: entry.name.value.clone(),
                payload: self.server_payload(event),
                to,
                optional: *optional || *many,
                many: *many,
                place: entry.place.clone(),
            });
        }
        let known = lowered.len() == named.entries.len();
        (lowered, known)
    }

    fn unknown_event(&mut self, name: &Text) {
        let diagnostic = Diagnostic::new("unknown-event", format!("there is no server event `{}`", name.value))
            .at(name.span, "unknown");
        let diagnostic = match self.tables.client.find(name.as_str()) {
            Some(_) => {
                diagnostic.help("clients send this event; declare the events that the server sends under `server`")
            }
            None => {
                let names = self.tables.server.entries.iter().map(|(name, _)| name.as_str());
                diagnostic.help(self.cx.instead(name.as_str(), names))
            }
        };
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
