//! Sending messages, once or again.

use accord_flows::pattern::Variables;
use serde_json::{Value, json};

use super::{
    act::Once,
    emission::Emission,
    fixture::{ACTORS, ROOMS, id_of, socket_of},
    log::Shows,
    message::{Message, Sent},
    simulation::Simulation,
};

impl Simulation<'_> {
    pub(super) fn send(&mut self, actor: usize, room: usize, parent: Option<usize>, acknowledged: bool, once: Once) {
        let words = &self.words[ROOMS[room].scope].send;
        let content = self.new_text();
        let once = if self.words[ROOMS[room].scope].logged { once } else { Once::Without };
        let sent = (once != Once::Without).then(|| self.new_sent(&content, None));
        let variables = self.sent_variables(room, &content, parent, sent.as_ref());
        variables.set("parent", parent.map_or(Value::Null, |parent| self.messages[parent].id()));
        let mut emission = Emission { actor, words, variables, acknowledged };
        if !self.is_member(actor, room) {
            return self.fails(&emission, &words.denied);
        }
        if parent.is_some_and(|parent| self.messages[parent].deleted || self.messages[parent].room != room) {
            return self.fails(&emission, &words.missing);
        }
        // The sockets in the room may or may not receive the message before the connection is cut.
        if once == Once::Cut && !self.is_joined(actor, room) {
            emission.acknowledged = false;
            let step = self.emit(&emission);
            self.steps.push(step);
            self.reconnect(actor, true);
            emission.acknowledged = true;
        }
        let draft = Message { sent, ..self.draft(room, ACTORS[actor].1, content, parent) };
        let pattern = self.pattern(&draft, None);
        let variable = self.succeeds(&emission, room, Some(&pattern), None);
        self.messages.push(Message { updated: format!("${variable}.updatedAt"), variable, ..draft });
        self.happened(room, &words.room, Shows::Sent(self.messages.len() - 1), Some(self.messages.len() - 1));
    }

    /// Sends a message again that was sent with an id that the client chose.
    pub(super) fn repeat(&mut self, number: u8, message: u8, other: bool) {
        let sent = (0..self.messages.len()).filter(|index| self.messages[*index].sent.is_some());
        let sent: Vec<usize> = sent.collect();
        let Some(index) = sent.get(usize::from(message) % sent.len().max(1)).copied() else { return };
        let text = self.new_text();
        let message = &self.messages[index];
        let Some(sent) = &message.sent else { return };
        let socket = socket_of(message.author, number);
        let actor = if self.actors.contains(&socket) { socket } else { socket_of(message.author, 0) };
        let (room, scope) = (message.room, ROOMS[message.room].scope);
        let (words, variables, from) = match sent.original {
            Some(original) => {
                let from = self.messages[original].room;
                let variables = self.room_variables(from);
                variables.set("message", self.messages[original].properties());
                variables.set("target", id_of(room));
                variables.set("client", sent.id.as_str());
                (&self.words[scope].forward, variables, from)
            }
            None => {
                let content = if other { &text } else { &sent.content };
                (&self.words[scope].send, self.sent_variables(room, content, message.parent, Some(sent)), room)
            }
        };
        let shown = match message.deleted {
            true => json!({ "id": message.id(), "content": "", "attachments": [], "reactions": [] }),
            false => self.pattern(message, Some(message)),
        };
        let ok = self.numbered(room, shown, message.seq);
        let emission = Emission { actor, words, variables, acknowledged: true };
        if !self.is_member(actor, room) || !self.is_member(actor, from) {
            return self.fails(&emission, &words.denied);
        }
        if other && sent.original.is_none() {
            return self.fails(&emission, &words.conflict);
        }
        let mut step = self.emit(&emission);
        step["ok"] = ok;
        self.steps.push(step);
    }

    /// How the next message is sent, if with an id that the client chose.
    pub(super) fn new_sent(&mut self, content: &str, original: Option<usize>) -> Sent {
        Sent { id: format!("c-{}", self.new_variable()), content: content.to_owned(), original }
    }

    /// The variables of a message that is sent. Without a parent, the payload does not say so.
    fn sent_variables(&self, room: usize, content: &str, parent: Option<usize>, sent: Option<&Sent>) -> Variables {
        let variables = self.room_variables(room);
        variables.set("content", content);
        if let Some(parent) = parent {
            variables.set("parent", self.messages[parent].id());
        }
        if let Some(sent) = sent {
            variables.set("client", sent.id.as_str());
        }
        variables
    }

    /// All members send at once. The model does not predict the order of their messages, but all members must see the
    /// same order, which is that of history.
    pub(super) fn all_send(&mut self, room: usize) {
        let watchers = self.watchers(room);
        let senders: Vec<usize> = (self.actors.iter().copied())
            .filter(|actor| !ACTORS[*actor].0.contains('/') && self.is_member(*actor, room))
            .collect();
        let Some((first, others)) = watchers.split_first().filter(|_| senders.len() > 1) else { return };
        let words = &self.words[ROOMS[room].scope].send;
        let mut emissions = Vec::new();
        let mut contents = Vec::new();
        for actor in &senders {
            let content = self.new_text();
            let variables = self.sent_variables(room, &content, None, None);
            emissions.push(self.emit(&Emission { actor: *actor, words, variables, acknowledged: true }));
            contents.push(content);
        }
        self.steps.push(json!({ "together": emissions }));
        let event = &words.room;
        let mut known: Vec<String> = Vec::new();
        for _ in &senders {
            let (variable, seq) = (self.new_variable(), self.next(room));
            let others_before = known.iter().map(|known| json!({ "id": { "$not": format!("${known}.id") } }));
            let one = self.numbered(room, json!({ "content": { "$any_of": contents } }), seq);
            let data = [one].into_iter().chain(others_before);
            self.steps.push(json!({ "expect": event, "at": first, "data": { "$all_of": data.collect::<Vec<_>>() }, "save": variable }));
            if !others.is_empty() {
                let data = self.numbered(room, format!("${variable}").into(), seq);
                self.steps.push(json!({ "expect": event, "at": others, "data": data }));
            }
            let draft = self.draft(room, 0, String::new(), None);
            self.messages.push(Message { sealed: true, variable: variable.clone(), ..draft });
            let index = self.messages.len() - 1;
            self.happened(room, event, Shows::Sent(index), Some(index));
            known.push(variable);
        }
    }
}
