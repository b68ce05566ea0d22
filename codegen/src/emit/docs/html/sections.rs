//! Pages and sections.

use super::{
    blocks::{block, rich, samples},
    escape,
};
use crate::emit::docs::{
    overview,
    page::{Kind, Page, Place, Section},
};

/// A page: a chapter.
pub(super) fn page(page: &Page) -> String {
    let id = Place::Page(page.path.clone()).id();
    // The first page is what the document is about.
    let (heading, below) = if page.path == overview::PATH { ("h1", "h2") } else { ("h2", "h3") };
    let lead: String = page.lead.iter().map(block).collect();
    let sections: String = page.sections.iter().map(|section| self::section(section, below)).collect();
    format!(
        "<section class=\"page\" id=\"{id}\">\n<{heading}><a href=\"#{id}\">{}</a></{heading}>\n{lead}{sections}</section>\n",
        escape(&page.title)
    )
}

fn section(section: &Section, heading: &str) -> String {
    let id = section.place.id();
    let (kind, label) = label(section.kind);
    let mut tags = String::new();
    match section.kind {
        Kind::Sent | Kind::Received => tags += &format!(" <span class=\"tag {kind}\">{label}</span>"),
        Kind::Operation(method) => tags += &format!(" <span class=\"tag rest\">{method}</span>"),
        _ => {}
    }
    tags += &section
        .since
        .as_ref()
        .map(|since| format!(" <span class=\"tag\">since {}</span>", escape(since)))
        .unwrap_or_default();
    if section.deprecated {
        tags += " <span class=\"tag gone\">deprecated</span>";
    }
    let title = match section.kind {
        Kind::Topic | Kind::Flow => escape(&section.title),
        _ => format!("<code>{}</code>", escape(&section.title)),
    };
    let summary = match rich(&section.summary) {
        empty if empty.is_empty() => empty,
        summary => format!("<p class=\"summary\">{summary}</p>\n"),
    };
    let blocks: String = section.blocks.iter().map(block).collect();
    let samples = samples(&section.samples);
    format!(
        "<section class=\"entry\" id=\"{id}\" data-kind=\"{kind}\">\n<div>\n\
         <{heading}><a href=\"#{id}\">{title}</a>{tags}</{heading}>\n{summary}{blocks}</div>\n{samples}</section>\n"
    )
}

/// What a section is about: for programs, and for people.
fn label(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Topic => ("guide", ""),
        Kind::Sent => ("sent", "client → server"),
        Kind::Received => ("received", "server → client"),
        Kind::Type => ("type", ""),
        Kind::Operation(_) => ("rest", ""),
        Kind::Flow => ("flow", ""),
    }
}
