//! The log, on standard error, as text for people or as JSON for machines.
//!
//! Logging never waits for the reader of the log, and a log that cannot be written does not stop the server: see
//! `lines.rs`. Clients can cause neither long lines (`length.rs`) nor many (`repeats.rs`).

mod length;
mod lines;
mod repeats;

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    io::{self, IsTerminal},
    panic::{self, PanicHookInfo},
    sync::LazyLock,
    thread,
    time::Duration,
};

use clap::ValueEnum;
use tracing_subscriber::{EnvFilter, filter::ParseError, layer::SubscriberExt, util::SubscriberInitExt};

use self::{lines::Lines, repeats::Repeats};

/// The time that the process waits at its end for the log to be written.
const LAST_LINES: Duration = Duration::from_secs(1);

/// The lines on their way to standard error. Nothing else in this process writes there, because a stalled reader would
/// block it.
static STANDARD_ERROR: LazyLock<Lines> = LazyLock::new(|| {
    // If the system has no thread left, lines are dropped once enough of them wait.
    thread::Builder::new().name("log".to_owned()).spawn(|| STANDARD_ERROR.write_to(io::stderr())).ok();
    Lines::default()
});

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// Starts the log, which panics go to as well. `filter` selects entries: `info`, or `accord_server=debug,sqlx=warn`.
///
/// # Errors
/// If the filter is malformed.
pub fn start(filter: &str, format: Format) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(filter)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| &*STANDARD_ERROR);
    // A process has one log. If a test has set one up before, it stays.
    let _ = match format {
        Format::Text => {
            let log = log.with_ansi(io::stderr().is_terminal()).with_target(false).finish();
            log.with(Repeats::default()).try_init()
        }
        Format::Json => log.json().flatten_event(true).finish().with(Repeats::default()).try_init(),
    };
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Writes to standard error, after the log's pending lines.
pub fn say(text: &str) {
    STANDARD_ERROR.put(text.as_bytes());
}

/// Waits until everything is written, but not for a reader that stalls.
pub fn finish() {
    STANDARD_ERROR.flush(LAST_LINES);
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    metrics::counter!("accord_panics_total").increment(1);
    let backtrace = Backtrace::capture();
    let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
    // A panic's message has two lines, the place and the reason; a log entry has one.
    tracing::error!(backtrace, "{}", panic.to_string().replace(char::is_control, " "));
}
