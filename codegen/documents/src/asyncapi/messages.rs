//! The messages of events.

use accord_language::model::{Doc, Domain, Model, Shown, Type};
use serde_json::{Value, json};

use super::{Messages, server_key, tag};
use crate::{components::Components, numbers, sentences::Paragraphs};

/// The messages of all events, by domain.
pub(super) fn all(model: &Model, components: &mut Components<'_>) -> Messages {
    let mut messages = Messages::new();
    for domain in &model.domains {
        for event in &domain.client {
            let payload = event.payload.map(|id| Shown { ty: Type::of(id), seq: None });
            let event_of = Event { domain, name: &event.name, doc: &event.doc, payload };
            messages.insert(event.name.clone(), event_of.message(event.example.as_ref(), components));
        }
        for event in &domain.server {
            let payload = model.shown_payload(event);
            let event_of = Event { domain, name: &event.name, doc: &event.doc, payload };
            messages.insert(server_key(model, &event.name), event_of.message(event.example.as_ref(), components));
        }
    }
    messages
}

/// The common parts of client events and server events.
struct Event<'m> {
    domain: &'m Domain,
    name: &'m str,
    doc: &'m Doc,
    payload: Option<Shown>,
}

impl Event<'_> {
    fn message(&self, example: Option<&Value>, components: &mut Components<'_>) -> Value {
        let mut about = Paragraphs::beyond_summary(self.doc);
        about.add(self.payload.is_none().then(|| "Carries nothing.".to_owned()));
        let mut message = json!({ "name": self.name, "summary": self.doc.summary, "tags": [tag(self.domain)] });
        if let Some(text) = about.text() {
            message["description"] = text.into();
        }
        if self.doc.deprecated.is_some() {
            message["deprecated"] = true.into();
        }
        if let Some(payload) = &self.payload {
            message["payload"] = components.shown(payload);
            if let Some(example) = example {
                message["examples"] = json!([{ "payload": numbers::example(payload, example.clone()) }]);
            }
        }
        message
    }
}
