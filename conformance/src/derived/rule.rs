//! Payloads that break a rule across fields.

use accord_language::model::{FieldTest, Rule, Test};
use regex::Regex;
use serde_json::{Value, json};

use super::sample;

/// Payloads that break `rule`, made from a valid one.
pub(super) fn breaking(rule: &Rule, base: &Value) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    collect(&rule.test, &mut fields);
    fields.sort_unstable();
    fields.dedup();
    let texts = ["", "   ", "\n\t ", "\u{3000}", "\u{7}", "\u{85}\u{9f}"].into_iter().chain(sample::SHOWING_NOTHING);
    let replacements: Vec<Value> = texts.map(Value::from).chain([json!([])]).collect();
    let mut broken = Vec::new();
    // First without the rule's other fields, and then with each of them empty.
    for field in &fields {
        for replacement in &replacements {
            let mut bare = base.clone();
            if let Some(members) = bare.as_object_mut() {
                members.retain(|name, _| name == field || !fields.contains(&name.as_str()));
                members.insert((*field).to_owned(), replacement.clone());
            }
            for other in [None, Some(json!([])), Some(Value::Null)] {
                let mut payload = bare.clone();
                if let Some(value) = &other {
                    for name in fields.iter().filter(|name| *name != field) {
                        payload[*name] = value.clone();
                    }
                }
                let same_type = base.get(*field).is_none_or(|value| value.is_string() == replacement.is_string());
                if same_type && !holds(&rule.test, &payload) && !broken.iter().any(|(_, known)| *known == payload) {
                    let with = other.map(|other| format!(" with {other} beside it")).unwrap_or_default();
                    broken.push((format!("{field} {replacement}{with}"), payload));
                }
            }
        }
    }
    broken
}

fn collect<'t>(test: &'t Test, fields: &mut Vec<&'t str>) {
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| collect(test, fields)),
        Test::Not(test) => collect(test, fields),
        Test::Present(field) | Test::Field(field, _) => fields.push(field),
    }
}

fn holds(test: &Test, payload: &Value) -> bool {
    match test {
        Test::All(tests) => tests.iter().all(|test| holds(test, payload)),
        Test::Any(tests) => tests.iter().any(|test| holds(test, payload)),
        Test::Not(test) => !holds(test, payload),
        Test::Present(field) => payload.get(field).is_some_and(|value| !value.is_null()),
        Test::Field(field, test) => match payload.get(field) {
            None | Some(Value::Null) => true,
            Some(value) => passes(test, value),
        },
    }
}

fn passes(test: &FieldTest, value: &Value) -> bool {
    let length = value.as_str().map(|text| text.chars().count() as u64);
    let items = value.as_array().map(|items| items.len() as u64);
    let number = value.as_f64();
    match test {
        FieldTest::Pattern(pattern) => match (value.as_str(), Regex::new(&pattern.rust)) {
            (Some(text), Ok(regex)) => regex.is_match(text),
            _ => true,
        },
        FieldTest::MinLength(low) => length.is_none_or(|length| length >= *low),
        FieldTest::MaxLength(high) => length.is_none_or(|length| length <= *high),
        FieldTest::MinItems(low) => items.is_none_or(|items| items >= *low),
        FieldTest::MaxItems(high) => items.is_none_or(|items| items <= *high),
        FieldTest::Minimum(low) => number.is_none_or(|number| number >= *low),
        FieldTest::Maximum(high) => number.is_none_or(|number| number <= *high),
        FieldTest::OneOf(choices) => choices.contains(value),
    }
}
