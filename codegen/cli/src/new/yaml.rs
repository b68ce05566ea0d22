//! Inserts text into a YAML file, and leaves the rest of the file unchanged.

use accord_language::{
    diagnostic::Span,
    source::{Entry, Node, NodeKind},
};

/// A YAML file that gets more text.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The text.
    pub text: &'a str,
    /// The same as a tree.
    pub tree: &'a Node,
}

impl<'a> Document<'a> {
    fn entries(self) -> &'a [Entry] {
        match &self.tree.kind {
            NodeKind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// Adds `entry`, a key and its value from the left margin on, at the end of the mapping under `key`. A mapping that is
    /// not there yet is put before the first of the keys `before` that is, else at the end.
    ///
    /// # Errors
    /// If the mapping is written in braces.
    pub fn append(self, key: &str, entry: &str, before: &[&str]) -> Result<String, String> {
        let Some(section) = self.entries().iter().find(|entry| entry.key == key) else {
            let at = before.iter().find_map(|key| self.entries().iter().find(|entry| entry.key == *key));
            let at = at.map_or(self.text.len(), |entry| self.line(entry.key_span));
            return Ok(self.insert(at, &format!("{key}:\n{}", indented(entry, 2))));
        };
        let indent = match &section.value.kind {
            NodeKind::Mapping(entries) => match entries.first() {
                Some(first) if self.line(first.key_span) > self.line(section.key_span) => {
                    first.key_span.start as usize - self.line(first.key_span)
                }
                _ => return Err(format!("`{key}` is written in braces: put each of its entries on a line of its own")),
            },
            _ => 2,
        };
        Ok(self.insert(self.end(section), &indented(entry, indent)))
    }

    /// Adds `item` to the list under `key`, behind the item `after`, else at the end. A list that is not there yet is put
    /// behind what is under `behind`.
    pub fn list(self, key: &str, item: &str, after: &str, behind: &str) -> String {
        let find = |key: &str| self.entries().iter().find(|entry| entry.key == key);
        let items = find(key).map(|entry| match &entry.value.kind {
            NodeKind::Sequence(items) => &items[..],
            _ => &[],
        });
        let is_after = |node: &&Node| matches!(&node.kind, NodeKind::String(text) if text == after);
        let last = items.and_then(|items| items.iter().find(is_after).or(items.last()));
        match (last, find(behind)) {
            (Some(last), _) => {
                let before = &self.text[self.line(last.span)..last.span.start as usize];
                match before.trim_start().strip_prefix('-') {
                    Some(rest) if rest.trim().is_empty() => {
                        self.insert(self.next_line(last.span), &format!("{before}{item}\n"))
                    }
                    _ => self.insert(last.span.end as usize, &format!(", {item}")),
                }
            }
            (None, Some(behind)) => self.insert(self.end(behind), &format!("\n{key}:\n  - {item}\n")),
            (None, None) => self.insert(self.text.len(), &format!("{key}:\n  - {item}\n")),
        }
    }

    /// The text with `inserted` at an offset, on separate lines.
    fn insert(self, at: usize, inserted: &str) -> String {
        let (before, after) = self.text.split_at(at);
        let is_open = inserted.ends_with('\n') && !before.is_empty() && !before.ends_with('\n');
        format!("{before}{}{inserted}{after}", if is_open { "\n" } else { "" })
    }

    /// The start of the line of a span.
    fn line(self, span: Span) -> usize {
        self.text[..span.start as usize].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The start of the line after a span.
    fn next_line(self, span: Span) -> usize {
        let rest = &self.text[span.end as usize..];
        rest.find('\n').map_or(self.text.len(), |newline| span.end as usize + newline + 1)
    }

    /// The end of the lines of an entry. It does not include lines before the next entry that are blank or not indented.
    fn end(self, section: &Entry) -> usize {
        let begin = self.line(section.key_span);
        let next = self.entries().iter().map(|entry| self.line(entry.key_span)).find(|line| *line > begin);
        let lines = self.text[begin..next.unwrap_or(self.text.len())].split_inclusive('\n');
        let mut end = begin;
        let mut at = begin;
        for (index, line) in lines.enumerate() {
            at += line.len();
            if index == 0 || (line.starts_with([' ', '\t']) && !line.trim().is_empty()) {
                end = at;
            }
        }
        end
    }
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{:by$}{line}\n", "")).collect()
}

#[cfg(test)]
mod tests {
    use accord_language::source::{Any, Context, read_text};

    use super::*;

    fn with<T>(text: &str, edit: impl Fn(Document<'_>) -> T) -> T {
        let Any(tree) = read_text("test.yaml", text, &mut Context::default()).unwrap();
        edit(Document { text, tree: &tree })
    }

    #[test]
    fn an_entry_comes_last_in_its_mapping_and_all_else_stays_as_it_is() {
        let append =
            |text: &str| with(text, |document| document.append("client", "new:\n  a: 1\n", &["server"])).unwrap();
        let cases = [
            // The comment at the margin belongs to the following text.
            (
                "client:   # asked\n   old: { a: 1 }\n   # Of old.\n\n# What is told.\nserver:\n  x: 1\n",
                "client:   # asked\n   old: { a: 1 }\n   # Of old.\n   new:\n     a: 1\n\n# What is told.\nserver:\n  \
                 x: 1\n",
            ),
            ("client:\n  old: { a: 1 }", "client:\n  old: { a: 1 }\n  new:\n    a: 1\n"),
            ("client:\nserver:\n  x: 1\n", "client:\n  new:\n    a: 1\nserver:\n  x: 1\n"),
            ("summary: S.\nserver:\n  x: 1\n", "summary: S.\nclient:\n  new:\n    a: 1\nserver:\n  x: 1\n"),
            ("summary: S.\n", "summary: S.\nclient:\n  new:\n    a: 1\n"),
        ];
        for (before, after) in cases {
            assert_eq!(append(before), after);
        }
        let braces = with("client: { old: { a: 1 } }\n", |document| document.append("client", "new: 1\n", &[]));
        assert_eq!(braces.unwrap_err(), "`client` is written in braces: put each of its entries on a line of its own");
    }

    #[test]
    fn an_item_comes_after_its_neighbour_as_the_list_is_written() {
        let list = |text: &str| with(text, |document| document.list("include", "new.yaml", "b.yaml", "protocol"));
        let cases = [
            (
                "include:\n  - a.yaml\n  - b.yaml # B\n  - c.yaml\n",
                "include:\n  - a.yaml\n  - b.yaml # B\n  - new.yaml\n  - c.yaml\n",
            ),
            ("include: [a.yaml, b.yaml, c.yaml]\n", "include: [a.yaml, b.yaml, new.yaml, c.yaml]\n"),
            ("include:\n- a.yaml", "include:\n- a.yaml\n- new.yaml\n"),
            ("protocol:\n  a: 1\n\nscopes: {}\n", "protocol:\n  a: 1\n\ninclude:\n  - new.yaml\n\nscopes: {}\n"),
        ];
        for (before, after) in cases {
            assert_eq!(list(before), after);
        }
    }
}
