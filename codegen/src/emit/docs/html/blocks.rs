//! What sections are made of.

use super::escape;
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
        Block::Diagram(_) => String::new(),
    }
}

fn field(row: &FieldRow) -> String {
    let mut tags = String::new();
    if let Some(place) = row.place {
        tags += &format!(" <i>{place}</i>");
    }
    tags += if row.required { " <b>required</b>" } else { " <i>optional</i>" };
    let texts = row.text.iter().map(|text| rich(text)).collect::<Vec<_>>().join(" ");
    format!("<dt><code>{}</code> <span class=\"type\">{}</span>{tags}<dd>{texts}\n", escape(&row.name), rich(&row.ty))
}

/// A table. One that may be wider than the page scrolls by itself.
fn table(columns: &[&str], rows: &[Row]) -> String {
    let head: String = columns.iter().map(|column| format!("<th scope=\"col\">{column}")).collect();
    let body = rows.iter().map(|row| {
        let cells: String = row.cells.iter().map(|cell| format!("<td>{}", rich(cell))).collect();
        let kind = match row.place {
            Some(Place::Error(_)) => " data-kind=\"error\"",
            Some(Place::Limit(_)) => " data-kind=\"limit\"",
            _ => "",
        };
        format!("<tr{}{kind}>{cells}\n", id(row.place.as_ref()))
    });
    let table = format!("<table>\n<thead><tr>{head}\n<tbody>\n{}</table>\n", body.collect::<String>());
    if columns.len() <= 2 {
        return table;
    }
    format!(
        "<div class=\"wide\" role=\"region\" aria-label=\"{}\" tabindex=\"0\">\n{table}</div>\n",
        columns.join(", ")
    )
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
    place.map(|place| format!(" id=\"{}\"", place.id())).unwrap_or_default()
}

/// A text.
pub(super) fn rich(text: &Rich) -> String {
    let part = |part: &Inline| match part {
        Inline::Text(text) => escape(text),
        Inline::Code(text) => format!("<code>{}</code>", escape(text)),
        Inline::Strong(text) => format!("<strong>{}</strong>", rich(text)),
        Inline::Emphasis(text) => format!("<em>{}</em>", rich(text)),
        Inline::Link(place, text) => format!("<a href=\"#{}\">{}</a>", place.id(), rich(text)),
        Inline::Url(url, text) => format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escape(url), rich(text)),
    };
    text.iter().map(part).collect()
}
