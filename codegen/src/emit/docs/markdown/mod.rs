//! Markdown, as GitHub reads it: a file for each page, with links between them.

mod blocks;
mod diagram;
mod links;

use super::{
    overview,
    page::{Page, Place, Section},
};
use crate::{emit::File, model::Model};
use blocks::{block, sample};
use links::{Links, Places};

/// The files, in a folder `docs`.
pub(super) fn write(model: &Model, pages: &[Page]) -> Vec<File> {
    let places = Places::of(pages);
    let protocol = &model.protocol;
    let header = format!(
        "<!-- Generated from the schema of {} {} by \"accord gen all\". Do not edit: change the schema. -->\n",
        protocol.name, protocol.version
    );
    let file = |page: &Page| {
        let links = places.from(&page.path);
        let up = match page.path.as_str() {
            overview::PATH => String::new(),
            _ => format!("[{}]({}) ›\n\n", protocol.name, links.to(&Place::Page(overview::PATH.to_owned()))),
        };
        let mut text = format!("{header}\n{up}# {}\n", links::escape(&page.title));
        page.lead.iter().for_each(|part| text += &block(part, &links));
        if page.path == overview::PATH {
            let link = |page: &Page| {
                format!("- [{}]({})\n", links::escape(&page.title), links.to(&Place::Page(page.path.clone())))
            };
            text +=
                &format!("\n{}", pages.iter().filter(|other| other.path != page.path).map(link).collect::<String>());
        }
        page.sections.iter().for_each(|part| text += &section(part, &links));
        File { path: format!("docs/{}.md", page.path), text }
    };
    pages.iter().map(file).collect()
}

fn section(section: &Section, links: &Links<'_>) -> String {
    let mut text = format!("\n## {}\n", links::escape(&section.title));
    let mut tags: Vec<String> = section.kind.label().into_iter().map(|label| format!("*{label}*")).collect();
    tags.extend(section.since.as_ref().map(|since| format!("since {since}")));
    if section.deprecated {
        tags.push("**deprecated**".to_owned());
    }
    if !tags.is_empty() {
        text += &format!("\n{}\n", tags.join(" · "));
    }
    if !section.summary.is_empty() {
        text += &format!("\n{}\n", links.rich(&section.summary));
    }
    section.blocks.iter().for_each(|part| text += &block(part, links));
    section.samples.iter().for_each(|part| text += &sample(part));
    text
}
