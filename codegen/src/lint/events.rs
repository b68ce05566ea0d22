//! Requests, the rooms that they have to do with, and what follows from them.

use super::{
    Finding, Level, Place, Protocol, Rule,
    words::{is_request_key, words},
};
use crate::model::{Ack, ClientEvent, Kind, Retry, RoomAction, ScopeId, Target};

pub const RULES: &[Rule] = &[
    Rule {
        id: "join-leave",
        level: Level::Warning,
        what: "A room can be joined and not left, or left and not joined.",
        reason: "A client that shows another room has to disconnect to be rid of the first one's events; until then it gets, and \
                 the server sends, what nobody looks at.",
        remedy: "declare both: one event with `room: join` and one with `room: leave`",
        example: include_str!("examples/join-leave.yaml"),
        check: join_leave,
    },
    Rule {
        id: "unjoinable-room",
        level: Level::Warning,
        what: "Events go to rooms of a scope that no event joins.",
        reason: "Only sockets that have joined a room get its events. Without a request that joins, they reach nobody.",
        remedy: "declare an event with `room: join` for the scope",
        example: include_str!("examples/unjoinable-room.yaml"),
        check: unjoinable_room,
    },
    Rule {
        id: "silent-request",
        level: Level::Warning,
        what: "A request is acknowledged with nothing, and leads to no event that its sender gets.",
        reason: "The sender learns that it succeeded, and not what came of it: neither the id nor the time that the server gave. \
                 To show it, the client makes them up, and cannot correct them.",
        remedy: "add `ack`: the name of an emitted event, or a type",
        example: include_str!("examples/silent-request.yaml"),
        check: silent_request,
    },
    Rule {
        id: "missing-idempotency-key",
        level: Level::Warning,
        what: "A request that makes something may be retried, and carries no key by which the server knows a repetition.",
        reason: "A client whose connection drops before the acknowledgement cannot know whether the request was done. If it \
                 retries, there may be two of what it made; if it does not, none.",
        remedy: "add a field like `requestId` that the client chooses, and answer a repetition with what was made at first",
        example: include_str!("examples/missing-idempotency-key.yaml"),
        check: missing_idempotency_key,
    },
    Rule {
        id: "cross-room-emit",
        level: Level::Warning,
        what: "What belongs to one room is sent to another one.",
        reason: "The members of the other room may not belong to the first. Whatever the event carries of it reaches people who \
                 were never let in.",
        remedy: "send the event to its own room, or except it once its payload holds nothing that the other room may not see",
        example: include_str!("examples/cross-room-emit.yaml"),
        check: cross_room_emit,
    },
    Rule {
        id: "room-unnamed",
        level: Level::Warning,
        what: "An event to a room does not say which room.",
        reason: "A socket joins many rooms, and Socket.IO does not tell it which one an event came by. Without the room's id, a \
                 client has to search all that it shows for what the event is about.",
        remedy: "add the scope's key to the payload",
        example: include_str!("examples/room-unnamed.yaml"),
        check: room_unnamed,
    },
];

/// What a scope's events do with its room.
fn in_room<'m>(protocol: &Protocol<'m>, scope: ScopeId, action: RoomAction) -> Option<(Place, &'m ClientEvent)> {
    protocol.requests().find(|(_, event)| event.scope == Some(scope) && event.room == Some(action))
}

fn scopes<'m>(protocol: &Protocol<'m>) -> impl Iterator<Item = (ScopeId, Place, &'m str)> {
    let scopes = protocol.model.scopes.iter().enumerate();
    scopes.map(|(index, scope)| (ScopeId(index), Place::named(&["scopes"], &scope.name), scope.name.as_str()))
}

fn join_leave(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (scope, _, name) in scopes(protocol) {
        let [join, leave] = [RoomAction::Join, RoomAction::Leave].map(|action| in_room(protocol, scope, action));
        let (place, message) = match (join, leave) {
            (Some((place, _)), None) => (place, format!("the room of a `{name}` can be joined, and not left")),
            (None, Some((place, _))) => (place, format!("the room of a `{name}` can be left, and not joined")),
            _ => continue,
        };
        found.push(Finding::at(&place, message));
    }
    found
}

