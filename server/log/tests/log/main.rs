//! The room log, on SQLite and on PostgreSQL: the same tests, each with its own database.

mod append;
mod append_long;
mod fixture;
mod followers;
mod forget;
mod keys;
mod plans;
mod read;
mod retention;
mod size_long;
