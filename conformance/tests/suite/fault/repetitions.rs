//! Mistakes with messages that are sent again.

use serde_json::{Value, json};

use super::{Fault, fault, pass};
use crate::{
    packet::Packet,
    proxy::{Break, Delivery},
};

/// Messages that are sent again by an id that the client chose.
pub fn faults() -> Vec<Fault> {
    let send = "catching_up/send_once[channel]";
    vec![
        fault("a repetition is stored anew", send, STORED_ANEW).says("was sent again as"),
        fault("the repetition of a forward is stored anew", "catching_up/forward_once", STORED_ANEW)
            .says("was sent again as"),
        fault("other content is taken for a repetition", send, TAKEN_FOR_FIRST).says("idempotency_conflict"),
        fault(
            "a repetition is a conflict",
            send,
            log!(|memory, to, _, mut packet| {
                if let Packet::Ack { answer, .. } = &mut packet
                    && let Some(id) = answer["data"]["clientId"].as_str().map(ToOwned::to_owned)
                    && memory.sent.insert(id, answer.clone()).is_some()
                {
                    let error = json!({ "code": "idempotency_conflict", "message": "Already sent with other content" });
                    *answer = json!({ "ok": false, "error": error });
                }
                pass(to, packet)
            }),
        )
        .says("Already sent with other content"),
        fault(
            "a repetition is emitted again",
            send,
            log!(|memory, to, _, packet| {
                let mut sent = Vec::new();
                if let Packet::Ack { answer, .. } = &packet
                    && let Some(id) = answer["data"]["clientId"].as_str().map(ToOwned::to_owned)
                    && memory.sent.insert(id, answer.clone()).is_some()
                {
                    let room = answer["data"]["channelId"].as_str().unwrap_or_default();
                    let entry =
                        memory.entries.get(&(room.to_owned(), answer["data"]["seq"].as_u64().unwrap_or_default()));
                    let there = memory.seats.iter().filter(|(_, seat)| seat.rooms.contains(room));
                    sent.extend(there.filter_map(|(seat, _)| Some(Delivery::Client(*seat, entry?.clone()))));
                }
                sent.push(Delivery::Client(to, packet));
                sent
            }),
        )
        .says("comes a second time"),
        fault("at random, a repetition is stored anew", "fuzz/", STORED_ANEW),
        fault("at random, other content is taken for a repetition", "fuzz/", TAKEN_FOR_FIRST)
            .says("idempotency_conflict"),
    ]
}

/// The payload of a packet from the client that has an id that the client chose, with that.
fn sent_once(text: &str) -> Option<(String, Value)> {
    let arguments: Value = serde_json::from_str(&text[text.find('[')?..]).ok()?;
    Some((arguments[1]["clientId"].as_str()?.to_owned(), arguments))
}

/// A repetition has another id on its way to the server.
const STORED_ANEW: Break = Break::Log {
    up: |memory, text| {
        let known = sent_once(&text).is_some_and(|(id, payload)| memory.sent.insert(id, payload).is_some());
        Some(if known { text.replace("\"clientId\":\"", "\"clientId\":\"~") } else { text })
    },
    down: |_, to, _, packet| pass(to, Packet::read(&packet.write().replace("\"clientId\":\"~", "\"clientId\":\""))),
};

/// A repetition has the payload that was sent first.
const TAKEN_FOR_FIRST: Break = Break::Log {
    up: |memory, text| {
        let Some((id, payload)) = sent_once(&text) else { return Some(text) };
        let content = payload[1]["content"].clone();
        let first = memory.sent.entry(id).or_insert_with(|| content.clone());
        Some(text.replace(&format!("\"content\":{content}"), &format!("\"content\":{first}")))
    },
    down: |_, to, _, packet| pass(to, packet),
};
