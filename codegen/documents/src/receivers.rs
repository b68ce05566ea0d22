//! The events that something leads to, and their receivers, as documents of JSON have them.

use accord_language::model::{AlsoScope, Emit, Model, Target};
use serde_json::{Value, json};

/// The key of the events that something leads to.
pub(super) const KEY: &str = "x-accord-emits";

/// An event that follows; `rooms` are those that its targets point into.
pub(super) fn emitted(model: &Model, emit: &Emit, rooms: &[AlsoScope]) -> Value {
    let mut emitted = json!({ "event": emit.event, "to": receivers(model, emit, rooms) });
    if let [Target::Also(index)] = emit.to[..] {
        emitted["key"] = rooms[index].key.clone().into();
    }
    if emit.optional {
        emitted["optional"] = true.into();
    }
    emitted
}

/// One receiver, or a list of them.
fn receivers(model: &Model, emit: &Emit, rooms: &[AlsoScope]) -> Value {
    match &emit.to[..] {
        [target @ (Target::Also(_) | Target::Own(_))] => word(target).into(),
        [target] => receiver(model, target, rooms),
        targets => targets.iter().map(|target| receiver(model, target, rooms)).collect(),
    }
}

/// A word, and the name of the field or scope that it takes.
fn receiver(model: &Model, target: &Target, rooms: &[AlsoScope]) -> Value {
    let name = match target {
        Target::Caller | Target::Scope | Target::Others | Target::User => return word(target).into(),
        Target::Also(index) | Target::Room(index) => &rooms[*index].key,
        Target::UserOf(key) => key,
        Target::Own(scope) => &model.scopes[scope.0].name,
    };
    json!({ word(target): name })
}

fn word(target: &Target) -> &'static str {
    match target {
        Target::Caller => "caller",
        Target::Scope => "scope",
        Target::Others => "others",
        Target::User | Target::UserOf(_) => "user",
        Target::Also(_) => "also",
        Target::Own(_) => "own",
        Target::Room(_) => "room",
    }
}

/// Returns whether some event has receivers that take more than a word.
pub(super) fn are_listed(model: &Model) -> bool {
    model.emits().any(|emit| matches!(emit.to[..], [Target::UserOf(_) | Target::Room(_)] | [_, _, ..]))
}
