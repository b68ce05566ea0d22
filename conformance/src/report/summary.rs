//! The summary of a run, for people.

use indexmap::{IndexMap, map::Entry};

use super::{Report, cause::cause};
use crate::{
    play::Deviation,
    run::{Outcome, Status},
};

/// Packets of a failure's record that are shown; the last ones.
const PACKETS: usize = 40;

/// The maximum number of cases that are named in one place.
const NAMES: usize = 10;

/// One failure for each cause, then the counts on one line.
pub fn summary(report: &Report) -> String {
    let mut text = String::new();
    for (first, others) in by_cause(&report.outcomes) {
        text.push_str(&failure(first));
        if !others.is_empty() {
            text.push_str(&format!("  probably the same cause: {}\n", listed(&others)));
        }
        text.push('\n');
    }
    let mut not_run: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for outcome in &report.outcomes {
        if let Status::NotRun(why) = &outcome.status {
            not_run.entry(why).or_default().push(outcome.case.name());
        }
    }
    for (why, names) in not_run {
        text.push_str(&format!("not run, because {why}: {}\n\n", listed(&names)));
    }
    if let Some(table) = &report.coverage {
        let mut missing: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for cell in table.missing() {
            missing.entry(&cell.subject).or_default().push(&cell.what);
        }
        if !missing.is_empty() {
            let count = missing.values().map(Vec::len).sum::<usize>();
            text.push_str(&format!("not covered, {count} of {}:\n", table.cells.len()));
            for (subject, cells) in missing {
                text.push_str(&format!("  {subject}: {}\n", cells.join(", ")));
            }
            text.push('\n');
        }
    }
    text.push_str(report.advice.as_deref().unwrap_or_default());
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

/// The first failure of each cause, with the names of the other cases that seem to have the same cause.
fn by_cause(outcomes: &[Outcome]) -> Vec<(&Outcome, Vec<&str>)> {
    let mut causes: IndexMap<String, (&Outcome, Vec<&str>)> = IndexMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.status.fails()) {
        let cause = match &outcome.status {
            Status::Failed(deviation) => cause(deviation),
            _ => outcome.case.name().to_owned(),
        };
        match causes.entry(cause) {
            Entry::Vacant(entry) => {
                entry.insert((outcome, Vec::new()));
            }
            Entry::Occupied(mut entry) => entry.get_mut().1.push(outcome.case.name()),
        }
    }
    causes.into_values().collect()
}

/// The first names, and how many more there are.
fn listed(names: &[&str]) -> String {
    let shown = names[..names.len().min(NAMES)].join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// One failure: the steps so far, the expected and the actual packet, and the traffic in both directions.
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
    text.push_str(&format!("  step:     {step}\n  expected: {expected}\n  got:      {came}\n"));
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

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use super::*;
    use crate::{case::catalogue, protocol::Protocol};

    #[test]
    fn failures_with_the_same_cause_are_shown_once() {
        let protocol = Protocol::embedded().unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
        let cases = catalogue(&protocol, &[], 0).unwrap().into_iter().take(20).map(Arc::new);
        let outcomes = cases.enumerate().map(|(index, case)| {
            let came = match index {
                19 => "nothing within 10s".to_owned(),
                _ => format!(r#"the error {{"code":"unknown_event","event":"typing_start","requestId":{index}}}"#),
            };
            let status = Status::Failed(Deviation::new(case.name(), "success", came));
            Outcome { case, status, took: Duration::ZERO, steps: Vec::new(), trace: Vec::new(), flow: None }
        });
        let report = Report {
            url: "http://127.0.0.1:9".to_owned(),
            protocol: "chat 1.2.0".to_owned(),
            seed: 1,
            began: "2026-01-31T09:30:00Z".to_owned(),
            took: Duration::ZERO,
            outcomes: outcomes.collect(),
            coverage: None,
            advice: None,
        };
        let text = summary(&report);
        assert_eq!(text.matches("FAILED ").count(), 2, "{text}");
        assert!(text.contains(" and 8 more\n") && text.contains("0 passed, 20 failed in"), "{text}");
    }
}
