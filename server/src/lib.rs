//! The chat server: business logic filled into the handler traits that are generated from `schema/`, with the store, the
//! files and the configuration that it needs.
//!
//! It never touches a socket: `accord_runtime::gateway` does. Start reading at [`handlers`]; then [`serve`], where the
//! parts are put together.

pub mod banner;
pub mod cli;
pub mod command;
pub mod config;
pub mod demo;
pub mod files;
pub mod handlers;
pub mod logging;
pub mod metrics;
pub mod page;
pub mod presence;
pub mod serve;
mod stop;
pub mod store;
pub mod token;
pub mod world;

/// What is generated from the schema.
pub mod protocol {
    include!(concat!(env!("OUT_DIR"), "/chat.rs"));
}
