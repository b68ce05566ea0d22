//! What of the protocol a run has seen, and what it has to see: each client event acknowledged and not, with each error,
//! at each bound on both sides, from inside the room and from outside, over each transport; each server event over each
//! transport; each REST operation with its success and each error. What cannot be seen is listed with a reason in
//! `flows/uncovered.yaml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use accord_codegen::{
    model::{Auth, ErrorDef, ErrorId, Operation, RoomAction, Success},
    record,
    source::{self, Context, Text},
};
use serde_json::{Value, json};

use crate::{client::Transport, derived, protocol::Protocol};

/// The cell of a success whose caller has joined the room.
pub const INSIDE: &str = "inside the room";
/// The cell of a success whose caller has not.
pub const OUTSIDE: &str = "outside the room";

/// What was seen of each event and operation.
#[derive(Debug, Default)]
pub struct Coverage {
    seen: Mutex<BTreeMap<String, BTreeSet<String>>>,
    /// By event and cell, why that cannot be seen.
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

    fn excuse(&self, subject: &str, cell: &str) -> Option<String> {
        let excused = self.excused.lock().unwrap_or_else(PoisonError::into_inner);
        excused.get(&(subject.to_owned(), cell.to_owned())).map(|reason| (*reason).to_owned())
    }

    /// Whether `cell` of `subject` was seen.
    pub fn has(&self, subject: &str, cell: &str) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
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

record! {
    /// What of the protocol no run can see.
    pub struct UncoveredFile {
        /// The cells.
        required uncovered: Vec<Uncovered>,
    }
}

record! {
    /// A cell that no run can see.
    pub struct Uncovered {
        /// The event or operation; `operations` for all REST operations, `*` for all.
        required subject: Text,
        /// The cell.
        required cell: Text,
        /// Why it cannot be seen.
        required reason: Text,
    }
}

/// The file of what cannot be seen, beside the flows.
pub(crate) const UNCOVERED: &str = "uncovered.yaml";

/// The excuses, by subject and cell.
fn excuses(protocol: &Protocol) -> Vec<(String, String, String)> {
    let mut cx = Context::default();
    let file = protocol.flows.iter().find(|(path, _)| *path == UNCOVERED);
    let file: Option<UncoveredFile> = file.and_then(|(path, text)| source::read_text(path, text, &mut cx));
    let text = |slot: &source::Slot<Text>| slot.get().map_or("", Text::as_str).to_owned();
    let entries = file.and_then(|file| file.uncovered.into_option()).unwrap_or_default();
    entries.iter().map(|entry| (text(&entry.subject), text(&entry.cell), text(&entry.reason))).collect()
}

impl Coverage {
    /// What has to be seen of `protocol`, and what was. Where nothing is held to limits, what is about them is excused.
    pub fn table(&self, protocol: &Protocol, without_limits: Option<&str>) -> Table {
        let excuses = excuses(protocol);
        let limited = format!("error {}", protocol.error(protocol.model.gateway.rate_limited).name);
        let mut table = Table::default();
        for (subject, what) in wanted(protocol) {
            let operation = protocol.operation(&subject).is_some();
            let listed = excuses.iter().find(|(known, cell, _)| {
                *cell == what && (known == "*" || known == "operations" && operation || *known == subject)
            });
            let excuse = match listed {
                Some((_, _, reason)) => Some(reason.clone()),
                None if what == limited && without_limits.is_some() => without_limits.map(str::to_owned),
                None => self.excuse(&subject, &what),
            };
            let covered = self.has(&subject, &what);
            let cell = Cell { subject, what, covered, excuse };
            if !table.cells.contains(&cell) {
                table.cells.push(cell);
            }
        }
        table
    }
}

/// All cells of `protocol`, by their subjects in the order of the schema.
fn wanted(protocol: &Protocol) -> Vec<(String, String)> {
    let model = &protocol.model;
    let mut cells = Vec::new();
    let transports = || Transport::ALL.into_iter().map(|transport| format!("over {}", transport.name()));
    let error = |id: ErrorId| format!("error {}", protocol.error(id).name);
    let mut add = |subject: &str, whats: &mut dyn Iterator<Item = String>| {
        cells.extend(whats.map(|what| (subject.to_owned(), what)));
    };
    add("connect", &mut transports());
    add(
        "connect",
        &mut model
            .connect
            .errors
            .iter()
            .copied()
            .chain(model.gateway.version_refused)
            .chain([model.gateway.token_expired])
            .map(error),
    );
    for event in protocol.client_events() {
        let leaves = event.room == Some(RoomAction::Leave);
        let name = event.name.as_str();
        add(name, &mut transports());
        add(name, &mut ["acknowledged".to_owned(), "unacknowledged".to_owned()].into_iter());
        if event.scope.is_some() && event.room.is_none() {
            add(name, &mut [INSIDE.to_owned(), OUTSIDE.to_owned()].into_iter());
        }
        if !leaves {
            add(name, &mut protocol.declared_errors(event).map(|error| format!("error {}", error.name)));
            let rooms = protocol.rooms_of(event);
            add(name, &mut rooms.flat_map(|(_, key)| [format!("{key} does not exist"), format!("{key} is of others")]));
        }
        if event.limit.is_some() {
            add(name, &mut [error(model.gateway.rate_limited)].into_iter());
        }
        add(name, &mut [error(model.gateway.internal)].into_iter());
        if let Some(object) = protocol.payload_of(event) {
            add(name, &mut [error(model.gateway.invalid_payload), "payload binary".to_owned()].into_iter());
            let outline: Value = object
                .fields
                .iter()
                .filter(|field| field.required)
                .map(|field| (field.name.clone(), json!("x")))
                .collect();
            let mutations = derived::mutations(model, object, &outline);
            let mut named: Vec<String> = mutations.into_iter().filter_map(|mutation| mutation.cell).collect();
            let mut seen = BTreeSet::new();
            named.retain(|cell| seen.insert(cell.clone()));
            add(name, &mut named.into_iter());
        }
    }
    for event in protocol.server_events() {
        add(&event.name, &mut transports());
    }
    for operation in &model.http.operations {
        add(&operation.name, &mut operation_cells(protocol, operation).into_iter());
    }
    cells
}

fn operation_cells(protocol: &Protocol, operation: &Operation) -> Vec<String> {
    let Success { status, .. } = operation.success;
    let errors = errors_of(protocol, operation).into_iter().map(|error| format!("error {}", error.name));
    [format!("status {status}")].into_iter().chain(errors).collect()
}

/// The errors that an operation may be answered with.
pub(crate) fn errors_of<'p>(protocol: &'p Protocol, operation: &Operation) -> Vec<&'p ErrorDef> {
    let gateway = &protocol.model.gateway;
    let mut errors = operation.errors.clone();
    if operation.auth != Auth::Public {
        errors.extend([gateway.token_missing, gateway.token_refused]);
    }
    if operation.auth == Auth::Admin {
        errors.push(gateway.admin_only);
    }
    if let Some(scope) = operation.scope {
        errors.push(protocol.model.scopes[scope.0].denied);
    }
    if operation.limit.is_some() {
        errors.push(gateway.rate_limited);
    }
    errors.into_iter().map(|id| protocol.error(id)).collect()
}
