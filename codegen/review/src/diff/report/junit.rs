//! JUnit XML for continuous integration, which shows findings as tests.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{Report, Weight};
use crate::diff::{Finding, Level};

impl Report<'_> {
    /// Returns a test for each finding; one that breaks a level that must not break fails.
    pub fn junit(&self) -> String {
        let mut suite = TestSuite::new(format!("accord diff {} {}", self.names[0], self.names[1]));
        suite.add_test_cases(self.findings.iter().map(|finding| self.test_case(finding)));
        let mut suites = quick_junit::Report::unnamed();
        suites.add_test_suite(suite);
        suites.to_string().expect("a report is written to memory")
    }

    fn test_case(&self, finding: &Finding) -> TestCase {
        let (rule, weight) = (finding.rule, self.weight(finding));
        let levels = finding.breaks.levels().map(Level::name).collect::<Vec<_>>().join(", ");
        let status = match weight {
            Weight::Failure => {
                let old = finding.old.map(|span| format!("was at {}\n", self.old.sources.location(span)));
                let old = old.unwrap_or_default();
                let mut failed = TestCaseStatus::non_success(NonSuccessKind::Failure);
                failed.set_type(rule.id).set_message(finding.sentence());
                failed.set_description(format!("breaks {levels}\n{old}{}\ninstead: {}", rule.why, rule.instead));
                failed
            }
            Weight::Allowed => {
                let mut allowed = TestCaseStatus::skipped();
                allowed.set_message(format!("allowed to break {levels}"));
                allowed
            }
            Weight::Warning | Weight::Notice => TestCaseStatus::success(),
        };
        let mut test_case = TestCase::new(finding.sentence(), status);
        test_case.set_classname(rule.id);
        if weight == Weight::Warning {
            test_case.set_system_out(format!("breaks {levels}"));
        }
        let span = self.place(finding);
        let (line, _) = self.new.sources.position(span);
        test_case.extra.insert("file".into(), self.new.sources.path(span.file).into());
        test_case.extra.insert("line".into(), line.to_string().into());
        test_case
    }
}
