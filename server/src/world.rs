//! The world file: the users, channels and conversations that a database is to have, as YAML or JSON.
//!
//! ```yaml
//! users:         [{id: alice, name: Alice, email: alice@example.com, image: null}]
//! channels:      [{id: general, name: general, members: [alice, bob]}]
//! conversations: [{id: dm-1, members: [alice, bob]}]
//! ```

use std::{borrow::Cow, collections::HashMap, fmt::Write};

use accord_codegen::{
    diagnostic::{Diagnostic, Diagnostics, Span, instead},
    record,
    source::{self, Context, Slot, Text},
};
use accord_runtime::{Room, Scope};
use serde::de::IgnoredAny;

use crate::{
    protocol::scopes,
    store::{World, WorldRoom, WorldUser},
};

record! {
    /// The users, channels and conversations that a database is to have.
    pub struct WorldFile {
        /// The users.
        optional users: Vec<UserEntry>,
        /// The channels.
        optional channels: Vec<ChannelEntry>,
        /// The conversations.
        optional conversations: Vec<ConversationEntry>,
    }
}

record! {
    /// A user.
    pub struct UserEntry {
        /// The id that tokens carry: 1 to 128 characters, no control characters.
        required id: Text,
        /// The name to show, 1 to 200 characters; the id where there is none.
        optional name: Text,
        /// The e-mail address.
        optional email: Option<Text>,
        /// The address of a picture.
        optional image: Option<Text>,
    }
}

record! {
    /// A channel.
    pub struct ChannelEntry {
        /// Its id: 1 to 128 characters, no control characters.
        required id: Text,
        /// Its name, 1 to 200 characters; the id where there is none.
        optional name: Text,
        /// The ids of its members, each one of the users.
        required members: Vec<Text>,
    }
}

record! {
    /// A conversation.
    pub struct ConversationEntry {
        /// Its id: 1 to 128 characters, no control characters.
        required id: Text,
        /// The ids of its participants, each one of the users.
        required members: Vec<Text>,
    }
    refused { "name" => "a conversation has no name: its participants are what it is called by" }
}

/// Reads a world file's text; `path` is what messages call the file.
///
/// # Errors
/// Every mistake in it, each with its line.
pub fn parse(path: &str, text: &str) -> Result<World, Diagnostics> {
    let mut cx = Context::default();
    let text = without_surrogate_pairs(text);
    let world = source::read_text::<WorldFile>(path, &text, &mut cx).map(|file| check(file, &mut cx));
    match world {
        Some(world) if cx.diagnostics.is_empty() => Ok(world),
        _ => Err(Diagnostics::new(cx.sources, cx.diagnostics)),
    }
}

/// JSON, with the escapes of characters beyond U+FFFF as YAML writes them: `\ud83d\ude00` (RFC 8259, section 7), which YAML
/// does not have, becomes `\U0001f600`. All else of JSON is YAML already, and what is no JSON stays as it is.
fn without_surrogate_pairs(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    // Reverse solidi are in strings alone, and each begins an escape.
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        written.push_str(before);
        if let Some(character) = surrogate_pair(escape) {
            write!(written, "\\U{:08x}", u32::from(character)).expect("text takes text");
            rest = &escape[12..];
        } else {
            written.push_str(&escape[..2]);
            rest = &escape[2..];
        }
    }
    written.push_str(rest);
    Cow::Owned(written)
}

/// The character that a text begins with as two escapes.
fn surrogate_pair(text: &str) -> Option<char> {
    let unit = |at: usize| u16::from_str_radix(text.get(at..at + 6)?.strip_prefix("\\u")?, 16).ok();
    char::decode_utf16([unit(0)?, unit(6)?]).next()?.ok().filter(|character| character.len_utf16() == 2)
}

