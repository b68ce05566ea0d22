//! The version of the protocol that a client states, and the version that it is served in.

use std::{collections::HashMap, sync::Arc};

use accord_runtime::{
    older::{Older, OlderOperation},
    protocol::Protocol,
    rejection::Rejection,
};
use semver::Version;

/// The header with the version that a REST client speaks.
pub(crate) const HEADER: http::HeaderName = http::HeaderName::from_static("protocol-version");

/// The most characters that a version has.
const LONGEST: usize = 64;

/// The versions of a protocol that are served.
#[derive(Debug)]
pub(crate) struct Versions {
    /// Those before today's, the oldest first.
    pub(crate) older: Vec<Arc<Served>>,
    /// The versions that introduced events after the first release.
    since: HashMap<&'static str, Version>,
}

impl Versions {
    pub(crate) fn new(protocol: &Protocol, older: Vec<Older>) -> Self {
        let older = older.into_iter().enumerate().map(|(index, older)| Arc::new(Served { index, older })).collect();
        let since = protocol.events.iter().filter_map(|event| Some((event.name, parse(event.since?)?))).collect();
        Versions { older, since }
    }

    /// The version that introduced an event; `None` if it has been there from the start.
    pub(crate) fn since(&self, event: &str) -> Option<&Version> {
        self.since.get(event)
    }
}

/// An older version among those that are served.
#[derive(Debug)]
pub(crate) struct Served {
    /// Its index among the served versions.
    pub(crate) index: usize,
    /// The conversions for its clients.
    pub(crate) older: Older,
}

/// The version of a client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoken {
    /// The version that it states, if it states one and it is used.
    pub(crate) said: Option<Version>,
    /// The older version that it is served in; `None` for today's.
    pub(crate) older: Option<Arc<Served>>,
}

impl Spoken {
    /// The operation that has this name in the older version; `None` for today's version.
    pub(crate) fn operation(&self, name: &str) -> Option<&OlderOperation> {
        self.older.as_deref().and_then(|served| served.older.operations.get(name))
    }
}

/// The version of a client that states this. A client that states none speaks the oldest version that is served:
/// clients stated none when there was only one.
///
/// # Errors
/// If the client states something that is not a version, or a version whose major is not served. A newer minor version
/// is accepted: the client knows what the server has, and does without the rest.
pub(crate) fn spoken(
    protocol: &'static Protocol,
    older: &[Arc<Served>],
    said: Option<&str>,
) -> Result<Spoken, Rejection> {
    let Some(refused) = protocol.answers.version_refused else { return Ok(Spoken::default()) };
    let Some(said) = said else { return Ok(Spoken { said: None, older: older.first().cloned() }) };
    let version = parse(said);
    let majors = older.iter().map(|served| major(served.older.protocol)).chain([major(protocol)]).collect::<Vec<_>>();
    let is_served = |major: &Option<u64>| major.is_some() && *major == version.as_ref().map(|version| version.major);
    if let Some(index) = majors.iter().position(is_served) {
        return Ok(Spoken { said: version, older: older.get(index).cloned() });
    }
    // The message repeats the client's text only if it is a version.
    let client = match version {
        Some(_) => format!("the client speaks {said}"),
        None => "what the client says is not a version".to_owned(),
    };
    let served = majors.iter().flatten().map(u64::to_string).collect::<Vec<_>>().join(" and ");
    let message = format!("{}: {client}, this server speaks {} {served}", refused.message, protocol.name);
    Err(Rejection::explained(refused, message))
}

fn major(protocol: &Protocol) -> Option<u64> {
    parse(protocol.version).map(|version| version.major)
}

/// A version by Semantic Versioning, of which minor and patch may be left out: `1`, `1.0`, `1.0.0`.
fn parse(text: &str) -> Option<Version> {
    if text.len() > LONGEST {
        return None;
    }
    let left_out = match text.split('.').count() {
        1 => ".0.0",
        2 => ".0",
        _ => "",
    };
    Version::parse(&format!("{text}{left_out}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_and_patch_may_be_left_out_of_a_version() {
        let cases = [
            ("1", Some("1.0.0")),
            ("1.2", Some("1.2.0")),
            ("1.2.3", Some("1.2.3")),
            ("2.0.0-beta.1+build.5", Some("2.0.0-beta.1+build.5")),
            ("", None),
            ("v1", None),
            ("1.", None),
            ("01", None),
            ("1.2.3.4", None),
            ("1-beta", None),
            (" 1", None),
            ("1.x", None),
            ("99999999999999999999", None),
        ];
        for (text, version) in cases {
            assert_eq!(parse(text).map(|version| version.to_string()).as_deref(), version, "{text}");
        }
        assert_eq!(parse(&format!("1.0.0-{}", "a".repeat(LONGEST))), None);
    }
}
