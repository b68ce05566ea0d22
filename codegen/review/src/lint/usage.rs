//! Rules for declarations and their uses.

use std::collections::HashSet;

use accord_language::model::{
    Emit, ErrorId, LimitId, Place, SINCE, ScopeId, Target, TypeId,
    index::{Index, Subject},
};

use super::{Finding, Level, LintRule};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "unused",
        level: Level::Warning,
        what: "A type, an error, a limit or a scope is declared, and nothing uses it.",
        reason: "It is in the code, the reference and the types of every client, and misinforms about the protocol: \
                 an error to handle that never comes, a limit that never applies.",
        remedy: "use it, or leave it out",
        example: include_str!("examples/unused.yaml"),
        check: unused,
    },
    LintRule {
        id: "never-emitted",
        level: Level::Warning,
        what: "Nothing leads to a server event.",
        reason: "Clients register for it and wait. An event that the server sends without a request cannot be checked \
                 against the schema.",
        remedy: "name it under `emits` of the request that leads to it, or leave it out",
        example: include_str!("examples/never-emitted.yaml"),
        check: never_emitted,
    },
    LintRule {
        id: "deprecated-in-use",
        level: Level::Warning,
        what: "Something uses a part of the protocol that is going away.",
        reason: "It cannot be removed while it is needed, and clients that avoid it meet it indirectly.",
        remedy: "use what replaces it, or deprecate both",
        example: include_str!("examples/deprecated-in-use.yaml"),
        check: deprecated_in_use,
    },
    LintRule {
        id: "unread-field",
        level: Level::Warning,
        what: "A client event that the gateway carries out itself takes a field that nothing reads.",
        reason: "With `room` and `renews` there is no handler: of its payload, the gateway reads the key of the room, the \
                 position from which to catch up, or the token. Whatever else clients send has no effect, and nothing says so.",
        remedy: "leave it out, or declare an event with a handler for it",
        example: include_str!("examples/unread-field.yaml"),
        check: unread_field,
    },
    UNNEEDED_EXCEPTION,
];

/// Exceptions that except nothing. They are known only once all other rules have been asked.
pub const UNNEEDED_EXCEPTION: LintRule = LintRule {
    id: "unneeded-exception",
    level: Level::Warning,
    what: "An exception is not needed: its rule reports nothing there.",
    reason: "It describes a flaw that is gone, and would hide the next one in the same place.",
    remedy: "remove the exception",
    example: include_str!("examples/unneeded-exception.yaml"),
    check: |_| Vec::new(),
};

fn unused(index: &Index<'_>) -> Vec<Finding> {
    let model = index.model;
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
    errors.extend(gateway.version_refused.iter().chain(&gateway.position_lost).chain(&gateway.idempotency_conflict));
    errors.extend(&model.connect.errors);
    errors.extend(model.scopes.iter().map(|scope| scope.denied));
    for target in model.unasked().flat_map(|emit| &emit.to) {
        if let Target::Own(scope) = target {
            scopes.insert(*scope);
        }
    }
    for (_, event) in index.requests() {
        errors.extend(&event.errors);
        limits.extend(event.limit);
        scopes.extend(event.scope.into_iter().chain(event.also.iter().map(|also| also.scope)));
    }
    for (_, operation) in index.rest() {
        errors.extend(&operation.errors);
        limits.extend(operation.limit);
        scopes.extend(operation.scope.into_iter().chain(operation.rooms.iter().map(|room| room.scope)));
    }
    let mut found = Vec::new();
    let mut unused = |used: bool, what: &str, name: &str, place: &Place| {
        if !used {
            found.push(Finding::at(&Subject::new(name, place), format!("nothing uses the {what} `{name}`")));
        }
    };
    for (id, def) in (0..).map(TypeId).zip(&model.types) {
        unused(!def.named || index.is_used(id), "type", &def.name, &def.place);
    }
    for (id, error) in (0..).map(ErrorId).zip(&model.errors) {
        unused(errors.contains(&id), "error", &error.name, &error.place);
    }
    for (id, limit) in (0..).map(LimitId).zip(&model.limits) {
        unused(limits.contains(&id), "limit", &limit.name, &limit.place);
    }
    for (id, scope) in (0..).map(ScopeId).zip(&model.scopes) {
        unused(scopes.contains(&id), "scope", &scope.name, &scope.place);
    }
    found
}

