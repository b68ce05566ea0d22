//! A file of known failures, each with a reason: these cases still run, and one that passes fails the run.

use std::path::Path;

use accord_language::{
    Diagnostics,
    diagnostic::{Diagnostic, instead},
    record,
    source::{self, Context, Text},
};

record! {
    /// Known failures.
    pub struct KnownFile {
        /// The failures.
        required known_failures: Vec<KnownFailure>,
    }
}

record! {
    /// A known failure.
    pub struct KnownFailure {
        /// The case, by its name; without the brackets, all of its variants.
        required case: Text,
        /// The reason for the failure, and the time until which it is expected.
        required reason: Text,
    }
}

/// The known failures of a run.
#[derive(Clone, Debug, Default)]
pub struct Known(Vec<(String, String)>);

impl Known {
    /// Reads the file at `path`; every entry has to name one of these cases.
    ///
    /// # Errors
    /// All errors in it.
    pub fn read(path: &Path, cases: &[&str]) -> Result<Self, Diagnostics> {
        let mut cx = Context::default();
        let file: Option<KnownFile> = match source::read_file(path) {
            Ok(text) => source::read_text(&path.display().to_string(), &text, &mut cx),
            Err(error) => {
                cx.report(source::unreadable(path, &error));
                None
            }
        };
        let mut known = Vec::new();
        for entry in file.and_then(|file| file.known_failures.into_option()).unwrap_or_default() {
            let (Some(case), Some(reason)) = (entry.case.get(), entry.reason.get()) else { continue };
            if !cases.iter().any(|known| names(case.as_str(), known)) {
                let diagnostic = Diagnostic::new("unknown-case", format!("there is no case `{}`", case.value));
                cx.report(diagnostic.at(case.span, "unknown").help(instead(&case.value, cases.iter().copied())));
            }
            known.push((case.value.clone(), reason.value.clone()));
        }
        if cx.diagnostics.is_empty() { Ok(Known(known)) } else { Err(Diagnostics::new(cx.sources, cx.diagnostics)) }
    }

    /// The reason for the known failure of a case, if it is known to fail.
    pub fn reason(&self, case: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| names(known, case)).map(|(_, reason)| reason.as_str())
    }
}

fn names(entry: &str, case: &str) -> bool {
    entry == case || case.split_once('[').is_some_and(|(flow, _)| flow == entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_names_a_case_or_all_its_variants() {
        assert!(names("messages/send", "messages/send[channel]"));
        assert!(names("messages/send[channel]", "messages/send[channel]"));
        assert!(!names("messages/send[channel]", "messages/send[conversation]"));
        assert!(!names("messages/sen", "messages/send"));
    }

    #[test]
    fn an_entry_that_names_no_case_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known.yaml");
        std::fs::write(&path, "known_failures:\n  - { case: nowhere/nothing, reason: It is not there. }\n").unwrap();
        let report = Known::read(&path, &["messages/send[channel]"]).unwrap_err().to_string();
        assert!(report.contains("there is no case `nowhere/nothing`"), "{report}");
        assert!(report.contains("known.yaml:2:13"), "{report}");
    }
}
