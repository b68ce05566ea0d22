//! Places in a schema as it is written: the model has none, but all that it says stands under a path of keys.

use super::{LoadedFile, Node, NodeKind};
use crate::diagnostic::Span;

/// Keys from the top of a file of a schema: `types`, `Message`, `properties`, `content`. Which file that is, is found
/// by looking: no two declare the same thing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Path {
    /// The file's stem, for what stands in many files.
    stem: Option<String>,
    keys: Vec<String>,
}

impl Path {
    /// What is under these keys.
    pub fn of(keys: &[&str]) -> Self {
        Path::default().through(keys)
    }

    /// The top of the file with this stem.
    pub fn file(stem: &str) -> Self {
        Path { stem: Some(stem.to_owned()), keys: Vec::new() }
    }

    /// What is under `key` here; in a list, the item that is `key`.
    #[must_use]
    pub fn then(&self, key: &str) -> Self {
        self.through(&[key])
    }

    /// What is under one key after the other.
    #[must_use]
    pub fn through(&self, keys: &[&str]) -> Self {
        let mut path = self.clone();
        path.keys.extend(keys.iter().map(|&key| key.to_owned()));
        path
    }
}

/// The places of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a>(pub &'a [LoadedFile]);

impl Places<'_> {
    /// Where what is at `path` is, if it is there.
    pub fn exact(&self, path: &Path) -> Option<Span> {
        let mut reached = self.reach(path);
        reached.find(|(depth, _)| *depth == path.keys.len()).map(|(_, span)| span)
    }

    /// Where the longest beginning of `path` is.
    pub fn nearest(&self, path: &Path) -> Option<Span> {
        // Of those that are equally long, the first.
        self.reach(path).reduce(|best, other| if other.0 > best.0 { other } else { best }).map(|(_, span)| span)
    }

    /// How far `path` leads in each file, and to where.
    fn reach<'p>(&'p self, path: &'p Path) -> impl Iterator<Item = (usize, Span)> + 'p {
        let named = |file: &&LoadedFile| {
            let stem = file.path.file_stem().unwrap_or_default();
            path.stem.as_ref().is_none_or(|wanted| *wanted == *stem.to_string_lossy())
        };
        self.0.iter().filter(named).map(|file| {
            let mut node = &file.document;
            // What is not in a file is looked for at its beginning.
            let mut span = file.start;
            for (depth, key) in path.keys.iter().enumerate() {
                let Some((next, place)) = step(node, key) else { return (depth, span) };
                (node, span) = (next, place);
            }
            (path.keys.len(), span)
        })
    }
}

/// What is under `key` in `node`, and where to point at to show it.
fn step<'n>(node: &'n Node, key: &str) -> Option<(&'n Node, Span)> {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            let entry = entries.iter().find(|entry| entry.key == key)?;
            let scalar = !matches!(entry.value.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_) | NodeKind::Null);
            Some((&entry.value, if scalar { entry.value.span } else { entry.key_span }))
        }
        NodeKind::Sequence(items) => {
            let item = items.iter().find(|item| matches!(&item.kind, NodeKind::String(text) if text == key))?;
            Some((item, item.span))
        }
        _ => None,
    }
}
