//! The newest entries that a room's reader has sent, for sockets that have nearly caught up.

use std::{collections::VecDeque, sync::Arc};

use super::item::Item;

/// The bounds of a ring.
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
    /// The ring has every sent entry after this number.
    after: u64,
}

impl Ring {
    /// A ring for the entries after this number.
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

    /// Whether it has every sent entry after this number.
    pub(super) fn reaches(&self, seq: u64) -> bool {
        seq >= self.after
    }

    /// The sent entries after this number; `None` if some have been dropped.
    pub(super) fn since(&self, seq: u64) -> Option<Vec<Arc<Item>>> {
        let newer = |item: &&Arc<Item>| item.seq() > seq;
        self.reaches(seq).then(|| self.items.iter().filter(newer).cloned().collect())
    }
}
