//! Faults in events: renamed, lost, doubled, late, sent to the wrong sockets, with a wrong payload.

use serde_json::{Value, json};

use super::{Fault, fault, remove, swap};
use crate::{packet::Packet, proxy::Break};

pub fn faults() -> Vec<Fault> {
    [names(), times(), receivers(), messages(), changes(), connections()].into_iter().flatten().collect()
}

/// Events that have another name, or do not come.
fn names() -> Vec<Fault> {
    vec![
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
    ]
}

/// Events that come twice, or late.
fn times() -> Vec<Fault> {
    vec![
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
    ]
}

/// Events that go to the wrong sockets.
fn receivers() -> Vec<Fault> {
    vec![
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
    ]
}

/// Mistakes in events of new messages.
fn messages() -> Vec<Fault> {
    vec![
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
    ]
}

/// Mistakes in events of changed messages.
fn changes() -> Vec<Fault> {
    vec![
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
    ]
}

/// Mistakes in the events of a connection.
fn connections() -> Vec<Fault> {
    vec![
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
    ]
}
