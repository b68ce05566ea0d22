//! The responses of operations.

use std::collections::BTreeMap;

use accord_language::model::{ErrorId, Model, Operation, Retry, Success, SuccessBody, TypeId};
use serde_json::{Map, Value, json};

use super::{
    refusals::{self, Refusal},
    requests,
};
use crate::{
    components::Components,
    failures::{self, Failed},
    sentences,
};

/// All answers of an operation, by status.
pub(super) fn of(model: &Model, operation: &Operation, components: &mut Components<'_>) -> Value {
    let mut responses = Map::new();
    responses.insert(operation.success.status.to_string(), success(model, &operation.success, components));
    let Some(body) = model.http.error_body else { return responses.into() };
    let mut failures: BTreeMap<u16, Failures> = BTreeMap::new();
    for id in model.operation_errors(operation) {
        failures.entry(model.errors[id.0].status).or_default().declared.push(id);
    }
    for refusal in refusals::of(operation) {
        failures.entry(refusal.status).or_default().refusals.push(refusal);
    }
    for (status, failures) in failures {
        let response = match failures.refusals.as_slice() {
            [refusal] if refusals::is_alone(model, operation, refusal) => {
                json!({ "$ref": format!("#/components/responses/{}", refusal.name) })
            }
            _ => failure(model, operation, body, &failures, components),
        };
        responses.insert(status.to_string(), response);
    }
    responses.into()
}

/// The failures of an operation under one status.
#[derive(Default)]
struct Failures {
    /// By the schema.
    declared: Vec<ErrorId>,
    /// By the transport.
    refusals: Vec<&'static Refusal>,
}

fn success(model: &Model, success: &Success, components: &mut Components<'_>) -> Value {
    let media = match &success.body {
        SuccessBody::Empty => return json!({ "description": "Done." }),
        SuccessBody::Raw(media) if media.starts_with("text/") => {
            (media.as_str(), json!({ "schema": { "type": "string" } }))
        }
        // Bytes have no schema.
        SuccessBody::Raw(media) => (media.as_str(), json!({})),
        SuccessBody::Json { ty, envelope } => {
            let (mut schema, mut example) = (components.use_of(ty), success.example.clone());
            if let Some(member) = envelope {
                schema = json!({ "type": "object", "properties": { member: schema }, "required": [member] });
                example = example.map(|example| json!({ member: example }));
            }
            for field in success.beside.and_then(|id| model.object(id)).into_iter().flat_map(|object| &object.fields) {
                schema["properties"][&field.name] = components.use_of(&field.ty);
            }
            let mut media = json!({ "schema": schema });
            if let Some(example) = example {
                media["example"] = example;
            }
            ("application/json", media)
        }
    };
    let (name, media) = media;
    json!({ "description": "Done.", "content": { name: media } })
}

fn failure(
    model: &Model,
    operation: &Operation,
    body: TypeId,
    Failures { declared, refusals }: &Failures,
    components: &mut Components<'_>,
) -> Value {
    let failed = Failed { failure: &operation.failure, event: None, required: requests::required(model, operation) };
    let mut about = Vec::new();
    let mut examples = Map::new();
    for &id in declared {
        let error = &model.errors[id.0];
        let sentence = [sentences::whole(&error.doc).as_str(), sentences::retry(error)].join(" ").trim().to_owned();
        about.push(format!("`{}`: {sentence}", error.code));
        let value = failures::example(model, body, id, failed);
        examples.insert(error.name.clone(), json!({ "summary": error.doc.summary, "value": value }));
    }
    for refusal in refusals {
        about.push(format!("`{}`: {}", refusal.code, refusal.about));
        examples.insert(refusal.name.to_owned(), refusal.example());
    }
    let description = match about.as_slice() {
        [one] => one.clone(),
        several => several.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"),
    };
    let mut response = json!({ "description": description });
    let mut headers = Map::new();
    if declared.iter().any(|id| model.errors[id.0].retry == Retry::After) {
        headers.insert(
            "Retry-After".to_owned(),
            json!({ "description": "When a retry may succeed, in seconds.", "schema": { "type": "integer", "minimum": 1 } }),
        );
    }
    if declared.iter().any(|id| model.errors[id.0].status == 401) {
        headers.insert(
            "WWW-Authenticate".to_owned(),
            json!({ "description": "The authentication scheme.", "schema": { "type": "string", "const": "Bearer" } }),
        );
    }
    if !headers.is_empty() {
        response["headers"] = headers.into();
    }
    let codes = declared.iter().map(|id| model.errors[id.0].code.as_str());
    let schema = components.failure(body, codes.chain(refusals.iter().map(|refusal| refusal.code)));
    response["content"] = json!({ "application/json": { "schema": schema, "examples": examples } });
    response
}
