//! The parts of a rule, and its findings.

use accord_language::model::{
    Place,
    index::{Index, Subject},
};

/// The level of a finding.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// Advice, worth considering.
    Advice,
    /// A warning: to be fixed, or excepted with a reason.
    Warning,
    /// Clients or users come to harm.
    Error,
}

impl Level {
    /// `warning`
    pub fn name(self) -> &'static str {
        match self {
            Level::Advice => "advice",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// A rule of good protocol design.
#[derive(Debug)]
pub struct LintRule {
    /// Its name, in kebab-case: `unbounded-string`.
    pub id: &'static str,
    /// The level of its findings, unless the schema sets another.
    pub level: Level,
    /// The fault that it finds, in one sentence.
    pub what: &'static str,
    /// The reason why it matters, and the people to whom it does.
    pub reason: &'static str,
    /// The alternative.
    pub remedy: &'static str,
    /// A part of a schema that breaks it and one that does not, between them a line `---`.
    pub(crate) example: &'static str,
    /// Looks for it.
    pub(crate) check: fn(&Index<'_>) -> Vec<Finding>,
}

impl LintRule {
    /// A part of a schema that breaks the rule.
    pub fn bad(&self) -> &'static str {
        self.examples().0
    }

    /// The same part as it should be.
    pub fn good(&self) -> &'static str {
        self.examples().1
    }

    fn examples(&self) -> (&'static str, &'static str) {
        self.example.split_once("---\n").expect("an example has two parts")
    }
}

/// Something that breaks a rule.
#[derive(Clone, Debug)]
pub struct Finding {
    pub(super) subject: Subject,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) others: Vec<(Place, String)>,
}

impl Finding {
    /// A finding about `subject`.
    pub fn at(subject: &Subject, message: impl Into<String>) -> Self {
        Finding { subject: subject.clone(), message: message.into(), label: String::new(), others: Vec::new() }
    }

    /// Sets the text shown at the place itself.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Another place that it has to do with.
    #[must_use]
    pub fn and(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.others.push((place.clone(), label.into()));
        self
    }
}
