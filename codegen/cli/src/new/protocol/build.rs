//! Compiles the schema: `cargo build` fails with the errors that `accord check` reports, except for those in the
//! section `lint`.

fn main() {
    accord_codegen::build("schema/tally.yaml");
}
