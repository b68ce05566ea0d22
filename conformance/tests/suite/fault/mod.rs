//! The faults, by name.

// The modules below use its macros.
#[macro_use]
mod rule;

mod answers;
mod carriers;
mod events;
mod rest;

use serde_json::Value;

use crate::{packet::Packet, proxy::Break};

/// A fault.
pub struct Fault {
    /// The fault.
    pub name: &'static str,
    /// The cases that are tried: those whose names contain this.
    pub filter: &'static str,
    /// The rule that it breaks.
    pub rule: Break,
}

fn fault(name: &'static str, filter: &'static str, rule: Break) -> Fault {
    Fault { name, filter, rule }
}

/// The packets that are sent instead of one, each after a delay in milliseconds.
pub type Sent = Vec<(u64, Packet)>;

/// Breaks nothing.
pub fn as_is(packet: Packet) -> Sent {
    vec![(0, packet)]
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
    [events::faults(), answers::faults(), carriers::faults(), rest::faults()].into_iter().flatten().collect()
}
