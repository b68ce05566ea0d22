//! What names are made of.

use crate::case;

/// The words of a name, in lower case: `retryAfterMs` is `retry`, `after`, `ms`.
pub fn words(name: &str) -> Vec<String> {
    case::snake(name).split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a word says what to do, as the name of a request begins.
pub fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
        || word.strip_prefix("un").or_else(|| word.strip_prefix("re")).is_some_and(|verb| VERBS.contains(&verb))
}

/// Whether a word says that something has happened.
pub fn is_past(word: &str) -> bool {
    (word.len() > 3 && word.ends_with("ed") && !word.ends_with("eed")) || IRREGULAR.contains(&word)
}

/// The participle of a verb that is known, where there is but one: `draw` → `drawn`. `cancel` has two.
pub fn past(verb: &str) -> Option<String> {
    if !VERBS.contains(&verb) {
        let prefix = ["un", "re"].into_iter().find(|prefix| verb.starts_with(prefix))?;
        let rest = verb.strip_prefix(prefix).filter(|rest| VERBS.contains(rest))?;
        return past(rest).map(|past| format!("{prefix}{past}"));
    }
    if let Some((_, past)) = PARTICIPLES.iter().find(|(known, _)| *known == verb) {
        return past.map(str::to_owned);
    }
    let is_vowel = |letter: &char| "aeiou".contains(*letter);
    let letters: Vec<char> = verb.chars().collect();
    let vowels = letters.iter().filter(|letter| is_vowel(letter)).count();
    Some(match letters[..] {
        [.., 'e'] => format!("{verb}d"),
        [.., before, 'y'] if !is_vowel(&before) => format!("{}ied", &verb[..verb.len() - 1]),
        // `pin` → `pinned`: one short syllable that ends in one consonant.
        [.., before, vowel, last]
            if vowels == 1 && is_vowel(&vowel) && !is_vowel(&before) && !is_vowel(&last) && !"wxy".contains(last) =>
        {
            format!("{verb}{last}ed")
        }
        _ => format!("{verb}ed"),
    })
}

