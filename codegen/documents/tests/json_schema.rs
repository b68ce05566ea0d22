//! The JSON Schema of the chat protocol's types.

use accord_documents::json_schema;
use accord_language::{Model, load, model::TypeId};
use serde_json::{Value, json};

fn chat() -> Model {
    load("../../schema/chat.yaml").unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

#[test]
fn every_type_is_valid_json_schema_that_its_example_fits() {
    let model = chat();
    for (index, def) in model.types.iter().enumerate() {
        let schema = json_schema::of(&model, TypeId(index));
        let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
        if let Some(example) = &def.example {
            assert!(validator.is_valid(example), "{}: {example}", def.name);
        }
    }
}

#[test]
fn json_schema_agrees_with_validation() {
    let model = chat();
    let bundle = json_schema::bundle(&model);
    assert_eq!(
        bundle["$defs"]["SendMessage"]["properties"]["replyToId"],
        json!({
            "anyOf": [{ "$ref": "#/$defs/MessageId" }, { "type": "null" }],
            "description": "The message that this one replies to.",
        })
    );
    assert_eq!(
        bundle["$defs"]["SendMessage"]["allOf"],
        json!([{
            "anyOf": [
                { "properties": { "content": { "pattern": "[^\\s\\p{Cc}\\p{Default_Ignorable_Code_Point}\\u2800]" } } },
                {
                    "required": ["attachments"],
                    "properties": { "attachments": { "not": { "type": "null" }, "minItems": 1 } },
                },
            ],
        }])
    );
    assert_eq!(bundle["$defs"]["Count"]["maximum"], Value::from(9_007_199_254_740_991_i64));
    assert_eq!(bundle["$defs"]["RoomInfo"]["properties"]["name"]["type"], json!(["string", "null"]));
}

#[test]
fn the_same_schema_makes_the_same_json_schema() {
    let bundle = || json_schema::bundle(&chat()).to_string();
    assert_eq!(bundle(), bundle());
}
