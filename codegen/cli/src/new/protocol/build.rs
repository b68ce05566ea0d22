//! Compiles the schema: `cargo build` fails where `accord check` finds an error, with the same words. Mistakes in the
//! section `lint` alone do not matter to it.

fn main() {
    accord_codegen::build("schema/tally.yaml");
}
