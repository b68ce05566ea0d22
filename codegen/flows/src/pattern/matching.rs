//! Matches values against patterns.

use std::fmt;

use regex::Regex;
use serde_json::{Map, Value};

use super::{Kind, Variables, fill, shown, template};

/// The operations `{ $op: … }` of patterns, with what each matches.
pub(super) const OPERATIONS: [(&str, &str); 10] = [
    ("$any_of", "one of the patterns of a list"),
    ("$all_of", "all patterns of a list"),
    ("$not", "anything but the pattern"),
    ("$unordered", "a list of what the patterns ask for, in any order"),
    ("$includes", "a list with an item that the pattern asks for"),
    ("$excludes", "a list with no item that the pattern asks for"),
    ("$length", "a list or text of this length"),
    ("$matches", "a string that the regular expression is found in"),
    ("$between", "a number or text in `[lowest, highest]`, where `null` means no bound"),
    ("$later_than", "a time or sortable id after this one"),
];

/// A place where a value does not match a pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mismatch {
    /// The place in the value, as a JSON Pointer.
    pub path: String,
    /// The expected value.
    pub expected: String,
    /// The actual value.
    pub came: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the whole" } else { &self.path };
        write!(f, "at {path}: expected {}, got {}", self.expected, self.came)
    }
}

/// Matches `value` against `pattern`. If all of it matches, sets the variables that the pattern keeps.
///
/// # Errors
/// The first place that does not match.
pub fn matches(pattern: &Value, value: &Value, variables: &Variables) -> Result<(), Mismatch> {
    let trial = variables.fork();
    walk(pattern, Some(value), &mut String::new(), &trial)?;
    variables.adopt(&trial);
    Ok(())
}

fn mismatch(path: &str, expected: impl Into<String>, came: Option<&Value>) -> Mismatch {
    let came = came.map_or_else(|| "nothing".to_owned(), shown);
    Mismatch { path: path.to_owned(), expected: expected.into(), came }
}

fn walk(pattern: &Value, value: Option<&Value>, path: &mut String, variables: &Variables) -> Result<(), Mismatch> {
    match pattern {
        Value::String(text) if let Some(Ok((kind, name))) = Kind::parse(text) => {
            let fits = value.map_or(kind == Kind::Absent, |value| kind.fits(value));
            if !fits {
                return Err(mismatch(path, kind.describe(), value));
            }
            if let (Some(name), Some(value)) = (name, value) {
                variables.set(name, value.clone());
            }
            Ok(())
        }
        Value::Object(object) => match template::operation(object) {
            Some((name, operand)) => operate(name, operand, value, path, variables),
            None => members(object, value, path, variables),
        },
        Value::Array(items) => {
            let Some(values) = value.and_then(Value::as_array) else {
                return Err(mismatch(path, format!("a list of {}", items.len()), value));
            };
            if items.len() != values.len() {
                return Err(mismatch(path, format!("a list of {}, not of {}", items.len(), values.len()), value));
            }
            items.iter().zip(values).enumerate().try_for_each(|(index, (item, value))| {
                within(path, &index.to_string(), |path| walk(item, Some(value), path, variables))
            })
        }
        scalar => equal(scalar, value, path, variables),
    }
}

fn within<T>(path: &mut String, token: &str, inner: impl FnOnce(&mut String) -> T) -> T {
    let length = path.len();
    path.push('/');
    path.push_str(&token.replace('~', "~0").replace('/', "~1"));
    let result = inner(path);
    path.truncate(length);
    result
}

fn members(
    object: &Map<String, Value>,
    value: Option<&Value>,
    path: &mut String,
    variables: &Variables,
) -> Result<(), Mismatch> {
    let Some(values) = value.and_then(Value::as_object) else {
        return Err(mismatch(path, "an object", value));
    };
    object.iter().try_for_each(|(key, pattern)| {
        let key = template::fill_key(key, variables).map_err(|why| mismatch(path, why, value))?;
        within(path, &key, |path| walk(pattern, values.get(&key), path, variables))
    })
}

fn equal(template: &Value, value: Option<&Value>, path: &str, variables: &Variables) -> Result<(), Mismatch> {
    let expected = fill(template, variables).map_err(|why| mismatch(path, why, value))?;
    if value.is_some_and(|value| holds(value, &expected)) {
        Ok(())
    } else {
        Err(mismatch(path, shown(&expected), value))
    }
}

/// Returns whether `value` equals the expected value, except that its objects may have more members.
fn holds(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Object(members), Value::Object(expected)) => {
            expected.iter().all(|(key, expected)| members.get(key).is_some_and(|member| holds(member, expected)))
        }
        (Value::Array(items), Value::Array(expected)) => {
            items.len() == expected.len() && items.iter().zip(expected).all(|(item, expected)| holds(item, expected))
        }
        (value, expected) => value == expected,
    }
}

