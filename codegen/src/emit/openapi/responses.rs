//! What operations are answered with.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::requests;
use crate::{
    emit::{
        components::Components,
        failures::{self, Failed},
        sentences,
    },
    model::{ErrorId, Model, Operation, Retry, Success, SuccessBody, TypeId},
};

/// Answers of the transport's own, about requests that reach no operation.
const REFUSED: &str = "Refused";
const STOPPING: &str = "Stopping";

/// All answers of an operation, by status.
pub(super) fn of(model: &Model, operation: &Operation, components: &mut Components<'_>) -> Value {
    let mut responses = Map::new();
    responses.insert(operation.success.status.to_string(), success(&operation.success, components));
    let mut failures: BTreeMap<u16, Vec<ErrorId>> = BTreeMap::new();
    for id in model.operation_errors(operation) {
        failures.entry(model.errors[id.0].status).or_default().push(id);
    }
    if let Some(body) = model.http.error_body {
        for (status, errors) in failures {
            responses.insert(status.to_string(), failure(model, operation, body, &errors, components));
        }
    }
    for (range, name) in [("4XX", REFUSED), ("5XX", STOPPING)] {
        responses.insert(range.to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
    }
    responses.into()
}

/// The answers that every operation has in common; `body` is the schema of failures.
pub(super) fn of_the_transport(body: Value) -> Value {
    let response = |description: &str| json!({ "description": description, "content": { "application/json": { "schema": body } } });
    json!({
        REFUSED: response(
            "The request was refused before it reached the operation: it comes from a page of an origin that is not \
             allowed (403), or its body is too large (413) or did not arrive in time (408)."
        ),
        STOPPING: response("The request did not reach the operation: the server is shutting down (503)."),
    })
}

fn success(success: &Success, components: &mut Components<'_>) -> Value {
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
    errors: &[ErrorId],
    components: &mut Components<'_>,
) -> Value {
    let failed = Failed { failure: &operation.failure, event: None, required: requests::required(model, operation) };
    let mut about = Vec::new();
    let mut examples = Map::new();
    for &id in errors {
        let error = &model.errors[id.0];
        let sentence = [sentences::whole(&error.doc).as_str(), sentences::retry(error)].join(" ").trim().to_owned();
        about.push(format!("`{}`: {sentence}", error.code));
        let value = failures::example(model, body, id, failed);
        examples.insert(error.name.clone(), json!({ "summary": error.doc.summary, "value": value }));
    }
    let description = match about.as_slice() {
        [one] => one.clone(),
        several => several.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"),
    };
    let mut response = json!({ "description": description });
    let mut headers = Map::new();
    if errors.iter().any(|id| model.errors[id.0].retry == Retry::After) {
        headers.insert(
            "Retry-After".to_owned(),
            json!({ "description": "When a retry may succeed, in seconds.", "schema": { "type": "integer", "minimum": 1 } }),
        );
    }
    if errors.iter().any(|id| model.errors[id.0].status == 401) {
        headers.insert(
            "WWW-Authenticate".to_owned(),
            json!({ "description": "The scheme that is asked for.", "schema": { "type": "string", "const": "Bearer" } }),
        );
    }
    if !headers.is_empty() {
        response["headers"] = headers.into();
    }
    let schema = components.failure(body, errors);
    response["content"] = json!({ "application/json": { "schema": schema, "examples": examples } });
    response
}
