//! YAML to [`Node`]s. Supports only the part of YAML 1.2 that JSON has: one document, no anchors, aliases or tags.

use std::collections::{BTreeMap, HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};

use super::{Entry, Node, NodeKind, syntax};
use crate::diagnostic::{Diagnostic, FileId, Span};

/// The maximum depth of collections, so that recursive readers of the tree are safe.
const MAX_DEPTH: usize = 100;

/// The key that takes over the entries of its value.
const MERGE: &str = "<<";

/// Reads `text`; `None` if it is not well-formed, which is added to `diagnostics`.
pub fn parse(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Node> {
    let offsets = Offsets::new(text);
    let mut tree =
        Tree { file, text, offsets, open: Vec::new(), root: None, diagnostics, anchors: BTreeMap::new(), documents: 0 };
    let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let span = tree.span(span.start.index(), span.end.index());
                if !tree.event(event, span) {
                    return None;
                }
            }
            Err(error) => {
                let at = tree.offsets.byte(error.marker().index()) as usize;
                tree.diagnostics.push(syntax::error(file, text, at, error.info()));
                return None;
            }
        }
    }
    tree.refuse_anchors();
    let start = Span { file, start: 0, end: 0 };
    Some(tree.root.unwrap_or(Node { span: start, declared: start, kind: NodeKind::Null }))
}

/// From characters to bytes.
enum Offsets {
    Ascii(usize),
    Other(Vec<u32>),
}

impl Offsets {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Offsets::Ascii(text.len());
        }
        let end = std::iter::once(text.len());
        let offsets = text.char_indices().map(|(offset, _)| offset).chain(end);
        Offsets::Other(offsets.map(offset).collect())
    }

    fn byte(&self, character: usize) -> u32 {
        match self {
            Offsets::Ascii(length) => offset(character.min(*length)),
            Offsets::Other(offsets) => offsets[character.min(offsets.len() - 1)],
        }
    }
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).expect("files are smaller than 4 GiB")
}

struct Tree<'a> {
    file: FileId,
    text: &'a str,
    offsets: Offsets,
    open: Vec<Open>,
    root: Option<Node>,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// The anchors by their numbers: the place of each, and those where it is used.
    anchors: BTreeMap<usize, (Span, Vec<Span>)>,
    documents: usize,
}

/// A collection that has not ended yet.
struct Open {
    span: Span,
    flow: bool,
    items: Items,
}

enum Items {
    Sequence(Vec<Node>),
    /// `merged` where it takes entries over from elsewhere, which has been reported.
    Mapping {
        entries: Vec<Entry>,
        keys: HashMap<String, Span>,
        key: Option<Key>,
        merged: bool,
    },
}

/// A key whose value comes next.
struct Key {
    text: String,
    span: Span,
    duplicate: bool,
}