fn operate(
    name: &str,
    operand: &Value,
    value: Option<&Value>,
    path: &mut String,
    variables: &Variables,
) -> Result<(), Mismatch> {
    let list = |operand: &Value| operand.as_array().cloned().unwrap_or_default();
    let filled = || fill(operand, variables).map_err(|why| mismatch(path, why, value));
    match name {
        "$any_of" => {
            let mut misses = Vec::new();
            for pattern in list(operand) {
                let trial = variables.fork();
                match walk(&pattern, value, path, &trial) {
                    Ok(()) => {
                        variables.adopt(&trial);
                        return Ok(());
                    }
                    Err(miss) => misses.push(miss.expected),
                }
            }
            Err(mismatch(path, format!("one of: {}", misses.join(" | ")), value))
        }
        "$all_of" => list(operand).iter().try_for_each(|pattern| walk(pattern, value, path, variables)),
        "$not" => match walk(operand, value, path, &variables.fork()) {
            Ok(()) => Err(mismatch(path, format!("anything but {operand}"), value)),
            Err(_) => Ok(()),
        },
        "$unordered" => unordered(&list(operand), value, path, variables),
        "$includes" | "$excludes" => {
            let Some(items) = value.and_then(Value::as_array) else { return Err(mismatch(path, "a list", value)) };
            let found = items.iter().find(|item| walk(operand, Some(item), path, &variables.fork()).is_ok());
            match (name, found) {
                ("$includes", Some(item)) => walk(operand, Some(item), path, variables),
                ("$excludes", None) => Ok(()),
                ("$includes", None) => Err(mismatch(path, format!("a list with {}", shown(operand)), value)),
                (_, Some(item)) => Err(mismatch(path, format!("a list without {}", shown(operand)), Some(item))),
                (_, None) => Ok(()),
            }
        }
        "$length" => {
            let length = match value {
                Some(Value::Array(items)) => Some(items.len()),
                Some(Value::String(text)) => Some(text.chars().count()),
                _ => None,
            };
            let expected = filled()?;
            if length.is_some_and(|length| expected == length) {
                Ok(())
            } else {
                Err(mismatch(path, format!("a length of {expected}"), value))
            }
        }
        "$matches" => {
            let expression = filled()?;
            let regex = Regex::new(expression.as_str().unwrap_or_default());
            let regex = regex.map_err(|error| mismatch(path, error.to_string(), value))?;
            match value.and_then(Value::as_str) {
                Some(text) if regex.is_match(text) => Ok(()),
                _ => Err(mismatch(path, format!("a string that /{regex}/ is found in"), value)),
            }
        }
        "$between" => {
            let bounds = filled()?;
            let fits = value.is_some_and(|value| {
                let low = bounds[0].is_null() || compare(&bounds[0], value).is_some_and(std::cmp::Ordering::is_le);
                low && (bounds[1].is_null() || compare(value, &bounds[1]).is_some_and(std::cmp::Ordering::is_le))
            });
            if fits { Ok(()) } else { Err(mismatch(path, format!("between {} and {}", bounds[0], bounds[1]), value)) }
        }
        "$later_than" => {
            let earlier = filled()?;
            let fits = value.and_then(|value| compare(&earlier, value)).is_some_and(std::cmp::Ordering::is_lt);
            if fits { Ok(()) } else { Err(mismatch(path, format!("later than {earlier}"), value)) }
        }
        _ => {
            let object = Value::Object([(name.to_owned(), operand.clone())].into_iter().collect());
            equal(&object, value, path, variables)
        }
    }
}

