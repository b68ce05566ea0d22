//! The step of the version that a difference needs.

use semver::Version;

use super::core;
use crate::diff::{
    DiffRule, Finding,
    rules::{
        DEPRECATION_CHANGED, DEPRECATION_REMOVED, DESCRIPTION, DOMAIN_ADDED, DOMAIN_REMOVED, EVENT_DOMAIN, EXAMPLE,
        FLOWS, LICENSE, SINCE, SUMMARY,
    },
};

/// Differences of wording and of places: the behaviour is the same.
const WORDS: [&DiffRule; 11] = [
    &LICENSE,
    &SUMMARY,
    &DESCRIPTION,
    &SINCE,
    &DEPRECATION_REMOVED,
    &DEPRECATION_CHANGED,
    &EXAMPLE,
    &FLOWS,
    &DOMAIN_ADDED,
    &DOMAIN_REMOVED,
    &EVENT_DOMAIN,
];

/// A step of a version.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Step {
    /// Only the wording of the protocol differs.
    Patch,
    /// The protocol has grown, and clients in the field keep working.
    Minor,
    /// Clients in the field break.
    Major,
}

impl Step {
    /// The step that a difference needs: one that breaks only sources needs the same as an addition.
    pub fn of(finding: &Finding) -> Step {
        match finding.breaks.wire {
            true => Step::Major,
            false if is_of_words(finding) => Step::Patch,
            false => Step::Minor,
        }
    }

    /// The first version that is this far ahead of `version`. Before 1.0.0, the number in the middle is the major one.
    pub fn after(self, version: &Version) -> Version {
        let Version { major, minor, patch, .. } = core(version);
        match (self, major) {
            (Step::Major, 1..) => Version::new(major + 1, 0, 0),
            (Step::Major, 0) | (Step::Minor, 1..) => Version::new(major, minor + 1, 0),
            (Step::Minor, 0) | (Step::Patch, _) => Version::new(major, minor, patch + 1),
        }
    }

    /// The name of such a version.
    pub fn name(self) -> &'static str {
        match self {
            Step::Patch => "patch",
            Step::Minor => "minor",
            Step::Major => "major",
        }
    }
}

/// Returns whether a difference is one of words alone.
pub fn is_of_words(finding: &Finding) -> bool {
    WORDS.iter().any(|rule| rule.id == finding.rule.id)
}
