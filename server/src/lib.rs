//! The chat server: business logic for the handler traits that are generated from `schema/`, with its store, files and
//! configuration.
//!
//! It never touches a socket: `accord_gateway` does. Start reading at [`handlers`]; then [`serve`], which connects the
//! parts.
//!
//! ```
//! use std::time::Duration;
//!
//! use accord_server::token::{Subject, mint};
//!
//! let alice = Subject { id: "alice".to_owned(), ..Subject::default() };
//! let token = mint("a secret that is 32 bytes or longer", &alice, Duration::from_secs(3600)).unwrap();
//! assert_eq!(token.split('.').count(), 3);
//! ```

// `println!` and its kin panic if standard output is closed.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod banner;
pub mod cli;
pub mod command;
pub mod config;
pub mod demo;
pub mod descriptors;
pub mod files;
pub mod handlers;
mod hangup;
pub mod logging;
pub mod metrics;
pub mod page;
pub mod presence;
pub mod retention;
pub mod revocation;
pub mod serve;
mod stop;
pub mod store;
pub mod token;
pub mod world;

/// The code that is generated from the schema.
pub mod protocol {
    include!(concat!(env!("OUT_DIR"), "/chat.rs"));
}
