//! The world file: the users, channels and conversations that a database is to have, as YAML or JSON.
//!
//! ```yaml
//! users:         [{id: alice, name: Alice, email: alice@example.com, image: null}]
//! channels:      [{id: general, name: general, members: [alice, bob]}]
//! conversations: [{id: dm-1, members: [alice, bob]}]
//! ```
//!
//! A name that is left out is the id. Apart from that, an entry has the limits of the operation that sets the same over
//! HTTP: `put_user`, `put_channel` or `put_conversation`. `members` may be longer, but each must be one of the `users`.

mod document;
mod mistakes;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, fs, io, mem};

use accord_runtime::{Path, Room, Scope, Validate, Violations};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    protocol::{PutChannel, PutConversation, PutUser, scopes},
    store::{UserProfile, World, WorldRoom},
};
use document::Document;
use mistakes::Mistake;
pub use mistakes::Mistakes;

/// One of the file's lists.
struct List {
    key: &'static str,
    /// The noun for an entry.
    entry: &'static str,
    /// The keys of an entry.
    keys: &'static [&'static str],
}

const USERS: List = List { key: "users", entry: "user", keys: &["id", "name", "email", "image"] };
const CHANNELS: List = List { key: "channels", entry: "channel", keys: &["id", "name", "members"] };
const CONVERSATIONS: List = List { key: "conversations", entry: "conversation", keys: &["id", "members"] };

/// Reads a world file, and refuses pipes and devices: they may have no end, or wait for a writer.
///
/// # Errors
/// If it cannot be read, is not UTF-8, or is not a regular file.
pub fn read(path: &std::path::Path) -> io::Result<String> {
    if fs::metadata(path)?.is_file() {
        fs::read_to_string(path)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
    }
}

/// Reads a world file's text; `path` is the file's name in messages.
///
/// # Errors
/// All mistakes in it, each with its line.
pub fn parse(path: &str, text: &str) -> Result<World, Mistakes> {
    let document = Document::read(text).map_err(|mistake| Mistakes::new(path, text, vec![mistake]))?;
    let mut reader = Reader { document: &document, mistakes: Vec::new() };
    let world = reader.world();
    if reader.mistakes.is_empty() { Ok(world) } else { Err(Mistakes::new(path, text, reader.mistakes)) }
}

