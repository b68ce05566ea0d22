//! Checks that apply to every case: each event that arrives matches the schema, its receiver was entitled to it, and
//! the entries of a room's log arrive in order.

mod homes;
mod logs;
mod order;
mod stay;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use accord_language::model::{ClientEvent, Operation, RoomAction, ServerEvent};
use serde_json::Value;

pub(crate) use self::order::Position;
use self::{
    homes::Homes,
    logs::{Logs, Told},
    stay::Stay,
};
use super::Deviation;
use crate::{
    client::Seen,
    coverage::{CAUGHT_UP, Coverage, REPEATED, REPLAYED},
    protocol::Protocol,
};

/// A room: the scope and the id.
type Room = (String, String);

/// Watches all connections of a case.
pub struct Audit {
    protocol: Arc<Protocol>,
    coverage: Arc<Coverage>,
    homes: Homes,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By connection and room, whether events of the room may come.
    stays: HashMap<(u64, Room), Stay>,
    logs: Logs,
    deviations: Vec<Deviation>,
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audit").finish_non_exhaustive()
    }
}

impl Audit {
    /// Begins to watch.
    pub fn new(protocol: Arc<Protocol>, coverage: Arc<Coverage>) -> Self {
        Audit { protocol, coverage, homes: Homes::default(), state: Mutex::default() }
    }

