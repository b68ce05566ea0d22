//! The command `accord`.

mod cli;
mod flows;

fn main() -> std::process::ExitCode {
    accord_cli::run()
}
