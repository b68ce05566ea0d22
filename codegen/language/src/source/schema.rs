//! Types, as a schema writes them: the part of JSON Schema 2020-12 that can be compiled, with a few keys of our own.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{Any, Context, Decode, Named, Node, NodeKind, Number, Spanned, Text, rules::RuleSchema, texts::Version};
use crate::{
    diagnostic::{Diagnostic, Span},
    record, words,
};

record! {
    /// A type: JSON Schema 2020-12 (the part that can be compiled), with `nullable`, `violation`, `rules`, `summary` and `example`.
    pub struct TypeSchema {
        /// The name of a type under `types`. Only `summary`, `description`, `nullable`, `since` and `deprecated` may be
        /// used next to it.
        optional reference = "$ref": Text,
        /// The kind of value.
        optional ty = "type": Spanned<TypeKey>,
        /// One sentence that says what it is.
        optional summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The protocol version that introduced it.
        optional since: Version,
        /// Marks it as deprecated.
        optional deprecated: DeprecatedSchema,
        /// `true` if `null` is allowed as a value.
        optional nullable: Spanned<bool>,
        /// The keys of an object.
        optional properties: Named<TypeSchema>,
        /// The required keys. For the others `null` counts as absent.
        optional required: Vec<Text>,
        /// The type of the values of an object with any keys.
        optional values = "additionalProperties": Values,
        /// Rules across the fields of an object, by name.
        optional rules: Named<RuleSchema>,
        /// The type of an array's items.
        optional items: Box<TypeSchema>,
        /// The minimum number of items in an array.
        optional min_items = "minItems": Spanned<u64>,
        /// The maximum number of items in an array.
        optional max_items = "maxItems": Spanned<u64>,
        /// The allowed strings.
        optional choices = "enum": Spanned<Choices>,
        /// The only allowed string.
        optional constant = "const": Text,
        /// The minimum length of a string, in Unicode code points.
        optional min_length = "minLength": Spanned<u64>,
        /// The maximum length of a string, in Unicode code points.
        optional max_length = "maxLength": Spanned<u64>,
        /// A regular expression (ECMA-262 with the flag `u`) that must be found in the string; anchor it with `^` and
        /// `$`.
        optional pattern: Text,
        /// The message for a string that does not match the pattern: `must not contain control characters`.
        optional violation: Text,
        /// `date-time`: a point in time by RFC 3339.
        optional format: Spanned<Format>,
        /// The smallest number.
        optional minimum: Spanned<Number>,
        /// The largest number.
        optional maximum: Spanned<Number>,
        /// An exclusive lower bound.
        optional exclusive_minimum = "exclusiveMinimum": Spanned<Number>,
        /// An exclusive upper bound.
        optional exclusive_maximum = "exclusiveMaximum": Spanned<Number>,
        /// A value of the type, for documentation, mocks and tests. It is checked against the type.
        optional example: Any,
    }
    refused {
        "oneOf" => "a value has one type: declare an event (or a field) for each alternative, or one object with \
                    fields that are not required and a rule under `rules`",
        "anyOf" => "a value has one type: use one object with fields that are not required, and state under `rules` \
                    which of them belong together",
        "allOf" => "types are not composed: write all fields under `properties`, and further conditions under `rules`",
        "not" => "state what is allowed instead; conditions across fields belong under `rules`",
        "if" => "state the condition under `rules`: `anyOf` of the cases",
        "then" => "state the condition under `rules`: `anyOf` of the cases",
        "else" => "state the condition under `rules`: `anyOf` of the cases",
        "dependentRequired" => "state the condition under `rules`: `anyOf` of the cases",
        "dependentSchemas" => "state the condition under `rules`: `anyOf` of the cases",
        "patternProperties" => "keys are either fixed (`properties`) or any (`additionalProperties`)",
        "propertyNames" => "keys are either fixed (`properties`) or any (`additionalProperties`)",
        "minProperties" => "the number of an object's keys is not checked; use `required`, or an array",
        "maxProperties" => "the number of an object's keys is not checked; use `required`, or an array",
        "unevaluatedProperties" => "unknown fields are ignored and never refused, so that either side can be newer: \
                                    leave it out",
        "unevaluatedItems" => "all items of an array have one type: use `items`",
        "prefixItems" => "all items of an array have one type: use `items`, or an object for a tuple",
        "additionalItems" => "all items of an array have one type: use `items`",
        "contains" => "all items of an array have one type: use `items`",
        "minContains" => "all items of an array have one type: use `items`",
        "maxContains" => "all items of an array have one type: use `items`",
        "uniqueItems" => "whether items are distinct is not checked: let the handler decide what a repetition means",
        "multipleOf" => "use `type: integer` with `minimum` and `maximum`, in a unit small enough",
        "default" => "leave the key out of `required`; say in `summary` what its absence means",
        "examples" => "use `example`, with one value",
        "title" => "use `summary`",
        "$comment" => "use a YAML comment (`# …`)",
        "$id" => "types are named by their key under `types`",
        "$schema" => "types are always JSON Schema 2020-12",
        "$anchor" => "types are named by their key under `types`",
        "$dynamicRef" => "use `$ref` with the name of a type",
        "$dynamicAnchor" => "types are named by their key under `types`",
        "$defs" => "put the types under the top-level key `types`",
        "definitions" => "put the types under the top-level key `types`",
        "contentEncoding" => "say in `summary` how the string is encoded, and check it with `pattern`",
        "contentMediaType" => "say in `summary` what the string contains, and check it with `pattern`",
        "contentSchema" => "use an object instead of a string that contains JSON",
        "readOnly" => "declare one type for what is sent and one for what is received",
        "writeOnly" => "declare one type for what is sent and one for what is received",
    }
}

