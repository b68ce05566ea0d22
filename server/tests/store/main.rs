//! The store, on SQLite and on PostgreSQL: the same tests, each with a database of its own.

mod concurrency;
mod fixture;
mod history;
mod messages;
mod open;
mod reactions;
mod receipts;
mod rooms;
mod uploads;
mod users;
mod world;
