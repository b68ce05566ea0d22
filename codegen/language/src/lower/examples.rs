//! Checks examples against their types.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::{
    Lowering,
    bounds::{MAX_INTEGER, MAX_INTEGRAL},
};
use crate::{
    diagnostic::{Diagnostic, Span, instead},
    model::{Array, Bounds, Field, FieldTest, Kind, Object, Pattern, Shape, Test, Text, TypeDef, TypeId},
    source::{Any, Node, NodeKind},
};

/// An example to check once all types are known.
#[derive(Debug)]
pub struct Pending<'a> {
    /// Its type.
    pub id: TypeId,
    /// The value.
    pub example: &'a Any,
}

impl Lowering<'_, '_> {
    /// Reports examples that are not of their types. Those of types with errors are left alone.
    pub fn check_examples(&mut self) {
        let tainted = self.types.tainted();
        let mut patterns = HashMap::new();
        for Pending { id, example } in std::mem::take(&mut self.examples) {
            if tainted.contains(&id) || self.types.get(id).is_none() {
                continue;
            }
            let mut check = Check { types: &self.types.defs, patterns, found: Vec::new() };
            check.named(id, &example.0);
            for Violation { span, message, help } in check.found {
                let diagnostic = Diagnostic::new(
                    "invalid-example",
                    format!("the example is not a valid `{}`", self.types.defs[id.0].name),
                )
                .at(span, message)
                .and(self.types.spans[id.0], "the expected type");
                self.cx.report(match help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
            }
            patterns = check.patterns;
        }
    }
}

/// A mismatch of an example and its type.
struct Violation {
    span: Span,
    message: String,
    help: Option<String>,
}

/// An example while it is checked.
struct Check<'t> {
    types: &'t [TypeDef],
    /// Patterns by what they are in Rust. Compiling one takes longer than all else, and types of ids have the same.
    patterns: HashMap<&'t str, Regex>,
    found: Vec<Violation>,
}

impl<'t> Check<'t> {
    fn wrong(&mut self, span: Span, message: impl Into<String>) {
        self.found.push(Violation { span, message: message.into(), help: None });
    }

