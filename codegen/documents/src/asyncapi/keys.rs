//! The keys of the profile `x-accord-*`, and the meaning of each.

use accord_language::Model;
use serde_json::{Map, Value};

use crate::receivers;

/// The meaning of each key.
const KEYS: [(&str, &str); 16] = [
    (
        "x-accord-scopes",
        "The kinds of rooms: the payload's field that names the room, and the error for users who are not members.",
    ),
    ("x-accord-limits", "Token buckets, one per user or socket: `burst` tokens, and `rate` more every `periodMs`."),
    ("x-accord-errors", "The errors by name: their code and message, and whether a retry helps."),
    ("x-accord-connect", "The handshake: the server events that follow it, and the errors that can refuse it."),
    ("x-accord-disconnect", "The end of a socket: the server events that follow it."),
    ("x-accord-gateway", "The errors that the gateway itself answers with, by name."),
    (
        "x-accord-scope",
        "The scope of the event's room. For a client event, membership is proven first; a server event goes to the \
         sockets that have joined the room.",
    ),
    ("x-accord-also", "Further memberships that the caller needs: the payload's field, and its scope."),
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

/// The further meaning of `x-accord-emits` where receivers take more than a word.
const LISTED: &str = "Several receivers are a list; `{ \"user\": … }` are all sockets of the user whose id is in that \
                      field, and `{ \"room\": … }` is the room whose id is in that field of an operation's input.";

/// A key, whether a protocol has it, and its meaning.
type Sometimes = (&'static str, fn(&Model) -> bool, &'static str);

/// The keys that only some protocols have.
const SOMETIMES: [Sometimes; 6] = [
    (
        "x-accord-logs",
        has_logs,
        "The kinds of rooms that have a log: the type of a position in it, the event that ends a replay, and for how \
         long entries are kept: `keepMs` or `entries`, whichever is reached first, but at least `floorMs`. A client \
         that joins with `since` gets everything after that position, in order.",
    ),
    (
        "x-accord-durable",
        has_logs,
        "Marks an entry of its room's log: the payload has its number, `seq`. A client event that leads to one is \
         acknowledged with the same `seq`, if with an object.",
    ),
    (
        "x-accord-volatile",
        |model| model.server_events().any(|event| event.volatile),
        "Marks an event that its room's log does not keep: a client that is not connected never receives it.",
    ),
    (
        "x-accord-idempotent",
        |model| model.client_events().any(|event| event.idempotent.is_some()),
        "The payload's field with an id that the client chooses. A repetition with the same id and the same content \
         gets the same answer, and has no further effect.",
    ),
    (
        "x-accord-evicts",
        |model| model.server_events().any(|event| event.evicts.is_some()),
        "The users whose sockets leave the room before they would receive the event: the `user` whose id is in that \
         field, or all `former_members`.",
    ),
    (
        "x-accord-anytime",
        |model| model.server_events().any(|event| event.anytime.is_some()),
        "The server may send the event without a cause that the protocol declares: to a room of its `scope`, or to all \
         sockets of a `user`.",
    ),
];

fn has_logs(model: &Model) -> bool {
    model.scopes.iter().any(|scope| scope.log.is_some())
}

/// The meaning of each key that the document may have.
pub(super) fn all(model: &Model) -> Map<String, Value> {
    let meaning = |key: &str, meaning: &str| match key {
        receivers::KEY if receivers::are_listed(model) => format!("{meaning} {LISTED}").into(),
        _ => meaning.into(),
    };
    let always = KEYS.iter().map(|(key, about)| ((*key).to_owned(), meaning(key, about)));
    let sometimes = SOMETIMES.iter().filter(|(_, is_used, _)| is_used(model));
    always.chain(sometimes.map(|(key, _, about)| ((*key).to_owned(), meaning(key, about)))).collect()
}
