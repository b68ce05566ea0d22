//! `accord new`.
//!
//! It writes everything or nothing, and nothing that `accord check` would report. Existing text stays unchanged, apart
//! from inserted lines.

mod changes;
mod crates;
mod declaration;
mod event;
mod flow;
mod handler;
mod precedent;
mod protocol;
mod rust;
mod yaml;

use clap::Subcommand;

use event::NewEvent;
use protocol::NewProtocol;

/// The things that `accord new` writes.
#[derive(Subcommand)]
pub enum New {
    /// An event: its declaration, a handler without logic, and a flow that fails until the logic is written.
    Event(NewEvent),
    /// A protocol: a complete project with a schema, a server, flows and tests.
    ///
    /// Cargo builds the project with the version of Accord that this command belongs to. That version must be in the
    /// registry: until it is, and for a fork, give `--accord-path` or `--accord-git`.
    Protocol(NewProtocol),
}

impl New {
    /// Writes it.
    pub fn run(&self) -> Result<(), String> {
        match self {
            New::Event(event) => event.run(),
            New::Protocol(protocol) => protocol.run(),
        }
    }
}
