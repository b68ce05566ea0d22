//! Cargo: the binary that serves the schema, and building it.

use std::{
    env,
    ffi::OsString,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::{self, JoinHandle},
    time::Duration,
};

use serde::Deserialize;

use super::group::Group;
use crate::watch::Watched;

/// A binary that can be built.
#[derive(Debug)]
pub struct Binary {
    /// Its name.
    pub name: String,
    /// The folder of its package.
    package: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_default_members: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    manifest_path: PathBuf,
    default_run: Option<String>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Cargo's message about something that it has built.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
    #[serde(default)]
    fresh: bool,
}

impl Binary {
    /// The binary that `cargo run` runs here.
    pub fn of_workspace() -> Result<Self, String> {
        let output = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).stderr(Stdio::piped()).output();
        let output = output.map_err(|error| format!("error: cannot run cargo: {error}\n"))?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            return Err(format!("error: cargo cannot tell what to build here:\n{}\n", why.trim_end()));
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("error: cannot read cargo's description of this workspace: {error}\n"))?;
        metadata.binary()
    }

    /// The sources that it is built from, in addition to the schema.
    pub fn sources(&self) -> Vec<Watched> {
        let file = |name: &str| Watched::File(self.package.join(name));
        vec![file("Cargo.toml"), file("build.rs"), Watched::Folder(self.package.join("src"), None)]
    }

    /// Starts a build. The compiler's messages go to this process's standard error.
    pub fn build(&self) -> Result<Build, String> {
        let mut command = cargo();
        command.args(["build", "--bin", &self.name, "--message-format", "json-render-diagnostics"]);
        let mut group = Group::start(command.stdout(Stdio::piped()))
            .map_err(|error| format!("error: cannot run cargo: {error}\n"))?;
        let printed = group.output().map(BufReader::new);
        // Read continuously, because a full pipe would stop the build.
        let built = thread::spawn(move || {
            let lines = printed.into_iter().flat_map(BufRead::lines).map_while(Result::ok);
            lines.filter_map(|line| Built::read(&line)).last()
        });
        Ok(Build { group, built })
    }
}

impl Metadata {
    /// Cargo's choice: the package's default binary, or else its only one.
    fn binary(self) -> Result<Binary, String> {
        let packages = self.packages.iter().filter(|package| self.workspace_default_members.contains(&package.id));
        let mut named = Vec::new();
        let mut all = Vec::new();
        for package in packages {
            let folder = package.manifest_path.parent().unwrap_or(Path::new("."));
            let binary = |name: &String| Binary { name: name.clone(), package: folder.to_owned() };
            named.extend(package.default_run.iter().map(binary));
            let binaries = package.targets.iter().filter(|target| target.kind.iter().any(|kind| kind == "bin"));
            all.extend(binaries.map(|target| binary(&target.name)));
        }
        let mut chosen = if named.is_empty() { all } else { named };
        match chosen.len() {
            1 => Ok(chosen.remove(0)),
            0 => Err("error: there is no binary to build here\n\
                      help: the package that serves the schema needs a `src/main.rs`\n"
                .to_owned()),
            _ => {
                let names: Vec<&str> = chosen.iter().map(|binary| binary.name.as_str()).collect();
                Err(format!(
                    "error: there are several binaries here: {}\n\
                     help: name the one that serves the schema in Cargo.toml: `default-run = \"{}\"` below \
                     `[package]`\n",
                    names.join(", "),
                    names[0]
                ))
            }
        }
    }
}

/// A running build.
#[derive(Debug)]
pub struct Build {
    group: Group,
    built: JoinHandle<Option<Built>>,
}

/// A binary that was built.
#[derive(Debug)]
pub struct Built {
    /// Its path.
    pub executable: PathBuf,
    /// Whether it is unchanged since the last build.
    pub is_old: bool,
}

impl Build {
    /// Returns whether it has succeeded, once it has ended.
    pub fn over(&mut self) -> Option<bool> {
        self.group.ended().map(|status| status.success())
    }

    /// Ends it.
    pub async fn end(self, patience: Duration) {
        self.group.end(patience).await;
    }

    /// The binary that was built.
    pub fn built(self) -> Option<Built> {
        self.built.join().ok().flatten()
    }
}

impl Built {
    /// Reads a line that cargo prints.
    fn read(line: &str) -> Option<Self> {
        let Artifact { executable, fresh } = serde_json::from_str(line).ok()?;
        Some(Built { executable: executable?, is_old: fresh })
    }
}

/// Cargo itself, or a stand-in for it.
fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}
