//! The navigation.

use super::escape;
use crate::docs::page::{Anchor, Group, Page, Section};

/// Links to all pages; those of events with their events. The script makes the links of the reference fold out.
pub(super) fn write(pages: &[Page]) -> String {
    let of = |group: Group| pages.iter().filter(move |page| page.group == group);
    let links = |group: Group| of(group).map(|page| format!("<li>{}\n", link(page))).collect::<String>();
    let [guide, reference, flows] = [Group::Guide, Group::Reference, Group::Flows].map(links);
    let events: String =
        of(Group::Events).map(|page| format!("<li>{}{}\n", link(page), list(&page.sections))).collect();
    let flows = if flows.is_empty() { flows } else { format!("<h2>Flows</h2>\n<ul>{flows}</ul>\n") };
    format!(
        "<h2>Guide</h2>\n<ul>{guide}</ul>\n<h2>Events</h2>\n<ul>{events}</ul>\n<h2>Reference</h2>\n<ul>{reference}</ul>\n{flows}"
    )
}

fn link(page: &Page) -> String {
    format!("<a href=#{}>{}</a>", Anchor::Page(page.path.clone()).id(), escape(page.label()))
}

fn list(sections: &[Section]) -> String {
    let items =
        sections.iter().map(|section| format!("<li><a href=#{}>{}</a>\n", section.anchor.id(), escape(&section.title)));
    format!("<ul>{}</ul>", items.collect::<String>())
}
