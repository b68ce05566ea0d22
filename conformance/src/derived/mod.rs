//! Cases made from the schema: for each client event, payloads that break one rule at a time and payloads at the edge of
//! what is allowed, rooms that the caller does not belong to, and a limit that is exhausted.
//!
//! What is valid to begin with comes from the flows that say `derives`.

mod group;
mod mutation;
mod rule;
mod sample;

pub use group::{Derived, cases};
pub use mutation::{Expectation, Mutation, mutations};
