//! Words that names are made of. The lists are short: a rule ignores a word that is in none of them.

use accord_language::case;

/// Returns the words of a name, in lower case: `retryAfterMs` is `retry`, `after`, `ms`.
pub fn words(name: &str) -> Vec<String> {
    case::snake(name).split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns whether a word says what to do, as the name of a request begins.
pub fn is_verb(word: &str) -> bool {
    VERBS.iter().any(|(verb, _)| *verb == word)
}

/// Returns whether a word says that something has happened.
pub fn is_past(word: &str) -> bool {
    word.strip_suffix("ed").is_some_and(|stem| stem.len() > 1 && !stem.ends_with('e'))
        || STATES.contains(&word)
        || VERBS.iter().any(|(_, past)| past == &Some(word))
}

/// Returns the participle of a verb, if the verb is known and has only one.
pub fn past(verb: &str) -> Option<&'static str> {
    VERBS.iter().find(|(known, _)| *known == verb)?.1
}

/// Returns whether a field lets a server recognize a repeated request: `requestId`, `idempotencyKey`, `nonce`.
pub fn is_request_key(name: &str) -> bool {
    let keys = [
        "idempotency",
        "request",
        "nonce",
        "dedup",
        "deduplication",
        "correlation",
        "client",
        "operation",
        "transaction",
    ];
    let words = words(name);
    words.first().is_some_and(|word| keys.contains(&word.as_str()))
        && words.last().is_some_and(|word| ["id", "key", "nonce", "token"].contains(&word.as_str()))
}

/// The words of a name without those that say what happens to the thing: `new_message` and `edit_message` are both about
/// `message`.
pub fn nouns(name: &str) -> Vec<String> {
    let words = words(name);
    words.into_iter().filter(|word| !is_verb(word) && !is_past(word) && word != "new").map(singular).collect()
}

/// `messages` → `message`
pub fn singular(word: String) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 2 => format!("{stem}y"),
        _ => match word.strip_suffix('s') {
            Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
            _ => word,
        },
    }
}

/// Returns whether a word says that there are several.
pub fn is_plural(word: &str) -> bool {
    (word.ends_with('s') && !word.ends_with("ss")) || PLURALS.contains(&word)
}

/// Plurals that do not end in `s`, and words that count as plurals.
const PLURALS: &[&str] = &["children", "data", "feedback", "history", "information", "media", "metadata", "people"];

/// Words that say that something has happened, and are the participles of no verb below.
const STATES: &[&str] = &[
    "begun", "bought", "broken", "built", "caught", "chosen", "done", "fallen", "gone", "held", "hidden", "lent",
    "lost", "met", "offline", "online", "paid", "run", "said", "seen", "sold", "spent", "stolen", "told", "undone",
    "won",
];

/// Verbs that requests begin with, and their participles; none where writers differ or the participle names no event.
const VERBS: &[(&str, Option<&str>)] = &[
    ("accept", Some("accepted")),
    ("add", Some("added")),
    ("archive", Some("archived")),
    ("assign", Some("assigned")),
    ("authenticate", Some("authenticated")),
    ("call", Some("called")),
    ("cancel", None),
    ("change", Some("changed")),
    ("clear", Some("cleared")),
    ("close", Some("closed")),
    ("commit", Some("committed")),
    ("connect", Some("connected")),
    ("create", Some("created")),
    ("delete", Some("deleted")),
    ("disconnect", Some("disconnected")),
    ("download", Some("downloaded")),
    ("draw", Some("drawn")),
    ("edit", Some("edited")),
    ("enter", Some("entered")),
    ("erase", Some("erased")),
    ("fetch", Some("fetched")),
    ("find", Some("found")),
    ("follow", Some("followed")),
    ("forward", Some("forwarded")),
    ("freeze", Some("frozen")),
    ("get", None),
    ("give", Some("given")),
    ("highlight", Some("highlighted")),
    ("invite", Some("invited")),
    ("join", Some("joined")),
    ("keep", Some("kept")),
    ("kick", Some("kicked")),
    ("leave", Some("left")),
    ("like", Some("liked")),
    ("list", Some("listed")),
    ("load", Some("loaded")),
    ("lock", Some("locked")),
    ("log", Some("logged")),
    ("make", Some("made")),
    ("mark", Some("marked")),
    ("move", Some("moved")),
    ("mute", Some("muted")),
    ("open", Some("opened")),
    ("pause", Some("paused")),
    ("pin", Some("pinned")),
    ("ping", Some("pinged")),
    ("place", Some("placed")),
    ("play", Some("played")),
    ("poke", Some("poked")),
    ("post", Some("posted")),
    ("publish", Some("published")),
    ("put", Some("put")),
    ("raise", Some("raised")),
    ("react", Some("reacted")),
    ("read", Some("read")),
    ("reject", Some("rejected")),
    ("remove", Some("removed")),
    ("rename", Some("renamed")),
    ("replace", Some("replaced")),
    ("reply", Some("replied")),
    ("reset", Some("reset")),
    ("restore", Some("restored")),
    ("rewrite", Some("rewritten")),
    ("ring", Some("rung")),
    ("save", Some("saved")),
    ("search", Some("searched")),
    ("select", Some("selected")),
    ("send", Some("sent")),
    ("set", Some("set")),
    ("share", Some("shared")),
    ("show", Some("shown")),
    ("start", Some("started")),
    ("stop", Some("stopped")),
    ("submit", Some("submitted")),
    ("subscribe", Some("subscribed")),
    ("sync", Some("synced")),
    ("take", Some("taken")),
    ("unpin", Some("unpinned")),
    ("unsubscribe", Some("unsubscribed")),
    ("unwatch", Some("unwatched")),
    ("tidy", Some("tidied")),
    ("update", Some("updated")),
    ("upload", Some("uploaded")),
    ("vote", Some("voted")),
    ("watch", Some("watched")),
    ("withdraw", Some("withdrawn")),
    ("write", Some("written")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_participle_is_one_that_events_are_known_by_or_none() {
        for (verb, participle) in [
            ("highlight", "highlighted"),
            ("pin", "pinned"),
            ("unpin", "unpinned"),
            ("vote", "voted"),
            ("reply", "replied"),
            ("draw", "drawn"),
            ("join", "joined"),
            ("edit", "edited"),
            ("play", "played"),
            ("commit", "committed"),
            ("rewrite", "rewritten"),
        ] {
            assert_eq!(past(verb), Some(participle), "{verb}");
        }
        assert_eq!((past("cancel"), past("blorp")), (None, None));
        for past in VERBS.iter().filter_map(|(verb, _)| past(verb)) {
            assert!(is_past(past), "{past}");
        }
    }
}
