//! Compiles the chat schema, and lists its types for the targets and tests that use all of them.

use std::{env, fmt::Write as _, fs, path::PathBuf};

fn main() {
    accord_codegen::build("../../schema/chat.yaml");
    let model = accord_language::load("../../schema/chat.yaml").expect("the schema has just been compiled");
    let mut table = String::from("&[\n");
    for ty in &model.types {
        writeln!(table, "    Generated::of::<chat::{0}>(\"{0}\"),", ty.name).expect("writing to a string");
    }
    table.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("validators.rs");
    fs::write(&out, table).unwrap_or_else(|error| panic!("cannot write {}: {error}", out.display()));
}
