//! The program `accord-server`: see [`accord_server::cli`] for its commands and options.

use std::process::ExitCode;

use accord_server::{cli::Cli, command, logging};
use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let status = match command::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            logging::say(&format!("error: {failure}\n"));
            ExitCode::FAILURE
        }
    };
    logging::finish();
    status
}
