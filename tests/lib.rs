//! Fixtures that integration tests share.

pub mod pgbouncer;
pub mod postgres;
