//! The faults, by name.

// The modules below use its macros.
#[macro_use]
mod rule;

mod answers;
mod carriers;
mod copies;
mod events;
mod inputs;
mod logs;
mod pages;
mod removals;
mod repetitions;
mod rest;
mod settings;
mod texts;

use serde_json::Value;

use crate::{
    packet::Packet,
    proxy::{Break, Delivery},
};

/// A fault.
pub struct Fault {
    /// The fault.
    pub name: &'static str,
    /// The cases that are tried: those whose names contain this.
    pub filter: &'static str,
    /// The rule that it breaks.
    pub rule: Break,
    /// A part of the failure that the suite has to report.
    pub says: &'static str,
}

fn fault(name: &'static str, filter: &'static str, rule: Break) -> Fault {
    Fault { name, filter, rule, says: "" }
}

impl Fault {
    /// The fault, for which the suite has to report this.
    fn says(self, says: &'static str) -> Fault {
        Fault { says, ..self }
    }
}

/// The packets that are sent instead of one, each after a delay in milliseconds.
pub type Sent = Vec<(u64, Packet)>;

/// Breaks nothing.
pub fn as_is(packet: Packet) -> Sent {
    vec![(0, packet)]
}

/// Passes a packet on.
fn pass(to: u64, packet: Packet) -> Vec<Delivery> {
    vec![Delivery::Client(to, packet)]
}

fn remove(value: &mut Value, key: &str) {
    if let Some(members) = value.as_object_mut() {
        members.remove(key);
    }
}

fn swap(value: &mut Value, a: &str, b: &str) {
    let kept = value[a].clone();
    value[a] = value[b].clone();
    value[b] = kept;
}

/// All faults.
pub fn faults() -> Vec<Fault> {
    [
        events::faults(),
        answers::faults(),
        logs::faults(),
        removals::faults(),
        repetitions::faults(),
        carriers::faults(),
        rest::faults(),
        pages::faults(),
        texts::faults(),
        copies::faults(),
        inputs::faults(),
        settings::faults(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
