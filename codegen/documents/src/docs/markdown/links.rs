//! Texts, and the targets of their links: headings have the addresses that GitHub gives them, and other anchors have
//! addresses of their own.

use std::collections::{BTreeMap, HashMap};

use crate::docs::page::{Anchor, Block, Inline, Page};

/// The page and the address of each anchor.
pub(super) struct Anchors(HashMap<Anchor, (String, String)>);

/// The same, seen from a page.
pub(super) struct Links<'p> {
    from: &'p str,
    anchors: &'p Anchors,
}

impl Anchors {
    /// The anchors on these pages.
    pub(super) fn of(pages: &[Page]) -> Self {
        let mut anchors = HashMap::new();
        for page in pages {
            let mut add = |anchor: &Anchor, address: String| {
                anchors.insert(anchor.clone(), (page.path.clone(), address));
            };
            let mut known = BTreeMap::new();
            slug(&page.title, &mut known);
            add(&Anchor::Page(page.path.clone()), String::new());
            page.sections.iter().for_each(|section| add(&section.anchor, slug(&section.title, &mut known)));
            page.blocks().flat_map(Block::anchors).for_each(|anchor| add(anchor, anchor.id()));
        }
        Anchors(anchors)
    }

    /// The same, seen from this page.
    pub(super) fn from<'p>(&'p self, page: &'p str) -> Links<'p> {
        Links { from: page, anchors: self }
    }
}

impl Links<'_> {
    /// The address of an anchor.
    pub(super) fn to(&self, anchor: &Anchor) -> String {
        let Some((page, address)) = self.anchors.0.get(anchor) else { return String::new() };
        let address = if address.is_empty() { String::new() } else { format!("#{address}") };
        if page == self.from && !address.is_empty() {
            return address;
        }
        let up = if self.from.contains('/') { "../" } else { "" };
        format!("{up}{page}.md{address}")
    }

    /// A text.
    pub(super) fn rich(&self, text: &[Inline]) -> String {
        let part = |part: &Inline| match part {
            Inline::Text(text) => escape(text),
            Inline::Code(text) => code(text),
            Inline::Strong(text) => format!("**{}**", self.rich(text)),
            Inline::Emphasis(text) => format!("*{}*", self.rich(text)),
            Inline::Link(anchor, text) => format!("[{}]({})", self.rich(text), self.to(anchor)),
            Inline::Url(url, text) => format!("[{}]({url})", self.rich(text)),
            Inline::Repeated(text) => self.rich(text),
        };
        text.iter().map(part).collect()
    }
}

/// The address that GitHub gives a heading, which it numbers where there are several.
fn slug(title: &str, known: &mut BTreeMap<String, usize>) -> String {
    let kept = |character: &char| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_');
    let slug: String = title.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-");
    let count = known.entry(slug.clone()).or_default();
    *count += 1;
    if *count == 1 { slug } else { format!("{slug}-{}", *count - 1) }
}

/// A text, so that it stays one.
pub(super) fn escape(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let within_word = |index: usize| {
        let is_word =
            |index: Option<usize>| index.and_then(|index| characters.get(index)).is_some_and(|c| c.is_alphanumeric());
        is_word(index.checked_sub(1)) && is_word(Some(index + 1))
    };
    let mut escaped = String::with_capacity(text.len());
    for (index, &character) in characters.iter().enumerate() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '_' if within_word(index) => escaped.push('_'),
            '\\' | '*' | '_' | '`' | '[' | ']' => escaped.extend(['\\', character]),
            other => escaped.push(other),
        }
    }
    escaped
}

fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_addresses_of_github() {
        let mut known = BTreeMap::new();
        let slugs = ["send_message", "Open a connection", "Payload", "Payload", "What's new?"]
            .map(|title| slug(title, &mut known));
        assert_eq!(slugs, ["send_message", "open-a-connection", "payload", "payload-1", "whats-new"]);
    }

    #[test]
    fn characters_that_would_be_marks_are_escaped() {
        assert_eq!(escape("a_b _c_ * <b> [x] `y`"), r"a_b \_c\_ \* &lt;b> \[x\] \`y\`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
