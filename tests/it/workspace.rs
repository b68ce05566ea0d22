//! The workspace, as Cargo describes it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The folder of the workspace.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The output of a command, which succeeds.
pub fn output(command: &mut Command) -> String {
    let output = command.output().expect("the command runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The packages that `cargo metadata` lists with these further arguments.
pub fn packages(arguments: &[&str]) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--locked", "--offline", "--format-version=1"]).args(arguments).current_dir(ROOT);
    let metadata: Value = serde_json::from_str(&output(&mut command)).expect("JSON");
    metadata["packages"].as_array().expect("a list of packages").clone()
}

/// A crate of the workspace. Folders are relative to [`ROOT`].
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The folders of the crates of the workspace that it depends on, but for its tests.
    pub dependencies: Vec<PathBuf>,
}

/// The crates of the workspace.
pub fn members() -> Vec<Member> {
    let root = Path::new(ROOT).canonicalize().expect("the folder is there");
    let relative = |path: &Value| {
        let path = Path::new(path.as_str()?);
        Some(path.strip_prefix(&root).expect("it is in the workspace").to_owned())
    };
    let member = |package: Value| {
        let manifest = relative(&package["manifest_path"]).expect("a package has a manifest");
        let dependencies = package["dependencies"].as_array().expect("a list");
        let dependencies = dependencies.iter().filter(|dependency| dependency["kind"] != "dev");
        Member {
            name: package["name"].as_str().expect("a name").to_owned(),
            folder: manifest.parent().expect("a manifest is in a folder").to_owned(),
            dependencies: dependencies.filter_map(|dependency| relative(&dependency["path"])).collect(),
        }
    };
    packages(&["--no-deps"]).into_iter().map(member).collect()
}
