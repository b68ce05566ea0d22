//! Rooms that lose something when they are set again.

use serde_json::json;

use super::{Fault, fault, pass};
use crate::{
    packet::Packet,
    proxy::{Break, Memory, Told},
};

pub fn faults() -> Vec<Fault> {
    let set = "rooms/a_room_is_set_again[channel]";
    vec![
        fault("a room that is set again loses its history", set, EMPTIED),
        fault("a room that is set again loses its reactions", set, UNREACTED),
        fault("a room that is set again loses its sockets", set, LEFT),
        fault("a room that is set again tells its members anew", set, double!("channel_added")),
        fault("a room that is set again keeps its former members", set, drop_event!("channel_removed")),
        fault("a room that is set again has its members twice", set, {
            rest!("GET /api/channels", |_status, _headers, body| if let Some(members) =
                body["data"][0]["members"].as_array_mut()
            {
                members.extend(members.first().cloned());
            })
        }),
    ]
}

/// Whether a channel has been set since its members joined.
fn is_set(memory: &mut Memory, target: &str) -> bool {
    if target.starts_with("PUT /api/admin/channels/") {
        memory.held.push(Packet::Other(target.to_owned()));
    }
    memory.held.len() > 1 && target.starts_with("GET /api/messages")
}

const EMPTIED: Break = Break::Rest(|memory, target, _, _, body| {
    if is_set(memory, target) && body["data"]["messages"].is_array() {
        body["data"]["messages"] = json!([]);
    }
});

const UNREACTED: Break = Break::Rest(|memory, target, _, _, body| {
    if is_set(memory, target) {
        for message in body["data"]["messages"].as_array_mut().into_iter().flatten() {
            message["reactions"] = json!([]);
        }
    }
});

/// No events follow a change of members.
const LEFT: Break = log!(|memory, to, told, packet| {
    let key = format!("left by {to}");
    let has_left = matches!(told, Told::Live(_)) && memory.sent.contains_key(&key);
    if matches!(&packet, Packet::Event { name, .. } if name == "member_removed") {
        memory.sent.insert(key, json!(true));
    }
    if has_left { Vec::new() } else { pass(to, packet) }
});
