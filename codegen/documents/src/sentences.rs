//! Sentences that documents for people say of the same things.

use accord_language::model::{Deprecated, Doc, ErrorDef, Limit, Model, Per, Retry, ScopeId};

/// Paragraphs of Markdown.
#[derive(Default)]
pub(super) struct Paragraphs(Vec<String>);

impl Paragraphs {
    /// The documentation of a declaration without its summary.
    pub(super) fn beyond_summary(doc: &Doc) -> Self {
        let mut paragraphs = Paragraphs::default();
        paragraphs.add(doc.description.clone());
        paragraphs.add(doc.deprecated.as_ref().map(deprecated));
        paragraphs
    }

    pub(super) fn add(&mut self, paragraph: impl Into<Option<String>>) {
        self.0.extend(paragraph.into().filter(|text| !text.is_empty()));
    }

    pub(super) fn text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join("\n\n"))
    }
}

/// The summary and the further paragraphs.
pub(super) fn whole(doc: &Doc) -> String {
    let mut paragraphs = Paragraphs::default();
    paragraphs.add(doc.summary.clone());
    paragraphs.add(doc.description.clone());
    paragraphs.text().unwrap_or_default()
}

/// That something is going away.
pub(super) fn deprecated(deprecated: &Deprecated) -> String {
    format!("Deprecated {deprecated}.")
}

/// The rate that a limit allows.
pub(super) fn limit(limit: &Limit) -> String {
    format!("Draws on the limit `{}`: {}.", limit.name, bucket(limit))
}

/// The size of a limit's bucket, and the rate at which it is filled.
pub(super) fn bucket(limit: &Limit) -> String {
    let per = match limit.per {
        Per::User => "user",
        Per::Socket => "socket",
    };
    let period = match limit.period_ms {
        1_000 => "second".to_owned(),
        60_000 => "minute".to_owned(),
        other => format!("{other} ms"),
    };
    let Limit { rate, burst, .. } = limit;
    format!("{burst} at once, and {rate} more each {period}, per {per}")
}

/// Whose room a call has to do with.
pub(super) fn membership(model: &Model, scope: ScopeId, key: &str) -> String {
    format!("The caller must be a member of the {} that `{key}` names.", model.scopes[scope.0].name.replace('_', " "))
}

/// The media types of a file: `of type …`.
pub(super) fn media(media: &[String]) -> String {
    if media.iter().any(|media| media == "*/*") {
        return "of any type".to_owned();
    }
    let named: Vec<String> = media.iter().map(|media| format!("`{media}`")).collect();
    match named.split_last() {
        Some((last, others @ [_, ..])) => format!("of type {} or {last}", others.join(", ")),
        _ => format!("of type {}", named.join("")),
    }
}

/// Returns whether trying again helps.
pub(super) fn retry(error: &ErrorDef) -> &'static str {
    match error.retry {
        Retry::No => "",
        Retry::Yes => "A retry may help, at any time.",
        Retry::After => "A retry helps after the given time.",
        Retry::NewToken => "A retry helps with a new token.",
    }
}
