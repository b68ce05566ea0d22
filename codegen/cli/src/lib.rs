//! The command `accord`: checks a protocol schema, and generates what follows from it.
//!
//! It never decides what a schema means, which [`accord_codegen`] does. Start reading at `cli`, the commands; each has a
//! module of its name.

mod check;
mod cli;
mod generate;
mod schema;
mod terminal;

pub use cli::run;
