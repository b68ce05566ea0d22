//! Releases of a protocol: the version of the next one, the obstacles to it, and the section of the changelog.
//!
//! All of it follows from the [`diff`] with the release before. Nothing here knows where releases are kept.
//!
//! Start reading at [`Release`].

mod news;
mod promises;
mod step;

use accord_language::{
    Schema,
    diagnostic::{Span, renderer},
};
use annotate_snippets::{AnnotationKind, Group, Level as Title, Snippet};
use semver::Version;

use crate::diff::{self, DiffRule, Finding, rules};
use step::Step;

/// A schema that is to be released, beside the release before it.
#[derive(Debug)]
pub struct Release<'a> {
    /// The schema that clients have now; `None` for the first release.
    old: Option<&'a Schema>,
    new: &'a Schema,
    /// The differences, but for the version itself.
    findings: Vec<Finding>,
}

/// An obstacle to a release.
#[derive(Debug)]
pub struct Obstacle<'a> {
    /// The schema that the place is in.
    schema: &'a Schema,
    message: String,
    place: Option<Span>,
    label: String,
    remedy: String,
}

impl<'a> Release<'a> {
    /// `new` after `old`.
    pub fn new(old: Option<&'a Schema>, new: &'a Schema) -> Self {
        let mut findings = old.map_or(Vec::new(), |old| diff::compare(old, new));
        findings.retain(|finding| finding.rule.id != rules::PROTOCOL_VERSION.id);
        Release { old, new, findings }
    }

    /// The same, except that findings of these rules do not count as breaking: the change only refuses values that nobody sends.
    pub fn allowing(mut self, rules: &[&'static DiffRule]) -> Self {
        let is_allowed = |finding: &&mut Finding| rules.iter().any(|rule| rule.id == finding.rule.id);
        self.findings.iter_mut().filter(is_allowed).for_each(|finding| finding.breaks.wire = false);
        self
    }

    /// Its version.
    pub fn version(&self) -> Version {
        version_of(self.new)
    }

    /// The changes since the previous release.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The version that it has to have at least, by Semantic Versioning; `None` for the first release.
    pub fn least(&self) -> Option<Version> {
        Some(self.step().after(&version_of(self.old?)))
    }

    /// Returns whether its version is far enough ahead of the previous release. A pre-release is as far ahead as the version
    /// that it precedes.
    pub fn is_ahead(&self) -> bool {
        let is_after = |old| self.version() > version_of(old);
        self.least().is_none_or(|least| core(&self.version()) >= least) && self.old.is_none_or(is_after)
    }

    /// That its version is not ahead of the release before as it has to be; `None` where it is.
    pub fn behind(&self) -> Option<Obstacle<'_>> {
        let least = self.least().filter(|_| !self.is_ahead())?;
        let before = &self.old?.model.protocol.version;
        let (name, version, step) = (&self.new.model.protocol.name, self.version(), self.step());
        let (message, remedy) = match self.findings.is_empty() {
            true => (
                format!("{name} {before} is released, and {version} does not come after it"),
                format!("write at least `version: {least}`, the next one"),
            ),
            false => (
                match version == version_of(self.old?) {
                    true => {
                        format!(
                            "{name} {version} is already released with a different schema: the version must be at \
                             least {least}"
                        )
                    }
                    false => {
                        format!(
                            "{name} {version} is not far enough ahead of {before}: the version must be at least {least}"
                        )
                    }
                },
                format!("write `version: {least}`: the differences ask for a new {} version", step.name()),
            ),
        };
        let place = Some(self.new.model.protocol.place.key("version").span());
        Some(Obstacle { schema: self.new, message, place, label: format!("at least {least}"), remedy })
    }

    /// The findings that ask for the [least](Release::least) version.
    pub fn reasons(&self) -> Vec<Finding> {
        let step = self.step();
        self.findings.iter().filter(|finding| Step::of(finding) == step).cloned().collect()
    }

    fn step(&self) -> Step {
        self.findings.iter().map(Step::of).max().unwrap_or(Step::Patch)
    }
}

impl Obstacle<'_> {
    /// The obstacle, with its lines and the remedy. `colour` adds ANSI escapes.
    pub fn render(&self, colour: bool) -> String {
        let mut group = Group::with_title(Title::ERROR.primary_title(&*self.message));
        if let Some(span) = self.place {
            let sources = &self.schema.sources;
            let annotation = AnnotationKind::Primary.span(span.start as usize..span.end as usize).label(&*self.label);
            let snippet = Snippet::source(&**sources.text(span.file)).path(sources.path(span.file));
            group = group.element(snippet.annotation(annotation));
        }
        renderer(colour).render(&[group.element(Title::HELP.message(&*self.remedy))])
    }
}

fn version_of(schema: &Schema) -> Version {
    parsed(&schema.model.protocol.version)
}

fn parsed(version: &str) -> Version {
    Version::parse(version).expect("a model's versions are valid")
}

/// A version without what marks a pre-release or a build.
fn core(version: &Version) -> Version {
    Version::new(version.major, version.minor, version.patch)
}
