//! One self-contained HTML page, readable without its script. Only its console loads files: its tools and the npm
//! package, from the page's own server.
//!
//! It is written by hand, because a crate for HTML writes every end tag, and every quotation mark around attributes and
//! in text: 35 KB more, in a page that has to stay below 300 KB.

mod blocks;
pub(super) mod console;
mod contents;
mod diagram;
mod examples;
mod rich;
mod sections;

use accord_language::model::Model;

use self::examples::Examples;
use super::page::Page;

/// The page's style, in the order in which it applies.
const STYLES: &[&str] = &[
    include_str!("page.css"),
    include_str!("sections.css"),
    include_str!("flow.css"),
    include_str!("search.css"),
    console::STYLE,
    include_str!("print.css"),
];

/// The page's script: each part is a separate block, and shares only the page with the others.
const SCRIPTS: &[&str] = &[
    console::SCRIPT,
    include_str!("headings.js"),
    include_str!("repeated.js"),
    include_str!("samples.js"),
    include_str!("highlight.js"),
    include_str!("flows.js"),
    include_str!("contents.js"),
    include_str!("search.js"),
];

/// The page.
pub(super) fn write(model: &Model, pages: &[Page]) -> String {
    let protocol = &model.protocol;
    let name = escape(&protocol.name);
    let version = escape(&protocol.version);
    let summary = attribute(&protocol.doc.summary);
    let style = STYLES.concat();
    let script: String = SCRIPTS.iter().map(|part| format!("{{\n{part}}}\n")).collect();
    let contents = contents::write(pages);
    let examples = Examples::of(pages);
    let mut main: Vec<String> = pages.iter().map(|page| sections::page(page, &examples)).collect();
    main.insert(1, console::section(model));
    let main = main.concat();
    format!(
        r##"<!doctype html>
<!-- Generated from the schema of {name} {version} by "accord gen all". Do not edit: change the schema. -->
<html lang="en">
<head>
<meta charset="utf-8">
<title>{name} {version} · Protocol reference</title>
<meta name="description" content="{summary}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M3 5h8M8 2l3 3-3 3M13 11H5m3-3-3 3 3 3' fill='none' stroke='%234f62d8' stroke-width='1.8'/%3E%3C/svg%3E">
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<button class="menu" type="button" popovertarget="contents">Contents</button>
<a class="brand" href="#top">{name} <small>{version}</small></a>
<div class="search" role="search" hidden>
<input type="text" role="combobox" aria-label="Search" aria-expanded="false" aria-controls="results" aria-autocomplete="list" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="Search">
<kbd aria-hidden="true">/</kbd>
<div class="found" hidden><ul id="results" role="listbox" aria-label="Results"></ul><p class="none" hidden></p></div>
<p class="count" role="status"></p>
</div>
</header>
<nav id="contents" popover aria-label="Contents">
{contents}</nav>
<main id="main" tabindex="-1">
{main}</main>
<script type="module">
{script}</script>
</body>
</html>
"##
    )
}

/// A text within an attribute in double quotes.
fn attribute(text: &str) -> String {
    escape(text).replace('"', "&quot;")
}

/// A text, so that it stays one.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            other => escaped.push(other),
        }
    }
    escaped
}
