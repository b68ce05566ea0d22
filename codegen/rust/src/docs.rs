//! Documentation comments.

use accord_language::{
    limits::limits,
    model::{Doc, Kind},
};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

/// A documentation comment in the making: paragraphs.
#[derive(Default)]
pub struct Docs {
    paragraphs: Vec<String>,
}

impl Docs {
    /// The documentation from the schema, or `otherwise` if it has none.
    pub fn of(doc: &Doc, otherwise: &str) -> Self {
        let mut docs = Docs::default();
        docs.add(if doc.summary.trim().is_empty() { otherwise } else { &doc.summary });
        if let Some(description) = &doc.description {
            docs.add(description);
        }
        docs.history(doc);
        docs
    }

    /// Adds the version that introduced an item, and its deprecation. Generated code itself uses deprecated items, so
    /// that the attribute `deprecated` would warn of that, and of handlers that do their duty.
    pub fn history(&mut self, doc: &Doc) {
        if let Some(since) = &doc.since {
            self.add(&format!("Since {since}."));
        }
        if let Some(deprecated) = &doc.deprecated {
            self.add(&format!("Deprecated {deprecated}."));
        }
    }

    /// A single sentence.
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

    /// Adds an example.
    pub fn example(&mut self, example: Option<&Value>) {
        if let Some(example) = example {
            let json = serde_json::to_string_pretty(example).expect("JSON always serializes");
            self.add(&format!("```json\n{json}\n```"));
        }
    }

    /// Adds the limits of a value.
    pub fn limits(&mut self, kind: &Kind) {
        if let Some(limits) = limits(kind) {
            self.add(&limits);
        }
    }

    /// As attributes.
    pub fn attributes(&self) -> TokenStream {
        let text = self.paragraphs.join("\n\n");
        let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
        quote!(#(#[doc = #lines])*)
    }
}
