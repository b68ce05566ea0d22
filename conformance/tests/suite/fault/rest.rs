//! REST: history, uploads, rooms, administration.

use axum::http::{HeaderValue, StatusCode};
use serde_json::json;

use super::{Fault, fault, remove, swap};

pub fn faults() -> Vec<Fault> {
    [pages(), entitlement(), uploads(), files(), rooms()].into_iter().flatten().collect()
}

/// Pages of history.
fn pages() -> Vec<Fault> {
    vec![
        fault(
            "history is 201",
            "history/",
            rest!("GET /api/messages", |status, _headers, _body| if *status == 200 {
                *status = StatusCode::CREATED
            }),
        ),
        fault(
            "history is oldest first",
            "history/",
            rest!("GET /api/messages", |_status, _headers, body| if let Some(messages) =
                body["data"]["messages"].as_array_mut()
            {
                messages.reverse()
            }),
        ),
        fault(
            "history's total is one more",
            "history/",
            rest!("GET /api/messages", |_status, _headers, body| if let Some(total) =
                body["data"]["pagination"]["total"].as_i64()
            {
                body["data"]["pagination"]["total"] = json!(total + 1)
            }),
        ),
        fault(
            "history's pages are rounded down",
            "history/pages",
            rest!("GET /api/messages", |_status, _headers, body| if let (Some(total), Some(limit)) =
                (body["data"]["pagination"]["total"].as_i64(), body["data"]["pagination"]["limit"].as_i64())
            {
                body["data"]["pagination"]["pages"] = json!(total / limit)
            }),
        ),
        fault(
            "history's page counts from 0",
            "history/pages",
            rest!("GET /api/conversations/", |_status, _headers, body| if let Some(page) =
                body["data"]["pagination"]["page"].as_i64()
            {
                body["data"]["pagination"]["page"] = json!(page - 1)
            }),
        ),
        fault(
            "history has no nextCursor",
            "history/",
            rest!("GET /api/messages", |_status, _headers, body| remove(&mut body["data"], "nextCursor")),
        ),
        fault(
            "history always has a nextCursor",
            "history/pages",
            rest!("GET /api/messages", |_status, _headers, body| if body["data"].is_object() {
                body["data"]["nextCursor"] = json!("x")
            }),
        ),
        fault(
            "history without its envelope",
            "history/",
            rest!("GET /api/messages", |_status, _headers, body| if body["data"].is_object() {
                *body = body["data"].clone()
            }),
        ),
    ]
}

/// History that the caller may not see, and messages as history shows them.
fn entitlement() -> Vec<Fault> {
    vec![
        fault(
            "history of others is 404",
            "history/",
            rest!("GET /api/messages", |status, _headers, _body| if *status == 403 {
                *status = StatusCode::NOT_FOUND
            }),
        ),
        fault(
            "history of others is empty",
            "history/",
            rest!("GET /api/conversations/", |status, _headers, body| if *status == 403 {
                *status = StatusCode::OK;
                *body = json!({ "data": { "messages": [], "pagination": { "page": 1, "limit": 50, "total": 0, "pages": 0 }, "nextCursor": null } });
            }),
        ),
        fault(
            "history has no reactions",
            "reactions/",
            rest!("GET /api/messages", |_status, _headers, body| for message in
                body["data"]["messages"].as_array_mut().into_iter().flatten()
            {
                message["reactions"] = json!([])
            }),
        ),
        fault(
            "history shows deleted parents",
            "messages/reply",
            rest!("GET /api/messages", |_status, _headers, body| for message in
                body["data"]["messages"].as_array_mut().into_iter().flatten()
            {
                if message["replyTo"].is_null() && message["replyToId"].is_string() {
                    message["replyTo"] = message["user"].clone()
                }
            }),
        ),
        fault(
            "a refused token is 403",
            "history/",
            rest!("GET /api/", |status, _headers, _body| if *status == 401 {
                *status = StatusCode::FORBIDDEN
            }),
        ),
    ]
}

