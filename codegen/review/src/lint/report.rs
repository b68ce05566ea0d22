//! Reports of findings, for people, for programs, and for GitHub's annotations.

use std::fmt::Write as _;

use accord_language::diagnostic::{Diagnostic, Sources, Span, renderer};
use annotate_snippets as snippets;
use serde_json::json;

use super::{Level, LintRule};

/// The findings in a schema, in the order of its files and lines.
#[derive(Debug)]
pub struct Report<'s> {
    sources: &'s Sources,
    /// The findings.
    pub list: Vec<Reported>,
}

/// Something that was found.
#[derive(Debug)]
pub struct Reported {
    /// The rule that it breaks.
    pub rule: &'static LintRule,
    /// Its level in this schema.
    pub level: Level,
    /// The name of the declaration, as exceptions give it: `send_message.content`.
    pub at: String,
    /// The finding, with its place, the reason and the remedy.
    pub diagnostic: Diagnostic,
}

/// The format of a report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// With source lines, for people; in colour where asked for.
    Text {
        /// `true` adds ANSI escapes.
        colour: bool,
    },
    /// A list of objects.
    Json,
    /// Workflow commands by which GitHub shows what was found beside the lines of a change.
    GitHub,
}

impl<'s> Report<'s> {
    pub(super) fn new(sources: &'s Sources, mut list: Vec<Reported>) -> Self {
        list.sort_by_key(|reported| reported.span());
        Report { sources, list }
    }

    /// The number of findings with this level.
    pub fn count(&self, level: Level) -> usize {
        self.list.iter().filter(|reported| reported.level == level).count()
    }

    /// The report as a text.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text { colour } => self.text(colour),
            Format::Json => self.json(),
            Format::GitHub => self.github(),
        }
    }

    /// `0 errors, 2 warnings, 1 piece of advice`
    pub fn summary(&self) -> String {
        let [errors, warnings, advice] = [Level::Error, Level::Warning, Level::Advice].map(|level| self.count(level));
        let counted = |count: usize, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {many}"),
        };
        let parts = [
            counted(errors, "error", "errors"),
            counted(warnings, "warning", "warnings"),
            counted(advice, "piece of advice", "pieces of advice"),
        ];
        parts.join(", ")
    }

    fn text(&self, colour: bool) -> String {
        let renderer = renderer(colour);
        let mut text = String::new();
        for Reported { level, diagnostic, .. } in &self.list {
            let level = match level {
                Level::Error => snippets::Level::ERROR,
                Level::Warning => snippets::Level::WARNING,
                Level::Advice => snippets::Level::INFO.with_name("advice"),
            };
            text += &renderer.render(&[self.sources.group(diagnostic, level)]);
            text += "\n\n";
        }
        text + &self.summary() + "\n"
    }

    fn json(&self) -> String {
        let list = self.list.iter().map(|reported| {
            let Reported { rule, level, at, diagnostic } = reported;
            let (line, column) = self.sources.position(reported.span());
            json!({
                "rule": rule.id,
                "level": level.name(),
                "at": at,
                "file": self.sources.path(reported.span().file),
                "line": line,
                "column": column,
                "message": diagnostic.message,
                "reason": diagnostic.note,
                "help": diagnostic.help,
            })
        });
        format!("{:#}\n", list.collect::<serde_json::Value>())
    }

    fn github(&self) -> String {
        let mut text = String::new();
        for reported in &self.list {
            let Reported { rule, level, diagnostic, .. } = reported;
            let (line, column) = self.sources.position(reported.span());
            let command = match level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Advice => "notice",
            };
            let mut message = diagnostic.message.clone();
            for more in [&diagnostic.note, &diagnostic.help].into_iter().flatten() {
                message = message + "\n" + more;
            }
            let file = escaped(self.sources.path(reported.span().file)).replace(':', "%3A").replace(',', "%2C");
            let message = escaped(&message);
            writeln!(text, "::{command} file={file},line={line},col={column},title={}::{message}", rule.id)
                .expect("a string takes all that is written");
        }
        text
    }
}

impl Reported {
    fn span(&self) -> Span {
        self.diagnostic.primary.as_ref().expect("a finding has a place").span
    }
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
