//! The console: a part of the page that connects to a running server, sends it events and shows the traffic.
//!
//! It is hidden until its script runs, and is made of the modules of the npm package besides its own.

use super::{attribute, escape};
use crate::{
    emit::{
        docs::{events, examples},
        typescript::{self, CHECK, CLIENT},
    },
    model::{ClientEvent, Domain, Model},
};

/// What it looks like.
pub(super) const STYLE: &str = include_str!("style.css");

/// Its own scripts, in the order in which they need each other.
const SCRIPTS: &[&str] = &[
    include_str!("reader.js"),
    include_str!("code.js"),
    include_str!("log.js"),
    include_str!("editor.js"),
    include_str!("console.js"),
];

/// Where it is on the page.
pub(super) fn section(model: &Model) -> String {
    let domains = model.domains.iter().filter(|domain| !domain.client.is_empty());
    let events = domains.map(|domain| group(model, domain)).collect::<String>();
    include_str!("section.html").replace("{events}", &events)
}

fn group(model: &Model, domain: &Domain) -> String {
    let options = domain.client.iter().map(|event| option(model, event)).collect::<String>();
    format!("<optgroup label=\"{}\">\n{options}</optgroup>\n", attribute(&events::title(&domain.name)))
}

fn option(model: &Model, event: &ClientEvent) -> String {
    let example = event.example.clone().or_else(|| examples::of_id(model, event.payload?));
    // In single quotes, for JSON is full of the others.
    let example = example.map(|example| escape(&example.to_string()).replace('\'', "&#39;"));
    let example = example.map(|example| format!(" data-example='{example}'"));
    format!(
        "<option data-summary=\"{}\"{}>{}</option>\n",
        attribute(&event.doc.summary),
        example.unwrap_or_default(),
        escape(&event.name)
    )
}

/// What makes it work.
pub(super) fn script(model: &Model) -> String {
    let guards = format!("const check = {};\n{}", scope(CHECK), typescript::by_event(model));
    let package =
        format!("const {{ io }} = {};\nconst {{ clientEvents, serverEvents }} = {};\n", scope(CLIENT), scope(&guards));
    format!("{package}{}", SCRIPTS.concat())
}

/// A module as an expression: an object of what it exports. It must import nothing, and each export stand on a line of
/// its own.
fn scope(module: &str) -> String {
    let mut exports = Vec::new();
    let mut body = String::with_capacity(module.len());
    for line in module.lines() {
        let Some(exported) = line.strip_prefix("export ") else {
            body.extend([line, "\n"]);
            continue;
        };
        let name =
            exported.split([' ', '(', ';']).skip_while(|word| ["const", "function", "class"].contains(word)).next();
        exports.extend(name);
        body.extend([exported, "\n"]);
    }
    format!("(() => {{\n{body}return {{ {} }};\n}})()", exports.join(", "))
}
