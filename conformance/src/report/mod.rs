//! Reports of a run: its progress on the terminal, a summary, and files for people and machines.

mod cause;
mod html;
mod json;
mod junit;
mod summary;
mod terminal;

use std::{fs, path::Path, time::Duration};

use crate::{
    coverage::Table,
    run::{Outcome, Status},
};
pub use html::html;
pub use json::json;
pub use junit::junit;
pub use summary::{failure, summary};
pub use terminal::{Terminal, print_error};

/// A finished run.
#[derive(Clone, Debug)]
pub struct Report {
    /// The server's URL.
    pub url: String,
    /// The protocol's name and version.
    pub protocol: String,
    /// The seed.
    pub seed: u64,
    /// The time when it began, RFC 3339.
    pub began: String,
    /// Its duration.
    pub took: Duration,
    /// The outcome of each case, in the order of their names.
    pub outcomes: Vec<Outcome>,
    /// The coverage of the protocol; `None` if only some of the cases ran.
    pub coverage: Option<Table>,
    /// Advice, if the server says that it speaks another version.
    pub advice: Option<String>,
}

/// The number of cases with each outcome.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
    /// Failed, as known.
    pub known: usize,
    /// Passed although known to fail.
    pub unexpected: usize,
    /// Skipped.
    pub not_run: usize,
}

impl Report {
    /// The number of cases with each outcome.
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

    /// Whether the server follows the protocol, as far as the run shows.
    pub fn passed(&self) -> bool {
        !self.outcomes.iter().any(|outcome| outcome.status.fails())
            && self.coverage.as_ref().is_none_or(|table| table.missing().next().is_none())
    }

    /// Writes `junit.xml`, `report.json` and `report.html` into `folder`.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("junit.xml"), junit(self))?;
        fs::write(folder.join("report.json"), format!("{:#}\n", json(self)))?;
        fs::write(folder.join("report.html"), html(self))
    }
}
