//! The model of the rooms: it follows a sequence of acts, and predicts the result of each. The predictions become the
//! steps of a flow.

use std::collections::{BTreeMap, BTreeSet};

use accord_flows::pattern::Variables;
use serde_json::Value;

use super::{
    act::{Act, MessageAction, Sequence},
    fixture::{ACTORS, ADMIN, ROOMS, Room, USERS, actor_of, channel_of, first_socket, id_of, room_of, user_of},
    log::Log,
    message::Message,
    words::Words,
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
    pub(super) joined: BTreeSet<(usize, usize)>,
    pub(super) logs: [Log; ROOMS.len()],
    /// By actor and room, the position that the actor has reached.
    pub(super) places: BTreeMap<(usize, usize), u64>,
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
            logs: Default::default(),
            places: BTreeMap::new(),
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
            Act::Join { actor, room, .. }
            | Act::Leave { actor, room }
            | Act::Send { actor, room, .. }
            | Act::Read { actor, room } => (Some(actor_of(*actor)), Some(room_of(*room))),
            Act::OnMessage { actor, action, other_room, .. } => {
                if let MessageAction::Forward(target, _) = action {
                    self.rooms.insert(channel_of(*target));
                }
                (actor.map(actor_of), other_room.map(room_of))
            }
            Act::AllSend { room } => (None, Some(room_of(*room))),
            Act::Reconnect { actor, .. } => (Some(actor_of(*actor)), None),
            Act::Rejoin { .. } | Act::Repeat { .. } => (None, None),
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
            Act::Join { actor, room, since, acknowledged } => {
                self.join(actor_of(*actor), room_of(*room), *since, *acknowledged);
            }
            Act::Rejoin { actor } => self.rejoin(*actor),
            Act::Leave { actor, room } => self.leave(actor_of(*actor), room_of(*room)),
            Act::Send { actor, room, parent, acknowledged, once } => {
                let parent = parent.and_then(|parent| self.message_of(parent));
                self.send(actor_of(*actor), room_of(*room), parent, *acknowledged, *once);
            }
            Act::Repeat { actor, message, other } => self.repeat(*actor, *message, *other),
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
                // An actor who has joined the room, if there is one.
                let joined: Vec<usize> = self.joined.iter().map(|(actor, _)| *actor).collect();
                let one = joined.get(usize::from(*actor) % joined.len().max(1)).copied();
                self.reconnect(one.unwrap_or_else(|| actor_of(*actor)), *abruptly);
            }
            Act::Admit { user, room } => self.set_member(user_of(*user), room_of(*room), true),
            Act::Exclude { user, room } => self.set_member(user_of(*user), room_of(*room), false),
            Act::Read { actor, room } => self.read(actor_of(*actor), room_of(*room)),
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

    /// The names of the actors who have joined a room.
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
