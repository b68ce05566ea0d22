//! Possible improvements of a valid protocol: rules of good design, each with its reason and its remedy.
//!
//! Rules never see YAML: they look at an [`Index`] of the [`Model`](accord_language::Model), whose items know their
//! places, and say what they find. They never repeat what the compiler enforces. Start reading at [`lint`]; each
//! theme's rules are a table at the top of its file, with the functions that look for them below. To add a rule, add a
//! row, and an example in `examples/`, which `codegen/review/tests/lint` tests and `accord explain` shows.

mod bounds;
mod docs;
mod errors;
mod events;
mod evolution;
mod http;
mod limits;
mod logs;
mod naming;
mod report;
mod rule;
mod security;
mod settings;
mod types;
mod usage;
mod words;

use std::collections::HashSet;

use accord_language::{Schema, diagnostic::Diagnostic, model::index::Index};

pub use naming::outcome;
pub use report::{Format, Report, Reported};
pub use rule::{Finding, Level, LintRule};
use settings::Settings;
pub use settings::check_settings;

/// All rules, by theme.
const THEMES: &[&[LintRule]] = &[
    naming::RULES,
    types::RULES,
    bounds::RULES,
    errors::RULES,
    events::RULES,
    logs::RULES,
    limits::RULES,
    http::RULES,
    security::RULES,
    docs::RULES,
    usage::RULES,
    evolution::RULES,
];

/// All rules.
pub fn rules() -> impl Iterator<Item = &'static LintRule> {
    THEMES.iter().copied().flatten()
}

/// The rule called `id`.
pub fn rule(id: &str) -> Option<&'static LintRule> {
    rules().find(|rule| rule.id == id)
}

/// Checks a schema against all rules, except for its exceptions.
pub fn lint(schema: &Schema) -> Report<'_> {
    let index = Index::new(&schema.model);
    let settings = Settings::of(&schema.files);
    let mut used = HashSet::new();
    let mut found = Vec::new();
    for rule in rules() {
        let Some(level) = settings.level(rule) else { continue };
        for finding in (rule.check)(&index) {
            let by = settings.excepting(rule, &finding.subject);
            if by.is_empty() {
                found.push(reported(rule, level, finding));
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

fn reported(rule: &'static LintRule, level: Level, finding: Finding) -> Reported {
    let Finding { subject, message, label, others } = finding;
    let mut diagnostic =
        Diagnostic::new(rule.id, message).at(subject.place.span(), label).note(rule.reason).help(rule.remedy);
    for (other, label) in others {
        diagnostic = diagnostic.and(other.span(), label);
    }
    Reported { rule, level, at: subject.name, diagnostic }
}

fn unneeded(exception: &settings::Exception<'_>, level: Level) -> Reported {
    let rule = &usage::UNNEEDED_EXCEPTION;
    let message = format!("`{}` reports nothing for `{}`", exception.rule.id, exception.at.value);
    let diagnostic = Diagnostic::new(rule.id, message).at(exception.at.span, "").note(rule.reason).help(rule.remedy);
    Reported { rule, level, at: exception.at.value.clone(), diagnostic }
}
