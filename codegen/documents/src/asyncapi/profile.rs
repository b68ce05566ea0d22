//! The profile `x-accord-*`: what a schema says that AsyncAPI has no words for.

use accord_language::model::{
    ClientEvent, Doc, Emit, ErrorDef, ErrorId, Limit, Model, Per, Retry, RoomAction, Scope, ScopeId, ServerEvent,
    Target,
};
use serde_json::{Map, Value, json};

/// The explanation of the profile for readers of the document.
pub(super) const ABOUT: &str = "A client event takes an optional acknowledgement, which is `{ ok: true, data }` or `{ \
                                ok: false, error }`. Without one, a failure is the event that `x-accord-gateway` \
                                names as `errorEvent`. Rooms, limits, errors and resulting events are described under \
                                keys that begin with `x-accord-`; `x-accord-profile` explains each of them.";

/// The meaning of each key.
const KEYS: [(&str, &str); 16] = [
    (
        "x-accord-scopes",
        "The kinds of rooms: the payload's field that names the room, and the error for users who are not members.",
    ),
    (
        "x-accord-limits",
        "Token buckets, one per user or socket: `burst` tokens, of which `rate` come back each `periodMs`.",
    ),
    ("x-accord-errors", "The errors by name: their code and message, and whether a retry helps."),
    (
        "x-accord-connect",
        "The handshake: the server events that it leads to, and the errors that it may be refused with.",
    ),
    ("x-accord-disconnect", "The end of a socket, where something follows it: the server events that it leads to."),
    ("x-accord-gateway", "The errors that the gateway itself answers with, by name."),
    (
        "x-accord-scope",
        "The scope of the event's room. For a client event, membership is proven first; a server event goes to the \
         sockets that have joined the room.",
    ),
    ("x-accord-also", "Further memberships that are proven first: the payload's field, and its scope."),
    ("x-accord-room", "The event's effect on this socket and the room of its scope: `join` or `leave`."),
    (
        "x-accord-renews",
        "The payload's field with a new token: with a valid one of the same user, the connection outlives the \
         previous token.",
    ),
    ("x-accord-limit", "The limit that the event draws on."),
    (
        "x-accord-emits",
        "The server events that follow, and the receivers of each: the `caller`'s socket, all sockets in the room of \
         the `scope`, the `others` there, all sockets of the `user`, or the room of the field `key` of \
         `x-accord-also`. Events that follow a connect or disconnect may go to the user's `own` room of a `scope`: \
         the one whose id is the user's. An `optional` event does not always follow.",
    ),
    ("x-accord-answers", "The names of the errors that may answer the event, in the order of the checks."),
    ("x-accord-failure", "The event's message for the gateway's error `internal`."),
    ("x-accord-since", "The version of the protocol that brought the event."),
    (
        "x-accord-deprecated",
        "Marks the event as deprecated: since when, what to use instead, and the version that removes it.",
    ),
];

/// The keys of the document.
pub(super) fn sections(model: &Model) -> Vec<(&'static str, Value)> {
    let keys: Map<String, Value> = KEYS.iter().map(|(key, meaning)| ((*key).to_owned(), (*meaning).into())).collect();
    let disconnect = disconnect(model).map(|disconnect| ("x-accord-disconnect", disconnect));
    let sections = [
        ("x-accord-profile", json!({ "version": 1, "keys": keys })),
        ("x-accord-scopes", scopes(model)),
        ("x-accord-limits", limits(model)),
        ("x-accord-errors", errors(model)),
        ("x-accord-connect", connect(model)),
        ("x-accord-gateway", gateway(model)),
    ];
    sections.into_iter().chain(disconnect).collect()
}

/// The keys of a client event.
pub(super) fn of_client_event(model: &Model, event: &ClientEvent) -> Vec<(&'static str, Value)> {
    let mut keys = Vec::new();
    keys.extend(event.scope.map(|id| ("x-accord-scope", scope(model, id))));
    if !event.also.is_empty() {
        let also = event.also.iter().map(|also| json!({ "key": also.key, "scope": scope(model, also.scope) }));
        keys.push(("x-accord-also", also.collect()));
    }
    keys.extend(event.room.map(|action| {
        let action = match action {
            RoomAction::Join => "join",
            RoomAction::Leave => "leave",
        };
        ("x-accord-room", action.into())
    }));
    keys.extend(event.renews.as_ref().map(|token| ("x-accord-renews", token.clone().into())));
    keys.extend(event.limit.map(|id| ("x-accord-limit", model.limits[id.0].name.clone().into())));
    let emits = event.emits.iter().map(|emit| emitted(emit, event));
    keys.push(("x-accord-emits", emits.collect()));
    keys.push(("x-accord-answers", names(model, &model.event_errors(event))));
    keys.push(("x-accord-failure", event.failure.clone().into()));
    keys.extend(of_doc(&event.doc));
    keys
}

