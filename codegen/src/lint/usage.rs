//! What is declared, and what uses it.

use std::collections::HashSet;

use super::{Finding, Level, Place, Protocol, Rule};
use crate::model::{Emit, ErrorId, LimitId, ScopeId, Target, TypeId};

pub const RULES: &[Rule] = &[
    Rule {
        id: "unused",
        level: Level::Warning,
        what: "A type, an error, a limit or a scope is declared, and nothing uses it.",
        reason: "It is in the code, the reference and the types of every client, and says of the protocol what is not so: an \
                 error to handle that never comes, a limit that nothing keeps.",
        remedy: "use it, or leave it out",
        example: include_str!("examples/unused.yaml"),
        check: unused,
    },
    Rule {
        id: "never-emitted",
        level: Level::Warning,
        what: "Nothing leads to a server event.",
        reason: "Clients register for it and wait. What the server sends without a request has no place in the schema that \
                 anybody could check.",
        remedy: "name it under `emits` of the request that leads to it, or leave it out",
        example: include_str!("examples/never-emitted.yaml"),
        check: never_emitted,
    },
    Rule {
        id: "deprecated-in-use",
        level: Level::Warning,
        what: "Something that stays uses something that is going away.",
        reason: "It cannot go while that needs it, and clients that keep away from the one meet it through the other.",
        remedy: "use what replaces it, or deprecate both",
        example: include_str!("examples/deprecated-in-use.yaml"),
        check: deprecated_in_use,
    },
    UNNEEDED_EXCEPTION,
];

/// Exceptions that except nothing. They are known only once all other rules have been asked.
pub const UNNEEDED_EXCEPTION: Rule = Rule {
    id: "unneeded-exception",
    level: Level::Warning,
    what: "An exception is made of something that its rule finds no fault with.",
    reason: "It tells its readers of a flaw that is gone, and would hide the next one in the same place.",
    remedy: "leave the exception out",
    example: include_str!("examples/unneeded-exception.yaml"),
    check: |_| Vec::new(),
};

fn unused(protocol: &Protocol<'_>) -> Vec<Finding> {
    let model = protocol.model;
    let gateway = &model.gateway;
    let mut errors: HashSet<ErrorId> = HashSet::from([
        gateway.token_missing,
        gateway.token_refused,
        gateway.token_expired,
        gateway.unknown_event,
        gateway.invalid_payload,
        gateway.rate_limited,
        gateway.internal,
        gateway.admin_only,
    ]);
    let mut limits: HashSet<LimitId> = gateway.unknown_limit.into_iter().collect();
    let mut scopes: HashSet<ScopeId> = HashSet::new();
    errors.extend(gateway.version_refused);
    errors.extend(&model.connect.errors);
    errors.extend(model.scopes.iter().map(|scope| scope.denied));
    for emit in model.unasked() {
        if let Target::Own(scope) = emit.to {
            scopes.insert(scope);
        }
    }
    for (_, event) in protocol.requests() {
        errors.extend(&event.errors);
        limits.extend(event.limit);
        scopes.extend(event.scope.into_iter().chain(event.also.iter().map(|also| also.scope)));
    }
    for (_, operation) in protocol.rest() {
        errors.extend(&operation.errors);
        limits.extend(operation.limit);
        scopes.extend(operation.scope);
    }
    let types: HashSet<TypeId> = (0..model.types.len()).map(TypeId).filter(|id| protocol.is_used(*id)).collect();

    let mut found = Vec::new();
    let mut add = |section: &str, what: &str, name: &str| {
        found.push(Finding::at(&Place::named(&[section], name), format!("nothing uses the {what} `{name}`")));
    };
    let unused = |used: bool, name| (!used).then_some(name);
    for name in
        (0..).zip(&model.types).filter_map(|(id, def)| unused(!def.named || types.contains(&TypeId(id)), &def.name))
    {
        add("types", "type", name);
    }
    for name in (0..).zip(&model.errors).filter_map(|(id, error)| unused(errors.contains(&ErrorId(id)), &error.name)) {
        add("errors", "error", name);
    }
    for name in (0..).zip(&model.limits).filter_map(|(id, limit)| unused(limits.contains(&LimitId(id)), &limit.name)) {
        add("limits", "limit", name);
    }
    for name in (0..).zip(&model.scopes).filter_map(|(id, scope)| unused(scopes.contains(&ScopeId(id)), &scope.name)) {
        add("scopes", "scope", name);
    }
    found
}

fn emits<'m>(protocol: &Protocol<'m>) -> impl Iterator<Item = (Place, &'m Emit, bool)> {
    let of = |section: &'static str, emits: &'m [Emit]| {
        emits.iter().map(move |emit| (Place::section(section).key(&["emits", &emit.event]), emit, false))
    };
    let connect = of("connect", &protocol.model.connect.emits);
    let disconnect = protocol.model.disconnect.iter().flat_map(move |end| of("disconnect", &end.emits));
    let requests = protocol.requests().flat_map(|(place, event)| {
        let is_leaving = event.doc.deprecated.is_some();
        event.emits.iter().map(move |emit| (place.key(&["emits", &emit.event]), emit, is_leaving))
    });
    connect.chain(disconnect).chain(requests)
}

fn never_emitted(protocol: &Protocol<'_>) -> Vec<Finding> {
    let emitted: HashSet<&str> = emits(protocol).map(|(_, emit, _)| emit.event.as_str()).collect();
    let never = protocol.server_events().filter(|(_, event)| {
        !emitted.contains(event.name.as_str()) && event.name != protocol.model.gateway.error_event
    });
    never.map(|(place, event)| Finding::at(&place, format!("nothing leads to `{}`", event.name))).collect()
}

fn deprecated_in_use(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, emit, is_leaving) in emits(protocol) {
        let event = protocol.server_events().find(|(_, event)| event.name == emit.event);
        if let Some((event_place, _)) = event.filter(|(_, event)| event.doc.deprecated.is_some() && !is_leaving) {
            let message = format!("`{}` leads to `{}`, which is going away", place.name(), emit.event);
            found.push(Finding::at(&place, message).and(&event_place, "deprecated"));
        }
    }
    let things = &protocol.things;
    let leaves = |place: &Place| {
        things.iter().any(|thing| thing.doc.deprecated.is_some() && place.is_within(thing.place.name()))
    };
    let requests = protocol.requests().map(|(place, event)| (place, event.payload));
    let events = protocol.server_events().map(|(place, event)| (place, event.payload));
    let payloads = requests.chain(events).filter_map(|(place, id)| Some((place.key(&["payload"]), protocol.def(id?))));
    let values = protocol.values.iter();
    let values = values.filter_map(|value| Some((value.place.clone(), protocol.named(value.kind)?)));
    for (place, def) in payloads.chain(values) {
        if def.named && def.doc.deprecated.is_some() && !leaves(&place) {
            let message = format!("`{}` is a `{}`, which is going away", place.name(), def.name);
            found.push(Finding::at(&place, message).and(&Place::named(&["types"], &def.name), "deprecated"));
        }
    }
    found
}
