//! Joining and leaving rooms, and their members.

use serde_json::json;

use super::{
    act::Since,
    emission::Emission,
    fixture::{ACTORS, ROOMS, profile},
    log::Shows,
    simulation::Simulation,
    words::fill_in,
};

impl Simulation<'_> {
    pub(super) fn join(&mut self, actor: usize, room: usize, since: Since, acknowledged: bool) {
        let words = &self.words[ROOMS[room].scope].join;
        let variables = self.room_variables(room);
        let now = self.logs[room].seq();
        let last = self.places.get(&(actor, room)).copied().unwrap_or_default();
        let from = match since {
            Since::Now => None,
            Since::Last => Some(last),
            Since::Earlier(number) => Some(u64::from(number) % (last + 1)),
            Since::Ahead => Some(now + 1),
            Since::Elsewhere => Some(now),
        };
        // No client can name a position before the server has sent one.
        let from = from.filter(|_| self.words[ROOMS[room].scope].logged && self.logs[room].known.is_some());
        if let Some(from) = from {
            let mut position = self.position(room, from);
            if matches!(since, Since::Elsewhere) {
                position["epoch"] = "another".into();
            }
            variables.set("since", position);
        }
        variables.set("position", self.position(room, now));
        let emission = Emission { actor, words, variables, acknowledged };
        let is_new = !self.is_joined(actor, room);
        if !self.is_member(actor, room) {
            return self.fails(&emission, &words.denied);
        }
        if is_new && from.is_some() && matches!(since, Since::Ahead | Since::Elsewhere) {
            return self.fails(&emission, &words.lost);
        }
        if self.logs[room].known.is_none() {
            let variable = self.new_variable();
            self.answered(&emission, Some(&variable));
            self.logs[room].known = Some(variable);
        } else {
            self.answered(&emission, None);
        }
        self.joined.insert((actor, room));
        self.places.insert((actor, room), now);
        if let Some(from) = from.filter(|_| is_new) {
            self.replay(actor, room, from);
        }
    }

    /// Makes an actor who has lost rooms join them again.
    pub(super) fn rejoin(&mut self, number: u8) {
        let lost = self.places.keys().copied();
        let lost = lost.filter(|(actor, room)| !self.is_joined(*actor, *room) && self.is_member(*actor, *room));
        let lost: Vec<(usize, usize)> = lost.collect();
        let Some((actor, _)) = lost.get(usize::from(number) % lost.len().max(1)) else { return };
        for (_, room) in lost.iter().filter(|(other, _)| other == actor) {
            self.join(*actor, *room, Since::Last, false);
        }
    }

    pub(super) fn leave(&mut self, actor: usize, room: usize) {
        // The protocol does not say how a server answers non-members.
        if self.is_member(actor, room) {
            let words = &self.words[ROOMS[room].scope].leave;
            let variables = self.room_variables(room);
            self.answered(&Emission { actor, words, variables, acknowledged: false }, None);
            self.joined.remove(&(actor, room));
        }
    }

    pub(super) fn reconnect(&mut self, actor: usize, abruptly: bool) {
        let end = if abruptly { "cut" } else { "disconnect" };
        self.steps.push(json!({ end: ACTORS[actor].0 }));
        self.joined.retain(|(joined, _)| *joined != actor);
        self.connect(actor);
    }

    pub(super) fn set_member(&mut self, user: usize, room: usize, member: bool) {
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
        let data = fill_in(&words.shows, &variables);
        let watchers = self.watchers(room);
        if !words.room.is_empty() && !watchers.is_empty() {
            let shown = self.numbered(room, data.clone(), self.next(room));
            self.steps.push(json!({ "expect": words.room, "at": watchers, "data": shown }));
        }
        self.happened(room, &words.room, Shows::Always(data), None);
    }

    pub(super) fn is_joined(&self, actor: usize, room: usize) -> bool {
        self.joined.contains(&(actor, room))
    }
}
