//! What a schema makes of the rules: other levels, and exceptions, each with its reason.

use std::collections::HashMap;

use super::{Level, Protocol, Rule, rule, rules};
use crate::{
    Model,
    diagnostic::{Diagnostic, instead},
    source::{
        Context, LoadedFile, Text,
        lint::{ExceptionSchema, LevelSchema, LevelWord, LintSchema},
    },
};

/// What a schema makes of the rules.
#[derive(Debug, Default)]
pub struct Settings<'s> {
    /// The levels that it gives; `None` is off.
    levels: HashMap<&'static str, Option<Level>>,
    /// Its exceptions, one for each place.
    pub exceptions: Vec<Exception<'s>>,
}

/// A finding that is none, for a reason.
#[derive(Debug)]
pub struct Exception<'s> {
    /// The rule that would find it.
    pub rule: &'static Rule,
    /// What the rule would find fault with.
    pub at: &'s Text,
}

impl<'s> Settings<'s> {
    /// What the files say, as far as it can be used.
    pub fn of(files: &'s [LoadedFile]) -> Self {
        let mut settings = Settings::default();
        for lint in sections(files) {
            for (name, level) in levels(lint) {
                if let (Some(rule), Some(level)) = (rule(name.as_str()), level.level.get()) {
                    settings.levels.insert(rule.id, level_of(*level));
                }
            }
            for exception in exceptions(lint) {
                let Some(rule) = exception.rule.get().and_then(|name| rule(name.as_str())) else { continue };
                let places = exception.at.get().map_or(&[][..], |places| &places.0);
                settings.exceptions.extend(places.iter().map(|at| Exception { rule, at }));
            }
        }
        settings
    }

    /// How much a rule's findings weigh; `None` where it is not asked.
    pub fn level(&self, rule: &Rule) -> Option<Level> {
        self.levels.get(rule.id).copied().unwrap_or(Some(rule.level))
    }
}

/// Reports rules and places that there are not, and reasons that are none.
pub fn check_settings(model: &Model, files: &[LoadedFile], cx: &mut Context) {
    if sections(files).next().is_none() {
        return;
    }
    let protocol = Protocol::new(model);
    let names = protocol.names();
    let mut seen: HashMap<&str, &Text> = HashMap::new();
    for lint in sections(files) {
        for (name, level) in levels(lint) {
            known_rule(name, cx);
            if let Some(first) = seen.insert(name.as_str(), name) {
                let diagnostic =
                    Diagnostic::new("duplicate-name", format!("the rule `{}` is given two levels", name.value));
                cx.report(
                    diagnostic.at(name.span, "again here").and(first.span, "first here").help("leave one of them out"),
                );
            }
            sentence(level.reason.get(), cx);
        }
        for exception in exceptions(lint) {
            if let Some(rule) = exception.rule.get() {
                known_rule(rule, cx);
            }
            for at in exception.at.get().into_iter().flat_map(|places| &places.0) {
                if names.binary_search(&at.as_str()).is_err() {
                    let diagnostic = Diagnostic::new("unknown-place", format!("the schema has no `{}`", at.value));
                    cx.report(diagnostic.at(at.span, "unknown").help(instead(at.as_str(), names.iter().copied())));
                }
            }
            sentence(exception.reason.get(), cx);
        }
    }
}

fn sections(files: &[LoadedFile]) -> impl Iterator<Item = &LintSchema> {
    files.iter().filter_map(|file| file.schema.lint.get())
}

fn levels(lint: &LintSchema) -> impl Iterator<Item = (&Text, &LevelSchema)> {
    let entries = lint.levels.get().into_iter().flat_map(|levels| &levels.entries);
    entries.filter_map(|entry| Some((&entry.name, entry.value.as_ref()?)))
}

fn exceptions(lint: &LintSchema) -> impl Iterator<Item = &ExceptionSchema> {
    lint.except.get().into_iter().flatten()
}

fn level_of(word: LevelWord) -> Option<Level> {
    match word {
        LevelWord::Off => None,
        LevelWord::Advice => Some(Level::Advice),
        LevelWord::Warning => Some(Level::Warning),
        LevelWord::Error => Some(Level::Error),
    }
}

fn known_rule(name: &Text, cx: &mut Context) {
    if rule(name.as_str()).is_none() {
        let ids: Vec<&str> = rules().map(|rule| rule.id).collect();
        let diagnostic = Diagnostic::new("unknown-rule", format!("there is no rule `{}`", name.value));
        cx.report(diagnostic.at(name.span, "unknown").help(instead(name.as_str(), ids.iter().copied())));
    }
}

/// Reports a reason that would tell its reader nothing.
fn sentence(reason: Option<&Text>, cx: &mut Context) {
    let Some(reason) = reason else { return };
    let words = reason.as_str().split_whitespace().count();
    let begins = reason.as_str().starts_with(|first: char| !first.is_lowercase());
    if words < 3 || !begins || !reason.as_str().ends_with('.') {
        let diagnostic =
            Diagnostic::new("missing-reason", format!("`{}` is no sentence that gives a reason", reason.value))
                .at(reason.span, "expected a sentence")
                .help("say why it is as it is, so that a reader can tell when that no longer holds");
        cx.report(diagnostic);
    }
}
