//! What sections are made of.

use super::{diagram, escape};
use crate::emit::docs::page::{Block, FieldRow, Inline, Place, Rich, Row, Sample};

/// A block.
pub(super) fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(text) if text.is_empty() => String::new(),
        Block::Paragraph(text) => format!("<p>{}</p>\n", rich(text)),
        Block::List(items) => {
            let items = items.iter().map(|item| format!("<li>{}\n", rich(item)));
            format!("<ul>\n{}</ul>\n", items.collect::<String>())
        }
        Block::Heading { text, place } => format!("<h4{}>{}</h4>\n", id(place.as_ref()), rich(text)),
        Block::Warning(text) => format!("<p class=\"warning\">{}</p>\n", rich(text)),
        Block::Facts(facts) => {
            let facts = facts.iter().map(|(term, text)| format!("<dt>{term}<dd>{}\n", rich(text)));
            format!("<dl class=\"facts\">\n{}</dl>\n", facts.collect::<String>())
        }
        Block::Fields(rows) => {
            format!("<dl class=\"fields\">\n{}</dl>\n", rows.iter().map(field).collect::<String>())
        }
        Block::Table { columns, rows } => table(columns, rows),
        Block::Sample(sample) => self::sample(sample),
        Block::Diagram(flow) => diagram::write(flow),
    }
}

fn field(row: &FieldRow) -> String {
    let mut tags = String::new();
    if let Some(place) = row.place {
        tags += &format!(" <i>{place}</i>");
    }
    tags += if row.required { " <b>required</b>" } else { " <i>optional</i>" };
    let texts = row.text.iter().map(|text| rich(text)).collect::<Vec<_>>().join(" ");
    format!("<dt><code>{}</code> <var>{}</var>{tags}<dd>{texts}\n", escape(&row.name), rich(&unmarked(&row.ty)))
}

/// A type, which is code as a whole.
fn unmarked(ty: &Rich) -> Rich {
    let part = |part: &Inline| match part {
        Inline::Code(text) => Inline::Text(text.clone()),
        Inline::Link(place, text) => Inline::Link(place.clone(), unmarked(text)),
        other => other.clone(),
    };
    ty.iter().map(part).collect()
}

/// A table. One that may be wider than the page scrolls by itself.
fn table(columns: &[&str], rows: &[Row]) -> String {
    let head: String = columns.iter().map(|column| format!("<th>{column}")).collect();
    let body = rows.iter().map(|row| {
        let cells: String = row.cells.iter().map(|cell| format!("<td>{}", rich(cell))).collect();
        format!("<tr{}>{cells}\n", id(row.place.as_ref()))
    });
    let table = format!("<table>\n<thead><tr>{head}\n<tbody>\n{}</table>\n", body.collect::<String>());
    if columns.len() <= 2 {
        return table;
    }
    format!("<div class=wide>\n{table}</div>\n")
}

/// What is to be copied: the same in several languages, and values.
pub(super) fn samples(samples: &[Sample]) -> String {
    if samples.is_empty() {
        return String::new();
    }
    let (values, languages): (Vec<&Sample>, Vec<&Sample>) =
        samples.iter().partition(|sample| sample.language == "json");
    let languages: String = languages.into_iter().map(sample).collect();
    let languages =
        if languages.is_empty() { languages } else { format!("<div class=\"languages\">\n{languages}</div>\n") };
    let values: String = values.into_iter().map(sample).collect();
    format!("<div class=\"samples\">\n{languages}{values}</div>\n")
}

fn sample(sample: &Sample) -> String {
    let (title, text) = (sample.title, escape(sample.text.trim_end()));
    format!("<div class=\"sample\"><p>{title}</p><pre><code>{text}</code></pre></div>\n")
}

fn id(place: Option<&Place>) -> String {
    place.map(|place| format!(" id={}", place.id())).unwrap_or_default()
}

/// A text.
pub(super) fn rich(text: &[Inline]) -> String {
    let part = |part: &Inline| match part {
        Inline::Text(text) => escape(text),
        Inline::Code(text) => format!("<code>{}</code>", escape(text)),
        Inline::Strong(text) => format!("<strong>{}</strong>", rich(text)),
        Inline::Emphasis(text) => format!("<em>{}</em>", rich(text)),
        Inline::Link(place, text) => match text.as_slice() {
            // The style knows what is called by its name in code.
            [Inline::Code(name)] => format!("<a href=#{}>{}</a>", place.id(), escape(name)),
            text => format!("<a href=#{}>{}</a>", place.id(), rich(text)),
        },
        Inline::Url(url, text) => {
            let url = escape(url).replace('"', "%22");
            format!("<a href=\"{url}\" rel=\"noreferrer\">{}</a>", rich(text))
        }
    };
    text.iter().map(part).collect()
}
