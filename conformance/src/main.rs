//! `accord-conformance`: see `accord-conformance --help`.

fn main() -> std::process::ExitCode {
    accord_conformance::cli::main()
}
