//! The breaking changes of a schema, and whom each one affects.
//!
//! Two schemas are compared by the values that they allow. The values that the server *accepts* (payloads of client
//! events, input of operations) may grow, and the values that it *sends* (payloads of server events, acknowledgements,
//! answers, failures) may shrink; the other way round, a program that was built for the old schema breaks. So types are
//! walked in parallel, each difference says whether values came, went, or both, and the directions in which the type is
//! used determine the verdict. There is no table of cases.
//!
//! Start reading at [`compare`]. [`rules()`] has the kinds of findings, and [`report`] their formats.

mod docs;
mod emits;
mod errors;
mod events;
mod gateway;
mod limits;
mod logs;
mod operations;
pub mod report;
mod rooms;
mod rule;
pub(crate) mod rules;
mod sections;
mod types;
mod verdict;
mod versions;

use std::collections::HashMap;

use accord_language::{Model, Schema, diagnostic::Span, model::Place};

pub use rule::{DiffRule, Tendency};
pub use rules::{find, rules};
pub use verdict::{Breaks, Level};

/// A difference between two schemas, with its verdict.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The kind of the difference.
    pub rule: &'static DiffRule,
    /// Whom it breaks.
    pub breaks: Breaks,
    /// The name of the changed declaration: `send_message`, `Message.content`.
    pub subject: String,
    /// The difference, in one line, to be read after the subject.
    pub message: String,
    /// For a difference between types: the events and operations by which clients send the values, only those that
    /// break the wire, if any does.
    pub accepted_by: Vec<String>,
    /// Those by which the server sends them.
    pub sent_by: Vec<String>,
    /// The place in the old schema; `None` if it was not there.
    pub old: Option<Span>,
    /// The place in the new schema; `None` if it is no longer there.
    pub new: Option<Span>,
    /// The place in the new schema that is nearest to it.
    pub near: Span,
}

/// All differences between two schemas, in the order of the sections of the language: those of the new schema's
/// declarations where it has them.
pub fn compare(old: &Schema, new: &Schema) -> Vec<Finding> {
    let mut comparing = Comparing {
        old: &old.model,
        new: &new.model,
        findings: Vec::new(),
        told: HashMap::new(),
        pairs: types::Pairs::default(),
        drawers: [limits::Drawers::of(&old.model), limits::Drawers::of(&new.model)],
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
    findings: Vec<Finding>,
    /// The findings by what they say.
    told: HashMap<Told, usize>,
    pairs: types::Pairs,
    /// The endpoints that draw on the limits of the old schema, and of the new one.
    drawers: [limits::Drawers; 2],
}

/// The content of a finding: two with the same content are one. The subject counts only where there is no place.
type Told = (&'static str, Option<Span>, Option<Span>, String, Option<String>);

/// The places of one declaration in both schemas.
#[derive(Clone, Debug)]
struct Site {
    /// Its name in reports.
    subject: String,
    old: Place,
    new: Place,
}

impl Site {
    fn new(subject: impl Into<String>, old: &Place, new: &Place) -> Self {
        Site { subject: subject.into(), old: old.clone(), new: new.clone() }
    }

    /// The entry under `key` in both.
    fn key(&self, key: &str) -> Self {
        Site { subject: self.subject.clone(), old: self.old.key(key), new: self.new.key(key) }
    }

    /// A part at these places.
    fn at(&self, old: &Place, new: &Place) -> Self {
        Site::new(&self.subject, old, new)
    }

    /// A part of what is at `old`, which the new schema does not have.
    fn gone(&self, old: &Place) -> Self {
        self.at(old, &self.new.absent())
    }

    /// A part of what is at `new`, which the old schema did not have.
    fn came(&self, new: &Place) -> Self {
        self.at(&self.old.absent(), new)
    }
}

impl Comparing<'_> {
    /// The sections called `key`, where a report speaks of `subject`.
    fn section(&self, subject: &str, key: &str) -> Site {
        Site::new(subject, &self.old.place.key(key), &self.new.place.key(key))
    }

    /// Notes a difference.
    fn found(&mut self, rule: &'static DiffRule, breaks: Breaks, site: &Site, message: impl Into<String>) {
        let finding = Finding {
            rule,
            breaks,
            subject: site.subject.clone(),
            message: message.into(),
            accepted_by: Vec::new(),
            sent_by: Vec::new(),
            old: site.old.exact(),
            new: site.new.exact(),
            near: site.new.span(),
        };
        self.note(finding);
    }

    /// Keeps a finding, unless another says the same: an inline type is both a field and a type.
    fn note(&mut self, finding: Finding) {
        let Finding { rule, old, new, message, subject, .. } = &finding;
        let subject = old.or(*new).is_none().then(|| subject.clone());
        let index = *self.told.entry((rule.id, *old, *new, message.clone(), subject)).or_insert(self.findings.len());
        let Some(other) = self.findings.get_mut(index) else {
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
