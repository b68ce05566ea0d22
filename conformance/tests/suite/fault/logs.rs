//! Mistakes in the logs of rooms: entries that are lost, doubled, reordered, off by one or forgotten.

use serde_json::{Value, json};

use super::{Fault, fault, pass};
use crate::{
    packet::Packet,
    proxy::{Break, Delivery, Memory, Told},
};

pub fn faults() -> Vec<Fault> {
    [entries(), numbers(), positions(), at_random()].into_iter().flatten().collect()
}

/// Entries that are lost, that come twice or in another order.
fn entries() -> Vec<Fault> {
    let live = "messages/order[channel, websocket]";
    let replay = "catching_up/catch_up[channel, websocket]";
    vec![
        fault("an entry is lost", live, LOST).says("is lost, late"),
        fault("an entry is lost in a replay", replay, LOST_IN_REPLAY).says("expected `new_message`"),
        fault(
            "an entry comes twice",
            live,
            log!(|_, to, told, packet| match told {
                Told::Live(2) => [pass(to, packet.clone()), pass(to, packet)].into_iter().flatten().collect(),
                _ => pass(to, packet),
            }),
        )
        .says("comes a second time"),
        fault(
            "what was replayed comes again as if it were new",
            replay,
            log!(|memory, to, told, packet| {
                if matches!(told, Told::Replayed(_)) {
                    memory.held = vec![packet.clone()];
                }
                let again = (told == Told::CaughtUp).then(|| memory.held.pop()).flatten();
                [packet].into_iter().chain(again).map(|packet| Delivery::Client(to, packet)).collect()
            }),
        )
        .says("comes a second time"),
        fault(
            "two entries change places",
            live,
            log!(|memory, to, told, packet| swapped(memory, to, packet, told == Told::Live(2), told == Told::Live(3))),
        )
        .says("is lost, late"),
        fault(
            "two entries change places in a replay",
            replay,
            log!(|memory, to, told, packet| {
                swapped(memory, to, packet, told == Told::Replayed(1), told == Told::Replayed(2))
            }),
        )
        .says("too late"),
        fault("an entry is another one for some", "messages/order[channel, websocket]", DIFFERS)
            .says("another one than somebody else was sent"),
        fault("there is no end of a replay", replay, drop_event!("caught_up")).says("expected `caught_up`"),
    ]
}

/// Holds a packet back until after another.
fn swapped(memory: &mut Memory, to: u64, packet: Packet, first: bool, second: bool) -> Vec<Delivery> {
    if first && memory.held.is_empty() {
        memory.held.push(packet);
        return Vec::new();
    }
    let held = if second { memory.held.pop() } else { None };
    [packet].into_iter().chain(held).map(|packet| Delivery::Client(to, packet)).collect()
}

const LOST: Break = log!(|_, to, told, packet| if told == Told::Live(2) { Vec::new() } else { pass(to, packet) });
const LOST_IN_REPLAY: Break =
    log!(|_, to, told, packet| if told == Told::Replayed(2) { Vec::new() } else { pass(to, packet) });
/// The second connection that is sent an edit is sent another.
const DIFFERS: Break = log!(|memory, to, _, mut packet| {
    if let Packet::Event { name, data } = &mut packet
        && name == "message_edited"
    {
        memory.held.push(Packet::Other(String::new()));
        if memory.held.len() == 2 {
            data["content"] = json!("another");
        }
    }
    pass(to, packet)
});

/// Adds to a number.
fn add(number: &mut Value, more: i64) {
    if let Some(number_then) = number.as_i64() {
        *number = json!((number_then + more).max(0));
    }
}

/// Entries and acknowledgements with a wrong number.
fn numbers() -> Vec<Fault> {
    vec![
        fault("an acknowledgement has the next number", "catching_up/every_entry[channel]", NEXT_IN_ACK).says("/seq"),
        fault(
            "an acknowledgement has no number",
            "catching_up/every_entry[conversation]",
            ack!(|answer| if let Some(data) = answer["data"].as_object_mut() {
                data.remove("seq");
            }),
        )
        .says("has no `seq`"),
        fault(
            "an entry has the next number",
            "messages/order[channel, websocket]",
            told!(Told::Live(_), |data| add(&mut data["seq"], 1)),
        )
        .says("has a wrong number"),
        fault(
            "numbers begin at 0",
            "messages/order[channel, websocket]",
            told!(Told::Live(_), |data| add(&mut data["seq"], -1)),
        )
        .says("with a wrong number"),
        fault("where nothing changes, an acknowledgement has the number of the change", "catching_up/no_entry", FIRST)
            .says("/seq"),
    ]
}

const NEXT_IN_ACK: Break = ack!(|answer| if let Some(seq) = answer.pointer_mut("/data/seq") {
    add(seq, 1);
});

/// Every reaction is acknowledged with the number that the first one had.
const FIRST: Break = log!(|memory, to, _, mut packet| {
    if let Packet::Ack { answer, .. } = &mut packet
        && answer["data"]["emoji"].is_string()
    {
        let first = memory.sent.entry("reaction".to_owned()).or_insert_with(|| answer["data"]["seq"].clone());
        answer["data"]["seq"] = first.clone();
    }
    pass(to, packet)
});

