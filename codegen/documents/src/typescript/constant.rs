//! A constant: a value as a literal of JavaScript, and as its type.

use accord_language::model::Deprecated;

use super::{docs::Docs, literal};

/// The maximum number of scalars in an object that is written on one line.
const FLAT: usize = 4;

/// A value that is written as a literal and as the type of it.
pub(super) enum Constant {
    Scalar(String),
    Object(Vec<Entry>),
}

/// A member of an object.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) value: Constant,
    /// Its deprecation.
    pub(super) deprecated: Option<Deprecated>,
}

impl Entry {
    pub(super) fn new(name: impl Into<String>, value: Constant) -> Self {
        Entry { name: name.into(), value, deprecated: None }
    }
}

impl Constant {
    pub(super) fn string(text: &str) -> Self {
        Constant::Scalar(literal::string(text))
    }

    pub(super) fn text(&self, indent: &str, is_type: bool) -> String {
        let entries = match self {
            Constant::Scalar(text) => return text.clone(),
            Constant::Object(entries) if entries.is_empty() => return "{}".to_owned(),
            Constant::Object(entries) => entries,
        };
        let (readonly, end) = if is_type { ("readonly ", ";") } else { ("", ",") };
        let deeper = format!("{indent}  ");
        let is_plain = |entry: &Entry| entry.deprecated.is_none() && matches!(entry.value, Constant::Scalar(_));
        let is_flat = entries.len() <= FLAT && entries.iter().all(is_plain);
        let text = |Entry { name, value, .. }: &Entry| {
            format!("{readonly}{}: {}", literal::key(name), value.text(&deeper, is_type))
        };
        if is_flat {
            let entries: Vec<String> = entries.iter().map(text).collect();
            return format!("{{ {} }}", entries.join(&format!("{end} ")));
        }
        let line = |entry: &Entry| {
            let deprecated = entry.deprecated.as_ref().filter(|_| is_type);
            let comment = deprecated.map(|deprecated| Docs::deprecated(deprecated).comment(&deeper));
            format!("{}{deeper}{}{end}\n", comment.unwrap_or_default(), text(entry))
        };
        let lines: String = entries.iter().map(line).collect();
        format!("{{\n{lines}{indent}}}")
    }
}

/// A constant with its documentation and name.
pub(super) type Documented = (&'static str, &'static str, Constant);
