//! Messages, and what they have to be in events and in history.

use serde_json::{Value, json};

use super::{
    stage::{ACTORS, ROOMS, USERS, profile},
    story::{Story, call, fill_in},
};

/// The largest page of history.
const PAGE: usize = 100;

/// A message, as far as the model knows it.
pub(super) struct Message {
    /// The variable that holds it as it was when it was made.
    pub variable: String,
    /// Whether nothing is known of it but that: of several that were sent at once.
    pub sealed: bool,
    pub room: usize,
    pub author: usize,
    pub content: String,
    pub parent: Option<usize>,
    /// The changes of the parent until then.
    pub parent_changes: usize,
    pub updated: String,
    /// By user and emoji, the variable that holds the reaction.
    pub reactions: Vec<(usize, u8, String)>,
    /// Whether there ever was one.
    pub reacted: bool,
    pub deleted: bool,
    pub changes: usize,
}

impl Message {
    pub fn id(&self) -> Value {
        format!("${}.id", self.variable).into()
    }

    pub fn properties(&self) -> Value {
        // Whether a reaction is an update is open.
        let updated =
            if self.reacted { json!({ "$between": [self.updated, null] }) } else { self.updated.clone().into() };
        json!({ "id": self.id(), "createdAt": format!("${}.createdAt", self.variable), "updatedAt": updated })
    }
}

impl Story<'_> {
    /// What a room's history has to be, the newest first.
    pub(super) fn history(&self, room: usize) -> Vec<Value> {
        let alive = self.messages.iter().rev().filter(|message| message.room == room && !message.deleted);
        alive.map(|message| self.shown(message)).collect()
    }

    /// A message as it has to be now.
    fn shown(&self, message: &Message) -> Value {
        let parent = message.parent.map(|parent| &self.messages[parent]);
        let same = message.changes == 0 && parent.is_none_or(|parent| parent.changes == message.parent_changes);
        if same || message.sealed {
            return format!("${}", message.variable).into();
        }
        self.pattern(message, Some(message))
    }

    /// What a message has to be: one that is `made` already is known by its id.
    pub(super) fn pattern(&self, message: &Message, made: Option<&Message>) -> Value {
        let words = &self.words[ROOMS[message.room].scope];
        let scene = self.scene(message.room);
        scene.set("author", profile(message.author));
        scene.set("content", message.content.as_str());
        scene.set("parent", message.parent.map_or(Value::Null, |parent| self.messages[parent].id()));
        let unmade = json!({ "id": "<id>", "createdAt": "<time>", "updatedAt": "<time>" });
        scene.set("message", made.map_or(unmade, Message::properties));
        let reactions: Vec<String> = message.reactions.iter().map(|(.., variable)| format!("${variable}")).collect();
        scene.set("reactions", if reactions.is_empty() { json!([]) } else { json!({ "$unordered": reactions }) });
        let parent = message.parent.map(|parent| &self.messages[parent]).filter(|parent| !parent.deleted);
        scene.set("reply", parent.map_or(Value::Null, |parent| self.reply(parent)));
        fill_in(&words.message, &scene)
    }

    /// What the message that another replies to has to be in that.
    fn reply(&self, parent: &Message) -> Value {
        let words = &self.words[ROOMS[parent.room].scope];
        let scene = self.scene(parent.room);
        scene.set("author", profile(parent.author));
        scene.set("content", parent.content.as_str());
        scene.set("message", parent.properties());
        scene.set("parent", parent.parent.map_or(Value::Null, |parent| self.messages[parent].id()));
        fill_in(&words.reply, &scene)
    }

    pub(super) fn draft(&self, room: usize, author: usize, content: String, parent: Option<usize>) -> Message {
        Message {
            variable: String::new(),
            sealed: false,
            room,
            author,
            content,
            parent,
            parent_changes: parent.map_or(0, |parent| self.messages[parent].changes),
            updated: String::new(),
            reactions: Vec::new(),
            reacted: false,
            deleted: false,
            changes: 0,
        }
    }

    /// Reads a room's history in one page.
    pub(super) fn read(&mut self, actor: usize, room: usize) {
        let all = self.history(room);
        let (total, limit) = (all.len(), all.len().clamp(1, PAGE));
        self.page(actor, room, &json!({ "limit": limit, "total": total, "messages": all, "next": null }), None);
    }

    /// Reads a room's history in two pages, the second by the cursor that the first gives and not full.
    pub(super) fn read_in_two(&mut self, actor: usize, room: usize) {
        let all = self.history(room);
        let (total, limit) = (all.len(), all.len() / 2 + 1);
        if total <= limit {
            return;
        }
        let (newer, older) = all.split_at(limit);
        let variable = self.variable();
        let page = json!({ "limit": limit, "total": total, "messages": newer, "next": "<text>" });
        self.page(actor, room, &page, Some(&variable));
        let before = format!("${variable}.nextCursor");
        self.page(
            actor,
            room,
            &json!({ "limit": limit, "total": total, "messages": older, "next": null, "before": before }),
            None,
        );
    }

    fn page(&mut self, actor: usize, room: usize, page: &Value, save: Option<&str>) {
        let words = &self.words[ROOMS[room].scope].read;
        let scene = self.scene(room);
        for name in ["limit", "total", "messages", "next", "before"] {
            scene.set(name, page[name].clone());
        }
        let mut step = call(words, USERS[ACTORS[actor].1], &scene);
        if !self.is_member(actor, room) {
            step["fails"] = json!({ "error": words.denied });
        } else {
            step["data"] = fill_in(&words.data, &scene);
            if let Some(save) = save {
                step["save"] = save.into();
            }
        }
        self.steps.push(step);
    }
}
