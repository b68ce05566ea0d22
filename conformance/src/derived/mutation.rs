//! Mutations of a valid payload, and their expected results.

use accord_language::model::{Kind, Model, Object, Type};
use serde_json::{Map, Value, json};

use super::{
    rule,
    sample::{self, Resolved, resolve},
};

/// A payload made from a valid one.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// The field that it is about, or `payload`.
    pub subject: String,
    /// The mutation.
    pub what: String,
    /// The cell of the coverage table that it fills, in addition to its outcome.
    pub cell: Option<String>,
    /// The payload; `None` for none at all.
    pub payload: Option<Value>,
    /// The expected result.
    pub expected: Expectation,
}

/// The expected result of a payload.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Expectation {
    /// It is refused, with violations at exactly these places.
    Refused(Vec<String>),
    /// It is valid: the call may fail for other reasons, but not for its payload.
    Accepted,
    /// It is valid and succeeds, and the answer does not contain the added fields.
    Ignored,
}

/// The value of unknown fields: a server must not store or echo it.
pub(super) const ECHO: &str = "never stored or echoed";

/// All mutations of a valid payload of this type.
pub fn mutations(model: &Model, object: &Object, base: &Value) -> Vec<Mutation> {
    let mut made = Mutations { model, base, list: Vec::new() };
    for field in &object.fields {
        made.field(&field.name, "", field.required, &field.ty, &|value| replaced(base, &field.name, value));
    }
    for rule in &object.rules {
        for (what, payload) in rule::breaking(rule, base) {
            made.list.push(Mutation {
                subject: rule.path.trim_start_matches('/').to_owned(),
                what: format!("{}: {what}", rule.name),
                cell: Some(format!("rule {}", rule.name)),
                payload: Some(payload),
                expected: Expectation::Refused(vec![rule.path.clone()]),
            });
        }
    }
    made.whole(object);
    made.list
}

fn replaced(base: &Value, field: &str, value: Option<Value>) -> Value {
    let mut payload = base.clone();
    if let Some(members) = payload.as_object_mut() {
        match value {
            Some(value) => members.insert(field.to_owned(), value),
            None => members.remove(field),
        };
    }
    payload
}

struct Mutations<'a> {
    model: &'a Model,
    base: &'a Value,
    list: Vec<Mutation>,
}

/// Sets or removes the value at the current place.
type Put<'p> = &'p dyn Fn(Option<Value>) -> Value;

