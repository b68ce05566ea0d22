//! The logs of rooms: their entries, and clients that have been away for too long.

use std::collections::HashMap;

use accord_language::model::{
    Kind, Method, Operation, ScopeId, SuccessBody,
    index::{Index, Subject},
};

use super::{Finding, Level, LintRule, words::words};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "passing-entry",
        level: Level::Warning,
        what: "A room's log keeps an event that soon becomes useless.",
        reason: "Who is typing and where a cursor is changes many times a second. Each change is written to disk, pushes \
                 what matters out of the log, and is sent to everybody who catches up, long after it was true.",
        remedy: "add `volatile: true` to the event",
        example: include_str!("examples/passing-entry.yaml"),
        check: passing_entry,
    },
    LintRule {
        id: "history-without-position",
        level: Level::Warning,
        what: "Operations read rooms that have a log, but none of them returns the position.",
        reason: "A client whose position is lost loads the room anew. If it does not learn up to which entry that is, it \
                 misses what happens until it has joined, or shows it twice.",
        remedy: "add a field with the type of the log's positions to the answer, read together with the rest of it",
        example: include_str!("examples/history-without-position.yaml"),
        check: history_without_position,
    },
];

/// Words for values that change all the time.
const PASSING: &[&str] =
    &["cursor", "heartbeat", "online", "offline", "pointer", "presence", "progress", "typing", "viewport"];

fn passing_entry(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, event) in index.server_events().filter(|(_, event)| event.durable) {
        if words(&event.name).iter().any(|word| PASSING.contains(&word.as_str())) {
            found.push(Finding::at(&subject, format!("the log keeps every `{}`", event.name)));
        }
    }
    found
}

fn history_without_position(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut readers: HashMap<ScopeId, Vec<&Operation>> = HashMap::new();
    for operation in index.model.http.operations.iter().filter(|operation| operation.method == Method::Get) {
        if let Some(scope) = operation.scope {
            readers.entry(scope).or_default().push(operation);
        }
    }
    for (id, scope) in index.model.scopes.iter().enumerate() {
        let Some(log) = &scope.log else { continue };
        let reads = readers.remove(&ScopeId(id)).unwrap_or_default();
        let says = |operation: &&Operation| {
            let SuccessBody::Json { ty, .. } = &operation.success.body else { return false };
            let Kind::Ref(answer) = ty.kind else { return false };
            index.fields(Some(answer)).iter().any(|field| field.ty.kind == Kind::Ref(log.position))
        };
        if let Some(first) = reads.first()
            && !reads.iter().any(says)
        {
            let message = format!("no operation returns the position at which a `{}` is read", scope.name);
            let subject = Subject::new(&scope.name, &scope.place);
            found.push(Finding::at(&subject, message).and(&first.place, "reads it"));
        }
    }
    found
}