record! {
    /// A deprecation.
    pub struct DeprecatedSchema {
        /// The protocol's version that deprecated it.
        required since: Version,
        /// The replacement.
        optional instead = "use": Text,
        /// The version that removes it.
        optional until: Version,
    }
}

words! {
    /// A kind of value.
    pub enum TypeName {
        /// An object, with `properties` or `additionalProperties`.
        Object = "object",
        /// A list, with `items`.
        Array = "array",
        /// A string.
        String = "string",
        /// An integer between -(2^53 - 1) and 2^53 - 1.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
    }
}

/// The kind of value of a type.
#[derive(Clone, Copy, Debug)]
pub struct TypeKey(pub TypeName);

impl Decode for TypeKey {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let null = match &node.kind {
            NodeKind::Sequence(_) | NodeKind::Null => true,
            NodeKind::String(word) => word == "null",
            _ => false,
        };
        if null {
            let diagnostic = Diagnostic::new("unsupported-type", "a value has one type, which is not `null`")
                .at(node.span, "expected one word")
                .help("for a value that may be `null`, write its type and `nullable: true`");
            cx.report(diagnostic);
            return None;
        }
        TypeName::decode(node, cx).map(TypeKey)
    }
}

impl JsonSchema for TypeKey {
    fn schema_name() -> Cow<'static, str> {
        TypeName::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        TypeName::json_schema(generator)
    }
}

/// `date-time`.
#[derive(Clone, Copy, Debug)]
pub struct Format;

impl Decode for Format {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let format = String::decode(node, cx)?;
        if format == "date-time" {
            return Some(Format);
        }
        let diagnostic = Diagnostic::new("unsupported-format", format!("the format `{format}` is not supported"))
            .at(node.span, "only `date-time` is")
            .help("implementations differ on what other formats allow: state it with `pattern`");
        cx.report(diagnostic);
        None
    }
}

impl JsonSchema for Format {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Format".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({ "const": "date-time" })
    }
}

/// The strings to choose from.
#[derive(Clone, Debug)]
pub struct Choices(pub Vec<Text>);

impl Decode for Choices {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let items = if let NodeKind::Sequence(items) = &node.kind { &items[..] } else { &[] };
        let is_number = |item: &&Node| matches!(item.kind, NodeKind::Integer(_) | NodeKind::Float(_));
        if let Some(number) = items.iter().find(is_number) {
            let diagnostic =
                Diagnostic::new("wrong-kind", "only strings can be chosen from a list, and this is a number");
            cx.report(diagnostic.at(number.span, "a number").help(
                "for numbers, write `type: integer` with `minimum` and `maximum`; the names of choices begin with a letter: \
                 `level_1`",
            ));
            return None;
        }
        Vec::decode(node, cx).map(Choices)
    }
}

impl JsonSchema for Choices {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Choices".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        Vec::<Text>::json_schema(generator)
    }
}

/// The type of the values of an object with any keys.
#[derive(Clone, Debug)]
pub struct Values(pub Box<TypeSchema>);

impl Decode for Values {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        if matches!(node.kind, NodeKind::Boolean(_)) {
            let diagnostic = Diagnostic::new(
                "unsupported-keyword",
                "`additionalProperties` takes the type of the values",
            )
            .at(node.span, "expected a type")
            .help(
                "unknown fields are always ignored and never refused, so that either side can be newer: leave it \
                     out, or give the type of the values of an object with any keys",
            );
            cx.report(diagnostic);
            return None;
        }
        Box::decode(node, cx).map(Values)
    }
}

impl JsonSchema for Values {
    fn inline_schema() -> bool {
        TypeSchema::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        TypeSchema::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        TypeSchema::json_schema(generator)
    }
}

impl TypeSchema {
    /// The keys next to `$ref` that constrain the value, with their places.
    pub(crate) fn constraints(&self) -> Vec<(&'static str, Span)> {
        let mut keys = Vec::new();
        macro_rules! spanned {
            ($($field:ident: $key:literal),*) => {$(
                if let Some(value) = self.$field.get() {
                    keys.push(($key, value.span));
                }
            )*};
        }
        spanned! {
            ty: "type", properties: "properties", rules: "rules", items: "items", min_items: "minItems",
            max_items: "maxItems", choices: "enum", constant: "const", min_length: "minLength",
            max_length: "maxLength", pattern: "pattern", violation: "violation", format: "format", minimum: "minimum",
            maximum: "maximum", exclusive_minimum: "exclusiveMinimum", exclusive_maximum: "exclusiveMaximum"
        }
        if let Some(values) = self.values.get() {
            keys.push(("additionalProperties", values.0.span));
        }
        if let Some(first) = self.required.get().and_then(|required| required.first()) {
            keys.push(("required", first.span));
        }
        if let Some(example) = self.example.get() {
            keys.push(("example", example.0.span));
        }
        keys
    }
}