/// Reads a document, and gathers its mistakes.
struct Reader<'d> {
    document: &'d Document<'d>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn world(&mut self) -> World {
        let lists = [USERS.key, CHANNELS.key, CONVERSATIONS.key];
        let file = self.mapping(&self.document.value, Path::Root, "a world", &lists).unwrap_or_default();
        let mut user_ids = Ids::default();
        let users = self.entries::<PutUser>(&file, &USERS, &mut user_ids, None);
        let channels = self.entries::<PutChannel>(&file, &CHANNELS, &mut Ids::default(), Some(&user_ids));
        let conversations =
            self.entries::<PutConversation>(&file, &CONVERSATIONS, &mut Ids::default(), Some(&user_ids));
        let users = users.into_iter().map(|(user, _)| {
            let PutUser { id, name, email, image } = user;
            UserProfile { id: id.0, name, email, image }
        });
        let channels = channels.into_iter().map(|(channel, members)| WorldRoom {
            room: room::<scopes::Channel>(channel.id.0),
            name: Some(channel.name),
            members,
        });
        let conversations = conversations.into_iter().map(|(conversation, members)| WorldRoom {
            room: room::<scopes::Conversation>(conversation.id.0),
            name: None,
            members,
        });
        World { users: users.collect(), rooms: channels.chain(conversations).collect() }
    }

    /// The entries of a list, each with its members, who are among `users`.
    fn entries<T: Validate + DeserializeOwned>(
        &mut self,
        file: &Map<String, Value>,
        list: &List,
        ids: &mut Ids,
        users: Option<&Ids>,
    ) -> Vec<(T, Vec<String>)> {
        let Some(value) = file.get(list.key) else { return Vec::new() };
        let path = Path::Root.key(list.key);
        let Some(items) = value.as_array() else {
            let place = self.document.value_at(&path.to_string());
            let mistake = Mistake::new(format!("`{}` must be a list", list.key), place);
            self.mistakes.push(mistake.help(format!("write one mapping for each {}, or []", list.entry)));
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let at = path.index(index);
            let Some(mut entry) = self.mapping(item, at, &format!("a {}", list.entry), list.keys) else { continue };
            let listed = entry.get_mut("members").and_then(Value::as_array_mut).map(mem::take);
            let members = match users {
                Some(users) => self.members(&listed.unwrap_or_default(), at.key("members"), users),
                None => Vec::new(),
            };
            entries.extend(self.entry(entry, at, list, ids).map(|entry| (entry, members)));
        }
        entries
    }

    /// A mapping without the keys that it should not have.
    fn mapping(&mut self, value: &Value, at: Path<'_>, what: &str, keys: &[&str]) -> Option<Map<String, Value>> {
        let Some(mapping) = value.as_object() else {
            let mistake = Mistake::new(format!("{what} must be a mapping"), self.document.value_at(&at.to_string()));
            self.mistakes.push(mistake.help(format!("write a mapping with the keys {}", quoted(keys))));
            return None;
        };
        let mut known = mapping.clone();
        known.retain(|key, _| {
            let is_known = keys.contains(&key.as_str());
            if !is_known {
                let place = self.document.key_at(&at.key(key).to_string());
                let help = match (keys == CONVERSATIONS.keys, key.as_str()) {
                    (true, "name") => "remove it: clients show a conversation's participants instead".to_owned(),
                    _ => instead(key, keys),
                };
                self.mistakes.push(Mistake::new(format!("{what} has no key `{key}`"), place).help(help));
            }
            is_known
        });
        Some(known)
    }

    /// An entry, if it is valid and its id is not taken.
    fn entry<T>(&mut self, mut entry: Map<String, Value>, at: Path<'_>, list: &List, ids: &mut Ids) -> Option<T>
    where
        T: Validate + DeserializeOwned,
    {
        let id = entry.get("id").cloned();
        let unnamed = list.keys.contains(&"name") && !entry.contains_key("name");
        if unnamed {
            entry.insert("name".to_owned(), id.clone().unwrap_or_default());
        }
        let entry = Value::Object(entry);
        let mut violations = Violations::default();
        T::validate(&entry, at, &mut violations);
        let violations = violations.into_vec();
        let (id_at, name_at) = (at.key("id").to_string(), at.key("name").to_string());
        if let Some(Value::String(id)) = id
            && violations.iter().all(|violation| violation.path != id_at)
        {
            self.take_id(id, id_at, list, ids);
        }
        if violations.is_empty() {
            return Some(serde_json::from_value(entry).expect("a valid entry decodes"));
        }
        // A name that defaults to a wrong id is not a second mistake.
        for violation in violations.iter().filter(|violation| !unnamed || violation.path != name_at) {
            self.violation(at, &violation.path, &violation.message);
        }
        None
    }

    fn violation(&mut self, entry: Path<'_>, pointer: &str, message: &str) {
        let key = pointer.strip_prefix(&entry.to_string()).unwrap_or(pointer).trim_start_matches('/');
        let mistake = Mistake::new(format!("`{key}` {message}"), self.document.value_at(pointer));
        self.mistakes.push(match self.document.value.pointer(pointer) {
            Some(Value::Number(_) | Value::Bool(_)) => {
                let text = self.document.text_at(pointer);
                mistake.help(format!("to make it a string, put it in quotes: '{text}'"))
            }
            None => mistake.help(format!("add `{key}`")),
            // The message explains the format.
            Some(_) => mistake,
        });
    }

    /// Notes the id of an entry, which must be the first with that id.
    fn take_id(&mut self, id: String, at: String, list: &List, ids: &mut Ids) {
        match ids.at.get(&id) {
            Some(first) => {
                let (place, first) = (self.document.value_at(&at), self.document.value_at(first));
                let mistake = Mistake::new(format!("there are two {}s `{id}`", list.entry), place);
                self.mistakes.push(mistake.repeats(first).help("remove or rename one of them"));
            }
            None => ids.add(id, at),
        }
    }

    /// A room's members: users of the world, each once.
    fn members(&mut self, items: &[Value], at: Path<'_>, users: &Ids) -> Vec<String> {
        let mut members = Ids::default();
        for (index, item) in items.iter().enumerate() {
            let pointer = at.index(index).to_string();
            let place = self.document.value_at(&pointer);
            let Some(id) = item.as_str() else {
                let help = format!("write the id of a user in quotes: '{}'", self.document.text_at(&pointer));
                self.mistakes.push(Mistake::new("a member must be a string", place).help(help));
                continue;
            };
            if !users.at.contains_key(id) {
                let mistake = Mistake::new(format!("there is no user `{id}` in this world"), place);
                self.mistakes.push(mistake.help(instead(id, &users.order)));
            } else if let Some(first) = members.at.get(id) {
                let mistake = Mistake::new(format!("`{id}` is listed as a member twice"), place);
                self.mistakes.push(mistake.repeats(self.document.value_at(first)).help("remove one of them"));
            } else {
                members.add(id.to_owned(), pointer);
            }
        }
        members.order
    }
}

/// Ids, each with the JSON Pointer of its first place.
#[derive(Default)]
struct Ids {
    at: HashMap<String, String>,
    /// In the order of the file, so that messages are the same every time.
    order: Vec<String>,
}

impl Ids {
    fn add(&mut self, id: String, at: String) {
        self.order.push(id.clone());
        self.at.insert(id, at);
    }
}

fn room<S: Scope>(id: String) -> Room {
    Room { scope: S::SPEC.name, id }
}

/// The remedy for an unknown name: the known one that is similar, or all of them if they are few.
fn instead<S: AsRef<str>>(name: &str, known: &[S]) -> String {
    let distance = |known: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
    let nearest = known.iter().map(AsRef::as_ref).map(|known| (distance(known), known)).min();
    match nearest {
        Some((distance, nearest)) if distance <= name.chars().count().div_ceil(3) => {
            format!("did you mean `{nearest}`?")
        }
        Some(_) if known.len() <= MOST_LISTED => format!("write one of {}", quoted(known)),
        Some(_) => format!("none of the {} known names is similar", known.len()),
        None => "there are none".to_owned(),
    }
}

/// The most names that a remedy lists.
const MOST_LISTED: usize = 24;

fn quoted<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
