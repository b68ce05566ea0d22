//! The steps of the flow: emitted events, calls, and expected results.

use accord_flows::pattern::Variables;
use serde_json::{Map, Value, json};

use super::{
    emission::Emission,
    fixture::{ACTORS, ADMIN, ROOMS, Room, USERS},
    simulation::Simulation,
    words::{Call, fill_in},
};
use crate::client::Transport;

impl Simulation<'_> {
    /// Connects the actors, and makes the rooms.
    pub(super) fn begin(&mut self) {
        if !self.rooms.is_empty() {
            let ids = self.rooms.iter().map(|room| {
                let Room { name, id, .. } = ROOMS[*room];
                (name.to_owned(), Value::from(format!("{}.${{run}}.{id}", self.name)))
            });
            let ids: Map<String, Value> = ids.collect();
            self.steps.push(json!({ "set": ids }));
        }
        for actor in self.actors.clone() {
            self.connect(actor);
        }
        for room in self.rooms.clone() {
            let Room { name, scope, .. } = ROOMS[room];
            let members =
                (0..USERS.len()).filter(|user| self.members[room][*user]).map(|user| format!("${}", USERS[user]));
            let variables = self.room_variables(room);
            variables.set("members", members.collect::<Vec<_>>());
            // Conversations have no names.
            variables.set("name", if scope == 0 { Value::from(name) } else { Value::Null });
            let words = self.words;
            self.administer(&words[scope].found, &variables);
            let members = self.members[room];
            self.hear(&words[scope].found.hears, |user| members[user]);
        }
    }

    /// Expects an event at the sockets of users, if a change of membership leads to one.
    pub(super) fn hear(&mut self, event: &str, is_concerned: impl Fn(usize) -> bool) {
        let sockets = self.actors.iter().filter(|actor| is_concerned(ACTORS[**actor].1));
        let sockets: Vec<&str> = sockets.map(|actor| ACTORS[*actor].0).collect();
        if !event.is_empty() && !sockets.is_empty() {
            self.steps.push(json!({ "expect": event, "at": sockets }));
        }
    }

    pub(super) fn connect(&mut self, actor: usize) {
        let transport = self.transports.get(actor).copied().unwrap_or(Transport::Websocket);
        let mut step = json!({ "connect": ACTORS[actor].0 });
        if transport != Transport::Websocket {
            step["transport"] = transport.name().into();
        }
        self.steps.push(step);
    }

    /// Expects that no actor has received anything else, and that history is as predicted.
    pub(super) fn end(&mut self) {
        let all: Vec<&str> = self.actors.iter().map(|actor| ACTORS[*actor].0).collect();
        self.steps.push(json!({ "nothing": all }));
        for room in self.rooms.clone() {
            if let Some(reader) = self.actors.iter().copied().find(|actor| self.members[room][ACTORS[*actor].1]) {
                self.read(reader, room);
                self.read_in_two(reader, room);
            }
        }
    }

    /// An event whose answer is an event to the caller, which is kept under `save`.
    pub(super) fn answered(&mut self, emission: &Emission<'_>, save: Option<&str>) {
        let words = if emission.words.ok.is_null() { &emission.words.data } else { &emission.words.ok };
        let data = fill_in(words, &emission.variables);
        let mut step = self.emit(emission);
        if emission.acknowledged {
            step["ok"] = data.clone();
        }
        self.steps.push(step);
        let mut step = json!({ "expect": emission.words.caller, "at": ACTORS[emission.actor].0, "data": data });
        if let Some(save) = save {
            step["save"] = save.into();
        }
        self.steps.push(step);
    }

    /// An event that succeeds, and an event to the members who have joined `room`. Returns the variable that holds the
    /// acknowledgement.
    pub(super) fn succeeds(
        &mut self,
        emission: &Emission<'_>,
        room: usize,
        message: Option<&Value>,
        original: Option<&Value>,
    ) -> String {
        let watchers = self.watchers(room);
        let (variable, seq) = (self.new_variable(), self.next(room));
        let ok = message.cloned().unwrap_or_else(|| fill_in(&emission.words.ok, &emission.variables));
        // If no actor sees the effect, only an acknowledgement shows it.
        let acknowledged = emission.acknowledged || watchers.is_empty();
        let mut step = self.emit(&Emission { acknowledged, variables: emission.variables.clone(), ..*emission });
        if acknowledged {
            step["ok"] = self.numbered(room, ok.clone(), seq);
            step["save"] = variable.clone().into();
        }
        self.steps.push(step);
        let shown = if acknowledged { Value::from(format!("${variable}")) } else { ok };
        let mut held = variable.clone();
        if !watchers.is_empty() {
            let data = match (&emission.words.shows, original) {
                (Some(shows), Some(original)) => {
                    emission.variables.set("original", original.clone());
                    emission.variables.set("copy", shown);
                    if !acknowledged {
                        held = format!("{variable}.message");
                    }
                    fill_in(shows, &emission.variables)
                }
                _ => shown,
            };
            let event = &emission.words.room;
            let mut step = json!({ "expect": event, "at": watchers, "data": self.numbered(room, data, seq) });
            if !acknowledged {
                step["save"] = variable.into();
            }
            self.steps.push(step);
        }
        held
    }

    pub(super) fn fails(&mut self, emission: &Emission<'_>, error: &str) {
        let mut step = self.emit(emission);
        step["fails"] = json!({ "error": error });
        self.steps.push(step);
    }

    pub(super) fn emit(&self, emission: &Emission<'_>) -> Value {
        let (event, by) = (&emission.words.emit, ACTORS[emission.actor].0);
        let mut data = fill_in(&emission.words.data, &emission.variables);
        // Variables that have no value are left out.
        if let (Some(members), Some(template)) = (data.as_object_mut(), emission.words.data.as_object()) {
            members.retain(|key, value| !(is_variable(value) && template.get(key) == Some(value)));
        }
        json!({ "emit": event, "as": by, "data": data, "ack": emission.acknowledged })
    }

    pub(super) fn administer(&mut self, words: &Call, variables: &Variables) {
        let mut step = call(words, ADMIN, variables);
        step["token"] = json!({ "admin": true });
        step["loosely"] = true.into();
        self.steps.push(step);
    }
}

fn is_variable(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with('$') && !text.contains('.'))
}

pub(super) fn call(words: &Call, by: &str, variables: &Variables) -> Value {
    let mut input = fill_in(&words.input, variables);
    if let Some(members) = input.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    json!({ "call": words.call, "as": by, "input": input })
}
