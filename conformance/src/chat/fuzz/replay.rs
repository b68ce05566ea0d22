//! The logs of the model's rooms, and the replays for clients that were away.

use serde_json::{Value, json};

use super::{
    fixture::{ACTORS, ROOMS, id_of, profile},
    log::{Entry, Shows},
    simulation::Simulation,
    words::fill_in,
};

impl Simulation<'_> {
    /// Adds an entry to the log of a room, which all sockets there have received.
    pub(super) fn happened(&mut self, room: usize, event: &str, shows: Shows, about: Option<usize>) {
        self.logs[room].entries.push(Entry { event: event.to_owned(), shows, about });
        let seq = self.logs[room].seq();
        for actor in 0..ACTORS.len() {
            if self.is_joined(actor, room) {
                self.places.insert((actor, room), seq);
            }
        }
    }

    /// The number of a room's next entry.
    pub(super) fn next(&self, room: usize) -> u64 {
        self.logs[room].seq() + 1
    }

    /// A position in the log of a room.
    pub(super) fn position(&self, room: usize, seq: u64) -> Value {
        let epoch =
            self.logs[room].known.as_ref().map_or("<text>".to_owned(), |known| format!("${known}.position.epoch"));
        json!({ "epoch": epoch, "seq": seq })
    }

    /// The pattern of a payload with its number in the log of a room, if the room has a log.
    pub(super) fn numbered(&self, room: usize, pattern: Value, seq: u64) -> Value {
        match pattern {
            pattern if !self.words[ROOMS[room].scope].logged => pattern,
            Value::Object(mut members) => {
                members.insert("seq".to_owned(), seq.into());
                members.into()
            }
            other => json!({ "$all_of": [other, { "seq": seq }] }),
        }
    }

    /// Expects the entries that an actor has missed in a room since a position.
    pub(super) fn replay(&mut self, actor: usize, room: usize, since: u64) {
        let missed = (since..self.logs[room].seq()).filter_map(|index| {
            let entry = &self.logs[room].entries[usize::try_from(index).ok()?];
            let is_gone = entry.about.is_some_and(|about| self.messages[about].deleted);
            let data = self.numbered(room, self.replayed(&entry.shows), index + 1);
            (!is_gone).then(|| json!({ "expect": entry.event, "at": ACTORS[actor].0, "data": data }))
        });
        let missed: Vec<Value> = missed.collect();
        self.steps.extend(missed);
        let words = &self.words[ROOMS[room].scope].join;
        let variables = self.room_variables(room);
        variables.set("position", self.position(room, self.logs[room].seq()));
        let data = fill_in(&words.ok, &variables);
        self.steps.push(json!({ "expect": words.ends_replay, "at": ACTORS[actor].0, "data": data }));
    }

    /// The payload of an entry in a replay.
    fn replayed(&self, shows: &Shows) -> Value {
        match shows {
            Shows::Always(value) => value.clone(),
            Shows::Sent(index) => {
                let message = &self.messages[*index];
                match message.parent.filter(|parent| self.messages[*parent].deleted) {
                    Some(_) => self.as_sent(message),
                    None => format!("${}", message.variable).into(),
                }
            }
            Shows::Forwarded { original, content, copy } => {
                let (original, copy) = (&self.messages[*original], &self.messages[*copy]);
                let words = &self.words[ROOMS[original.room].scope].forward;
                let variables = self.room_variables(original.room);
                variables.set("target", id_of(copy.room));
                variables.set("author", profile(copy.author));
                variables.set("copy", format!("${}", copy.variable));
                let shown = match original.deleted {
                    true => json!({ "id": original.id(), "content": "", "attachments": [] }),
                    false => json!({ "id": original.id(), "content": content }),
                };
                variables.set("original", shown);
                words.shows.as_ref().map(|shows| fill_in(shows, &variables)).unwrap_or_default()
            }
        }
    }
}
