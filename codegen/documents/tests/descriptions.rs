//! The descriptions that tools read: AsyncAPI and OpenAPI.

use std::{fs, path::Path};

use accord_language::{Model, load, model::ErrorId};
use serde_json::{Value, json};
use tempfile::TempDir;

const WHITEBOARD: &str = "../../tests/whiteboard/history/1.0.0/whiteboard.yaml";

fn model(path: impl AsRef<Path>) -> Model {
    load(path).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn chat() -> Model {
    model("../../schema/chat.yaml")
}

/// The whiteboard, with its text changed.
fn whiteboard(from: &str, to: &str) -> Model {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("whiteboard.yaml");
    let text = fs::read_to_string(WHITEBOARD).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    model(path)
}

fn documents(model: &Model) -> [Value; 2] {
    [accord_documents::asyncapi::document(model), accord_documents::openapi::document(model)]
}

/// All references in a document.
fn references<'d>(value: &'d Value, found: &mut Vec<&'d str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn calls_fail_with_their_declared_errors_and_the_gateways_in_the_order_of_the_checks() {
    let model = chat();
    let names =
        |errors: Vec<ErrorId>| errors.iter().map(|id| model.errors[id.0].name.as_str()).collect::<Vec<_>>().join(" ");
    let event = |name: &str| {
        let mut events = model.client_events();
        names(model.event_errors(events.find(|event| event.name == name).unwrap()))
    };
    let operation = |name: &str| {
        let operation = model.http.operations.iter().find(|operation| operation.name == name).unwrap();
        names(model.operation_errors(operation))
    };
    assert_eq!(names(model.connect_errors()), "version_not_served auth_required auth_failed internal");
    assert_eq!(
        event("forward_message"),
        "rate_limited invalid_payload channel_denied idempotency_conflict message_not_found internal"
    );
    assert_eq!(event("ping"), "rate_limited invalid_payload internal");
    let put =
        "version_not_served auth_required auth_failed rate_limited admin_only invalid_payload user_not_found internal";
    assert_eq!(operation("put_channel"), put);
    let list = "version_not_served auth_required auth_failed rate_limited invalid_payload conversation_denied internal";
    assert_eq!(operation("list_direct_messages"), list);
    assert_eq!(operation("get_health"), "version_not_served internal");
}

#[test]
fn every_reference_leads_somewhere() {
    for model in [chat(), model(WHITEBOARD)] {
        for document in documents(&model) {
            let mut found = Vec::new();
            references(&document, &mut found);
            for reference in found {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(document.pointer(pointer).is_some(), "{reference}");
            }
        }
    }
}

#[test]
fn the_same_schema_makes_the_same_descriptions() {
    let texts = || documents(&chat()).map(|document| accord_documents::pretty(&document));
    assert_eq!(texts(), texts());
}

#[test]
fn a_client_event_and_a_server_event_may_share_a_name() {
    let to = "server:\n  move_cursor: { summary: Somebody else points. }\n";
    let document = accord_documents::asyncapi::document(&whiteboard("server:\n", to));
    let operations = ["move_cursor", "move_cursor.sent"].map(|key| &document["operations"][key]);
    assert_eq!(operations.map(|operation| &operation["action"]), ["receive", "send"]);
    let messages = ["move_cursor", "move_cursor.sent"].map(|key| &document["components"]["messages"][key]["name"]);
    assert_eq!(messages, ["move_cursor", "move_cursor"]);
}

#[test]
fn an_error_matches_its_schema() {
    let document = accord_documents::openapi::document(&chat());
    let upload = &document["paths"]["/api/upload"]["post"]["responses"];
    let example = |status: &str, name: &str| &upload[status]["content"]["application/json"]["examples"][name]["value"];
    assert_eq!(
        *example("400", "invalid_payload"),
        json!({
            "message": "Invalid message data",
            "code": "invalid_payload",
            "details": [{ "path": "/file", "message": "is required" }],
        })
    );
    assert_eq!(*example("500", "internal"), json!({ "message": "Failed to upload file", "code": "internal" }));
    assert_eq!(example("429", "rate_limited")["retryAfterMs"], 250);
    assert_eq!(upload["429"]["headers"]["Retry-After"]["schema"]["type"], "integer");
    let codes = &upload["413"]["content"]["application/json"]["schema"]["allOf"][1]["properties"]["code"];
    assert_eq!(*codes, json!({ "type": "string", "enum": ["too_large", "quota_exceeded"] }));
}

#[test]
fn answers_of_the_transport_stand_with_others_of_their_status_or_alone() {
    let document = accord_documents::openapi::document(&chat());
    let put = &document["paths"]["/api/admin/channels/{id}"]["put"]["responses"];
    let health = &document["paths"]["/healthz"]["get"]["responses"];
    let statuses = |responses: &Value| responses.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(statuses(put), "200 400 401 403 404 408 413 429 500 503");
    assert_eq!(statuses(health), "200 400 403 500 503");
    let forbidden = &put["403"]["content"]["application/json"];
    let codes = &forbidden["schema"]["allOf"][1]["properties"]["code"]["enum"];
    assert_eq!(*codes, json!(["access_denied", "origin_refused"]));
    let told = json!({ "message": "Origin not allowed", "code": "origin_refused" });
    assert_eq!(forbidden["examples"]["OriginRefused"]["value"], told);
    assert_eq!(health["403"], json!({ "$ref": "#/components/responses/OriginRefused" }));
}

#[test]
fn a_schema_without_operations_has_no_paths() {
    let document = accord_documents::openapi::document(&model(WHITEBOARD));
    assert_eq!((&document["paths"], document.get("components")), (&json!({}), None));
}

#[test]
fn without_a_licence_there_is_none() {
    for document in documents(&whiteboard("  license: MIT\n", "")) {
        assert_eq!(document["info"].get("license"), None);
    }
}
