//! What a schema says of versions, held to the version that is to be released.

use super::{Obstacle, Release, core, parsed};
use crate::{
    Schema,
    diff::{
        Finding, Rule,
        rules::{
            CLIENT_EVENT_ADDED, CLIENT_EVENT_REMOVED, DEPRECATION_ADDED, ERROR_ADDED, ERROR_REMOVED, FIELD_ADDED,
            FIELD_REMOVED, OPERATION_ADDED, OPERATION_REMOVED, SERVER_EVENT_ADDED, SERVER_EVENT_REMOVED,
        },
    },
    lint::{Place, Protocol, Thing},
};

/// What front-end teams can use from a version on. Types are not among them: what has them is.
const ADDED: [&Rule; 5] = [&CLIENT_EVENT_ADDED, &SERVER_EVENT_ADDED, &OPERATION_ADDED, &ERROR_ADDED, &FIELD_ADDED];

/// What they can no longer use.
const REMOVED: [&Rule; 5] =
    [&CLIENT_EVENT_REMOVED, &SERVER_EVENT_REMOVED, &OPERATION_REMOVED, &ERROR_REMOVED, &FIELD_REMOVED];

impl Release<'_> {
    /// Whatever the schema says of versions that is not so in this one: since when things are there and deprecated, and
    /// until when.
    pub fn obstacles(&self) -> Vec<Obstacle<'_>> {
        let protocol = Protocol::new(&self.new.model);
        let mut obstacles = Vec::new();
        for finding in &self.findings {
            if is(finding, &ADDED)
                && let Some(thing) = thing_at(&protocol, self.new, finding)
            {
                obstacles.extend(self.is_said_to_be_new(thing));
            } else if is(finding, &[&DEPRECATION_ADDED]) {
                obstacles.extend(self.is_said_to_be_deprecated_now(&protocol, finding));
            }
        }
        obstacles.extend(protocol.things.iter().filter_map(|thing| self.is_gone_in_time(thing)));
        obstacles.extend(self.is_kept_in_time());
        obstacles.sort_by_key(|obstacle| obstacle.place);
        obstacles
    }

    fn is_said_to_be_new<'s>(&'s self, thing: &Thing<'_>) -> Option<Obstacle<'s>> {
        let since = thing.doc.since.as_deref();
        if since.is_some_and(|since| self.is_this(since)) {
            return None;
        }
        let name = thing.place.name();
        let (message, label) = match since {
            Some(since) => (format!("`{name}` is new, and said to be there since {since}"), "an earlier version"),
            None => (format!("`{name}` is new, and does not say since when it is there"), "new in this version"),
        };
        let place = thing.place.key(&["since"]);
        Some(self.obstacle(message, &place, label, format!("write `since: {}`", self.version())))
    }

    fn is_said_to_be_deprecated_now(&self, protocol: &Protocol<'_>, finding: &Finding) -> Option<Obstacle<'_>> {
        let things = protocol.things.iter().filter(|thing| thing.doc.deprecated.is_some());
        let mut places = things.map(|thing| (thing, thing.place.key(&["deprecated"])));
        let (thing, place) = places.find(|(_, place)| Some(place.span(&self.new.files)) == finding.new)?;
        let since = &thing.doc.deprecated.as_ref()?.since;
        let name = thing.place.name();
        (!self.is_this(since)).then(|| {
            let message = format!("`{name}` is deprecated from this version on, and said to be since {since}");
            let remedy = format!("write `since: {}`", self.version());
            self.obstacle(message, &place.key(&["since"]), "an earlier version", remedy)
        })
    }

    fn is_gone_in_time(&self, thing: &Thing<'_>) -> Option<Obstacle<'_>> {
        let until = thing.doc.deprecated.as_ref()?.until.as_deref()?;
        (parsed(until) <= self.version()).then(|| {
            let message = format!("`{}` was to be gone in {until}, and this is {}", thing.place.name(), self.version());
            let place = thing.place.key(&["deprecated", "until"]);
            self.obstacle(
                message,
                &place,
                "promised to clients",
                "remove it, or move `until` to a later version".into(),
            )
        })
    }

    /// What is gone before the version in which it was to be.
    fn is_kept_in_time(&self) -> Vec<Obstacle<'_>> {
        let Some(old) = self.old else { return Vec::new() };
        let protocol = Protocol::new(&old.model);
        let removed = self.findings.iter().filter(|finding| is(finding, &REMOVED));
        let early = removed.filter_map(|finding| {
            let things = protocol.things.iter();
            let thing = things.into_iter().find(|thing| Some(thing.place.span(&old.files)) == finding.old)?;
            let until = thing.doc.deprecated.as_ref()?.until.as_deref().map(parsed)?;
            (core(&until) > core(&self.version())).then(|| Obstacle {
                schema: old,
                message: format!(
                    "`{}` was to stay until {until}, and is gone in {}",
                    thing.place.name(),
                    self.version()
                ),
                place: Some(thing.place.key(&["deprecated", "until"]).span(&old.files)),
                label: "promised to clients".to_owned(),
                remedy: format!("keep it until {until}"),
            })
        });
        early.collect()
    }

    /// Whether that is the version to be released. What comes with a pre-release comes with its version.
    fn is_this(&self, version: &str) -> bool {
        core(&parsed(version)) == core(&self.version())
    }

    fn obstacle(&self, message: String, place: &Place, label: &str, remedy: String) -> Obstacle<'_> {
        let place = Some(place.span(&self.new.files));
        Obstacle { schema: self.new, message, place, label: label.to_owned(), remedy }
    }
}

pub(super) fn is(finding: &Finding, rules: &[&Rule]) -> bool {
    rules.iter().any(|rule| rule.id == finding.rule.id)
}

/// What was found in the new schema.
pub(super) fn thing_at<'p, 'm>(protocol: &'p Protocol<'m>, new: &Schema, finding: &Finding) -> Option<&'p Thing<'m>> {
    protocol.things.iter().find(|thing| Some(thing.place.span(&new.files)) == finding.new)
}
