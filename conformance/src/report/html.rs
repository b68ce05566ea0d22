//! One self-contained page: the flows, the coverage table, and the packets of failed cases.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Report;
use crate::{
    coverage::Table,
    run::{Outcome, Status},
};

const STYLE: &str = "
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .2rem .6rem; border-bottom: 1px solid #8883; vertical-align: top; }
pre { background: #8881; padding: .6rem; overflow: auto; max-height: 30rem; font-size: .8rem; }
details { margin: .2rem 0; } summary { cursor: pointer; }
.passed { color: #16803c; } .failed { color: #c81e1e; } .other { color: #9a6700; }
.time { color: #888; float: right; }
dt { font-weight: 600; } dd { margin: 0 0 .4rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
";

/// Returns the report as a page.
pub fn html(report: &Report) -> String {
    let counts = report.counts();
    let (class, verdict) =
        if report.passed() { ("passed", "follows the protocol") } else { ("failed", "does not follow the protocol") };
    let failed: Vec<&Outcome> = report.outcomes.iter().filter(|outcome| outcome.status.fails()).collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { "Conformance of " (report.url) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (report.url) " " span class=(class) { (verdict) } }
                p {
                    (report.protocol) " · " (report.began) " · " (format!("{:.1}", report.took.as_secs_f64())) " s · seed "
                    (report.seed) " · " (counts.passed) " passed, " (counts.failed) " failed, " (counts.known)
                    " failed as known, " (counts.unexpected) " passed although known to fail, " (counts.not_run) " not run"
                }
                @if !failed.is_empty() {
                    h2 { "What failed" }
                    @for outcome in failed { (case(outcome, true)) }
                }
                h2 { "All cases" }
                @for outcomes in report.outcomes.chunk_by(|one, next| suite(one) == suite(next)) {
                    h3 { (suite(&outcomes[0])) }
                    @for outcome in outcomes { (case(outcome, false)) }
                }
                @if let Some(table) = &report.coverage { (coverage(table)) }
            }
        }
    };
    page.into_string()
}

fn suite(outcome: &Outcome) -> &str {
    outcome.case.name().split('/').next().unwrap_or_default()
}

fn case(outcome: &Outcome, open: bool) -> Markup {
    let (class, word) = match &outcome.status {
        Status::Passed => ("passed", "passed".to_owned()),
        Status::Failed(_) => ("failed", "failed".to_owned()),
        Status::KnownFailure(_, reason) => ("other", format!("failed as known: {reason}")),
        Status::UnexpectedPass(reason) => ("failed", format!("passed although known to fail: {reason}")),
        Status::NotRun(reason) => ("other", format!("not run: {reason}")),
    };
    let deviation = match &outcome.status {
        Status::Failed(deviation) | Status::KnownFailure(deviation, _) => Some(deviation),
        _ => None,
    };
    let (description, documents) = outcome.case.documents();
    html! {
        details open[open] {
            summary {
                span.time { (format!("{:.0}", outcome.took.as_secs_f64() * 1000.0)) " ms" }
                span class=(class) { (word) }
                " " (outcome.case.name()) " – " (outcome.case.summary())
            }
            @if let Some(description) = description { p { (description) } }
            p { "Documents: " (documents.join(", ")) }
            @if let Some(deviation) = deviation {
                dl {
                    dt { "step" }
                    dd { (deviation.step) " " small { (deviation.place.as_deref().unwrap_or_default()) } }
                    dt { "expected" }
                    dd { (deviation.expected) }
                    dt { "got" }
                    dd { (deviation.came) }
                }
            }
            ol { @for step in &outcome.steps { li { (step) } } }
            @if !outcome.trace.is_empty() {
                pre { @for entry in &outcome.trace { (entry) "\n" } }
            }
            @if let Some(flow) = &outcome.flow {
                p { "The shortest flow that shows it:" }
                pre { (flow) }
            }
        }
    }
}

fn coverage(table: &Table) -> Markup {
    html! {
        h2 { "Coverage: " (table.covered()) " of " (table.cells.len()) }
        table {
            @for cells in table.cells.chunk_by(|one, next| one.subject == next.subject) {
                tr {
                    th { (cells[0].subject) }
                    td {
                        @for (index, cell) in cells.iter().enumerate() {
                            @if index > 0 { " · " }
                            @match (cell.covered, &cell.excuse) {
                                (true, _) => { span.passed { (cell.what) } }
                                (false, Some(excuse)) => { span.other title=(excuse) { (cell.what) } }
                                (false, None) => { b.failed { (cell.what) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
