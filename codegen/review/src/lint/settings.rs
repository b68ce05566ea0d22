//! The settings of a schema for the rules: other levels, and exceptions, each with its reason.

use std::collections::HashMap;

use accord_language::{
    Diagnostics, Model, Schema,
    diagnostic::{Diagnostic, instead},
    model::index::{Index, Subject},
    source::{
        Context, LoadedFile, Text,
        lint::{ExceptionSchema, LevelSchema, LevelWord, LintSchema},
    },
};

use super::{Level, LintRule, rule, rules};

/// The settings of a schema for the rules.
#[derive(Debug, Default)]
pub struct Settings<'s> {
    /// The levels that it gives; `None` is off.
    levels: HashMap<&'static str, Option<Level>>,
    /// Its exceptions, one for each place.
    pub exceptions: Vec<Exception<'s>>,
    /// Where they are in that list, by rule and place.
    places: HashMap<(&'static str, &'s str), Vec<usize>>,
}

/// An exception: a finding that is not reported, for a reason.
#[derive(Debug)]
pub struct Exception<'s> {
    /// The rule that would find it.
    pub rule: &'static LintRule,
    /// The name of the declaration that is excepted.
    pub at: &'s Text,
}

impl<'s> Settings<'s> {
    /// Reads the valid settings of the files.
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
                for at in exception.at.get().map_or(&[][..], |places| &places.0) {
                    settings.places.entry((rule.id, at.as_str())).or_default().push(settings.exceptions.len());
                    settings.exceptions.push(Exception { rule, at });
                }
            }
        }
        settings
    }

    /// The exceptions that cover what a rule finds in a subject, by their places in the list.
    pub fn excepting(&self, rule: &LintRule, subject: &Subject) -> Vec<usize> {
        subject.around().filter_map(|name| self.places.get(&(rule.id, name))).flatten().copied().collect()
    }

    /// The level of a rule's findings; `None` if it is off.
    pub fn level(&self, rule: &LintRule) -> Option<Level> {
        self.levels.get(rule.id).copied().unwrap_or(Some(rule.level))
    }
}

/// Refuses a schema whose `lint` section names rules or places that do not exist, or gives reasons that say nothing.
///
/// # Errors
/// Everything that is wrong with the section.
pub fn check_settings(schema: Schema) -> Result<Schema, Diagnostics> {
    let mut cx = Context::of(schema.sources);
    check(&schema.model, &schema.files, &mut cx);
    if cx.diagnostics.is_empty() {
        Ok(Schema { sources: cx.sources, ..schema })
    } else {
        Err(Diagnostics::new(cx.sources, cx.diagnostics))
    }
}

fn check(model: &Model, files: &[LoadedFile], cx: &mut Context) {
    if sections(files).next().is_none() {
        return;
    }
    let index = Index::new(model);
    let names = index.names();
    let mut seen: HashMap<&str, &Text> = HashMap::new();
    for lint in sections(files) {
        for (name, level) in levels(lint) {
            known_rule(name, cx);
            if let Some(first) = seen.insert(name.as_str(), name) {
                let diagnostic = Diagnostic::new("duplicate-name", format!("the rule `{}` has two levels", name.value));
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
                    let help = cx.instead(at.as_str(), names.iter().copied());
                    cx.report(diagnostic.at(at.span, "unknown").help(help));
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
            Diagnostic::new("missing-reason", format!("`{}` is not a sentence that gives a reason", reason.value))
                .at(reason.span, "expected a sentence")
                .help("say why, so that a reader can tell when the reason no longer holds");
        cx.report(diagnostic);
    }
}
