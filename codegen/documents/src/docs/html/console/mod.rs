//! The console: a part of the page that connects to a running server, sends it events and shows the traffic.
//!
//! It is hidden until its script runs. The editor, the log and the npm package that it speaks and checks with come from the
//! page's own server once somebody uses it.

use accord_language::model::{ClientEvent, Domain, Model};

use super::{attribute, escape};
use crate::docs::{examples, text};

/// Its style.
pub(super) const STYLE: &str = include_str!("style.css");

/// The part of it that the page has.
pub(super) const SCRIPT: &str = include_str!("console.js");

/// The parts that it loads, in the order in which they need each other.
const TOOLS: &[&str] = &[
    include_str!("reader.js"),
    include_str!("code.js"),
    include_str!("log.js"),
    include_str!("editor.js"),
    "export { Editor, Log, copy, element, receiving, sending };\n",
];

/// Returns the module that it loads once somebody uses it.
pub(in crate::docs) fn tools() -> String {
    TOOLS.join("\n")
}

/// Its section of the page.
pub(super) fn section(model: &Model) -> String {
    let domains = model.domains.iter().filter(|domain| !domain.client.is_empty());
    let events = domains.map(|domain| group(model, domain)).collect::<String>();
    include_str!("section.html").replace("{events}", &events)
}

fn group(model: &Model, domain: &Domain) -> String {
    let options = domain.client.iter().map(|event| option(model, event)).collect::<String>();
    format!("<optgroup label=\"{}\">{options}</optgroup>\n", attribute(&text::title(&domain.name)))
}

fn option(model: &Model, event: &ClientEvent) -> String {
    let example = event.example.clone().or_else(|| examples::of_id(model, event.payload?));
    // In single quotes, for JSON is full of the others.
    let example = example.map(|example| escape(&example.to_string()).replace('\'', "&#39;"));
    let example = example.map(|example| format!(" data-example='{example}'"));
    format!("<option{}>{}", example.unwrap_or_default(), escape(&event.name))
}
