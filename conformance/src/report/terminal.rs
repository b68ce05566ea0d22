//! The progress of a run on the terminal.

use std::{
    collections::BTreeSet,
    io::{IsTerminal, Write},
    sync::{Mutex, PoisonError},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    case::Case,
    run::{Outcome, Progress, Status},
};

/// Writes to standard error. If that is closed, the report and the exit status still show the result.
pub fn print_error(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).ok();
}

/// Shows the progress of a run on standard error: a bar on a terminal, else a line for each case.
#[derive(Debug)]
pub struct Terminal {
    bar: Option<ProgressBar>,
    running: Mutex<BTreeSet<String>>,
}

impl Terminal {
    /// Begins the progress of this many cases.
    pub fn new(cases: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{elapsed:>4} {bar:30} {pos}/{len} {wide_msg}");
            let bar = ProgressBar::new(cases as u64);
            bar.set_style(style.expect("a constant template"));
            bar
        });
        Terminal { bar, running: Mutex::default() }
    }

    /// Removes the bar.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, line: String) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => print_error(&format!("{line}\n")),
        }
    }

    fn running(&self, change: impl FnOnce(&mut BTreeSet<String>)) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut running);
        if let Some(bar) = &self.bar {
            bar.set_message(running.iter().next().cloned().unwrap_or_default());
        }
    }
}

impl Progress for Terminal {
    fn started(&self, case: &Case) {
        self.running(|running| {
            running.insert(case.name().to_owned());
        });
    }

    fn finished(&self, outcome: &Outcome) {
        let name = outcome.case.name();
        self.running(|running| {
            running.remove(name);
        });
        let milliseconds = outcome.took.as_millis();
        match &outcome.status {
            Status::Passed if self.bar.is_some() => {}
            Status::Passed => self.line(format!("ok      {name} ({milliseconds} ms)")),
            Status::Failed(deviation) => self.line(format!("FAILED  {name} ({milliseconds} ms): {deviation}")),
            Status::KnownFailure(_, reason) => self.line(format!("known   {name} ({milliseconds} ms): {reason}")),
            Status::UnexpectedPass(reason) => {
                self.line(format!("PASSED  {name}, although it is known to fail: {reason}"))
            }
            Status::NotRun(reason) => self.line(format!("not run {name}: {reason}")),
        }
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }
}
