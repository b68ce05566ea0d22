//! Words that differ between the scopes: `flows/words.yaml`.

use std::collections::HashMap;

use accord_language::{
    record,
    source::{self, Context, Entry, Named, Node, NodeKind, Text},
};

use super::tables::{WORDS, is_named};
use crate::pattern::Pattern;

record! {
    /// The words that flows share: those for flows varied by `scope`, for each scope but the first.
    pub struct WordsFile {
        /// By scope: what each word of the flow becomes.
        required words: Named<Named<Text>>,
        /// The payload of each event that greets a connection, unless a flow declares another; `$self` is the user's id.
        optional connected: Pattern,
    }
}

impl WordsFile {
    /// Reads it out of `files`, by their paths and texts.
    pub fn read(files: &[(&str, &str)], cx: &mut Context) -> Option<Self> {
        let (path, text) = files.iter().find(|(path, _)| is_named(path, WORDS))?;
        source::read_text(path, text, cx)
    }

    /// Returns whether there are words of `scope`.
    pub fn has(&self, scope: &str) -> bool {
        self.words.get().is_some_and(|words| words.entries.iter().any(|entry| entry.name.value == scope))
    }

    /// The words of `scope`.
    pub fn of(&self, scope: &str) -> HashMap<&str, &str> {
        let entries = self.words.get().into_iter().flat_map(|words| &words.entries);
        let words = entries.filter(|entry| entry.name.value == scope).filter_map(|entry| entry.value.as_ref());
        words
            .flat_map(|words| &words.entries)
            .filter_map(|entry| Some((entry.name.as_str(), entry.value.as_ref()?.as_str())))
            .collect()
    }
}

/// `node` with each key and text that is a word exchanged.
pub fn exchange(node: &Node, words: &HashMap<&str, &str>) -> Node {
    let word = |text: &String| words.get(text.as_str()).map_or_else(|| text.clone(), |word| (*word).to_owned());
    let kind = match &node.kind {
        NodeKind::String(text) => NodeKind::String(word(text)),
        NodeKind::Sequence(items) => NodeKind::Sequence(items.iter().map(|item| exchange(item, words)).collect()),
        NodeKind::Mapping(entries) => {
            let entry = |entry: &Entry| Entry {
                key: word(&entry.key),
                key_span: entry.key_span,
                value: exchange(&entry.value, words),
            };
            NodeKind::Mapping(entries.iter().map(entry).collect())
        }
        other => other.clone(),
    };
    Node { kind, ..node.clone() }
}
