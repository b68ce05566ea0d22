//! Values at the edge of what a type allows, and just past it.

use accord_language::model::{Bounds, Kind, Model, Shape, Text, Type};
use regex::Regex;
use serde_json::{Map, Value, json};

/// A character of two bytes in UTF-8, so that lengths counted in bytes show, and of one unit in UTF-16: the documentation
/// does not say of every text that its length is in code points. A letter, neither white space nor a control character.
pub(super) const LETTER: &str = "é";

/// Invisible texts: code points that renderers ignore (zero width space and joiner, variation selector, soft hyphen,
/// Hangul filler, tag), and a blank Braille pattern.
pub(super) const SHOWING_NOTHING: [&str; 5] =
    ["\u{200b}", "\u{200d}\u{fe0f}", "\u{ad}\u{3164}", "\u{e0041}", "\u{2800}"];

/// A string of `length` code points.
pub(super) fn text(length: u64) -> Value {
    LETTER.repeat(usize::try_from(length).unwrap_or_default()).into()
}

/// A string of `length` code points that matches the pattern, if there is one; `None` if no repeated letter matches.
pub(super) fn fitting(shape: &Text, length: u64) -> Option<Value> {
    let Some(pattern) = &shape.pattern else { return Some(text(length)) };
    let regex = Regex::new(&pattern.rust).ok()?;
    let texts = [LETTER, "a", "A", "0"].map(|letter| letter.repeat(usize::try_from(length).unwrap_or_default()));
    texts.into_iter().find(|text| regex.is_match(text)).map(Value::from)
}

/// Resolves the aliases of a type.
pub(super) fn resolve<'m>(model: &'m Model, kind: &'m Kind) -> Resolved<'m> {
    match kind {
        Kind::Ref(id) => match &model.types[id.0].shape {
            Shape::Object(object) => Resolved::Object(object),
            Shape::Enum(choices) => Resolved::Enum(choices),
            Shape::Alias(kind) => resolve(model, kind),
        },
        kind => Resolved::Kind(kind),
    }
}

/// A type with its references resolved.
pub(super) enum Resolved<'m> {
    Object(&'m accord_language::model::Object),
    Enum(&'m [String]),
    Kind(&'m Kind),
}

/// A valid value of this type.
pub(super) fn valid(model: &Model, ty: &Type) -> Value {
    match resolve(model, &ty.kind) {
        Resolved::Object(object) => {
            let required = object.fields.iter().filter(|field| field.required);
            Value::Object(required.map(|field| (field.name.clone(), valid(model, &field.ty))).collect::<Map<_, _>>())
        }
        Resolved::Enum(choices) => choices.first().cloned().unwrap_or_default().into(),
        Resolved::Kind(kind) => match kind {
            Kind::Text(shape) if shape.date_time => "2026-01-31T09:30:00.000Z".into(),
            Kind::Text(shape) => {
                let length = shape.min_length.unwrap_or(1).max(1);
                fitting(shape, length).unwrap_or_else(|| text(length))
            }
            Kind::Integer(bounds) => bounds.minimum.or(bounds.exclusive_minimum.map(|low| low + 1)).unwrap_or(1).into(),
            Kind::Number(bounds) => bounds.minimum.unwrap_or(1.0).into(),
            Kind::Boolean => true.into(),
            Kind::Array(_) => json!([]),
            Kind::Map(_) => json!({}),
            Kind::Const(constant) => constant.as_str().into(),
            Kind::Ref(_) => Value::Null,
        },
    }
}

/// Values of other types than this one, each with its name.
pub(super) fn wrong_types(resolved: &Resolved<'_>) -> Vec<(&'static str, Value)> {
    let all = [
        ("a string", json!("text")),
        ("an integer", json!(7)),
        ("a fraction", json!(7.5)),
        ("a boolean", json!(true)),
        ("an object", json!({ "a": 1 })),
        ("a list", json!(["a"])),
    ];
    let right: &[&str] = match resolved {
        Resolved::Object(_) => &["an object"],
        Resolved::Enum(_) => &["a string"],
        Resolved::Kind(kind) => match kind {
            Kind::Text(_) | Kind::Const(_) => &["a string"],
            Kind::Integer(_) => &["an integer"],
            Kind::Number(_) => &["an integer", "a fraction"],
            Kind::Boolean => &["a boolean"],
            Kind::Array(_) => &["a list"],
            Kind::Map(_) => &["an object"],
            Kind::Ref(_) => &[],
        },
    };
    all.into_iter().filter(|(name, _)| !right.contains(name)).collect()
}

/// Strings that the pattern is not found in, of an allowed length.
pub(super) fn against_pattern(shape: &Text) -> Vec<(String, Value)> {
    let Some(pattern) = &shape.pattern else { return Vec::new() };
    let Ok(regex) = Regex::new(&pattern.rust) else { return Vec::new() };
    let candidates = [
        "a\u{0}b", "\u{0}", "a\u{7}b", "a\u{1f}", "\u{7f}", "a b", " ", "a\nb", "\t\n ", "a\u{a0}b", "\u{3000}", "",
        "a\u{80}b", "\u{85}", "a\u{9f}",
    ];
    let candidates = candidates.into_iter().chain(SHOWING_NOTHING);
    let fits = |text: &str| {
        let length = text.chars().count() as u64;
        length >= shape.min_length.unwrap_or(0) && shape.max_length.is_none_or(|max| length <= max)
    };
    let breaking = candidates.filter(|text| fits(text) && !regex.is_match(text));
    breaking.map(|text| (format!("{text:?}"), Value::from(text))).collect()
}

/// Integers at the bounds (accepted) and one past them (refused).
pub(super) fn at_bounds(bounds: &Bounds<i64>) -> Vec<(String, Value, bool)> {
    let mut values = Vec::new();
    let low = bounds.minimum.or(bounds.exclusive_minimum.map(|low| low + 1));
    let high = bounds.maximum.or(bounds.exclusive_maximum.map(|high| high - 1));
    if let Some(low) = low {
        values.push(("minimum".to_owned(), low.into(), true));
        values.push(("minimum".to_owned(), (low - 1).into(), false));
    }
    if let Some(high) = high {
        values.push(("maximum".to_owned(), high.into(), true));
        values.push(("maximum".to_owned(), (high + 1).into(), false));
    }
    values
}

#[cfg(test)]
mod tests {
    use accord_language::model::Pattern;

    use super::*;

    #[test]
    fn a_text_is_one_that_its_pattern_takes() {
        let shape = |pattern: &str| Text {
            pattern: Some(Pattern { ecma: pattern.to_owned(), rust: pattern.to_owned(), violation: None }),
            ..Text::default()
        };
        for (pattern, letter) in [(r"^\P{Cc}+$", LETTER), ("^[a-z-]+$", "a"), ("^[A-Z]+$", "A"), (r"^\d+$", "0")] {
            assert_eq!(fitting(&shape(pattern), 2), Some(letter.repeat(2).into()), "{pattern}");
        }
        assert_eq!(fitting(&shape("^a-b$"), 3), None);
    }
}
