//! The cells of the protocol that a run has to cover: each client event acknowledged and not, with each error, at each
//! bound on both sides, from inside the room and from outside, over each transport, joining from an earlier position, and
//! repeated where that changes nothing; each server event over each transport, and in a replay if a log has it; each REST
//! operation with its success and each error. Cells that no run can see are listed with a reason in
//! `flows/uncovered.yaml`.

use std::collections::BTreeSet;

use accord_flows::{UNCOVERED, is_named};
use accord_language::{
    model::{ErrorId, Operation, RoomAction, Success},
    record,
    source::{self, Context, Text},
};
use serde_json::{Value, json};

use crate::{
    client::Transport,
    coverage::{CAUGHT_UP, Cell, Coverage, INSIDE, OUTSIDE, REPEATED, REPLAYED, Table},
    derived,
    protocol::Protocol,
    run::{Outcome, Status},
};

record! {
    /// The parts of the protocol that no run can see.
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
        /// The reason why it cannot be seen.
        required reason: Text,
    }
}

/// The excuses, by subject and cell.
fn excuses(protocol: &Protocol) -> Vec<(String, String, String)> {
    let mut cx = Context::default();
    let file = protocol.flows.iter().find(|(path, _)| is_named(path, UNCOVERED));
    let file: Option<UncoveredFile> = file.and_then(|(path, text)| source::read_text(path, text, &mut cx));
    let text = |slot: &source::Slot<Text>| slot.get().map_or("", Text::as_str).to_owned();
    let entries = file.and_then(|file| file.uncovered.into_option()).unwrap_or_default();
    entries.iter().map(|entry| (text(&entry.subject), text(&entry.cell), text(&entry.reason))).collect()
}

impl Coverage {
    /// The cells of `protocol` that have to be seen, and those that were. On a server without limits, cells about
    /// limits are excused, and so are the cells of cases that are known to fail.
    pub fn table(&self, protocol: &Protocol, without_limits: Option<&str>, outcomes: &[Outcome]) -> Table {
        let known = |subject: &str| {
            outcomes.iter().find_map(|outcome| match &outcome.status {
                Status::KnownFailure(_, reason) if outcome.case.is_about(subject) => Some(reason.clone()),
                _ => None,
            })
        };
        let excuses = excuses(protocol);
        let limited = format!("error {}", protocol.error(protocol.model.gateway.rate_limited).name);
        let mut table = Table::default();
        for (subject, what) in wanted(protocol) {
            let operation = protocol.model.operation(&subject).is_some();
            let listed = excuses.iter().find(|(known, cell, _)| {
                *cell == what && (known == "*" || known == "operations" && operation || *known == subject)
            });
            let excuse = match listed {
                Some((_, _, reason)) => Some(reason.clone()),
                None if what == limited && without_limits.is_some() => without_limits.map(str::to_owned),
                None => self.excuse(&subject, &what).or_else(|| known(&subject)),
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
    for event in protocol.model.client_events() {
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
        if model.joined_log(event).is_some() {
            add(name, &mut [CAUGHT_UP.to_owned()].into_iter());
        }
        if event.idempotent.is_some() {
            add(name, &mut [REPEATED.to_owned()].into_iter());
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
    for event in protocol.model.server_events() {
        add(&event.name, &mut transports());
        if event.durable {
            add(&event.name, &mut [REPLAYED.to_owned()].into_iter());
        }
    }
    for operation in &model.http.operations {
        add(&operation.name, &mut operation_cells(protocol, operation).into_iter());
    }
    cells
}

fn operation_cells(protocol: &Protocol, operation: &Operation) -> Vec<String> {
    let Success { status, .. } = operation.success;
    let errors = protocol.operation_errors(operation).into_iter().map(|error| format!("error {}", error.name));
    [format!("status {status}")].into_iter().chain(errors).collect()
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use super::*;
    use crate::{case::catalogue, play::Deviation};

    #[test]
    fn a_case_that_is_known_to_fail_need_not_cover_its_cells() {
        let protocol = Protocol::embedded().unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
        let cases = catalogue(&protocol, &[], 0).unwrap();
        let case = cases.into_iter().find(|case| case.name() == "schema/typing_start/channelId[acknowledged]").unwrap();
        let outcome = Outcome {
            case: Arc::new(case),
            status: Status::KnownFailure(Deviation::new("it", "success", "an error"), "Nobody types.".to_owned()),
            took: Duration::ZERO,
            steps: Vec::new(),
            trace: Vec::new(),
            flow: None,
        };
        let missing = |outcomes: &[Outcome], subject: &str| {
            let table = Coverage::default().table(&protocol, None, outcomes);
            table.missing().filter(|cell| cell.subject == subject).count()
        };
        assert!(missing(&[], "typing_start") > 10);
        assert_eq!(missing(std::slice::from_ref(&outcome), "typing_start"), 0);
        let others = missing(&[], "typing_stop");
        assert!(others > 10);
        assert_eq!(missing(&[outcome], "typing_stop"), others);
    }
}
