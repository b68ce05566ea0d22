//! Kinds of values that a pattern can ask for.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// `<kind>` or `<kind: name>`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Anything at all, `null` too.
    Any,
    /// An id that sorts by creation time: a UUIDv7 or a ULID.
    Id,
    /// A point in time: RFC 3339, UTC, with milliseconds.
    Time,
    /// A string that is not empty.
    Text,
    /// A string.
    String,
    /// An integer.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// An object.
    Object,
    /// A list.
    Array,
    /// No value: the key is not there.
    Absent,
}

const KINDS: [(&str, Kind); 10] = [
    ("any", Kind::Any),
    ("id", Kind::Id),
    ("time", Kind::Time),
    ("text", Kind::Text),
    ("string", Kind::String),
    ("integer", Kind::Integer),
    ("boolean", Kind::Boolean),
    ("object", Kind::Object),
    ("array", Kind::Array),
    ("absent", Kind::Absent),
];

static TIME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$").expect("a constant pattern"));
static ULID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[0-7][0-9A-HJKMNP-TV-Z]{25}$").expect("a constant pattern"));
static UUID_V7: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$").expect("a constant pattern")
});

impl Kind {
    /// The names of all kinds.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        KINDS.iter().map(|(name, _)| *name)
    }

    /// Parses `<kind>` or `<kind: name>`, where the value is kept under `name`; an `Err` names an unknown kind.
    pub fn parse(text: &str) -> Option<Result<(Kind, Option<&str>), &str>> {
        let inside = text.strip_prefix('<')?.strip_suffix('>')?;
        let (kind, name) = match inside.split_once(':') {
            Some((kind, name)) => (kind.trim(), Some(name.trim())),
            None => (inside.trim(), None),
        };
        let found = KINDS.iter().find(|(known, _)| *known == kind);
        Some(found.map(|(_, kind)| (*kind, name)).ok_or(kind))
    }

    /// Returns whether `value` is of this kind.
    pub fn fits(self, value: &Value) -> bool {
        match self {
            Kind::Any => true,
            Kind::Id => value.as_str().is_some_and(|id| UUID_V7.is_match(id) || ULID.is_match(id)),
            Kind::Time => {
                value.as_str().is_some_and(|time| TIME.is_match(time) && time.parse::<jiff::Timestamp>().is_ok())
            }
            Kind::Text => value.as_str().is_some_and(|text| !text.is_empty()),
            Kind::String => value.is_string(),
            Kind::Integer => value.is_i64() || value.is_u64(),
            Kind::Boolean => value.is_boolean(),
            Kind::Object => value.is_object(),
            Kind::Array => value.is_array(),
            Kind::Absent => false,
        }
    }

    /// Its name in messages.
    pub fn describe(self) -> &'static str {
        match self {
            Kind::Any => "anything",
            Kind::Id => "an id that sorts by creation time (UUIDv7 or ULID)",
            Kind::Time => "a time (RFC 3339, UTC, with milliseconds)",
            Kind::Text => "a string that is not empty",
            Kind::String => "a string",
            Kind::Integer => "an integer",
            Kind::Boolean => "a boolean",
            Kind::Object => "an object",
            Kind::Array => "a list",
            Kind::Absent => "no value",
        }
    }
}
