//! The output: a section for each change, with a line for each of its steps.

use std::{
    env,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::terminal::{is_colourful, print};

/// The terminal or pipe that it goes to.
pub struct Screen {
    /// Whether it is a terminal, which can be cleared.
    is_screen: bool,
    /// Whether colours are welcome.
    pub colour: bool,
}

/// The outcome of a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Success.
    Good,
    /// Nothing to do.
    Idle,
    /// Failure.
    Bad,
}

impl Screen {
    /// Standard output.
    pub fn new() -> Self {
        Screen { is_screen: io::stdout().is_terminal(), colour: is_colourful(&io::stdout()) }
    }

    /// Begins a section, with what has changed. A screen is cleared, and can be scrolled back.
    pub fn section(&self, changed: &[PathBuf]) -> Result<(), String> {
        let clear = if self.is_screen { "\x1b[2J\x1b[H" } else { "\n" };
        let title = match changed {
            [] => "from the beginning".to_owned(),
            [one] => from_here(one).display().to_string(),
            [one, others @ ..] => format!("{} and {} more", from_here(one).display(), others.len()),
        };
        print(&format!("{clear}{}\n", self.styled("1", &title)))
    }

    /// Prints the outcome of a step, and its duration.
    pub fn step(&self, what: &str, took: Duration, outcome: Outcome, detail: &str) -> Result<(), String> {
        let colour = match outcome {
            Outcome::Good => "32",
            Outcome::Idle => "2",
            Outcome::Bad => "31",
        };
        let what = self.styled(colour, &format!("{what:<9}"));
        let took = self.styled("2", &format!("{:>7}", time(took)));
        print(&format!("{}\n", format!("  {what} {took}  {detail}").trim_end()))
    }

    /// Shows a text as it is.
    pub fn text(&self, text: &str) -> Result<(), String> {
        print(text)
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// A path as it is written here: cargo names sources by their whole paths.
fn from_here(path: &Path) -> PathBuf {
    let here = env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    here.unwrap_or_else(|| path.to_owned())
}

/// `12 ms`, `3.45 s`
fn time(took: Duration) -> String {
    match took.as_millis() {
        millis @ ..1_000 => format!("{millis} ms"),
        _ => format!("{:.2} s", took.as_secs_f64()),
    }
}
