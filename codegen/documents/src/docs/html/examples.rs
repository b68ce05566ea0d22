//! Examples that are parts of others: each is there once, and elsewhere a link to it, which the script replaces.

use std::{cmp::Reverse, collections::HashSet};

use super::escape;
use crate::docs::page::{Anchor, Kind, Page};

/// The smallest size, in bytes, of an example that is worth a link.
const LEAST: usize = 90;

/// The examples of types and of what events carry.
pub(super) struct Examples<'a> {
    /// With what each is of, the longest first.
    list: Vec<(&'a Anchor, &'a str, &'a str)>,
}

impl<'a> Examples<'a> {
    /// The examples of the sections of these pages.
    pub(super) fn of(pages: &'a [Page]) -> Self {
        let sections = pages.iter().flat_map(|page| &page.sections);
        let mut list: Vec<(&Anchor, &str, &str)> = sections
            .filter(|section| matches!(section.kind, Kind::Type | Kind::Received))
            .filter_map(|section| {
                let sample = section.samples.last().filter(|sample| sample.language == "json")?;
                Some((&section.anchor, section.title.as_str(), sample.text.as_str()))
            })
            .filter(|(.., text)| text.len() >= LEAST)
            .collect();
        // Of the same text, that of the type counts.
        list.sort_by_key(|(anchor, _, text)| (Reverse(text.len()), !matches!(anchor, Anchor::Type(_))));
        let mut told = HashSet::new();
        list.retain(|(.., text)| told.insert(*text));
        Self { list }
    }

    /// A text in JSON, with links to the examples that it shares parts with.
    pub(super) fn linked(&self, text: &str, of: &Anchor) -> String {
        for (anchor, title, example) in self.list.iter().filter(|(anchor, ..)| *anchor != of) {
            let is_indented = |indent: usize| example.replace('\n', &format!("\n{}", " ".repeat(indent)));
            let found = (0..=8).step_by(2).map(is_indented).find_map(|part| Some((text.find(&part)?, part.len())));
            if let Some((at, length)) = found {
                let (before, after) = (self.linked(&text[..at], of), self.linked(&text[at + length..], of));
                return format!("{before}<a href=#{}>{}</a>{after}", anchor.id(), escape(title));
            }
        }
        escape(text)
    }
}
