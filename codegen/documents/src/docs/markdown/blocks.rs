//! The blocks of sections, as Markdown.

use super::{diagram, links::Links};
use crate::docs::page::{Anchor, Block, FieldRow, Rich, Row, Sample};

/// A block, after an empty line.
pub(super) fn block(block: &Block, links: &Links<'_>) -> String {
    match block {
        Block::Paragraph(text) if text.is_empty() => String::new(),
        Block::Paragraph(text) => format!("\n{}\n", links.rich(text)),
        Block::List(items) => list("-", items, links),
        Block::Steps(items) => list("1.", items, links),
        Block::Heading { text, anchor } => format!("\n{}**{}**\n", html_anchor(anchor.as_ref()), links.rich(text)),
        Block::Warning(text) => format!("\n> [!WARNING]\n> {}\n", links.rich(text)),
        Block::Facts(facts) => {
            let facts = facts.iter().map(|(term, text)| format!("- {term}: {}\n", links.rich(text)));
            format!("\n{}", facts.collect::<String>())
        }
        Block::Fields(rows) => fields(rows, links),
        Block::Table { columns, rows } => {
            let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
            table(&columns, rows.iter().map(|row| self::row(row, links)))
        }
        Block::Sample(sample) => self::sample(sample),
        Block::Diagram(flow) => diagram::mermaid(flow),
    }
}

fn list(mark: &str, items: &[Rich], links: &Links<'_>) -> String {
    let items = items.iter().map(|item| format!("{mark} {}\n", links.rich(item)));
    format!("\n{}", items.collect::<String>())
}

/// Something to copy, in every language that it is in.
pub(super) fn sample(sample: &Sample) -> String {
    let before = sample.in_javascript().map(|sample| self::sample(&sample)).unwrap_or_default();
    let Sample { title, language, text, .. } = sample;
    format!("{before}\n{title}:\n\n```{language}\n{}\n```\n", text.trim_end())
}

fn fields(rows: &[FieldRow], links: &Links<'_>) -> String {
    let placed = rows.iter().any(|row| row.place.is_some());
    let mut columns = vec!["Field".to_owned(), "Type".to_owned(), "Required".to_owned()];
    if placed {
        columns.push("In".to_owned());
    }
    columns.push("Description".to_owned());
    let row = |row: &FieldRow| {
        let mut cells = vec![cell(&vec![crate::docs::page::code(&row.name)], links), cell(&row.ty, links)];
        cells.push(if row.required { "yes" } else { "no" }.to_owned());
        if placed {
            cells.push(row.place.unwrap_or_default().to_owned());
        }
        cells.push(row.text.iter().map(|text| cell(text, links)).collect::<Vec<_>>().join(" "));
        cells
    };
    table(&columns, rows.iter().map(row))
}

fn row(row: &Row, links: &Links<'_>) -> Vec<String> {
    let mut cells: Vec<String> = row.cells.iter().map(|text| cell(text, links)).collect();
    if let Some(first) = cells.first_mut() {
        *first = format!("{}{first}", html_anchor(row.anchor.as_ref()));
    }
    cells
}

fn cell(text: &Rich, links: &Links<'_>) -> String {
    links.rich(text).replace('|', r"\|").replace('\n', " ")
}

fn table(columns: &[String], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule: Vec<String> = columns.iter().map(|_| "---".to_owned()).collect();
    let rows: String = rows.map(|cells| line(&cells)).collect();
    format!("\n{}{}{rows}", line(columns), line(&rule))
}

/// The HTML element that links to an anchor lead to.
fn html_anchor(anchor: Option<&Anchor>) -> String {
    anchor.map(|anchor| format!("<a id=\"{}\"></a>", anchor.id())).unwrap_or_default()
}