    /// Reports a value that is not of the JSON type `name`, or, where that is allowed, `null`.
    fn wrong_type(&mut self, node: &Node, name: &str, or_null: bool) {
        let value = node.to_json();
        let message = match or_null {
            true => format!(r#"{value} is not of types "{name}", "null""#),
            false => format!(r#"{value} is not of type "{name}""#),
        };
        self.wrong(node.span, message);
    }

    fn named(&mut self, id: TypeId, node: &Node) {
        let def = &self.types[id.0];
        match &def.shape {
            Shape::Object(object) => self.object(&def.name, object, node),
            Shape::Enum(choices) => match &node.kind {
                NodeKind::String(text) if choices.contains(text) => {}
                NodeKind::String(text) => {
                    let choices: Vec<String> = choices.iter().map(|choice| format!("{choice:?}")).collect();
                    let choices = match choices.split_last() {
                        Some((last, [])) => last.clone(),
                        Some((last, others)) => format!("{} or {last}", others.join(", ")),
                        None => String::new(),
                    };
                    self.wrong(node.span, format!("{text:?} is not one of {choices}"));
                }
                _ => self.wrong_type(node, "string", false),
            },
            Shape::Alias(kind) => self.kind(kind, node, false),
        }
    }

    /// Checks a value of `kind`; `or_null` where it may be `null` instead, which it is not.
    fn kind(&mut self, kind: &'t Kind, node: &Node, or_null: bool) {
        match (kind, &node.kind) {
            (Kind::Ref(id), _) => self.named(*id, node),
            (Kind::Text(limits), NodeKind::String(text)) => self.text(limits, text, node.span),
            (Kind::Const(constant), NodeKind::String(text)) => {
                if constant != text {
                    self.wrong(node.span, format!("{constant:?} was expected"));
                }
            }
            (Kind::Integer(bounds), NodeKind::Integer(integer)) => self.integer(bounds, *integer, node.span),
            // A number with more digits than fit is read as a float.
            (Kind::Integer(_), NodeKind::Float(float)) if float.fract() == 0.0 && float.abs() > MAX_INTEGRAL => {
                let number = Value::from(*float);
                self.wrong(
                    node.span,
                    format!("{number} is outside the range of integers that JSON represents exactly"),
                );
            }
            #[expect(clippy::cast_possible_truncation, reason = "it has just been seen to fit")]
            (Kind::Integer(bounds), NodeKind::Float(float)) if float.fract() == 0.0 => {
                self.integer(bounds, *float as i64, node.span);
            }
            (Kind::Number(bounds), NodeKind::Float(float)) => self.bounds(bounds, *float, node.span),
            #[expect(clippy::cast_precision_loss, reason = "numbers of JSON are floats")]
            (Kind::Number(bounds), NodeKind::Integer(integer)) => self.bounds(bounds, *integer as f64, node.span),
            (Kind::Boolean, NodeKind::Boolean(_)) => {}
            (Kind::Array(array), NodeKind::Sequence(items)) => self.array(array, items, node),
            (Kind::Map(values), NodeKind::Mapping(entries)) => {
                for entry in entries.iter() {
                    self.value(&values.kind, &entry.value, values.nullable);
                }
            }
            _ => {
                let name = match kind {
                    Kind::Integer(_) => "integer",
                    Kind::Number(_) => "number",
                    Kind::Boolean => "boolean",
                    Kind::Array(_) => "array",
                    Kind::Map(_) => "object",
                    Kind::Text(_) | Kind::Const(_) | Kind::Ref(_) => "string",
                };
                self.wrong_type(node, name, or_null);
            }
        }
    }

    fn value(&mut self, kind: &'t Kind, node: &Node, or_null: bool) {
        if !(or_null && matches!(node.kind, NodeKind::Null)) {
            self.kind(kind, node, or_null && !matches!(kind, Kind::Const(_)));
        }
    }

    fn text(&mut self, limits: &'t Text, text: &str, span: Span) {
        let length = text.chars().count() as u64;
        if limits.date_time && !is_date_time(text) {
            self.wrong(span, format!("{text:?} is not a \"date-time\""));
        }
        if let Some(least) = limits.min_length.filter(|least| length < *least) {
            self.wrong(span, format!("{text:?} is shorter than {}", counted(least, "character")));
        }
        if let Some(most) = limits.max_length.filter(|most| length > *most) {
            self.wrong(span, format!("{text:?} is longer than {}", counted(most, "character")));
        }
        if let Some(pattern) = &limits.pattern
            && !self.is_found(pattern, text)
        {
            self.wrong(span, format!("the pattern `{}` is not found in it", pattern.ecma));
        }
    }

    fn is_found(&mut self, pattern: &'t Pattern, text: &str) -> bool {
        let compile = || Regex::new(&pattern.rust).expect("a translated pattern compiles");
        self.patterns.entry(&pattern.rust).or_insert_with(compile).is_match(text)
    }

    fn integer(&mut self, bounds: &Bounds<i64>, integer: i64, span: Span) {
        let mut bounds = bounds.clone();
        if bounds.exclusive_minimum.is_none() {
            bounds.minimum.get_or_insert(-MAX_INTEGER);
        }
        if bounds.exclusive_maximum.is_none() {
            bounds.maximum.get_or_insert(MAX_INTEGER);
        }
        self.bounds(&bounds, integer, span);
    }

    fn bounds<N: Copy + PartialOrd + Into<Value>>(&mut self, bounds: &Bounds<N>, number: N, span: Span) {
        let mut broken = |limit: Option<N>, breaks: fn(&N, &N) -> bool, what: &str| {
            if let Some(limit) = limit.filter(|limit| breaks(&number, limit)) {
                let (number, limit): (Value, Value) = (number.into(), limit.into());
                self.wrong(span, format!("{number} is {what} of {limit}"));
            }
        };
        broken(bounds.minimum, N::lt, "less than the minimum");
        broken(bounds.maximum, N::gt, "greater than the maximum");
        broken(bounds.exclusive_minimum, N::le, "less than or equal to the minimum");
        broken(bounds.exclusive_maximum, N::ge, "greater than or equal to the maximum");
    }

    fn array(&mut self, array: &'t Array, items: &[Node], node: &Node) {
        let count = items.len() as u64;
        if let Some(least) = array.min_items.filter(|least| count < *least) {
            self.wrong(node.span, format!("{} has less than {}", node.to_json(), counted(least, "item")));
        }
        if let Some(most) = array.max_items.filter(|most| count > *most) {
            self.wrong(node.span, format!("{} has more than {}", node.to_json(), counted(most, "item")));
        }
        items.iter().for_each(|item| self.value(&array.items.kind, item, array.items.nullable));
    }

    /// Checks an object. Fields that its type does not have are ignored where they are received, but in an example they
    /// are mistakes.
    fn object(&mut self, name: &str, object: &'t Object, node: &Node) {
        let NodeKind::Mapping(entries) = &node.kind else { return self.wrong_type(node, "object", false) };
        for field in object.fields.iter().filter(|field| field.required && node.get(&field.name).is_none()) {
            self.wrong(node.span, format!("`{}` is missing", field.name));
        }
        for entry in entries.iter() {
            match object.fields.iter().find(|field| field.name == entry.key) {
                Some(Field { ty, required, .. }) => self.value(&ty.kind, &entry.value, ty.nullable || !required),
                None => self.found.push(Violation {
                    span: entry.key_span,
                    message: format!("`{name}` has no field `{}`", entry.key),
                    help: Some(instead(&entry.key, object.fields.iter().map(|field| field.name.as_str()))),
                }),
            }
        }
        for rule in &object.rules {
            if !self.passes(&rule.test, node) {
                self.found.push(Violation {
                    span: node.pointer(&rule.path).span,
                    message: rule.message.clone(),
                    help: Some(format!("it breaks the rule `{}`", rule.name)),
                });
            }
        }
    }

    fn passes(&mut self, test: &'t Test, object: &Node) -> bool {
        match test {
            Test::All(tests) => tests.iter().all(|test| self.passes(test, object)),
            Test::Any(tests) => tests.iter().any(|test| self.passes(test, object)),
            Test::Not(test) => !self.passes(test, object),
            Test::Present(name) => object.get(name).is_some_and(|value| !matches!(value.kind, NodeKind::Null)),
            Test::Field(name, test) => object.get(name).is_none_or(|value| self.field_passes(test, &value.to_json())),
        }
    }

    fn field_passes(&mut self, test: &'t FieldTest, value: &Value) -> bool {
        let length = || value.as_str().map(|text| text.chars().count() as u64);
        let count = || value.as_array().map(|items| items.len() as u64);
        match test {
            FieldTest::Pattern(pattern) => value.as_str().is_none_or(|text| self.is_found(pattern, text)),
            FieldTest::MinLength(least) => length().is_none_or(|length| length >= *least),
            FieldTest::MaxLength(most) => length().is_none_or(|length| length <= *most),
            FieldTest::MinItems(least) => count().is_none_or(|count| count >= *least),
            FieldTest::MaxItems(most) => count().is_none_or(|count| count <= *most),
            FieldTest::Minimum(least) => value.as_f64().is_none_or(|number| number >= *least),
            FieldTest::Maximum(most) => value.as_f64().is_none_or(|number| number <= *most),
            FieldTest::OneOf(choices) => choices.iter().any(|choice| is_same(choice, value)),
        }
    }
}

/// Returns whether two scalars are equal in JSON Schema, where `1` equals `1.0`.
fn is_same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().is_some_and(|number| b.as_f64() == Some(number))
}

/// `1 item`, `2 items`
fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Returns whether a text is a date with a time, as in RFC 3339, section 5.6. The second 60 is valid in the last minute
/// of an hour.
fn is_date_time(text: &str) -> bool {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        let date = "([0-9]{4})-([0-9]{2})-([0-9]{2})";
        let time = r"([01][0-9]|2[0-3]):([0-5][0-9]:[0-5][0-9]|59:60)(\.[0-9]+)?";
        let offset = "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
        Regex::new(&format!("^{date}[Tt]{time}{offset}$")).expect("the pattern compiles")
    });
    let Some(parts) = SHAPE.captures(text) else { return false };
    let number = |index: usize| parts[index].parse::<u32>().expect("digits are a number");
    let (year, month, day) = (number(1), number(2), number(3));
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}
