//! The model: what there is in the rooms after each act, and what everybody has to have seen. It writes a sequence of acts
//! down as the steps of a flow, each with what has to come of it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    act::{Act, Deed, Sequence},
    message::Message,
    stage::{
        ACTORS, ADMIN, Place, ROOMS, USERS, actor_of, channel_of, emoji_of, first_socket, id_of, profile, room_of,
        user_of,
    },
    words::{Call, Event, Words},
};
use crate::{
    client::Transport,
    pattern::{Variables, fill},
};

/// A flow's file, as it is made up.
pub(super) struct Story<'w> {
    pub(super) words: &'w [Words],
    /// The name of the flow.
    name: &'w str,
    transports: Vec<Transport>,
    /// The actors and rooms that the acts have to do with.
    cast: BTreeSet<usize>,
    rooms: BTreeSet<usize>,
    pub(super) steps: Vec<Value>,
    members: [[bool; USERS.len()]; ROOMS.len()],
    joined: BTreeSet<(usize, usize)>,
    pub(super) messages: Vec<Message>,
    /// Numbers the variables and texts.
    count: usize,
}

/// An event that an actor emits.
struct Emission<'w> {
    actor: usize,
    words: &'w Event,
    scene: Variables,
    acknowledged: bool,
}

impl<'w> Story<'w> {
    /// Tells `sequence` as a flow of this name.
    pub fn tell(name: &'w str, words: &'w [Words], sequence: &Sequence) -> Self {
        let transports = sequence.transports.iter().map(|number| Transport::ALL[usize::from(*number) % 3]).collect();
        let mut story = Story {
            words,
            name,
            transports,
            cast: BTreeSet::from([0]),
            rooms: BTreeSet::new(),
            steps: Vec::new(),
            members: ROOMS.map(|place| place.members),
            joined: BTreeSet::new(),
            messages: Vec::new(),
            count: 0,
        };
        sequence.acts.iter().for_each(|act| story.cast(act));
        for (room, Place { members, .. }) in ROOMS.iter().enumerate() {
            story.members[room] = std::array::from_fn(|user| members[user] && story.takes_part(user));
        }
        story.begin();
        sequence.acts.iter().for_each(|act| story.act(act));
        story.end();
        story
    }

    /// The steps, and the users that take part.
    pub fn into_flow(self) -> (Vec<Value>, Vec<&'static str>) {
        let users = USERS.iter().enumerate().filter(|(user, _)| self.takes_part(*user)).map(|(_, name)| *name);
        let users = users.chain([ADMIN]).collect();
        (self.steps, users)
    }

    fn takes_part(&self, user: usize) -> bool {
        self.cast.iter().any(|actor| ACTORS[*actor].1 == user)
    }

    /// Takes in whom and what `act` has to do with.
    fn cast(&mut self, act: &Act) {
        let (actor, room) = match act {
            Act::Join { actor, room }
            | Act::Leave { actor, room }
            | Act::Send { actor, room, .. }
            | Act::Read { actor, room } => (Some(actor_of(*actor)), Some(room_of(*room))),
            Act::Deal { actor, deed, stray, .. } => {
                if let Deed::Forward(target) = deed {
                    self.rooms.insert(channel_of(*target));
                }
                (actor.map(actor_of), stray.map(room_of))
            }
            Act::AllSend { room } => (None, Some(room_of(*room))),
            Act::Reconnect { actor, .. } => (Some(actor_of(*actor)), None),
            // The user's first socket: who has never connected is nobody's member.
            Act::Admit { user, room } | Act::Exclude { user, room } => {
                (Some(first_socket(user_of(*user))), Some(room_of(*room)))
            }
        };
        self.cast.extend(actor);
        self.rooms.extend(room);
    }

