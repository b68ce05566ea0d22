//! The version of the protocol that a client says it speaks, and what of it is served.

use semver::Version;

use crate::{protocol::Protocol, rejection::Rejection};

/// The header by which a REST request says the version that its client speaks.
pub(crate) const HEADER: http::HeaderName = http::HeaderName::from_static("protocol-version");

/// The most characters that a version has.
const LONGEST: usize = 64;

/// The version that a client speaks; `None` where it says none, or the schema has nobody look at it.
///
/// # Errors
/// If the client says something that is no version, or one whose major is not served. A newer minor is: the client knows
/// what the server has, and does without the rest.
pub(crate) fn spoken(protocol: &'static Protocol, said: Option<&str>) -> Result<Option<Version>, Rejection> {
    let (Some(refused), Some(said)) = (protocol.answers.version_refused, said) else { return Ok(None) };
    let version = parse(said);
    if version.as_ref().is_some_and(|version| major(protocol) == Some(version.major)) {
        return Ok(version);
    }
    // Nothing that a client says is repeated but what is a version.
    let client = match version {
        Some(_) => format!("the client speaks {said}"),
        None => "what the client says is no version".to_owned(),
    };
    let served = major(protocol).map_or_else(|| protocol.version.to_owned(), |major| major.to_string());
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
