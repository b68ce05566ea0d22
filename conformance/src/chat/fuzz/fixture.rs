//! The users and rooms of sequences. The numbers in acts choose among them.

use serde_json::{Value, json};

/// The sockets, each with its user.
pub(super) const ACTORS: [(&str, usize); 4] = [("alice", 0), ("alice/phone", 0), ("bob", 1), ("carol", 2)];
pub(super) const USERS: [&str; 3] = ["alice", "bob", "carol"];
/// The administrator, who never connects.
pub(super) const ADMIN: &str = "admin";

pub(super) struct Room {
    pub name: &'static str,
    /// The suffix of its id. A channel and a conversation share it.
    pub id: &'static str,
    pub scope: usize,
    /// Whether each user is a member at first.
    pub members: [bool; USERS.len()],
}

pub(super) const ROOMS: [Room; 3] = [
    Room { name: "general", id: "room", scope: 0, members: [true, true, true] },
    Room { name: "side", id: "side", scope: 0, members: [true, true, false] },
    Room { name: "talk", id: "room", scope: 1, members: [true, true, true] },
];
pub(super) const EMOJI: [&str; 3] = ["👍", "🎉", "❤️"];
pub(super) fn actor_of(number: u8) -> usize {
    usize::from(number) % ACTORS.len()
}

pub(super) fn first_socket(user: usize) -> usize {
    ACTORS.iter().position(|(_, of)| *of == user).unwrap_or_default()
}

/// A socket of a user.
pub(super) fn socket_of(user: usize, number: u8) -> usize {
    let sockets: Vec<usize> = (0..ACTORS.len()).filter(|actor| ACTORS[*actor].1 == user).collect();
    sockets[usize::from(number) % sockets.len()]
}

pub(super) fn user_of(number: u8) -> usize {
    usize::from(number) % USERS.len()
}

pub(super) fn room_of(number: u8) -> usize {
    usize::from(number) % ROOMS.len()
}

/// A room of the first scope.
pub(super) fn channel_of(number: u8) -> usize {
    let channels: Vec<usize> = (0..ROOMS.len()).filter(|room| ROOMS[*room].scope == 0).collect();
    channels[usize::from(number) % channels.len()]
}

pub(super) fn emoji_of(number: u8) -> &'static str {
    EMOJI[usize::from(number) % EMOJI.len()]
}

pub(super) fn id_of(room: usize) -> String {
    format!("${}", ROOMS[room].name)
}

pub(super) fn profile(user: usize) -> Value {
    let name = USERS[user];
    json!({ "id": format!("${name}"), "name": format!("${name}_name"), "profile": format!("${name}_profile") })
}
