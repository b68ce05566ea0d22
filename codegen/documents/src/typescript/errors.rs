//! The codes of failures, and the failures of each event.

use std::collections::BTreeSet;

use accord_language::model::{ClientEvent, ErrorId, Model, Operation};

use super::{docs::Docs, literal};

/// `ErrorCode`, `ProtocolError` and the codes of each event.
pub fn declarations(model: &Model) -> String {
    let all = literal::union(codes(model, (0..model.errors.len()).map(ErrorId)));
    let mut text = format!("/** The codes that distinguish failures. */\nexport type ErrorCode = {all};\n\n");
    let events = model.server_events();
    let failure = events.filter(|event| event.name == model.gateway.error_event).find_map(|event| event.payload);
    let body = failure.map_or("{ message: string }", |id| model.types[id.0].name.as_str());
    text.push_str(&format!(
        "/** Why something failed. */\nexport type ProtocolError<Code extends string = ErrorCode> = {body} & {{ code: \
         Code }};\n\n"
    ));
    text.push_str("/** The error codes of each client event. */\nexport interface EventErrors {\n");
    for event in model.client_events() {
        let codes = literal::union(codes(model, of_event(model, event)));
        text.push_str(&format!("  {}: {codes};\n", literal::key(&event.name)));
    }
    text.push_str("}\n");
    text
}

/// Adds what an operation may be refused with, by code.
pub fn document_operation(model: &Model, operation: &Operation, docs: &mut Docs) {
    let codes = codes(model, operation.errors.iter().copied());
    if !codes.is_empty() {
        let codes: Vec<String> = codes.into_iter().map(|code| format!("`{code}`")).collect();
        docs.add(&format!("Errors of its own: {}.", codes.join(", ")));
    }
}

/// The errors of an event: its own, and those of the gateway that may come before them.
fn of_event(model: &Model, event: &ClientEvent) -> BTreeSet<ErrorId> {
    let gateway = &model.gateway;
    let mut errors: BTreeSet<ErrorId> = event.errors.iter().copied().collect();
    let scopes = event.scope.into_iter().chain(event.also.iter().map(|also| also.scope));
    errors.extend(scopes.map(|scope| model.scopes[scope.0].denied));
    errors.extend(model.joined_log(event).and(gateway.position_lost));
    errors.extend(event.idempotent.as_ref().and(gateway.idempotency_conflict));
    errors.extend(event.renews.as_ref().map(|_| gateway.token_refused));
    errors.extend(event.payload.map(|_| gateway.invalid_payload));
    errors.extend(event.limit.map(|_| gateway.rate_limited));
    errors.insert(gateway.internal);
    errors
}

/// The codes of errors, each once, in the order of the errors.
fn codes(model: &Model, errors: impl IntoIterator<Item = ErrorId>) -> Vec<&str> {
    let mut codes = Vec::new();
    for ErrorId(index) in errors {
        let code = model.errors[index].code.as_str();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}
