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
        "<section class=page id={id}>\n<{heading}><a href=#{id}>{}</a></{heading}>\n{lead}{sections}</section>\n",
        escape(&page.title)
    )
}

fn section(section: &Section, heading: &str) -> String {
    let id = section.place.id();
    let class = match section.kind {
        Kind::Sent => "sent",
        Kind::Received => "received",
        _ => "rest",
    };
    let mut tags = String::new();
    if let Some(label) = section.kind.label() {
        tags += &format!(" <span class=\"tag {class}\">{label}</span>");
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
        summary => format!("<p>{summary}</p>\n"),
    };
    let blocks: String = section.blocks.iter().map(block).collect();
    let said = format!("<{heading}><a href=#{id}>{title}</a>{tags}</{heading}>\n{summary}{blocks}");
    match samples(&section.samples) {
        none if none.is_empty() => format!("<section id={id}>\n{said}</section>\n"),
        samples => format!("<section id={id}>\n<div>\n{said}</div>\n{samples}</section>\n"),
    }
}