    fn begin(&mut self) {
        if !self.rooms.is_empty() {
            let ids = self.rooms.iter().map(|room| {
                let Place { name, id, .. } = ROOMS[*room];
                (name.to_owned(), Value::from(format!("{}.${{run}}.{id}", self.name)))
            });
            let ids: Map<String, Value> = ids.collect();
            self.steps.push(json!({ "set": ids }));
        }
        for actor in self.cast.clone() {
            self.connect(actor);
        }
        for room in self.rooms.clone() {
            let Place { name, scope, .. } = ROOMS[room];
            let members =
                (0..USERS.len()).filter(|user| self.members[room][*user]).map(|user| format!("${}", USERS[user]));
            let scene = self.scene(room);
            scene.set("members", members.collect::<Vec<_>>());
            // Conversations have no names.
            scene.set("name", if scope == 0 { Value::from(name) } else { Value::Null });
            let words = self.words;
            self.administer(&words[scope].found, &scene);
        }
    }

    fn connect(&mut self, actor: usize) {
        let transport = self.transports.get(actor).copied().unwrap_or(Transport::Websocket);
        let mut step = json!({ "connect": ACTORS[actor].0 });
        if transport != Transport::Websocket {
            step["transport"] = transport.name().into();
        }
        self.steps.push(step);
    }

