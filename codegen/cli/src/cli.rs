//! The arguments of `accord`, and what it does with them.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    check::Check, completions::Completions, dev::Dev, diff::Diff, docs::Docs, explain::Explain, generate::Output,
    lint::Lint, mock::Mock, new::New, release::Release,
};

/// Check a protocol schema, generate what follows from it, and serve mocks and documentation.
#[derive(Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check a schema and all that it includes.
    ///
    /// Prints every error with the lines that it is about and how to mend it. The exit status is 1 if there are any.
    Check(Check),
    /// Say what could be better in a schema, why, and how.
    ///
    /// The exit status is 1 for errors, or for what `--deny` names, and 2 where the schema does not compile.
    Lint(Lint),
    /// Explain a rule, or something that a schema declares.
    Explain(Explain),
    /// Generate what follows from a schema.
    #[command(subcommand)]
    Gen(Output),
    /// Tell what an edit of a schema breaks, and for whom.
    ///
    /// The exit status is 0 if nothing breaks that must not, 1 if something does, and 2 if a schema cannot be read.
    Diff(Diff),
    /// Release a schema's version: keep it in `history/` beside the schema, and tell clients of it in the changelog.
    ///
    /// Refused where the version does not move as what has changed asks for, or where the schema says otherwise of it.
    Release(Release),
    /// Begin something new: an event, or a protocol.
    #[command(subcommand)]
    New(New),
    /// Serve a schema without business logic, so that clients can be written before the server is.
    Mock(Mock),
    /// Follow a schema as it is edited: check it, generate what follows from it, build the server and start it anew.
    ///
    /// Run it where `cargo run` runs the server. `accord dev -- COMMAND` starts the server in another way.
    Dev(Dev),
    /// Serve a schema's documentation, which follows every change of its files.
    Docs(Docs),
    /// Print a script by which a shell completes these arguments.
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
            eprint!("{report}");
            ExitCode::FAILURE
        }
    }
}
