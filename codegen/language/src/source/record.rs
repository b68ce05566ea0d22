//! The macros that declare the parts of a document: a struct or enum, its decoding, and its JSON Schema, in one.

use schemars::Schema;
use serde_json::{Map, Value, json};

/// Declares a mapping with fixed keys.
///
/// Makes the struct (each key a [`Slot`](crate::source::Slot), and the `span` of the whole), its
/// [`Decode`](crate::source::Decode), which reports unknown keys with the nearest known one, missing keys and wrong
/// kinds, and its [`JsonSchema`](schemars::JsonSchema), with the doc comments as descriptions. So the three cannot
/// disagree. `refused` names keys that are known but not supported, each with what to do instead.
///
/// ```
/// accord_language::record! {
///     /// A user of the world.
///     pub struct User {
///         /// The user's id.
///         required id: accord_language::source::Text,
///         /// The kind of user.
///         optional kind = "type": String,
///     }
///     refused { "age" => "users have no age" }
/// }
/// let mut cx = accord_language::source::Context::default();
/// let user: User = accord_language::source::read_text("user.yaml", "id: alice", &mut cx).unwrap();
/// assert_eq!(user.id.required().value, "alice");
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $field_doc:literal])* $mode:ident $field:ident $(= $key:literal)? : $ty:ty ),* $(,)?
        }
        $( refused { $( $refused:literal => $why:literal ),* $(,)? } )?
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// Its place in the file.
            pub span: $crate::diagnostic::Span,
            /// Its place, with the places of its entries.
            pub place: $crate::source::Place,
            /// `true` if it has unknown or refused keys, which have been reported: a missing key may be one of them.
            pub has_other_keys: bool,
            $( $(#[doc = $field_doc])* pub $field: $crate::source::Slot<$ty>, )*
        }

        impl $crate::source::Decode for $name {
            fn decode(node: &$crate::source::Node, cx: &mut $crate::source::Context) -> Option<Self> {
                let known = &[$( $crate::record!(@key $field $($key)?) ),*];
                let refused = &[$($( ($refused, $why) ),*)?];
                let fields = $crate::source::Fields::of(node, known, refused, cx)?;
                let record = $name {
                    span: node.span,
                    place: $crate::source::Place::of(node),
                    has_other_keys: fields.has_other_keys(),
                    $( $field: fields.$mode($crate::record!(@key $field $($key)?), &[$($field_doc),*], cx), )*
                };
                Some(record)
            }
        }

        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                let mut record = $crate::source::RecordSchema::new(&[$($doc),*]);
                $( record.$mode(
                    $crate::record!(@key $field $($key)?),
                    &[$($field_doc),*],
                    generator.subschema_for::<$ty>(),
                ); )*
                record.finish()
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}

/// Declares a choice of words: an enum, how it is read (an unknown word is reported with the nearest known one), and
/// its [`JsonSchema`](schemars::JsonSchema).
#[macro_export]
macro_rules! words {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident { $( $(#[doc = $word_doc:literal])* $variant:ident = $word:literal ),* $(,)? }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum $name {
            $( $(#[doc = $word_doc])* $variant, )*
        }

        impl $crate::source::Decode for $name {
            fn decode(node: &$crate::source::Node, cx: &mut $crate::source::Context) -> Option<Self> {
                let word = <String as $crate::source::Decode>::decode(node, cx)?;
                match word.as_str() {
                    $( $word => Some($name::$variant), )*
                    _ => {
                        let diagnostic = $crate::diagnostic::Diagnostic::new("unknown-word", format!("`{word}` is not one of the choices"));
                        let help = $crate::diagnostic::instead(&word, [$($word),*]);
                        cx.report(diagnostic.at(node.span, "unknown").help(help));
                        None
                    }
                }
            }
        }

        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                $crate::source::word_schema(&[$($doc),*], &[$( ($word, &[$($word_doc),*]) ),*])
            }
        }
    };
}

/// The lines of a doc comment as one text.
fn text(doc: &[&str]) -> String {
    doc.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The JSON Schema of a record while it is made.
#[doc(hidden)]
#[derive(Debug)]
pub struct RecordSchema {
    description: String,
    properties: Map<String, Value>,
    required: Vec<Value>,
}

impl RecordSchema {
    /// Begins with the record's doc comment.
    pub fn new(doc: &[&str]) -> Self {
        RecordSchema { description: text(doc), properties: Map::new(), required: Vec::new() }
    }

    /// Adds a key.
    pub fn optional(&mut self, key: &str, doc: &[&str], mut schema: Schema) {
        schema.insert("description".to_owned(), text(doc).into());
        self.properties.insert(key.to_owned(), schema.to_value());
    }

    /// Adds a key that has to be there.
    pub fn required(&mut self, key: &str, doc: &[&str], schema: Schema) {
        self.optional(key, doc, schema);
        self.required.push(key.into());
    }

    /// The schema.
    pub fn finish(self) -> Schema {
        let mut schema = Map::new();
        schema.insert("description".to_owned(), self.description.into());
        schema.insert("type".to_owned(), "object".into());
        schema.insert("properties".to_owned(), self.properties.into());
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), self.required.into());
        }
        schema.insert("additionalProperties".to_owned(), false.into());
        schema.into()
    }
}

/// The JSON Schema of a choice of words.
#[doc(hidden)]
pub fn word_schema(doc: &[&str], words: &[(&str, &[&str])]) -> Schema {
    let words: Vec<Value> =
        words.iter().map(|(word, doc)| json!({ "const": word, "description": text(doc) })).collect();
    let schema = json!({ "description": text(doc), "oneOf": words });
    Schema::try_from(schema).expect("an object is a schema")
}
