//! The rooms of the objects in events.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use accord_language::model::{Model, ServerEvent, Target};
use serde_json::Value;

use super::Room;

/// By scope and id, the rooms of objects that have an id: messages.
#[derive(Default)]
pub(super) struct Homes(Mutex<HashMap<(String, String), Room>>);

impl Homes {
    /// The room that an event belongs to.
    pub fn of(&self, model: &Model, event: &ServerEvent, payload: &Value) -> Option<Room> {
        let scope = &model.scopes[event.scope?.0];
        let text = |key: &str| payload.get(key).and_then(Value::as_str);
        if let Some(id) = text(&scope.key) {
            return Some((scope.name.clone(), id.to_owned()));
        }
        for client in model.client_events() {
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
        let homes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        members.into_iter().find_map(|id| homes.get(&(scope.name.clone(), id.to_owned())).cloned())
    }

    /// Remembers the rooms of the objects in `value` that have an id and name a room.
    pub fn learn(&self, model: &Model, value: &Value) {
        match value {
            Value::Object(members) => {
                for scope in &model.scopes {
                    let text = |key: &str| members.get(key).and_then(Value::as_str);
                    if let (Some(id), Some(room)) = (text("id"), text(&scope.key)) {
                        let (of, room) = (scope.name.clone(), (scope.name.clone(), room.to_owned()));
                        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((of, id.to_owned()), room);
                    }
                }
                members.values().for_each(|member| self.learn(model, member));
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(model, item)),
            _ => {}
        }
    }
}
