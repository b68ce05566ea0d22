//! The version of Rust that the workspace asks for.

use std::{env, fs, path::Path, process::Command};

use serde_json::Value;

use crate::workspace::{self, ROOT, output};

/// The packages of the workspace and the locked dependencies of this platform, which a build has fetched.
fn packages() -> Vec<Value> {
    let rustc = output(Command::new(env::var_os("RUSTC").unwrap_or("rustc".into())).arg("-vV"));
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc says its host");
    workspace::packages(&["--filter-platform", host])
}

/// The numbers of the version that a package asks for, so that `1.94` and `1.94.0` are the same.
fn rust_version(package: &Value) -> Option<[u32; 3]> {
    let mut numbers = package["rust_version"].as_str()?.split('.').map(|number| number.parse().expect("a number"));
    Some([(); 3].map(|()| numbers.next().unwrap_or(0)))
}

#[test]
fn the_workspace_and_new_protocols_ask_for_the_rust_that_their_dependencies_need() {
    let (dependencies, members): (Vec<_>, Vec<_>) =
        packages().into_iter().partition(|package| !package["source"].is_null());
    let needed = dependencies.iter().max_by_key(|package| rust_version(package)).expect("there are dependencies");
    assert!(rust_version(needed).is_some(), "no dependency says what it needs");
    for member in &members {
        assert!(
            rust_version(member) >= rust_version(needed),
            "{} asks for Rust {}, and its dependency {} {} needs {}: raise `rust-version` in {}",
            member["name"],
            member["rust_version"],
            needed["name"],
            needed["version"],
            needed["rust_version"],
            member["manifest_path"],
        );
    }
    let tests = members.iter().find(|member| member["name"] == env!("CARGO_PKG_NAME")).expect("this package");
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    let sentence = format!("needs Rust {} or newer", tests["rust_version"].as_str().expect("a version"));
    assert!(readme.contains(&sentence), "README.md does not say: {sentence}");
}
