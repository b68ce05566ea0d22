//! The limits of a value, in words.

use crate::model::{Bounds, Kind, Text};

/// The limits of a value of a kind, as a sentence.
pub fn limits(kind: &Kind) -> Option<String> {
    let parts = match kind {
        Kind::Text(text) => of_text(text),
        Kind::Integer(bounds) => of_bounds(bounds).into_iter().collect(),
        Kind::Number(bounds) => of_bounds(bounds).into_iter().collect(),
        Kind::Array(array) => between(array.min_items, array.max_items, "item").into_iter().collect(),
        Kind::Const(constant) => vec![format!("Always `{constant}`")],
        Kind::Ref(_) | Kind::Boolean | Kind::Map(_) => Vec::new(),
    };
    (!parts.is_empty()).then(|| format!("{}.", parts.join("; ")))
}

fn of_text(text: &Text) -> Vec<String> {
    let mut parts: Vec<String> = between(text.min_length, text.max_length, "character").into_iter().collect();
    if let Some(pattern) = &text.pattern {
        parts.push(match &pattern.violation {
            Some(violation) => violation.clone(),
            None => format!("must match `{}`", pattern.ecma),
        });
    }
    if text.date_time {
        parts.push("RFC 3339".to_owned());
    }
    parts
}

fn between(min: Option<u64>, max: Option<u64>, noun: &str) -> Option<String> {
    let plural = |count: u64| if count == 1 { format!("{count} {noun}") } else { format!("{count} {noun}s") };
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("Exactly {}", plural(max))),
        (Some(min), Some(max)) => Some(format!("{min} to {}", plural(max))),
        (Some(min), None) => Some(format!("At least {}", plural(min))),
        (None, Some(max)) => Some(format!("At most {}", plural(max))),
        (None, None) => None,
    }
}

fn of_bounds<N: std::fmt::Display>(bounds: &Bounds<N>) -> Option<String> {
    let low = match (&bounds.minimum, &bounds.exclusive_minimum) {
        (Some(min), Some(above)) => Some(format!("at least {min} and more than {above}")),
        (Some(min), None) => Some(format!("at least {min}")),
        (None, Some(above)) => Some(format!("more than {above}")),
        (None, None) => None,
    };
    let high = match (&bounds.maximum, &bounds.exclusive_maximum) {
        (Some(max), Some(below)) => Some(format!("at most {max} and less than {below}")),
        (Some(max), None) => Some(format!("at most {max}")),
        (None, Some(below)) => Some(format!("less than {below}")),
        (None, None) => None,
    };
    let text = [low, high].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect())
}
