//! YAML as JSON values, with the place of each in the text.
//!
//! Decoding into a typed struct would stop at the first mistake. Reading plain values allows all mistakes to be
//! reported.

use std::{collections::HashMap, fmt, ops::Range};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use serde_saphyr::{Location, Spanned, UserMessageFormatter, options::MergeKeyPolicy};

use super::mistakes::Mistake;

/// A YAML or JSON document.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) value: Value,
    text: &'t str,
    /// By JSON Pointer.
    places: HashMap<String, Extent>,
}

/// The bytes of a value, and those of the key that it belongs to.
#[derive(Clone, Debug)]
struct Extent {
    key: Range<usize>,
    value: Range<usize>,
}

impl<'t> Document<'t> {
    /// Reads a text.
    pub(super) fn read(text: &'t str) -> Result<Self, Mistake> {
        // A world may be as large as its database.
        let budget = serde_saphyr::budget! {
            max_events: usize::MAX,
            max_nodes: usize::MAX,
            max_total_scalar_bytes: usize::MAX,
            max_anchors: 0,
            max_aliases: 0,
        };
        // `yes`, `no` and `1_000` are text in YAML 1.2. A world says the same in JSON, which has neither anchors nor tags.
        let options = serde_saphyr::options! {
            budget: budget,
            strict_booleans: true,
            underscored_numbers_as_strings: true,
            merge_keys: MergeKeyPolicy::Error,
            reject_unsupported_tags: true,
            with_snippet: false,
        };
        let root: Spanned<Node> = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let place = error.location().map_or(0..0, |location| bytes(text, location));
            Mistake::new(error.render_with_formatter(&UserMessageFormatter), place)
                .help("write YAML or JSON: `users`, `channels` and `conversations`, each with a list")
        })?;
        let mut document = Document { value: Value::Null, text, places: HashMap::new() };
        document.value = document.take(root, String::new(), None);
        Ok(document)
    }

    /// Notes the places of a node and of all below it, and returns its value.
    fn take(&mut self, node: Spanned<Node>, pointer: String, key: Option<Location>) -> Value {
        let value = bytes(self.text, node.referenced);
        let key = key.map_or(value.clone(), |key| bytes(self.text, key));
        let taken = match node.value {
            Node::Scalar(scalar) => scalar,
            Node::Sequence(items) => {
                items.into_iter().enumerate().map(|(i, item)| self.take(item, format!("{pointer}/{i}"), None)).collect()
            }
            Node::Mapping(entries) => {
                let mut members = Map::new();
                for (key, node) in entries {
                    let escaped = key.value.replace('~', "~0").replace('/', "~1");
                    let value = self.take(node, format!("{pointer}/{escaped}"), Some(key.referenced));
                    members.insert(key.value, value);
                }
                Value::Object(members)
            }
        };
        self.places.insert(pointer, Extent { key, value });
        taken
    }

    /// The place of the value at a JSON Pointer; of the nearest one around it, if there is none.
    pub(super) fn value_at(&self, pointer: &str) -> Range<usize> {
        self.nearest(pointer).map_or(0..0, |place| place.value.clone())
    }

    /// The place of the key whose value is at a JSON Pointer.
    pub(super) fn key_at(&self, pointer: &str) -> Range<usize> {
        self.nearest(pointer).map_or(0..0, |place| place.key.clone())
    }

    fn nearest(&self, mut pointer: &str) -> Option<&Extent> {
        loop {
            if let Some(place) = self.places.get(pointer) {
                return Some(place);
            }
            pointer = pointer.rsplit_once('/')?.0;
        }
    }

    /// The text of the value at a JSON Pointer.
    pub(super) fn text_at(&self, pointer: &str) -> &'t str {
        self.text.get(self.value_at(pointer)).unwrap_or_default()
    }
}

/// The bytes at a location. The parser's own errors have a line and a column alone.
fn bytes(text: &str, location: Location) -> Range<usize> {
    let index = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let span = location.span();
    if let (Some(start), Some(length)) = (span.byte_offset(), span.byte_len()) {
        return index(start)..index(start.saturating_add(length));
    }
    let lines_before = index(location.line().saturating_sub(1));
    let line_start: usize = text.split_inclusive('\n').take(lines_before).map(str::len).sum();
    let characters_before = index(location.column().saturating_sub(1));
    let column: usize = text[line_start..].chars().take(characters_before).map(char::len_utf8).sum();
    line_start + column..line_start + column
}

/// A value and all below it, as they were read.
#[derive(Debug)]
enum Node {
    Scalar(Value),
    Sequence(Vec<Spanned<Node>>),
    Mapping(Vec<(Spanned<String>, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Mapping(entries))
    }
}
