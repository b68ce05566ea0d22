//! Checking values against the types of a model: the verdicts, to the letter, of the validators that a server is compiled
//! with.

use std::collections::HashMap;

use accord_language::model::{
    Array, Bounds, Field, FieldTest, Kind, Model, Object, Pattern, Shape, Test, Text, Type, TypeId,
};
use accord_runtime::{
    Path, Violations, text,
    validate::{self, REQUIRED, Validate, date_time, present},
};
use regex::Regex;
use serde_json::{Map, Value};

/// Checks values against the types of a model.
pub struct Checker {
    model: &'static Model,
    /// The patterns of the model, compiled.
    patterns: HashMap<&'static str, Regex>,
}

/// The fields that an object has.
type Members<'v> = HashMap<&'static str, &'v Value>;

impl Checker {
    /// A checker of values of the model's types.
    pub fn new(model: &'static Model) -> Self {
        let mut checker = Checker { model, patterns: HashMap::new() };
        for def in &model.types {
            match &def.shape {
                Shape::Object(object) => {
                    object.fields.iter().for_each(|field| checker.learn_kind(&field.ty.kind));
                    object.rules.iter().for_each(|rule| checker.learn_test(&rule.test));
                }
                Shape::Alias(kind) => checker.learn_kind(kind),
                Shape::Enum(_) => {}
            }
        }
        checker
    }

    fn learn_kind(&mut self, kind: &'static Kind) {
        if let Kind::Text(Text { pattern: Some(pattern), .. }) = kind {
            self.learn(pattern);
        }
    }

    fn learn_test(&mut self, test: &'static Test) {
        match test {
            Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| self.learn_test(test)),
            Test::Not(test) => self.learn_test(test),
            Test::Field(_, FieldTest::Pattern(pattern)) => self.learn(pattern),
            Test::Field(..) | Test::Present(_) => {}
        }
    }

    fn learn(&mut self, pattern: &'static Pattern) {
        let compiled = Regex::new(&pattern.rust).expect("a model's patterns are regular expressions");
        self.patterns.insert(&pattern.rust, compiled);
    }

    /// Whether a value is valid for a use of a type.
    pub fn is_valid(&self, ty: &'static Type, value: &Value) -> bool {
        let mut violations = Violations::default();
        self.check(ty, value, Path::Root, &mut violations);
        violations.is_empty()
    }

    /// Adds everything that is wrong with a value of a named type.
    pub fn check_named(&self, id: TypeId, value: &Value, at: Path<'_>, violations: &mut Violations) {
        match &self.model.types[id.0].shape {
            Shape::Object(object) => self.check_object(object, value, at, violations),
            Shape::Enum(names) => {
                if let Some(text) = validate::string(value, at, violations)
                    && !names.iter().any(|name| name == text)
                {
                    violations.add(at, format!("must be one of: {}", names.join(", ")));
                }
            }
            Shape::Alias(kind) => self.check_kind(kind, value, at, violations),
        }
    }

    fn check(&self, ty: &'static Type, value: &Value, at: Path<'_>, violations: &mut Violations) {
        if !(ty.nullable && value.is_null()) {
            self.check_kind(&ty.kind, value, at, violations);
        }
    }

    /// Limits come before types. Each applies only to values of its own type.
    fn check_kind(&self, kind: &'static Kind, value: &Value, at: Path<'_>, violations: &mut Violations) {
        match kind {
            Kind::Ref(id) => self.check_named(*id, value, at, violations),
            Kind::Text(limits) => {
                if let Some(text) = value.as_str() {
                    self.check_text(limits, text, at, violations);
                }
                String::validate(value, at, violations);
            }
            Kind::Integer(bounds) => {
                check_bounds(bounds, value, at, violations);
                i64::validate(value, at, violations);
            }
            Kind::Number(bounds) => {
                check_bounds(bounds, value, at, violations);
                f64::validate(value, at, violations);
            }
            Kind::Boolean => bool::validate(value, at, violations),
            Kind::Array(Array { items, min_items, max_items }) => {
                let Some(array) = validate::array(value, at, violations) else { return };
                if let Some(min) = min_items.filter(|&min| (array.len() as u64) < min) {
                    violations.add(at, format!("must have at least {}", plural(min, "item")));
                }
                if let Some(max) = max_items.filter(|&max| (array.len() as u64) > max) {
                    violations.add(at, format!("must have at most {}", plural(max, "item")));
                }
                for (index, item) in array.iter().enumerate() {
                    self.check(items, item, at.index(index), violations);
                }
            }
            Kind::Map(values) => {
                for (key, item) in validate::object(value, at, violations).into_iter().flatten() {
                    self.check(values, item, at.key(key), violations);
                }
            }
            Kind::Const(constant) => {
                if value.as_str().is_some_and(|text| text != constant) {
                    violations.add(at, format!("must be: {constant}"));
                }
                String::validate(value, at, violations);
            }
        }
    }

    fn check_text(&self, limits: &'static Text, text: &str, at: Path<'_>, violations: &mut Violations) {
        let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        if let Some(min) = limits.min_length.filter(|&min| !text::at_least(text, size(min))) {
            violations.add(at, format!("must be at least {}", plural(min, "character")));
        }
        if let Some(max) = limits.max_length.filter(|&max| !text::at_most(text, size(max))) {
            violations.add(at, format!("must be at most {}", plural(max, "character")));
        }
        if let Some(pattern) = &limits.pattern
            && !self.is_match(pattern, text)
        {
            violations.add(at, pattern.violation.clone().unwrap_or_else(|| format!("must match {}", pattern.ecma)));
        }
        if limits.date_time && !date_time(text) {
            violations.add(at, "must be a date and time, like 2026-01-31T09:30:00Z (RFC 3339)");
        }
    }

    fn is_match(&self, pattern: &'static Pattern, text: &str) -> bool {
        self.patterns[pattern.rust.as_str()].is_match(text)
    }

    fn check_object(&self, object: &'static Object, value: &Value, at: Path<'_>, violations: &mut Violations) {
        let Some(given) = validate::object(value, at, violations) else { return };
        let mut members = Members::new();
        for field in &object.fields {
            let at = at.key(&field.name);
            match member(field, given) {
                Some(value) => {
                    members.insert(&field.name, value);
                    self.check(&field.ty, value, at, violations);
                }
                None if field.required => violations.add(at, REQUIRED),
                None => {}
            }
        }
        for rule in &object.rules {
            if !self.passes(&rule.test, &members) {
                let segments =
                    rule.path.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"));
                within(at, &segments.collect::<Vec<_>>(), &mut |at| violations.add(at, rule.message.clone()));
            }
        }
    }

    fn passes(&self, test: &'static Test, members: &Members<'_>) -> bool {
        match test {
            Test::All(tests) => tests.iter().all(|test| self.passes(test, members)),
            Test::Any(tests) => tests.iter().any(|test| self.passes(test, members)),
            Test::Not(test) => !self.passes(test, members),
            Test::Present(field) => members.get(field.as_str()).is_some_and(|value| !value.is_null()),
            Test::Field(field, test) => members.get(field.as_str()).is_none_or(|value| self.field_passes(test, value)),
        }
    }

    /// As in JSON Schema, a value of a type that the test is not for passes.
    fn field_passes(&self, test: &'static FieldTest, value: &Value) -> bool {
        let size = |count: &u64| usize::try_from(*count).unwrap_or(usize::MAX);
        match test {
            FieldTest::Pattern(pattern) => value.as_str().is_none_or(|text| self.is_match(pattern, text)),
            FieldTest::MinLength(min) => value.as_str().is_none_or(|text| text::at_least(text, size(min))),
            FieldTest::MaxLength(max) => value.as_str().is_none_or(|text| text::at_most(text, size(max))),
            FieldTest::MinItems(min) => value.as_array().is_none_or(|items| items.len() >= size(min)),
            FieldTest::MaxItems(max) => value.as_array().is_none_or(|items| items.len() <= size(max)),
            FieldTest::Minimum(min) => value.as_f64().is_none_or(|number| number >= *min),
            FieldTest::Maximum(max) => value.as_f64().is_none_or(|number| number <= *max),
            FieldTest::OneOf(scalars) => scalars.iter().any(|scalar| match scalar {
                Value::Number(number) => value.is_number() && value.as_f64() == number.as_f64(),
                scalar => value == scalar,
            }),
        }
    }
}

