//! The protocol's reference for those who build clients: Markdown for repositories, and one HTML page to be served.
//!
//! The chapters make pages of blocks once; the writers only format them.

mod catching_up;
mod changes;
mod connecting;
mod emits;
mod endings;
mod errors;
mod events;
mod examples;
mod flows;
mod html;
mod limits;
mod logs;
mod markdown;
mod operations;
mod overview;
mod page;
mod rooms;
mod samples;
mod text;
mod types;

use accord_flows::drawing::Chapter;
use accord_language::model::Model;

use super::File;
use page::Page;

/// The reference as one HTML page that needs no other file.
pub fn html(model: &Model, flows: &[Chapter]) -> String {
    html::write(model, &pages(model, flows))
}

/// Returns the module that the page's console loads, from beside the npm package: `schema/docs/console.js`.
pub fn console() -> File {
    File { path: "docs/console.js".to_owned(), text: html::console::tools() }
}

/// The reference as files of Markdown that link to each other, in a folder `docs`.
pub fn markdown(model: &Model, flows: &[Chapter]) -> Vec<File> {
    markdown::write(model, &pages(model, flows))
}

/// The README of the npm package: how to connect, and how to follow rooms.
pub(super) fn readme(model: &Model) -> File {
    File {
        path: "typescript/README.md".to_owned(),
        text: markdown::readme(model, &samples::connect(model), catching_up::sample(model).as_ref()),
    }
}

/// All pages, in the order of reading.
fn pages(model: &Model, flows: &[Chapter]) -> Vec<Page> {
    let mut pages = vec![overview::page(model), connecting::page(model)];
    pages.extend(rooms::page(model));
    pages.extend(catching_up::page(model));
    pages.push(limits::page(model));
    pages.extend(model.domains.iter().map(|domain| events::page(model, domain, flows)));
    pages.extend(operations::page(model, flows));
    pages.extend([types::page(model), errors::page(model), changes::page(model)]);
    pages.extend(flows::pages(model, flows));
    pages
}
