//! Requests, their rooms, and their consequences.

use std::collections::HashMap;

use accord_language::model::{
    Ack, ClientEvent, Emit, Kind, Retry, RoomAction, ScopeId, Target,
    index::{Index, Subject},
};

use super::{
    Finding, Level, LintRule,
    words::{is_request_key, words},
};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "join-leave",
        level: Level::Warning,
        what: "A room can be joined but not left, or left but not joined.",
        reason: "A client that switches rooms has to disconnect to stop getting the first room's events; until then \
                 the server sends, and the client receives, events that nobody looks at.",
        remedy: "declare both: one event with `room: join` and one with `room: leave`",
        example: include_str!("examples/join-leave.yaml"),
        check: join_leave,
    },
    LintRule {
        id: "unjoinable-room",
        level: Level::Warning,
        what: "Events go to rooms of a scope that no event joins.",
        reason: "Only sockets that have joined a room get its events. Without an event that joins the room, its \
                 events reach nobody.",
        remedy: "declare an event with `room: join` for the scope",
        example: include_str!("examples/unjoinable-room.yaml"),
        check: unjoinable_room,
    },
    LintRule {
        id: "silent-request",
        level: Level::Warning,
        what: "A request's acknowledgement is empty, and no event goes to its sender.",
        reason: "The sender learns that it succeeded, but not the result: neither the id nor the time that the server \
                 assigned. To show it, the client makes them up and cannot correct them.",
        remedy: "add `ack`: the name of an emitted event, or a type",
        example: include_str!("examples/silent-request.yaml"),
        check: silent_request,
    },
    LintRule {
        id: "missing-idempotency-key",
        level: Level::Warning,
        what: "A request that creates something may be retried, but carries no key by which the server recognizes a \
               repetition.",
        reason: "A client whose connection drops before the acknowledgement cannot know whether the request took \
                 effect. If it retries, there may be two results; if it does not, there may be none.",
        remedy: "add a field like `requestId` that the client chooses, and answer a repetition with the first result: for \
                 rooms that have a log, `idempotent: requestId` does so",
        example: include_str!("examples/missing-idempotency-key.yaml"),
        check: missing_idempotency_key,
    },
    LintRule {
        id: "cross-room-emit",
        level: Level::Warning,
        what: "An event of one room is sent to another room.",
        reason: "The members of the other room may not be members of the first. The event's data reaches people who \
                 have no access to it.",
        remedy: "send the event to its own room, or make an exception once its payload contains nothing that the \
                 other room must not see",
        example: include_str!("examples/cross-room-emit.yaml"),
        check: cross_room_emit,
    },
    LintRule {
        id: "room-unnamed",
        level: Level::Warning,
        what: "An event to a room does not say which room.",
        reason: "A socket joins many rooms, and Socket.IO does not tell it which of them an event was sent to. \
                 Without the room's id, a client has to search everything it shows for the event's subject.",
        remedy: "add the scope's key to the payload",
        example: include_str!("examples/room-unnamed.yaml"),
        check: room_unnamed,
    },
];

/// The first event of each scope that joins its room, and the one that leaves it.
fn in_rooms(index: &Index<'_>) -> HashMap<ScopeId, [Option<Subject>; 2]> {
    let mut found: HashMap<ScopeId, [Option<Subject>; 2]> = HashMap::new();
    for (subject, event) in index.requests() {
        if let (Some(scope), Some(action)) = (event.scope, event.room) {
            found.entry(scope).or_default()[usize::from(action == RoomAction::Leave)].get_or_insert(subject);
        }
    }
    found
}

fn scopes<'m>(index: &Index<'m>) -> impl Iterator<Item = (ScopeId, Subject, &'m str)> {
    let scopes = index.model.scopes.iter().enumerate();
    scopes.map(|(id, scope)| (ScopeId(id), Subject::new(&scope.name, &scope.place), scope.name.as_str()))
}

fn join_leave(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut rooms = in_rooms(index);
    for (scope, _, name) in scopes(index) {
        let (subject, message) = match rooms.remove(&scope) {
            Some([Some(subject), None]) => (subject, format!("the room of a `{name}` can be joined but not left")),
            Some([None, Some(subject)]) => (subject, format!("the room of a `{name}` can be left but not joined")),
            _ => continue,
        };
        found.push(Finding::at(&subject, message));
    }
    found
}

