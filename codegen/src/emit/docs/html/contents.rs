//! The navigation.

use super::escape;
use crate::emit::docs::page::{Group, Kind, Page, Place, Section};

/// Links to all pages; those of events with their events, those of the reference with what folds out.
pub(super) fn write(pages: &[Page]) -> String {
    let of = |group: Group| pages.iter().filter(move |page| page.group == group);
    let guide: String = of(Group::Guide).map(|page| format!("<li>{}\n", link(page))).collect();
    let events: String =
        of(Group::Events).map(|page| format!("<li>{}{}\n", link(page), list(&page.sections))).collect();
    let [reference, flows] = [Group::Reference, Group::Flows].map(|group| of(group).map(folded).collect::<String>());
    let flows = if flows.is_empty() { flows } else { format!("<h2>Flows</h2>\n<ul>\n{flows}</ul>\n") };
    format!(
        "<h2>Guide</h2>\n<ul>\n{guide}</ul>\n<h2>Events</h2>\n<ul>\n{events}</ul>\n<h2>Reference</h2>\n<ul>\n{reference}</ul>\n{flows}"
    )
}

fn folded(page: &Page) -> String {
    if page.sections.iter().all(|section| section.kind == Kind::Topic) {
        return format!("<li>{}\n", link(page));
    }
    let list = list(&page.sections);
    format!("<li>{}<details><summary>All {}</summary>{list}</details>\n", link(page), page.sections.len())
}

fn link(page: &Page) -> String {
    format!("<a href=#{}>{}</a>", Place::Page(page.path.clone()).id(), escape(page.label()))
}

fn list(sections: &[Section]) -> String {
    let items = sections.iter().map(|section| {
        let class = match section.kind {
            Kind::Sent => " class=sent",
            Kind::Received => " class=received",
            _ => "",
        };
        format!("<li><a{class} href=#{}>{}</a>\n", section.place.id(), escape(&section.title))
    });
    format!("\n<ul>\n{}</ul>", items.collect::<String>())
}
