//! The record of the cells of the protocol that a run has covered.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

/// The cell of a success whose caller has joined the room.
pub const INSIDE: &str = "inside the room";
/// The cell of a success whose caller has not.
pub const OUTSIDE: &str = "outside the room";
/// The cell of a log entry in a replay.
pub const REPLAYED: &str = "in a replay";
/// The cell of joining from an earlier position, once the replay has ended.
pub const CAUGHT_UP: &str = "catches up";
/// The cell of a success that is a repetition.
pub const REPEATED: &str = "repeated";

/// The cells seen of each event and operation.
#[derive(Debug, Default)]
pub struct Coverage {
    seen: Mutex<BTreeMap<String, BTreeSet<String>>>,
    /// By event and cell, the reason why it cannot be seen.
    excused: Mutex<BTreeMap<(String, String), &'static str>>,
}

impl Coverage {
    /// Notes that `cell` of `subject` was seen.
    pub fn hit(&self, subject: &str, cell: &str) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let cells = seen.entry(subject.to_owned()).or_default();
        if !cells.contains(cell) {
            cells.insert(cell.to_owned());
        }
    }

    /// Notes that `cell` of `subject` cannot be seen, and why.
    pub fn excused(&self, subject: &str, cell: &str, reason: &'static str) {
        let mut excused = self.excused.lock().unwrap_or_else(PoisonError::into_inner);
        excused.insert((subject.to_owned(), cell.to_owned()), reason);
    }

    /// The noted reason, if any, why `cell` of `subject` cannot be seen.
    pub fn excuse(&self, subject: &str, cell: &str) -> Option<String> {
        let excused = self.excused.lock().unwrap_or_else(PoisonError::into_inner);
        excused.get(&(subject.to_owned(), cell.to_owned())).map(|reason| (*reason).to_owned())
    }

    /// Whether `cell` of `subject` was seen.
    pub fn has(&self, subject: &str, cell: &str) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(subject).is_some_and(|cells| cells.contains(cell))
    }
}

/// A cell that a run has to see.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cell {
    /// The event or operation.
    pub subject: String,
    /// The cell.
    pub what: String,
    /// Whether it was seen.
    pub covered: bool,
    /// The reason why it need not be seen.
    pub excuse: Option<String>,
}

/// All cells that a run has to see, and whether it saw them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Table {
    /// The cells, by their subjects in the order of the schema.
    pub cells: Vec<Cell>,
}

impl Table {
    /// The cells that were not seen, and have no excuse.
    pub fn missing(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| !cell.covered && cell.excuse.is_none())
    }

    /// The number of cells that were seen.
    pub fn covered(&self) -> usize {
        self.cells.iter().filter(|cell| cell.covered).count()
    }
}
