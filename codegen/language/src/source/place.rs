//! Places in documents, as models keep them.

use std::{fmt, sync::Arc};

use super::{Entry, Node, NodeKind};
use crate::diagnostic::{FileId, Span};

/// The place of a declaration, with the places of everything in it.
///
/// Places are not part of a schema's meaning: all are equal and none prints any text, so that models of the same
/// protocol are equal, wherever it is written. The default is the place of something that is not in any file.
#[derive(Clone)]
pub struct Place {
    span: Span,
    /// The places in it; `None` if it is absent.
    inside: Option<Inside>,
}

#[derive(Clone)]
enum Inside {
    Scalar,
    Sequence(Arc<[Node]>),
    Mapping(Arc<[Entry]>),
}

impl Place {
    /// The place of a node: a scalar itself, and a collection by its key.
    pub fn of(node: &Node) -> Self {
        let inside = match &node.kind {
            NodeKind::Sequence(items) => Inside::Sequence(items.clone()),
            NodeKind::Mapping(entries) => Inside::Mapping(entries.clone()),
            _ => Inside::Scalar,
        };
        Place { span: node.declared, inside: Some(inside) }
    }

    /// The place of a scalar.
    pub(crate) fn at(span: Span) -> Self {
        Place { span, inside: Some(Inside::Scalar) }
    }

    /// The span to show; for something absent, the span of what is around it.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The span, unless it is absent.
    pub fn exact(&self) -> Option<Span> {
        self.inside.as_ref().map(|_| self.span)
    }

    /// The place of its value under `key`, or of the list item `key`.
    #[must_use]
    pub fn key(&self, key: &str) -> Place {
        let found = match &self.inside {
            Some(Inside::Mapping(entries)) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
            Some(Inside::Sequence(items)) => {
                items.iter().find(|item| matches!(&item.kind, NodeKind::String(text) if text == key))
            }
            Some(Inside::Scalar) | None => None,
        };
        found.map_or_else(|| self.absent(), Place::of)
    }

    /// The place of something that is missing here.
    #[must_use]
    pub fn absent(&self) -> Place {
        Place { span: self.span, inside: None }
    }
}

impl Default for Place {
    fn default() -> Self {
        Place { span: Span { file: FileId(0), start: 0, end: 0 }, inside: None }
    }
}

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}
