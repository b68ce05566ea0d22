//! The faults, by name.

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::{packet::Packet, proxy::Break};

/// A fault.
pub struct Fault {
    /// What is wrong.
    pub name: &'static str,
    /// The cases that are tried: those whose names contain this.
    pub filter: &'static str,
    /// The rule that it breaks.
    pub rule: Break,
}

fn fault(name: &'static str, filter: &'static str, rule: Break) -> Fault {
    Fault { name, filter, rule }
}

/// The packets that are sent instead of one, each after so many milliseconds.
pub type Sent = Vec<(u64, Packet)>;

/// Breaks nothing.
pub fn as_is(packet: Packet) -> Sent {
    vec![(0, packet)]
}

/// What becomes of the events of one name.
macro_rules! event {
    ($event:literal, |$data:ident| $change:expr) => {
        Break::Packet(|packet| match packet {
            Packet::Event { name, data } if name == $event => {
                #[allow(unused_mut, reason = "not every change changes the data")]
                let mut $data = data;
                $change
            }
            other => as_is(other),
        })
    };
}

/// Changes what the events of one name carry.
macro_rules! data {
    ($event:literal, |$data:ident| $change:expr) => {
        event!($event, |$data| {
            $change;
            vec![(0, Packet::Event { name: $event.to_owned(), data: $data })]
        })
    };
}

macro_rules! drop_event {
    ($event:literal) => {
        event!($event, |_data| vec![])
    };
}

macro_rules! double {
    ($event:literal) => {
        event!($event, |data| {
            let packet = Packet::Event { name: $event.to_owned(), data };
            vec![(0, packet.clone()), (0, packet)]
        })
    };
}

macro_rules! rename {
    ($event:literal, $other:literal) => {
        event!($event, |data| vec![(0, Packet::Event { name: $other.to_owned(), data })])
    };
}

macro_rules! delay {
    ($event:literal) => {
        event!($event, |data| vec![(60, Packet::Event { name: $event.to_owned(), data })])
    };
}

/// Changes acknowledgements.
macro_rules! ack {
    (|$answer:ident| $change:expr) => {
        Break::Packet(|packet| match packet {
            Packet::Ack { id, answer } => {
                let mut $answer = answer;
                $change;
                vec![(0, Packet::Ack { id, answer: $answer })]
            }
            other => as_is(other),
        })
    };
}

/// Changes the errors in error events and acknowledgements that have this message.
macro_rules! error {
    ($message:literal, |$error:ident| $change:expr) => {
        Break::Packet(|mut packet| {
            let place = match &mut packet {
                Packet::Event { name, data } if name == "error" => Some(data),
                Packet::Ack { answer, .. } => answer.get_mut("error"),
                _ => None,
            };
            if let Some($error) = place
                && $error["message"] == $message
            {
                $change;
            }
            as_is(packet)
        })
    };
}

macro_rules! rest {
    ($method_and_path:literal, |$status:ident, $headers:ident, $body:ident| $change:expr) => {
        Break::Rest(|target, $status, $headers, $body| {
            let _: (&mut StatusCode, &mut HeaderMap, &mut Value) = (&mut *$status, &mut *$headers, &mut *$body);
            if target.starts_with($method_and_path) {
                $change;
            }
        })
    };
}

fn remove(value: &mut Value, key: &str) {
    if let Some(members) = value.as_object_mut() {
        members.remove(key);
    }
}

fn swap(value: &mut Value, a: &str, b: &str) {
    let kept = value[a].clone();
    value[a] = value[b].clone();
    value[b] = kept;
}

