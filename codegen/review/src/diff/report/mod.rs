//! Reports of findings, for people and for programs.

mod github;
mod json;
mod junit;
mod text;

use accord_language::{Schema, diagnostic::Span};

use super::{DiffRule, Finding, Level};

/// A comparison, and what of it counts as a failure.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The names of the two schemas: `HEAD:schema/chat.yaml`.
    pub names: [&'a str; 2],
    /// The old schema.
    pub old: &'a Schema,
    /// The new one.
    pub new: &'a Schema,
    /// The findings.
    pub findings: &'a [Finding],
    /// The levels that must not be broken.
    pub levels: &'a [Level],
    /// The rules whose findings do not count as failures.
    pub allowed: &'a [&'static DiffRule],
}

/// The weight of a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Weight {
    /// It breaks a level that must not be broken.
    Failure,
    /// It would be a failure, and is allowed.
    Allowed,
    /// It breaks another level.
    Warning,
    /// It breaks nobody.
    Notice,
}

impl Report<'_> {
    /// Returns whether the changes break something that must not break.
    pub fn fails(&self) -> bool {
        self.findings.iter().any(|finding| self.weight(finding) == Weight::Failure)
    }

    fn weight(&self, finding: &Finding) -> Weight {
        let breaks = self.levels.iter().any(|level| finding.breaks.at(*level));
        let allowed = self.allowed.iter().any(|rule| rule.id == finding.rule.id);
        match (breaks, allowed) {
            (true, false) => Weight::Failure,
            (true, true) => Weight::Allowed,
            (false, _) if finding.breaks.anybody() => Weight::Warning,
            (false, _) => Weight::Notice,
        }
    }

    /// The place to show in the new schema: the declaration, or what was around it.
    fn place(&self, finding: &Finding) -> Span {
        finding.new.unwrap_or(finding.near)
    }

    /// The count of all findings, and of what they break, in one line.
    fn count(&self) -> String {
        let protocol = |side: &Schema| format!("{} {}", side.model.protocol.name, side.model.protocol.version);
        let breaking = |level| self.findings.iter().filter(|finding| finding.breaks.at(level)).count();
        let harmless = self.findings.iter().filter(|finding| !finding.breaks.anybody()).count();
        let allowed = self.findings.iter().filter(|finding| self.weight(finding) == Weight::Allowed).count();
        let differences = match self.findings.len() {
            0 => "no differences".to_owned(),
            1 => "1 difference".to_owned(),
            count => format!("{count} differences"),
        };
        let mut line = format!("{} → {}: {differences}", protocol(self.old), protocol(self.new));
        if !self.findings.is_empty() {
            let [wire, typescript, rust] = Level::ALL.map(breaking);
            let breaks = format!("{wire} on the wire, {typescript} in TypeScript, {rust} in Rust");
            line.push_str(&format!("; breaking: {breaks}; not breaking: {harmless}"));
        }
        if allowed > 0 {
            line.push_str(&format!("; allowed: {allowed}"));
        }
        line
    }
}

impl Finding {
    /// The difference, in one line.
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.subject, self.message)
    }
}
