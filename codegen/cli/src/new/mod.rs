//! `accord new`.
//!
//! It writes all that it says or nothing at all, and nothing that `accord check` finds fault with. What is there stays as
//! it is, but for the lines that are inserted.

mod changes;
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

/// What `accord new` writes.
#[derive(Subcommand)]
pub enum New {
    /// An event: its declaration, a handler without logic, and a flow that fails until it has some.
    Event(NewEvent),
    /// A protocol: a project with a schema, a server, flows and tests, complete as it is.
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
