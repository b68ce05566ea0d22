//! From [`Node`]s to typed values, with every error collected.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Entry, Node, NodeKind, Place};
use crate::diagnostic::{Diagnostic, Sources, Span, instead, nearest};

/// The files read so far, and the mistakes found in them.
#[derive(Debug, Default)]
pub struct Context {
    /// The files.
    pub sources: Sources,
    /// The mistakes in them.
    pub diagnostics: Vec<Diagnostic>,
    /// The number of comparisons made for unknown names.
    compared: usize,
}

/// The maximum number of comparisons with declared names for a document's unknown names. Comparisons are slow, and a
/// document with thousands of unknown names has a single mistake, which the first ones show.
const COMPARISONS: usize = 200_000;

impl Context {
    /// The mistakes in `sources`, none so far.
    pub fn of(sources: Sources) -> Self {
        Context { sources, ..Context::default() }
    }

    /// The help for the unknown `name`: see [`instead`].
    pub fn instead<'a>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
        if self.compared >= COMPARISONS {
            return "correct the first mistakes first: there are too many to look for a similar name for each"
                .to_owned();
        }
        self.compared += candidates.clone().into_iter().count();
        instead(name, candidates)
    }

    /// Adds a mistake.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports that `node` is not `expected` ("a string").
    pub fn wrong_kind(&mut self, node: &Node, expected: &str) {
        if matches!(node.kind, NodeKind::Broken) {
            return;
        }
        let found = node.describe();
        let label = match node.kind {
            NodeKind::Null => "the value is missing".to_owned(),
            _ => format!("this is {found}"),
        };
        let mut diagnostic =
            Diagnostic::new("wrong-kind", format!("expected {expected}, found {found}")).at(node.span, label);
        let scalar = matches!(node.kind, NodeKind::Boolean(_) | NodeKind::Integer(_) | NodeKind::Float(_));
        if scalar && expected == "a string" {
            diagnostic =
                diagnostic.help(format!("to make it a string, put it in quotes: '{}'", self.sources.slice(node.span)));
        }
        self.report(diagnostic);
    }
}

/// A type that a node can be read as. Its [`JsonSchema`] describes the same to editors.
pub trait Decode: JsonSchema + Sized {
    /// Reads `node`; `None` if it is invalid, which is added to `cx`.
    fn decode(node: &Node, cx: &mut Context) -> Option<Self>;
}

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the file.
    pub span: Span,
}

/// A string and its place.
pub type Text = Spanned<String>;

impl Spanned<String> {
    /// The string.
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

/// The value of a record under one of its keys.
#[derive(Clone, Debug, Default)]
pub enum Slot<T> {
    /// The key is absent and optional.
    #[default]
    Absent,
    /// The value is invalid or a required key is missing, which has been reported.
    Broken,
    /// A value.
    Is(T),
}

impl<T> Slot<T> {
    /// The value, where there is one.
    pub fn get(&self) -> Option<&T> {
        match self {
            Slot::Is(value) => Some(value),
            Slot::Absent | Slot::Broken => None,
        }
    }

    /// The value, where there is one.
    pub fn into_option(self) -> Option<T> {
        match self {
            Slot::Is(value) => Some(value),
            Slot::Absent | Slot::Broken => None,
        }
    }

    /// Returns whether the key is absent. A broken value is not.
    pub fn is_absent(&self) -> bool {
        matches!(self, Slot::Absent)
    }

    /// The value of a required key.
    ///
    /// # Panics
    /// If the value is absent or broken, which it never is in a document that was read without errors.
    pub fn required(self) -> T {
        self.into_option().expect("a document without errors has all required keys")
    }
}

/// A mapping with arbitrary keys, in their order.
#[derive(Clone, Debug)]
pub struct Named<T> {
    /// The entries, including broken ones.
    pub entries: Vec<NamedEntry<T>>,
    /// The place of the mapping.
    pub span: Span,
}

/// An entry of a [`Named`].
#[derive(Clone, Debug)]
pub struct NamedEntry<T> {
    /// Its name.
    pub name: Text,
    /// Its value; `None` where it has been reported.
    pub value: Option<T>,
    /// The places inside it.
    pub place: Place,
}

/// Any value at all, kept as its node.
#[derive(Clone, Debug)]
pub struct Any(pub Node);

impl Any {
    /// The value as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        self.0.to_json()
    }
}

macro_rules! scalar {
    ($($ty:ty, $expected:literal, $pattern:pat => $value:expr;)*) => {$(
        impl Decode for $ty {
            fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
                match &node.kind {
                    $pattern => Some($value),
                    _ => {
                        cx.wrong_kind(node, $expected);
                        None
                    }
                }
            }
        }
    )*};
}

scalar! {
    String, "a string", NodeKind::String(string) => string.clone();
    bool, "`true` or `false`", NodeKind::Boolean(boolean) => *boolean;
}

impl Decode for i64 {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match node.kind {
            NodeKind::Integer(integer) => return Some(integer),
            // A number with more digits than fit is read as a float.
            NodeKind::Float(float) if float.fract() == 0.0 && float.abs() >= 2.0_f64.powi(63) => {
                let size = if float > 0.0 { "large" } else { "small" };
                let message = format!("{} is too {size}", cx.sources.slice(node.span));
                cx.report(Diagnostic::new("out-of-range", message).at(node.span, ""));
            }
            _ => cx.wrong_kind(node, "an integer"),
        }
        None
    }
}

