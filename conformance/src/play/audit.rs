//! Checks that apply to every case: each event that arrives matches the schema, and its receiver was entitled to it.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use accord_language::model::{ClientEvent, RoomAction, ScopeId, ServerEvent, Target};
use serde_json::Value;

use super::{Deviation, order::Order};
use crate::{client::Seen, coverage::Coverage, protocol::Protocol};

/// A room: the scope and the id.
type Room = (String, String);

/// What an event does to a connection's place in a log; the reason if it does not fit there.
type Note = fn(&mut Order, &Value) -> Result<(), String>;

/// Watches all connections of a case.
pub struct Audit {
    protocol: Arc<Protocol>,
    coverage: Arc<Coverage>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By connection and room, the possible states of the connection in the room.
    joined: HashMap<(u64, Room), Joined>,
    /// By connection and room, its place in the log of the room.
    orders: HashMap<(u64, Room), Order>,
    /// By scope and id, the rooms of objects that have an id: messages.
    homes: HashMap<(String, String), Room>,
    deviations: Vec<Deviation>,
}

#[derive(Clone, Copy, Default)]
struct Joined {
    /// Events may come.
    may: bool,
    /// A leave is under way, after which no events may come, unless a join follows it.
    leaving: bool,
    rejoining: bool,
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audit").finish_non_exhaustive()
    }
}

impl Audit {
    /// Begins to watch.
    pub fn new(protocol: Arc<Protocol>, coverage: Arc<Coverage>) -> Self {
        Audit { protocol, coverage, state: Mutex::default() }
    }

