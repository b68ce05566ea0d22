//! The memory of a proxy, for faults that span several packets.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use crate::packet::Packet;

/// The memory of a proxy about its connections and the logs of rooms.
#[derive(Default)]
pub struct Memory {
    pub seats: HashMap<u64, Seat>,
    /// By room and number, the entries that have come by.
    pub entries: HashMap<(String, u64), Packet>,
    /// By the id that the client chose, the message as first sent.
    pub sent: HashMap<String, Value>,
    /// The packets and counts that a fault has kept.
    pub held: Vec<Packet>,
    /// How many messages clients have asked to delete.
    pub deletions: usize,
}

/// A connection.
#[derive(Default)]
pub struct Seat {
    pub user: String,
    pub rooms: BTreeSet<String>,
    /// The rooms whose membership has ended.
    pub removed: BTreeSet<String>,
    /// Whether it has asked to join from a position.
    since: bool,
    replays: bool,
    /// How many entries it was sent as they came about, and in replays.
    live: usize,
    replayed: usize,
}

/// The meaning of a packet for its connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Told {
    /// An entry, the n-th of those that are sent as they come about.
    Live(usize),
    /// An entry in a replay, the n-th of those.
    Replayed(usize),
    /// The answer to a join.
    Joined,
    /// The end of a replay.
    CaughtUp,
    Other,
}

/// A packet that the proxy sends.
pub enum Delivery {
    /// A packet to the client of this connection.
    Client(u64, Packet),
    /// A packet to the server, over the connection at hand.
    Server(String),
}

/// The room that a payload names.
pub fn room_of(data: &Value) -> Option<&str> {
    ["channelId", "conversationId", "targetChannelId", "targetConversationId"].iter().find_map(|key| data[key].as_str())
}

impl Memory {
    /// Records a packet from the client.
    pub fn sent(&mut self, connection: u64, text: &str) {
        if text.contains("[\"join_") {
            self.seats.entry(connection).or_default().since = text.contains("\"since\":{");
        }
        self.deletions += usize::from(text.contains("[\"delete_"));
    }

    /// Records a packet from the server.
    pub fn received(&mut self, connection: u64, packet: &Packet) -> Told {
        let seat = self.seats.entry(connection).or_default();
        let (name, data) = match packet {
            Packet::Event { name, data } => (name.as_str(), data),
            Packet::Ack { answer, .. } => {
                let data = &answer["data"];
                if let (Some(room), Some(seq), true) =
                    (room_of(data), data["seq"].as_u64(), data["content"].is_string())
                {
                    let name = if data["channelId"].is_string() { "new_message" } else { "new_direct_message" };
                    let entry = Packet::Event { name: name.to_owned(), data: data.clone() };
                    self.entries.entry((room.to_owned(), seq)).or_insert(entry);
                }
                return Told::Other;
            }
            Packet::Other(_) => return Told::Other,
        };
        let room = room_of(data).map(ToOwned::to_owned);
        match (name, room) {
            ("authenticated", _) => seat.user = data["userId"].as_str().unwrap_or_default().to_owned(),
            ("joined_channel" | "conversation_joined", Some(room)) => {
                seat.removed.remove(&room);
                seat.replays = seat.rooms.insert(room) && seat.since;
                return Told::Joined;
            }
            ("caught_up" | "conversation_caught_up", _) => {
                seat.replays = false;
                return Told::CaughtUp;
            }
            ("channel_removed" | "conversation_removed", Some(room)) => {
                seat.rooms.remove(&room);
                seat.removed.insert(room);
            }
            (_, room) => {
                let Some(seq) = data["seq"].as_u64() else { return Told::Other };
                if let Some(room) = room {
                    self.entries.entry((room, seq)).or_insert_with(|| packet.clone());
                }
                if seat.replays {
                    seat.replayed += 1;
                    return Told::Replayed(seat.replayed);
                }
                seat.live += 1;
                return Told::Live(seat.live);
            }
        }
        Told::Other
    }

    /// The message of this id as it was first sent, if any client received it.
    pub fn message(&self, id: &Value) -> Option<Value> {
        self.entries.values().find_map(|entry| match entry {
            Packet::Event { data, .. } if data["id"].is_string() && data["id"] == *id => {
                let mut message = data.clone();
                message.as_object_mut()?.remove("seq");
                message["replyTo"] = json!(null);
                Some(message)
            }
            _ => None,
        })
    }
}
