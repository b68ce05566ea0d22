//! Rules for changes of a protocol that break no clients.

use std::collections::HashMap;

use accord_language::model::{
    Place,
    index::{Index, Sort, Subject, Thing},
};
use semver::Version;

use super::{Finding, Level, LintRule};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "unstable-version",
        level: Level::Advice,
        what: "The protocol's version begins with 0.",
        reason: "Under Semantic Versioning anything may change in any release below 1.0.0. Clients cannot say which \
                 versions they work with, and so pin one.",
        remedy: "release 1.0.0 once anybody depends on it",
        example: include_str!("examples/unstable-version.yaml"),
        check: unstable_version,
    },
    LintRule {
        id: "unchecked-version",
        level: Level::Advice,
        what: "The version that clients say they speak is not checked.",
        reason: "Once there is a new major version, clients of the old one still connect, and fail at one event after \
                 the other. If clients were never asked for their version, the server cannot tell them apart.",
        remedy: "name an error as `version_refused` below `gateway`",
        example: include_str!("examples/unchecked-version.yaml"),
        check: unchecked_version,
    },
    LintRule {
        id: "unguided-deprecation",
        level: Level::Warning,
        what: "A deprecation does not say what to use instead, or when the old way will be removed.",
        reason: "Readers can neither act on it nor plan for it, and so ignore it until it is gone.",
        remedy: "add `use` and `until`",
        example: include_str!("examples/unguided-deprecation.yaml"),
        check: unguided_deprecation,
    },
    LintRule {
        id: "removal-overdue",
        level: Level::Error,
        what: "Something still exists in the version that was to remove it.",
        reason: "Clients that migrated in time did so for nothing, and the others learn that deadlines can be ignored.",
        remedy: "remove it, or move `until` to a later version",
        example: include_str!("examples/removal-overdue.yaml"),
        check: removal_overdue,
    },
    LintRule {
        id: "short-notice",
        level: Level::Warning,
        what: "Something will be removed in a version that is not a new major one, or not later than its deprecation.",
        reason: "Removing something breaks clients. Under Semantic Versioning only a new major version may do that, \
                 and package managers upgrade to any other without asking.",
        remedy: "let `until` be the next major version: `2.0.0`",
        example: include_str!("examples/short-notice.yaml"),
        check: short_notice,
    },
    LintRule {
        id: "missing-since",
        level: Level::Advice,
        what: "An event has no `since`, though others in its file do.",
        reason: "A client that supports several versions of the server has to know whether it may use the event. If \
                 some events have a `since`, its absence is read as \"always\".",
        remedy: "add `since`",
        example: include_str!("examples/missing-since.yaml"),
        check: missing_since,
    },
    LintRule {
        id: "required-later",
        level: Level::Error,
        what: "A required field of a request is newer than the request.",
        reason: "Clients that were written before it do not send it, and are suddenly refused.",
        remedy: "make it optional, and say in its summary what its absence means",
        example: include_str!("examples/required-later.yaml"),
        check: required_later,
    },
];

fn version(text: &str) -> Version {
    Version::parse(text).expect("a model's versions are valid")
}

fn unstable_version(index: &Index<'_>) -> Vec<Finding> {
    let info = &index.model.protocol;
    if version(&info.version).major > 0 {
        return Vec::new();
    }
    let subject = Subject::new("protocol", &info.place.key("version"));
    vec![Finding::at(&subject, format!("{} promises nothing", info.version))]
}

fn unchecked_version(index: &Index<'_>) -> Vec<Finding> {
    if index.model.gateway.version_refused.is_some() {
        return Vec::new();
    }
    let gateway = Subject::new("gateway", &index.model.gateway.place);
    vec![Finding::at(&gateway, "clients of any version are let in").label("no `version_refused`")]
}

