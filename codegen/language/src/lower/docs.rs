//! Summaries, versions and deprecations.

use semver::Version;

use super::Lowering;
use crate::{
    case,
    diagnostic::Diagnostic,
    model::{Deprecated, Doc},
    source::{self, Slot, Text, schema::DeprecatedSchema},
};

/// The documentation keys that most declarations have.
macro_rules! doc_of {
    ($lowering:expr, $schema:expr) => {
        $lowering.doc(&$schema.summary, &$schema.description, &$schema.since, &$schema.deprecated)
    };
}
pub(super) use doc_of;

impl Lowering<'_, '_> {
    /// A declaration's documentation.
    pub fn doc(
        &mut self,
        summary: &Slot<Text>,
        description: &Slot<Text>,
        since: &Slot<source::Version>,
        deprecated: &Slot<DeprecatedSchema>,
    ) -> Doc {
        let since = since.get().map(|since| {
            self.since(since);
            since.value.clone()
        });
        let deprecated = deprecated.get().and_then(|deprecated| {
            let since = deprecated.since.get()?;
            self.since(since);
            if let Some(until) = deprecated.until.get() {
                self.version(until);
            }
            Some(Deprecated {
                since: since.value.clone(),
                r#use: deprecated.instead.get().map(|text| text.value.clone()),
                until: deprecated.until.get().map(|text| text.value.clone()),
                place: deprecated.place.clone(),
            })
        });
        Doc { since, deprecated, ..self.plain_doc(summary, description) }
    }

    /// The documentation of a declaration without versions.
    pub fn plain_doc(&mut self, summary: &Slot<Text>, description: &Slot<Text>) -> Doc {
        if let Some(summary) = summary.get()
            && summary.value.trim().is_empty()
        {
            self.cx.report(Diagnostic::new("empty-text", "the summary is empty").at(summary.span, "say what this is"));
        }
        Doc {
            summary: summary.get().map(|text| text.value.trim().to_owned()).unwrap_or_default(),
            description: description.get().map(|text| text.value.trim().to_owned()),
            ..Doc::default()
        }
    }

    pub fn version(&mut self, text: &Text) -> Option<Version> {
        let version = Version::parse(text.as_str()).ok();
        if version.is_none() {
            let diagnostic = Diagnostic::new("invalid-version", format!("`{}` is not a version", text.value))
                .at(text.span, "expected MAJOR.MINOR.PATCH")
                .help("versions are written by Semantic Versioning: `1.0.0`");
            self.cx.report(diagnostic);
        }
        version
    }

    pub fn since(&mut self, text: &Text) {
        let since = self.version(text);
        if let (Some(since), Some(version)) = (since, &self.version)
            && since.cmp_precedence(version).is_gt()
        {
            let mut diagnostic = Diagnostic::new("version-ahead", format!("version {} is in the future", text.value))
                .at(text.span, "later than the protocol's version")
                .help("raise the protocol's version, or correct this one");
            if let Some(protocol) = self.tables.protocol.and_then(|protocol| protocol.version.get()) {
                diagnostic = diagnostic.and(protocol.span, "the protocol's version");
            }
            self.cx.report(diagnostic);
        }
    }

    /// A name that has to be in snake_case.
    pub fn snake_name(&mut self, name: &Text, what: &str) -> bool {
        let valid = case::is_snake(name.as_str());
        if !valid {
            let diagnostic =
                Diagnostic::new("name-case", format!("the {what} `{}` is not named in snake_case", name.value))
                    .at(name.span, "lower-case letters and digits, words separated by `_`");
            let snake = case::snake(name.as_str());
            self.cx.report(if case::is_snake(&snake) {
                diagnostic.help(format!("rename it to `{snake}`"))
            } else {
                diagnostic
            });
        }
        valid
    }
}
