//! A page of everything that can go wrong.

use accord_language::model::{ErrorDef, ErrorId, Model, Retry};

use super::{
    page::{Anchor, Block, Group, Inline, Page, Row, code, plain},
    samples, text,
};
use crate::{failures, sentences};

/// The path of the page.
pub(super) const PATH: &str = "errors";

/// The table of errors, and the form of failures.
pub(super) fn page(model: &Model) -> Page {
    let event = &model.gateway.error_event;
    let mut lead = vec![Block::Paragraph(
        [
            text::inline(
                "If an event asks for an acknowledgement, its failure is sent there: `{ ok: false, error }`. \
                 Otherwise the failure is the event ",
            ),
            vec![Anchor::Received(event.clone()).link(), plain(", to that socket alone. Tell errors apart by their ")],
            text::inline("`code`; the `message` is for people."),
        ]
        .concat(),
    )];
    let carried = model.server_event(event);
    if let Some(body) = carried.and_then(|event| event.payload) {
        let client = model.client_events().find(|event| event.payload.is_some());
        if let Some(client) = client {
            let failed = failures::Failed {
                failure: &client.failure,
                event: Some(&client.name),
                required: client.payload.and_then(|payload| failures::required(model, payload)),
            };
            let error = failures::example(model, body, model.gateway.invalid_payload, failed);
            lead.push(Block::Sample(samples::json("A failure", &serde_json::json!({ "ok": false, "error": error }))));
        }
    }
    lead.push(Block::Table {
        columns: &["Code", "Message", "When", "A retry helps", "HTTP"],
        rows: (0..model.errors.len()).map(|index| row(model, ErrorId(index))).collect(),
    });
    lead.push(Block::Paragraph(vec![
        plain("The message of "),
        link(&model.errors[model.gateway.internal.0]),
        plain(" says what failed: each event and each operation has its own text."),
    ]));
    Page {
        group: Group::Reference,
        path: PATH.to_owned(),
        title: "Errors".to_owned(),
        label: None,
        lead,
        sections: Vec::new(),
    }
}

/// A link to an error, called by its code.
pub(super) fn link(error: &ErrorDef) -> Inline {
    Inline::Link(Anchor::Error(error.name.clone()), vec![code(&error.code)])
}

/// The errors that may answer a call, in the order of the checks.
pub(super) fn list(model: &Model, errors: &[ErrorId], failure: &str) -> Block {
    let errors = errors.iter().map(|&id| {
        let error = &model.errors[id.0];
        let message = if id == model.gateway.internal { failure } else { &error.message };
        let message = vec![plain(format!(" {message}"))];
        let is_own = id == model.gateway.internal;
        [vec![link(error)], if is_own { message } else { vec![Inline::Repeated(message)] }].concat()
    });
    Block::List(errors.collect())
}

fn row(model: &Model, id: ErrorId) -> Row {
    let error = &model.errors[id.0];
    let mut when = text::inline(&error.doc.summary);
    let further = [error.doc.description.clone(), error.doc.deprecated.as_ref().map(sentences::deprecated)];
    for paragraph in further.iter().flatten() {
        when.push(plain(" "));
        when.extend(text::inline(paragraph));
    }
    let retry = match error.retry {
        Retry::No => text::inline("No"),
        Retry::Yes => text::inline("Yes, at any time"),
        Retry::After => text::inline("After `retryAfterMs`"),
        Retry::NewToken => text::inline("With a new token"),
    };
    Row {
        anchor: Some(Anchor::Error(error.name.clone())),
        cells: vec![
            vec![code(&error.code)],
            vec![plain(&error.message)],
            when,
            retry,
            vec![plain(error.status.to_string())],
        ],
    }
}
