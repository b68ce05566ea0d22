//! Rules across the fields of an object.

use serde_json::{Map, Value, json};

use super::Lowering;
use crate::{
    diagnostic::{Diagnostic, Span},
    model::{Field, FieldTest, Rule, Test},
    source::{
        self, Named, Slot,
        rules::{FieldRuleSchema, RuleSchema, TestSchema},
    },
};

/// The conditions of a rule, or of one within it.
struct Conditions<'s> {
    span: Span,
    required: &'s Slot<Vec<source::Text>>,
    properties: &'s Slot<Named<FieldRuleSchema>>,
    all_of: &'s Slot<Vec<TestSchema>>,
    any_of: &'s Slot<Vec<TestSchema>>,
    not: &'s Slot<Box<TestSchema>>,
}

macro_rules! conditions {
    ($schema:expr) => {
        Conditions {
            span: $schema.span,
            required: &$schema.required,
            properties: &$schema.properties,
            all_of: &$schema.all_of,
            any_of: &$schema.any_of,
            not: &$schema.not,
        }
    };
}

impl Lowering<'_, '_> {
    /// The rules of an object with these fields.
    pub fn rules(&mut self, rules: &Named<RuleSchema>, fields: &[Field]) -> Vec<Rule> {
        let mut lowered = Vec::new();
        for entry in &rules.entries {
            self.snake_name(&entry.name, "rule");
            let Some(schema) = &entry.value else { continue };
            let Some(test) = self.test(&conditions!(schema), fields) else { continue };
            let Some(violation) = schema.violation.get() else { continue };
            let (Some(path), Some(message)) = (violation.path.get(), violation.message.get()) else { continue };
            self.violation_path(path, fields);
            lowered.push(Rule {
                name: entry.name.value.clone(),
                json_schema: json_schema(&test, fields),
                test,
                path: path.value.clone(),
                message: message.value.clone(),
                place: entry.place.clone(),
            });
        }
        lowered
    }

    fn violation_path(&mut self, path: &source::Text, fields: &[Field]) {
        if path.value.is_empty() {
            return;
        }
        let first = path.as_str().strip_prefix('/').map(|rest| rest.split('/').next().unwrap_or_default());
        let Some(first) = first else {
            let diagnostic = Diagnostic::new("invalid-pointer", format!("`{}` is not a JSON Pointer", path.value))
                .at(path.span, "expected `/` first")
                .help(format!("write `/{}`", path.value));
            self.cx.report(diagnostic);
            return;
        };
        self.field(&source::Spanned { value: first.to_owned(), span: path.span }, fields);
    }

    fn field<'f>(&mut self, name: &source::Text, fields: &'f [Field]) -> Option<&'f Field> {
        let found = fields.iter().find(|field| field.name == name.value);
        if found.is_none() {
            let diagnostic = Diagnostic::new("unknown-field", format!("the object has no field `{}`", name.value))
                .at(name.span, "unknown")
                .help(self.cx.instead(name.as_str(), fields.iter().map(|field| field.name.as_str())));
            self.cx.report(diagnostic);
        }
        found
    }

    /// All conditions together; `None` if there is an error, which has been reported.
    fn test(&mut self, conditions: &Conditions<'_>, fields: &[Field]) -> Option<Test> {
        let before = self.cx.diagnostics.len();
        let mut tests = Vec::new();
        for name in conditions.required.get().into_iter().flatten() {
            if self.field(name, fields).is_some() {
                tests.push(Test::Present(name.value.clone()));
            }
        }
        for entry in conditions.properties.get().into_iter().flat_map(|named| &named.entries) {
            let field = self.field(&entry.name, fields);
            if let (Some(field), Some(schema)) = (field, &entry.value) {
                self.field_tests(field, &entry.name, schema, &mut tests);
            }
        }
        if let Some(all) = conditions.all_of.get() {
            tests.extend(all.iter().filter_map(|test| self.test(&conditions!(test), fields)));
        }
        if let Some(any) = conditions.any_of.get() {
            let any: Vec<Test> = any.iter().filter_map(|test| self.test(&conditions!(test), fields)).collect();
            if !any.is_empty() {
                tests.push(Test::Any(any));
            }
        }
        if let Some(not) = conditions.not.get()
            && let Some(test) = self.test(&conditions!(not), fields)
        {
            tests.push(Test::Not(Box::new(test)));
        }
        if self.cx.diagnostics.len() > before {
            return None;
        }
        let broken = matches!(conditions.required, Slot::Broken)
            || matches!(conditions.properties, Slot::Broken)
            || matches!(conditions.all_of, Slot::Broken)
            || matches!(conditions.any_of, Slot::Broken)
            || matches!(conditions.not, Slot::Broken);
        match tests.len() {
            _ if broken => None,
            0 => {
                let diagnostic = Diagnostic::new("empty-rule", "the condition says nothing")
                    .at(conditions.span, "")
                    .help("state it with `required`, `properties`, `anyOf`, `allOf` or `not`");
                self.cx.report(diagnostic);
                None
            }
            1 => tests.pop(),
            _ => Some(Test::All(tests)),
        }
    }

    fn field_tests(&mut self, field: &Field, name: &source::Text, schema: &FieldRuleSchema, tests: &mut Vec<Test>) {
        let mut found = Vec::new();
        if let Some(pattern) = schema.pattern.get()
            && let Some(pattern) = self.pattern(pattern, None)
        {
            found.push(FieldTest::Pattern(pattern));
        }
        let length = |slot: &Slot<source::Spanned<u64>>, test: fn(u64) -> FieldTest| slot.get().map(|n| test(n.value));
        found.extend(length(&schema.min_length, FieldTest::MinLength));
        found.extend(length(&schema.max_length, FieldTest::MaxLength));
        found.extend(length(&schema.min_items, FieldTest::MinItems));
        found.extend(length(&schema.max_items, FieldTest::MaxItems));
        found.extend(schema.minimum.get().map(|number| FieldTest::Minimum(number.value.as_f64())));
        found.extend(schema.maximum.get().map(|number| FieldTest::Maximum(number.value.as_f64())));
        let constant = schema.constant.get().map(std::slice::from_ref);
        for choices in [schema.choices.get().map(Vec::as_slice), constant].into_iter().flatten() {
            for choice in choices {
                if matches!(choice.to_json(), Value::Array(_) | Value::Object(_)) {
                    let diagnostic = Diagnostic::new("wrong-kind", "a rule compares scalars");
                    self.cx.report(diagnostic.at(choice.0.span, "expected a string, number, boolean or `null`"));
                }
            }
            let mut choices: Vec<Value> = choices.iter().map(source::Any::to_json).collect();
            // `null` counts as absent, and an absent field passes.
            if !field.required && !choices.contains(&Value::Null) {
                choices.push(Value::Null);
            }
            found.push(FieldTest::OneOf(choices));
        }
        if found.is_empty() && schema.pattern.is_absent() {
            let diagnostic =
                Diagnostic::new("empty-rule", format!("`{}` has no condition", field.name)).at(name.span, "").help(
                    "state it with `pattern`, `minLength`, `maxLength`, `minItems`, `maxItems`, `minimum`, \
                       `maximum`, `enum` or `const`; use `required` for its presence",
                );
            self.cx.report(diagnostic);
        }
        tests.extend(found.into_iter().map(|test| Test::Field(field.name.clone(), test)));
    }
}

