//! `accord new protocol`.
//!
//! It writes the project that is a member of this workspace, compiled and tested as it is: the folder `protocol` beside
//! this file. Only its name and the source of Accord's crates differ.

use std::{
    fs,
    path::{Path, PathBuf},
};

use accord_language::{case, source};
use clap::Args;

use super::{changes::Changes, crates::Crates};
use crate::terminal::print;

/// The project's name in this workspace.
const NAME: &str = "tally";

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

/// The crates that the project uses, and those that every project has.
const TAKEN: &[&str] = &["alloc", "core", "jsonwebtoken", "proc_macro", "serde", "std", "test", "tokio"];

/// The arguments of `accord new protocol`.
#[derive(Args)]
pub struct NewProtocol {
    /// The folder to write to, which must be empty or not exist yet.
    dir: PathBuf,
    /// The protocol's name, in snake_case. Defaults to the folder's name.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    crates: Crates,
}

impl NewProtocol {
    /// Writes the project.
    pub fn run(&self) -> Result<(), String> {
        let dir = &self.dir;
        let name = self.name()?;
        if fs::read_dir(dir).map_or(dir.exists(), |mut entries| entries.next().is_some()) {
            return Err(format!(
                "error: {} exists already\nhelp: name a folder that is empty or does not exist yet\n",
                dir.display()
            ));
        }
        let mut changes = Changes::default();
        for (path, text) in FILES {
            let mut text = text.replace(NAME, &name);
            if *path == "Cargo.toml" {
                text = self.crates.manifest(&text, dir)?;
                if is_in_workspace(dir) {
                    text.push_str("\n# Keeps this project out of the workspace of a folder above it.\n[workspace]\n");
                }
            }
            changes.put(&dir.join(path.replace(NAME, &name)), text, "");
        }
        // With these, editors check and complete the schema and the flows.
        changes.put(&dir.join("schema/meta.schema.json"), accord_documents::pretty(&source::meta_schema()), "");
        changes.put(&dir.join("flows/flows.schema.json"), accord_documents::pretty(&accord_flows::editor_schema()), "");
        changes.make()?;
        print(&format!(
            "Created {dir}: the protocol `{name}`, its server, and tests of the server against the protocol.\n\n\
             Next:\n  - `{enter}cargo run` serves it, and prints tokens to try\n  - `cargo test` tests the server \
             against the schema and the flows\n  - README.md explains what is where, and how to add an event\n{remark}",
            remark = self.crates.remark(),
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
             help: give it a name in snake_case with `--name`, other than a Rust keyword or the name of a crate that \
             it uses\n"
        ))
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
