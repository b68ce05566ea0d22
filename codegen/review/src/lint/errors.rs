//! Rules for errors.

use std::collections::HashMap;

use accord_language::model::{
    ErrorDef, ErrorId, Field, Kind, Method, Part, Retry,
    index::{Index, Subject},
};

use super::{
    Finding, Level, LintRule,
    words::{is_request_key, words},
};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "code-retry",
        level: Level::Error,
        what: "Errors with one code differ in whether a retry helps.",
        reason: "Clients tell errors apart by code. A client that decides by the code retries what cannot succeed, or \
                 gives up on what would have.",
        remedy: "give them different codes, or the same `retry`",
        example: include_str!("examples/code-retry.yaml"),
        check: code_retry,
    },
    LintRule {
        id: "code-status",
        level: Level::Warning,
        what: "Errors with one code have different HTTP statuses.",
        reason: "One failure then looks like two to everything that goes by the status: proxies, monitoring and HTTP \
                 libraries.",
        remedy: "give them one status, or different codes",
        example: include_str!("examples/code-status.yaml"),
        check: code_status,
    },
    LintRule {
        id: "status-retry",
        level: Level::Warning,
        what: "An error's `retry` contradicts its HTTP status.",
        reason: "Proxies and client libraries repeat requests by the status alone: 429 and 503 later, 4xx never. If \
                 `retry` contradicts that, two layers of the same client work against each other.",
        remedy: "change the status or `retry`: 429 goes with `after`, 503 with `true` or `after`, other 4xx with \
                 `false`",
        example: include_str!("examples/status-retry.yaml"),
        check: status_retry,
    },
    LintRule {
        id: "missing-not-found",
        level: Level::Warning,
        what: "A request refers to something by its id, but declares no error for an unknown id.",
        reason: "The thing may be gone by the time the packet arrives. A handler without an error for that answers \
                 `internal`, which clients retry and operators are paged for.",
        remedy: "declare an error with the status 404 under `errors`, and name it in the request",
        example: include_str!("examples/missing-not-found.yaml"),
        check: missing_not_found,
    },
    LintRule {
        id: "message-style",
        level: Level::Advice,
        what: "An error's message is not written like the beginning of a sentence.",
        reason: "Messages are shown to users as they are, next to each other. One in lower case, in capitals or with \
                 an exclamation mark looks like a bug in the client.",
        remedy: "begin with a capital, use plain words, and end without `!`",
        example: include_str!("examples/message-style.yaml"),
        check: message_style,
    },
    LintRule {
        id: "leaky-message",
        level: Level::Warning,
        what: "An error's message reveals internals of the server.",
        reason: "Users cannot act on it, and attackers learn which database or language to attack. What operators \
                 need belongs in the log.",
        remedy: "say what the caller can do, or that the server failed",
        example: include_str!("examples/leaky-message.yaml"),
        check: leaky_message,
    },
];

/// The errors that differ in something from the first one with their code.
fn differing<T: PartialEq>(
    index: &Index<'_>,
    key: &str,
    of: impl Fn(&ErrorDef) -> T,
    message: impl Fn(&ErrorDef, &ErrorDef) -> String,
) -> Vec<Finding> {
    let errors = &index.model.errors;
    let mut found = Vec::new();
    let mut firsts: HashMap<&str, &ErrorDef> = HashMap::new();
    for error in errors {
        let first = *firsts.entry(&error.code).or_insert(error);
        if of(first) != of(error) {
            let finding = Finding::at(&Subject::new(&error.name, &error.place.key(key)), message(error, first));
            found.push(finding.and(&first.place.key(key), format!("`{}`, with the same code", first.name)));
        }
    }
    found
}

fn code_retry(index: &Index<'_>) -> Vec<Finding> {
    let message = |error: &ErrorDef, first: &ErrorDef| {
        format!(
            "by the code `{}`, clients cannot tell whether to retry `{}` or `{}`",
            error.code, first.name, error.name
        )
    };
    differing(index, "retry", |error| error.retry, message)
}

fn code_status(index: &Index<'_>) -> Vec<Finding> {
    let message = |error: &ErrorDef, first: &ErrorDef| {
        format!("the code `{}` has the statuses {} and {}", error.code, first.status, error.status)
    };
    differing(index, "status", |error| error.status, message)
}

