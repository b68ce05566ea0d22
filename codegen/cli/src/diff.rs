//! `accord diff`.

use std::{io, path::PathBuf, process::ExitCode};

use accord_language::diagnostic::instead;
use accord_review::diff::{self, DiffRule, Level, report::Report};
use clap::{Args, ValueEnum};

use crate::{
    schema_ref::SchemaRef,
    terminal::{self, is_colourful, print},
};

/// The arguments of `accord diff`.
#[derive(Args)]
pub struct Diff {
    /// The old schema: its main file, a version beside the new one (`1.0.0`, in `history/`), or a git revision
    /// (`HEAD~1`, `v1.0.0`).
    old: String,
    /// The new schema's main file. If left out, OLD must be a file, and is compared with its last commit.
    new: Option<PathBuf>,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// A rule whose findings do not count as failures; repeatable.
    #[arg(long, value_name = "RULE", value_parser = rule)]
    allow: Vec<&'static DiffRule>,
    /// The things that must not break: existing clients, TypeScript sources, Rust sources.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "wire")]
    level: Vec<Who>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people, with source lines of both schemas.
    Text,
    /// For programs.
    Json,
    /// For continuous integration: a test for each finding.
    Junit,
    /// For GitHub Actions: an annotation for each finding.
    Github,
}

#[derive(Clone, Copy, ValueEnum)]
enum Who {
    Wire,
    #[value(name = "typescript")]
    TypeScript,
    Rust,
}

impl From<Who> for Level {
    fn from(who: Who) -> Self {
        match who {
            Who::Wire => Level::Wire,
            Who::TypeScript => Level::TypeScript,
            Who::Rust => Level::Rust,
        }
    }
}

pub fn rule(id: &str) -> Result<&'static DiffRule, String> {
    diff::find(id).ok_or_else(|| format!("unknown rule; {}", instead(id, diff::rules().map(|rule| rule.id))))
}

impl Diff {
    /// Reports the differences. The status is 1 if they break something that must not break, and 2 if a schema cannot
    /// be read.
    pub fn run(self) -> ExitCode {
        match self.compare().and_then(|(text, fails)| print(&text).map(|()| fails)) {
            Ok(fails) => ExitCode::from(u8::from(fails)),
            Err(report) => {
                terminal::print_error(&report);
                ExitCode::from(2)
            }
        }
    }

    /// Returns the report, and whether the changes break something that must not break.
    fn compare(self) -> Result<(String, bool), String> {
        let (before, after) = SchemaRef::pair(&self.old, self.new.as_deref())?;
        let (old, new) = (before.load()?, after.load()?);
        let levels: Vec<Level> = self.level.into_iter().map(Level::from).collect();
        let report = Report {
            names: [&before.to_string(), &after.to_string()],
            old: &old,
            new: &new,
            findings: &diff::compare(&old, &new),
            levels: &levels,
            allowed: &self.allow,
        };
        let text = match self.format {
            Format::Text => report.text(is_colourful(&io::stdout())),
            Format::Json => report.json(),
            Format::Junit => report.junit(),
            Format::Github => report.github(),
        };
        Ok((text, report.fails()))
    }
}
