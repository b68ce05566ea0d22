//! Checking a JSON value against a declared type.
//!
//! The derive writes [`Validate`] for every generated type. A check names every violation rather than the first, and
//! allocates nothing while the value is valid: paths live on the stack until a violation needs one written down.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::Serialize;
use serde_json::{Map, Value};

pub use crate::date_time::date_time;

/// A type that a JSON value can be checked against.
pub trait Validate {
    /// Adds all violations of `value`, which is at `at`, to `violations`.
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations);
}

/// The place of a value in a document: a list on the stack, which becomes a JSON Pointer (RFC 6901) only when needed.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// The document itself.
    Root,
    /// A member of the object at the first path.
    Key(&'a Path<'a>, &'a str),
    /// An item of the array at the first path.
    Index(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// The path of the member `key` of the object at this path.
    pub fn key(&'a self, key: &'a str) -> Path<'a> {
        Path::Key(self, key)
    }

    /// The path of item `index` of the array at this path.
    pub fn index(&'a self, index: usize) -> Path<'a> {
        Path::Index(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Key(parent, key) => write!(f, "{parent}/{}", key.replace('~', "~0").replace('/', "~1")),
            Path::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// One violation of a document.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Violation {
    /// The place, as a JSON Pointer; the document itself is `""`.
    pub path: String,
    /// The message, to be read after the path: `must be a string`.
    pub message: Cow<'static, str>,
}

impl Violation {
    /// A violation by the value at a path.
    pub fn new(at: Path<'_>, message: impl Into<Cow<'static, str>>) -> Self {
        Violation { path: at.to_string(), message: message.into() }
    }
}

/// All violations of a document, in the order of the schema.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Notes one violation. After [`MAX_VIOLATIONS`], further ones are not noted.
    #[cold]
    #[inline(never)]
    pub fn add(&mut self, at: Path<'_>, message: impl Into<Cow<'static, str>>) {
        if self.0.len() < MAX_VIOLATIONS {
            self.0.push(Violation::new(at, message));
        }
    }

    /// Whether the document is valid.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The violations found.
    pub fn into_vec(self) -> Vec<Violation> {
        self.0
    }
}

/// The maximum number of violations of one document, so that a short document cannot cause a very long answer.
pub const MAX_VIOLATIONS: usize = 1000;

/// The message for a missing field.
pub const REQUIRED: &str = "is required";

/// The value of a field that may be left out: `null` counts as absent.
#[inline]
pub fn present(value: &Value) -> Option<&Value> {
    (!value.is_null()).then_some(value)
}

/// The object that `value` has to be.
#[inline]
pub fn object<'v>(value: &'v Value, at: Path<'_>, violations: &mut Violations) -> Option<&'v Map<String, Value>> {
    let object = value.as_object();
    if object.is_none() {
        violations.add(at, "must be an object");
    }
    object
}

/// The array that `value` has to be.
#[inline]
pub fn array<'v>(value: &'v Value, at: Path<'_>, violations: &mut Violations) -> Option<&'v [Value]> {
    let array = value.as_array();
    if array.is_none() {
        violations.add(at, "must be an array");
    }
    array.map(Vec::as_slice)
}

/// The string that `value` has to be.
#[inline]
pub fn string<'v>(value: &'v Value, at: Path<'_>, violations: &mut Violations) -> Option<&'v str> {
    let string = value.as_str();
    if string.is_none() {
        violations.add(at, "must be a string");
    }
    string
}

/// The largest integer that every JSON implementation represents exactly, 2^53 - 1 (RFC 8259, section 6).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// The integer that `value` has to be; as in JSON Schema, `1.0` is one. Integers past [`MAX_INTEGER`] are refused.
#[inline]
pub fn integer(value: &Value, at: Path<'_>, violations: &mut Violations) -> Option<i64> {
    let integer = match value {
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Some(integer),
            #[expect(clippy::cast_possible_truncation, reason = "checked to be integral; the range is checked below")]
            None => number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i64),
        },
        _ => None,
    };
    match integer {
        None => violations.add(at, "must be an integer"),
        Some(integer) if !(-MAX_INTEGER..=MAX_INTEGER).contains(&integer) => {
            violations.add(at, "must be between -9007199254740991 and 9007199254740991");
            return None;
        }
        Some(_) => {}
    }
    integer
}

/// The number that `value` has to be.
#[inline]
pub fn number(value: &Value, at: Path<'_>, violations: &mut Violations) -> Option<f64> {
    let number = value.as_f64();
    if number.is_none() {
        violations.add(at, "must be a number");
    }
    number
}

impl Validate for String {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        string(value, at, violations);
    }
}

impl Validate for bool {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        if !value.is_boolean() {
            violations.add(at, "must be true or false");
        }
    }
}

impl Validate for i64 {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        integer(value, at, violations);
    }
}

impl Validate for f64 {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        number(value, at, violations);
    }
}

/// `null` is a value of an optional type.
impl<T: Validate> Validate for Option<T> {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        if !value.is_null() {
            T::validate(value, at, violations);
        }
    }
}

impl<T: Validate> Validate for Box<T> {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        T::validate(value, at, violations);
    }
}

impl<T: Validate> Validate for Vec<T> {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        for (index, item) in array(value, at, violations).unwrap_or_default().iter().enumerate() {
            T::validate(item, at.index(index), violations);
        }
    }
}

impl<T: Validate> Validate for BTreeMap<String, T> {
    fn validate(value: &Value, at: Path<'_>, violations: &mut Violations) {
        for (key, item) in object(value, at, violations).into_iter().flatten() {
            T::validate(item, at.key(key), violations);
        }
    }
}