impl Tree<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        let (start, end) = (self.offsets.byte(start), self.offsets.byte(end));
        let trimmed = self.text[start as usize..end as usize].trim_end().len();
        Span { file: self.file, start, end: start + offset(trimmed) }
    }

    /// Handles an event; `false` ends the parsing.
    fn event(&mut self, event: Event<'_>, span: Span) -> bool {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let diagnostic = Diagnostic::new("yaml-unsupported", "the file has several documents")
                        .at(span, "the second one starts here")
                        .help("move it to a file of its own, and `include` that file");
                    self.diagnostics.push(diagnostic);
                    return false;
                }
            }
            Event::Alias(anchor) => {
                if let Some((_, uses)) = self.anchors.get_mut(&anchor) {
                    uses.push(span);
                }
                self.put(Node { span, declared: span, kind: NodeKind::Broken });
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                if self.wants_key() {
                    self.key(text.into(), span);
                } else {
                    let kind = match style {
                        ScalarStyle::Plain => self.plain(&text, span),
                        _ => NodeKind::String(text.into()),
                    };
                    self.put(Node { span, declared: span, kind });
                }
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                return self.open(span, Items::Sequence(Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                let (entries, keys) = (Vec::new(), HashMap::new());
                return self.open(span, Items::Mapping { entries, keys, key: None, merged: false });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        true
    }

    fn refuse(&mut self, span: Span, what: &str, help: &str) {
        let diagnostic =
            Diagnostic::new("yaml-unsupported", format!("{what} is not supported")).at(span, "").help(help);
        self.diagnostics.push(diagnostic);
    }

    fn refuse_properties(&mut self, anchor: usize, tag: bool, span: Span) {
        if anchor != 0 {
            self.anchors.insert(anchor, (span, Vec::new()));
        }
        if tag {
            self.refuse(span, "a tag (`!name`)", "remove it; to make a scalar a string, put it in quotes");
        }
    }

    /// Reports each anchor with all of its uses: they are one mistake.
    fn refuse_anchors(&mut self) {
        for (span, uses) in std::mem::take(&mut self.anchors).into_values() {
            let mut diagnostic =
                Diagnostic::new("yaml-unsupported", "an anchor (`&name`) is not supported").at(span, "");
            for used in uses {
                diagnostic = diagnostic.and(used, "used here");
            }
            let help = "write the value out where it is used, or name it under `types` and use `$ref`";
            self.diagnostics.push(diagnostic.help(help));
        }
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { items: Items::Mapping { key: None, .. }, .. }))
    }

    fn key(&mut self, text: String, span: Span) {
        let Some(Open { items: Items::Mapping { keys, key, .. }, .. }) = self.open.last_mut() else { return };
        let first = keys.get(&text).copied();
        match first {
            Some(first) => {
                let diagnostic = Diagnostic::new("duplicate-key", format!("the key `{text}` is listed twice"))
                    .at(span, "again here")
                    .and(first, "first here");
                self.diagnostics.push(diagnostic);
            }
            None => {
                keys.insert(text.clone(), span);
            }
        }
        *key = Some(Key { text, span, duplicate: first.is_some() });
    }

    fn open(&mut self, span: Span, items: Items) -> bool {
        if self.open.len() == MAX_DEPTH {
            let message = format!("collections are nested more than {MAX_DEPTH} deep");
            self.diagnostics.push(Diagnostic::new("yaml-unsupported", message).at(span, ""));
            return false;
        }
        if self.wants_key() {
            self.refuse(span, "a key that is not a scalar", "use a string as the key");
            return false;
        }
        let flow = self.text[span.start as usize..].starts_with(['{', '[']);
        self.open.push(Open { span, flow, items });
        true
    }

    fn close(&mut self, end: Span) {
        let Some(Open { span, flow, items }) = self.open.pop() else { return };
        let kind = match items {
            Items::Sequence(items) => NodeKind::Sequence(items.into()),
            Items::Mapping { merged: true, .. } => NodeKind::Broken,
            Items::Mapping { entries, .. } => NodeKind::Mapping(entries.into()),
        };
        let whole = Span { end: end.end, ..span };
        let one_line = flow && !self.text[whole.start as usize..whole.end as usize].contains('\n');
        let span = match (&kind, self.open.last()) {
            _ if one_line => whole,
            (_, Some(Open { items: Items::Mapping { key: Some(key), .. }, .. })) => key.span,
            (NodeKind::Mapping(entries), _) if !flow => entries.first().map_or(span, |entry| entry.key_span),
            (NodeKind::Sequence(items), _) if !flow => items.first().map_or(span, |item| item.span),
            _ => Span { end: span.start + 1, ..span },
        };
        self.put(Node { span, declared: span, kind });
    }

    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { items: Items::Sequence(items), .. }) => items.push(node),
            Some(Open { items: Items::Mapping { entries, key, merged, .. }, .. }) => {
                let Some(key) = key.take() else { return };
                if key.text == MERGE {
                    *merged = true;
                    // Mistakes in a merged alias are reported with its anchor.
                    if !matches!(node.kind, NodeKind::Broken) {
                        let help = "write the entries out, or name the value under `types` and use `$ref`";
                        self.refuse(key.span, "a merge key (`<<`)", help);
                    }
                    return;
                }
                // An absent value is shown by its key.
                let span = if node.span.start == node.span.end { key.span } else { node.span };
                let by_key = matches!(node.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_) | NodeKind::Null);
                let declared = if by_key { key.span } else { span };
                if !key.duplicate {
                    let value = Node { span, declared, ..node };
                    entries.push(Entry { key: key.text, key_span: key.span, value });
                } else if let Some(first) = entries.iter_mut().find(|entry| entry.key == key.text) {
                    // The intended one of the two is unknown.
                    first.value.kind = NodeKind::Broken;
                }
            }
        }
    }

    /// A plain scalar, resolved by the core schema (YAML 1.2.2, section 10.3.2).
    fn plain(&mut self, text: &str, span: Span) -> NodeKind {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return NodeKind::Null,
            "true" | "True" | "TRUE" => return NodeKind::Boolean(true),
            "false" | "False" | "FALSE" => return NodeKind::Boolean(false),
            ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
            | "-.INF" => {
                self.refuse(span, "a number that JSON cannot represent", "to make it a string, put it in quotes");
                return NodeKind::Broken;
            }
            _ => {}
        }
        let radix = |prefix, radix| {
            let digits = text.strip_prefix(prefix)?;
            (!digits.starts_with(['+', '-'])).then(|| i64::from_str_radix(digits, radix).ok())?
        };
        if let Some(integer) = radix("0o", 8).or_else(|| radix("0x", 16)) {
            return NodeKind::Integer(integer);
        }
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
            None => (unsigned, None),
        };
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let has_digits = !(whole.is_empty() && fraction.is_empty());
        let exponent_ok = exponent.is_none_or(|exponent| {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !digits.is_empty() && all_digits(digits)
        });
        if !has_digits || !all_digits(whole) || !all_digits(fraction) || !exponent_ok {
            return NodeKind::String(text.to_owned());
        }
        if exponent.is_none()
            && !mantissa.contains('.')
            && let Ok(integer) = text.parse()
        {
            return NodeKind::Integer(integer);
        }
        match text.parse::<f64>() {
            Ok(float) if float.is_finite() => NodeKind::Float(float),
            _ => {
                self.refuse(span, "a number this large", "to make it a string, put it in quotes");
                NodeKind::Broken
            }
        }
    }
}
