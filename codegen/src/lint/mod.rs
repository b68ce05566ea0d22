//! What could be better in a protocol that is valid: rules of good design, each with its reason and its remedy.
//!
//! Rules never see YAML: they look at a [`Protocol`], which is the [`Model`](crate::Model) with the place of everything,
//! and say what they find. They never repeat what the compiler enforces. Start reading at [`lint`]; each theme's rules are
//! a table at the top of its file, with the functions that look for them below. A rule is added by a row and an example
//! in `examples/`, which `codegen/tests/lint` holds it to and `accord explain` shows.

mod bounds;
mod docs;
mod errors;
mod events;
mod evolution;
mod http;
mod limits;
mod naming;
mod place;
mod protocol;
mod report;
mod rule;
mod security;
mod settings;
mod types;
mod usage;
mod walk;
mod words;

use std::collections::HashSet;

pub use naming::outcome;
pub use place::Place;
pub use protocol::Protocol;
pub(crate) use protocol::{Sort, Thing, method_name};
pub use report::{Format, Report, Reported};
pub use rule::{Finding, Level, Rule};
use settings::Settings;
pub(crate) use settings::check_settings;

use crate::{Schema, diagnostic::Diagnostic};

/// All rules, by theme.
const THEMES: &[&[Rule]] = &[
    naming::RULES,
    types::RULES,
    bounds::RULES,
    errors::RULES,
    events::RULES,
    limits::RULES,
    http::RULES,
    security::RULES,
    docs::RULES,
    usage::RULES,
    evolution::RULES,
];

/// All rules.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    THEMES.iter().copied().flatten()
}

/// The rule called `id`.
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

/// Holds a schema to all rules, but for what it excepts.
pub fn lint(schema: &Schema) -> Report<'_> {
    let protocol = Protocol::new(&schema.model);
    let settings = Settings::of(&schema.files);
    let mut used = HashSet::new();
    let mut found = Vec::new();
    for rule in rules() {
        let Some(level) = settings.level(rule) else { continue };
        for finding in (rule.check)(&protocol) {
            let excepted = |exception: &settings::Exception<'_>| {
                exception.rule.id == rule.id && finding.place.is_within(exception.at.as_str())
            };
            let by: Vec<usize> =
                (0..settings.exceptions.len()).filter(|&index| excepted(&settings.exceptions[index])).collect();
            if by.is_empty() {
                found.push(reported(schema, rule, level, finding));
            }
            used.extend(by);
        }
    }
    if let Some(level) = settings.level(&usage::UNNEEDED_EXCEPTION) {
        for (index, exception) in settings.exceptions.iter().enumerate() {
            if !used.contains(&index) {
                found.push(unneeded(exception, level));
            }
        }
    }
    Report::new(&schema.sources, found)
}

fn reported(schema: &Schema, rule: &'static Rule, level: Level, finding: Finding) -> Reported {
    let Finding { place, message, label, others } = finding;
    let mut diagnostic =
        Diagnostic::new(rule.id, message).at(place.span(&schema.files), label).note(rule.reason).help(rule.remedy);
    for (other, label) in others {
        diagnostic = diagnostic.and(other.span(&schema.files), label);
    }
    Reported { rule, level, at: place.name().to_owned(), diagnostic }
}

fn unneeded(exception: &settings::Exception<'_>, level: Level) -> Reported {
    let rule = &usage::UNNEEDED_EXCEPTION;
    let message = format!("`{}` finds no fault with `{}`", exception.rule.id, exception.at.value);
    let diagnostic = Diagnostic::new(rule.id, message).at(exception.at.span, "").note(rule.reason).help(rule.remedy);
    Reported { rule, level, at: exception.at.value.clone(), diagnostic }
}
