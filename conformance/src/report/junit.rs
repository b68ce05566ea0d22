//! JUnit XML, as continuous integration reads it.

use super::{Report, escape, failure};
use crate::run::Status;

/// The report as JUnit XML: a suite for each file of flows, a test case for each case.
pub fn junit(report: &Report) -> String {
    let counts = report.counts();
    let failures = counts.failed + counts.unexpected;
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"accord-conformance\" tests=\"{}\" failures=\"{failures}\" \
         skipped=\"{}\" time=\"{:.3}\">\n",
        report.outcomes.len(),
        counts.not_run + counts.known,
        report.took.as_secs_f64(),
    );
    let mut suites: Vec<&str> = report.outcomes.iter().map(|outcome| suite(outcome.case.name())).collect();
    suites.dedup();
    for name in suites {
        let cases: Vec<_> = report.outcomes.iter().filter(|outcome| suite(outcome.case.name()) == name).collect();
        let failed = cases.iter().filter(|outcome| outcome.status.fails()).count();
        xml.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">\n",
            escape(name),
            cases.len()
        ));
        for outcome in cases {
            let case = outcome.case.name().split_once('/').map_or(outcome.case.name(), |(_, case)| case);
            let seconds = outcome.took.as_secs_f64();
            let open =
                format!("    <testcase classname=\"{}\" name=\"{}\" time=\"{seconds:.3}\"", escape(name), escape(case));
            match &outcome.status {
                Status::Passed => xml.push_str(&format!("{open}/>\n")),
                Status::Failed(deviation) => {
                    let message = escape(&deviation.to_string().replace('\n', " "));
                    let text = escape(&failure(outcome));
                    xml.push_str(&format!(
                        "{open}>\n      <failure message=\"{message}\">{text}</failure>\n    </testcase>\n"
                    ));
                }
                Status::UnexpectedPass(reason) => {
                    let message = escape(&format!("passed although known to fail: {reason}"));
                    xml.push_str(&format!("{open}>\n      <failure message=\"{message}\"/>\n    </testcase>\n"));
                }
                Status::KnownFailure(_, reason) => {
                    let message = escape(&format!("failed as known: {reason}"));
                    xml.push_str(&format!("{open}>\n      <skipped message=\"{message}\"/>\n    </testcase>\n"));
                }
                Status::NotRun(reason) => {
                    xml.push_str(&format!(
                        "{open}>\n      <skipped message=\"{}\"/>\n    </testcase>\n",
                        escape(reason)
                    ));
                }
            }
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn suite(case: &str) -> &str {
    case.split_once('/').map_or(case, |(suite, _)| suite)
}
