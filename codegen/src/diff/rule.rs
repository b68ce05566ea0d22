//! The kinds of differences.

use super::{Level, rules::SECTIONS};

/// A kind of difference between schemas.
#[derive(Debug)]
pub struct Rule {
    /// Its name, in kebab-case: `field-removed`.
    pub id: &'static str,
    /// What is different, in one sentence.
    pub about: &'static str,
    /// Why that breaks whom, or nobody.
    pub why: &'static str,
    /// What to do instead.
    pub instead: &'static str,
    /// Whether it breaks clients in the field.
    pub wire: Tendency,
    /// Whether it breaks TypeScript sources.
    pub typescript: Tendency,
    /// Whether it breaks Rust sources.
    pub rust: Tendency,
}

/// How often a kind of difference breaks a level.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tendency {
    /// In no case.
    Never,
    /// It depends on where it is and on what it was, as `why` says.
    Sometimes,
    /// In every case.
    Always,
}

impl Rule {
    /// Whether it breaks a level.
    pub fn at(&self, level: Level) -> Tendency {
        match level {
            Level::Wire => self.wire,
            Level::TypeScript => self.typescript,
            Level::Rust => self.rust,
        }
    }
}

/// All rules, in the order of the sections of the language.
pub fn rules() -> impl Iterator<Item = &'static Rule> + Clone {
    SECTIONS.iter().flat_map(|section| section.iter().copied())
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}