/// Checks what the shape of the file does not tell, and makes a world of it.
fn check(file: WorldFile, cx: &mut Context) -> World {
    let mut user_ids = Ids::new("user");
    let mut users = Vec::new();
    for entry in file.users.into_option().unwrap_or_default() {
        let Some(id) = user_ids.take(entry.id, cx) else { continue };
        let name = text("name", entry.name.into_option(), 1..=200, cx).unwrap_or_else(|| id.clone());
        let email = text("email", entry.email.into_option().flatten(), 0..=320, cx);
        let image = text("image", entry.image.into_option().flatten(), 0..=2048, cx);
        users.push(WorldUser { id, name, email, image });
    }
    let mut channel_ids = Ids::new("channel");
    let mut rooms = Vec::new();
    for entry in file.channels.into_option().unwrap_or_default() {
        let members = members(entry.members, &user_ids, cx);
        let Some(id) = channel_ids.take(entry.id, cx) else { continue };
        let name = text("name", entry.name.into_option(), 1..=200, cx).unwrap_or_else(|| id.clone());
        rooms.push(WorldRoom { room: room::<scopes::Channel>(id), name: Some(name), members });
    }
    let mut conversation_ids = Ids::new("conversation");
    for entry in file.conversations.into_option().unwrap_or_default() {
        let members = members(entry.members, &user_ids, cx);
        let Some(id) = conversation_ids.take(entry.id, cx) else { continue };
        rooms.push(WorldRoom { room: room::<scopes::Conversation>(id), name: None, members });
    }
    World { users, rooms }
}

fn room<S: Scope>(id: String) -> Room {
    Room { scope: S::SPEC.name, id }
}

/// The ids of one kind of thing, and where each is.
struct Ids {
    kind: &'static str,
    taken: HashMap<String, Span>,
    /// In the order of the file, so that messages are the same every time.
    order: Vec<String>,
}

impl Ids {
    fn new(kind: &'static str) -> Self {
        Ids { kind, taken: HashMap::new(), order: Vec::new() }
    }

    /// Takes an id, if it is one and is not taken.
    fn take(&mut self, id: Slot<Text>, cx: &mut Context) -> Option<String> {
        let id = id.into_option()?;
        let length = id.value.chars().count();
        let wrong = if !(1..=128).contains(&length) {
            Some(format!("has {length} characters"))
        } else if id.value.chars().any(char::is_control) {
            Some("has a control character".to_owned())
        } else {
            None
        };
        if let Some(wrong) = wrong {
            let diagnostic = Diagnostic::new("invalid-id", format!("the id of this {} {wrong}", self.kind));
            cx.report(diagnostic.at(id.span, wrong).help("use 1 to 128 characters, and no control characters"));
            return None;
        }
        if let Some(&first) = self.taken.get(&id.value) {
            let diagnostic = Diagnostic::new("duplicate-id", format!("there are two {}s `{}`", self.kind, id.value));
            cx.report(
                diagnostic.at(id.span, "again here").and(first, "first here").help("remove or rename one of them"),
            );
            return None;
        }
        self.taken.insert(id.value.clone(), id.span);
        self.order.push(id.value.clone());
        Some(id.value)
    }
}

/// A room's members: users of the world, each once.
fn members(entries: Slot<Vec<Text>>, users: &Ids, cx: &mut Context) -> Vec<String> {
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut members = Vec::new();
    for member in entries.into_option().unwrap_or_default() {
        if !users.taken.contains_key(&member.value) {
            let diagnostic =
                Diagnostic::new("unknown-user", format!("there is no user `{}` in this world", member.value));
            let help = instead(&member.value, users.order.iter().map(String::as_str));
            cx.report(diagnostic.at(member.span, "unknown user").help(help));
        } else if let Some(&first) = seen.get(&member.value) {
            let diagnostic = Diagnostic::new("duplicate-member", format!("`{}` is a member twice", member.value));
            cx.report(diagnostic.at(member.span, "again here").and(first, "first here").help("remove one of them"));
        } else {
            seen.insert(member.value.clone(), member.span);
            members.push(member.value);
        }
    }
    members
}