/// The keys of a server event.
pub(super) fn of_server_event(model: &Model, event: &ServerEvent) -> Vec<(&'static str, Value)> {
    let scope = event.scope.map(|id| ("x-accord-scope", scope(model, id)));
    scope.into_iter().chain(of_doc(&event.doc)).collect()
}

fn of_doc(doc: &Doc) -> impl Iterator<Item = (&'static str, Value)> {
    let since = doc.since.as_ref().map(|since| ("x-accord-since", since.clone().into()));
    let deprecated = doc.deprecated.as_ref().map(|deprecated| {
        let mut said = json!({ "since": deprecated.since });
        for (key, value) in [("use", &deprecated.r#use), ("until", &deprecated.until)] {
            if let Some(value) = value {
                said[key] = value.clone().into();
            }
        }
        ("x-accord-deprecated", said)
    });
    since.into_iter().chain(deprecated)
}

fn scope(model: &Model, id: ScopeId) -> Value {
    model.scopes[id.0].name.clone().into()
}

fn error(model: &Model, id: ErrorId) -> Value {
    model.errors[id.0].name.clone().into()
}

fn names(model: &Model, errors: &[ErrorId]) -> Value {
    errors.iter().map(|&id| error(model, id)).collect()
}

fn emitted(emit: &Emit, event: &ClientEvent) -> Value {
    let mut emitted = json!({ "event": emit.event, "to": to(&emit.to) });
    if let Target::Also(index) = emit.to {
        emitted["key"] = event.also[index].key.clone().into();
    }
    if emit.optional {
        emitted["optional"] = true.into();
    }
    emitted
}

fn to(target: &Target) -> &'static str {
    match target {
        Target::Caller => "caller",
        Target::Scope => "scope",
        Target::Others => "others",
        Target::User => "user",
        Target::Also(_) => "also",
        Target::Own(_) => "own",
    }
}

fn scopes(model: &Model) -> Value {
    let scope = |scope: &Scope| {
        let said = json!({ "summary": scope.doc.summary, "key": scope.key, "denied": error(model, scope.denied) });
        (scope.name.clone(), said)
    };
    Value::Object(model.scopes.iter().map(scope).collect())
}

fn limits(model: &Model) -> Value {
    let limit = |limit: &Limit| {
        let per = match limit.per {
            Per::User => "user",
            Per::Socket => "socket",
        };
        let Limit { rate, period_ms, burst, .. } = limit;
        let said = json!({
            "summary": limit.doc.summary, "per": per, "rate": rate, "periodMs": period_ms, "burst": burst,
        });
        (limit.name.clone(), said)
    };
    Value::Object(model.limits.iter().map(limit).collect())
}

fn errors(model: &Model) -> Value {
    let error = |error: &ErrorDef| {
        let retry = match error.retry {
            Retry::No => "no",
            Retry::Yes => "yes",
            Retry::After => "after",
            Retry::NewToken => "new_token",
        };
        let mut said = json!({
            "summary": error.doc.summary, "code": error.code, "message": error.message, "status": error.status, "retry": retry,
        });
        for (key, value) in of_doc(&error.doc) {
            said[key] = value;
        }
        (error.name.clone(), said)
    };
    Value::Object(model.errors.iter().map(error).collect())
}

fn connect(model: &Model) -> Value {
    let connect = &model.connect;
    json!({
        "summary": connect.doc.summary,
        "emits": unasked(model, &connect.emits),
        "errors": names(model, &model.connect_errors()),
        "failure": connect.failure,
    })
}

fn disconnect(model: &Model) -> Option<Value> {
    let disconnect = model.disconnect.as_ref()?;
    Some(json!({ "summary": disconnect.doc.summary, "emits": unasked(model, &disconnect.emits) }))
}

/// The events that follow a connection or a disconnection, which has no scope and needs no membership.
fn unasked(model: &Model, emits: &[Emit]) -> Vec<Value> {
    let emit = |emit: &Emit| {
        let mut emitted = json!({ "event": emit.event, "to": to(&emit.to), "optional": emit.optional });
        if let Target::Own(scope) = emit.to {
            emitted["scope"] = model.scopes[scope.0].name.clone().into();
        }
        emitted
    };
    emits.iter().map(emit).collect()
}

fn gateway(model: &Model) -> Value {
    let gateway = &model.gateway;
    let limit = gateway.unknown_limit.map(|id| model.limits[id.0].name.clone());
    let mut said = json!({
        "errorEvent": gateway.error_event,
        "unknownEvents": { "limit": limit, "answer": error(model, gateway.unknown_event) },
        "tokenMissing": error(model, gateway.token_missing),
        "tokenRefused": error(model, gateway.token_refused),
        "tokenExpired": error(model, gateway.token_expired),
        "invalidPayload": error(model, gateway.invalid_payload),
        "rateLimited": error(model, gateway.rate_limited),
        "internal": error(model, gateway.internal),
    });
    if let Some(id) = gateway.version_refused {
        said["versionRefused"] = error(model, id);
    }
    said
}
