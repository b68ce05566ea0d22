//! How the attached sockets keep up with the log, entry by entry.

use std::{mem, sync::Arc};

use super::{Asking, Reader};
use crate::room::{
    effect::{Effect, Receivers},
    item::{Evicted, Item},
    ring::Ring,
};

/// Whether items that were read have every number between two.
pub(super) fn is_whole(items: &[Arc<Item>], after: u64, reached: u64) -> bool {
    let newer = items.iter().filter(|item| item.seq() > after).count() as u64;
    newer == reached.saturating_sub(after)
}

impl Reader {
    /// Takes a page that was read from the cursor.
    ///
    /// The log omits deleted entries, which is correct only for a client that catches up. So the attached sockets catch
    /// up.
    pub(super) fn take_read(&mut self, reached: u64, items: Vec<Arc<Item>>) {
        let is_whole = is_whole(&items, self.cursor, reached);
        if !is_whole {
            self.effects.extend(mem::take(&mut self.attached).into_keys().map(Effect::Cut));
        }
        self.take(self.cursor, reached, items);
        if !is_whole {
            self.ring = Ring::new(self.cursor, self.ring.most());
        }
    }

    /// Takes the log's entries between two numbers, as far as they are new and continue from the cursor.
    pub(super) fn take(&mut self, after: u64, reached: u64, items: Vec<Arc<Item>>) {
        if reached <= self.cursor {
            return;
        }
        if after > self.cursor || self.asking.is_some() {
            self.behind = true;
            return;
        }
        let (from, mut batch) = (self.cursor, Vec::new());
        for item in items.into_iter().skip_while(|item| item.seq() <= from) {
            match &item.evicts {
                None => {}
                Some(Evicted::User(evicted)) => {
                    self.send(mem::take(&mut batch));
                    self.evict(item.seq(), |user| user == evicted);
                }
                Some(Evicted::FormerMembers) => {
                    let users = self.users_before(item.seq());
                    if !users.is_empty() {
                        self.send(mem::take(&mut batch));
                        self.cursor = item.seq() - 1;
                        self.behind = true;
                        let ticket = self.ticket(None);
                        self.effects.push(Effect::Ask(ticket, users.clone()));
                        self.asking = Some(Asking { ticket: ticket.number, item, users });
                        return;
                    }
                }
            }
            batch.push(item);
        }
        self.send(batch);
        self.cursor = reached;
    }

    /// Sends entries that continue from the cursor to the attached sockets.
    pub(super) fn send(&mut self, items: Vec<Arc<Item>>) {
        let Some(last) = items.last() else { return };
        self.cursor = last.seq();
        self.ring.push(&items);
        if !self.attached.is_empty() {
            self.effects.push(Effect::Send(Receivers::Attached, items));
        }
    }

    /// The users of the sockets that an entry may evict.
    fn users_before(&self, seq: u64) -> Vec<Arc<str>> {
        let joining = self.joining.values().filter(|joining| joining.awaits(seq)).map(|joining| &joining.user);
        let mut users: Vec<_> = self.attached.values().chain(joining).cloned().collect();
        users.sort();
        users.dedup();
        users
    }

    /// Makes the sockets of users who were removed by an entry leave: joining sockets once they reach that entry.
    pub(super) fn evict(&mut self, seq: u64, is_evicted: impl Fn(&str) -> bool) {
        let evicted = self.attached.extract_if(.., |_, user| is_evicted(user));
        self.effects.extend(evicted.map(|(socket, _)| Effect::Evict(socket)));
        let joining = self.joining.values_mut().filter(|joining| joining.awaits(seq) && is_evicted(&joining.user));
        joining.for_each(|joining| joining.end(seq));
    }
}