impl Mutations<'_> {
    fn add(
        &mut self,
        path: &str,
        what: impl Into<String>,
        cell: Option<String>,
        payload: Value,
        expected: Expectation,
    ) {
        let subject = path.split('/').nth(1).unwrap_or("payload").to_owned();
        let what = format!("{path} {}", what.into());
        self.list.push(Mutation { subject, what, cell, payload: Some(payload), expected });
    }

    fn refuse(&mut self, path: &str, what: &str, cell: &str, payload: Value) {
        self.refuse_at(path, path, what, cell, payload);
    }

    fn refuse_at(&mut self, path: &str, at: &str, what: &str, cell: &str, payload: Value) {
        let cell = Some(format!("{cell} {path} refused"));
        self.add(path, what, cell, payload, Expectation::Refused(vec![at.to_owned()]));
    }

    fn accept(&mut self, path: &str, what: &str, cell: &str, payload: Value) {
        self.add(path, what, Some(format!("{cell} {path} accepted")), payload, Expectation::Accepted);
    }

    fn field(&mut self, name: &str, parent: &str, required: bool, ty: &Type, put: Put<'_>) {
        let path = format!("{parent}/{name}");
        if required {
            self.refuse(&path, "is missing", "missing", put(None));
            if !ty.nullable {
                self.refuse(&path, "is null", "null", put(Some(Value::Null)));
            }
        } else {
            self.accept(&path, "is missing", "missing", put(None));
            self.accept(&path, "is null", "null", put(Some(Value::Null)));
        }
        self.value(&path, ty, put);
    }

    fn value(&mut self, path: &str, ty: &Type, put: Put<'_>) {
        let resolved = resolve(self.model, &ty.kind);
        for (what, value) in sample::wrong_types(&resolved) {
            self.refuse(path, &format!("is {what}"), "type", put(Some(value)));
        }
        match resolved {
            Resolved::Object(object) => {
                let whole = sample::valid(self.model, ty);
                for field in &object.fields {
                    let inner = |value| put(Some(replaced(&whole, &field.name, value)));
                    self.field(&field.name, path, field.required, &field.ty, &inner);
                }
            }
            Resolved::Enum(choices) => {
                for choice in choices {
                    self.accept(path, &format!("is {choice:?}"), "choice", put(Some(choice.as_str().into())));
                }
                self.refuse(path, "is not one of the choices", "choice", put(Some("none-of-them".into())));
            }
            Resolved::Kind(kind) => self.scalar(path, kind, put),
        }
    }

    fn scalar(&mut self, path: &str, kind: &Kind, put: Put<'_>) {
        match kind {
            Kind::Text(shape) => {
                if let Some(low) = shape.min_length.filter(|low| *low > 0) {
                    if let Some(text) = sample::fitting(shape, low) {
                        self.accept(path, &format!("has {low} characters"), "minLength", put(Some(text)));
                    }
                    let short = format!("has {} characters", low - 1);
                    self.refuse(path, &short, "minLength", put(Some(sample::text(low - 1))));
                }
                if let Some(high) = shape.max_length {
                    if let Some(text) = sample::fitting(shape, high) {
                        self.accept(path, &format!("has {high} characters"), "maxLength", put(Some(text)));
                    }
                    let long = format!("has {} characters", high + 1);
                    self.refuse(path, &long, "maxLength", put(Some(sample::text(high + 1))));
                    let ascii = "a".repeat(usize::try_from(high + 1).unwrap_or_default());
                    self.refuse(
                        path,
                        &format!("has {} ASCII characters", high + 1),
                        "maxLength",
                        put(Some(ascii.into())),
                    );
                }
                for (what, value) in sample::against_pattern(shape) {
                    self.refuse(path, &format!("is {what}"), "pattern", put(Some(value)));
                }
            }
            Kind::Integer(bounds) => {
                for (bound, value, fits) in sample::at_bounds(bounds) {
                    let what = format!("is {value}");
                    if fits {
                        self.accept(path, &what, &bound, put(Some(value)));
                    } else {
                        self.refuse(path, &what, &bound, put(Some(value)));
                    }
                }
            }
            Kind::Const(_) => self.refuse(path, "is a different constant", "constant", put(Some("another".into()))),
            Kind::Array(array) => {
                let item = sample::valid(self.model, &array.items);
                let items = |count: u64| -> Value { (0..count).map(|_| item.clone()).collect() };
                if let Some(low) = array.min_items.filter(|low| *low > 0) {
                    self.accept(path, &format!("has {low} items"), "minItems", put(Some(items(low))));
                    self.refuse(path, &format!("has {} items", low - 1), "minItems", put(Some(items(low - 1))));
                }
                if let Some(high) = array.max_items {
                    self.accept(path, &format!("has {high} items"), "maxItems", put(Some(items(high))));
                    self.refuse(path, &format!("has {} items", high + 1), "maxItems", put(Some(items(high + 1))));
                }
                let put_item = |value: Option<Value>| put(Some(json!([value])));
                self.refuse(&format!("{path}/0"), "is null", "null", put_item(Some(Value::Null)));
                self.value(&format!("{path}/0"), &array.items, &put_item);
            }
            Kind::Number(_) | Kind::Boolean | Kind::Map(_) | Kind::Ref(_) => {}
        }
    }

    /// Mutations of the payload as a whole.
    fn whole(&mut self, object: &Object) {
        for (what, payload) in [
            ("null", json!(null)),
            ("a string", json!("text")),
            ("an integer", json!(7)),
            ("a boolean", json!(true)),
            ("a list", json!([])),
        ] {
            let cell = Some(format!("payload {what}"));
            self.add("", format!("is {what}"), cell, payload, Expectation::Refused(vec![String::new()]));
        }
        self.list.push(Mutation {
            subject: "payload".to_owned(),
            what: "is not there".to_owned(),
            cell: Some("payload absent".to_owned()),
            payload: None,
            expected: Expectation::Refused(vec![String::new()]),
        });
        let paths = |names: Vec<&str>| Expectation::Refused(names.iter().map(|name| format!("/{name}")).collect());
        let required = object.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
        self.add("", "has no fields", Some("all violations".to_owned()), json!({}), paths(required));
        let wrong = object.fields.iter().filter_map(|field| {
            let (_, value) = sample::wrong_types(&resolve(self.model, &field.ty.kind)).into_iter().nth(1)?;
            Some((field.name.clone(), value))
        });
        let wrong: Map<String, Value> = wrong.collect();
        // Some fields are missing and the others wrong: the answer must name all violations, not only one kind.
        if let Some(first) = object.fields.iter().find(|field| field.required).filter(|_| wrong.len() > 1) {
            let mut mixed = wrong.clone();
            mixed.remove(&first.name);
            let all = paths(object.fields.iter().map(|field| field.name.as_str()).collect());
            let what = format!("has no {} and all other fields of wrong types", first.name);
            self.add("", what, Some("all violations".to_owned()), mixed.into(), all);
        }
        let names = object.fields.iter().map(|field| field.name.as_str()).collect();
        self.add("", "has all fields of wrong types", Some("all violations".to_owned()), wrong.into(), paths(names));
        let mut more = self.base.clone();
        for name in
            ["conformanceExtra", "id", "userId", "user", "createdAt", "updatedAt", "reactions", "replyTo", "__proto__"]
        {
            if more.get(name).is_none() {
                more[name] = ECHO.into();
            }
        }
        self.add("", "has unknown fields", Some("extra fields".to_owned()), more, Expectation::Ignored);
    }
}
