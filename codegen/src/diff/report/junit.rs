//! For continuous integration, which shows it as tests.

use super::{Report, Weight};
use crate::diff::Finding;

impl Report<'_> {
    /// A test for each finding: one that fails where it breaks what must not be broken.
    pub fn junit(&self) -> String {
        let count = |weight| self.findings.iter().filter(|finding| self.weight(finding) == weight).count();
        let (tests, failures, skipped) = (self.findings.len(), count(Weight::Failure), count(Weight::Allowed));
        let name = escape(&format!("accord diff {} {}", self.names[0], self.names[1]));
        let cases: String = self.findings.iter().map(|finding| self.case(finding)).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\">\n  \
             <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\">\n\
             {cases}  </testsuite>\n</testsuites>\n"
        )
    }

    fn case(&self, finding: &Finding) -> String {
        let place = self.place(finding).map(|span| {
            let (line, _) = self.new.sources.position(span);
            format!(" file=\"{}\" line=\"{line}\"", escape(self.new.sources.path(span.file)))
        });
        let (rule, sentence) = (finding.rule.id, escape(&finding.sentence()));
        let levels: Vec<&str> = finding.breaks.levels().map(crate::diff::Level::name).collect();
        let head = format!("    <testcase classname=\"{rule}\" name=\"{sentence}\"{}", place.unwrap_or_default());
        match self.weight(finding) {
            Weight::Failure => {
                let old = finding.old.map(|span| format!("was at {}\n", self.old.sources.location(span)));
                let body = format!(
                    "breaks {}\n{}{}\ninstead: {}",
                    levels.join(", "),
                    old.unwrap_or_default(),
                    finding.rule.why,
                    finding.rule.instead
                );
                format!(
                    "{head}>\n      <failure type=\"{rule}\" message=\"{sentence}\">{}</failure>\n    </testcase>\n",
                    escape(&body)
                )
            }
            Weight::Allowed => {
                format!(
                    "{head}>\n      <skipped message=\"allowed to break {}\"/>\n    </testcase>\n",
                    levels.join(", ")
                )
            }
            Weight::Warning => {
                format!("{head}>\n      <system-out>breaks {}</system-out>\n    </testcase>\n", levels.join(", "))
            }
            Weight::Notice => format!("{head}/>\n"),
        }
    }
}

/// Text in XML, inside and outside of attributes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no other control characters.
            control if control.is_control() && !['\n', '\t'].contains(&control) => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
