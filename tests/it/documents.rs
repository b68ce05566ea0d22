//! Arbitrary documents for a type of the schema: valid ones, and ones that are wrong in a place or two.

use accord_language::model::{Array, Bounds, Field, Kind, Model, Object, Shape, Text, Type, TypeId};
use rand::{Rng, RngExt, seq::IndexedRandom};
use serde_json::{Map, Value, json};

/// Nesting that documents do not go beyond, so that recursive types end.
const MAX_DEPTH: usize = 4;

/// Characters that tell implementations apart: controls, kinds of white space, astral and combining ones.
#[rustfmt::skip]
const CHARACTERS: &[char] = &[
    'a', 'Z', '0', '-', '/', '"', '\\', ' ', '\t', '\n', '\u{b}', '\0', '\u{7f}', '\u{85}', '\u{a0}', '\u{200b}',
    '\u{2028}', '\u{3000}', '\u{feff}', 'é', 'ß', '語', '👍', '\u{301}', '\u{10ffff}',
];

/// A document that is valid, or nearly, or not at all like the type.
pub fn document(rng: &mut impl Rng, model: &Model, ty: TypeId) -> Value {
    if rng.random_ratio(1, 50) {
        return anything(rng, 0);
    }
    // Large types have many places to be wrong in: half of all documents keep within the bounds before they are changed.
    let mut document = Documents { model, careful: rng.random() }.of(rng, ty, 0);
    for _ in 0..*[0, 0, 1, 1, 1, 2, 3].choose(rng).expect("not empty") {
        mutate(rng, &mut document);
    }
    document
}

struct Documents<'m> {
    model: &'m Model,
    /// Whether each bound is kept: values are at it or within, and text is plain.
    careful: bool,
}

impl Documents<'_> {
    fn of(&self, rng: &mut impl Rng, ty: TypeId, depth: usize) -> Value {
        match &self.model.types[ty.0].shape {
            Shape::Object(object) => self.object(rng, object, depth),
            Shape::Enum(values) => json!(values.choose(rng).expect("an enum has values")),
            Shape::Alias(kind) => self.kind(rng, kind, depth),
        }
    }

    fn object(&self, rng: &mut impl Rng, object: &Object, depth: usize) -> Value {
        let mut members = Map::new();
        for Field { name, required, ty, .. } in &object.fields {
            if *required || (depth < MAX_DEPTH && rng.random_ratio(2, 3)) {
                members.insert(name.clone(), self.ty(rng, ty, depth + 1));
            }
        }
        if rng.random_ratio(1, 10) {
            members.insert("extra".to_owned(), anything(rng, depth));
        }
        members.into()
    }

    fn ty(&self, rng: &mut impl Rng, ty: &Type, depth: usize) -> Value {
        if ty.nullable && (depth >= MAX_DEPTH || rng.random_ratio(1, 3)) {
            return Value::Null;
        }
        self.kind(rng, &ty.kind, depth)
    }

    fn kind(&self, rng: &mut impl Rng, kind: &Kind, depth: usize) -> Value {
        match kind {
            Kind::Ref(id) => self.of(rng, *id, depth),
            Kind::Text(text) => json!(self.text(rng, text)),
            Kind::Integer(Bounds { minimum, maximum, .. }) if self.careful => {
                json!(if rng.random() { minimum.or(*maximum) } else { maximum.or(*minimum) }.unwrap_or(7))
            }
            Kind::Integer(bounds) => integer(rng, bounds),
            Kind::Number(bounds) => number(rng, bounds),
            Kind::Boolean => json!(rng.random::<bool>()),
            Kind::Array(Array { items, min_items, max_items }) => {
                let past = max_items.filter(|_| !self.careful).map(|max| max + 1);
                let edges = [Some(0), Some(1), *min_items, *max_items, past];
                let length = edges.choose(rng).copied().flatten().unwrap_or(2);
                let length = if self.careful { length.max(min_items.unwrap_or(0)) } else { length };
                let length = if depth >= MAX_DEPTH { min_items.unwrap_or(0) } else { length.min(12) };
                (0..length).map(|_| self.ty(rng, items, depth + 1)).collect()
            }
            Kind::Map(values) => {
                let length = rng.random_range(0..3);
                let entries = (0..length).map(|_| (characters(rng, 3), self.ty(rng, values, depth + 1)));
                Value::Object(entries.collect())
            }
            Kind::Const(constant) => json!(constant),
        }
    }

    /// Lengths at both sides of each bound; characters that the pattern may or may not take.
    fn text(&self, rng: &mut impl Rng, text: &Text) -> String {
        if text.date_time {
            return if self.careful { "2026-01-31T09:30:00.000Z".to_owned() } else { date_time(rng) };
        }
        if self.careful {
            let (least, most) = (text.min_length.unwrap_or(0), text.max_length.unwrap_or(8));
            let length = *[least.max(1), most, most.min(8)].choose(rng).expect("not empty");
            return "x".repeat(usize::try_from(length).expect("a length fits"));
        }
        let bounds = [text.min_length, text.max_length].into_iter().flatten();
        let edges: Vec<u64> =
            bounds.flat_map(|bound| [bound.saturating_sub(1), bound, bound + 1]).chain([1, 8]).collect();
        let length = usize::try_from(*edges.choose(rng).expect("not empty")).expect("a length fits");
        let mut string = "x".repeat(length.saturating_sub(3));
        string.push_str(&characters(rng, length.min(3)));
        string
    }
}

