//! The output of `accord diff` for edits.

mod edits;
mod language;
mod report;
mod rules;
mod values;
mod versions;

use std::{io, path::Path};

use accord_language::{Diagnostics, Schema, source::Origin};

/// A schema in memory: its first file, and one that it may include.
struct Texts<'t> {
    /// The prefix of paths.
    prefix: &'t str,
    first: &'t str,
    more: &'t str,
}

impl Origin for Texts<'_> {
    fn read(&self, path: &Path) -> io::Result<String> {
        Ok(if path.ends_with("more.yaml") { self.more } else { self.first }.to_owned())
    }

    fn has_folder(&self, _: &Path) -> bool {
        true
    }

    fn name(&self, path: &Path) -> String {
        format!("{}{}", self.prefix, path.display())
    }
}

/// The schema that `text` says, unless it has errors; `prefix` is shown before the path of its file.
fn read(prefix: &str, text: &str) -> Result<Schema, Diagnostics> {
    Schema::load_from(&Texts { prefix, first: text, more: "" }, "schema.yaml")
}
