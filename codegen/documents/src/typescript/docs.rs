//! Documentation comments (JSDoc).

use accord_language::{
    limits::limits,
    model::{Deprecated, Doc, Kind},
};
use serde_json::Value;

/// A comment in the making: paragraphs, then tags.
#[derive(Default)]
pub struct Docs {
    paragraphs: Vec<String>,
    tags: Vec<String>,
}

impl Docs {
    /// The documentation from the schema, or `otherwise` if it has none.
    pub fn of(doc: &Doc, otherwise: &str) -> Self {
        let mut docs = Docs::sentence(if doc.summary.trim().is_empty() { otherwise } else { &doc.summary });
        if let Some(description) = &doc.description {
            docs.add(description);
        }
        if let Some(since) = &doc.since {
            docs.tags.push(format!("@since {since}"));
        }
        if let Some(deprecated) = &doc.deprecated {
            docs.tags.extend(Docs::deprecated(deprecated).tags);
        }
        docs
    }

    /// Only the notice of a deprecation.
    pub fn deprecated(deprecated: &Deprecated) -> Self {
        Docs { tags: vec![format!("@deprecated {deprecated}")], ..Docs::default() }
    }

    /// A single paragraph.
    pub fn sentence(sentence: &str) -> Self {
        let mut docs = Docs::default();
        docs.add(sentence);
        docs
    }

    /// Adds a paragraph.
    pub fn add(&mut self, paragraph: &str) {
        let paragraph = paragraph.trim();
        if !paragraph.is_empty() {
            self.paragraphs.push(paragraph.to_owned());
        }
    }

    /// Adds the limits of a value.
    pub fn limits(&mut self, kind: &Kind) {
        if let Some(limits) = limits(kind) {
            self.add(&limits);
        }
    }

    /// Adds an example.
    pub fn example(&mut self, example: Option<&Value>) {
        if let Some(example) = example {
            self.tags.push(format!("@example\n{example:#}"));
        }
    }

    /// The comment, each line after `indent`.
    pub fn comment(&self, indent: &str) -> String {
        let paragraphs = (!self.paragraphs.is_empty()).then(|| self.paragraphs.join("\n\n"));
        let text = paragraphs.into_iter().chain(self.tags.iter().cloned()).collect::<Vec<_>>().join("\n");
        let text = text.replace("*/", "*\\/");
        if !text.contains('\n') {
            return format!("{indent}/** {text} */\n");
        }
        let lines = text.lines().map(|line| format!("{indent} *{}{line}\n", if line.is_empty() { "" } else { " " }));
        format!("{indent}/**\n{}{indent} */\n", lines.collect::<String>())
    }
}