impl Decode for u64 {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let integer = i64::decode(node, cx)?;
        let unsigned = u64::try_from(integer).ok();
        if unsigned.is_none() {
            let diagnostic = Diagnostic::new("out-of-range", format!("{integer} is negative"));
            cx.report(diagnostic.at(node.span, "expected 0 or more"));
        }
        unsigned
    }
}

impl Decode for u32 {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let integer = u64::decode(node, cx)?;
        let small = u32::try_from(integer).ok();
        if small.is_none() {
            let diagnostic = Diagnostic::new("out-of-range", format!("{integer} is too large"));
            cx.report(diagnostic.at(node.span, format!("expected at most {}", u32::MAX)));
        }
        small
    }
}

/// `null` is `None`.
impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match node.kind {
            NodeKind::Null => Some(None),
            _ => T::decode(node, cx).map(Some),
        }
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        T::decode(node, cx).map(Box::new)
    }
}

/// All items are read; a list with a broken item is broken.
impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            NodeKind::Sequence(items) => {
                let decoded: Vec<Option<T>> = items.iter().map(|item| T::decode(item, cx)).collect();
                decoded.into_iter().collect()
            }
            _ => {
                cx.wrong_kind(node, "a list");
                None
            }
        }
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        T::decode(node, cx).map(|value| Spanned { value, span: node.span })
    }
}

impl<T: Decode> Decode for Named<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let NodeKind::Mapping(entries) = &node.kind else {
            cx.wrong_kind(node, "a mapping");
            return None;
        };
        let entries = entries.iter().map(|Entry { key, key_span, value }| NamedEntry {
            name: Spanned { value: key.clone(), span: *key_span },
            value: T::decode(value, cx),
            place: Place::of(value),
        });
        Some(Named { entries: entries.collect(), span: node.span })
    }
}

impl Decode for Any {
    fn decode(node: &Node, _: &mut Context) -> Option<Self> {
        (!matches!(node.kind, NodeKind::Broken)).then(|| Any(node.clone()))
    }
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("NamedOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<T>() })
    }
}

impl JsonSchema for Any {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Any".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        Schema::default()
    }
}

/// The entries of a mapping while a record is made of them. [`record!`](crate::record) uses it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Fields<'n> {
    entries: &'n [Entry],
    span: Span,
    /// Keys whose misspellings have been reported.
    misspelt: Vec<&'n str>,
    has_other_keys: bool,
}

impl<'n> Fields<'n> {
    /// The entries of `node`, where it is a mapping. Reports the keys that are neither `known` nor `refused`, and those
    /// that are refused with what to do instead.
    pub fn of(node: &'n Node, known: &[&'n str], refused: &[(&str, &str)], cx: &mut Context) -> Option<Self> {
        let NodeKind::Mapping(entries) = &node.kind else {
            cx.wrong_kind(node, "a mapping");
            return None;
        };
        let mut fields = Fields { entries, span: node.span, misspelt: Vec::new(), has_other_keys: false };
        for Entry { key, key_span, value } in entries.iter() {
            if known.contains(&key.as_str()) {
                continue;
            }
            fields.has_other_keys = true;
            let diagnostic = match refused.iter().find(|(refused, _)| refused == key) {
                Some((_, why)) => Diagnostic::new("unsupported-keyword", format!("`{key}` is not supported"))
                    .at(*key_span, "")
                    .help(*why),
                None if matches!(value.kind, NodeKind::Null) && key.contains(' ') => {
                    Diagnostic::new("unknown-key", format!("there is no key `{key}` here"))
                        .at(*key_span, "the comma before it ended the text")
                        .help("if it belongs to the text before it, put that text in quotes")
                }
                None => {
                    fields.misspelt.extend(nearest(key, known.iter().copied()));
                    Diagnostic::new("unknown-key", format!("there is no key `{key}` here"))
                        .at(*key_span, "unknown key")
                        .help(instead(key, known.iter().copied()))
                }
            };
            cx.report(diagnostic);
        }
        Some(fields)
    }

    /// Returns whether keys have been reported.
    pub fn has_other_keys(&self) -> bool {
        self.has_other_keys
    }

    /// Reads the value of `key`.
    pub fn optional<T: Decode>(&self, key: &str, _doc: &[&str], cx: &mut Context) -> Slot<T> {
        match self.entries.iter().find(|entry| entry.key == key) {
            None => Slot::Absent,
            Some(entry) => T::decode(&entry.value, cx).map_or(Slot::Broken, Slot::Is),
        }
    }

    /// Reads the value of the required key `key`.
    pub fn required<T: Decode>(&self, key: &str, doc: &[&str], cx: &mut Context) -> Slot<T> {
        let slot = self.optional(key, doc, cx);
        if !slot.is_absent() {
            return slot;
        }
        if !self.misspelt.contains(&key) {
            let diagnostic = Diagnostic::new("missing-key", format!("the key `{key}` is missing"));
            let meaning = doc.first().map_or("", |line| line.trim());
            cx.report(diagnostic.at(self.span, format!("needs `{key}`")).help(format!("`{key}` is: {meaning}")));
        }
        Slot::Broken
    }
}
