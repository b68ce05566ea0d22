//! Rules across the fields of an object, as a schema writes them.

use super::{Any, Named, Number, Spanned, Text};
use crate::record;

record! {
    /// A rule across the fields of an object: JSON Schema, with the message for an object that breaks it.
    pub struct RuleSchema {
        /// One sentence on its purpose.
        optional summary: Text,
        /// Fields that must be present (and not `null`).
        optional required: Vec<Text>,
        /// Conditions on fields that are present.
        optional properties: Named<FieldRuleSchema>,
        /// All of these hold.
        optional all_of = "allOf": Vec<TestSchema>,
        /// At least one of these holds.
        optional any_of = "anyOf": Vec<TestSchema>,
        /// This does not hold.
        optional not: Box<TestSchema>,
        /// The message for an object that breaks the rule.
        required violation: ViolationSchema,
    }
    refused {
        "oneOf" => "use `anyOf`",
        "if" => "use `anyOf` of the cases",
        "then" => "use `anyOf` of the cases",
        "else" => "use `anyOf` of the cases",
    }
}

record! {
    /// A condition within a rule.
    pub struct TestSchema {
        /// Fields that must be present (and not `null`).
        optional required: Vec<Text>,
        /// Conditions on fields that are present.
        optional properties: Named<FieldRuleSchema>,
        /// All of these hold.
        optional all_of = "allOf": Vec<TestSchema>,
        /// At least one of these holds.
        optional any_of = "anyOf": Vec<TestSchema>,
        /// This does not hold.
        optional not: Box<TestSchema>,
    }
    refused {
        "oneOf" => "use `anyOf`",
        "if" => "use `anyOf` of the cases",
        "then" => "use `anyOf` of the cases",
        "else" => "use `anyOf` of the cases",
    }
}

record! {
    /// The condition on a field.
    pub struct FieldRuleSchema {
        /// The pattern is found in the string.
        optional pattern: Text,
        /// The string has at least as many code points.
        optional min_length = "minLength": Spanned<u64>,
        /// The string has at most as many code points.
        optional max_length = "maxLength": Spanned<u64>,
        /// The array has at least as many items.
        optional min_items = "minItems": Spanned<u64>,
        /// The array has at most as many items.
        optional max_items = "maxItems": Spanned<u64>,
        /// The number is at least this.
        optional minimum: Spanned<Number>,
        /// The number is at most this.
        optional maximum: Spanned<Number>,
        /// It is one of these scalars.
        optional choices = "enum": Vec<Any>,
        /// It is this scalar.
        optional constant = "const": Any,
    }
    refused {
        "$ref" => "a rule is a condition on a field's value; the field's type belongs under `properties` of the object",
        "type" => "the field's type belongs under `properties` of the object",
        "properties" => "a rule looks at the object's own fields: state a rule of the inner object in its own type",
    }
}

record! {
    /// The message for an object that breaks a rule.
    pub struct ViolationSchema {
        /// The field, as a JSON Pointer: `/content`. `""` is the object itself.
        required path: Text,
        /// The message, to be read after the path: `must not be empty`.
        required message: Text,
    }
}
