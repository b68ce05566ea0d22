//! Examples, each held to its schema.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::{Keyword, ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;

use super::{Lowering, pattern};
use crate::{
    diagnostic::{Diagnostic, Span, instead},
    emit::json_schema,
    model::{Kind, Shape, TypeId},
    source::{Any, Node, NodeKind},
};

/// An example to check once all types are known.
#[derive(Debug)]
pub struct Pending<'a> {
    /// The type that it is a value of.
    pub id: TypeId,
    /// The value.
    pub example: &'a Any,
}

impl Lowering<'_, '_> {
    /// Reports examples that break their schemas. Those of types with errors are left alone.
    pub fn check_examples(&mut self) {
        let mut validators: HashMap<TypeId, Validator> = HashMap::new();
        let patterns = Patterns::default();
        for Pending { id, example } in std::mem::take(&mut self.examples) {
            if self.types.is_tainted(id) {
                continue;
            }
            let validator = validators.entry(id).or_insert_with(|| self.validator(id, &patterns));
            let value = example.to_json();
            let mut violations = Vec::new();
            for error in validator.iter_errors(&value) {
                self.violations(&error, &example.0, &mut violations);
            }
            self.unknown_fields(&Kind::Ref(id), &example.0, &mut violations);
            for (span, message, help) in violations {
                let diagnostic =
                    Diagnostic::new("invalid-example", format!("the example is no `{}`", self.types.defs[id.0].name))
                        .at(span, message)
                        .and(self.types.spans[id.0], "what it should be");
                self.cx.report(match help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
            }
        }
    }

    fn validator(&self, id: TypeId, patterns: &Patterns) -> Validator {
        let patterns = patterns.clone();
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .with_keyword("pattern", move |_, value, _| Ok(Box::new(patterns.of(value))))
            .build(&json_schema::of_type(&self.types.defs, id))
            .expect("what the emitter makes is valid JSON Schema")
    }

    /// What an error of the validator means, at its place in the example.
    fn violations(&self, error: &ValidationError<'_>, example: &Node, found: &mut Vec<(Span, String, Option<String>)>) {
        let at = example.pointer(error.instance_path().as_str());
        if let Some(rule) = self.broken_rule(error) {
            let path = format!("{}{}", error.instance_path().as_str(), rule.path);
            found.push((
                example.pointer(&path).span,
                rule.message.clone(),
                Some(format!("it breaks the rule `{}`", rule.name)),
            ));
            return;
        }
        match error.kind() {
            // `null` or something: what is wrong with the something.
            ValidationErrorKind::AnyOf { context } if !matches!(at.kind, NodeKind::Null) && !context.is_empty() => {
                for inner in &context[0] {
                    self.violations(inner, example, found);
                }
            }
            ValidationErrorKind::Required { property } => {
                let property = property.as_str().unwrap_or_default();
                found.push((at.span, format!("`{property}` is missing"), None));
            }
            _ => found.push((at.span, error.to_string(), None)),
        }
    }

    fn broken_rule(&self, error: &ValidationError<'_>) -> Option<&crate::model::Rule> {
        let path = error.schema_path().as_str();
        let (name, rest) = path.strip_prefix("/$defs/")?.split_once('/')?;
        let index: usize = rest.strip_prefix("allOf/")?.split('/').next()?.parse().ok()?;
        match &self.types.defs.iter().find(|def| def.name == name)?.shape {
            Shape::Object(object) => object.rules.get(index),
            _ => None,
        }
    }

    /// Fields that a type does not have are ignored where they are received, but in an example they are mistakes.
    fn unknown_fields(&self, kind: &Kind, node: &Node, found: &mut Vec<(Span, String, Option<String>)>) {
        match (kind, &node.kind) {
            (Kind::Ref(id), _) => match &self.types.defs[id.0].shape {
                Shape::Alias(kind) => self.unknown_fields(kind, node, found),
                Shape::Enum(_) => {}
                Shape::Object(object) => {
                    let NodeKind::Mapping(entries) = &node.kind else { return };
                    for entry in entries {
                        match object.fields.iter().find(|field| field.name == entry.key) {
                            Some(field) => self.unknown_fields(&field.ty.kind, &entry.value, found),
                            None => {
                                let names = object.fields.iter().map(|field| field.name.as_str());
                                let message = format!("`{}` has no field `{}`", self.types.defs[id.0].name, entry.key);
                                found.push((entry.key_span, message, Some(instead(&entry.key, names))));
                            }
                        }
                    }
                }
            },
            (Kind::Array(array), NodeKind::Sequence(items)) => {
                items.iter().for_each(|item| self.unknown_fields(&array.items.kind, item, found));
            }
            (Kind::Map(values), NodeKind::Mapping(entries)) => {
                entries.iter().for_each(|entry| self.unknown_fields(&values.kind, &entry.value, found));
            }
            _ => {}
        }
    }
}

/// The keyword `pattern`, by the translation that generated code uses too.
struct PortablePattern {
    ecma: String,
    regex: Option<regex::Regex>,
}

/// Patterns by what they are written as. Compiling one takes longer than all else about a type, and types of ids have the
/// same.
#[derive(Clone, Default)]
struct Patterns(Arc<Mutex<HashMap<String, Option<regex::Regex>>>>);

impl Patterns {
    fn of(&self, ecma: &Value) -> PortablePattern {
        let ecma = ecma.as_str().unwrap_or_default().to_owned();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let compile = || pattern::to_rust(&ecma).ok().and_then(|rust| regex::Regex::new(&rust).ok());
        let regex = known.entry(ecma.clone()).or_insert_with(compile).clone();
        PortablePattern { ecma, regex }
    }
}

impl<'i> Keyword<'i> for PortablePattern {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match Keyword::is_valid(self, instance) {
            true => Ok(()),
            false => Err(ValidationError::custom(format!("the pattern `{}` is not found in it", self.ecma))),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        match (instance.as_str(), &self.regex) {
            (Some(text), Some(regex)) => regex.is_match(text),
            _ => true,
        }
    }
}
