//! What an edit of a schema breaks, and for whom.
//!
//! Two schemas are compared as what they allow. What the server *accepts* (payloads of client events, input of
//! operations) may grow, and what it *sends* (payloads of server events, acknowledgements, answers, failures) may
//! shrink; the other way round, somebody breaks who was built for the old one. So types are walked in parallel, each
//! difference says whether values came, went, or both, and the directions that the type is used in
//! make the verdict of it. There is no table of cases.
//!
//! Start reading at [`compare`]. What can be found is in [`rules()`]; how it is told, in [`report`].

mod docs;
mod emits;
mod errors;
mod events;
mod gateway;
mod limits;
mod operations;
pub mod report;
mod rooms;
mod rule;
pub(crate) mod rules;
mod sections;
mod types;
mod verdict;
mod versions;

use crate::{
    Model, Schema,
    diagnostic::Span,
    source::path::{Path, Places},
};
pub use rule::{Rule, Tendency, find, rules};
pub use verdict::{Breaks, Level};

/// A difference between two schemas, with its verdict.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What kind of difference it is.
    pub rule: &'static Rule,
    /// Whom it breaks.
    pub breaks: Breaks,
    /// What it is about: `send_message`, `Message.content`.
    pub subject: String,
    /// What is different, in one line, to be read after the subject.
    pub message: String,
    /// For a difference between types: the events and operations by which clients send the values, as far as they break
    /// the wire where anything does.
    pub accepted_by: Vec<String>,
    /// Those by which the server sends them.
    pub sent_by: Vec<String>,
    /// Where in the old schema; `None` for what was not there.
    pub old: Option<Span>,
    /// Where in the new schema; `None` for what is no longer there.
    pub new: Option<Span>,
    /// The place in the new schema that is nearest to it.
    pub near: Option<Span>,
}

/// All differences between two schemas, in the order of the sections of the language: those of the new schema's
/// declarations where it has them.
pub fn compare(old: &Schema, new: &Schema) -> Vec<Finding> {
    let mut comparing = Comparing {
        old: &old.model,
        new: &new.model,
        places: [Places(&old.files), Places(&new.files)],
        findings: Vec::new(),
        pairs: types::Pairs::default(),
    };
    comparing.protocol();
    comparing.older();
    comparing.scopes();
    comparing.limits();
    comparing.errors();
    comparing.connect();
    comparing.disconnect();
    comparing.gateway();
    comparing.domains();
    comparing.events();
    comparing.http();
    comparing.named_types();
    comparing.judge_types();
    comparing.findings
}

/// Two schemas while they are compared.
struct Comparing<'a> {
    old: &'a Model,
    new: &'a Model,
    /// Of the old schema and of the new one.
    places: [Places<'a>; 2],
    findings: Vec<Finding>,
    pairs: types::Pairs,
}

/// Where something is in both schemas.
#[derive(Clone, Debug)]
struct Site {
    /// What it is called in reports.
    subject: String,
    old: Path,
    new: Path,
}

impl Site {
    /// What is at the same place in both schemas.
    fn new(subject: impl Into<String>, path: Path) -> Self {
        Site { subject: subject.into(), old: path.clone(), new: path }
    }

    /// What is under `key` in both.
    fn then(&self, key: &str) -> Self {
        Site { subject: self.subject.clone(), old: self.old.then(key), new: self.new.then(key) }
    }
}

impl Comparing<'_> {
    /// Notes a difference.
    fn found(&mut self, rule: &'static Rule, breaks: Breaks, site: &Site, message: impl Into<String>) {
        let [old, new] = &self.places;
        let finding = Finding {
            rule,
            breaks,
            subject: site.subject.clone(),
            message: message.into(),
            accepted_by: Vec::new(),
            sent_by: Vec::new(),
            old: old.exact(&site.old),
            new: new.exact(&site.new),
            near: new.nearest(&site.new),
        };
        self.note(finding);
    }

    /// Keeps a finding, unless another tells the same: what stands inline is both a field and a type.
    fn note(&mut self, finding: Finding) {
        let told = |other: &Finding| {
            other.rule.id == finding.rule.id
                && (other.old, other.new) == (finding.old, finding.new)
                && other.message == finding.message
                && (other.subject == finding.subject || finding.old.is_some() || finding.new.is_some())
        };
        let Some(other) = self.findings.iter_mut().find(|other| told(other)) else {
            self.findings.push(finding);
            return;
        };
        other.breaks = other.breaks.or(finding.breaks);
        for (users, more) in [(&mut other.accepted_by, finding.accepted_by), (&mut other.sent_by, finding.sent_by)] {
            users.extend(more);
            users.sort();
            users.dedup();
        }
    }
}
