//! The command `accord`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