fn status_retry(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for error in &index.model.errors {
        let why = match (error.status, error.retry) {
            (429, Retry::No) => "the status says to slow down and try again",
            (503, Retry::No) => "the status says that this passes",
            (400 | 402..=407 | 410..=422 | 426 | 428 | 431 | 451, Retry::Yes | Retry::After) => {
                "the status says that the same request fails again"
            }
            (status, Retry::NewToken) if status != 401 => "a new token helps against 401",
            _ => continue,
        };
        let message = format!("{} and `retry` of `{}` contradict each other", error.status, error.name);
        found.push(Finding::at(&Subject::new(&error.name, &error.place.key("status")), message).label(why));
    }
    found
}

fn missing_not_found(index: &Index<'_>) -> Vec<Finding> {
    let is_absence = |ids: &[ErrorId]| ids.iter().any(|id| matches!(index.model.errors[id.0].status, 404 | 410));
    let names_something = |field: &Field, keys: &[&str]| {
        let is_id = words(&field.name).last().is_some_and(|word| word == "id")
            && words(&field.name).len() > 1
            && !is_request_key(&field.name);
        is_id && matches!(field.ty.kind, Kind::Ref(_)) && !keys.contains(&field.name.as_str())
    };
    let mut found = Vec::new();
    for (subject, event) in index.requests() {
        let scope = event.scope.map(|scope| index.model.scopes[scope.0].key.as_str());
        let keys: Vec<&str> = scope.into_iter().chain(event.also.iter().map(|also| also.key.as_str())).collect();
        let id = index.fields(event.payload).iter().find(|field| names_something(field, &keys));
        if let Some(id) = id.filter(|_| event.has_handler() && !is_absence(&event.errors)) {
            let message = format!("`{}` has no error for an unknown `{}`", event.name, id.name);
            found.push(Finding::at(&subject, message).and(&id.place, "what if this is gone?"));
        }
    }
    for (subject, operation) in index.rest() {
        let scope = operation.scope.map(|scope| index.model.scopes[scope.0].key.as_str());
        let in_path = |name: &str| operation.parts.iter().any(|(field, part)| field == name && *part == Part::Path);
        let id = index
            .fields(operation.input)
            .iter()
            .find(|field| in_path(&field.name) && Some(field.name.as_str()) != scope);
        // A PUT makes what is not there.
        let absent = id.filter(|_| operation.method != Method::Put && !is_absence(&operation.errors));
        if let Some(id) = absent {
            let message = format!("`{}` has no error for an unknown `{}`", operation.name, id.name);
            found.push(Finding::at(&subject, message).and(&id.place, "what if this is gone?"));
        }
    }
    found
}

/// The messages that clients get, with their places.
fn messages<'m>(index: &Index<'m>) -> Vec<(Subject, &'m str)> {
    let errors = index
        .model
        .errors
        .iter()
        .map(|error| (Subject::new(&error.name, &error.place.key("message")), error.message.as_str()));
    let requests = index.requests().map(|(subject, event)| (subject.key("failure"), event.failure.as_str()));
    let rest = index.rest().map(|(subject, operation)| (subject.key("failure"), operation.failure.as_str()));
    errors.chain(requests).chain(rest).collect()
}

fn message_style(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, message) in messages(index) {
        let letters = || message.chars().filter(|letter| letter.is_alphabetic());
        let why = match () {
            () if message.starts_with(char::is_lowercase) => "begins in lower case",
            () if letters().count() > 4 && letters().all(char::is_uppercase) => "is all capitals",
            () if message.contains('!') => "shouts",
            () if !message.contains(' ') && message.contains(['_', '-']) => "is a code",
            () => continue,
        };
        found.push(Finding::at(&subject, format!("the message `{message}` {why}")));
    }
    found
}

fn leaky_message(index: &Index<'_>) -> Vec<Finding> {
    let inside = [
        "sql",
        "postgres",
        "sqlite",
        "mysql",
        "mongo",
        "redis",
        "kafka",
        "exception",
        "stacktrace",
        "traceback",
        "panic",
        "null",
        "nil",
        "undefined",
        "segfault",
        "constraint",
        "mutex",
        "jwt",
        "hmac",
        "errno",
        "upstream",
    ];
    let mut found = Vec::new();
    for (subject, message) in messages(index) {
        if let Some(word) = words(message).iter().find(|word| inside.contains(&word.as_str())) {
            found.push(Finding::at(&subject, format!("the message `{message}` speaks of `{word}`")));
        }
    }
    found
}
