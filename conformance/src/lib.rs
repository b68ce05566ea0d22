//! Tests any server of the protocol, written in any language, against the protocol's schema and documentation.
//!
//! The crate needs only a server's URL and JWT secret: it signs its own tokens. It never depends on `accord-server`,
//! and uses only documented features of a server.
//!
//! Start reading at [`play`], which carries out the flows in `conformance/flows`; their language is `accord-flows`.
//! [`derived`] makes further cases from the schema and [`chat::fuzz`] from random numbers, [`run`] schedules all of them, and
//! [`report`] writes the results. [`client`] speaks Socket.IO and HTTP. [`suite`] is for tests of servers of other
//! protocols; [`chat`] has all that is specific to the chat protocol.
//!
//! ```
//! use accord_conformance::suite::Suite;
//!
//! let suite = Suite::load("../schema/chat.yaml", &[]).unwrap();
//! assert!(!suite.cases.is_empty());
//! ```

// `println!` and similar macros panic if standard output is closed.
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod attempt;
pub mod case;
pub mod chat;
pub mod cli;
pub mod client;
pub mod coverage;
pub mod derived;
mod documented;
pub mod known;
pub mod past;
pub mod play;
pub mod preflight;
pub mod protocol;
pub mod report;
pub mod run;
pub mod suite;
mod validator;
mod wanted;
