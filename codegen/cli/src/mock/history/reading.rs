//! Answers that show the history of a room, by pages, and the position of its log.

use std::sync::PoisonError;

use accord_language::model::{Array, Kind, Model, Object, Scope, ScopeId, Type};
use accord_runtime::{Room, log::Position};
use serde_json::{Map, Value, json};

use super::{History, Thing, rules::List};
use crate::mock::make::guesses;

/// The number of things on a page for which the request names none.
const PAGE: u64 = 50;

/// An answer about a room with a log.
pub struct Reading {
    scope: &'static Scope,
    /// The object that the answer is, if it is one.
    object: Option<&'static Object>,
    /// Its fields with the log's position.
    position: Vec<&'static str>,
    list: Option<List>,
}

/// The part of a room's history that an answer shows.
pub struct Shown<'s> {
    /// The history of all rooms.
    pub history: &'s History,
    /// The answer.
    pub reading: &'s Reading,
    /// The room.
    pub room: Room,
    /// The position of the room's log.
    pub position: Position,
    /// The request, which says which page is wanted.
    pub given: &'s Map<String, Value>,
}

/// A page of things.
struct Page {
    things: Vec<Thing>,
    /// The numbers, and the place where the list goes on, by the names of the fields that have them.
    says: Map<String, Value>,
}

impl Reading {
    /// An answer about a room of this scope; `None` where there is none, or the scope has no log.
    pub fn of(history: &History, scope: Option<ScopeId>, answer: Option<&'static Type>) -> Option<Self> {
        let (rules, id, answer) = (&history.rules, scope?, answer?);
        let log = rules.model.log_of(id)?;
        let object = match answer.kind {
            Kind::Ref(id) => rules.model.object(id),
            _ => None,
        };
        let fields = object.into_iter().flat_map(|object| &object.fields);
        let position = fields.filter(|field| field.ty.kind == Kind::Ref(log.position));
        let position = position.map(|field| field.name.as_str()).collect();
        Some(Reading { scope: &rules.model.scopes[id.0], object, position, list: rules.list(id, answer) })
    }

    /// The room that a request is about.
    pub fn room(&self, given: &Map<String, Value>) -> Room {
        let id = given.get(&self.scope.key).and_then(Value::as_str).unwrap_or_default();
        Room { scope: &self.scope.name, id: id.to_owned() }
    }
}

impl Shown<'_> {
    /// Puts the history of the room, and its position, into an answer that is made up.
    pub fn put_into(mut self, answer: &mut Value) {
        let Reading { object, position, list, .. } = self.reading;
        if let (Some(things), Some((field, _, array))) = (self.read(), list) {
            let Page { things, says } = Page::of(things, array, self.given);
            let list = match field {
                Some(field) => answer.get_mut(field),
                None => Some(&mut *answer),
            };
            if let Some(list) = list {
                *list = things.into_iter().collect();
            }
            if let (Some(object), Some(answer)) = (object, answer.as_object_mut()) {
                say(self.history.rules.model, object, &says, answer, 0);
            }
        }
        if let Some(answer) = answer.as_object_mut() {
            answer.extend(position.iter().map(|field| ((*field).to_owned(), json!(self.position))));
        }
    }

    /// The room's things of the listed types, the newest first; `None` if none was ever sent there. It is read together
    /// with its position: the log may have gone on since its own was read.
    fn read(&mut self) -> Option<Vec<Thing>> {
        let rooms = self.history.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = rooms.rooms.get(&self.room)?;
        self.position.seq = kept.seq;
        let (_, ty, _) = self.reading.list?;
        Some(kept.things.get(&ty)?.iter().rev().cloned().collect())
    }
}

impl Page {
    /// The page of things, the newest first, that a request asks for.
    fn of(things: Vec<Thing>, array: &Array, given: &Map<String, Value>) -> Self {
        let number = |name: &str| given.get(name).and_then(Value::as_u64).map(|number| number.max(1));
        let limit = number(guesses::LIMIT).unwrap_or(PAGE).min(array.max_items.unwrap_or(u64::MAX));
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        let total = things.len();
        let page = number(guesses::PAGE).unwrap_or(1);
        let first = match guesses::cursor(given) {
            Some(cursor) => things.iter().position(|thing| is_at(thing, cursor)).map_or(total, |index| index + 1),
            None => size.saturating_mul(usize::try_from(page - 1).unwrap_or(usize::MAX)),
        };
        let things: Vec<_> = things.into_iter().skip(first).take(size).collect();
        let next = things.last().filter(|_| first + things.len() < total).and_then(|thing| thing.get(guesses::ID));
        let [total_name, pages_name] = guesses::TOTALS;
        let says = [
            (guesses::PAGE, json!(page)),
            (guesses::LIMIT, json!(limit)),
            (total_name, json!(total)),
            (pages_name, json!(total.div_ceil(size.max(1)))),
            (guesses::NEXT_CURSOR, next.map_or(Value::Null, |id| json!(text(id)))),
        ];
        Page { things, says: says.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
    }
}

/// Puts values into the fields of an object, and of the objects in it, that have their names.
fn say(model: &'static Model, object: &'static Object, says: &Map<String, Value>, answer: &mut Thing, depth: usize) {
    for field in &object.fields {
        match (says.get(&field.name), &field.ty.kind) {
            (Some(Value::Null), _) if !field.ty.nullable => drop(answer.remove(&field.name)),
            (Some(value), _) => drop(answer.insert(field.name.clone(), value.clone())),
            (None, Kind::Ref(id)) if depth == 0 => {
                if let (Some(object), Some(answer)) =
                    (model.object(*id), answer.get_mut(&field.name).and_then(Value::as_object_mut))
                {
                    say(model, object, says, answer, depth + 1);
                }
            }
            _ => {}
        }
    }
}

fn is_at(thing: &Thing, cursor: &str) -> bool {
    thing.get(guesses::ID).is_some_and(|id| text(id) == cursor)
}

/// An id as text: a cursor, for example.
pub fn text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}
