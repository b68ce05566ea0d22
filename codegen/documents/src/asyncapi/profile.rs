//! The profile `x-accord-*`: the parts of a schema that AsyncAPI cannot express.

use std::time::Duration;

use accord_language::model::{
    Anytime, ClientEvent, Doc, Emit, ErrorDef, ErrorId, Evicts, Limit, Model, Per, Retry, RoomAction, Scope, ScopeId,
    ServerEvent, Target,
};
use serde_json::{Map, Value, json};

use super::keys;
use crate::receivers;

/// The explanation of the profile for readers of the document.
pub(super) const ABOUT: &str = "A client event takes an optional acknowledgement, which is `{ ok: true, data }` or `{ \
                                ok: false, error }`. Without one, a failure is the event that `x-accord-gateway` \
                                names as `errorEvent`. Rooms, limits, errors and resulting events are described under \
                                keys that begin with `x-accord-`; `x-accord-profile` explains each of them.";

/// The keys of the document.
pub(super) fn sections(model: &Model) -> Vec<(&'static str, Value)> {
    let logs = logs(model).map(|logs| ("x-accord-logs", logs));
    let disconnect = disconnect(model).map(|disconnect| ("x-accord-disconnect", disconnect));
    let sections = [
        ("x-accord-profile", json!({ "version": 1, "keys": keys::all(model) })),
        ("x-accord-scopes", scopes(model)),
        ("x-accord-limits", limits(model)),
        ("x-accord-errors", errors(model)),
        ("x-accord-connect", connect(model)),
        ("x-accord-gateway", gateway(model)),
    ];
    sections.into_iter().chain(disconnect).chain(logs).collect()
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
    keys.extend(event.idempotent.as_ref().map(|key| ("x-accord-idempotent", key.clone().into())));
    keys.extend(event.durable.then(|| ("x-accord-durable", true.into())));
    keys.extend(event.limit.map(|id| ("x-accord-limit", model.limits[id.0].name.clone().into())));
    let emits = event.emits.iter().map(|emit| receivers::emitted(model, emit, &event.also));
    keys.push((receivers::KEY, emits.collect()));
    keys.push(("x-accord-answers", names(model, &model.event_errors(event))));
    keys.push(("x-accord-failure", event.failure.clone().into()));
    keys.extend(of_doc(&event.doc));
    keys
}

/// The keys of a server event.
pub(super) fn of_server_event(model: &Model, event: &ServerEvent) -> Vec<(&'static str, Value)> {
    let mut keys = Vec::new();
    keys.extend(event.scope.map(|id| ("x-accord-scope", scope(model, id))));
    keys.extend(event.durable.then(|| ("x-accord-durable", true.into())));
    keys.extend(event.volatile.then(|| ("x-accord-volatile", true.into())));
    keys.extend(event.evicts.as_ref().map(|evicts| {
        let evicts = match evicts {
            Evicts::User(key) => json!({ "user": key }),
            Evicts::FormerMembers => "former_members".into(),
        };
        ("x-accord-evicts", evicts)
    }));
    keys.extend(event.anytime.map(|anytime| {
        let anytime = match anytime {
            Anytime::Scope => "scope",
            Anytime::User => "user",
        };
        ("x-accord-anytime", anytime.into())
    }));
    keys.extend(of_doc(&event.doc));
    keys
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

fn scopes(model: &Model) -> Value {
    let scope = |scope: &Scope| {
        let said = json!({ "summary": scope.doc.summary, "key": scope.key, "denied": error(model, scope.denied) });
        (scope.name.clone(), said)
    };
    Value::Object(model.scopes.iter().map(scope).collect())
}

fn logs(model: &Model) -> Option<Value> {
    let log = |scope: &Scope| {
        let log = scope.log.as_ref()?;
        let said = json!({
            "position": model.types[log.position.0].name,
            "caughtUp": log.caught_up,
            "keepMs": milliseconds(log.keep),
            "entries": log.entries,
            "floorMs": milliseconds(log.floor),
        });
        Some((scope.name.clone(), said))
    };
    let logs: Map<String, Value> = model.scopes.iter().filter_map(log).collect();
    (!logs.is_empty()).then(|| logs.into())
}

fn milliseconds(time: Duration) -> u64 {
    time.as_secs() * 1_000
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
        let mut emitted = receivers::emitted(model, emit, &[]);
        emitted["optional"] = emit.optional.into();
        if let [Target::Own(scope)] = emit.to[..] {
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
    let sometimes = [
        ("versionRefused", gateway.version_refused),
        ("positionLost", gateway.position_lost),
        ("idempotencyConflict", gateway.idempotency_conflict),
    ];
    for (key, id) in sometimes {
        if let Some(id) = id {
            said[key] = error(model, id);
        }
    }
    said
}