/// Numbers by value, texts by their characters: times in UTC and ids that sort do.
fn compare(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (a, b) => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

fn unordered(
    patterns: &[Value],
    value: Option<&Value>,
    path: &mut String,
    variables: &Variables,
) -> Result<(), Mismatch> {
    let Some(items) = value.and_then(Value::as_array).filter(|items| items.len() == patterns.len()) else {
        return Err(mismatch(path, format!("a list of {}, in any order", patterns.len()), value));
    };
    let mut left: Vec<&Value> = items.iter().collect();
    for pattern in patterns {
        let found = left.iter().position(|item| {
            let trial = variables.fork();
            let fits = walk(pattern, Some(item), path, &trial).is_ok();
            if fits {
                variables.adopt(&trial);
            }
            fits
        });
        match found {
            Some(index) => {
                left.swap_remove(index);
            }
            None => return Err(mismatch(path, format!("a list with {}", shown(pattern)), value)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(pattern: Value, value: Value) -> Result<Variables, String> {
        let variables = Variables::default();
        variables.set("alice", "u-1");
        matches(&pattern, &value, &variables).map(|()| variables).map_err(|mismatch| mismatch.to_string())
    }

    #[test]
    fn an_object_may_have_more_members_and_no_fewer() {
        assert!(outcome(json!({ "a": 1 }), json!({ "a": 1, "b": 2 })).is_ok());
        assert_eq!(outcome(json!({ "a": 1 }), json!({ "b": 2 })).unwrap_err(), "at /a: expected 1, got nothing");
        assert_eq!(outcome(json!({ "a": null }), json!({})).unwrap_err(), "at /a: expected null, got nothing");
    }

    #[test]
    fn a_variables_object_may_also_have_more_members() {
        let variables = Variables::default();
        variables.set("sent", json!({ "id": 1, "user": { "name": "A" }, "tags": [{ "a": 1 }] }));
        let fits = |value| matches(&json!("$sent"), &value, &variables).is_ok();
        assert!(fits(
            json!({ "id": 1, "seq": 7, "user": { "name": "A", "online": true }, "tags": [{ "a": 1, "b": 2 }] })
        ));
        assert!(!fits(json!({ "id": 1, "user": { "name": "B" }, "tags": [{ "a": 1 }] })));
        assert!(!fits(json!({ "id": 1, "user": { "name": "A" }, "tags": [] })));
        assert!(!fits(json!({ "id": 1, "tags": [{ "a": 1 }] })));
    }

    #[test]
    fn a_list_has_exactly_its_items() {
        assert!(outcome(json!([1, "<any>"]), json!([1, 2])).is_ok());
        assert_eq!(
            outcome(json!([1]), json!([1, 2])).unwrap_err(),
            "at the whole: expected a list of 1, not of 2, got [1,2]"
        );
        assert_eq!(outcome(json!([{ "a": [1] }]), json!([{ "a": [2] }])).unwrap_err(), "at /0/a/0: expected 1, got 2");
    }

    #[test]
    fn kinds_hold_values_to_their_form_and_keep_them() {
        let id = "0190a3c4-8f1e-7abc-8def-0123456789ab";
        let variables = outcome(json!({ "id": "<id: m1>" }), json!({ "id": id })).unwrap();
        assert_eq!(variables.get("m1"), Ok(json!(id)));
        assert!(outcome(json!("<id>"), json!("01ARZ3NDEKTSV4RRFFQ69G5FAV")).is_ok());
        assert!(outcome(json!("<id>"), json!("0190a3c4-8f1e-4abc-8def-0123456789ab")).is_err());
        assert!(outcome(json!("<time>"), json!("2026-01-31T09:30:00.000Z")).is_ok());
        assert!(outcome(json!("<time>"), json!("2026-01-31T09:30:00Z")).is_err());
        assert!(outcome(json!("<time>"), json!("2026-02-31T09:30:00.000Z")).is_err());
        assert!(outcome(json!({ "a": "<absent>" }), json!({})).is_ok());
        assert!(outcome(json!({ "a": "<absent>" }), json!({ "a": null })).is_err());
    }

    #[test]
    fn a_mismatch_sets_no_variables() {
        let variables = Variables::default();
        assert!(matches(&json!({ "a": "<integer: kept>", "b": 1 }), &json!({ "a": 1, "b": 2 }), &variables).is_err());
        assert!(variables.get("kept").is_err());
    }

    #[test]
    fn operations_ask_for_more_than_equality() {
        for (pattern, fits, fails) in [
            (json!({ "$any_of": [1, "<string>"] }), json!("a"), json!(2)),
            (json!({ "$all_of": ["<string>", { "$length": 2 }] }), json!("👍👍"), json!("abc")),
            (json!({ "$not": "$alice" }), json!("u-2"), json!("u-1")),
            (json!({ "$unordered": [1, 2] }), json!([2, 1]), json!([1, 1])),
            (json!({ "$includes": { "id": "$alice" } }), json!([{ "id": "x" }, { "id": "u-1" }]), json!([])),
            (json!({ "$excludes": { "id": "$alice" } }), json!([{ "id": "x" }]), json!([{ "id": "u-1" }])),
            (json!({ "$matches": "^a+$" }), json!("aa"), json!("ab")),
            (json!({ "$between": [1, null] }), json!(1), json!(0)),
            (
                json!({ "$later_than": "2026-01-31T09:30:00.000Z" }),
                json!("2026-01-31T09:30:00.001Z"),
                json!("2026-01-31T09:30:00.000Z"),
            ),
            (json!({ "$plus": [1, 2] }), json!(3), json!(4)),
        ] {
            assert!(outcome(pattern.clone(), fits.clone()).is_ok(), "{pattern} asks for {fits}");
            assert!(outcome(pattern.clone(), fails.clone()).is_err(), "{pattern} does not ask for {fails}");
        }
    }
}
