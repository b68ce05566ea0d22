//! Explanations of a rule.

use super::{Explained, page::Page};
use crate::{
    diff::{self, Level, Tendency},
    lint::LintRule,
};

/// Of a rule of `accord lint`.
pub fn of_lint(rule: &LintRule) -> Page {
    let title = format!(
        "{}: a rule of `accord lint`, by default {}",
        rule.id,
        match rule.level.name() {
            "advice" => "advice".to_owned(),
            "error" => "an error".to_owned(),
            level => format!("a {level}"),
        }
    );
    Page::new(&title)
        .paragraph(rule.what)
        .rows("", &[("why".to_owned(), rule.reason.to_owned()), ("remedy".to_owned(), sentence(rule.remedy))])
        .code("Bad:", rule.bad())
        .code("Good:", rule.good())
        .code(
            "To make an exception:",
            &format!(
                "lint:\n  except:\n    - rule: {}\n      at: …        # as `accord lint --format json` names it\n      \
             reason: …    # a sentence",
                rule.id,
            ),
        )
}

/// Of a rule of `accord check`.
pub fn of_check(explained: &Explained) -> Page {
    let (bad, good) = explained.examples();
    Page::new(&format!("{}: an error of `accord check`", explained.id))
        .paragraph(explained.what)
        .rows("", &[("why".to_owned(), explained.reason.to_owned()), ("remedy".to_owned(), sentence(explained.remedy))])
        .code("Bad:", bad)
        .code("Good:", good)
}

/// Of a rule of `accord diff`.
pub fn of_diff(rule: &diff::DiffRule) -> Page {
    let breaks = |level| match rule.at(level) {
        Tendency::Never => "never",
        Tendency::Sometimes => "sometimes",
        Tendency::Always => "always",
    };
    let breaks = format!(
        "clients in the field {}, TypeScript sources {}, Rust sources {}",
        breaks(Level::Wire),
        breaks(Level::TypeScript),
        breaks(Level::Rust)
    );
    Page::new(&format!("{}: a rule of `accord diff`", rule.id)).paragraph(rule.about).rows(
        "",
        &[
            ("breaks".to_owned(), breaks),
            ("why".to_owned(), rule.why.to_owned()),
            ("instead".to_owned(), rule.instead.to_owned()),
        ],
    )
}

/// A remedy as a separate sentence.
fn sentence(remedy: &str) -> String {
    let mut letters = remedy.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}
