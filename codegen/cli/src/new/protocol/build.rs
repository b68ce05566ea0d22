//! Compiles the schema: `cargo build` fails where `accord check` finds an error, with the same words.

fn main() {
    accord_codegen::build("schema/tally.yaml");
}
