//! A page of the rate limits.

use super::{
    errors,
    page::{Block, Group, Page, Place, Row, code, join, plain},
    text,
};
use crate::model::{LimitId, Model, Per};

/// The path of the page.
pub(super) const PATH: &str = "limits";

/// All limits, and what draws on them.
pub(super) fn page(model: &Model) -> Page {
    let mut lead = text::blocks(
        "A limit is a bucket of tokens: it holds as many as are let through at once, each event or request takes one, \
         and they are put back at a steady rate.",
    );
    let refused = &model.errors[model.gateway.rate_limited.0];
    let mut sentence = vec![plain("Whoever finds it empty is answered with "), errors::link(refused)];
    sentence.extend(text::inline("; `retryAfterMs` says how long to wait. Nothing has been done then."));
    lead.push(Block::Paragraph(sentence));
    if model.limits.is_empty() {
        lead.push(Block::Paragraph(vec![plain("This protocol has no limits.")]));
    } else {
        let rows = (0..model.limits.len()).map(|index| row(model, LimitId(index)));
        lead.push(Block::Table {
            columns: &["Limit", "What it limits", "At once", "Put back", "One for each"],
            rows: rows.collect(),
        });
    }
    lead.push(Block::Paragraph(match model.gateway.unknown_limit {
        Some(id) => vec![
            plain("Events that the protocol does not have draw on "),
            Place::Limit(model.limits[id.0].name.clone()).link(),
            plain("."),
        ],
        None => vec![plain("Events that the protocol does not have draw on no limit.")],
    }));
    Page {
        group: Group::Guide,
        path: PATH.to_owned(),
        title: "Limits".to_owned(),
        label: None,
        lead,
        sections: Vec::new(),
    }
}

fn row(model: &Model, id: LimitId) -> Row {
    let limit = &model.limits[id.0];
    let mut what = text::inline(&limit.doc.summary);
    if let Some(description) = &limit.doc.description {
        what.push(plain(" "));
        what.extend(text::inline(description));
    }
    let events = model.domains.iter().flat_map(|domain| &domain.client);
    let events = events.filter(|event| event.limit == Some(id)).map(|event| Place::Sent(event.name.clone()));
    let operations = model.http.operations.iter().filter(|operation| operation.limit == Some(id));
    let operations = operations.map(|operation| Place::Operation(operation.name.clone()));
    let drawing: Vec<_> = events.chain(operations).map(|place| vec![place.link()]).collect();
    if !drawing.is_empty() {
        what.push(plain(" Drawn on by "));
        what.extend(join(drawing, ", "));
        what.push(plain("."));
    }
    let period = match limit.period_ms {
        1_000 => "a second".to_owned(),
        60_000 => "a minute".to_owned(),
        other => format!("each {other} ms"),
    };
    let per = match limit.per {
        Per::User => "user",
        Per::Socket => "socket",
    };
    Row {
        place: Some(Place::Limit(limit.name.clone())),
        cells: vec![
            vec![code(&limit.name)],
            what,
            vec![plain(limit.burst.to_string())],
            vec![plain(format!("{} {period}", limit.rate))],
            vec![plain(per)],
        ],
    }
}