/// Whether a field is one by which a server knows a request that is repeated: `requestId`, `idempotencyKey`, `nonce`.
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
pub fn subject(name: &str) -> Vec<String> {
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

/// Whether a word says that there are several.
pub fn is_plural(word: &str) -> bool {
    (word.ends_with('s') && !word.ends_with("ss")) || PLURALS.contains(&word)
}

const PLURALS: &[&str] = &[
    "children",
    "criteria",
    "data",
    "feedback",
    "history",
    "indices",
    "information",
    "media",
    "men",
    "metadata",
    "people",
    "women",
];

const IRREGULAR: &[&str] = &[
    "began",
    "begun",
    "born",
    "bought",
    "broken",
    "brought",
    "built",
    "caught",
    "chosen",
    "cut",
    "done",
    "drawn",
    "fallen",
    "forgotten",
    "found",
    "frozen",
    "gone",
    "given",
    "held",
    "hidden",
    "hit",
    "joint",
    "kept",
    "left",
    "lent",
    "lost",
    "made",
    "met",
    "online",
    "offline",
    "overridden",
    "overwritten",
    "paid",
    "put",
    "read",
    "reset",
    "risen",
    "rung",
    "run",
    "said",
    "seen",
    "sent",
    "set",
    "shown",
    "shut",
    "sold",
    "spent",
    "split",
    "spoken",
    "stolen",
    "stuck",
    "swept",
    "taken",
    "thrown",
    "told",
    "undone",
    "unread",
    "unset",
    "unsent",
    "withdrawn",
    "woken",
    "won",
    "written",
];

/// The participles that follow no rule; none where writers differ.
const PARTICIPLES: &[(&str, Option<&str>)] = &[
    ("begin", Some("begun")),
    ("broadcast", None),
    ("buy", Some("bought")),
    ("cancel", None),
    ("choose", Some("chosen")),
    ("commit", Some("committed")),
    ("cut", Some("cut")),
    ("draw", Some("drawn")),
    ("find", Some("found")),
    ("get", None),
    ("give", Some("given")),
    ("hang", None),
    ("hide", Some("hidden")),
    ("hit", Some("hit")),
    ("hold", Some("held")),
    ("keep", Some("kept")),
    ("leave", Some("left")),
    ("login", None),
    ("logout", None),
    ("make", Some("made")),
    ("pay", Some("paid")),
    ("put", Some("put")),
    ("quit", None),
    ("read", Some("read")),
    ("redo", None),
    ("reset", Some("reset")),
    ("ring", Some("rung")),
    ("run", Some("run")),
    ("see", Some("seen")),
    ("seek", None),
    ("sell", Some("sold")),
    ("send", Some("sent")),
    ("set", Some("set")),
    ("show", Some("shown")),
    ("shut", Some("shut")),
    ("sleep", None),
    ("spin", None),
    ("split", Some("split")),
    ("submit", Some("submitted")),
    ("sync", Some("synced")),
    ("take", Some("taken")),
    ("tell", Some("told")),
    ("transfer", Some("transferred")),
    ("undo", Some("undone")),
    ("wake", None),
    ("withdraw", Some("withdrawn")),
    ("write", Some("written")),
];

const VERBS: &[&str] = &[
    "abort",
    "accept",
    "acknowledge",
    "activate",
    "add",
    "allow",
    "answer",
    "apply",
    "approve",
    "archive",
    "ask",
    "assign",
    "attach",
    "authenticate",
    "authorize",
    "ban",
    "begin",
    "block",
    "book",
    "broadcast",
    "buy",
    "call",
    "cancel",
    "change",
    "check",
    "choose",
    "claim",
    "clear",
    "clone",
    "close",
    "commit",
    "complete",
    "confirm",
    "connect",
    "continue",
    "copy",
    "count",
    "create",
    "cut",
    "deactivate",
    "decline",
    "delete",
    "demote",
    "deny",
    "deploy",
    "describe",
    "disable",
    "disconnect",
    "dismiss",
    "download",
    "drag",
    "draw",
    "drop",
    "edit",
    "enable",
    "end",
    "enter",
    "erase",
    "exit",
    "export",
    "extend",
    "fetch",
    "file",
    "fill",
    "find",
    "finish",
    "flag",
    "flip",
    "fold",
    "follow",
    "forward",
    "get",
    "give",
    "grant",
    "handle",
    "hang",
    "hide",
    "highlight",
    "hold",
    "ignore",
    "import",
    "insert",
    "invite",
    "join",
    "keep",
    "kick",
    "leave",
    "like",
    "link",
    "list",
    "load",
    "lock",
    "log",
    "login",
    "logout",
    "make",
    "mark",
    "merge",
    "mention",
    "move",
    "mute",
    "negotiate",
    "notify",
    "observe",
    "offer",
    "open",
    "order",
    "pass",
    "paste",
    "patch",
    "pause",
    "pay",
    "pick",
    "pin",
    "ping",
    "place",
    "play",
    "point",
    "poke",
    "poll",
    "post",
    "press",
    "promote",
    "propose",
    "publish",
    "pull",
    "push",
    "put",
    "query",
    "quit",
    "raise",
    "rate",
    "react",
    "read",
    "receive",
    "record",
    "redo",
    "refresh",
    "refuse",
    "register",
    "reject",
    "release",
    "remove",
    "rename",
    "reorder",
    "replace",
    "reply",
    "report",
    "request",
    "reset",
    "resize",
    "resolve",
    "restart",
    "restore",
    "resume",
    "retract",
    "retry",
    "reveal",
    "revoke",
    "ring",
    "roll",
    "rotate",
    "run",
    "save",
    "schedule",
    "scroll",
    "search",
    "see",
    "seek",
    "select",
    "sell",
    "send",
    "set",
    "share",
    "show",
    "shuffle",
    "sign",
    "skip",
    "sleep",
    "snooze",
    "sort",
    "spin",
    "split",
    "star",
    "start",
    "stop",
    "store",
    "stream",
    "submit",
    "subscribe",
    "suspend",
    "swap",
    "switch",
    "sync",
    "tag",
    "take",
    "tell",
    "test",
    "tidy",
    "toggle",
    "touch",
    "track",
    "transfer",
    "trigger",
    "turn",
    "type",
    "undo",
    "update",
    "upgrade",
    "upload",
    "use",
    "validate",
    "verify",
    "view",
    "vote",
    "wait",
    "wake",
    "watch",
    "withdraw",
    "write",
    "zoom",
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
            assert_eq!(past(verb).as_deref(), Some(participle), "{verb}");
        }
        assert_eq!((past("cancel"), past("blorp")), (None, None));
        for past in VERBS.iter().filter_map(|verb| past(verb)) {
            assert!(is_past(&past), "{past}");
        }
    }
}
