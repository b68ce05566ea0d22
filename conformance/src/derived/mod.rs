//! Cases made from the schema: for each client event, payloads that break one rule at a time and payloads at the edge
//! of what is allowed, rooms that the caller does not belong to, and a limit that is exhausted.
//!
//! The valid payloads to start from come from the flows with `derives`.

mod group;
mod mutation;
mod rule;
mod sample;

pub use group::{Derived, cases};
pub use mutation::{Expectation, Mutation, mutations};