    /// The first deviation found so far.
    pub fn verdict(&self) -> Result<(), Deviation> {
        self.with(|state| state.deviations.first().cloned().map_or(Ok(()), Err))
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes note that `connection` emits `event`.
    pub fn emitted(&self, connection: u64, event: &str, payload: Option<&Value>) {
        let Some((action, room)) = self.room_change(event, payload) else { return };
        self.with(|state| {
            if action == RoomAction::Join {
                state.orders.entry((connection, room.clone())).or_default().joins(payload);
            }
            let joined = state.joined.entry((connection, room)).or_default();
            match action {
                RoomAction::Join if joined.leaving => joined.rejoining = true,
                RoomAction::Join => joined.may = true,
                RoomAction::Leave => (joined.leaving, joined.rejoining) = (true, false),
            }
        });
    }

    /// Takes note that an event was acknowledged.
    pub fn answered(&self, connection: u64, event: &str, payload: Option<&Value>, ok: Option<&Value>) {
        if let Some(data) = ok {
            self.learn(data);
        }
        let Some((RoomAction::Leave, room)) = self.room_change(event, payload) else { return };
        if ok.is_some() {
            self.left(connection, room);
        }
    }

    /// Whether `connection` has joined the room of `event`; `None` if the event has no room.
    pub fn inside(&self, connection: u64, event: &str, payload: Option<&Value>) -> Option<bool> {
        let event = self.protocol.model.client_event(event).filter(|event| event.has_handler())?;
        let (scope, key) = self.protocol.rooms_of(event).next()?;
        let room = (scope.name.clone(), payload?.get(key)?.as_str()?.to_owned());
        Some(self.with(|state| state.joined.get(&(connection, room)).is_some_and(|joined| joined.may)))
    }

    fn left(&self, connection: u64, room: Room) {
        self.with(|state| {
            state.orders.entry((connection, room.clone())).or_default().left();
            let joined = state.joined.entry((connection, room)).or_default();
            *joined = Joined { may: joined.rejoining, leaving: false, rejoining: false };
        });
    }

    fn room_change(&self, event: &str, payload: Option<&Value>) -> Option<(RoomAction, Room)> {
        let event = self.protocol.model.client_event(event)?;
        let (scope, key) = self.protocol.rooms_of(event).next()?;
        let id = payload?.get(key)?.as_str()?;
        Some((event.room?, (scope.name.clone(), id.to_owned())))
    }

    /// Takes note of what `connection`, of `actor`, receives.
    pub fn received(&self, actor: &str, connection: u64, transport: &'static str, seen: &Seen) {
        let Seen::Event { name, args } = seen else { return };
        if let Err(why) = self.protocol.check_event(name, args) {
            return self.report(actor, "an event of the schema", format!("{why}: {seen}"));
        }
        self.coverage.hit(name, &format!("over {transport}"));
        let Some(event) = self.protocol.model.server_event(name) else { return };
        let Some(payload) = args.first() else { return };
        self.learn(payload);
        if name == &self.protocol.model.gateway.error_event
            && let Err(why) = self.protocol.check_error(payload)
        {
            return self.report(actor, "an error of the schema", why);
        }
        if let Some(leave) = self.leave_of(event)
            && let Some((_, room)) = self.room_change(&leave.name, Some(payload))
        {
            self.left(connection, room);
        }
        self.order(actor, connection, event, payload);
        let Some(room) = self.home(event, payload) else { return };
        let may = self.with(|state| state.joined.get(&(connection, room.clone())).is_some_and(|joined| joined.may));
        if !may {
            let expected = format!("no events of the {} `{}`, which this socket has not joined", room.0, room.1);
            self.report(actor, &expected, seen.to_string());
        }
    }

    /// Checks that what belongs to the log of a room comes in its order.
    fn order(&self, actor: &str, connection: u64, event: &ServerEvent, payload: &Value) {
        let model = &self.protocol.model;
        let of = |scope: ScopeId| {
            let scope = &model.scopes[scope.0];
            Some((scope.name.clone(), payload.get(&scope.key)?.as_str()?.to_owned()))
        };
        let joins = |client: &&ClientEvent| {
            model.joined_log(client).is_some() && client.emits.iter().any(|emit| emit.event == event.name)
        };
        let (room, note): (_, Note) =
            if let Some(scope) = model.client_events().find(joins).and_then(|client| client.scope) {
                (of(scope), Order::joined)
            } else if let Some(scope) = model.caught_up_of(&event.name) {
                (of(scope), Order::caught_up)
            } else if event.durable {
                (self.home(event, payload), Order::entry)
            } else {
                return;
            };
        let Some(room) = room else { return };
        let noted = self.with(|state| note(state.orders.entry((connection, room)).or_default(), payload));
        if let Err(why) = noted {
            self.report(
                actor,
                "the events of a room in the order of its log",
                format!("{why}: `{}` {payload}", event.name),
            );
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

    /// The room that an event belongs to.
    fn home(&self, event: &ServerEvent, payload: &Value) -> Option<Room> {
        let scope = &self.protocol.model.scopes[event.scope?.0];
        let text = |key: &str| payload.get(key).and_then(Value::as_str);
        if let Some(id) = text(&scope.key) {
            return Some((scope.name.clone(), id.to_owned()));
        }
        for client in self.protocol.model.client_events() {
            let emits = client.emits.iter().filter(|emit| emit.event == event.name);
            for target in emits.flat_map(|emit| &emit.to) {
                if let Target::Also(index) = target
                    && let Some(id) = text(&client.also[*index].key)
                {
                    return Some((scope.name.clone(), id.to_owned()));
                }
            }
        }
        let members = payload.as_object()?.values().filter_map(Value::as_str);
        self.with(|state| {
            members.into_iter().find_map(|id| state.homes.get(&(scope.name.clone(), id.to_owned())).cloned())
        })
    }

    /// Remembers the rooms of the objects in `value` that have an id and name a room.
    fn learn(&self, value: &Value) {
        match value {
            Value::Object(members) => {
                for scope in &self.protocol.model.scopes {
                    let text = |key: &str| members.get(key).and_then(Value::as_str);
                    if let (Some(id), Some(room)) = (text("id"), text(&scope.key)) {
                        let (of, room) = (scope.name.clone(), (scope.name.clone(), room.to_owned()));
                        self.with(|state| state.homes.insert((of, id.to_owned()), room));
                    }
                }
                members.values().for_each(|member| self.learn(member));
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn audit() -> Audit {
        Audit::new(Arc::new(Protocol::embedded().unwrap()), Arc::default())
    }

    fn deleted(room: &str) -> Seen {
        let payload = json!({ "messageId": "m", "channelId": room, "seq": 1 });
        Seen::Event { name: "message_deleted".to_owned(), args: vec![payload] }
    }

    #[test]
    fn an_event_of_a_room_that_was_not_joined_is_found() {
        let audit = audit();
        audit.emitted(1, "join_channel", Some(&json!({ "channelId": "general" })));
        audit.received("alice", 1, "websocket", &deleted("general"));
        assert_eq!(audit.verdict(), Ok(()));
        audit.received("alice", 1, "websocket", &deleted("side"));
        assert!(audit.verdict().unwrap_err().expected.contains("the channel `side`, which this socket has not joined"));
    }

    #[test]
    fn after_leaving_nothing_may_come_until_joining_again() {
        let audit = audit();
        let room = json!({ "channelId": "general" });
        audit.emitted(1, "join_channel", Some(&room));
        audit.emitted(1, "leave_channel", Some(&room));
        audit.received("alice", 1, "websocket", &deleted("general"));
        assert_eq!(audit.verdict(), Ok(()), "the leave is still under way");
        audit.received(
            "alice",
            1,
            "websocket",
            &Seen::Event { name: "left_channel".to_owned(), args: vec![room.clone()] },
        );
        audit.emitted(1, "join_channel", Some(&room));
        audit.received("alice", 1, "websocket", &deleted("general"));
        assert_eq!(audit.verdict(), Ok(()));
        audit.emitted(1, "leave_channel", Some(&room));
        audit.answered(1, "leave_channel", Some(&room), Some(&room));
        audit.received("alice", 1, "websocket", &deleted("general"));
        assert!(audit.verdict().is_err());
    }

    #[test]
    fn an_event_that_breaks_the_schema_is_found() {
        let audit = audit();
        audit.received(
            "alice",
            1,
            "websocket",
            &Seen::Event { name: "pong".to_owned(), args: vec![json!({ "timestamp": "1" })] },
        );
        assert!(audit.verdict().unwrap_err().came.contains("breaks the schema at `/timestamp`"));
    }

    #[test]
    fn an_event_without_its_room_is_followed_to_the_room_of_its_message() {
        let audit = audit();
        audit.learn(&json!({ "id": "m-1", "channelId": "general" }));
        let removed = json!({ "messageId": "m-1", "emoji": "x", "userId": "u", "seq": 1 });
        audit.received(
            "bob",
            2,
            "websocket",
            &Seen::Event { name: "reaction_removed".to_owned(), args: vec![removed] },
        );
        assert!(audit.verdict().unwrap_err().expected.contains("`general`"));
    }
}
