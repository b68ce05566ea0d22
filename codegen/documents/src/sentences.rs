//! Sentences that several documents for people share.

use std::time::Duration;

use accord_language::model::{
    Anytime, ClientEvent, Deprecated, Doc, ErrorDef, Evicts, Limit, Model, Operation, POSITION, Per, Retry, SEQ,
    ScopeId, ScopeLog, ServerEvent,
};

/// Paragraphs of Markdown.
#[derive(Default)]
pub(super) struct Paragraphs(Vec<String>);

impl Paragraphs {
    /// The documentation of a declaration without its summary.
    pub(super) fn beyond_summary(doc: &Doc) -> Self {
        let mut paragraphs = Paragraphs::default();
        paragraphs.add(doc.description.clone());
        paragraphs.add(doc.deprecated.as_ref().map(deprecated));
        paragraphs
    }

    pub(super) fn add(&mut self, paragraph: impl Into<Option<String>>) {
        self.0.extend(paragraph.into().filter(|text| !text.is_empty()));
    }

    pub(super) fn text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join("\n\n"))
    }
}

/// The summary and the further paragraphs.
pub(super) fn whole(doc: &Doc) -> String {
    let mut paragraphs = Paragraphs::default();
    paragraphs.add(doc.summary.clone());
    paragraphs.add(doc.description.clone());
    paragraphs.text().unwrap_or_default()
}

/// The notice of a deprecation.
pub(super) fn deprecated(deprecated: &Deprecated) -> String {
    format!("Deprecated {deprecated}.")
}

/// The rate that a limit allows.
pub(super) fn limit(limit: &Limit) -> String {
    format!("Draws on the limit `{}`: {}.", limit.name, bucket(limit))
}

/// The size of a limit's bucket, and the rate at which it is filled.
pub(super) fn bucket(limit: &Limit) -> String {
    let per = match limit.per {
        Per::User => "user",
        Per::Socket => "socket",
    };
    let period = match limit.period_ms {
        1_000 => "second".to_owned(),
        60_000 => "minute".to_owned(),
        other => format!("{other} ms"),
    };
    let Limit { rate, burst, .. } = limit;
    format!("{burst} at once, and {rate} more each {period}, per {per}")
}

/// The room of which the caller of an endpoint has to be a member.
pub(super) fn membership(model: &Model, scope: ScopeId, key: &str) -> String {
    format!("The caller must be a member of the {} that `{key}` names.", model.scopes[scope.0].name.replace('_', " "))
}

/// The events that follow an operation.
pub(super) fn leads_to(operation: &Operation) -> Option<String> {
    let events: Vec<String> = operation.emits.iter().map(|emit| format!("`{}`", emit.event)).collect();
    (!events.is_empty()).then(|| format!("Leads to the events {}, which sockets receive.", events.join(", ")))
}

/// The media types of a file: `of type …`.
pub(super) fn media(media: &[String]) -> String {
    if media.iter().any(|media| media == "*/*") {
        return "of any type".to_owned();
    }
    let named: Vec<String> = media.iter().map(|media| format!("`{media}`")).collect();
    match named.split_last() {
        Some((last, others @ [_, ..])) => format!("of type {} or {last}", others.join(", ")),
        _ => format!("of type {}", named.join("")),
    }
}

/// The sentence on whether a retry helps.
pub(super) fn retry(error: &ErrorDef) -> &'static str {
    match error.retry {
        Retry::No => "",
        Retry::Yes => "A retry may help, at any time.",
        Retry::After => "A retry helps after the given time.",
        Retry::NewToken => "A retry helps with a new token.",
    }
}

/// The effect of a server event on the log and the members of its room, if it has any.
pub(super) fn of_server_event(model: &Model, event: &ServerEvent) -> Vec<String> {
    let mut sentences = Vec::new();
    sentences.extend(kept(model, event));
    sentences.extend(event.evicts.as_ref().map(evicts));
    sentences.extend(event.anytime.map(|anytime| anytime_to(model, event, anytime)));
    sentences.extend(ends_replay(model, event));
    sentences
}

/// The sentence on a server event that ends the replay of a log.
pub(super) fn ends_replay(model: &Model, event: &ServerEvent) -> Option<String> {
    let room = room(model, model.caught_up_of(&event.name)?);
    Some(format!("Ends the replay of a {room}'s log: `{POSITION}` is the place that this socket has reached."))
}

/// The effect of a client event on the log of its room, if it has any.
pub(super) fn of_client_event(model: &Model, event: &ClientEvent) -> Vec<String> {
    let mut sentences = Vec::new();
    sentences.extend(model.joined_log(event).map(|_| CATCHES_UP.to_owned()));
    sentences.extend(event.idempotent.as_deref().map(sent_once));
    sentences
}

/// Whether the log of its room keeps a server event; `None` where its room has no log.
pub(super) fn kept(model: &Model, event: &ServerEvent) -> Option<String> {
    let room = room(model, event.scope?);
    if event.durable {
        return Some(format!("An entry of the {room}'s log: `{SEQ}` is its number there."));
    }
    event.volatile.then(|| {
        format!("Volatile: the {room}'s log does not keep it, so a client that is not connected never receives it.")
    })
}

/// The users who leave the room before an event.
pub(super) fn evicts(evicts: &Evicts) -> String {
    match evicts {
        Evicts::User(key) => {
            format!("The sockets of the user whom `{key}` names leave the room first, and do not receive it.")
        }
        Evicts::FormerMembers => {
            "The sockets of users who are no longer members leave the room first, and do not receive it.".to_owned()
        }
    }
}

fn anytime_to(model: &Model, event: &ServerEvent, anytime: Anytime) -> String {
    match (anytime, event.scope) {
        (Anytime::Scope, Some(scope)) => format!("The server may send it to a {} at any time.", room(model, scope)),
        _ => "The server may send it to all sockets of a user at any time.".to_owned(),
    }
}

/// The sentence on a join that continues from the client's position in the log.
pub(super) const CATCHES_UP: &str =
    "With `since`, the server first sends every later entry of the room's log, in order.";

/// The effect of repeating an event.
pub(super) fn sent_once(key: &str) -> String {
    format!(
        "If the client repeats it with the same `{key}` and the same content, the server gives the same answer and \
         does nothing twice."
    )
}

/// How long a log keeps its entries.
pub(super) fn kept_for(log: &ScopeLog) -> String {
    format!(
        "{} or {} entries, whichever is reached first, but at least {}",
        duration(log.keep),
        grouped(log.entries),
        duration(log.floor)
    )
}

/// A time in its largest whole unit: `7 days`.
fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let (size, unit) = units.into_iter().find(|(size, _)| seconds.is_multiple_of(*size)).unwrap_or((1, "second"));
    let count = seconds / size;
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A number with commas between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A kind of room in plain words.
pub(super) fn room(model: &Model, scope: ScopeId) -> String {
    model.scopes[scope.0].name.replace('_', " ")
}
