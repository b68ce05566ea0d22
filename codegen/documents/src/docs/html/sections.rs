//! Pages and sections. A heading's first child is its subject, which the script turns into a link.

use super::{
    blocks::{block, paragraph, samples},
    escape,
    examples::Examples,
};
use crate::docs::{
    overview,
    page::{Anchor, Kind, Page, Section},
};

/// A page: a chapter.
pub(super) fn page(page: &Page, examples: &Examples<'_>) -> String {
    let id = Anchor::Page(page.path.clone()).id();
    // The first page gives the document's subject.
    let (heading, below) = if page.path == overview::PATH { ("h1", "h2") } else { ("h2", "h3") };
    let lead: String = page.lead.iter().map(block).collect();
    let sections: String = page.sections.iter().map(|section| self::section(section, below, examples)).collect();
    format!("<section class=page id={id}><{heading}>{}</{heading}>{lead}{sections}</section>\n", escape(&page.title))
}

fn section(section: &Section, heading: &str, examples: &Examples<'_>) -> String {
    let id = section.anchor.id();
    let class = match section.kind {
        Kind::Sent => "sent",
        Kind::Received => "received",
        _ => "rest",
    };
    let mut tags = String::new();
    if let Some(label) = section.kind.label() {
        tags += &format!(" <i class={class}>{label}</i>");
    }
    tags += &section.since.as_ref().map(|since| format!(" <i>since {}</i>", escape(since))).unwrap_or_default();
    if section.deprecated {
        tags += " <i class=gone>deprecated</i>";
    }
    let title = match section.kind {
        Kind::Topic | Kind::Flow => escape(&section.title),
        _ => format!("<code>{}</code>", escape(&section.title)),
    };
    let summary = paragraph(&section.summary);
    let blocks: String = section.blocks.iter().map(block).collect();
    let said = format!("<{heading}>{title}{tags}</{heading}>{summary}{blocks}");
    match samples(&section.samples, &section.anchor, examples) {
        none if none.is_empty() => format!("<section id={id}>{said}</section>\n"),
        samples => format!("<section id={id}><div>{said}</div>{samples}</section>\n"),
    }
}
