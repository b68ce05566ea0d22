//! The blocks of sections, as HTML.

use super::{diagram, escape, examples::Examples, rich::rich};
use crate::docs::page::{Anchor, Block, FieldRow, Inline, Rich, Row, Sample};

/// A block.
pub(super) fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => paragraph(text),
        Block::List(items) => format!("<ul>{}</ul>", list(items)),
        Block::Steps(items) => format!("<ol>{}</ol>", list(items)),
        Block::Heading { text, anchor } => format!("<h4{}>{}</h4>", id(anchor.as_ref()), rich(text)),
        Block::Warning(text) => format!("<p class=warning>{}\n", rich(text)),
        Block::Facts(facts) => {
            let facts = facts.iter().map(|(term, text)| format!("<dt>{term}<dd>{}\n", rich(text)));
            format!("<dl>{}</dl>", facts.collect::<String>())
        }
        Block::Fields(rows) => {
            format!("<dl class=fields>{}</dl>", rows.iter().map(field).collect::<String>())
        }
        Block::Table { columns, rows } => table(columns, rows),
        Block::Sample(sample) => self::sample(sample),
        Block::Diagram(flow) => diagram::write(flow),
    }
}

fn list(items: &[Rich]) -> String {
    items.iter().map(|item| format!("<li>{}\n", rich(item))).collect()
}

/// A paragraph; nothing if it is empty.
pub(super) fn paragraph(text: &[Inline]) -> String {
    let text = rich(text);
    if text.is_empty() { text } else { format!("<p>{text}\n") }
}

/// A field. The style marks fields that are not optional as required, and sets their names in code.
fn field(row: &FieldRow) -> String {
    let mut tags = String::new();
    if let Some(place) = row.place {
        tags += &format!(" <i>{place}</i>");
    }
    if !row.required {
        tags += " <b>optional</b>";
    }
    let texts = row.text.iter().map(|text| rich(text)).filter(|text| !text.is_empty());
    let texts = texts.collect::<Vec<_>>().join(" ");
    format!("<dt>{} <var>{}</var>{tags}<dd>{texts}\n", escape(&row.name), rich(&unmarked(&row.ty)))
}

/// A type, which is code as a whole.
fn unmarked(ty: &Rich) -> Rich {
    let part = |part: &Inline| match part {
        Inline::Code(text) => Inline::Text(text.clone()),
        Inline::Link(anchor, text) => Inline::Link(anchor.clone(), unmarked(text)),
        other => other.clone(),
    };
    ty.iter().map(part).collect()
}

/// A table. One that may be wider than the page scrolls by itself.
fn table(columns: &[&str], rows: &[Row]) -> String {
    let head: String = columns.iter().map(|column| format!("<th>{column}")).collect();
    let body = rows.iter().map(|row| {
        let cells: String = row.cells.iter().map(|cell| format!("<td>{}", rich(cell))).collect();
        format!("<tr{}>{cells}\n", id(row.anchor.as_ref()))
    });
    let table = format!("<table><thead><tr>{head}\n<tbody>{}</table>", body.collect::<String>());
    if columns.len() <= 2 {
        return table;
    }
    format!("<div class=wide>{table}</div>")
}

/// Samples to copy: the same one in several languages, and values.
pub(super) fn samples(samples: &[Sample], of: &Anchor, examples: &Examples<'_>) -> String {
    if samples.is_empty() {
        return String::new();
    }
    let (values, languages): (Vec<&Sample>, Vec<&Sample>) =
        samples.iter().partition(|sample| sample.language == "json");
    let (count, languages) = (languages.len(), languages.into_iter().map(sample).collect::<String>());
    let languages = match count {
        0 | 1 => languages,
        _ => format!("<div class=languages>{languages}</div>"),
    };
    let value = |value: &Sample| pre(value.title, &examples.linked(value.text.trim_end(), of));
    let values: String = values.into_iter().map(value).collect();
    format!("<div class=samples>{languages}{values}</div>")
}

/// A sample. One for two languages is on the page once, with the types of TypeScript in `i`; the script makes two of
/// it.
fn sample(sample: &Sample) -> String {
    let titles =
        if sample.types.is_some() { format!("JavaScript<p>{}", sample.title) } else { sample.title.to_owned() };
    let (mut text, mut at) = (String::new(), 0);
    for range in sample.types.iter().flatten() {
        text += &escape(&sample.text[at..range.start]);
        text += &format!("<i>{}</i>", escape(&sample.text[range.clone()]));
        at = range.end;
    }
    text += &escape(sample.text[at..].trim_end());
    pre(&titles, &text)
}

fn pre(titles: &str, text: &str) -> String {
    format!("<div class=sample><p>{titles}<pre>{text}</pre></div>")
}

fn id(anchor: Option<&Anchor>) -> String {
    anchor.map(|anchor| format!(" id={}", anchor.id())).unwrap_or_default()
}
