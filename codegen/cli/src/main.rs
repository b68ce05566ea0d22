//! The command `accord`.

fn main() -> std::process::ExitCode {
    accord_cli::run()
}
