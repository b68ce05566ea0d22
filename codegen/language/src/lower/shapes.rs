//! The shapes of types.

use std::collections::HashMap;

use super::{
    Lowering, pattern,
    types::{Inline, Position, UNKNOWN},
};
use crate::{
    case,
    diagnostic::Diagnostic,
    model::{Array, Bounds, Kind, Shape, Text, TypeId},
    source::{
        self, Number, Slot, Spanned,
        schema::{Choices, TypeName, TypeSchema},
    },
};

impl<'a> Lowering<'a, '_> {
    /// The shape of a schema that is not a `$ref` and whose keys are all known. Inline types in it are named after
    /// `name`.
    pub fn shape(&mut self, schema: &'a TypeSchema, name: &str, id: Option<TypeId>) -> Option<Shape> {
        let shape = self.shape_of_known_keys(schema, name, id);
        if schema.has_other_keys { None } else { shape }
    }

    pub fn shape_of_known_keys(&mut self, schema: &'a TypeSchema, name: &str, id: Option<TypeId>) -> Option<Shape> {
        let Some(ty) = schema.ty.get() else {
            if schema.ty.is_absent() && !schema.has_other_keys {
                let likely = match () {
                    () if !schema.properties.is_absent() || !schema.values.is_absent() => "object",
                    () if !schema.items.is_absent() => "array",
                    () if !schema.minimum.is_absent() || !schema.maximum.is_absent() => "integer",
                    () => "string",
                };
                let diagnostic = Diagnostic::new("missing-type", "the type has neither `type` nor `$ref`")
                    .at(schema.span, "")
                    .help(format!("add `type: {likely}`, or refer to a named type by `$ref`"));
                self.cx.report(diagnostic);
            }
            return None;
        };
        let ty = ty.value.0;
        self.misplaced(schema, ty);
        match ty {
            TypeName::Object => match &schema.values {
                Slot::Absent => self.object(schema, name, id?).map(Shape::Object),
                Slot::Broken => None,
                Slot::Is(values) => {
                    let inline = Inline {
                        name: format!("{name}Value"),
                        summary: format!("A value of `{name}`."),
                        span: values.0.span,
                    };
                    let ty = self.use_of(&values.0, inline, Position::Item);
                    (ty.kind != UNKNOWN).then(|| Shape::Alias(Kind::Map(Box::new(ty))))
                }
            },
            TypeName::Array => {
                let Some(items) = schema.items.get() else {
                    if schema.items.is_absent() && !schema.has_other_keys {
                        let diagnostic = Diagnostic::new("missing-key", "an array needs `items`")
                            .at(schema.span, "needs `items`")
                            .help("add `items: { $ref: … }`");
                        self.cx.report(diagnostic);
                    }
                    return None;
                };
                let (min_items, max_items) = (&schema.min_items, &schema.max_items);
                let is_possible = self.in_order(min_items, max_items, ["minItems", "maxItems"], |a, b| a > b);
                let inline =
                    Inline { name: format!("{name}Item"), summary: format!("An item of `{name}`."), span: items.span };
                let items = self.use_of(items, inline, Position::Item);
                (is_possible && items.kind != UNKNOWN).then(|| {
                    let items = Box::new(items);
                    Shape::Alias(Kind::Array(Array { items, min_items: value(min_items), max_items: value(max_items) }))
                })
            }
            TypeName::String => self.string(schema),
            TypeName::Integer => {
                let bounds = Bounds {
                    minimum: self.integer(&schema.minimum),
                    maximum: self.integer(&schema.maximum),
                    exclusive_minimum: self.integer(&schema.exclusive_minimum),
                    exclusive_maximum: self.integer(&schema.exclusive_maximum),
                };
                self.bounds(schema, true).then_some(Shape::Alias(Kind::Integer(bounds)))
            }
            TypeName::Number => {
                let number = |slot: &Slot<Spanned<Number>>| slot.get().map(|number| number.value.as_f64());
                let bounds = Bounds {
                    minimum: number(&schema.minimum),
                    maximum: number(&schema.maximum),
                    exclusive_minimum: number(&schema.exclusive_minimum),
                    exclusive_maximum: number(&schema.exclusive_maximum),
                };
                self.bounds(schema, false).then_some(Shape::Alias(Kind::Number(bounds)))
            }
            TypeName::Boolean => Some(Shape::Alias(Kind::Boolean)),
        }
    }

    /// Reports the keys that do not apply to a type.
    pub fn misplaced(&mut self, schema: &TypeSchema, ty: TypeName) {
        let (what, allowed): (_, &[&str]) = match ty {
            TypeName::Object if schema.values.get().is_none() => ("an object", &["properties", "required", "rules"]),
            TypeName::Object => ("an object with any keys", &["additionalProperties"]),
            TypeName::Array => ("an array", &["items", "minItems", "maxItems"]),
            TypeName::String if !schema.choices.is_absent() => ("a choice of strings", &["enum"]),
            TypeName::String if !schema.constant.is_absent() => ("a constant", &["const"]),
            TypeName::String => ("a string", &["minLength", "maxLength", "pattern", "violation", "format"]),
            TypeName::Integer => ("an integer", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
            TypeName::Number => ("a number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
            TypeName::Boolean => ("a boolean", &[]),
        };
        let mut is_told = false;
        for (key, span) in schema.constraints() {
            if allowed.contains(&key) || ["type", "example"].contains(&key) {
                continue;
            }
            // The keys of an object with fixed keys go together.
            let is_fixed = ty == TypeName::Object && ["properties", "required", "rules"].contains(&key);
            if is_fixed && std::mem::replace(&mut is_told, true) {
                continue;
            }
            let help = match (ty, key) {
                (TypeName::Integer | TypeName::Number | TypeName::Boolean, "enum" | "const") => {
                    "only strings can be chosen from a list; for numbers use `minimum` and `maximum`".to_owned()
                }
                (TypeName::Object, "properties" | "required" | "rules") => {
                    "an object has either fixed keys (`properties`) or any keys (`additionalProperties`)".to_owned()
                }
                _ if allowed.is_empty() => "leave it out".to_owned(),
                _ => format!("{what} can have: `{}`", allowed.join("`, `")),
            };
            let diagnostic = Diagnostic::new("misplaced-keyword", format!("`{key}` has no meaning for {what}"))
                .at(span, "")
                .help(help);
            self.cx.report(diagnostic);
        }
    }

    pub fn string(&mut self, schema: &TypeSchema) -> Option<Shape> {
        match (&schema.choices, &schema.constant) {
            (Slot::Is(choices), _) => {
                return self
                    .choices(choices)
                    .then(|| Shape::Enum(choices.value.0.iter().map(|choice| choice.value.clone()).collect()));
            }
            (Slot::Broken, _) | (_, Slot::Broken) => return None,
            (_, Slot::Is(constant)) => return Some(Shape::Alias(Kind::Const(constant.value.clone()))),
            _ => {}
        }
        let (min_length, max_length) = (&schema.min_length, &schema.max_length);
        let is_possible = self.in_order(min_length, max_length, ["minLength", "maxLength"], |a, b| a > b);
        if let (Some(violation), true) = (schema.violation.get(), schema.pattern.is_absent()) {
            let diagnostic = Diagnostic::new("misplaced-keyword", "there is no `pattern` to violate")
                .at(violation.span, "the message for a string that breaks the pattern")
                .help("add `pattern`, or leave `violation` out");
            self.cx.report(diagnostic);
        }
        let violation = schema.violation.get().map(|violation| violation.value.clone());
        let pattern = match &schema.pattern {
            Slot::Is(pattern) => Some(self.pattern(pattern, violation)?),
            Slot::Broken => return None,
            Slot::Absent => None,
        };
        is_possible.then(|| {
            Shape::Alias(Kind::Text(Text {
                min_length: value(min_length),
                max_length: value(max_length),
                pattern,
                date_time: schema.format.get().is_some(),
            }))
        })
    }

    /// Returns whether the strings to choose from can be variants of an enum.
    pub fn choices(&mut self, choices: &Spanned<Choices>) -> bool {
        let before = self.cx.diagnostics.len();
        if choices.value.0.is_empty() {
            let diagnostic = Diagnostic::new("empty-enum", "there is nothing to choose from");
            self.cx.report(diagnostic.at(choices.span, "an `enum` without values").help("add the values"));
        }
        let mut variants: HashMap<String, &source::Text> = HashMap::new();
        for choice in &choices.value.0 {
            let variant = case::pascal(choice.as_str());
            if !case::is_pascal(&variant) || variant == "Self" {
                let diagnostic = Diagnostic::new(
                    "choice-name",
                    format!("`{}` cannot be turned into a name in code", choice.value),
                )
                .at(choice.span, format!("its name would be `{variant}`"))
                .help("use ASCII letters and digits, a letter first (not `self`), or `type: string` with a `pattern`");
                self.cx.report(diagnostic);
                continue;
            }
            if let Some(first) = variants.get(&variant) {
                let same = first.value == choice.value;
                let diagnostic = if same {
                    Diagnostic::new("duplicate-choice", format!("`{}` is listed twice", choice.value))
                } else {
                    let message = format!("`{}` and `{}` are both `{variant}` in code", first.value, choice.value);
                    Diagnostic::new("name-collision", message)
                };
                self.cx.report(diagnostic.at(choice.span, "again here").and(first.span, "first here"));
                continue;
            }
            variants.insert(variant, choice);
        }
        self.cx.diagnostics.len() == before
    }

    /// A pattern in the syntaxes that are needed.
    pub fn pattern(&mut self, ecma: &source::Text, violation: Option<String>) -> Option<crate::model::Pattern> {
        let rust = match pattern::to_rust(ecma.as_str()) {
            Ok(rust) => rust,
            Err(error) => {
                let diagnostic =
                    Diagnostic::new("invalid-pattern", format!("the pattern cannot be used: {}", error.why))
                        .at(ecma.span, format!("at `{}`", error.at))
                        .help(error.help);
                self.cx.report(diagnostic);
                return None;
            }
        };
        Some(crate::model::Pattern { ecma: ecma.value.clone(), rust, violation })
    }
}

fn value(slot: &Slot<Spanned<u64>>) -> Option<u64> {
    slot.get().map(|spanned| spanned.value)
}
