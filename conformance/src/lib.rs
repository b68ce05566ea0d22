//! Holds any server of the protocol, in whatever language, to the protocol's schema and documentation.
//!
//! A server is known by its URL and its JWT secret alone: this crate mints its own tokens, and never depends on
//! `accord-server`, nor asks a server for anything that the documentation does not give it.
//!
//! Start reading at [`flow`], the language of the flows in `conformance/flows`, and at [`play`], which carries them out.
//! [`derived`] makes further cases out of the schema itself and [`fuzz`] out of random numbers, [`run`] schedules all of
//! them, and [`report`] tells what came of it. [`suite`] is for tests of servers of other protocols. What stands between them and the wire is [`client`].

pub mod case;
pub mod cli;
pub mod client;
pub mod coverage;
pub mod derived;
mod documented;
mod embedded;
pub mod flow;
pub mod fuzz;
pub mod known;
pub mod past;
pub mod pattern;
pub mod play;
pub mod preflight;
pub mod protocol;
pub mod report;
pub mod run;
pub mod suite;
pub mod world;