fn unread_field(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, event) in index.requests().filter(|(_, event)| !event.has_handler()) {
        let key = event.scope.map(|scope| index.model.scopes[scope.0].key.as_str());
        let since = index.model.joined_log(event).map(|_| SINCE);
        let read = [key, since, event.renews.as_deref()];
        let is_named = event.payload.is_some_and(|id| index.def(id).named);
        let unread = index.fields(event.payload).iter().filter(|field| !read.contains(&Some(&field.name)));
        // Older clients may still send what is going away.
        for field in unread.filter(|field| field.doc.deprecated.is_none()) {
            let message = format!("nothing reads the `{}` of `{}`", field.name, event.name);
            let at = if is_named { subject.at(&field.place) } else { subject.part(&field.name, &field.place) };
            found.push(Finding::at(&at, message).and(&event.place, "has no handler"));
        }
    }
    found
}

fn emits<'m>(index: &Index<'m>) -> impl Iterator<Item = (Subject, &'m Emit, bool)> {
    let of = |section: &'static str, emits: &'m [Emit]| {
        emits.iter().map(move |emit| (Subject::new(section, &emit.place), emit, false))
    };
    let connect = of("connect", &index.model.connect.emits);
    let disconnect = index.model.disconnect.iter().flat_map(move |end| of("disconnect", &end.emits));
    let requests = index.requests().flat_map(|(subject, event)| {
        let is_leaving = event.doc.deprecated.is_some();
        event.emits.iter().map(move |emit| (subject.at(&emit.place), emit, is_leaving))
    });
    let operations = index.rest().flat_map(|(subject, operation)| {
        let is_leaving = operation.doc.deprecated.is_some();
        operation.emits.iter().map(move |emit| (subject.at(&emit.place), emit, is_leaving))
    });
    connect.chain(disconnect).chain(requests).chain(operations)
}

fn never_emitted(index: &Index<'_>) -> Vec<Finding> {
    let never = index.server_events().filter(|(_, event)| !index.model.is_sent(event));
    never.map(|(subject, event)| Finding::at(&subject, format!("nothing leads to `{}`", event.name))).collect()
}

fn deprecated_in_use(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, emit, is_leaving) in emits(index) {
        let event = index.model.server_event(&emit.event);
        if let Some(event) = event.filter(|event| event.doc.deprecated.is_some() && !is_leaving) {
            let message = format!("`{}` leads to `{}`, which is going away", subject.name, emit.event);
            found.push(Finding::at(&subject, message).and(&event.place, "deprecated"));
        }
    }
    let things = index.things.iter().filter(|thing| thing.doc.deprecated.is_some());
    let leaving: HashSet<&str> = things.map(|thing| thing.subject.name.as_str()).collect();
    let leaves = |subject: &Subject| subject.around().any(|name| leaving.contains(name));
    let requests = index.requests().map(|(subject, event)| (subject, event.payload));
    let events = index.server_events().map(|(subject, event)| (subject, event.payload));
    let payloads = requests.chain(events).filter_map(|(subject, id)| Some((subject.key("payload"), index.def(id?))));
    let values = index.values.iter();
    let values = values.filter_map(|value| Some((value.subject.clone(), index.named(value.kind)?)));
    for (subject, def) in payloads.chain(values) {
        if def.named && def.doc.deprecated.is_some() && !leaves(&subject) {
            let message = format!("`{}` is a `{}`, which is going away", subject.name, def.name);
            found.push(Finding::at(&subject, message).and(&def.place, "deprecated"));
        }
    }
    found
}