/// Uploads.
fn uploads() -> Vec<Fault> {
    vec![
        fault(
            "an upload is 200",
            "uploads/",
            rest!("POST /api/upload", |status, _headers, _body| if *status == 201 {
                *status = StatusCode::OK
            }),
        ),
        fault(
            "an upload's size is another",
            "uploads/",
            rest!("POST /api/upload", |_status, _headers, body| if body["data"]["size"].is_i64() {
                body["data"]["size"] = json!(1)
            }),
        ),
        fault(
            "an upload's type keeps its parameters",
            "uploads/",
            rest!("POST /api/upload", |_status, _headers, body| if body["data"]["mimeType"] == "text/plain" {
                body["data"]["mimeType"] = json!("text/plain; charset=utf-8")
            }),
        ),
        fault(
            "an upload's names are swapped",
            "uploads/",
            rest!("POST /api/upload", |_status, _headers, body| if body["data"].is_object() {
                swap(&mut body["data"], "filename", "originalName")
            }),
        ),
        fault(
            "a file that is too large is 400",
            "uploads/",
            rest!("POST /api/upload", |status, _headers, _body| if *status == 413 {
                *status = StatusCode::BAD_REQUEST
            }),
        ),
        fault(
            "an unsupported type is taken",
            "uploads/",
            rest!("POST /api/upload", |status, _headers, body| if *status == 415 {
                *status = StatusCode::CREATED;
                *body = json!({ "data": { "id": "x", "filename": "x", "originalName": "x", "mimeType": "text/html", "size": 1, "url": "/x", "createdAt": "2026-01-31T09:30:00.000Z" } });
            }),
        ),
    ]
}

/// Files, as they are downloaded.
fn files() -> Vec<Fault> {
    vec![
        fault(
            "files have no nosniff",
            "uploads/",
            rest!("GET /files/", |_status, headers, _body| {
                headers.remove("x-content-type-options");
            }),
        ),
        fault(
            "files are shown inline",
            "uploads/",
            rest!("GET /files/", |_status, headers, _body| {
                headers.insert("content-disposition", HeaderValue::from_static("inline"));
            }),
        ),
        fault(
            "files have no content security policy",
            "uploads/",
            rest!("GET /files/", |_status, headers, _body| {
                headers.remove("content-security-policy");
            }),
        ),
    ]
}

/// Rooms, figures, administration and readiness.
fn rooms() -> Vec<Fault> {
    vec![
        fault(
            "rooms list no members",
            "history/own_rooms",
            rest!("GET /api/channels", |_status, _headers, body| for room in
                body["data"].as_array_mut().into_iter().flatten()
            {
                room["members"] = json!([])
            }),
        ),
        fault(
            "a conversation has a name",
            "history/own_rooms",
            rest!(
                "GET /api/conversations",
                |_status, _headers, body| if let Some(rooms) = body["data"].as_array_mut() {
                    for room in rooms {
                        room["name"] = json!("Talk")
                    }
                }
            ),
        ),
        fault(
            "stats count too many",
            "history/stats",
            rest!("GET /api/stats", |_status, _headers, body| for count in
                body["data"]["channels"].as_object_mut().into_iter().flatten()
            {
                *count.1 = json!(count.1.as_i64().unwrap() + 1)
            }),
        ),
        fault(
            "stats show all rooms",
            "history/stats",
            rest!("GET /api/stats", |_status, _headers, body| if body["data"]["channels"] == json!({}) {
                body["data"]["channels"] = json!({ "stats.general": 2 })
            }),
        ),
        fault(
            "everybody is an administrator",
            "history/administration",
            rest!("PUT /api/admin", |status, _headers, body| if *status == 403 {
                *status = StatusCode::OK;
                *body = json!({ "data": { "id": "x", "name": "x", "members": [] } });
            }),
        ),
        fault(
            "readiness is refused",
            "health/",
            rest!("GET /readyz", |status, _headers, _body| *status = StatusCode::SERVICE_UNAVAILABLE),
        ),
    ]
}
