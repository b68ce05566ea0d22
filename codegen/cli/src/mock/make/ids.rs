//! Ids of new things.

use std::collections::HashMap;

use accord_language::model::{Kind, Shape, Type};
use serde_json::{Value, json};

use super::{Maker, number::integer, text};

/// The minimum number of digits of a new id, so that ids sort by creation.
const WIDTH: usize = 6;

/// The ids in an answer: the same one wherever the schema's examples have the same one.
pub struct Ids {
    /// Whether no ids are new, so that every answer has the same ones.
    repeated: bool,
    known: Known,
    given: u64,
}

/// Ids, by the ids of examples that they replace.
pub type Known = HashMap<String, Value>;

impl Ids {
    /// No ids yet.
    pub fn new(repeated: bool) -> Self {
        Ids { repeated, known: Known::new(), given: 0 }
    }

    /// The ids that have been used.
    pub fn known(&self) -> Known {
        self.known.clone()
    }

    /// Forgets all other ids, because the next answer is about something else.
    pub fn know_only(&mut self, known: &Known) {
        self.known.clone_from(known);
    }

    /// An id of something new, like that of the example: `message_001001`; where nothing is new, those that follow that of
    /// the example: `message_123`, `message_124`.
    pub fn id(&mut self, maker: &Maker, ty: &'static Type, shown: Option<&Value>) -> Value {
        let example = match (shown, &ty.kind) {
            (Some(shown), _) => Some(shown),
            (None, Kind::Ref(id)) => maker.def(*id).example.as_ref(),
            (None, _) => None,
        };
        let key = format!("{:?} {}", ty.kind, example.unwrap_or(&Value::Null));
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let candidates = example.map(|example| self.candidates(maker, example)).unwrap_or_default();
        let id = candidates.into_iter().find(|id| maker.checker.is_valid(ty, id));
        let id = id.or_else(|| made(maker, ty)).or_else(|| example.cloned()).unwrap_or_default();
        self.given += 1;
        self.known.insert(key, id.clone());
        id
    }

    /// Candidates for an id that resembles the example, the best first.
    fn candidates(&self, maker: &Maker, example: &Value) -> Vec<Value> {
        let given = self.given;
        let number = |example: Option<u64>| match example {
            Some(example) if self.repeated => example.saturating_add(given),
            None if self.repeated => given + 1,
            _ => maker.next_id(),
        };
        match example {
            example if self.repeated && given == 0 => vec![example.clone()],
            Value::String(text) => {
                let stem = text.trim_end_matches(|char: char| char.is_ascii_digit());
                let first = text[stem.len()..].parse().ok();
                let (number, between) = (number(first), if first.is_some() { [""; 2] } else { ["_", "-"] });
                let width = if self.repeated { 0 } else { WIDTH };
                between
                    .into_iter()
                    .flat_map(|between| {
                        [json!(format!("{stem}{between}{number:0width$}")), json!(format!("{stem}{between}{number}"))]
                    })
                    .collect()
            }
            Value::Number(first) => vec![json!(number(first.as_u64()))],
            _ => Vec::new(),
        }
    }
}

/// An id that is made of its type.
fn made(maker: &Maker, ty: &'static Type) -> Option<Value> {
    let kind = match &ty.kind {
        Kind::Ref(id) => match &maker.def(*id).shape {
            Shape::Alias(kind) => kind,
            Shape::Object(_) | Shape::Enum(_) => return None,
        },
        kind => kind,
    };
    let made = match kind {
        Kind::Text(limits) => json!(maker.with_rng(|rng| text::make(limits, rng))),
        Kind::Integer(bounds) => json!(maker.with_rng(|rng| integer(bounds, rng))),
        _ => return None,
    };
    Some(made).filter(|made| maker.checker.is_valid(ty, made))
}
