//! The command `accord`: checks a protocol schema, generates code and documents from it, releases it, and serves mocks
//! and documentation.
//!
//! It never decides what a schema means, which [`accord_language`] does, nor how events are carried, which
//! [`accord_gateway`] does. Start reading at `cli`, the commands; each has a module of its name.
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     accord_cli::run()
//! }
//! ```

// `println!` and similar macros panic if standard output is closed.
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod check;
mod cli;
mod completions;
mod dev;
mod diff;
mod docs;
mod explain;
mod flows;
mod followed;
mod generate;
mod history;
mod lint;
mod listen;
pub mod mock;
mod new;
mod notices;
mod package;
mod release;
mod schema;
mod schema_ref;
mod terminal;
mod watch;

pub use cli::run;
