//! Mistakes in errors and acknowledgements, and requests that are not carried out.

use serde_json::json;

use super::{Fault, as_is, fault, pass, remove};
use crate::{
    packet::Packet,
    proxy::{Break, Delivery},
};

pub fn faults() -> Vec<Fault> {
    [errors(), limits_and_tokens(), acknowledgements(), permissions(), rooms(), requests()]
        .into_iter()
        .flatten()
        .collect()
}

/// Errors: their codes, messages and details.
fn errors() -> Vec<Fault> {
    vec![
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
    ]
}

/// Exhausted limits and expired tokens.
fn limits_and_tokens() -> Vec<Fault> {
    vec![
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
            "events that fail are not limited",
            "recovery/rate_limit",
            error!("Rate limit exceeded. Please slow down.", |error| if error["event"] == "send_message" {
                let details = json!([{ "path": "/content", "message": "must not be empty" }]);
                let room = error["channelId"].clone();
                *error = json!({ "code": "invalid_payload", "message": "Invalid message data", "event": "send_message", "details": details, "channelId": room });
            }),
        )
        .says("events are taken now, and at most"),
        fault("a limit is half of what it should be", "recovery/rate_limit", HALVED)
            .says("that at least 60 events are taken"),
        fault(
            "a token that expires ends all sockets of its user",
            "connection/each_socket_has_its_own_token",
            ALL_EXPIRE,
        ),
        fault(
            "a socket whose token expires gets the disconnect packet",
            "token_expires",
            Break::Packet(|packet| match &packet {
                Packet::Event { name, data } if name == "error" && data["code"] == "token_expired" => {
                    vec![(0, packet), (0, Packet::Other("41".to_owned()))]
                }
                _ => as_is(packet),
            }),
        ),
    ]
}

/// Every answer to a ping but the first 30 is a refusal.
const HALVED: Break = log!(|memory, to, _, mut packet| {
    if let Packet::Ack { answer, .. } = &mut packet
        && answer["data"]["timestamp"].is_u64()
    {
        memory.held.push(Packet::Other(String::new()));
        if memory.held.len() > 30 {
            let error = json!({ "code": "rate_limited", "message": "Rate limit exceeded. Please slow down.", "event": "ping", "retryAfterMs": 50 });
            *answer = json!({ "ok": false, "error": error });
        }
    }
    pass(to, packet)
});

/// When a socket's token expires, the user's other sockets also receive the error, and are closed.
const ALL_EXPIRE: Break = log!(|memory, to, _, packet| {
    let expires = matches!(&packet, Packet::Event { name, data } if name == "error" && data["code"] == "token_expired");
    let user = memory.seats[&to].user.as_str();
    let others = memory.seats.iter().filter(|(other, seat)| expires && **other != to && seat.user == user);
    let told = others.flat_map(|(other, _)| {
        [packet.clone(), Packet::Other("1".to_owned())].map(|packet| Delivery::Client(*other, packet))
    });
    told.chain(pass(to, packet.clone())).collect()
});

/// Acknowledgements: how often they come, and in what form.
fn acknowledgements() -> Vec<Fault> {
    vec![
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
    ]
}

/// Missing checks of permissions.
fn permissions() -> Vec<Fault> {
    vec![
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
            "another user's token is taken",
            "connection/bad_token_handed_in",
            ack!(|answer| if answer["error"]["code"] == "auth_failed" {
                let renewal = json!({ "userId": "x", "expiresAt": "2026-01-31T09:30:00.000Z" });
                answer = json!({ "ok": true, "data": renewal })
            }),
        ),
        fault(
            "a connection ends with its first token",
            "connection/token_renewed",
            Break::Packet(|packet| match &packet {
                Packet::Ack { answer, .. } if answer["data"]["expiresAt"].is_string() => {
                    const FIRST_EXPIRES_MS: u64 = 5000;
                    vec![(0, packet), (FIRST_EXPIRES_MS, Packet::Other("41".to_owned()))]
                }
                _ => as_is(packet),
            }),
        ),
    ]
}

/// Errors that name their rooms.
fn rooms() -> Vec<Fault> {
    vec![
        fault(
            "an error does not name its room",
            "rooms/join_denied",
            error!("Access denied to channel", |error| remove(error, "channelId")),
        ),
        fault(
            "an error names another room",
            "rooms/join_denied",
            error!("Access denied to conversation", |error| error["conversationId"] = json!("other")),
        ),
    ]
}

/// Requests that are not carried out, or not wholly.
fn requests() -> Vec<Fault> {
    vec![
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
    ]
}
