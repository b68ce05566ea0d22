//! The report for programs.

use serde_json::{Value, json as value};

use super::Report;
use crate::run::Status;

/// The report as JSON.
pub fn json(report: &Report) -> Value {
    let counts = report.counts();
    let outcomes = report.outcomes.iter().map(|outcome| {
        let (status, deviation, reason) = match &outcome.status {
            Status::Passed => ("passed", None, None),
            Status::Failed(deviation) => ("failed", Some(deviation), None),
            Status::KnownFailure(deviation, reason) => ("known failure", Some(deviation), Some(reason)),
            Status::UnexpectedPass(reason) => ("unexpected pass", None, Some(reason)),
            Status::NotRun(reason) => ("not run", None, Some(reason)),
        };
        let deviation = deviation.map(|deviation| {
            value!({
                "step": deviation.step,
                "place": deviation.place,
                "expected": deviation.expected,
                "came": deviation.came,
            })
        });
        value!({
            "case": outcome.case.name(),
            "summary": outcome.case.summary(),
            "documents": outcome.case.documents().1,
            "status": status,
            "reason": reason,
            "seconds": outcome.took.as_secs_f64(),
            "deviation": deviation,
            "steps": outcome.steps,
            "flow": outcome.flow,
            "packets": outcome.trace.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    value!({
        "url": report.url,
        "protocol": report.protocol,
        "seed": report.seed,
        "began": report.began,
        "seconds": report.took.as_secs_f64(),
        "passed": report.passed(),
        "counts": {
            "passed": counts.passed,
            "failed": counts.failed,
            "known_failures": counts.known,
            "unexpected_passes": counts.unexpected,
            "not_run": counts.not_run,
        },
        "cases": outcomes.collect::<Vec<_>>(),
        "coverage": report.coverage.as_ref().map(|table| {
            table.cells.iter().map(|cell| value!({
                "subject": cell.subject,
                "what": cell.what,
                "covered": cell.covered,
                "excused": cell.excuse,
            })).collect::<Vec<_>>()
        }),
    })
}
