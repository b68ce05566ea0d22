//! The store, on SQLite and on PostgreSQL: the same tests, each with its own database.

mod clock;
mod commits;
mod concurrency;
mod file;
mod fixture;
mod history;
mod log;
mod messages;
mod open;
mod pooler;
mod reactions;
mod readiness;
mod receipts;
mod revocations;
mod rooms;
mod sends;
mod session;
mod uploads;
mod users;
mod world;
