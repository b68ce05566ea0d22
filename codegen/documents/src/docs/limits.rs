//! A page of the rate limits.

use accord_language::model::{LimitId, Model, Per};

use super::{
    errors,
    page::{Anchor, Block, Group, Page, Row, code, join, plain},
    text,
};

/// The path of the page.
pub(super) const PATH: &str = "limits";

/// All limits, and what draws on them.
pub(super) fn page(model: &Model) -> Page {
    let mut lead = text::blocks(
        "A limit is a bucket of tokens: its size is the number of events or requests allowed at once, each of them \
         takes one token, and tokens are added at a steady rate.",
    );
    let refused = &model.errors[model.gateway.rate_limited.0];
    let mut sentence = vec![plain("If the bucket is empty, the answer is "), errors::link(refused)];
    sentence.extend(text::inline("; `retryAfterMs` is the time to wait. The event or request had no effect."));
    lead.push(Block::Paragraph(sentence));
    if model.limits.is_empty() {
        lead.push(Block::Paragraph(vec![plain("This protocol has no limits.")]));
    } else {
        let rows = (0..model.limits.len()).map(|index| row(model, LimitId(index)));
        lead.push(Block::Table {
            columns: &["Limit", "Applies to", "At once", "Added", "One per"],
            rows: rows.collect(),
        });
    }
    lead.push(Block::Paragraph(match model.gateway.unknown_limit {
        Some(id) => {
            vec![plain("Unknown events draw on "), Anchor::Limit(model.limits[id.0].name.clone()).link(), plain(".")]
        }
        None => vec![plain("Unknown events draw on no limit.")],
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
    let events = model.client_events();
    let events = events.filter(|event| event.limit == Some(id)).map(|event| Anchor::Sent(event.name.clone()));
    let operations = model.http.operations.iter().filter(|operation| operation.limit == Some(id));
    let operations = operations.map(|operation| Anchor::Operation(operation.name.clone()));
    let drawing: Vec<_> = events.chain(operations).map(|anchor| vec![anchor.link()]).collect();
    if !drawing.is_empty() {
        what.push(plain(" Used by "));
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
        anchor: Some(Anchor::Limit(limit.name.clone())),
        cells: vec![
            vec![code(&limit.name)],
            what,
            vec![plain(limit.burst.to_string())],
            vec![plain(format!("{} {period}", limit.rate))],
            vec![plain(per)],
        ],
    }
}