/// A test as JSON Schema.
fn json_schema(test: &Test, fields: &[Field]) -> Value {
    match test {
        Test::All(tests) => {
            let tests: Vec<Value> = tests.iter().map(|test| json_schema(test, fields)).collect();
            merged(&tests).unwrap_or_else(|| json!({ "allOf": tests }))
        }
        Test::Any(tests) => json!({ "anyOf": tests.iter().map(|test| json_schema(test, fields)).collect::<Vec<_>>() }),
        Test::Not(test) => json!({ "not": json_schema(test, fields) }),
        Test::Present(name) => {
            let field = fields.iter().find(|field| field.name == *name);
            let may_be_null = field.is_none_or(|field| field.ty.nullable || !field.required);
            match may_be_null {
                true => json!({ "required": [name], "properties": { name: { "not": { "type": "null" } } } }),
                false => json!({ "required": [name] }),
            }
        }
        Test::Field(name, test) => json!({ "properties": { name: field_json_schema(test) } }),
    }
}

/// One schema with all conditions, if they share no keys but `required` and `properties`.
fn merged(schemas: &[Value]) -> Option<Value> {
    let mut required = Vec::new();
    let mut properties = Map::new();
    for schema in schemas {
        for (key, value) in schema.as_object()? {
            match (key.as_str(), value) {
                ("required", Value::Array(names)) => required.extend(names.iter().cloned()),
                ("properties", Value::Object(fields)) => {
                    for (field, keys) in fields {
                        let merged = properties.entry(field.clone()).or_insert_with(|| json!({})).as_object_mut()?;
                        for (key, value) in keys.as_object()? {
                            if merged.insert(key.clone(), value.clone()).is_some() {
                                return None;
                            }
                        }
                    }
                }
                _ => return None,
            }
        }
    }
    let mut merged = Map::new();
    if !required.is_empty() {
        merged.insert("required".to_owned(), required.into());
    }
    if !properties.is_empty() {
        merged.insert("properties".to_owned(), properties.into());
    }
    Some(merged.into())
}

fn field_json_schema(test: &FieldTest) -> Value {
    match test {
        FieldTest::Pattern(pattern) => json!({ "pattern": pattern.ecma }),
        FieldTest::MinLength(length) => json!({ "minLength": length }),
        FieldTest::MaxLength(length) => json!({ "maxLength": length }),
        FieldTest::MinItems(count) => json!({ "minItems": count }),
        FieldTest::MaxItems(count) => json!({ "maxItems": count }),
        FieldTest::Minimum(number) => json!({ "minimum": integral(*number) }),
        FieldTest::Maximum(number) => json!({ "maximum": integral(*number) }),
        FieldTest::OneOf(choices) => json!({ "enum": choices }),
    }
}

/// `1` rather than `1.0`.
fn integral(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "only integral floats within 2^53 are converted")]
    if number.fract() == 0.0 && number.abs() < 9.0e15 { Value::from(number as i64) } else { Value::from(number) }
}
