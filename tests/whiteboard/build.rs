//! Compiles the schema.

fn main() {
    accord_codegen::build("whiteboard.yaml");
}
