//! `accord new protocol`.
//!
//! What it writes is a project that is a member of this workspace, compiled and tested as it stands: the folder `protocol`
//! beside this file. Only its name and the way to Accord are others.

use std::{
    fs,
    path::{Path, PathBuf},
};

use accord_codegen::{case, emit, source};
use accord_conformance::flow;
use clap::Args;

use super::changes::Changes;
use crate::terminal::print;

/// What the project is called here.
const NAME: &str = "tally";

/// The way from it to Accord here.
const ACCORD: &str = "../../../../..";

/// The checkout that this command was built in.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

macro_rules! files {
    ($($path:literal),* $(,)?) => { &[$(($path, include_str!(concat!("protocol/", $path)))),*] };
}

/// The project's files.
const FILES: &[(&str, &str)] = files![
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.toml",
    "README.md",
    "build.rs",
    "flows/counters.yaml",
    "schema/errors.yaml",
    "schema/events/connection.yaml",
    "schema/events/counters.yaml",
    "schema/tally.yaml",
    "schema/types.yaml",
    "src/handlers/connection.rs",
    "src/handlers/counters.rs",
    "src/handlers/mod.rs",
    "src/lib.rs",
    "src/main.rs",
    "tests/conformance.rs",
];

/// Crates that the project uses, or that every project has.
const TAKEN: &[&str] = &["alloc", "core", "jsonwebtoken", "proc_macro", "serde", "std", "test", "tokio"];

/// The arguments of `accord new protocol`.
#[derive(Args)]
pub struct NewProtocol {
    /// The folder that it is written into, which is empty or not there yet.
    dir: PathBuf,
    /// What the protocol is called, in snake_case; without it, as the folder.
    #[arg(long)]
    name: Option<String>,
    /// The checkout of Accord that the project is built with; without it, the one that this command was built in.
    #[arg(long, value_name = "PATH")]
    accord: Option<PathBuf>,
}

impl NewProtocol {
    /// Writes the project.
    pub fn run(&self) -> Result<(), String> {
        let dir = &self.dir;
        let name = self.name()?;
        let accord = self.accord()?;
        if fs::read_dir(dir).map_or(dir.exists(), |mut entries| entries.next().is_some()) {
            return Err(format!(
                "error: there is something at {} already\nhelp: name a folder that is empty, or not there yet\n",
                dir.display()
            ));
        }
        let mut changes = Changes::default();
        for (path, text) in FILES {
            let mut text = text.replace(NAME, &name).replace(&format!("\"{ACCORD}"), &format!("\"{accord}"));
            if *path == "Cargo.toml" && is_in_workspace(dir) {
                text.push_str("\n# Apart from the workspace of the folder above: to be a member of that, leave this out.\n[workspace]\n");
            }
            changes.put(&dir.join(path.replace(NAME, &name)), text, "");
        }
        // By these, editors check and complete the schema and the flows.
        changes.put(&dir.join("schema/meta.schema.json"), emit::pretty(&source::meta_schema()), "");
        changes.put(&dir.join("flows/flows.schema.json"), emit::pretty(&flow::editor_schema()), "");
        changes.make()?;
        print(&format!(
            "Written into {dir}: the protocol `{name}`, its server, and the tests that hold the one to the other.\n\n\
             Next:\n  \
               - `{enter}cargo run` serves it, and prints tokens to try\n  \
               - `cargo test` holds the server to the schema and the flows\n  \
               - README.md says what is where, and how an event is added\n",
            dir = dir.display(),
            enter = if dir == Path::new(".") { String::new() } else { format!("cd {} && ", dir.display()) },
        ))
    }

    fn name(&self) -> Result<String, String> {
        let dir = self.dir.canonicalize().or_else(|_| std::path::absolute(&self.dir)).unwrap_or_default();
        let folder = || Some(case::snake(&dir.file_name()?.to_string_lossy()));
        let name = self.name.clone().or_else(folder).unwrap_or_default();
        let is_good = case::is_snake(&name) && syn::parse_str::<syn::Ident>(&name).is_ok();
        if is_good && !TAKEN.contains(&name.as_str()) {
            return Ok(name);
        }
        Err(format!(
            "error: a protocol cannot be called `{name}`\n\
             help: give it a name in snake_case by `--name`, which is no word of Rust's and no crate's that it uses\n"
        ))
    }

    /// The way to Accord, as it stands between quotes in TOML.
    fn accord(&self) -> Result<String, String> {
        let path = self.accord.as_deref().unwrap_or(Path::new(CHECKOUT));
        let is_there = |path: &PathBuf| path.join("macros/runtime/Cargo.toml").is_file();
        let Some(path) = path.canonicalize().ok().filter(is_there) else {
            return Err(format!("error: {} is no checkout of Accord\nhelp: name one by `--accord`\n", path.display()));
        };
        let text = path.to_string_lossy();
        Ok(text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// Whether Cargo would take a project in this folder for a part of a workspace above it.
fn is_in_workspace(dir: &Path) -> bool {
    let Ok(dir) = std::path::absolute(dir) else { return false };
    dir.ancestors().skip(1).any(|above| {
        let manifest = fs::read_to_string(above.join("Cargo.toml")).unwrap_or_default();
        manifest.lines().any(|line| line.trim() == "[workspace]")
    })
}
