//! JUnit XML, as continuous integration reads it.

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::{Report, failure};
use crate::run::{Outcome, Status};

/// Returns the report as JUnit XML: a suite for each file of flows, a test case for each case.
pub fn junit(report: &Report) -> String {
    let mut suites = Suites::new("accord-conformance");
    suites.set_time(report.took);
    for of_suite in report.outcomes.chunk_by(|one, next| names(one).0 == names(next).0) {
        let mut suite = TestSuite::new(names(&of_suite[0]).0);
        suite.add_test_cases(of_suite.iter().map(test_case));
        suites.add_test_suite(suite);
    }
    suites.to_string().expect("a report is written to memory")
}

/// The names of an outcome's suite and of its case there.
fn names(outcome: &Outcome) -> (&str, &str) {
    let name = outcome.case.name();
    name.split_once('/').unwrap_or((name, name))
}

fn test_case(outcome: &Outcome) -> TestCase {
    let status = match &outcome.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Failed(deviation) => {
            let mut failed = TestCaseStatus::non_success(NonSuccessKind::Failure);
            failed.set_message(deviation.to_string().replace('\n', " ")).set_description(failure(outcome));
            failed
        }
        Status::UnexpectedPass(reason) => {
            let mut failed = TestCaseStatus::non_success(NonSuccessKind::Failure);
            failed.set_message(format!("passed although known to fail: {reason}"));
            failed
        }
        Status::KnownFailure(_, reason) => skipped(&format!("failed as known: {reason}")),
        Status::NotRun(reason) => skipped(reason),
    };
    let (suite, case) = names(outcome);
    let mut test_case = TestCase::new(case, status);
    test_case.set_classname(suite).set_time(outcome.took);
    test_case
}

fn skipped(reason: &str) -> TestCaseStatus {
    let mut skipped = TestCaseStatus::skipped();
    skipped.set_message(reason);
    skipped
}