/// Positions that are off by one, or have a wrong epoch.
fn positions() -> Vec<Fault> {
    vec![
        fault(
            "a replay ends at the next position",
            "catching_up/catch_up[channel, websocket]",
            told!(Told::CaughtUp, |data| add(&mut data["position"]["seq"], 1)),
        )
        .says("at /position"),
        fault(
            "a replay ends at the position before",
            "catching_up/catch_up[channel, websocket]",
            told!(Told::CaughtUp, |data| add(&mut data["position"]["seq"], -1)),
        )
        .says("before entry"),
        fault(
            "a room is joined at the next position",
            "messages/order[channel, websocket]",
            told!(Told::Joined, |data| add(&mut data["position"]["seq"], 1)),
        )
        .says("with a wrong number"),
        fault("a log goes back", "catching_up/nothing_missed", EARLIER).says("the log has gone back"),
        fault(
            "a join is acknowledged with the next position",
            "catching_up/catch_up[channel, websocket]",
            ack!(|answer| if let Some(seq) = answer.pointer_mut("/data/position/seq") {
                add(seq, 1);
            }),
        )
        .says("at /position"),
        fault("history has the next position", "catching_up/nothing_missed", NEXT_IN_HISTORY)
            .says("Missed events are no longer available"),
        fault(
            "history has the position before",
            "catching_up/every_entry[channel]",
            rest!("GET /api/messages", |_status, _headers, body| add(&mut body["data"]["position"]["seq"], -1)),
        )
        .says("the log has gone back"),
        fault("the epoch changes, and positions are kept", "catching_up/catch_up[channel, websocket]", OTHER_EPOCH)
            .says("its position is lost"),
        fault("`since` is ignored", "catching_up/catch_up[channel, websocket]", SINCE_IGNORED)
            .says("it has not been sent all that it missed"),
        fault(
            "a replay is empty",
            "catching_up/catch_up[channel, websocket]",
            log!(|_, to, told, packet| match told {
                Told::Replayed(_) => Vec::new(),
                _ => pass(to, packet),
            }),
        )
        .says("expected `new_message`"),
        fault("a lost position is joined from", "catching_up/position_lost[channel, acknowledged]", SINCE_IGNORED)
            .says("its position is lost"),
        fault(
            "where a position is lost, the room is joined nonetheless",
            "catching_up/position_lost[channel, acknowledged]",
            JOINED,
        )
        .says("which this socket has not joined"),
    ]
}

/// Joins get the previous position, both in their events and in their acknowledgements.
const EARLIER: Break = log!(|_, to, _, mut packet| {
    if let Some(seq) = packet.data_mut().and_then(|data| data.pointer_mut("/position/seq")) {
        add(seq, -1);
    }
    pass(to, packet)
});

const NEXT_IN_HISTORY: Break =
    rest!("GET /api/messages", |_status, _headers, body| add(&mut body["data"]["position"]["seq"], 1));

const SINCE_IGNORED: Break = Break::Log {
    up: |_, text| Some(text.replace("\"since\":", "\"ignored\":")),
    down: |_, to, _, packet| pass(to, packet),
};

/// Each join shows a different epoch, and accepts those of earlier joins.
const OTHER_EPOCH: Break = Break::Log {
    up: |_, text| {
        Some(match text.split_once("~") {
            Some((before, after)) => {
                format!("{before}{}", after.trim_start_matches(|digit: char| digit.is_ascii_digit()))
            }
            None => text,
        })
    },
    down: |memory, to, told, mut packet| {
        if told == Told::Joined {
            memory.held.push(Packet::Other(String::new()));
        }
        let joins = memory.held.len();
        if let Some(epoch) = packet.data_mut().and_then(|data| data.pointer_mut("/position/epoch")) {
            *epoch = json!(format!("{}~{joins}", epoch.as_str().unwrap_or_default()));
        }
        pass(to, packet)
    },
};

/// At the second join with a lost position, joins the room without an error.
const JOINED: Break = log!(|memory, to, told, packet| {
    let error = match &packet {
        Packet::Ack { answer, .. } => &answer["error"],
        Packet::Event { data, .. } => data,
        Packet::Other(_) => &Value::Null,
    };
    if error["code"] == "position_lost" {
        memory.held.push(packet.clone());
        if memory.held.len() == 2 {
            let join = json!(["join_channel", { "channelId": error["channelId"] }]);
            return vec![Delivery::Client(to, packet), Delivery::Server(format!("42{join}"))];
        }
    }
    if told == Told::Joined && memory.held.len() == 2 {
        memory.held.clear();
        return Vec::new();
    }
    pass(to, packet)
});

/// The same in random sequences.
fn at_random() -> Vec<Fault> {
    vec![
        fault("at random, an entry is lost", "fuzz/", LOST),
        fault("at random, an entry is lost in a replay", "fuzz/", LOST_IN_REPLAY),
        fault("at random, an acknowledgement has the next number", "fuzz/", NEXT_IN_ACK),
        fault("at random, history has the next position", "fuzz/", NEXT_IN_HISTORY).says("/position"),
        fault("at random, the epoch changes, and positions are kept", "fuzz/", OTHER_EPOCH),
        fault("at random, `since` is ignored", "fuzz/", SINCE_IGNORED),
    ]
}
