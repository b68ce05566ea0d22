//! Puts the schema and the flows into the binary, as tables of paths and texts.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let mut tables = String::new();
    table(&mut tables, "SCHEMA", &root.join("../schema"), &["generated", "history"]);
    table(&mut tables, "FLOWS", &root.join("flows"), &[]);
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("embedded.rs");
    fs::write(&out, tables).unwrap_or_else(|error| panic!("cannot write {}: {error}", out.display()));
}

/// Writes a table of all YAML files below `folder`, by their paths relative to it, in the order of their paths.
fn table(tables: &mut String, name: &str, folder: &Path, skipped: &[&str]) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(folder, skipped, &mut files);
    files.sort();
    writeln!(tables, "pub(crate) static {name}: &[(&str, &str)] = &[").expect("a String takes all");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let relative = file.strip_prefix(folder).expect("below the folder").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
        writeln!(tables, "    ({relative:?}, {text:?}),").expect("a String takes all");
    }
    tables.push_str("];\n");
}

fn collect(folder: &Path, skipped: &[&str], files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display())).path();
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
