//! Where something of a schema is: its name for people, and the way to it in the files.

use crate::{
    diagnostic::Span,
    source::{LoadedFile, Node, NodeKind},
};

/// Where something of a schema is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The keys on the way from the top of a file.
    path: Vec<String>,
    /// `send_message.content`.
    name: String,
}

impl Place {
    /// A section that a schema has once: `protocol`.
    pub fn section(name: &str) -> Self {
        Place { path: vec![name.to_owned()], name: name.to_owned() }
    }

    /// Something with a name, in a section.
    pub fn named(section: &[&str], name: &str) -> Self {
        let path = section.iter().copied().chain([name]).map(str::to_owned).collect();
        Place { path, name: name.to_owned() }
    }

    /// What the thing here says under `keys`; still the same thing.
    #[must_use]
    pub fn key(&self, keys: &[&str]) -> Self {
        let path = self.path.iter().cloned().chain(keys.iter().map(|&key| key.to_owned())).collect();
        Place { path, name: self.name.clone() }
    }

    /// The part of the thing here that `keys` lead to, called `name`.
    #[must_use]
    pub fn part(&self, keys: &[&str], name: &str) -> Self {
        Place { name: format!("{}.{name}", self.name), ..self.key(keys) }
    }

    /// What it is called in exceptions: `send_message.content`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is what `name` names, or a part of that.
    pub fn is_within(&self, name: &str) -> bool {
        self.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Where that is written: a value that stands on its own, else the key; the nearest that there is.
    pub fn span(&self, files: &[LoadedFile]) -> Span {
        let found = files.iter().map(|file| self.find(&file.document));
        let (_, span) = found.max_by_key(|(depth, _)| *depth).expect("a schema has a file");
        span.unwrap_or(files[0].start)
    }

    /// How many of the keys a document has, and where the last of them is.
    fn find(&self, document: &Node) -> (usize, Option<Span>) {
        let (mut node, mut span) = (document, None);
        for (depth, key) in self.path.iter().enumerate() {
            let entry = match &node.kind {
                NodeKind::Mapping(entries) => entries.iter().find(|entry| entry.key == *key),
                _ => None,
            };
            let Some(entry) = entry else { return (depth, span) };
            let stands_alone =
                !matches!(entry.value.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_) | NodeKind::Null);
            span = Some(if stands_alone { entry.value.span } else { entry.key_span });
            node = &entry.value;
        }
        (self.path.len(), span)
    }
}
