//! Types: the kinds of values, and their constraints.

use serde_json::Value;

use super::{Doc, Place, TypeId};

/// A type with a name.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// PascalCase, as is.
    pub name: String,
    /// Its documentation.
    pub doc: Doc,
    /// Its shape.
    pub shape: Shape,
    /// A valid value.
    pub example: Option<Value>,
    /// `true` if the schema names it, rather than it being made of something inline.
    pub named: bool,
    /// Its place in the schema.
    pub place: Place,
}

/// The shape of a named type.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// An object with fixed keys.
    Object(Object),
    /// A string out of a list.
    Enum(Vec<String>),
    /// A name for a constrained value: a newtype in Rust.
    Alias(Kind),
}

impl Shape {
    /// Calls `found` with every type that this one refers to.
    pub fn references(&self, found: &mut impl FnMut(TypeId)) {
        match self {
            Shape::Object(object) => object.fields.iter().for_each(|field| field.ty.kind.references(found)),
            Shape::Enum(_) => {}
            Shape::Alias(kind) => kind.references(found),
        }
    }
}

/// An object with fixed keys. Receivers ignore other keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its keys.
    pub fields: Vec<Field>,
    /// The rules across them.
    pub rules: Vec<Rule>,
}

/// A key of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// As on the wire.
    pub name: String,
    /// Its documentation.
    pub doc: Doc,
    /// `true` if the key is required. For an optional key, `null` counts as absent.
    pub required: bool,
    /// The place that makes it required or optional.
    pub required_place: Place,
    /// The type of its value.
    pub ty: Type,
    /// Its place in the schema.
    pub place: Place,
}

/// A type where it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Its kind.
    pub kind: Kind,
    /// `true` if `null` is allowed as a value.
    pub nullable: bool,
    /// `true` if this use closes a cycle, so that Rust needs a `Box`.
    pub recursive: bool,
    /// Its place in the schema.
    pub place: Place,
}

impl Type {
    /// A use of a type that is implicit in the schema, like that of a payload by its event.
    pub fn of(id: TypeId) -> Self {
        Type { kind: Kind::Ref(id), nullable: false, recursive: false, place: Place::default() }
    }
}

/// The kind of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A named type.
    Ref(TypeId),
    /// A string.
    Text(Text),
    /// An integer between -(2^53 - 1) and 2^53 - 1.
    Integer(Bounds<i64>),
    /// A number.
    Number(Bounds<f64>),
    /// `true` or `false`.
    Boolean,
    /// The items are a `Ref` or an unconstrained scalar: constrained and inline items have been given names.
    Array(Array),
    /// An object with any keys, and values of this type: a `Ref` or an unconstrained scalar.
    Map(Box<Type>),
    /// This string and no other.
    Const(String),
}

impl Kind {
    /// Calls `found` with every type that this one refers to.
    pub fn references(&self, found: &mut impl FnMut(TypeId)) {
        match self {
            Kind::Ref(id) => found(*id),
            Kind::Array(array) => array.items.kind.references(found),
            Kind::Map(values) => values.kind.references(found),
            Kind::Text(_) | Kind::Integer(_) | Kind::Number(_) | Kind::Boolean | Kind::Const(_) => {}
        }
    }
}

/// A string; lengths are in Unicode code points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// The minimum.
    pub min_length: Option<u64>,
    /// The maximum.
    pub max_length: Option<u64>,
    /// The pattern that is found in it.
    pub pattern: Option<Pattern>,
    /// RFC 3339.
    pub date_time: bool,
}

/// A regular expression, found unanchored.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// As the schema has it: ECMA-262 with the `u` flag, as JSON Schema asks.
    pub ecma: String,
    /// The same in the syntax of Rust's `regex` crate.
    pub rust: String,
    /// The message of a violation, instead of a sentence made of the pattern.
    pub violation: Option<String>,
}

/// The bounds of a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds<N> {
    /// At least this.
    pub minimum: Option<N>,
    /// At most this.
    pub maximum: Option<N>,
    /// More than this.
    pub exclusive_minimum: Option<N>,
    /// Less than this.
    pub exclusive_maximum: Option<N>,
}

/// A list.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The type of the items.
    pub items: Box<Type>,
    /// The minimum.
    pub min_items: Option<u64>,
    /// The maximum.
    pub max_items: Option<u64>,
}

/// A rule across the fields of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name in the schema.
    pub name: String,
    /// The condition that objects have to meet.
    pub test: Test,
    /// The path of its violation, a JSON Pointer.
    pub path: String,
    /// The exact message.
    pub message: String,
    /// The rule as the schema has it, for JSON Schema outputs.
    pub json_schema: Value,
    /// Its place in the schema.
    pub place: Place,
}

/// A condition on an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Every one of these.
    All(Vec<Test>),
    /// At least one of these.
    Any(Vec<Test>),
    /// Not this.
    Not(Box<Test>),
    /// The field is there and is not `null`.
    Present(String),
    /// The field passes; as in JSON Schema, an absent field does, and so does one of another type.
    Field(String, FieldTest),
}

/// A condition on a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldTest {
    /// The pattern is found in the string.
    Pattern(Pattern),
    /// The string has at least as many code points.
    MinLength(u64),
    /// The string has at most as many code points.
    MaxLength(u64),
    /// The array has at least as many items.
    MinItems(u64),
    /// The array has at most as many items.
    MaxItems(u64),
    /// The number is at least this.
    Minimum(f64),
    /// The number is at most this.
    Maximum(f64),
    /// One of these; a scalar each.
    OneOf(Vec<Value>),
}
