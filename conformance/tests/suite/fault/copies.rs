//! Messages that lack some of their keys inside other messages or in history.

use serde_json::{Value, json};

use super::{Fault, fault};

pub fn faults() -> Vec<Fault> {
    let parent = "messages/all_of_a_parent[channel]";
    let forward = "messages/all_of_a_forward";
    vec![
        fault("a parent has the time of its first text", parent, {
            data!("new_message", |data| first_time(&mut data["replyTo"]))
        }),
        fault("a parent has no attachments", parent, {
            data!("new_message", |data| without(&mut data["replyTo"], "attachments", json!([])))
        }),
        fault("a parent has no parent's id", parent, {
            data!("new_message", |data| without(&mut data["replyTo"], "replyToId", Value::Null))
        }),
        fault("a parent has no clientId", parent, {
            data!("new_message", |data| without(&mut data["replyTo"], "clientId", Value::Null))
        }),
        fault("in history, a parent has no reactions", parent, {
            page!(|_, _, messages| for message in messages {
                without(&mut message["replyTo"], "reactions", json!([]));
            })
        }),
        fault("in history, a message has no clientId", parent, {
            page!(|_, _, messages| for message in messages {
                without(message, "clientId", Value::Null);
            })
        }),
        fault("in history, a message has the time of its first text", parent, {
            page!(|_, _, messages| for message in messages {
                first_time(message);
            })
        }),
        fault("a forward's original has the time of its first text", "messages/forward[", {
            data!("message_forwarded", |data| first_time(&mut data["originalMessage"]))
        }),
        fault("a forward's original has no reactions", "messages/forward[", {
            data!("message_forwarded", |data| without(&mut data["originalMessage"], "reactions", json!([])))
        }),
        fault("a forward's original has no parent's id", forward, {
            data!("message_forwarded", |data| without(&mut data["originalMessage"], "replyToId", Value::Null))
        }),
        fault("a forward's original has no attachments", forward, {
            data!("message_forwarded_to_direct", |data| without(&mut data["originalMessage"], "attachments", json!([])))
        }),
        fault("a forward's original has no clientId", forward, {
            data!("message_forwarded", |data| without(&mut data["originalMessage"], "clientId", Value::Null))
        }),
        fault("a forward has the clientId of its original", forward, {
            data!("message_forwarded", |data| data["message"]["clientId"] = data["originalMessage"]["clientId"].clone())
        }),
        fault("a forward has no attachments", forward, {
            data!("message_forwarded", |data| without(&mut data["message"], "attachments", json!([])))
        }),
    ]
}

fn first_time(message: &mut Value) {
    if message.is_object() {
        message["updatedAt"] = message["createdAt"].clone();
    }
}

/// Empties the value under a key of a message.
fn without(message: &mut Value, key: &str, nothing: Value) {
    if message.is_object() {
        message[key] = nothing;
    }
}
