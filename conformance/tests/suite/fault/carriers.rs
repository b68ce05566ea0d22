//! Faults over polling, and in random sequences.

use serde_json::json;

use super::{Fault, as_is, fault};
use crate::{packet::Packet, proxy::Break};

pub fn faults() -> Vec<Fault> {
    vec![
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
    ]
}