fn integer(rng: &mut impl Rng, bounds: &Bounds<i64>) -> Value {
    let edges = [bounds.minimum, bounds.maximum, bounds.exclusive_minimum, bounds.exclusive_maximum];
    let edges: Vec<i64> =
        edges.into_iter().flatten().flat_map(|edge| [edge - 1, edge, edge + 1]).chain([0, -1, 7]).collect();
    let integer = *edges.choose(rng).expect("not empty");
    match rng.random_range(0..20) {
        #[expect(clippy::cast_precision_loss, reason = "an integral float is what is wanted")]
        0 => json!(integer as f64),
        1 => json!(f64::from(rng.random::<u8>()) + 0.5),
        2 => json!(*[i64::MAX, i64::MIN, 1 << 53, (1 << 53) - 1, -(1 << 53)].choose(rng).expect("not empty")),
        3 => json!(*[u64::MAX as f64, 1e300, -1e300, 9_007_199_254_740_991.0].choose(rng).expect("not empty")),
        _ => json!(integer),
    }
}

fn number(rng: &mut impl Rng, bounds: &Bounds<f64>) -> Value {
    let edges = [bounds.minimum, bounds.maximum, bounds.exclusive_minimum, bounds.exclusive_maximum];
    let edges: Vec<f64> =
        edges.into_iter().flatten().flat_map(|edge| [edge - 0.5, edge, edge + 0.5]).chain([0.0, -1.5, 1e300]).collect();
    json!(*edges.choose(rng).expect("not empty"))
}

fn date_time(rng: &mut impl Rng) -> String {
    const TIMES: &[&str] = &[
        "2026-01-31T09:30:00.000Z",
        "2026-01-31T09:30:00Z",
        "2026-01-31t09:30:00z",
        "2026-01-31T09:30:00+01:00",
        "2026-01-31T09:30:00.123456789-23:59",
        "2024-02-29T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T23:59:60Z",
        "2026-01-31T22:59:60-01:00",
        "2026-01-31T23:60:00Z",
        "2026-01-31T09:30:00",
        "2026-01-31 09:30:00Z",
        "2026-01-31",
        "2026-1-31T09:30:00Z",
        "2026-01-31T09:30:00.Z",
        "2026-01-31T09:30:00+24:00",
        "2026-01-31T09:30:00+0100",
        "",
    ];
    (*TIMES.choose(rng).expect("not empty")).to_owned()
}

fn characters(rng: &mut impl Rng, length: usize) -> String {
    (0..length).map(|_| *CHARACTERS.choose(rng).expect("not empty")).collect()
}

fn anything(rng: &mut impl Rng, depth: usize) -> Value {
    let scalars = 7;
    match rng.random_range(0..if depth < MAX_DEPTH { scalars + 2 } else { scalars }) {
        0 => Value::Null,
        1 => json!(rng.random::<bool>()),
        2 => json!(rng.random::<i64>()),
        3 => json!(rng.random_range(-10..10)),
        4 => json!(rng.random::<f64>()),
        5 => json!(characters(rng, 2)),
        6 => json!(""),
        7 => (0..rng.random_range(0..3)).map(|_| anything(rng, depth + 1)).collect(),
        _ => {
            let keys = ["id", "content", "attachments", "x", "~/"];
            let length = rng.random_range(0..3);
            let members =
                (0..length).map(|_| ((*keys.choose(rng).expect("not empty")).to_owned(), anything(rng, depth + 1)));
            Value::Object(members.collect())
        }
    }
}

/// Makes one change somewhere in the document.
fn mutate(rng: &mut impl Rng, value: &mut Value) {
    let descend = !rng.random_ratio(1, 4);
    match value {
        Value::Object(members) if descend && !members.is_empty() => {
            let key = members.keys().nth(rng.random_range(0..members.len())).expect("in range").clone();
            match rng.random_range(0..6) {
                0 => drop(members.remove(&key)),
                1 => drop(members.insert(key, Value::Null)),
                _ => mutate(rng, members.get_mut(&key).expect("the key is there")),
            }
        }
        Value::Array(items) if descend && !items.is_empty() => {
            let index = rng.random_range(0..items.len());
            match rng.random_range(0..6) {
                0 => drop(items.remove(index)),
                1 => {
                    let item = items[index].clone();
                    items.resize(items.len() + 9, item);
                }
                _ => mutate(rng, &mut items[index]),
            }
        }
        Value::String(string) if descend => match rng.random_range(0..4) {
            0 => string.clear(),
            1 => string.push_str(&characters(rng, 1)),
            2 => string.insert_str(0, &characters(rng, 1)),
            _ => *string = characters(rng, 1).repeat(33),
        },
        other => *other = anything(rng, 2),
    }
}
