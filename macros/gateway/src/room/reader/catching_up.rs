//! How a socket that has joined catches up with those that are attached: by pages of the log, or from the ring.

use std::sync::Arc;

use accord_runtime::log::Position;

use super::{Reader, keeping_up::is_whole};
use crate::room::{
    effect::{Effect, Read, Receivers, SocketId, Ticket},
    item::Item,
    joining::{Joining, State, Turn},
};

impl Reader {
    /// A page for one socket.
    pub(super) fn page_of(&mut self, socket: SocketId, ticket: u64, read: Read) {
        let Some(joining) = self.joining.get_mut(&socket) else { return };
        if !matches!(joining.state, State::Reading(number) if number == ticket) {
            return;
        }
        joining.state = State::Ready;
        match read {
            Read::Page { items, reached, .. } if joining.replays || is_whole(&items, joining.sent, reached) => {
                self.give(socket, &items, reached);
                if !items.is_empty() {
                    self.drain(socket);
                }
            }
            // Only a client that catches up may miss deleted entries.
            Read::Page { .. } | Read::Lost => {
                self.joining.remove(&socket);
                self.effects.push(Effect::Cut(socket));
            }
        }
    }

    /// The answer whether one socket's user still belongs to the room.
    pub(super) fn answer_of(&mut self, socket: SocketId, ticket: u64, former: &[Arc<str>]) {
        let Some(joining) = self.joining.get_mut(&socket) else { return };
        let item = match &joining.state {
            State::Asking(number, item) if *number == ticket => Arc::clone(item),
            _ => return,
        };
        if joining.has_ended(item.seq()) || (former.contains(&joining.user) && !joining.has_stayed(item.seq())) {
            self.joining.remove(&socket);
            self.effects.push(Effect::Evict(socket));
        } else {
            joining.state = State::Ready;
            joining.sent = item.seq();
            self.behind |= joining.sent > self.cursor;
            self.effects.push(Effect::Send(Receivers::Joining(socket), vec![item]));
        }
    }

    /// Sends a socket nothing more until its client has received the page.
    fn drain(&mut self, socket: SocketId) {
        let ticket = self.ticket(Some(socket));
        if let Some(joining) = self.joining.get_mut(&socket)
            && matches!(joining.state, State::Ready)
        {
            joining.state = State::Draining(ticket.number);
            self.effects.push(Effect::Drain(ticket));
        }
    }

    /// Gives one socket the visible entries between its place and a number.
    fn give(&mut self, socket: SocketId, items: &[Arc<Item>], reached: u64) {
        let Some(joining) = self.joining.get_mut(&socket) else { return };
        let (count, turn) = joining.turn(items);
        if count > 0 {
            self.effects.push(Effect::Send(Receivers::Joining(socket), items[..count].to_vec()));
        }
        match turn {
            Turn::Taken => {
                joining.sent = reached;
                self.behind |= joining.sent > self.cursor;
            }
            Turn::Evicted => {
                self.joining.remove(&socket);
                self.effects.push(Effect::Evict(socket));
            }
            Turn::Asks(index) => {
                let item = Arc::clone(&items[index]);
                joining.sent = item.seq() - 1;
                let user = Arc::clone(&joining.user);
                self.last_ticket += 1;
                joining.state = State::Asking(self.last_ticket, item);
                let ticket = Ticket { socket: Some(socket), number: self.last_ticket };
                self.effects.push(Effect::Ask(ticket, vec![user]));
            }
        }
    }

    /// Lets a socket catch up as far as possible.
    pub(super) fn catch_up(&mut self, socket: SocketId) {
        while let Some(joining) = self.joining.get_mut(&socket) {
            let sent = joining.sent;
            let is_held = matches!(joining.state, State::Unanswered { .. } | State::Draining(_));
            // From there on, no entry is left out: the ring has the following entries as they were sent.
            if joining.replays && sent >= joining.joined && !is_held && self.ring.reaches(sent) {
                joining.replays = false;
                self.effects.push(Effect::CaughtUp(socket, Position { epoch: Arc::clone(&self.epoch), seq: sent }));
            }
            if !matches!(joining.state, State::Ready) {
                return;
            }
            // A replay shows the log as it is now, which may be less than what was sent at the time.
            let held = if joining.replays { None } else { self.ring.since(sent) };
            match held {
                None if sent < self.cursor || joining.replays => {
                    let ticket = self.ticket(Some(socket));
                    self.read(ticket, sent);
                    if let Some(joining) = self.joining.get_mut(&socket) {
                        joining.state = State::Reading(ticket.number);
                    }
                }
                Some(items) if sent < self.cursor => self.give(socket, &items, self.cursor),
                // No socket is attached while a question about the attached sockets' users is open.
                _ if sent > self.cursor || self.asking.is_some() => return,
                _ => {
                    if let Some(Joining { user, .. }) = self.joining.remove(&socket) {
                        self.attached.insert(socket, user);
                        self.effects.push(Effect::Attach(socket));
                    }
                }
            }
        }
    }
}
