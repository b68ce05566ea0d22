//! `accord lint`.

use std::{io, process::ExitCode};

use accord_review::lint::{Format, Level, Report, lint};
use clap::{Args, ValueEnum};

use crate::{
    schema::{SchemaPath, report},
    terminal::{self, is_colourful, print},
};

/// The arguments of `accord lint`.
#[derive(Args)]
pub struct Lint {
    #[command(flatten)]
    path: SchemaPath,
    /// The format of the findings.
    #[arg(long, value_enum, default_value_t = Output::Text)]
    format: Output,
    /// The findings that fail the command, in addition to errors.
    #[arg(long, value_enum)]
    deny: Option<Denied>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    /// With source lines, reasons and remedies.
    Text,
    /// A list of objects: `rule`, `level`, `at`, `file`, `line`, `column`, `message`, `reason`, `help`.
    Json,
    /// Annotations for GitHub Actions.
    Github,
}

#[derive(Clone, Copy, ValueEnum)]
enum Denied {
    /// Warnings.
    Warnings,
    /// Warnings and advice.
    Advice,
}

impl Lint {
    /// Reports possible improvements of a schema. The status is 1 if there are denied findings, and 2 if the schema has
    /// errors.
    pub fn run(&self) -> ExitCode {
        let schema = match accord_review::load(&self.path.schema) {
            Ok(schema) => schema,
            Err(diagnostics) => {
                terminal::print_error(&report(&diagnostics));
                return ExitCode::from(2);
            }
        };
        let found = lint(&schema);
        let format = match self.format {
            Output::Text => Format::Text { colour: is_colourful(&io::stdout()) },
            Output::Json => Format::Json,
            Output::Github => Format::GitHub,
        };
        if let Err(error) = print(&found.render(format)) {
            terminal::print_error(&error);
            return ExitCode::FAILURE;
        }
        if self.is_denied(&found) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    fn is_denied(&self, report: &Report<'_>) -> bool {
        let least = match self.deny {
            None => Level::Error,
            Some(Denied::Warnings) => Level::Warning,
            Some(Denied::Advice) => Level::Advice,
        };
        report.list.iter().any(|reported| reported.level >= least)
    }
}
