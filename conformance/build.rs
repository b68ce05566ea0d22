//! Embeds the schema and the flows, current and of each release, into the binary: tables of paths and texts.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use semver::Version;

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let schema = Path::new(accord_chat::FOLDER);
    let mut code = String::from("pub(crate) static CURRENT: EmbeddedProtocol = ");
    embed(&mut code, schema, &root.join("flows"));
    code.push_str(";\npub(crate) static RELEASES: &[(&str, EmbeddedProtocol)] = &[\n");
    for (version, folder) in releases(&schema.join("history")) {
        write!(code, "({:?}, ", version.to_string()).expect("a String takes all");
        embed(&mut code, &folder, &folder.join("flows"));
        code.push_str("),\n");
    }
    code.push_str("];\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("embedded.rs");
    fs::write(&out, code).unwrap_or_else(|error| panic!("cannot write {}: {error}", out.display()));
}

/// The released versions of the schema with their folders, from the oldest to the newest.
fn releases(history: &Path) -> Vec<(Version, PathBuf)> {
    println!("cargo::rerun-if-changed={}", history.display());
    let folders = entries(history).into_iter().filter(|path| path.is_dir());
    let named = folders.filter_map(|path| Some((Version::parse(path.file_name()?.to_str()?).ok()?, path)));
    let mut releases: Vec<_> = named.collect();
    releases.sort();
    releases
}

/// Writes a schema and its flows.
fn embed(code: &mut String, schema: &Path, flows: &Path) {
    code.push_str("EmbeddedProtocol { schema: ");
    table(code, schema, "", &["generated", "history", "flows"]);
    code.push_str(", flows: ");
    table(code, flows, "flows/", &[]);
    code.push_str(" }");
}

/// Writes a table of all YAML files below `folder`, by `prefix` and their paths relative to it, in the order of their paths.
fn table(code: &mut String, folder: &Path, prefix: &str, skipped: &[&str]) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(folder, skipped, &mut files);
    files.sort();
    code.push_str("&[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let relative = file.strip_prefix(folder).expect("below the folder").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
        writeln!(code, "    ({:?}, {text:?}),", format!("{prefix}{relative}")).expect("a String takes all");
    }
    code.push(']');
}

fn collect(folder: &Path, skipped: &[&str], files: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !skipped.contains(&name.as_str()) {
                collect(&path, skipped, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let path = |entry: std::io::Result<fs::DirEntry>| {
        entry.unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display())).path()
    };
    entries.map(path).collect()
}
