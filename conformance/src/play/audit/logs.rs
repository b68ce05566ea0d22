//! The logs of rooms, as all connections of a case see them together.

use std::collections::{BTreeMap, HashMap};

use accord_language::model::{ClientEvent, Evicts, SEQ, ServerEvent};
use serde_json::Value;

use super::{
    Room,
    order::{Order, Position},
};

/// The logs of rooms.
#[derive(Default)]
pub(super) struct Logs {
    /// By connection and room, its place in the log of the room.
    orders: HashMap<(u64, Room), Order>,
    rooms: HashMap<Room, Log>,
    /// The numbers of events that were sent with an id that the client chose.
    once: HashMap<Once, u64>,
    /// By connection, its user.
    pub users: HashMap<u64, String>,
}

/// The identity of a repeated event: its user, its event, its room, and the id that the client chose.
type Once = (String, String, Room, String);

/// The known part of a log.
#[derive(Default)]
struct Log {
    newest: Option<Position>,
    /// By number, the event and the texts of its payload, which are the same for all connections.
    entries: BTreeMap<u64, (String, Vec<(String, Value)>)>,
}

impl Log {
    /// Records a position that the server has sent. Another epoch has other entries.
    fn reaches(&mut self, position: Position) {
        match &mut self.newest {
            Some(newest) if newest.epoch == position.epoch => newest.seq = newest.seq.max(position.seq),
            newest => {
                *newest = Some(position);
                self.entries.clear();
            }
        }
    }
}

/// An event that concerns a log.
#[derive(Clone, Copy)]
pub(super) enum Told<'e> {
    Joined,
    CaughtUp,
    Entry(&'e ServerEvent),
}

impl Logs {
    /// The newest known position.
    pub fn newest(&self, room: &Room) -> Option<Position> {
        self.rooms.get(room)?.newest.clone()
    }

    /// Records a position that the server has sent.
    pub fn reaches(&mut self, room: &Room, position: Position) {
        self.rooms.entry(room.clone()).or_default().reaches(position);
    }

    /// Records that a connection asks to join.
    pub fn joins(&mut self, connection: u64, room: &Room, payload: Option<&Value>) {
        let newest = self.newest(room);
        self.orders.entry((connection, room.clone())).or_default().joins(payload, newest);
    }

    /// Records that a connection has left a room.
    pub fn left(&mut self, connection: u64, room: &Room) {
        self.orders.entry((connection, room.clone())).or_default().left();
    }

    /// Whether a connection is receiving a replay of a room.
    pub fn replays(&self, connection: u64, room: &Room) -> bool {
        self.orders.get(&(connection, room.clone())).is_some_and(Order::replays)
    }

    /// A room with missed entries that a connection has yet to receive.
    pub fn replaying(&self, connection: u64) -> Option<&Room> {
        self.orders.iter().find(|((of, _), order)| *of == connection && order.replays()).map(|((_, room), _)| room)
    }

    /// Records an event, and checks that it fits earlier events.
    ///
    /// # Errors
    /// The reason why it does not.
    pub fn told(&mut self, connection: u64, room: &Room, told: Told<'_>, payload: &Value) -> Result<(), String> {
        let order = self.orders.entry((connection, room.clone())).or_default();
        let position = match told {
            Told::Joined => order.joined(payload)?,
            Told::CaughtUp => order.caught_up(payload)?,
            Told::Entry(_) => order.entry(payload)?,
        };
        let Some(position) = position else { return Ok(()) };
        let (replays, seq) = (order.replays(), position.seq);
        let log = self.rooms.entry(room.clone()).or_default();
        log.reaches(position);
        let Told::Entry(event) = told else { return Ok(()) };
        let texts = payload.as_object().into_iter().flatten().filter(|(_, value)| value.is_string());
        let texts = texts.map(|(key, value)| (key.clone(), value.clone())).collect();
        let (name, known) = log.entries.entry(seq).or_insert_with(|| (event.name.clone(), texts));
        if *name != event.name || known.iter().any(|(key, text)| payload.get(key).is_some_and(|own| own != text)) {
            return Err(format!("entry {seq} of the log is another one than somebody else was sent, a `{name}`"));
        }
        match &event.evicts {
            Some(Evicts::User(field)) if !replays => self.ends(connection, room, payload[field].as_str(), seq),
            _ => Ok(()),
        }
    }

    /// Records that an entry, received by `connection`, ended the membership of `user`.
    fn ends(&mut self, connection: u64, room: &Room, user: Option<&str>, seq: u64) -> Result<(), String> {
        if user.is_some() && self.users.get(&connection).map(String::as_str) == user {
            return Err(format!("entry {seq} of the log is shown to the user whose membership it ends"));
        }
        let users = &self.users;
        let concerned = |of: &u64| users.get(of).map(String::as_str) == user;
        let mut orders = self.orders.iter_mut().filter(|((of, joined), _)| joined == room && concerned(of));
        orders.try_for_each(|(_, order)| order.ends(seq))
    }

    /// Records the acknowledgement of an event that leads to an entry in the log of `room`; returns whether the event
    /// is a repetition.
    ///
    /// # Errors
    /// That it has no number, or that the event was sent before and carried out again.
    pub fn acknowledged(
        &mut self,
        connection: u64,
        event: &ClientEvent,
        room: &Room,
        payload: Option<&Value>,
        data: &Value,
    ) -> Result<bool, String> {
        let seq =
            data[SEQ].as_u64().ok_or_else(|| format!("the acknowledgement of `{}` has no `{SEQ}`", event.name))?;
        if let Some(log) = self.rooms.get_mut(room)
            && let Some(newest) = &mut log.newest
        {
            newest.seq = newest.seq.max(seq);
        }
        let id = event.idempotent.as_ref().and_then(|key| payload?.get(key)?.as_str());
        let (Some(id), Some(user)) = (id, self.users.get(&connection)) else { return Ok(false) };
        let sent = (user.clone(), event.name.clone(), room.clone(), id.to_owned());
        match self.once.insert(sent, seq) {
            Some(first) if first != seq => Err(format!(
                "`{}` was sent again as `{id}`, and is entry {seq} of the log, after entry {first}",
                event.name
            )),
            earlier => Ok(earlier.is_some()),
        }
    }
}