/// The value of a field, if present. For an optional field, `null` counts as absent.
fn member<'v>(field: &Field, given: &'v Map<String, Value>) -> Option<&'v Value> {
    let value = given.get(&field.name)?;
    if field.required { Some(value) } else { present(value) }
}

fn check_bounds<N>(bounds: &Bounds<N>, value: &Value, at: Path<'_>, violations: &mut Violations)
where
    N: Copy + std::fmt::Display,
{
    let Some(number) = value.as_f64() else { return };
    // Compared as they are written: a bound that is an integer is the nearest float, as in the compiled validators.
    let written = |bound: N| bound.to_string().parse::<f64>().unwrap_or(f64::NAN);
    let mut check = |bound: Option<N>, holds: fn(f64, f64) -> bool, says: &str| {
        if let Some(bound) = bound.filter(|&bound| !holds(number, written(bound))) {
            violations.add(at, format!("must be {says} {bound}"));
        }
    };
    check(bounds.minimum, |number, bound| number >= bound, "at least");
    check(bounds.exclusive_minimum, |number, bound| number > bound, "more than");
    check(bounds.maximum, |number, bound| number <= bound, "at most");
    check(bounds.exclusive_maximum, |number, bound| number < bound, "less than");
}

/// Calls `found` with the path that `keys` lead to. Paths are lists on the stack.
fn within(at: Path<'_>, keys: &[String], found: &mut dyn FnMut(Path<'_>)) {
    match keys {
        [] => found(at),
        [key, rest @ ..] => within(at.key(key), rest, found),
    }
}

fn plural(count: u64, noun: &str) -> String {
    if count == 1 { format!("{count} {noun}") } else { format!("{count} {noun}s") }
}