fn unjoinable_room(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (scope, place, name) in scopes(protocol) {
        if in_room(protocol, scope, RoomAction::Join).is_some() || in_room(protocol, scope, RoomAction::Leave).is_some()
        {
            continue;
        }
        if let Some((event, _)) = protocol.server_events().find(|(_, event)| event.scope == Some(scope)) {
            let message = format!("nobody can join the room of a `{name}`");
            found.push(Finding::at(&place, message).and(&event, "reaches nobody"));
        }
    }
    found
}

fn silent_request(protocol: &Protocol<'_>) -> Vec<Finding> {
    let reaches_sender =
        |event: &ClientEvent| event.emits.iter().any(|emit| matches!(emit.to, Target::Caller | Target::User));
    let silent = protocol
        .requests()
        .filter(|(_, event)| event.ack == Ack::None && event.room.is_none() && !reaches_sender(event));
    silent
        .map(|(place, event)| {
            Finding::at(&place, format!("the sender of `{}` does not learn what came of it", event.name))
        })
        .collect()
}

fn missing_idempotency_key(protocol: &Protocol<'_>) -> Vec<Finding> {
    let makes = [
        "book", "buy", "clone", "copy", "create", "draw", "file", "forward", "insert", "invite", "make", "order",
        "pay", "place", "post", "publish", "reply", "report", "request", "schedule", "send", "share", "submit",
        "transfer", "write",
    ];
    let mut found = Vec::new();
    for (place, event) in protocol.requests() {
        let first = words(&event.name).into_iter().next().unwrap_or_default();
        let retried = protocol.model.event_errors(event).into_iter().map(|id| &protocol.model.errors[id.0]);
        let retried = retried.filter(|error| matches!(error.retry, Retry::Yes)).map(|error| error.name.clone()).next();
        let fields = protocol.fields(event.payload);
        let has_key = fields.iter().any(|field| is_request_key(&field.name));
        if let Some(error) = retried.filter(|_| makes.contains(&first.as_str()) && !fields.is_empty() && !has_key) {
            let message = format!("a retry of `{}` may do it twice", event.name);
            found.push(Finding::at(&place, message).label(format!("`{error}` invites a retry")));
        }
    }
    found
}

fn cross_room_emit(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, event) in protocol.requests().filter(|(_, event)| event.scope.is_some()) {
        for emit in &event.emits {
            let Target::Also(also) = emit.to else { continue };
            let key = &event.also[also].key;
            let message =
                format!("`{}` goes to the room that `{key}` names, not to that of `{}`", emit.event, event.name);
            let finding = Finding::at(&place.key(&["emits", &emit.event]), message);
            found.push(finding.and(&Place::named(&["server"], &emit.event).key(&["payload"]), "what it carries"));
        }
    }
    found
}

fn room_unnamed(protocol: &Protocol<'_>) -> Vec<Finding> {
    let key_type = |scope: ScopeId| {
        let key = &protocol.model.scopes[scope.0].key;
        let requests = protocol.requests().filter(move |(_, event)| event.scope == Some(scope));
        requests
            .flat_map(|(_, event)| protocol.fields(event.payload))
            .find(|field| field.name == *key)
            .map(|field| &field.ty.kind)
    };
    let mut found = Vec::new();
    for (place, event) in protocol.server_events() {
        let Some(scope) = event.scope else { continue };
        let key = &protocol.model.scopes[scope.0].key;
        let ty = key_type(scope);
        let names_it = protocol.fields(event.payload).iter().any(|field| {
            let same_type = matches!(field.ty.kind, Kind::Ref(_)) && Some(&field.ty.kind) == ty;
            field.name == *key || same_type
        });
        if !names_it {
            let message = format!("`{}` does not say to which room it was sent", event.name);
            found.push(Finding::at(&place, message).label(format!("no `{key}`")));
        }
    }
    found
}
