//! The constants that a client needs to catch up and to send again.

use std::collections::BTreeSet;

use accord_language::model::{ClientEvent, Model, RoomAction, Scope, ScopeId, ScopeLog, ServerEvent, Target};

use super::constant::{Constant, Documented, Entry};

/// Returns whether there is anything to catch up with. An event that can be sent again leads to an entry of a log, too.
pub(super) fn are_there(model: &Model) -> bool {
    model.scopes.iter().any(|scope| scope.log.is_some())
}

/// All of them, or none if no kind of room has a log.
pub(super) fn constants(model: &Model) -> Vec<Documented> {
    if !are_there(model) {
        return Vec::new();
    }
    let logs =
        model.scopes.iter().filter_map(|scope| Some(Entry::new(&scope.name, log(model, scope, scope.log.as_ref()?))));
    let durable = model.server_events().filter(|event| event.durable);
    let durable = durable.filter_map(|event| Some(Entry::new(&event.name, durable_event(model, event)?)));
    let idempotent = model.client_events();
    let idempotent = idempotent.filter_map(|event| Some(Entry::new(&event.name, idempotent_event(model, event)?)));
    vec![
        (
            "The kinds of rooms that have a log: the field that names the room, the events that join it (with `since`) \
             and leave it, the answer (with `position`), the event that ends a replay, the code of a position that is \
             lost, and how long entries are kept.",
            "LOGS",
            Constant::Object(logs.collect()),
        ),
        (
            "The server events that are entries of a log: the kind of room whose log it is, and the field that names the \
             room, if one does. Each has its number, `seq`.",
            "DURABLE_EVENTS",
            Constant::Object(durable.collect()),
        ),
        (
            "The client events that may be sent again: the field by which a repetition is known, and the kind and the \
             field of the room that has it in its log.",
            "IDEMPOTENT_EVENTS",
            Constant::Object(idempotent.collect()),
        ),
    ]
}

fn log(model: &Model, scope: &Scope, log: &ScopeLog) -> Constant {
    let join = model.room_event(&scope.name, RoomAction::Join);
    let leave = model.room_event(&scope.name, RoomAction::Leave);
    let joined = join.and_then(|join| join.emits.iter().find(|emit| emit.always_answers()));
    let lost = model.gateway.position_lost.map(|id| &model.errors[id.0]);
    let names = [
        ("key", Some(&scope.key)),
        ("join", join.map(|join| &join.name)),
        ("leave", leave.map(|leave| &leave.name)),
        ("joined", joined.map(|joined| &joined.event)),
        ("caughtUp", Some(&log.caught_up)),
        ("lost", lost.map(|lost| &lost.code)),
    ];
    let numbers =
        [("keepMs", log.keep.as_millis()), ("entries", log.entries.into()), ("floorMs", log.floor.as_millis())];
    let numbers = numbers.map(|(key, number)| Entry::new(key, Constant::Scalar(number.to_string())));
    Constant::Object(strings(names).chain(numbers).collect())
}

fn durable_event(model: &Model, event: &ServerEvent) -> Option<Constant> {
    let scope = &model.scopes[event.scope?.0];
    let names = [("scope", Some(&scope.name)), ("room", room_field(model, event, scope))];
    Some(Constant::Object(strings(names).collect()))
}

/// The field of an entry's payload that names the room: that of the client events that lead to it, if it has the field.
fn room_field<'a>(model: &'a Model, event: &ServerEvent, scope: &'a Scope) -> Option<&'a String> {
    let mut keys = BTreeSet::new();
    for client in model.client_events() {
        for target in client.emits.iter().filter(|emit| emit.event == event.name).flat_map(|emit| &emit.to) {
            match target {
                Target::Scope => keys.extend(client.scope.map(|scope| &model.scopes[scope.0].key)),
                Target::Also(index) => drop(keys.insert(&client.also[*index].key)),
                _ => (),
            }
        }
    }
    if keys.is_empty() {
        keys.insert(&scope.key);
    }
    let field = keys.pop_first().filter(|_| keys.is_empty())?;
    let is_field = model.object(event.payload?)?.fields.iter().any(|found| found.name == *field && found.required);
    is_field.then_some(field)
}

fn idempotent_event(model: &Model, event: &ClientEvent) -> Option<Constant> {
    let key = event.idempotent.as_ref()?;
    let of_scope = |scope: ScopeId| &model.scopes[scope.0];
    let own = event.scope.map(|scope| (of_scope(scope), &of_scope(scope).key));
    let also = event.also.iter().map(|also| (of_scope(also.scope), &also.key));
    let (scope, room) = own.into_iter().chain(also).nth(model.log_room(event)?)?;
    let names = [("key", Some(key)), ("scope", Some(&scope.name)), ("room", Some(room))];
    Some(Constant::Object(strings(names).collect()))
}

fn strings<'a, const COUNT: usize>(names: [(&'a str, Option<&'a String>); COUNT]) -> impl Iterator<Item = Entry> + 'a {
    names.into_iter().filter_map(|(key, name)| Some(Entry::new(key, Constant::string(name?))))
}
