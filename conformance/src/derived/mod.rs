//! Cases made from the schema: for each client event, payloads that break one rule at a time and payloads at the edge
//! of what is allowed, rooms of which the caller is not a member, and an exhausted limit.
//!
//! The valid payloads to start from come from the flows with `derives`.

mod group;
mod mutation;
mod rule;
mod sample;

pub use group::{Derived, cases};
pub use mutation::{Expectation, Mutation, mutations};
