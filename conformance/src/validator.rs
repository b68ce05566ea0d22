//! Validators of JSON that are stricter than those of the JSON Schemas that clients get.

use accord_language::pattern_to_rust;
use jsonschema::{Keyword, ValidationError, Validator};
use regex::Regex;
use serde_json::Value;

/// Times have milliseconds and are in UTC, which JSON Schema's `date-time` leaves open.
const TIMESTAMP: &str = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$";

/// The validator of a JSON Schema.
pub(crate) fn validator(mut schema: Value) -> Validator {
    sharpen(&mut schema);
    let options = jsonschema::options().with_keyword(PATTERN, |_, pattern, _| {
        let pattern = Regex::new(pattern.as_str().unwrap_or_default());
        Ok(Box::new(Pattern(pattern.expect("portable patterns are regular expressions"))))
    });
    options.build(&schema).expect("the emitter makes valid JSON Schemas")
}

/// A pattern in the syntax of the `regex` crate. JSON Schema's own `pattern` has the syntax of ECMA-262, which
/// implementations in Rust support only in part.
const PATTERN: &str = "rustPattern";

struct Pattern(Regex);

impl<'i> Keyword<'i> for Pattern {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            Ok(())
        } else {
            Err(ValidationError::custom(format!("{instance} does not match {}", self.0)))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance.as_str().is_none_or(|text| self.0.is_match(text))
    }
}

/// Requires milliseconds and UTC of every point in time, and replaces patterns by those of [`PATTERN`].
fn sharpen(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            keys.values_mut().for_each(sharpen);
            if let Some(Value::String(pattern)) = keys.get("pattern") {
                let pattern =
                    pattern_to_rust(pattern).expect("a schema with patterns that are not portable is refused");
                keys.remove("pattern");
                keys.insert(PATTERN.to_owned(), pattern.into());
            }
            if keys.get("format").is_some_and(|format| format == "date-time") {
                keys.insert(PATTERN.to_owned(), TIMESTAMP.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sharpen),
        _ => {}
    }
}

/// The first rule that `value`, called `what`, breaks.
pub(crate) fn check(validator: &Validator, value: &Value, what: &str) -> Result<(), String> {
    let Some(error) = validator.iter_errors(value).next() else { return Ok(()) };
    Err(format!("{what} breaks the schema at `{}`: {error}", error.instance_path()))
}
