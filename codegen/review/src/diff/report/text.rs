//! For people, on a terminal.

use accord_language::diagnostic::{Sources, Span};
use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};

use super::{Report, Weight};
use crate::diff::{Finding, Level};

impl Report<'_> {
    /// The report as a text: failing findings with their lines on both sides, the reason and the remedy; the others in
    /// a line each; and the count. `colour` adds ANSI escapes.
    pub fn text(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for finding in self.of(Weight::Failure) {
            text.push_str(&self.detail(finding, &renderer));
            text.push_str("\n\n");
        }
        let style =
            |code: &str, text: &str| if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() };
        for (weight, title, colour) in [
            (Weight::Allowed, "allowed to break", "1;33"),
            (Weight::Warning, "breaking, on other levels", "1;33"),
            (Weight::Notice, "not breaking", "1;32"),
        ] {
            let lines: Vec<[String; 4]> = self.of(weight).map(|finding| self.line(finding)).collect();
            if lines.is_empty() {
                continue;
            }
            text.push_str(&format!("{}\n", style(colour, title)));
            let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
            let widths = [width(0), width(1)];
            for [rule, place, levels, sentence] in &lines {
                // Padded before it is styled: escapes have no width.
                let rule = style("1", &format!("{rule:0$}", widths[0]));
                text.push_str(&format!("  {rule}  {place:0$}  {sentence}{levels}\n", widths[1]));
            }
            text.push('\n');
        }
        text.push_str(&self.count());
        text.push('\n');
        text
    }

    fn of(&self, weight: Weight) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| self.weight(finding) == weight)
    }

    /// Rule, place, levels, and what is different.
    fn line(&self, finding: &Finding) -> [String; 4] {
        let (sources, span) = match (finding.new, finding.old) {
            (None, Some(old)) => (&self.old.sources, old),
            _ => (&self.new.sources, self.place(finding)),
        };
        let place = format!("{}:{}", sources.path(span.file), sources.position(span).0);
        let levels = match finding.breaks.anybody() {
            true => format!(" ({})", levels(finding).join(", ")),
            false => String::new(),
        };
        [finding.rule.id.to_owned(), place, levels, finding.sentence()]
    }

    fn detail(&self, finding: &Finding, renderer: &Renderer) -> String {
        let sentence = finding.sentence();
        let mut group = Group::with_title(Title::ERROR.primary_title(&*sentence).id(finding.rule.id));
        let both = finding.old.is_some() && finding.new.is_some();
        match finding.new {
            Some(new) => {
                let label = if both { "now" } else { "new" };
                group = group.element(snippet(&self.new.sources, new, AnnotationKind::Primary, label));
            }
            None if finding.old.is_none() => {
                group = group.element(snippet(&self.new.sources, finding.near, AnnotationKind::Primary, "here"));
            }
            None => {}
        }
        if let Some(old) = finding.old {
            let (kind, label) =
                if both { (AnnotationKind::Context, "before") } else { (AnnotationKind::Primary, "no longer there") };
            group = group.element(snippet(&self.old.sources, old, kind, label));
        }
        group = group.element(Title::NOTE.message(verdict(finding)));
        let group = group.element(Title::NOTE.message(finding.rule.why));
        renderer.render(&[group.element(Title::HELP.message(finding.rule.instead))])
    }
}

/// Whom a finding breaks, and by which messages.
fn verdict(finding: &Finding) -> String {
    let by = [("what clients send by", &finding.accepted_by), ("what the server sends by", &finding.sent_by)];
    let by = by.into_iter().filter(|(_, users)| !users.is_empty());
    let by: Vec<String> = by.map(|(what, users)| format!("{what} {}", users.join(", "))).collect();
    let breaks = format!("breaks {}", levels(finding).join(", "));
    if by.is_empty() { breaks } else { format!("{breaks}: {}", by.join("; ")) }
}

fn snippet<'s>(
    sources: &'s Sources,
    span: Span,
    kind: AnnotationKind,
    label: &'s str,
) -> Snippet<'s, annotate_snippets::Annotation<'s>> {
    sources.snippets(vec![(kind, span, label)]).remove(0)
}

fn levels(finding: &Finding) -> Vec<&'static str> {
    let name = |level| match level {
        Level::Wire => "the wire",
        Level::TypeScript => "TypeScript",
        Level::Rust => "Rust",
    };
    finding.breaks.levels().map(name).collect()
}
