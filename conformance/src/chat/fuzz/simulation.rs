//! The model of the rooms: it follows a sequence of acts, and predicts the result of each. The predictions become the
//! steps of a flow.

use std::collections::BTreeSet;

use accord_flows::pattern::Variables;
use serde_json::{Value, json};

use super::{
    act::{Act, MessageAction, Sequence},
    emission::Emission,
    fixture::{
        ACTORS, ADMIN, ROOMS, Room, USERS, actor_of, channel_of, first_socket, id_of, profile, room_of, user_of,
    },
    message::Message,
    words::{Words, fill_in},
};
use crate::client::Transport;

/// The simulated rooms, and the flow that is written while they change.
pub(super) struct Simulation<'w> {
    pub(super) words: &'w [Words],
    /// The name of the flow.
    pub(super) name: &'w str,
    pub(super) transports: Vec<Transport>,
    /// The actors and rooms that occur in the acts.
    pub(super) actors: BTreeSet<usize>,
    pub(super) rooms: BTreeSet<usize>,
    pub(super) steps: Vec<Value>,
    pub(super) members: [[bool; USERS.len()]; ROOMS.len()],
    joined: BTreeSet<(usize, usize)>,
    pub(super) messages: Vec<Message>,
    /// Numbers the variables and texts.
    count: usize,
}

impl<'w> Simulation<'w> {
    /// Runs `sequence`, and writes it as a flow of this name.
    pub fn run(name: &'w str, words: &'w [Words], sequence: &Sequence) -> Self {
        let transports = sequence.transports.iter().map(|number| Transport::ALL[usize::from(*number) % 3]).collect();
        let mut simulation = Simulation {
            words,
            name,
            transports,
            actors: BTreeSet::from([0]),
            rooms: BTreeSet::new(),
            steps: Vec::new(),
            members: ROOMS.map(|room| room.members),
            joined: BTreeSet::new(),
            messages: Vec::new(),
            count: 0,
        };
        sequence.acts.iter().for_each(|act| simulation.include(act));
        for (room, Room { members, .. }) in ROOMS.iter().enumerate() {
            simulation.members[room] = std::array::from_fn(|user| members[user] && simulation.takes_part(user));
        }
        simulation.begin();
        sequence.acts.iter().for_each(|act| simulation.act(act));
        simulation.end();
        simulation
    }

    /// The steps, and the users that take part.
    pub fn into_flow(self) -> (Vec<Value>, Vec<&'static str>) {
        let users = USERS.iter().enumerate().filter(|(user, _)| self.takes_part(*user)).map(|(_, name)| *name);
        let users = users.chain([ADMIN]).collect();
        (self.steps, users)
    }

    fn takes_part(&self, user: usize) -> bool {
        self.actors.iter().any(|actor| ACTORS[*actor].1 == user)
    }

