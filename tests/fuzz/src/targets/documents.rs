//! Documents for the generated validators.

use std::{collections::HashMap, sync::LazyLock};

use accord_documents::json_schema;
use accord_language::model::TypeId;
use jsonschema::Validator;
use serde_json::Value;

use crate::{
    MODEL,
    validators::{Generated, TYPES},
};

/// The validators of each type, by its name.
static JUDGES: LazyLock<HashMap<&str, (&Generated, Validator)>> = LazyLock::new(|| {
    let judge = |(index, generated): (usize, &'static Generated)| {
        let schema = json_schema::of(&MODEL, TypeId(index));
        let validator = jsonschema::options().should_validate_formats(true).build(&schema);
        (generated.name, (generated, validator.expect("the JSON Schema of a type is valid")))
    };
    TYPES.iter().enumerate().map(judge).collect()
});

/// The first line of an input is the name of a type, and the other lines are a JSON document. The generated validator and the
/// `jsonschema` crate agree, and a valid document can be read into the type.
pub fn validators(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Some((name, document)) = text.split_once('\n') else { return };
    let (Some((generated, judge)), Ok(document)) = (JUDGES.get(name), serde_json::from_str::<Value>(document)) else {
        return;
    };
    let found = (generated.violations)(&document);
    assert_eq!(found.is_empty(), judge.is_valid(&document), "{name}: {document}\nours: {found:?}");
    if found.is_empty() {
        (generated.read)(&document).unwrap_or_else(|error| panic!("{name}: {document} is valid, but: {error}"));
    }
}
