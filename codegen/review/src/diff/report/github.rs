//! For GitHub Actions, which shows it beside the lines of a change.

use super::{Report, Weight};

impl Report<'_> {
    /// An annotation for each finding, as a workflow command: an error where it breaks what must not break, a
    /// warning where it breaks something else, a notice where it breaks nobody or is allowed.
    pub fn github(&self) -> String {
        let mut commands = String::new();
        for finding in self.findings {
            let command = match self.weight(finding) {
                Weight::Failure => "error",
                Weight::Warning => "warning",
                Weight::Allowed | Weight::Notice => "notice",
            };
            let span = self.place(finding);
            let (line, column) = self.new.sources.position(span);
            let place = format!("file={},line={line},col={column},", property(self.new.sources.path(span.file)));
            let levels: Vec<&str> = finding.breaks.levels().map(crate::diff::Level::name).collect();
            let verdict = if levels.is_empty() { "nobody".to_owned() } else { levels.join(", ") };
            let message = format!(
                "{}\nBreaks {verdict}. {}\nInstead: {}",
                finding.sentence(),
                finding.rule.why,
                finding.rule.instead
            );
            let title = property(&format!("accord diff: {}", finding.rule.id));
            commands.push_str(&format!("::{command} {place}title={title}::{}\n", data(&message)));
        }
        commands.push_str(&format!("{}\n", self.count()));
        commands
    }
}

/// Text after the second `::` of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
