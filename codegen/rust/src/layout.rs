//! The layout of a file: formatted items, an empty line between them, modules indented.

use proc_macro2::TokenStream;

/// A file in the making.
#[derive(Default)]
pub struct Layout {
    items: Vec<String>,
}

impl Layout {
    /// Adds an item.
    ///
    /// # Panics
    /// If `item` is not one, which no schema brings about.
    pub fn item(&mut self, item: TokenStream) {
        let file = syn::parse2(item.clone()).unwrap_or_else(|error| panic!("not an item: {error}: {item}"));
        self.items.push(spaced(prettyplease::unparse(&file).trim_end()));
    }

    /// Adds a public module; nothing where it would have no items.
    pub fn module(&mut self, doc: &str, name: &str, uses: TokenStream, items: Layout) {
        if items.items.is_empty() {
            return;
        }
        let mut inner = Layout::default();
        if !uses.is_empty() {
            inner.item(uses);
        }
        inner.items.extend(items.items);
        let mut text = format!("/// {doc}\npub mod {name} {{\n");
        for line in inner.into_text().lines() {
            if !line.is_empty() {
                text.push_str("    ");
                text.push_str(line);
            }
            text.push('\n');
        }
        text.push('}');
        self.items.push(text);
    }

    /// The file's text.
    pub fn into_text(self) -> String {
        let mut text = self.items.join("\n\n");
        text.push('\n');
        text
    }
}

/// Puts an empty line before each documented method, and the names of a `derive` on one line.
fn spaced(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut derive: Option<String> = None;
    for line in text.lines() {
        if let Some(names) = &mut derive {
            if line.trim() == ")]" {
                names.truncate(names.trim_end_matches(", ").len());
                names.push_str(")]");
                lines.extend(derive.take());
            } else {
                names.push_str(line.trim());
                names.push(' ');
            }
            continue;
        }
        if line.trim() == "#[derive(" {
            derive = Some(line.to_owned());
            continue;
        }
        let ends_item = lines
            .last()
            .is_some_and(|last| !last.trim_start().starts_with("///") && (last.ends_with(';') || last.ends_with('}')));
        if ends_item && line.trim_start().starts_with("///") {
            lines.push(String::new());
        }
        lines.push(line.to_owned());
    }
    lines.join("\n")
}
