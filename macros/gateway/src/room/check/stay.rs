//! The entries that a socket in a room may receive.

use std::sync::Arc;

use super::{
    model::{Model, Written, name},
    script::Change,
};
use crate::room::{effect::Ticket, item::Item};

/// A broken promise.
pub(super) type Broken = String;

/// A socket's stay in the room, as its client sees it.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub(super) user: usize,
    pub(super) epoch: Arc<str>,
    /// The number at which it has joined.
    pub(super) joined: u64,
    /// The newest number that the reader had heard of when the socket joined, if that is more.
    pub(super) told: u64,
    /// The number up to which it has everything.
    pub(super) has: u64,
    /// The reader's open questions about all members of the room, each with the entry at which it asks.
    pub(super) asked: Vec<(Ticket, u64)>,
    /// The entries that do not remove its user, as the reader has found.
    pub(super) stayed: Vec<u64>,
    /// Whether the socket has not been sent `caught_up` yet.
    pub(super) replays: bool,
    /// Whether it knows that it has joined.
    pub(super) started: bool,
    pub(super) attached: bool,
}

impl Stay {
    /// Whether the log has been replaced, so that there are no promises until the socket is cut off.
    fn is_over(&self, log: &Model) -> bool {
        self.epoch != log.epoch
    }

    /// The reader comes to an entry, and asks which users in the room still belong to it.
    pub(super) fn asked(&mut self, ticket: Ticket, seq: u64) {
        if ticket.socket.is_none() {
            self.asked.push((ticket, seq));
        }
    }

    /// The reader learns which users no longer belong to the room. The removal of any other user has a later entry.
    pub(super) fn found(&mut self, ticket: Ticket, former: &[Arc<str>]) {
        let asked = self.asked.extract_if(.., |(asked, _)| *asked == ticket).next();
        if let Some((_, seq)) = asked.filter(|_| !former.contains(&name(self.user))) {
            self.stayed.push(seq);
        }
    }

    /// The socket is sent an entry.
    pub(super) fn sent(&mut self, log: &Model, item: &Item) -> Result<(), Broken> {
        let seq = item.seq();
        if self.is_over(log) {
            return Ok(());
        }
        if !self.started {
            return Err(format!("is sent {seq} before it knows that it has joined"));
        }
        if seq <= self.has {
            return Err(format!("is sent {seq}, and has {}", self.has));
        }
        self.has_all(log, seq - 1)?;
        let Some(written) = log.since(seq - 1).next() else {
            return Err(format!("is sent {seq}, which does not exist"));
        };
        if self.replays && seq <= self.joined && written.change == Change::Hide {
            return Err(format!("is shown {seq}, which is hidden from replays"));
        }
        let removes = match written.change {
            Change::Remove(user) => user == self.user,
            // A user who has been added again since then may stay.
            Change::RemoveOneOfMany(user) => user == self.user && !log.since(seq).any(|later| later.members[user]),
            Change::Say | Change::Hide | Change::Add(_) => false,
        };
        if removes && seq > self.joined {
            return Err(format!("is sent {seq}, by which its user was removed"));
        }
        self.has = seq;
        Ok(())
    }

    /// The socket learns that it has caught up.
    pub(super) fn caught_up(&mut self, log: &Model, seq: u64) -> Result<(), Broken> {
        if self.is_over(log) {
            return Ok(());
        }
        if !self.replays || !self.started || seq < self.joined || seq < self.has {
            return Err(format!(
                "joined at {}, has {}, and is told that it has caught up to {seq}",
                self.joined, self.has
            ));
        }
        self.has_all(log, seq)?;
        self.replays = false;
        self.has = seq;
        Ok(())
    }

    /// The socket leaves because its user was removed.
    pub(super) fn evicted(&self, log: &Model) -> Result<(), Broken> {
        match self.end(log)? {
            Some(end) => self.has_all(log, end - 1),
            None => Ok(()),
        }
    }

    /// The stay ends and another one begins, because the socket's user was removed and added again.
    pub(super) fn ends(&self, log: &Model) -> Result<(), Broken> {
        self.end(log).map(drop)
    }

    /// A reader that has heard of the log up to a number considers the socket to be in the room: its user has not been
    /// removed in the meantime.
    pub(super) fn goes_on(&self, log: &Model, cursor: u64) -> Result<(), Broken> {
        let is_removal = |written: &&Written| written.change == Change::Remove(self.user);
        let mut told = log.since(self.told.max(self.has)).take_while(|written| written.item.seq() <= cursor);
        match told.find(is_removal) {
            Some(removal) if !self.is_over(log) => {
                Err(format!("is in the room, and its user was removed by {}", removal.item.seq()))
            }
            _ => Ok(()),
        }
    }

    /// The number of the entry by which its user was removed.
    fn end(&self, log: &Model) -> Result<Option<u64>, Broken> {
        if self.is_over(log) {
            return Ok(None);
        }
        let evicts = |written: &&Written| match written.change {
            Change::Remove(user) => user == self.user,
            Change::RemoveOneOfMany(_) => {
                let seq = written.item.seq();
                !self.stayed.contains(&seq) && log.since(seq - 1).any(|later| !later.members[self.user])
            }
            Change::Say | Change::Hide | Change::Add(_) => false,
        };
        let from = self.has.max(self.joined);
        let end = log.since(from).find(evicts).map(|written| written.item.seq());
        end.map(Some).ok_or_else(|| format!("leaves, and nothing after {from} says so"))
    }

    /// Nothing is on its way to the reader.
    pub(super) fn waits_for_nothing(&self, log: &Model) -> Result<(), Broken> {
        if !self.is_over(log) && (self.replays || !self.attached) {
            return Err("is never attached".to_owned());
        }
        Ok(())
    }

    /// The end of the schedule.
    pub(super) fn settled(&self, log: &Model) -> Result<(), Broken> {
        self.waits_for_nothing(log)?;
        if self.is_over(log) {
            return Err("is in a room whose log is another one".to_owned());
        }
        if !log.members()[self.user] {
            return Err("is in the room, and its user does not belong to it".to_owned());
        }
        self.has_all(log, log.head())
    }

    /// Fails unless the socket has everything up to a number, but for what is hidden from a replay.
    pub(super) fn has_all(&self, log: &Model, seq: u64) -> Result<(), Broken> {
        let mut due = log.since(self.has).take_while(|written| written.item.seq() <= seq);
        match due.find(|written| !self.replays || written.change != Change::Hide) {
            Some(missed) if !self.is_over(log) => Err(format!("has missed {}", missed.item.seq())),
            _ => Ok(()),
        }
    }
}
