//! A document as a tree, each node with its place.

use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::Span;

/// A value of a document. Clones share what is inside collections.
#[derive(Clone, Debug)]
pub struct Node {
    /// The span to show this value by: a scalar itself; a collection by its key, or its own text if it is a
    /// flow collection (`{…}`, `[…]`) on one line.
    pub span: Span,
    /// The span to show a declaration by: its key for a collection or an absent value, and a scalar itself.
    pub declared: Span,
    /// Its kind.
    pub kind: NodeKind,
}

/// The kind of a value, by the core schema of YAML 1.2.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    String(String),
    /// A list.
    Sequence(Arc<[Node]>),
    /// Keys and values, in their order. Each key occurs once; a repeated key has a [`Broken`](NodeKind::Broken) value.
    Mapping(Arc<[Entry]>),
    /// A value with a mistake that has been reported.
    Broken,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key, as it is written.
    pub key: String,
    /// The place of the key.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// The value as JSON, with `null` for reported mistakes.
    pub fn to_json(&self) -> Value {
        match &self.kind {
            NodeKind::Null | NodeKind::Broken => Value::Null,
            NodeKind::Boolean(boolean) => Value::Bool(*boolean),
            NodeKind::Integer(integer) => Value::from(*integer),
            NodeKind::Float(float) => Value::from(*float),
            NodeKind::String(string) => Value::String(string.clone()),
            NodeKind::Sequence(items) => items.iter().map(Node::to_json).collect(),
            NodeKind::Mapping(entries) => {
                entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect()
            }
        }
    }

    /// The value of `key`, where this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            NodeKind::Mapping(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The node at a JSON Pointer (RFC 6901), or the nearest one on the way to it.
    pub fn pointer(&self, pointer: &str) -> &Node {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let next = match &node.kind {
                NodeKind::Sequence(items) => token.parse::<usize>().ok().and_then(|index| items.get(index)),
                _ => node.get(&token),
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// The word for this value in a message.
    pub fn describe(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Boolean(_) => "a boolean",
            NodeKind::Integer(_) => "an integer",
            NodeKind::Float(_) => "a number",
            NodeKind::String(_) => "a string",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Mapping(_) => "a mapping",
            NodeKind::Broken => "what could not be read",
        }
    }
}