fn unguided_deprecation(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for thing in &index.things {
        let Some(deprecated) = &thing.doc.deprecated else { continue };
        let missing = match (&deprecated.r#use, &deprecated.until) {
            (Some(_), Some(_)) => continue,
            (None, Some(_)) => "no `use`",
            (Some(_), None) => "no `until`",
            (None, None) => "no `use`, no `until`",
        };
        let message = format!("`{}` is going away, and nothing says what to do about it", thing.subject.name);
        found.push(Finding::at(&thing.subject.key("deprecated"), message).label(missing));
    }
    found
}

fn removal_overdue(index: &Index<'_>) -> Vec<Finding> {
    let now = version(&index.model.protocol.version);
    let overdue = leaving(index).filter(|leaving| leaving.until <= now);
    overdue
        .map(|Leaving { thing, until, until_place, .. }| {
            let message = format!("`{}` was due to be removed in {until}, and this is {now}", thing.subject.name);
            let finding = Finding::at(&thing.subject.at(&until_place), message);
            finding.and(&index.model.protocol.place.key("version"), "the protocol's version")
        })
        .collect()
}

fn short_notice(index: &Index<'_>) -> Vec<Finding> {
    let now = version(&index.model.protocol.version);
    let short = leaving(index).filter(|Leaving { since, until, .. }| {
        let is_major = until.minor == 0 && until.patch == 0 && until.major > since.major;
        *until > now && !is_major && since.major > 0
    });
    short
        .map(|Leaving { thing, since, until, until_place }| {
            let message = format!("`{}` is deprecated since {since} and gone in {until}", thing.subject.name);
            Finding::at(&thing.subject.at(&until_place), message).label("no new major version")
        })
        .collect()
}

/// Something that goes in a known version.
struct Leaving<'p, 'm> {
    thing: &'p Thing<'m>,
    /// The version that deprecated it.
    since: Version,
    /// The version that removes it.
    until: Version,
    until_place: Place,
}

fn leaving<'p, 'm>(index: &'p Index<'m>) -> impl Iterator<Item = Leaving<'p, 'm>> {
    index.things.iter().filter_map(|thing| {
        let deprecated = thing.doc.deprecated.as_ref()?;
        let (since, until) = (version(&deprecated.since), version(deprecated.until.as_ref()?));
        Some(Leaving { thing, since, until, until_place: deprecated.place.key("until") })
    })
}

fn missing_since(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for domain in &index.model.domains {
        let client = domain.client.iter().map(|event| (Subject::new(&event.name, &event.place), &event.doc));
        let server = domain.server.iter().map(|event| (Subject::new(&event.name, &event.place), &event.doc));
        let events: Vec<_> = client.chain(server).collect();
        let Some((example, _)) = events.iter().find(|(_, doc)| doc.since.is_some()) else { continue };
        for (subject, _) in events.iter().filter(|(_, doc)| doc.since.is_none()) {
            let message = format!("`{}` does not say which version introduced it", subject.name);
            found.push(Finding::at(subject, message).and(&example.place.key("since"), "others do"));
        }
    }
    found
}

fn required_later(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut declared: HashMap<&str, &Thing<'_>> = HashMap::new();
    let mut things: HashMap<&str, &Thing<'_>> = HashMap::new();
    for thing in &index.things {
        things.entry(&thing.subject.name).or_insert(thing);
        if thing.sort != Sort::Field {
            declared.entry(&thing.subject.name).or_insert(thing);
        }
    }
    for at in index.objects.iter().filter(|at| at.received) {
        let own = declared.get(at.subject.name.as_str());
        let born = own.and_then(|thing| thing.doc.since.as_deref()).or(at.def.doc.since.as_deref());
        let born = born.map_or(Version::new(0, 0, 0), version);
        for field in at.object.fields.iter().filter(|field| field.required) {
            let Some(since) = field.doc.since.as_deref().map(version).filter(|since| *since > born) else { continue };
            let name = format!("{}.{}", at.subject.name, field.name);
            let thing = things.get(name.as_str());
            let subject = thing.map_or(&at.subject, |thing| &thing.subject);
            let message = format!("`{name}` is required since {since}, also from older clients");
            found.push(Finding::at(&subject.key("since"), message));
        }
    }
    found
}