    /// Nobody has seen more than was expected, and history is what the model says.
    fn end(&mut self) {
        let all: Vec<&str> = self.cast.iter().map(|actor| ACTORS[*actor].0).collect();
        self.steps.push(json!({ "nothing": all }));
        for room in self.rooms.clone() {
            if let Some(reader) = self.cast.iter().copied().find(|actor| self.members[room][ACTORS[*actor].1]) {
                self.read(reader, room);
                self.read_in_two(reader, room);
            }
        }
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Join { actor, room } => self.join(actor_of(*actor), room_of(*room)),
            Act::Leave { actor, room } => self.leave(actor_of(*actor), room_of(*room)),
            Act::Send { actor, room, parent, acknowledged } => {
                let parent = parent.and_then(|parent| self.message_of(parent));
                self.send(actor_of(*actor), room_of(*room), parent, *acknowledged);
            }
            Act::Deal { actor, message, deed, stray, acknowledged } => {
                if let Some(index) = self.message_of(*message) {
                    let (actor, index, deed) = match actor {
                        Some(actor) => (actor_of(*actor), index, *deed),
                        None => self.fitting(*deed, index, *message),
                    };
                    self.deal(deed, actor, index, stray.map(room_of), *acknowledged);
                }
            }
            Act::AllSend { room } => self.all_send(room_of(*room)),
            Act::Reconnect { actor, abruptly } => {
                let actor = actor_of(*actor);
                let end = if *abruptly { "cut" } else { "disconnect" };
                self.steps.push(json!({ end: ACTORS[actor].0 }));
                self.joined.retain(|(joined, _)| *joined != actor);
                self.connect(actor);
            }
            Act::Admit { user, room } => self.set_member(user_of(*user), room_of(*room), true),
            Act::Exclude { user, room } => self.set_member(user_of(*user), room_of(*room), false),
            Act::Read { actor, room } => self.read(actor_of(*actor), room_of(*room)),
        }
    }

    fn join(&mut self, actor: usize, room: usize) {
        let words = &self.words[ROOMS[room].scope].join;
        let emission = Emission { actor, words, scene: self.scene(room), acknowledged: false };
        if !self.is_member(actor, room) {
            return self.fails(&emission, &words.denied);
        }
        self.answered(&emission);
        self.joined.insert((actor, room));
    }

    fn leave(&mut self, actor: usize, room: usize) {
        // What those are answered who are no members, the protocol leaves open.
        if self.is_member(actor, room) {
            let words = &self.words[ROOMS[room].scope].leave;
            self.answered(&Emission { actor, words, scene: self.scene(room), acknowledged: false });
            self.joined.remove(&(actor, room));
        }
    }

    /// An event whose answer is an event to the caller.
    fn answered(&mut self, emission: &Emission<'_>) {
        let step = self.emit(emission);
        self.steps.push(step);
        let event = &emission.words.caller;
        let data = fill_in(&emission.words.data, &emission.scene);
        self.steps.push(json!({ "expect": event, "at": ACTORS[emission.actor].0, "data": data }));
    }

    fn send(&mut self, actor: usize, room: usize, parent: Option<usize>, acknowledged: bool) {
        let words = &self.words[ROOMS[room].scope].send;
        let content = self.text();
        let scene = self.scene(room);
        scene.set("content", content.as_str());
        scene.set("parent", parent.map_or(Value::Null, |parent| self.messages[parent].id()));
        let emission = Emission { actor, words, scene, acknowledged };
        if !self.is_member(actor, room) {
            return self.fails(&emission, &words.denied);
        }
        if parent.is_some_and(|parent| self.messages[parent].deleted || self.messages[parent].room != room) {
            return self.fails(&emission, &words.missing);
        }
        let draft = self.draft(room, ACTORS[actor].1, content, parent);
        let pattern = self.pattern(&draft, None);
        let variable = self.happens(&emission, room, Some(&pattern), None);
        self.messages.push(Message { updated: format!("${variable}.updatedAt"), variable, ..draft });
    }

    /// All members send at once: in whatever order their messages come, all see the same, and history has it too.
    fn all_send(&mut self, room: usize) {
        let watchers = self.watchers(room);
        let senders: Vec<usize> = (self.cast.iter().copied())
            .filter(|actor| !ACTORS[*actor].0.contains('/') && self.is_member(*actor, room))
            .collect();
        let Some((first, others)) = watchers.split_first().filter(|_| senders.len() > 1) else { return };
        let words = &self.words[ROOMS[room].scope].send;
        let mut emissions = Vec::new();
        let mut contents = Vec::new();
        for actor in &senders {
            let content = self.text();
            let scene = self.scene(room);
            scene.set("content", content.as_str());
            scene.set("parent", Value::Null);
            emissions.push(self.emit(&Emission { actor: *actor, words, scene, acknowledged: true }));
            contents.push(content);
        }
        self.steps.push(json!({ "together": emissions }));
        let event = &words.room;
        let mut known: Vec<String> = Vec::new();
        for _ in &senders {
            let variable = self.variable();
            let others_before = known.iter().map(|known| json!({ "id": { "$not": format!("${known}.id") } }));
            let data = [json!({ "content": { "$any_of": contents } })].into_iter().chain(others_before);
            self.steps.push(json!({ "expect": event, "at": first, "data": { "$all_of": data.collect::<Vec<_>>() }, "save": variable }));
            if !others.is_empty() {
                self.steps.push(json!({ "expect": event, "at": others, "data": format!("${variable}") }));
            }
            let draft = self.draft(room, 0, String::new(), None);
            self.messages.push(Message { sealed: true, variable: variable.clone(), ..draft });
            known.push(variable);
        }
    }

    /// Somebody who may do this with a message: its author, or whoever has reacted to one.
    fn fitting(&self, deed: Deed, index: usize, number: u8) -> (usize, usize, Deed) {
        let reactions = self.messages.iter().enumerate().filter(|(_, message)| !message.deleted);
        let reactions = reactions.flat_map(|(index, message)| message.reactions.iter().map(move |by| (index, by)));
        let reactions: Vec<_> = reactions.collect();
        if matches!(deed, Deed::TakeBack(_)) && !reactions.is_empty() {
            let (index, (user, emoji, _)) = reactions[usize::from(number) % reactions.len()];
            return (first_socket(*user), index, Deed::TakeBack(*emoji));
        }
        (first_socket(self.messages[index].author), index, deed)
    }

    fn deal(&mut self, deed: Deed, actor: usize, index: usize, stray: Option<usize>, acknowledged: bool) {
        let room = stray.unwrap_or(self.messages[index].room);
        if matches!(deed, Deed::Forward(_)) && ROOMS[room].scope != 0 {
            return;
        }
        let acts = &self.words[ROOMS[room].scope];
        let words = match deed {
            Deed::Edit => &acts.edit,
            Deed::Delete => &acts.delete,
            Deed::React(_) => &acts.react,
            Deed::TakeBack(_) => &acts.take_back,
            Deed::Forward(_) => &acts.forward,
        };
        let user = ACTORS[actor].1;
        let content = self.text();
        let scene = self.scene(room);
        scene.set("author", profile(user));
        scene.set("content", content.as_str());
        scene.set("message", self.messages[index].properties());
        scene.set("later", json!({ "$between": [self.messages[index].updated, null] }));
        match deed {
            Deed::React(emoji) | Deed::TakeBack(emoji) => scene.set("emoji", emoji_of(emoji)),
            Deed::Forward(target) => scene.set("target", id_of(channel_of(target))),
            Deed::Edit | Deed::Delete => {}
        }
        let emission = Emission { actor, words, scene, acknowledged };
        let outside = matches!(deed, Deed::Forward(target) if !self.is_member(actor, channel_of(target)));
        if !self.is_member(actor, room) || outside {
            return self.fails(&emission, &words.denied);
        }
        let found = &self.messages[index];
        if found.room != room || found.deleted {
            return self.fails(&emission, &words.missing);
        }
        if matches!(deed, Deed::Edit | Deed::Delete) && found.author != user {
            return self.fails(&emission, &words.forbidden);
        }
        let reaction = |emoji: u8| {
            found.reactions.iter().position(|(by, known, _)| *by == user && emoji_of(*known) == emoji_of(emoji))
        };
        match deed {
            Deed::Edit => {
                let variable = self.happens(&emission, room, None, None);
                let message = &mut self.messages[index];
                (message.content, message.updated) = (content, format!("${variable}.updatedAt"));
                message.changes += 1;
            }
            Deed::Delete => {
                self.happens(&emission, room, None, None);
                self.messages[index].deleted = true;
                self.messages[index].changes += 1;
            }
            Deed::React(emoji) => match reaction(emoji) {
                // It answers with what is there, and nobody is told.
                Some(known) => {
                    let there = format!("${}", found.reactions[known].2);
                    let mut step = self.emit(&Emission { acknowledged: true, ..emission });
                    step["ok"] = there.into();
                    self.steps.push(step);
                }
                None => {
                    let variable = self.happens(&emission, room, None, None);
                    self.messages[index].reactions.push((user, emoji, variable));
                    self.messages[index].reacted = true;
                    self.messages[index].changes += 1;
                }
            },
            Deed::TakeBack(emoji) => match reaction(emoji) {
                None => self.fails(&emission, &words.absent),
                Some(known) => {
                    self.happens(&emission, room, None, None);
                    self.messages[index].reactions.remove(known);
                    self.messages[index].changes += 1;
                }
            },
            Deed::Forward(target) => {
                let target = channel_of(target);
                let draft = self.draft(target, user, self.messages[index].content.clone(), None);
                let pattern = self.pattern(&draft, None);
                let original = json!({ "id": self.messages[index].id(), "content": draft.content });
                let variable = self.happens(&emission, target, Some(&pattern), Some(&original));
                self.messages.push(Message { updated: format!("${variable}.updatedAt"), variable, ..draft });
            }
        }
    }

    /// An event that succeeds, and that the members who have joined `room` are told of. Returns the variable that holds
    /// what it is acknowledged with.
    fn happens(
        &mut self,
        emission: &Emission<'_>,
        room: usize,
        message: Option<&Value>,
        original: Option<&Value>,
    ) -> String {
        let watchers = self.watchers(room);
        let variable = self.variable();
        let ok = message.cloned().unwrap_or_else(|| fill_in(&emission.words.ok, &emission.scene));
        // Where nobody sees that it has happened, only an acknowledgement tells.
        let acknowledged = emission.acknowledged || watchers.is_empty();
        let mut step = self.emit(&Emission { acknowledged, scene: emission.scene.clone(), ..*emission });
        if acknowledged {
            step["ok"] = ok.clone();
            step["save"] = variable.clone().into();
        }
        self.steps.push(step);
        let told = if acknowledged { Value::from(format!("${variable}")) } else { ok };
        let mut held = variable.clone();
        if !watchers.is_empty() {
            let data = match (&emission.words.shows, original) {
                (Some(shows), Some(original)) => {
                    emission.scene.set("original", original.clone());
                    emission.scene.set("copy", told);
                    if !acknowledged {
                        held = format!("{variable}.message");
                    }
                    fill_in(shows, &emission.scene)
                }
                _ => told,
            };
            let event = &emission.words.room;
            let mut step = json!({ "expect": event, "at": watchers, "data": data });
            if !acknowledged {
                step["save"] = variable.into();
            }
            self.steps.push(step);
        }
        held
    }

    fn fails(&mut self, emission: &Emission<'_>, error: &str) {
        let mut step = self.emit(emission);
        step["fails"] = json!({ "error": error });
        self.steps.push(step);
    }

    fn emit(&self, emission: &Emission<'_>) -> Value {
        let (event, by) = (&emission.words.emit, ACTORS[emission.actor].0);
        let data = fill_in(&emission.words.data, &emission.scene);
        json!({ "emit": event, "as": by, "data": data, "ack": emission.acknowledged })
    }

    fn set_member(&mut self, user: usize, room: usize, member: bool) {
        let scene = self.scene(room);
        scene.set("author", profile(user));
        let words = &self.words[ROOMS[room].scope];
        self.administer(if member { &words.admit } else { &words.exclude }, &scene);
        self.members[room][user] = member;
        if !member {
            self.joined.retain(|(actor, joined)| *joined != room || ACTORS[*actor].1 != user);
        }
    }

    fn administer(&mut self, words: &Call, scene: &Variables) {
        let mut step = call(words, ADMIN, scene);
        step["token"] = json!({ "admin": true });
        step["loosely"] = true.into();
        self.steps.push(step);
    }

    pub(super) fn scene(&self, room: usize) -> Variables {
        let scene = Variables::default();
        scene.set("room", id_of(room));
        scene
    }

    pub(super) fn is_member(&self, actor: usize, room: usize) -> bool {
        self.members[room][ACTORS[actor].1]
    }

    /// The names of those who have joined a room.
    fn watchers(&self, room: usize) -> Vec<&'static str> {
        self.joined.iter().filter(|(_, joined)| *joined == room).map(|(actor, _)| ACTORS[*actor].0).collect()
    }

    /// A message that something can be done with.
    fn message_of(&self, number: u8) -> Option<usize> {
        let open: Vec<usize> = (0..self.messages.len()).filter(|index| !self.messages[*index].sealed).collect();
        (!open.is_empty()).then(|| open[usize::from(number) % open.len()])
    }

    pub(super) fn variable(&mut self) -> String {
        self.count += 1;
        format!("v{}", self.count)
    }

    fn text(&mut self) -> String {
        self.count += 1;
        format!("Text {}", self.count)
    }
}

pub(super) fn call(words: &Call, by: &str, scene: &Variables) -> Value {
    let mut input = fill_in(&words.input, scene);
    if let Some(members) = input.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    json!({ "call": words.call, "as": by, "input": input })
}

/// What is of the scene is filled in; what is for the flow to know stays as it is.
pub(super) fn fill_in(pattern: &Value, scene: &Variables) -> Value {
    match pattern {
        Value::String(text) if text.starts_with('$') => fill(pattern, scene).unwrap_or_else(|_| pattern.clone()),
        Value::Array(items) => items.iter().map(|item| fill_in(item, scene)).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), fill_in(value, scene))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}
