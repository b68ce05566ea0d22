//! An event of the simulation that is not a step yet.

use accord_flows::pattern::Variables;

use super::words::Event;

/// An event that an actor emits.
pub(super) struct Emission<'w> {
    pub actor: usize,
    pub words: &'w Event,
    pub variables: Variables,
    pub acknowledged: bool,
}
