//! The expected messages of a room, in events and in history.

use serde_json::{Value, json};

use super::{
    fixture::{ACTORS, ROOMS, USERS, profile},
    message::Message,
    simulation::Simulation,
    steps::call,
    words::fill_in,
};

/// The largest page of history.
const PAGE: usize = 100;

impl Simulation<'_> {
    /// The expected history of a room, newest first.
    pub(super) fn history(&self, room: usize) -> Vec<Value> {
        let alive = self.messages.iter().rev().filter(|message| message.room == room && !message.deleted);
        alive.map(|message| self.shown(message)).collect()
    }

    /// The expected form of a message now.
    fn shown(&self, message: &Message) -> Value {
        let parent = message.parent.map(|parent| &self.messages[parent]);
        let same = message.changes == 0 && parent.is_none_or(|parent| parent.changes == message.parent_changes);
        if same || message.sealed {
            return format!("${}", message.variable).into();
        }
        self.pattern(message, Some(message))
    }

    /// The pattern of a message; once it is `made`, its id is known.
    pub(super) fn pattern(&self, message: &Message, made: Option<&Message>) -> Value {
        let words = &self.words[ROOMS[message.room].scope];
        let variables = self.room_variables(message.room);
        variables.set("author", profile(message.author));
        variables.set("content", message.content.as_str());
        variables.set("parent", message.parent.map_or(Value::Null, |parent| self.messages[parent].id()));
        variables.set("client", message.sent.as_ref().map_or(Value::Null, |sent| sent.id.as_str().into()));
        let unmade = json!({ "id": "<id>", "createdAt": "<time>", "updatedAt": "<time>" });
        variables.set("message", made.map_or(unmade, Message::properties));
        let reactions: Vec<String> = message.reactions.iter().map(|(.., variable)| format!("${variable}")).collect();
        variables.set("reactions", if reactions.is_empty() { json!([]) } else { json!({ "$unordered": reactions }) });
        let parent = message.parent.map(|parent| &self.messages[parent]).filter(|parent| !parent.deleted);
        variables.set("reply", parent.map_or(Value::Null, |parent| self.reply(parent)));
        fill_in(&words.message, &variables)
    }

    /// A message as it was sent, but without its parent, which has been deleted since.
    pub(super) fn as_sent(&self, message: &Message) -> Value {
        let words = &self.words[ROOMS[message.room].scope];
        let variables = self.room_variables(message.room);
        let was = |field: &str| Value::from(format!("${}.{field}", message.variable));
        variables.set("author", profile(message.author));
        variables.set("content", was("content"));
        variables.set("parent", was("replyToId"));
        variables.set("client", was("clientId"));
        variables
            .set("message", json!({ "id": was("id"), "createdAt": was("createdAt"), "updatedAt": was("updatedAt") }));
        variables.set("reactions", json!([]));
        variables.set("reply", Value::Null);
        fill_in(&words.message, &variables)
    }

    /// The pattern of a parent message inside a reply.
    fn reply(&self, parent: &Message) -> Value {
        let words = &self.words[ROOMS[parent.room].scope];
        let variables = self.room_variables(parent.room);
        variables.set("author", profile(parent.author));
        variables.set("content", parent.content.as_str());
        variables.set("message", parent.properties());
        variables.set("parent", parent.parent.map_or(Value::Null, |parent| self.messages[parent].id()));
        fill_in(&words.reply, &variables)
    }

    pub(super) fn draft(&self, room: usize, author: usize, content: String, parent: Option<usize>) -> Message {
        Message {
            variable: String::new(),
            sealed: false,
            room,
            author,
            content,
            sent: None,
            seq: self.next(room),
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
        let variable = self.new_variable();
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
        let variables = self.room_variables(room);
        for name in ["limit", "total", "messages", "next", "before"] {
            variables.set(name, page[name].clone());
        }
        variables.set("position", self.position(room, self.logs[room].seq()));
        let mut step = call(words, USERS[ACTORS[actor].1], &variables);
        if !self.is_member(actor, room) {
            step["fails"] = json!({ "error": words.denied });
        } else {
            step["data"] = fill_in(&words.data, &variables);
            if let Some(save) = save {
                step["save"] = save.into();
            }
        }
        self.steps.push(step);
    }
}