    /// The first deviation found so far.
    pub fn verdict(&self) -> Result<(), Deviation> {
        self.with(|state| state.deviations.first().cloned().map_or(Ok(()), Err))
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Records that `connection` is one of `user`, by the user's id.
    pub fn connects(&self, connection: u64, user: String) {
        self.with(|state| state.logs.users.insert(connection, user));
    }

    /// Records that `connection` emits `event`.
    pub fn emitted(&self, connection: u64, event: &str, payload: Option<&Value>) {
        let Some((event, action, room)) = self.room_change(event, payload) else { return };
        self.with(|state| {
            if self.protocol.model.joined_log(event).is_some() {
                state.logs.joins(connection, &room, payload);
            }
            let stay = state.stays.entry((connection, room)).or_default();
            match action {
                RoomAction::Join => stay.joins(),
                RoomAction::Leave => stay.leaves(),
            }
        });
    }

    /// Records the acknowledgement of an event, whose data is `ok` unless the event failed.
    ///
    /// # Errors
    /// The reason why it does not fit earlier events.
    pub fn answered(
        &self,
        connection: u64,
        event: &str,
        payload: Option<&Value>,
        ok: Option<&Value>,
    ) -> Result<(), String> {
        let Some(data) = ok else {
            self.refused(connection, event, payload);
            return Ok(());
        };
        self.homes.learn(&self.protocol.model, data);
        if let Some((_, RoomAction::Leave, room)) = self.room_change(event, payload) {
            self.left(connection, room);
        }
        let model = &self.protocol.model;
        let Some(event) = model.client_event(event) else { return Ok(()) };
        let numbered = model.shown_ack(event).is_some_and(|shown| shown.seq.is_some());
        let Some(room) = self.log_room(event, payload).filter(|_| numbered) else { return Ok(()) };
        if self.with(|state| state.logs.acknowledged(connection, event, &room, payload, data))? {
            self.coverage.hit(&event.name, REPEATED);
        }
        Ok(())
    }

    /// Records that an event failed.
    fn refused(&self, connection: u64, event: &str, payload: Option<&Value>) {
        let Some((event, RoomAction::Join, room)) = self.room_change(event, payload) else { return };
        // The server always confirms a join only if the room has a log.
        if self.protocol.model.joined_log(event).is_some() {
            self.with(|state| state.stays.entry((connection, room)).or_default().refused());
        }
    }

    /// Whether `connection` has joined the room of `event`; `None` if the event has no room.
    pub fn inside(&self, connection: u64, event: &str, payload: Option<&Value>) -> Option<bool> {
        let event = self.protocol.model.client_event(event).filter(|event| event.has_handler())?;
        let (scope, key) = self.protocol.rooms_of(event).next()?;
        let room = (scope.name.clone(), payload?.get(key)?.as_str()?.to_owned());
        Some(self.with(|state| state.stays.get(&(connection, room)).is_some_and(|stay| stay.may)))
    }

    /// The newest known position of the room that `operation` is about.
    pub(crate) fn newest(&self, operation: &Operation, input: &Value) -> Option<Position> {
        let room = self.room_of(operation, input)?;
        self.with(|state| state.logs.newest(&room))
    }

    /// Records the answer of `operation`, given the position known before.
    ///
    /// # Errors
    /// That its position is an earlier one.
    pub(crate) fn listed(
        &self,
        operation: &Operation,
        input: &Value,
        data: &Value,
        known: Option<&Position>,
    ) -> Result<(), String> {
        let (Some(room), Some(position)) = (self.room_of(operation, input), Position::of(data)) else { return Ok(()) };
        position.follows_on(known)?;
        self.with(|state| state.logs.reaches(&room, position));
        Ok(())
    }

    /// The room that `operation` is about.
    fn room_of(&self, operation: &Operation, input: &Value) -> Option<Room> {
        let scope = &self.protocol.model.scopes[operation.scope?.0];
        Some((scope.name.clone(), input.get(&scope.key)?.as_str()?.to_owned()))
    }

    /// The entries that `connection` has yet to receive, in words.
    pub fn awaits(&self, connection: u64) -> Option<String> {
        self.with(|state| {
            let (scope, id) = state.logs.replaying(connection)?;
            Some(format!("it has not been sent all that it missed in the {scope} `{id}`"))
        })
    }

    fn left(&self, connection: u64, room: Room) {
        self.with(|state| {
            state.logs.left(connection, &room);
            state.stays.entry((connection, room)).or_default().left();
        });
    }

    /// The room that a client event joins or leaves.
    fn room_change(&self, event: &str, payload: Option<&Value>) -> Option<(&ClientEvent, RoomAction, Room)> {
        let event = self.protocol.model.client_event(event)?;
        let (scope, key) = self.protocol.rooms_of(event).next()?;
        let id = payload?.get(key)?.as_str()?;
        Some((event, event.room?, (scope.name.clone(), id.to_owned())))
    }

    /// The room whose log gets the entry of a client event.
    fn log_room(&self, event: &ClientEvent, payload: Option<&Value>) -> Option<Room> {
        let (scope, key) = self.protocol.rooms_of(event).nth(self.protocol.model.log_room(event)?)?;
        Some((scope.name.clone(), payload?.get(key)?.as_str()?.to_owned()))
    }

    /// Records a packet that `connection`, of `actor`, receives.
    pub fn received(&self, actor: &str, connection: u64, transport: &'static str, seen: &Seen) {
        let Seen::Event { name, args } = seen else { return };
        if let Err(why) = self.protocol.check_event(name, args) {
            return self.report(actor, "an event of the schema", format!("{why}: {seen}"));
        }
        self.coverage.hit(name, &format!("over {transport}"));
        let model = &self.protocol.model;
        let Some(event) = model.server_event(name) else { return };
        let Some(payload) = args.first() else { return };
        self.homes.learn(model, payload);
        if name == &model.gateway.error_event {
            if let Err(why) = self.protocol.check_error(payload) {
                return self.report(actor, "an error of the schema", why);
            }
            self.refused(connection, payload["event"].as_str().unwrap_or_default(), Some(payload));
        }
        if let Some(leave) = self.leave_of(event)
            && let Some((.., room)) = self.room_change(&leave.name, Some(payload))
        {
            self.left(connection, room);
        }
        self.order(actor, connection, event, payload);
        let Some(room) = self.homes.of(model, event, payload) else { return };
        let may = self.with(|state| state.stays.get(&(connection, room.clone())).is_some_and(|stay| stay.may));
        if !may {
            let expected = format!("no events of the {} `{}`, which this socket has not joined", room.0, room.1);
            self.report(actor, &expected, seen.to_string());
        }
    }

    /// Checks that the entries of a room's log arrive in order.
    fn order(&self, actor: &str, connection: u64, event: &ServerEvent, payload: &Value) {
        let model = &self.protocol.model;
        let joins = || model.client_events().filter(|client| model.joined_log(client).is_some());
        let is_answer = |client: &&ClientEvent| client.emits.iter().any(|emit| emit.event == event.name);
        let (room, told) = if let Some(join) = joins().find(is_answer) {
            (self.room_change(&join.name, Some(payload)).map(|(.., room)| room), Told::Joined)
        } else if let Some(scope) = model.caught_up_of(&event.name) {
            let join = joins().find(|join| join.scope == Some(scope));
            join.inspect(|join| self.coverage.hit(&join.name, CAUGHT_UP));
            (join.and_then(|join| Some(self.room_change(&join.name, Some(payload))?.2)), Told::CaughtUp)
        } else if event.durable {
            (self.homes.of(model, event, payload), Told::Entry(event))
        } else {
            return;
        };
        let Some(room) = room else { return };
        let (replays, fits) = self.with(|state| {
            if matches!(told, Told::Joined) {
                state.stays.entry((connection, room.clone())).or_default().joined();
            }
            (state.logs.replays(connection, &room), state.logs.told(connection, &room, told, payload))
        });
        if replays && event.durable {
            self.coverage.hit(&event.name, REPLAYED);
        }
        if let Err(why) = fits {
            let expected = format!("the log of the {} `{}` in its order", room.0, room.1);
            self.report(actor, &expected, format!("{why}: `{}` {payload}", event.name));
        }
    }

    fn report(&self, actor: &str, expected: &str, came: String) {
        let deviation = Deviation::new(format!("what {actor} received"), expected, came);
        self.with(|state| state.deviations.push(deviation));
    }

    /// The client event that leaves a room and is answered by `event`.
    fn leave_of(&self, event: &ServerEvent) -> Option<&ClientEvent> {
        self.protocol.model.client_events().find(|client| {
            client.room == Some(RoomAction::Leave) && client.emits.iter().any(|emit| emit.event == event.name)
        })
    }
}

#[cfg(test)]
mod tests;
