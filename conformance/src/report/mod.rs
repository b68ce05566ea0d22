//! Telling what came of a run: on the terminal as it goes, as a summary, and as files for people and machines.

mod html;
mod json;
mod junit;
mod summary;
mod terminal;

use std::{fs, path::Path, time::Duration};

pub use html::html;
pub use json::json;
pub use junit::junit;
pub use summary::{failure, summary};
pub use terminal::Terminal;

use crate::{
    coverage::Table,
    run::{Outcome, Status},
};

/// A run that is over.
#[derive(Clone, Debug)]
pub struct Report {
    /// The server's URL.
    pub url: String,
    /// The protocol's name and version.
    pub protocol: String,
    /// The seed.
    pub seed: u64,
    /// When it began, RFC 3339.
    pub began: String,
    /// How long it took.
    pub took: Duration,
    /// What became of each case, in the order of their names.
    pub outcomes: Vec<Outcome>,
    /// What of the protocol was seen; `None` where only a part of the cases was run.
    pub coverage: Option<Table>,
}

/// How many cases became what.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
    /// Failed as known.
    pub known: usize,
    /// Passed although known to fail.
    pub unexpected: usize,
    /// Not run.
    pub not_run: usize,
}

impl Report {
    /// How many cases became what.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for outcome in &self.outcomes {
            *match outcome.status {
                Status::Passed => &mut counts.passed,
                Status::Failed(_) => &mut counts.failed,
                Status::KnownFailure(..) => &mut counts.known,
                Status::UnexpectedPass(_) => &mut counts.unexpected,
                Status::NotRun(_) => &mut counts.not_run,
            } += 1;
        }
        counts
    }

    /// Whether the server holds to the protocol, as far as the run goes.
    pub fn passed(&self) -> bool {
        !self.outcomes.iter().any(|outcome| outcome.status.fails())
            && self.coverage.as_ref().is_none_or(|table| table.missing().next().is_none())
    }

    /// Writes `junit.xml`, `report.json` and `report.html` into `folder`.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("junit.xml"), junit(self))?;
        fs::write(folder.join("report.json"), format!("{:#}\n", json(self)))?;
        fs::write(folder.join("report.html"), html(self))
    }
}

/// Text within XML or HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(character),
            // XML 1.0 has no other control characters.
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}