#[expect(clippy::too_many_lines, reason = "a list reads best in one piece")]
/// All faults.
pub fn faults() -> Vec<Fault> {
    let mut all = vec![
        fault("new_message is renamed", "messages/send", rename!("new_message", "message")),
        fault("left_channel is renamed", "rooms/leave", rename!("left_channel", "channel_left")),
        fault("conversation_joined is renamed", "rooms/join", rename!("conversation_joined", "joined_conversation")),
        fault("direct_message_edited is renamed", "messages/edit", rename!("direct_message_edited", "message_edited")),
        fault("authenticated is renamed", "connection/", rename!("authenticated", "authorized")),
        fault("authenticated is not sent", "connection/", drop_event!("authenticated")),
        fault("joined_channel is not sent", "rooms/join", drop_event!("joined_channel")),
        fault("left_channel is not sent", "rooms/leave", drop_event!("left_channel")),
        fault("conversation_joined is not sent", "rooms/join", drop_event!("conversation_joined")),
        fault("conversation_left is not sent", "rooms/leave", drop_event!("conversation_left")),
        fault("pong is not sent", "health/", drop_event!("pong")),
        fault("error is not sent", "health/", drop_event!("error")),
        fault("new_message is not sent", "messages/send", drop_event!("new_message")),
        fault("message_edited is not sent", "messages/edit", drop_event!("message_edited")),
        fault("message_deleted is not sent", "messages/delete", drop_event!("message_deleted")),
        fault("message_forwarded is not sent", "messages/forward", drop_event!("message_forwarded")),
        fault("reaction_added is not sent", "reactions/", drop_event!("reaction_added")),
        fault("reaction_removed is not sent", "reactions/", drop_event!("reaction_removed")),
        fault("new_direct_message is not sent", "messages/send", drop_event!("new_direct_message")),
        fault("direct_message_edited is not sent", "messages/edit", drop_event!("direct_message_edited")),
        fault("direct_message_deleted is not sent", "messages/delete", drop_event!("direct_message_deleted")),
        fault("direct_reaction_added is not sent", "reactions/", drop_event!("direct_reaction_added")),
        fault("direct_reaction_removed is not sent", "reactions/", drop_event!("direct_reaction_removed")),
        fault("new_message is sent twice", "messages/send", double!("new_message")),
        fault("message_edited is sent twice", "messages/edit", double!("message_edited")),
        fault("reaction_added is sent twice", "reactions/", double!("reaction_added")),
        fault("direct_message_deleted is sent twice", "messages/delete", double!("direct_message_deleted")),
        fault("error is sent twice", "health/", double!("error")),
        fault("pong is sent twice", "health/", double!("pong")),
        fault("joined_channel is sent twice", "rooms/join", double!("joined_channel")),
        fault("authenticated is sent twice", "connection/", double!("authenticated")),
        fault("message_forwarded is sent twice", "messages/forward", double!("message_forwarded")),
        fault("new_message comes late", "messages/order", delay!("new_message")),
        fault("message_edited comes late", "messages/order", delay!("message_edited")),
        fault("direct_reaction_added comes late", "messages/order", delay!("direct_reaction_added")),
        fault(
            "new_message comes a second time, late",
            "messages/send",
            event!("new_message", |data| {
                let packet = Packet::Event { name: "new_message".to_owned(), data };
                vec![(0, packet.clone()), (70, packet)]
            }),
        ),
        fault("new_message goes to everybody", "rooms/", Break::Leak("new_message")),
        fault("new_direct_message goes to everybody", "rooms/", Break::Leak("new_direct_message")),
        fault("message_edited goes to everybody", "messages/edit", Break::Leak("message_edited")),
        fault("reaction_added goes to everybody", "reactions/", Break::Leak("reaction_added")),
        fault("joined_channel goes to everybody", "rooms/", Break::Leak("joined_channel")),
        fault("error goes to everybody", "errors_do_not_disconnect", Break::Leak("error")),
        fault("new_message does not go to its sender", "messages/send", Break::NotToSender("new_message")),
        fault(
            "new_direct_message does not go to its sender",
            "messages/send",
            Break::NotToSender("new_direct_message"),
        ),
        fault("a message has no replyTo", "messages/send", data!("new_message", |data| remove(&mut data, "replyTo"))),
        fault(
            "a message has no attachments",
            "messages/send",
            data!("new_message", |data| remove(&mut data, "attachments")),
        ),
        fault(
            "a message's attachments are null",
            "messages/send",
            data!("new_message", |data| data["attachments"] = Value::Null),
        ),
        fault(
            "a message's user has no image",
            "messages/send",
            data!("new_message", |data| remove(&mut data["user"], "image")),
        ),
        fault(
            "a message's user is another",
            "messages/send",
            data!("new_message", |data| data["user"]["name"] = json!("Mallory")),
        ),
        fault(
            "a message's userId and channelId are swapped",
            "messages/send",
            data!("new_message", |data| swap(&mut data, "userId", "channelId")),
        ),
        fault(
            "a message's createdAt is a number",
            "messages/send",
            data!("new_message", |data| data["createdAt"] = json!(1_769_851_800_000_i64)),
        ),
        fault(
            "a message's createdAt has no milliseconds",
            "messages/send",
            data!("new_message", |data| data["createdAt"] = json!("2026-01-31T09:30:00Z")),
        ),
        fault(
            "an edit has no updatedAt",
            "messages/edit",
            data!("message_edited", |data| remove(&mut data, "updatedAt")),
        ),
        fault(
            "an edit has no channelId",
            "messages/edit",
            data!("message_edited", |data| remove(&mut data, "channelId")),
        ),
        fault(
            "an edit carries other text",
            "messages/edit",
            data!("message_edited", |data| data["content"] = json!("other")),
        ),
        fault(
            "a deletion names another message",
            "messages/delete",
            data!("message_deleted", |data| data["messageId"] = data["channelId"].clone()),
        ),
        fault("a reaction has no user", "reactions/", data!("reaction_added", |data| remove(&mut data, "user"))),
        fault(
            "a reaction's emoji is another",
            "reactions/",
            data!("reaction_added", |data| data["emoji"] = json!("👎")),
        ),
        fault(
            "a removed reaction has no userId",
            "reactions/",
            data!("reaction_removed", |data| remove(&mut data, "userId")),
        ),
        fault(
            "a forward's messages are swapped",
            "messages/forward",
            data!("message_forwarded", |data| swap(&mut data, "originalMessage", "message")),
        ),
        fault(
            "a forward has no forwardedBy",
            "messages/forward",
            data!("message_forwarded", |data| remove(&mut data, "forwardedBy")),
        ),
        fault(
            "pong's timestamp is text",
            "health/",
            data!("pong", |data| data["timestamp"] = json!(data["timestamp"].to_string())),
        ),
        fault(
            "pong's timestamp is in seconds",
            "health/",
            data!("pong", |data| data["timestamp"] = json!(data["timestamp"].as_i64().unwrap() / 1000)),
        ),
        fault(
            "authenticated has no protocol",
            "connection/",
            data!("authenticated", |data| remove(&mut data, "protocol")),
        ),
        fault(
            "authenticated's protocol version is a number",
            "connection/",
            data!("authenticated", |data| data["protocol"]["version"] = json!(1)),
        ),
        fault(
            "authenticated names another user",
            "connection/",
            data!("authenticated", |data| data["userId"] = json!("mallory")),
        ),
        fault(
            "joined_channel names another channel",
            "rooms/join",
            data!("joined_channel", |data| data["channelId"] = json!("other")),
        ),
        fault(
            "access_denied has another code",
            "rooms/join_denied",
            error!("Access denied to channel", |error| error["code"] = json!("forbidden")),
        ),
        fault(
            "access denied has another message",
            "rooms/join_denied",
            error!("Access denied to conversation", |error| error["message"] = json!("Access denied to channel")),
        ),
        fault(
            "not found has another message",
            "messages/edit",
            error!("Message not found", |error| error["message"] = json!("No such message")),
        ),
        fault(
            "editing others' is not found",
            "messages/edit",
            error!("You can only edit your own messages", |error| {
                error["code"] = json!("not_found");
                error["message"] = json!("Message not found");
            }),
        ),
        fault(
            "reply_not_found has the code not_found",
            "messages/reply",
            error!("Original message not found or has been deleted", |error| error["code"] = json!("not_found")),
        ),
        fault(
            "invalid data has no details",
            "schema/send_message/content",
            error!("Invalid message data", |error| remove(error, "details")),
        ),
        fault(
            "only the first violation is named",
            "payload",
            error!("Invalid message data", |error| {
                if let Some(details) = error["details"].as_array_mut() {
                    details.truncate(1);
                }
            }),
        ),
        fault(
            "violations have no slash",
            "schema/send_message/content",
            error!("Invalid message data", |error| {
                for detail in error["details"].as_array_mut().into_iter().flatten() {
                    detail["path"] = json!(detail["path"].as_str().unwrap_or_default().trim_start_matches('/'));
                }
            }),
        ),
        fault(
            "an error event does not name its event",
            "health/",
            error!("Unknown event", |error| remove(error, "event")),
        ),
        fault(
            "a limit has no retryAfterMs",
            "limit",
            error!("Rate limit exceeded. Please slow down.", |error| remove(error, "retryAfterMs")),
        ),
        fault(
            "an expired token has the code auth_failed",
            "token_expires",
            error!("Authentication failed", |error| error["code"] = json!("auth_failed")),
        ),
        fault(
            "acknowledgements are lost",
            "messages/send",
            Break::Packet(|packet| match packet {
                Packet::Ack { .. } => vec![],
                other => as_is(other),
            }),
        ),
        fault(
            "acknowledgements come twice",
            "messages/send",
            Break::Packet(|packet| match packet {
                Packet::Ack { .. } => vec![(0, packet.clone()), (0, packet)],
                other => as_is(other),
            }),
        ),
        fault(
            "a failure is acknowledged and emitted",
            "messages/edit_refused",
            Break::Packet(|packet| match &packet {
                Packet::Ack { answer, .. } if answer["ok"] == false => {
                    let error = Packet::Event { name: "error".to_owned(), data: answer["error"].clone() };
                    vec![(0, packet), (0, error)]
                }
                _ => as_is(packet),
            }),
        ),
        fault("ok is text", "messages/send", ack!(|answer| answer["ok"] = json!("true"))),
        fault(
            "acknowledgements carry the data bare",
            "messages/send",
            ack!(|answer| if answer["ok"] == true {
                answer = answer["data"].clone()
            }),
        ),
        fault("acknowledgements have no data", "messages/send", ack!(|answer| remove(&mut answer, "data"))),
        fault(
            "an acknowledged message is another",
            "messages/send",
            ack!(|answer| if answer["data"]["content"].is_string() {
                answer["data"]["content"] = json!("other")
            }),
        ),
        fault(
            "editing others' messages is allowed",
            "messages/edit_refused",
            ack!(|answer| if answer["error"]["code"] == "forbidden" {
                answer = json!({ "ok": true, "data": {} })
            }),
        ),
        fault(
            "joining others' rooms is allowed",
            "rooms/join_denied",
            ack!(|answer| if answer["error"]["code"] == "access_denied" {
                answer = json!({ "ok": true, "data": { "channelId": "x" } })
            }),
        ),
        fault(
            "unknown events are ignored",
            "health/",
            Break::Packet(|packet| match &packet {
                Packet::Event { name, data } if name == "error" && data["code"] == "unknown_event" => vec![],
                Packet::Ack { answer, .. } if answer["error"]["code"] == "unknown_event" => vec![],
                _ => as_is(packet),
            }),
        ),
        fault(
            "leaving does not happen",
            "rooms/leave",
            Break::Sent(|text| (!text.contains("[\"leave_")).then_some(text)),
        ),
        fault(
            "edits are not stored",
            "messages/edit",
            Break::Sent(|text| Some(text.replace("\"content\":\"First!\"", "\"content\":\"First?\""))),
        ),
        fault(
            "replyToId is dropped",
            "messages/reply",
            Break::Sent(|text| Some(text.replace("\"replyToId\":", "\"ignored\":"))),
        ),
        fault(
            "attachments are dropped",
            "uploads/",
            Break::Sent(|text| Some(text.replace("\"attachments\":[{", "\"ignored\":[{"))),
        ),
    ];
    all.extend([
        fault("over polling, new_message is not sent", "messages/send[channel, polling", drop_event!("new_message")),
        fault(
            "over polling, reaction_added is sent twice",
            "reactions/react[channel, polling",
            double!("reaction_added"),
        ),
        fault(
            "over polling, left_channel is renamed",
            "rooms/leave[channel, polling",
            rename!("left_channel", "channel_left"),
        ),
        fault(
            "over polling, an edit carries other text",
            "messages/edit[channel, polling",
            data!("message_edited", |data| data["content"] = json!("other")),
        ),
        fault(
            "over polling, authenticated names another user",
            "connection/connect_with_auth_object[polling",
            data!("authenticated", |data| data["userId"] = json!("mallory")),
        ),
        fault(
            "over polling, access denied has another code",
            "rooms/join_denied[channel, polling",
            error!("Access denied to channel", |error| error["code"] = json!("forbidden")),
        ),
        fault(
            "over polling, acknowledgements are lost",
            "messages/send[conversation, polling",
            Break::Packet(|packet| match packet {
                Packet::Ack { .. } => vec![],
                other => as_is(other),
            }),
        ),
        fault("at random, message_deleted is not sent", "fuzz/", drop_event!("message_deleted")),
        fault("at random, reaction_removed is sent twice", "fuzz/", double!("reaction_removed")),
        fault(
            "at random, a forward names another original",
            "fuzz/",
            data!("message_forwarded", |data| data["originalMessage"]["content"] = json!("other")),
        ),
        fault("at random, an edit goes to everybody", "fuzz/", Break::Leak("direct_message_edited")),
        fault(
            "at random, history has the parents of replies without their text",
            "fuzz/",
            rest!("GET /api/messages", |_status, _headers, body| for message in
                body["data"]["messages"].as_array_mut().into_iter().flatten()
            {
                if message["replyTo"].is_object() {
                    message["replyTo"]["content"] = json!("")
                }
            }),
        ),
    ]);
    all.extend([
        fault("history is 201", "history/", rest!("GET /api/messages", |status, _headers, _body| if *status == 200 { *status = StatusCode::CREATED })),
        fault("history is oldest first", "history/", rest!("GET /api/messages", |_status, _headers, body| if let Some(messages) = body["data"]["messages"].as_array_mut() { messages.reverse() })),
        fault("history's total is one more", "history/", rest!("GET /api/messages", |_status, _headers, body| if let Some(total) = body["data"]["pagination"]["total"].as_i64() { body["data"]["pagination"]["total"] = json!(total + 1) })),
        fault("history's pages are rounded down", "history/pages", rest!("GET /api/messages", |_status, _headers, body| if let (Some(total), Some(limit)) = (body["data"]["pagination"]["total"].as_i64(), body["data"]["pagination"]["limit"].as_i64()) { body["data"]["pagination"]["pages"] = json!(total / limit) })),
        fault("history's page counts from 0", "history/pages", rest!("GET /api/conversations/", |_status, _headers, body| if let Some(page) = body["data"]["pagination"]["page"].as_i64() { body["data"]["pagination"]["page"] = json!(page - 1) })),
        fault("history has no nextCursor", "history/", rest!("GET /api/messages", |_status, _headers, body| remove(&mut body["data"], "nextCursor"))),
        fault("history always has a nextCursor", "history/pages", rest!("GET /api/messages", |_status, _headers, body| if body["data"].is_object() { body["data"]["nextCursor"] = json!("x") })),
        fault("history without its envelope", "history/", rest!("GET /api/messages", |_status, _headers, body| if body["data"].is_object() { *body = body["data"].clone() })),
        fault("history of others is 404", "history/", rest!("GET /api/messages", |status, _headers, _body| if *status == 403 { *status = StatusCode::NOT_FOUND })),
        fault("history of others is empty", "history/", rest!("GET /api/conversations/", |status, _headers, body| if *status == 403 {
            *status = StatusCode::OK;
            *body = json!({ "data": { "messages": [], "pagination": { "page": 1, "limit": 50, "total": 0, "pages": 0 }, "nextCursor": null } });
        })),
        fault("history has no reactions", "reactions/", rest!("GET /api/messages", |_status, _headers, body| for message in body["data"]["messages"].as_array_mut().into_iter().flatten() { message["reactions"] = json!([]) })),
        fault("history shows deleted parents", "messages/reply", rest!("GET /api/messages", |_status, _headers, body| for message in body["data"]["messages"].as_array_mut().into_iter().flatten() { if message["replyTo"].is_null() && message["replyToId"].is_string() { message["replyTo"] = message["user"].clone() } })),
        fault("a refused token is 403", "history/", rest!("GET /api/", |status, _headers, _body| if *status == 401 { *status = StatusCode::FORBIDDEN })),
        fault("an upload is 200", "uploads/", rest!("POST /api/upload", |status, _headers, _body| if *status == 201 { *status = StatusCode::OK })),
        fault("an upload's size is another", "uploads/", rest!("POST /api/upload", |_status, _headers, body| if body["data"]["size"].is_i64() { body["data"]["size"] = json!(1) })),
        fault("an upload's type keeps its parameters", "uploads/", rest!("POST /api/upload", |_status, _headers, body| if body["data"]["mimeType"] == "text/plain" { body["data"]["mimeType"] = json!("text/plain; charset=utf-8") })),
        fault("an upload's names are swapped", "uploads/", rest!("POST /api/upload", |_status, _headers, body| if body["data"].is_object() { swap(&mut body["data"], "filename", "originalName") })),
        fault("a file that is too large is 400", "uploads/", rest!("POST /api/upload", |status, _headers, _body| if *status == 413 { *status = StatusCode::BAD_REQUEST })),
        fault("an unsupported type is taken", "uploads/", rest!("POST /api/upload", |status, _headers, body| if *status == 415 {
            *status = StatusCode::CREATED;
            *body = json!({ "data": { "id": "x", "filename": "x", "originalName": "x", "mimeType": "text/html", "size": 1, "url": "/x", "createdAt": "2026-01-31T09:30:00.000Z" } });
        })),
        fault("files have no nosniff", "uploads/", rest!("GET /files/", |_status, headers, _body| { headers.remove("x-content-type-options"); })),
        fault("files are shown inline", "uploads/", rest!("GET /files/", |_status, headers, _body| { headers.insert("content-disposition", HeaderValue::from_static("inline")); })),
        fault("files have no content security policy", "uploads/", rest!("GET /files/", |_status, headers, _body| { headers.remove("content-security-policy"); })),
        fault("rooms list no members", "history/own_rooms", rest!("GET /api/channels", |_status, _headers, body| for room in body["data"].as_array_mut().into_iter().flatten() { room["members"] = json!([]) })),
        fault("a conversation has a name", "history/own_rooms", rest!("GET /api/conversations", |_status, _headers, body| if let Some(rooms) = body["data"].as_array_mut() { for room in rooms { room["name"] = json!("Talk") } })),
        fault("stats count too many", "history/stats", rest!("GET /api/stats", |_status, _headers, body| for count in body["data"]["channels"].as_object_mut().into_iter().flatten() { *count.1 = json!(count.1.as_i64().unwrap() + 1) })),
        fault("stats show all rooms", "history/stats", rest!("GET /api/stats", |_status, _headers, body| if body["data"]["channels"] == json!({}) { body["data"]["channels"] = json!({ "stats.general": 2 }) })),
        fault("everybody is an administrator", "history/administration", rest!("PUT /api/admin", |status, _headers, body| if *status == 403 {
            *status = StatusCode::OK;
            *body = json!({ "data": { "id": "x", "name": "x", "members": [] } });
        })),
        fault("readiness is refused", "health/", rest!("GET /readyz", |status, _headers, _body| *status = StatusCode::SERVICE_UNAVAILABLE)),
    ]);
    all
}
