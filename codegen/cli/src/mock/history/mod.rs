//! The history of rooms: what their logs tell of, as answers list it.
//!
//! The schema decides what that is (`rules`). A thing is an object that the answer of something that only reads in a room lists,
//! and that a durable event brings to rooms of the same scope, as its payload or in a field. Such an event adds the thing to the
//! room that the thing names, or replaces the one with the same `id`. A durable event that names a thing, by a field of the type
//! of its `id`, changes it if all other fields are fields of the thing, and removes it if it says nothing else and is named like
//! `message_deleted`. Other events leave it as it is. The mock makes up a room's list until a thing of its type is sent there.

mod reading;
mod replay;
mod rules;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Mutex, PoisonError},
};

use accord_language::model::{Emit, Kind, Model, SEQ, TypeId};
use accord_runtime::{
    Room,
    log::{Entry, Follower},
};
use serde_json::{Map, Value};

use self::rules::{Rules, Tells};
pub use self::{
    reading::{Reading, Shown},
    replay::Replayed,
    rules::{asked_by, read_by},
};
use crate::mock::make::guesses;

/// The maximum number of rooms. The one that was longest without an entry goes first.
const ROOMS: usize = 1000;

/// The maximum number of things in a room. The oldest go first.
const THINGS: usize = 1000;

/// The history of all rooms.
pub struct History {
    rules: Rules,
    rooms: Mutex<Rooms>,
}

#[derive(Default)]
struct Rooms {
    rooms: HashMap<Room, Kept>,
    /// The number of entries so far, of all rooms.
    entries: u64,
}

/// The history of a room.
#[derive(Default)]
struct Kept {
    /// The number of the last entry that it shows.
    seq: u64,
    /// The number of that entry among those of all rooms.
    turn: u64,
    /// The things of each type that was sent to the room, the oldest first.
    things: HashMap<TypeId, VecDeque<Thing>>,
    /// The ids of the things that were removed.
    removed: HashMap<TypeId, HashSet<String>>,
}

type Thing = Map<String, Value>;

impl History {
    /// The history of rooms in which nothing has happened.
    pub fn new(model: &'static Model) -> Self {
        History { rules: Rules::new(model), rooms: Mutex::default() }
    }

    /// Replaces the things that an emitted event embeds by those that were sent under their ids: in a field with an object
    /// that has such an id, and in a field `replyTo` next to a field `replyToId`. If another field shares values with such a
    /// thing in the schema's example, as a copy does, it gets the values of the thing that was sent.
    pub fn embed(&self, emit: &Emit, payload: &mut Value) {
        let Some(payload) = payload.as_object_mut() else { return };
        let event = self.rules.model.server_event(&emit.event);
        let example = event.and_then(|event| event.example.as_ref());
        for field in self.rules.embeds(emit.payload) {
            let Kind::Ref(ty) = field.ty.kind else { continue };
            let id = match payload.get(&field.name).and_then(Value::as_object) {
                Some(embedded) => embedded.get(guesses::ID),
                None => payload.get(&format!("{}Id", field.name)),
            };
            let sent = id.filter(|id| !id.is_null()).and_then(|id| self.find(ty, id));
            let Some(embedded) = sent.and_then(|sent| self.embedded(ty, &sent)) else { continue };
            if let Some(example) = example {
                copy(&field.name, &embedded, example, payload);
            }
            payload.insert(field.name.clone(), embedded.into());
        }
    }

    /// The thing with this id, whatever its room. Its type has the same type of ids as `ty`.
    fn find(&self, ty: TypeId, id: &Value) -> Option<Thing> {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = rooms.rooms.values().flat_map(|kept| &kept.things);
        let has_such_ids = |other: TypeId| self.rules.id_type(other) == self.rules.id_type(ty);
        let mut things = kept.filter(|(other, _)| has_such_ids(**other)).flat_map(|(_, things)| things);
        things.find(|thing| thing.get(guesses::ID) == Some(id)).cloned()
    }

    /// A thing as a value of the type `ty`, itself without other things; `None` if it lacks a field of it.
    fn embedded(&self, ty: TypeId, sent: &Thing) -> Option<Thing> {
        let object = self.rules.model.object(ty)?;
        let is_thing = |kind: &Kind| self.rules.listed.iter().any(|listed| *kind == Kind::Ref(listed.ty));
        let fields = object.fields.iter().filter_map(|field| {
            let value = sent.get(&field.name).filter(|_| !is_thing(&field.ty.kind)).cloned();
            let value = value.or_else(|| field.ty.nullable.then_some(Value::Null));
            (value.is_some() || field.required).then(|| Some((field.name.clone(), value?)))
        });
        fields.collect()
    }
}

/// Copies from a thing that is sent in the field `name` to the objects in other fields what these have in common with it in
/// the example.
fn copy(name: &str, sent: &Thing, example: &Value, payload: &mut Thing) {
    for (other, object) in payload.iter_mut().filter(|(other, _)| *other != name) {
        for (field, value) in object.as_object_mut().into_iter().flatten() {
            let shown = &example[name][field];
            let is_alike = !shown.is_null() && *shown == example[other][field];
            if let Some(sent) = sent.get(field).filter(|_| is_alike) {
                value.clone_from(sent);
            }
        }
    }
}

