//! Where the log goes: standard error, as text for people or as JSON for machines.

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use tracing_subscriber::{EnvFilter, filter::ParseError};

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// Starts the log. `filter` says what is logged: `info`, or `accord_server=debug,sqlx=warn`.
///
/// # Errors
/// If the filter is malformed.
pub fn start(filter: &str, format: Format) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(filter)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // The log of the process is set up once; what a test has set up before stays.
    let _ = match format {
        Format::Text => log.with_ansi(io::stderr().is_terminal()).with_target(false).try_init(),
        Format::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}