fn unjoinable_room(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let rooms = in_rooms(index);
    let mut events: HashMap<ScopeId, Subject> = HashMap::new();
    for (subject, event) in index.server_events() {
        if let Some(scope) = event.scope {
            events.entry(scope).or_insert(subject);
        }
    }
    for (scope, subject, name) in scopes(index) {
        if rooms.contains_key(&scope) {
            continue;
        }
        if let Some(event) = events.get(&scope) {
            let message = format!("nobody can join the room of a `{name}`");
            found.push(Finding::at(&subject, message).and(&event.place, "reaches nobody"));
        }
    }
    found
}

fn silent_request(index: &Index<'_>) -> Vec<Finding> {
    let reaches_sender = |event: &ClientEvent| {
        let mut targets = event.emits.iter().flat_map(|emit| &emit.to);
        targets.any(|target| matches!(target, Target::Caller | Target::User))
    };
    let silent =
        index.requests().filter(|(_, event)| event.ack == Ack::None && event.room.is_none() && !reaches_sender(event));
    silent
        .map(|(subject, event)| {
            Finding::at(&subject, format!("the sender of `{}` does not learn the result", event.name))
        })
        .collect()
}

fn missing_idempotency_key(index: &Index<'_>) -> Vec<Finding> {
    let makes = [
        "book", "buy", "clone", "copy", "create", "draw", "file", "forward", "insert", "invite", "make", "order",
        "pay", "place", "post", "publish", "reply", "report", "request", "schedule", "send", "share", "submit",
        "transfer", "write",
    ];
    let mut found = Vec::new();
    for (subject, event) in index.requests().filter(|(_, event)| !leaves_nothing(index, event)) {
        let first = words(&event.name).into_iter().next().unwrap_or_default();
        let retried = index.model.event_errors(event).into_iter().map(|id| &index.model.errors[id.0]);
        let retried = retried.filter(|error| matches!(error.retry, Retry::Yes)).map(|error| error.name.clone()).next();
        let fields = index.fields(event.payload);
        // Where there is a log, the language itself knows how to recognize a repetition.
        let has_key = match event.durable {
            true => event.idempotent.is_some(),
            false => fields.iter().any(|field| is_request_key(&field.name)),
        };
        if let Some(error) = retried.filter(|_| makes.contains(&first.as_str()) && !fields.is_empty() && !has_key) {
            let message = format!("a retry of `{}` may be carried out twice", event.name);
            found.push(Finding::at(&subject, message).label(format!("`{error}` invites a retry")));
        }
    }
    found
}

/// Returns whether a request leads only to volatile events, so that a repetition leaves nothing behind twice.
fn leaves_nothing(index: &Index<'_>, event: &ClientEvent) -> bool {
    let is_volatile = |emit: &Emit| index.model.server_event(&emit.event).is_some_and(|event| event.volatile);
    !event.emits.is_empty() && event.emits.iter().all(is_volatile)
}

fn cross_room_emit(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, event) in index.requests().filter(|(_, event)| event.scope.is_some()) {
        for (emit, target) in event.emits.iter().flat_map(|emit| emit.to.iter().map(move |target| (emit, target))) {
            let Target::Also(also) = target else { continue };
            let key = &event.also[*also].key;
            let message =
                format!("`{}` goes to the room that `{key}` names, not to that of `{}`", emit.event, event.name);
            let finding = Finding::at(&subject.at(&emit.place), message);
            let carried = index.model.server_event(&emit.event);
            found.push(match carried {
                Some(carried) => finding.and(&carried.place.key("payload"), "what it carries"),
                None => finding,
            });
        }
    }
    found
}

fn room_unnamed(index: &Index<'_>) -> Vec<Finding> {
    let mut key_types: HashMap<ScopeId, &Kind> = HashMap::new();
    for event in index.model.client_events() {
        let Some(scope) = event.scope else { continue };
        let key = &index.model.scopes[scope.0].key;
        if let Some(field) = index.fields(event.payload).iter().find(|field| field.name == *key) {
            key_types.entry(scope).or_insert(&field.ty.kind);
        }
    }
    let mut found = Vec::new();
    for (subject, event) in index.server_events() {
        let Some(scope) = event.scope else { continue };
        let key = &index.model.scopes[scope.0].key;
        let ty = key_types.get(&scope).copied();
        let names_it = index.fields(event.payload).iter().any(|field| {
            let same_type = matches!(field.ty.kind, Kind::Ref(_)) && Some(&field.ty.kind) == ty;
            field.name == *key || same_type
        });
        if !names_it {
            let message = format!("`{}` does not say to which room it was sent", event.name);
            found.push(Finding::at(&subject, message).label(format!("no `{key}`")));
        }
    }
    found
}
