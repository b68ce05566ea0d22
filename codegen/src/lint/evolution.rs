//! How a protocol changes without breaking who uses it.

use semver::Version;

use super::{
    Finding, Level, Place, Protocol, Rule,
    protocol::{Sort, Thing},
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "unstable-version",
        level: Level::Advice,
        what: "The protocol's version begins with 0.",
        reason: "By Semantic Versioning anything may change in any release below 1.0.0. Clients cannot say which versions they \
                 work with, and so pin one.",
        remedy: "release 1.0.0 once anybody depends on it",
        example: include_str!("examples/unstable-version.yaml"),
        check: unstable_version,
    },
    Rule {
        id: "unchecked-version",
        level: Level::Advice,
        what: "Nobody looks at the version that clients say they speak.",
        reason: "Once there is a new major version, clients of the old one connect all the same, and fail at one event after \
                 the other. Those that were never asked to say their version cannot be told apart then.",
        remedy: "name an error as `version_refused` below `gateway`",
        example: include_str!("examples/unchecked-version.yaml"),
        check: unchecked_version,
    },
    Rule {
        id: "unguided-deprecation",
        level: Level::Warning,
        what: "A deprecation does not say what to use instead, or by which version to have changed.",
        reason: "Whoever reads it can neither act on it nor plan for it, and so ignores it until it is gone.",
        remedy: "add `use` and `until`",
        example: include_str!("examples/unguided-deprecation.yaml"),
        check: unguided_deprecation,
    },
    Rule {
        id: "removal-overdue",
        level: Level::Error,
        what: "Something is still there in the version that was to be without it.",
        reason: "Clients took the date at its word, or did not: the former have worked for nothing, and the latter learn that \
                 dates can be ignored.",
        remedy: "remove it, or move `until` to a later version",
        example: include_str!("examples/removal-overdue.yaml"),
        check: removal_overdue,
    },
    Rule {
        id: "short-notice",
        level: Level::Warning,
        what: "Something goes in a version that is not a new major one, or not later than its deprecation.",
        reason: "Removing breaks clients. By Semantic Versioning only a new major version may, and package managers upgrade to any \
                 other without asking.",
        remedy: "let `until` be the next major version: `2.0.0`",
        example: include_str!("examples/short-notice.yaml"),
        check: short_notice,
    },
    Rule {
        id: "missing-since",
        level: Level::Advice,
        what: "An event does not say since which version it is there, though others of its file do.",
        reason: "A client that serves several versions of the server has to know whether it may use it. Where some say so, \
                 silence is read as \"always\".",
        remedy: "add `since`",
        example: include_str!("examples/missing-since.yaml"),
        check: missing_since,
    },
    Rule {
        id: "required-later",
        level: Level::Error,
        what: "A field that clients have to send is younger than the request.",
        reason: "Clients that were written before it do not send it, and are refused from one day to the next.",
        remedy: "make it optional, and say in its summary what its absence means",
        example: include_str!("examples/required-later.yaml"),
        check: required_later,
    },
];

fn version(text: &str) -> Version {
    Version::parse(text).expect("a model has versions that are valid")
}

fn unstable_version(protocol: &Protocol<'_>) -> Vec<Finding> {
    let info = &protocol.model.protocol;
    if version(&info.version).major > 0 {
        return Vec::new();
    }
    let place = Place::section("protocol").key(&["version"]);
    vec![Finding::at(&place, format!("{} promises nothing", info.version))]
}

fn unchecked_version(protocol: &Protocol<'_>) -> Vec<Finding> {
    if protocol.model.gateway.version_refused.is_some() {
        return Vec::new();
    }
    vec![Finding::at(&Place::section("gateway"), "clients of any version are let in").label("no `version_refused`")]
}

fn unguided_deprecation(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for thing in &protocol.things {
        let Some(deprecated) = &thing.doc.deprecated else { continue };
        let missing = match (&deprecated.r#use, &deprecated.until) {
            (Some(_), Some(_)) => continue,
            (None, Some(_)) => "no `use`",
            (Some(_), None) => "no `until`",
            (None, None) => "no `use`, no `until`",
        };
        let message = format!("`{}` is going away, and nothing says what to do about it", thing.place.name());
        found.push(Finding::at(&thing.place.key(&["deprecated"]), message).label(missing));
    }
    found
}

fn removal_overdue(protocol: &Protocol<'_>) -> Vec<Finding> {
    let now = version(&protocol.model.protocol.version);
    let overdue = leaving(protocol).filter(|(_, _, until)| *until <= now);
    overdue
        .map(|(thing, _, until)| {
            let message = format!("`{}` was to be gone in {until}, and this is {now}", thing.place.name());
            let finding = Finding::at(&thing.place.key(&["deprecated", "until"]), message);
            finding.and(&Place::section("protocol").key(&["version"]), "the protocol's version")
        })
        .collect()
}

fn short_notice(protocol: &Protocol<'_>) -> Vec<Finding> {
    let now = version(&protocol.model.protocol.version);
    let short = leaving(protocol).filter(|(_, since, until)| {
        let is_major = until.minor == 0 && until.patch == 0 && until.major > since.major;
        *until > now && !is_major && since.major > 0
    });
    short
        .map(|(thing, since, until)| {
            let message = format!("`{}` is deprecated since {since} and gone in {until}", thing.place.name());
            Finding::at(&thing.place.key(&["deprecated", "until"]), message).label("no new major version")
        })
        .collect()
}

/// What is going away, since when and until when.
fn leaving<'p, 'm>(protocol: &'p Protocol<'m>) -> impl Iterator<Item = (&'p Thing<'m>, Version, Version)> {
    protocol.things.iter().filter_map(|thing| {
        let deprecated = thing.doc.deprecated.as_ref()?;
        Some((thing, version(&deprecated.since), version(deprecated.until.as_ref()?)))
    })
}

fn missing_since(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for domain in &protocol.model.domains {
        let client = domain.client.iter().map(|event| (Place::named(&["client"], &event.name), &event.doc));
        let server = domain.server.iter().map(|event| (Place::named(&["server"], &event.name), &event.doc));
        let events: Vec<_> = client.chain(server).collect();
        let Some((example, _)) = events.iter().find(|(_, doc)| doc.since.is_some()) else { continue };
        for (place, _) in events.iter().filter(|(_, doc)| doc.since.is_none()) {
            let message = format!("`{}` does not say since when it is there", place.name());
            found.push(Finding::at(place, message).and(&example.key(&["since"]), "others do"));
        }
    }
    found
}

fn required_later(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in protocol.objects.iter().filter(|at| at.received) {
        let own =
            protocol.things.iter().find(|thing| thing.place.name() == at.place.name() && thing.sort != Sort::Field);
        let born = own.and_then(|thing| thing.doc.since.as_deref()).or(at.def.doc.since.as_deref());
        let born = born.map_or(Version::new(0, 0, 0), version);
        for field in at.object.fields.iter().filter(|field| field.required) {
            let Some(since) = field.doc.since.as_deref().map(version).filter(|since| *since > born) else { continue };
            let name = format!("{}.{}", at.place.name(), field.name);
            let thing = protocol.things.iter().find(|thing| thing.place.name() == name);
            let place = thing.map_or(&at.place, |thing| &thing.place);
            let message = format!("`{name}` has to be sent since {since}, by older clients too");
            found.push(Finding::at(&place.key(&["since"]), message));
        }
    }
    found
}
