//! The summary of a run, for people.

use super::Report;
use crate::{
    play::Deviation,
    run::{Outcome, Status},
};

/// Packets of a failure's record that are shown; the last ones.
const PACKETS: usize = 40;

/// All that failed, then the counts in a line.
pub fn summary(report: &Report) -> String {
    let mut text = String::new();
    for outcome in &report.outcomes {
        if outcome.status.fails() {
            text.push_str(&failure(outcome));
            text.push('\n');
        }
    }
    let not_run: Vec<_> =
        report.outcomes.iter().filter(|outcome| matches!(outcome.status, Status::NotRun(_))).collect();
    if !not_run.is_empty() {
        text.push_str("not run:\n");
        for outcome in not_run {
            if let Status::NotRun(why) = &outcome.status {
                text.push_str(&format!("  {}: {why}\n", outcome.case.name()));
            }
        }
        text.push('\n');
    }
    if let Some(table) = &report.coverage {
        let missing: Vec<String> = table.missing().map(|cell| format!("  {}: {}\n", cell.subject, cell.what)).collect();
        if !missing.is_empty() {
            text.push_str(&format!("not covered, {} of {}:\n{}\n", missing.len(), table.cells.len(), missing.concat()));
        }
    }
    let counts = report.counts();
    let mut parts = vec![format!("{} passed", counts.passed), format!("{} failed", counts.failed)];
    for (count, what) in [
        (counts.known, "failed as known"),
        (counts.unexpected, "passed although known to fail"),
        (counts.not_run, "not run"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if let Some(table) = &report.coverage {
        parts.push(format!("{} of {} cells covered", table.covered(), table.cells.len()));
    }
    text.push_str(&format!("{} in {:.1} s (seed {})\n", parts.join(", "), report.took.as_secs_f64(), report.seed));
    text
}

/// One failure: the steps so far, what was expected, what came, and the packets both ways.
pub fn failure(outcome: &Outcome) -> String {
    let mut text = format!("FAILED {}\n  {}\n", outcome.case.name(), outcome.case.summary());
    let deviation = match &outcome.status {
        Status::Failed(deviation) => deviation,
        Status::UnexpectedPass(reason) => {
            text.push_str(&format!(
                "  it passes, although it is known to fail: {reason}\n  remedy: remove it from the known failures\n"
            ));
            return text;
        }
        Status::Passed | Status::KnownFailure(..) | Status::NotRun(_) => return text,
    };
    let Deviation { step, place, expected, came } = deviation;
    if let Some(place) = place {
        text.push_str(&format!("  at {place}\n"));
    }
    text.push_str("  steps:\n");
    for (index, step) in outcome.steps.iter().enumerate() {
        text.push_str(&format!("    {:>2}. {step}\n", index + 1));
    }
    text.push_str(&format!("  step:     {step}\n  expected: {expected}\n  came:     {came}\n"));
    let skipped = outcome.trace.len().saturating_sub(PACKETS);
    text.push_str(if skipped == 0 { "  packets:\n" } else { "  packets (the last ones):\n" });
    for entry in &outcome.trace[skipped..] {
        text.push_str(&format!("    {entry}\n"));
    }
    if let Some(flow) = &outcome.flow {
        text.push_str("  the shortest flow that shows it; save it to a file, and run it with --flows FILE:\n");
        flow.lines().for_each(|line| text.push_str(&format!("    {line}\n")));
    }
    text
}
