//! The arguments of `accord`, and what it does with them.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    check::Check, completions::Completions, dev::Dev, diff::Diff, docs::Docs, explain::Explain, generate::Output,
    lint::Lint, mock::Mock, new::New, release::Release, terminal,
};

/// Check a protocol schema, generate code and documents from it, and serve mocks and documentation.
#[derive(Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check a schema and everything it includes.
    ///
    /// Prints every error with its source lines and how to fix it. The exit status is 1 if there are errors.
    Check(Check),
    /// Report what could be improved in a schema, why, and how.
    ///
    /// The exit status is 1 if there are errors or findings that `--deny` names, and 2 if the schema does not compile.
    Lint(Lint),
    /// Explain a rule, or something that a schema declares.
    Explain(Explain),
    /// Generate code and documents from a schema.
    #[command(subcommand)]
    Gen(Output),
    /// Report which changes to a schema are breaking, and for whom.
    ///
    /// The exit status is 1 if the changes break something that must not break, and 2 if a schema cannot be read.
    Diff(Diff),
    /// Release a schema's version: copy it to `history/` beside the schema, and describe it to client developers in the
    /// changelog.
    ///
    /// Refuses a version that does not fit what has changed, or that contradicts the schema's own `since` and `until`.
    Release(Release),
    /// Start something new: an event or a protocol.
    #[command(subcommand)]
    New(New),
    /// Serve a schema without business logic, so that clients can be written before the server is.
    Mock(Mock),
    /// Watch a schema as it is edited: check it, regenerate its outputs, rebuild the server and restart it.
    ///
    /// Run it where `cargo run` runs the server. `accord dev -- COMMAND` starts the server with another command.
    Dev(Dev),
    /// Serve a schema's documentation, updated whenever its files change.
    Docs(Docs),
    /// Print a shell completion script.
    ///
    /// For bash: `accord completions bash > ~/.local/share/bash-completion/completions/accord`
    Completions(Completions),
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Check(check) => check.run(),
        Command::Lint(lint) => return lint.run(),
        Command::Explain(explain) => explain.run(),
        Command::Gen(output) => output.run(),
        Command::Diff(diff) => return diff.run(),
        Command::Release(release) => release.run(),
        Command::New(new) => new.run(),
        Command::Mock(mock) => mock.run(),
        Command::Dev(dev) => dev.run(),
        Command::Docs(docs) => docs.run(),
        Command::Completions(completions) => completions.run(Cli::command()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            terminal::print_error(&report);
            ExitCode::FAILURE
        }
    }
}
