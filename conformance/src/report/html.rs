//! One page that needs nothing else: the flows, the coverage table, and what was said where something failed.

use super::{Report, escape};
use crate::run::{Outcome, Status};

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

/// The report as a page.
pub fn html(report: &Report) -> String {
    let counts = report.counts();
    let verdict =
        if report.passed() { ("passed", "holds to the protocol") } else { ("failed", "does not hold to the protocol") };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Conformance of {url}</title>\n<style>{STYLE}</style>\n<h1>{url} <span class=\"{}\">{}</span></h1>\n\
         <p>{} · {} · {:.1} s · seed {} · {} passed, {} failed, {} failed as known, {} passed although known to fail, {} not run</p>\n",
        verdict.0,
        verdict.1,
        escape(&report.protocol),
        escape(&report.began),
        report.took.as_secs_f64(),
        report.seed,
        counts.passed,
        counts.failed,
        counts.known,
        counts.unexpected,
        counts.not_run,
        url = escape(&report.url),
    );
    let failed: Vec<&Outcome> = report.outcomes.iter().filter(|outcome| outcome.status.fails()).collect();
    if !failed.is_empty() {
        page.push_str("<h2>What failed</h2>\n");
        failed.iter().for_each(|outcome| page.push_str(&case(outcome, true)));
    }
    page.push_str("<h2>All cases</h2>\n");
    let mut suite = "";
    for outcome in &report.outcomes {
        let of = outcome.case.name().split('/').next().unwrap_or_default();
        if of != suite {
            suite = of;
            page.push_str(&format!("<h3>{}</h3>\n", escape(suite)));
        }
        page.push_str(&case(outcome, false));
    }
    if let Some(table) = &report.coverage {
        page.push_str(&format!("<h2>Coverage: {} of {}</h2>\n<table>\n", table.covered(), table.cells.len()));
        let mut subjects: Vec<&str> = table.cells.iter().map(|cell| cell.subject.as_str()).collect();
        subjects.dedup();
        for subject in subjects {
            let cells = table.cells.iter().filter(|cell| cell.subject == subject).map(|cell| {
                match (cell.covered, &cell.excuse) {
                    (true, _) => format!("<span class=\"passed\">{}</span>", escape(&cell.what)),
                    (false, Some(excuse)) => {
                        format!("<span class=\"other\" title=\"{}\">{}</span>", escape(excuse), escape(&cell.what))
                    }
                    (false, None) => format!("<b class=\"failed\">{}</b>", escape(&cell.what)),
                }
            });
            page.push_str(&format!("<tr><th>{}<td>{}\n", escape(subject), cells.collect::<Vec<_>>().join(" · ")));
        }
        page.push_str("</table>\n");
    }
    page.push_str("</html>\n");
    page
}

fn case(outcome: &Outcome, open: bool) -> String {
    let (class, word) = match &outcome.status {
        Status::Passed => ("passed", "passed".to_owned()),
        Status::Failed(_) => ("failed", "failed".to_owned()),
        Status::KnownFailure(_, reason) => ("other", format!("failed as known: {reason}")),
        Status::UnexpectedPass(reason) => ("failed", format!("passed although known to fail: {reason}")),
        Status::NotRun(reason) => ("other", format!("not run: {reason}")),
    };
    let (description, documents) = outcome.case.documents();
    let mut text = format!(
        "<details{}><summary><span class=\"time\">{:.0} ms</span><span class=\"{class}\">{}</span> {} – {}</summary>\n",
        if open { " open" } else { "" },
        outcome.took.as_secs_f64() * 1000.0,
        escape(&word),
        escape(outcome.case.name()),
        escape(outcome.case.summary()),
    );
    if let Some(description) = description {
        text.push_str(&format!("<p>{}</p>\n", escape(description)));
    }
    text.push_str(&format!("<p>Documents: {}</p>\n", escape(&documents.join(", "))));
    if let Status::Failed(deviation) | Status::KnownFailure(deviation, _) = &outcome.status {
        let place = deviation.place.as_deref().unwrap_or_default();
        text.push_str(&format!(
            "<dl><dt>step<dd>{} <small>{}</small><dt>expected<dd>{}<dt>came<dd>{}</dl>\n",
            escape(&deviation.step),
            escape(place),
            escape(&deviation.expected),
            escape(&deviation.came),
        ));
    }
    let steps: String = outcome.steps.iter().map(|step| format!("<li>{}\n", escape(step))).collect();
    text.push_str(&format!("<ol>{steps}</ol>\n"));
    if !outcome.trace.is_empty() {
        let trace: String = outcome.trace.iter().map(|entry| format!("{}\n", escape(&entry.to_string()))).collect();
        text.push_str(&format!("<pre>{trace}</pre>\n"));
    }
    if let Some(flow) = &outcome.flow {
        text.push_str(&format!("<p>The shortest flow that shows it:</p>\n<pre>{}</pre>\n", escape(flow)));
    }
    text.push_str("</details>\n");
    text
}
