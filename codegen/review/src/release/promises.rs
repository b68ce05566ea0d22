//! The versions that a schema mentions, compared with the version to be released.

use accord_language::{
    diagnostic::Span,
    model::{
        Deprecated, Place,
        index::{Index, Thing},
    },
};

use super::{Obstacle, Release, core, parsed};
use crate::diff::{
    DiffRule, Finding,
    rules::{
        CLIENT_EVENT_ADDED, CLIENT_EVENT_REMOVED, DEPRECATION_ADDED, ERROR_ADDED, ERROR_REMOVED, FIELD_ADDED,
        FIELD_REMOVED, OPERATION_ADDED, OPERATION_REMOVED, SERVER_EVENT_ADDED, SERVER_EVENT_REMOVED,
    },
};

/// Differences that add something for front-end teams. Types are not among them: their users are.
const ADDED: [&DiffRule; 5] = [&CLIENT_EVENT_ADDED, &SERVER_EVENT_ADDED, &OPERATION_ADDED, &ERROR_ADDED, &FIELD_ADDED];

/// Differences that remove something.
const REMOVED: [&DiffRule; 5] =
    [&CLIENT_EVENT_REMOVED, &SERVER_EVENT_REMOVED, &OPERATION_REMOVED, &ERROR_REMOVED, &FIELD_REMOVED];

impl Release<'_> {
    /// All statements of the schema on versions that do not fit this one: introductions, deprecations and removals.
    pub fn obstacles(&self) -> Vec<Obstacle<'_>> {
        let index = Index::new(&self.new.model);
        let mut obstacles = Vec::new();
        for finding in &self.findings {
            if is(finding, &ADDED)
                && let Some(thing) = thing_at(&index, finding.new)
            {
                obstacles.extend(self.is_said_to_be_new(thing));
            } else if is(finding, &[&DEPRECATION_ADDED]) {
                obstacles.extend(self.is_said_to_be_deprecated_now(&index, finding));
            }
        }
        obstacles.extend(index.things.iter().filter_map(|thing| self.is_gone_in_time(thing)));
        obstacles.extend(self.is_kept_in_time());
        obstacles.sort_by_key(|obstacle| obstacle.place);
        obstacles
    }

    fn is_said_to_be_new<'s>(&'s self, thing: &Thing<'_>) -> Option<Obstacle<'s>> {
        let since = thing.doc.since.as_deref();
        if since.is_some_and(|since| self.is_this(since)) {
            return None;
        }
        let name = &thing.subject.name;
        let (message, label) = match since {
            Some(since) => (format!("`{name}` is new, but marked `since: {since}`"), "an earlier version"),
            None => (format!("`{name}` is new, but has no `since`"), "new in this version"),
        };
        let place = thing.subject.place.key("since");
        Some(self.obstacle(message, &place, label, format!("write `since: {}`", self.version())))
    }

    fn is_said_to_be_deprecated_now(&self, index: &Index<'_>, finding: &Finding) -> Option<Obstacle<'_>> {
        let (thing, Deprecated { since, place, .. }) = deprecated_at(index, finding.new)?;
        let name = &thing.subject.name;
        (!self.is_this(since)).then(|| {
            let message =
                format!("`{name}` is deprecated from this version on, but marked as deprecated since {since}");
            let remedy = format!("write `since: {}`", self.version());
            self.obstacle(message, &place.key("since"), "an earlier version", remedy)
        })
    }

    fn is_gone_in_time(&self, thing: &Thing<'_>) -> Option<Obstacle<'_>> {
        let Deprecated { until, place, .. } = thing.doc.deprecated.as_ref()?;
        let until = until.as_deref()?;
        (parsed(until) <= self.version()).then(|| {
            let message =
                format!("`{}` was due to be removed in {until}, and this is {}", thing.subject.name, self.version());
            let remedy = "remove it, or move `until` to a later version".to_owned();
            self.obstacle(message, &place.key("until"), "promised to clients", remedy)
        })
    }

    /// The declarations that were removed before the version that their deprecation promised.
    fn is_kept_in_time(&self) -> Vec<Obstacle<'_>> {
        let Some(old) = self.old else { return Vec::new() };
        let index = Index::new(&old.model);
        let removed = self.findings.iter().filter(|finding| is(finding, &REMOVED));
        let early = removed.filter_map(|finding| {
            let thing = thing_at(&index, finding.old)?;
            let Deprecated { until, place, .. } = thing.doc.deprecated.as_ref()?;
            let until = until.as_deref().map(parsed)?;
            (core(&until) > core(&self.version())).then(|| Obstacle {
                schema: old,
                message: format!(
                    "`{}` was promised until {until}, but is gone in {}",
                    thing.subject.name,
                    self.version()
                ),
                place: Some(place.key("until").span()),
                label: "promised to clients".to_owned(),
                remedy: format!("keep it until {until}"),
            })
        });
        early.collect()
    }

    /// Returns whether that is the version to be released. Additions in a pre-release belong to its version.
    fn is_this(&self, version: &str) -> bool {
        core(&parsed(version)) == core(&self.version())
    }

    fn obstacle(&self, message: String, place: &Place, label: &str, remedy: String) -> Obstacle<'_> {
        let place = Some(place.span());
        Obstacle { schema: self.new, message, place, label: label.to_owned(), remedy }
    }
}

pub(super) fn is(finding: &Finding, rules: &[&DiffRule]) -> bool {
    rules.iter().any(|rule| rule.id == finding.rule.id)
}

/// The declaration at `span`, a place in the schema of `index`.
pub(super) fn thing_at<'i, 'm>(index: &'i Index<'m>, span: Option<Span>) -> Option<&'i Thing<'m>> {
    index.things.iter().find(|thing| Some(thing.subject.place.span()) == span)
}

/// The declaration with the deprecation at `span`.
pub(super) fn deprecated_at<'i, 'm>(
    index: &'i Index<'m>,
    span: Option<Span>,
) -> Option<(&'i Thing<'m>, &'m Deprecated)> {
    let mut leaving = index.things.iter().filter_map(|thing| Some((thing, thing.doc.deprecated.as_ref()?)));
    leaving.find(|(_, deprecated)| Some(deprecated.place.span()) == span)
}
