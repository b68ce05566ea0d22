//! Explanations of a name: of a rule, or of a declaration in a protocol.

mod diagnostics;
mod page;
mod protocol;
mod rules;

use accord_language::{Model, diagnostic::nearest};

use crate::{diff, lint};
pub use diagnostics::{Explained, diagnostics};
use page::Page;

/// A page for everything that is called `name`: rules, and what `model` declares, errors by their code too.
///
/// # Errors
/// The candidates, if nothing has this name.
pub fn explain(name: &str, model: Option<&Model>) -> Result<Vec<String>, String> {
    let rule = lint::rule(name).map(rules::of_lint);
    let diagnostic = diagnostics().find(|explained| explained.id == name).map(rules::of_check);
    let difference = diff::find(name).map(rules::of_diff);
    let declared = model.into_iter().flat_map(|model| protocol::pages(model, name));
    let pages: Vec<String> =
        rule.into_iter().chain(diagnostic).chain(difference).chain(declared).map(Page::into_text).collect();
    if pages.is_empty() { Err(instead(name, model)) } else { Ok(pages) }
}

fn instead(name: &str, model: Option<&Model>) -> String {
    let rules = lint::rules().map(|rule| rule.id).chain(diagnostics().map(|explained| explained.id));
    let rules = rules.chain(diff::rules().map(|rule| rule.id));
    let names: Vec<&str> = rules.chain(model.into_iter().flat_map(protocol::names)).collect();
    match nearest(name, names) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "rules, errors, error codes, events, operations and types have names".to_owned(),
    }
}
