//! The operations of the server: it receives client events, and sends server events.

use accord_language::model::{ClientEvent, Domain, Emit, Model, ServerEvent};
use serde_json::{Map, Value, json};

use super::{ACKNOWLEDGEMENTS, EVENTS, acknowledgements, message_of, profile, server_key, tag};
use crate::sentences::{self, Paragraphs};

/// All operations, by the keys of their events' messages.
pub(super) fn all(model: &Model) -> Map<String, Value> {
    let mut operations = Map::new();
    for domain in &model.domains {
        for event in &domain.client {
            operations.insert(event.name.clone(), receive(model, domain, event));
        }
        for event in &domain.server {
            operations.insert(server_key(model, &event.name), send(model, domain, event));
        }
    }
    operations
}

fn receive(model: &Model, domain: &Domain, event: &ClientEvent) -> Value {
    let mut about = Paragraphs::beyond_summary(&event.doc);
    if let Some(scope) = event.scope {
        about.add(sentences::membership(model, scope, &model.scopes[scope.0].key));
    }
    for also in &event.also {
        about.add(sentences::membership(model, also.scope, &also.key));
    }
    for sentence in sentences::of_client_event(model, event) {
        about.add(sentence);
    }
    about.add(event.limit.map(|limit| sentences::limit(&model.limits[limit.0])));
    let mut operation = operation("receive", domain, &event.name, &event.doc.summary, &about);
    let replies = acknowledgements::keys(event).map(|key| message_of(ACKNOWLEDGEMENTS, &key));
    operation["reply"] = json!({ "channel": channel(ACKNOWLEDGEMENTS), "messages": replies });
    for (key, value) in profile::of_client_event(model, event) {
        operation[key] = value;
    }
    operation
}

fn send(model: &Model, domain: &Domain, event: &ServerEvent) -> Value {
    let mut about = Paragraphs::beyond_summary(&event.doc);
    for sentence in sentences::of_server_event(model, event) {
        about.add(sentence);
    }
    let leads = |emits: &[Emit]| emits.iter().any(|emit| emit.event == event.name);
    let events = model.client_events().filter(|cause| leads(&cause.emits)).map(|cause| &cause.name);
    let operations = model.http.operations.iter().filter(|cause| leads(&cause.emits)).map(|cause| &cause.name);
    let causes: Vec<String> = events.chain(operations).map(|cause| format!("`{cause}`")).collect();
    about.add((!causes.is_empty()).then(|| format!("Follows {}.", causes.join(", "))));
    let mut operation = operation("send", domain, &server_key(model, &event.name), &event.doc.summary, &about);
    for (key, value) in profile::of_server_event(model, event) {
        operation[key] = value;
    }
    operation
}

fn operation(action: &str, domain: &Domain, key: &str, summary: &str, about: &Paragraphs) -> Value {
    let mut operation = json!({
        "action": action,
        "channel": channel(EVENTS),
        "summary": summary,
        "tags": [tag(domain)],
        "messages": [message_of(EVENTS, key)],
    });
    if let Some(text) = about.text() {
        operation["description"] = text.into();
    }
    operation
}

fn channel(name: &str) -> Value {
    json!({ "$ref": format!("#/channels/{name}") })
}
