//! Pages of flows, each drawn as a diagram; and which of them show an event or an operation.

use accord_flows::drawing::{Action, Answer, Chapter, Flow};
use accord_language::model::Model;

use super::{
    page::{Anchor, Block, Group, Inline, Kind, Page, Rich, Section, join, plain},
    text::{self, title},
};

/// The largest number of flows that an event links to: the most relevant ones.
const MOST: usize = 3;

/// A page for each chapter.
pub(super) fn pages(model: &Model, chapters: &[Chapter]) -> Vec<Page> {
    chapters.iter().filter(|chapter| !chapter.flows.is_empty()).map(|chapter| page(model, chapter)).collect()
}

fn page(model: &Model, chapter: &Chapter) -> Page {
    Page {
        group: Group::Flows,
        path: format!("flows/{}", chapter.name),
        title: format!("Flows of {}", title(&chapter.name).to_lowercase()),
        label: Some(title(&chapter.name)),
        lead: vec![Block::Paragraph(text::inline(&chapter.summary))],
        sections: chapter.flows.iter().map(|flow| section(model, flow)).collect(),
    }
}

fn section(model: &Model, flow: &Flow) -> Section {
    let mut blocks = text::blocks(flow.description.as_deref().unwrap_or_default());
    blocks.push(Block::Diagram(with_codes(model, flow)));
    Section {
        anchor: Anchor::Flow(flow.name.clone()),
        title: title(&flow.name),
        kind: Kind::Flow,
        summary: text::inline(&flow.summary),
        since: None,
        deprecated: false,
        blocks,
        samples: Vec::new(),
    }
}

/// A flow whose failures are called what clients see of them.
fn with_codes(model: &Model, flow: &Flow) -> Flow {
    let mut flow = flow.clone();
    for step in &mut flow.steps {
        if let Some(Answer::Failure(errors)) = &mut step.answer {
            for name in errors.iter_mut() {
                if let Some(error) = model.errors.iter().find(|error| error.name == *name) {
                    name.clone_from(&error.code);
                }
            }
            errors.dedup();
        }
    }
    flow
}

/// The flows that have the most to do with an action, in their order.
pub(super) fn showing(chapters: &[Chapter], wanted: &Action) -> Option<Rich> {
    let flows = chapters.iter().flat_map(|chapter| &chapter.flows);
    let mut found: Vec<(usize, f64, &Flow)> = flows
        .enumerate()
        .filter_map(|(index, flow)| {
            let named = flow
                .steps
                .iter()
                .filter(|step| matches!(step.action, Action::Emit(_) | Action::Event(_) | Action::Call(_)));
            let shown = flow.steps.iter().filter(|step| step.action == *wanted).count();
            (shown > 0).then(|| (index, shown as f64 / named.count() as f64, flow))
        })
        .collect();
    // A flow with a similar name shows it best: `edit_refused` shows `edit_message`.
    let verb = wanted.told().split('_').next().unwrap_or_default();
    let called = |flow: &Flow| flow.name.split('_').next() == Some(verb);
    found.sort_by(|(_, a, one), (_, b, other)| called(other).cmp(&called(one)).then(b.total_cmp(a)));
    found.truncate(MOST);
    found.sort_by_key(|(index, ..)| *index);
    let link = |flow: &Flow| vec![Inline::Link(Anchor::Flow(flow.name.clone()), vec![plain(title(&flow.name))])];
    (!found.is_empty()).then(|| join(found.into_iter().map(|(.., flow)| link(flow)), ", "))
}
