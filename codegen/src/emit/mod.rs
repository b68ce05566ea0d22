//! One emitter per output: each a pure function from the [`Model`](crate::model::Model) to text or JSON.

pub mod json_schema;
pub mod rust;
