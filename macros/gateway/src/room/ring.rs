//! The newest entries of a room that its reader has sent, for sockets that are about to catch up with it.

use std::{collections::VecDeque, sync::Arc};

use super::item::Item;

/// The most that a ring holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RingSize {
    pub(crate) entries: usize,
    pub(crate) bytes: usize,
}

/// The newest entries that have been sent.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    items: VecDeque<Arc<Item>>,
    bytes: usize,
    most: RingSize,
    /// Of what has been sent, nothing that follows this number is missing.
    after: u64,
}

impl Ring {
    /// A ring for what will be sent after this number.
    pub(super) fn new(after: u64, most: RingSize) -> Self {
        Ring { items: VecDeque::new(), bytes: 0, most, after }
    }

    /// The bounds of this ring.
    pub(super) fn most(&self) -> RingSize {
        self.most
    }

    /// Adds entries, and forgets the oldest for them.
    pub(super) fn push(&mut self, items: &[Arc<Item>]) {
        for item in items {
            self.bytes += item.bytes();
            self.items.push_back(Arc::clone(item));
        }
        while self.items.len() > self.most.entries || self.bytes > self.most.bytes {
            let Some(oldest) = self.items.pop_front() else { return };
            self.bytes -= oldest.bytes();
            self.after = oldest.seq();
        }
    }

    /// Whether it has all that has been sent after this number.
    pub(super) fn reaches(&self, seq: u64) -> bool {
        seq >= self.after
    }

    /// What has been sent after this number; `None` if part of it has been forgotten.
    pub(super) fn since(&self, seq: u64) -> Option<Vec<Arc<Item>>> {
        let newer = |item: &&Arc<Item>| item.seq() > seq;
        self.reaches(seq).then(|| self.items.iter().filter(newer).cloned().collect())
    }
}
