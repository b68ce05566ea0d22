//! Compiles the schema to the protocol's types and handler traits, and embeds the files that the server gives to
//! browsers: the other generated files, and the chat page.

use std::{
    env,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use accord_language::Model;

const SCHEMA: &str = "../schema/chat.yaml";
const GENERATED: &str = "../schema/generated";
const CHAT: &str = "src/page/chat";

fn main() {
    accord_codegen::build(SCHEMA);
    println!("cargo::rerun-if-changed=migrations");

    let model = accord_language::load(SCHEMA).expect("the schema has just been compiled");
    warn_if_stale(&model);
    let code = [table("GENERATED", GENERATED), table("CHAT", CHAT)].concat();
    let directory = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&directory).join("files.rs"), code).expect("OUT_DIR can be written");
}

/// The server serves the generated files that are checked in, so that it serves only reviewed ones.
fn warn_if_stale(model: &Model) {
    // The Rust code is compared on behalf of all files: a build has no other emitter.
    let path = Path::new(GENERATED).join("rust").join(format!("{}.rs", model.protocol.name));
    if fs::read_to_string(path).ok().as_ref() != Some(&accord_codegen::emit(model)) {
        println!(
            "cargo::warning=schema/generated is out of date and is served as it is: run `accord gen all \
             schema/chat.yaml`"
        );
    }
}

/// A table of the files that are in a folder and below it.
fn table(name: &str, folder: &str) -> String {
    println!("cargo::rerun-if-changed={folder}");
    let folder = fs::canonicalize(folder).unwrap_or_else(|error| panic!("{folder} cannot be read: {error}"));
    let mut files = below(&folder).unwrap_or_else(|error| panic!("{} cannot be read: {error}", folder.display()));
    files.sort();
    let mut code = format!("static {name}: &[Embedded] = &[\n");
    for file in files {
        let path = file.strip_prefix(&folder).expect("the file is in the folder");
        let path = path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        writeln!(code, "    Embedded {{ path: {path:?}, text: include_str!({file:?}) }},")
            .expect("a string takes all that is written");
    }
    code.push_str("];\n");
    code
}

fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    Ok(files)
}