    /// Adds the actors and rooms of `act`.
    fn include(&mut self, act: &Act) {
        let (actor, room) = match act {
            Act::Join { actor, room }
            | Act::Leave { actor, room }
            | Act::Send { actor, room, .. }
            | Act::Read { actor, room } => (Some(actor_of(*actor)), Some(room_of(*room))),
            Act::OnMessage { actor, action, other_room, .. } => {
                if let MessageAction::Forward(target) = action {
                    self.rooms.insert(channel_of(*target));
                }
                (actor.map(actor_of), other_room.map(room_of))
            }
            Act::AllSend { room } => (None, Some(room_of(*room))),
            Act::Reconnect { actor, .. } => (Some(actor_of(*actor)), None),
            // The user's first socket, because only a user who has connected can be a member.
            Act::Admit { user, room } | Act::Exclude { user, room } => {
                (Some(first_socket(user_of(*user))), Some(room_of(*room)))
            }
        };
        self.actors.extend(actor);
        self.rooms.extend(room);
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Join { actor, room } => self.join(actor_of(*actor), room_of(*room)),
            Act::Leave { actor, room } => self.leave(actor_of(*actor), room_of(*room)),
            Act::Send { actor, room, parent, acknowledged } => {
                let parent = parent.and_then(|parent| self.message_of(parent));
                self.send(actor_of(*actor), room_of(*room), parent, *acknowledged);
            }
            Act::OnMessage { actor, message, action, other_room, acknowledged } => {
                if let Some(index) = self.message_of(*message) {
                    let (actor, index, action) = match actor {
                        Some(actor) => (actor_of(*actor), index, *action),
                        None => self.permitted(*action, index, *message),
                    };
                    self.act_on_message(action, actor, index, other_room.map(room_of), *acknowledged);
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
        let emission = Emission { actor, words, variables: self.room_variables(room), acknowledged: false };
        if !self.is_member(actor, room) {
            return self.fails(&emission, &words.denied);
        }
        self.answered(&emission);
        self.joined.insert((actor, room));
    }

    fn leave(&mut self, actor: usize, room: usize) {
        // The protocol does not say how a server answers non-members.
        if self.is_member(actor, room) {
            let words = &self.words[ROOMS[room].scope].leave;
            self.answered(&Emission { actor, words, variables: self.room_variables(room), acknowledged: false });
            self.joined.remove(&(actor, room));
        }
    }

    fn send(&mut self, actor: usize, room: usize, parent: Option<usize>, acknowledged: bool) {
        let words = &self.words[ROOMS[room].scope].send;
        let content = self.new_text();
        let variables = self.room_variables(room);
        variables.set("content", content.as_str());
        variables.set("parent", parent.map_or(Value::Null, |parent| self.messages[parent].id()));
        let emission = Emission { actor, words, variables, acknowledged };
        if !self.is_member(actor, room) {
            return self.fails(&emission, &words.denied);
        }
        if parent.is_some_and(|parent| self.messages[parent].deleted || self.messages[parent].room != room) {
            return self.fails(&emission, &words.missing);
        }
        let draft = self.draft(room, ACTORS[actor].1, content, parent);
        let pattern = self.pattern(&draft, None);
        let variable = self.succeeds(&emission, room, Some(&pattern), None);
        self.messages.push(Message { updated: format!("${variable}.updatedAt"), variable, ..draft });
    }

    /// All members send at once. The order of their messages is not predicted, but all see the same one, as in history.
    fn all_send(&mut self, room: usize) {
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
            let variables = self.room_variables(room);
            variables.set("content", content.as_str());
            variables.set("parent", Value::Null);
            emissions.push(self.emit(&Emission { actor: *actor, words, variables, acknowledged: true }));
            contents.push(content);
        }
        self.steps.push(json!({ "together": emissions }));
        let event = &words.room;
        let mut known: Vec<String> = Vec::new();
        for _ in &senders {
            let variable = self.new_variable();
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

    fn set_member(&mut self, user: usize, room: usize, member: bool) {
        let variables = self.room_variables(room);
        variables.set("author", profile(user));
        let words = &self.words[ROOMS[room].scope];
        let words = if member { &words.admit } else { &words.exclude };
        self.administer(words, &variables);
        if self.members[room][user] == member {
            return;
        }
        self.members[room][user] = member;
        if !member {
            self.joined.retain(|(actor, joined)| *joined != room || ACTORS[*actor].1 != user);
        }
        self.hear(&words.hears, |of| of == user);
        let watchers = self.watchers(room);
        if !words.room.is_empty() && !watchers.is_empty() {
            let data = fill_in(&words.shows, &variables);
            self.steps.push(json!({ "expect": words.room, "at": watchers, "data": data }));
        }
    }

    pub(super) fn room_variables(&self, room: usize) -> Variables {
        let variables = Variables::default();
        variables.set("room", id_of(room));
        variables
    }

    pub(super) fn is_member(&self, actor: usize, room: usize) -> bool {
        self.members[room][ACTORS[actor].1]
    }

    /// The names of those who have joined a room.
    pub(super) fn watchers(&self, room: usize) -> Vec<&'static str> {
        self.joined.iter().filter(|(_, joined)| *joined == room).map(|(actor, _)| ACTORS[*actor].0).collect()
    }

    /// The message that a number chooses among those that acts can change.
    fn message_of(&self, number: u8) -> Option<usize> {
        let open: Vec<usize> = (0..self.messages.len()).filter(|index| !self.messages[*index].sealed).collect();
        (!open.is_empty()).then(|| open[usize::from(number) % open.len()])
    }

    pub(super) fn new_variable(&mut self) -> String {
        self.count += 1;
        format!("v{}", self.count)
    }

    pub(super) fn new_text(&mut self) -> String {
        self.count += 1;
        format!("Text {}", self.count)
    }
}
