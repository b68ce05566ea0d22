//! What a rule is, and what it finds.

use super::{Place, Protocol};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// Worth a thought.
    Advice,
    /// To be mended, or excepted with a reason.
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
pub struct Rule {
    /// Its name, in kebab-case: `unbounded-string`.
    pub id: &'static str,
    /// How much its findings weigh, unless the schema says otherwise.
    pub level: Level,
    /// What it finds, in one sentence.
    pub what: &'static str,
    /// Why that matters, and to whom.
    pub reason: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    /// A part of a schema that breaks it and one that does not, between them a line `---`.
    pub(crate) example: &'static str,
    /// Looks for it.
    pub(crate) check: fn(&Protocol<'_>) -> Vec<Finding>,
}

impl Rule {
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
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) others: Vec<(Place, String)>,
}

impl Finding {
    /// Says what is wrong with what is at `place`.
    pub fn at(place: &Place, message: impl Into<String>) -> Self {
        Finding { place: place.clone(), message: message.into(), label: String::new(), others: Vec::new() }
    }

    /// What to say at the place itself.
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
