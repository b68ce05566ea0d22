//! The command `accord`: checks a protocol schema, generates what follows from it, releases it, and serves mocks and
//! documentation.
//!
//! It never decides what a schema means, which [`accord_codegen`] does, nor how events are carried, which is the
//! gateway's part of [`accord_runtime`]. Start reading at `cli`, the commands; each has a module of its name.

mod check;
mod cli;
mod completions;
mod dev;
mod diff;
mod docs;
mod edition;
mod explain;
mod flows;
mod followed;
mod generate;
mod history;
mod lint;
mod listen;
pub mod mock;
mod new;
mod package;
mod release;
mod schema;
mod terminal;
mod watch;

pub use cli::run;