impl Follower for History {
    fn committed(&self, room: &Room, entries: &[Entry]) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        for Entry { seq, event, data } in entries {
            rooms.entries += 1;
            let turn = rooms.entries;
            let kept = rooms.rooms.entry(room.clone()).or_default();
            (kept.seq, kept.turn) = (*seq, turn);
            let payload = serde_json::from_str(data.get()).unwrap_or_default();
            for (ty, tells) in self.rules.tells.get(event.as_ref()).into_iter().flatten() {
                kept.take(&self.rules, room, *ty, tells, &payload);
            }
        }
        if rooms.rooms.len() > ROOMS
            && let Some(oldest) = rooms.rooms.iter().min_by_key(|(_, kept)| kept.turn).map(|(room, _)| room.clone())
        {
            rooms.rooms.remove(&oldest);
        }
    }

    fn look(&self, _: &Room) {}
}

impl Kept {
    /// Applies the news of a thing that an entry of the room brings.
    fn take(&mut self, rules: &Rules, room: &Room, ty: TypeId, tells: &Tells, payload: &Thing) {
        match tells {
            Tells::Whole => {
                let mut thing = payload.clone();
                thing.remove(SEQ);
                self.put(rules, room, ty, thing);
            }
            Tells::Part(field) => {
                if let Some(thing) = payload.get(*field).and_then(Value::as_object) {
                    self.put(rules, room, ty, thing.clone());
                }
            }
            Tells::Edited { id, fields } => {
                if let Some((things, index)) = self.at(ty, payload.get(*id)) {
                    let value = |field: &&str| Some(((*field).to_owned(), payload.get(*field)?.clone()));
                    things[index].extend(fields.iter().filter_map(value));
                }
            }
            Tells::Removed(id) => {
                if let Some((things, index)) = self.at(ty, payload.get(*id)) {
                    things.remove(index);
                }
                self.removed.entry(ty).or_default().extend(payload.get(*id).map(reading::text));
            }
            Tells::About(_) => {}
        }
    }

    /// Whether the thing with this id was removed.
    fn is_removed(&self, ty: TypeId, id: Option<&Value>) -> bool {
        let removed = self.removed.get(&ty);
        id.zip(removed).is_some_and(|(id, removed)| removed.contains(&reading::text(id)))
    }

    /// Adds a thing of the room, or puts it in the place of the one with its id.
    fn put(&mut self, rules: &Rules, room: &Room, ty: TypeId, thing: Thing) {
        if !rules.is_of(&thing, room) {
            return;
        }
        if let Some((things, index)) = self.at(ty, thing.get(guesses::ID)) {
            things[index] = thing;
            return;
        }
        let things = self.things.entry(ty).or_default();
        things.push_back(thing);
        if things.len() > THINGS {
            things.pop_front();
        }
    }

    /// The thing with this id.
    fn at(&mut self, ty: TypeId, id: Option<&Value>) -> Option<(&mut VecDeque<Thing>, usize)> {
        let (things, id) = (self.things.get_mut(&ty)?, id?);
        let index = things.iter().position(|thing| thing.get(guesses::ID) == Some(id))?;
        Some((things, index))
    }
}

#[cfg(test)]
mod tests {
    use accord_runtime::{log::numbered, reply::encode};
    use serde_json::json;

    use super::*;

    fn history() -> History {
        let model = accord_language::load("../../schema/chat.yaml").unwrap_or_else(|errors| panic!("{errors}"));
        History::new(Box::leak(Box::new(model)))
    }

    fn room(id: usize) -> Room {
        Room { scope: "channel", id: format!("c{id}") }
    }

    fn say(history: &History, room: &Room, seq: u64, event: &'static str, payload: &Value) {
        let data = numbered(&encode(payload).unwrap(), seq);
        history.committed(room, &[Entry { seq, event: event.into(), data }]);
    }

    fn ids(history: &History, room: &Room) -> Option<Vec<String>> {
        let rooms = history.rooms.lock().unwrap();
        let things = rooms.rooms.get(room)?.things.values().flatten();
        Some(things.map(|thing| thing["id"].as_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn things_are_those_of_the_room_and_only_so_many_are_kept() {
        let (history, here) = (history(), room(1));
        for seq in 1..=THINGS as u64 + 2 {
            say(&history, &here, seq, "new_message", &json!({ "id": seq.to_string(), "channelId": "c1" }));
        }
        let kept = ids(&history, &here).unwrap();
        assert_eq!((kept.len(), kept[0].as_str()), (THINGS, "3"));
        say(&history, &here, 2000, "new_message", &json!({ "id": "x", "channelId": "c2" }));
        assert_eq!(ids(&history, &here).unwrap(), kept);
    }

    #[test]
    fn the_room_without_entries_for_the_longest_time_makes_room_for_another() {
        let history = history();
        for id in (0..ROOMS).chain([0, ROOMS]) {
            say(&history, &room(id), 1, "members_changed", &json!({ "channelId": room(id).id }));
        }
        assert_eq!([0, 1, 2, ROOMS].map(|id| ids(&history, &room(id)).is_some()), [true, false, true, true]);
    }
}