/// A text of so many characters, without U+0000, which not every database stores.
fn text(key: &str, value: Option<Text>, lengths: std::ops::RangeInclusive<usize>, cx: &mut Context) -> Option<String> {
    let value = value?;
    let length = value.value.chars().count();
    if !lengths.contains(&length) {
        let diagnostic = Diagnostic::new("invalid-text", format!("`{key}` has {length} characters"));
        let help = format!("use {} to {} characters", lengths.start(), lengths.end());
        cx.report(diagnostic.at(value.span, format!("{length} characters")).help(help));
        return None;
    }
    if value.value.contains('\0') {
        let diagnostic = Diagnostic::new("invalid-text", format!("`{key}` contains U+0000"));
        cx.report(diagnostic.at(value.span, "contains U+0000").help("remove it"));
        return None;
    }
    Some(value.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_is_read_from_yaml_and_from_json_alike() {
        let yaml = "\
users:
  - { id: alice, name: Alice, email: alice@example.com, image: null }
  - id: bob
channels: [{id: general, name: General, members: [alice, bob]}, {id: empty, members: []}]
conversations: [{id: general, members: [alice, bob]}]
";
        let json = r#"{
            "users": [{"id": "alice", "name": "Alice", "email": "alice@example.com", "image": null}, {"id": "bob"}],
            "channels": [
                {"id": "general", "name": "General", "members": ["alice", "bob"]}, {"id": "empty", "members": []}
            ],
            "conversations": [{"id": "general", "members": ["alice", "bob"]}]
        }"#;
        let room = |scope, id: &str, name: Option<&str>, members: &[&str]| WorldRoom {
            room: Room { scope, id: id.to_owned() },
            name: name.map(str::to_owned),
            members: members.iter().map(|&id| id.to_owned()).collect(),
        };
        let user = |id: &str, name: &str, email: Option<&str>| WorldUser {
            id: id.to_owned(),
            name: name.to_owned(),
            email: email.map(str::to_owned),
            image: None,
        };
        let expected = World {
            users: vec![user("alice", "Alice", Some("alice@example.com")), user("bob", "bob", None)],
            rooms: vec![
                room("channel", "general", Some("General"), &["alice", "bob"]),
                room("channel", "empty", Some("empty"), &[]),
                room("conversation", "general", None, &["alice", "bob"]),
            ],
        };
        assert_eq!(parse("world.yaml", yaml).expect("a world"), expected);
        assert_eq!(parse("world.json", json).expect("a world"), expected);
    }

    #[test]
    fn characters_may_be_escaped_as_json_escapes_them() {
        let json = r#"{"users": [{"id": "\ud83d\ude00", "name": "\u00e4\uD83D\uDE00\\ud83d\\ude00\/"}]}"#;
        let world = parse("world.json", json).expect("a world");
        assert_eq!((&*world.users[0].id, &*world.users[0].name), ("😀", "ä😀\\ud83d\\ude00/"));
        let yaml = r"users: [{id: ada, name: '\ud83d\ude00'}]";
        assert_eq!(parse("world.yaml", yaml).expect("a world").users[0].name, r"\ud83d\ude00");
        for half in [r"\ud83d", r"\ude00", r"\ud83dx", r"\ude00\ud83d", r"\ud83d\u0041"] {
            let json = format!("{{\"users\": [{{\"id\": \"\\ud83d\\ude00\"}},\n  {{\"id\": \"{half}\"}}]}}");
            let report = parse("world.json", &json).expect_err("half a character").to_string();
            assert!(report.contains("world.json:2:"), "{half}: {report}");
        }
    }

    #[test]
    fn every_mistake_is_reported_at_once_with_its_line() {
        let world = "\
users:
  - { id: alice, nam: Alice }
  - { id: alice }
  - { id: '' }
  - { name: Nobody }
channels:
  - { id: general, members: [alice, alcie, alice] }
  - { id: \"a\\u0007b\", members: [] }
conversations:
  - { id: dm-1, name: us, members: [alice] }
rooms: []
";
        let report = parse("world.yaml", world).expect_err("mistakes").to_string();
        for (place, message) in [
            ("world.yaml:2:", "there is no key `nam` here"),
            ("world.yaml:3:", "there are two users `alice`"),
            ("world.yaml:4:", "the id of this user has 0 characters"),
            ("world.yaml:5:", "the key `id` is missing"),
            ("world.yaml:7:", "there is no user `alcie` in this world"),
            ("world.yaml:7:", "`alice` is a member twice"),
            ("world.yaml:8:", "the id of this channel has a control character"),
            ("world.yaml:10:", "`name` is not supported"),
            ("world.yaml:11:", "there is no key `rooms` here"),
        ] {
            assert!(report.contains(message), "{message} is missing from\n{report}");
            assert!(report.contains(place), "{place} is missing from\n{report}");
        }
        assert!(report.contains("did you mean `alice`?"), "{report}");
        assert!(report.contains("9 errors"), "{report}");
    }

    #[test]
    fn a_file_that_is_no_world_is_refused() {
        for text in ["[]", "users: 1", "users: [alice]", "users: [", ""] {
            assert!(parse("world.yaml", text).is_err(), "{text:?}");
        }
    }
}
