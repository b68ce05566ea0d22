//! The kinds of differences.

use super::Level;

/// A kind of difference between schemas.
#[derive(Debug)]
pub struct DiffRule {
    /// Its name, in kebab-case: `field-removed`.
    pub id: &'static str,
    /// The difference, in one sentence.
    pub about: &'static str,
    /// The reason why it breaks somebody, or nobody.
    pub why: &'static str,
    /// The alternative.
    pub instead: &'static str,
    /// The effect on clients in the field.
    pub wire: Tendency,
    /// The effect on TypeScript sources.
    pub typescript: Tendency,
    /// The effect on Rust sources.
    pub rust: Tendency,
}

/// The frequency with which a kind of difference breaks a level.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tendency {
    /// In no case.
    Never,
    /// It depends on where it is and on what it was, as `why` says.
    Sometimes,
    /// In every case.
    Always,
}

impl DiffRule {
    /// Returns whether it breaks a level.
    pub fn at(&self, level: Level) -> Tendency {
        match level {
            Level::Wire => self.wire,
            Level::TypeScript => self.typescript,
            Level::Rust => self.rust,
        }
    }
}
