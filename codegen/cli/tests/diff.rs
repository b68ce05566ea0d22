//! The comparisons of `accord diff`, and its exit status.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

const SCHEMA: &str = include_str!("../../review/tests/diff/language.yaml");

/// A folder with a schema and one that it includes, so that both have to be found.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    write(folder.path(), SCHEMA);
    folder
}

fn write(folder: &Path, schema: &str) {
    let schema = schema.replace("accord: 1\n", "accord: 1\ninclude: [more/words.yaml]\n");
    let (before, plain) = schema.split_once("  Plain: ").unwrap();
    let (plain, after) = plain.split_once('\n').unwrap();
    for inner in ["more", "flows"] {
        fs::create_dir_all(folder.join(inner)).unwrap();
    }
    fs::write(folder.join("flows/first.yaml"), "").unwrap();
    fs::write(folder.join("more/words.yaml"), format!("types:\n  Plain: {plain}\n")).unwrap();
    fs::write(folder.join("schema.yaml"), format!("{before}{after}")).unwrap();
}

fn accord(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_accord")).current_dir(folder).arg("diff").args(arguments).output().unwrap()
}

/// The status, and all output.
fn diff(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = accord(folder, arguments);
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), text)
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").current_dir(folder).args(identity).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn files_are_compared() {
    let (old, new) = (folder(), folder());
    write(new.path(), &SCHEMA.replace("maxLength: 80", "maxLength: 40"));
    let path = |folder: &TempDir| folder.path().join("schema.yaml").display().to_string();
    let (old, new) = (path(&old), path(&new));
    let here = Path::new(".");
    assert_eq!(diff(here, &[&old, &old]), (0, "edited 1.4.0 → edited 1.4.0: no differences\n".to_owned()));
    let (status, text) = diff(here, &[&old, &new]);
    assert_eq!(status, 1, "{text}");
    assert!(
        text.starts_with("error[max-length]: Line: it is at most 40 characters, was at most 80 characters\n"),
        "{text}"
    );
    assert_eq!(diff(here, &[&new, &old]).0, 0, "loosened");
}

#[test]
fn the_levels_that_must_not_break_can_be_chosen() {
    let (old, new) = (folder(), folder());
    write(new.path(), &SCHEMA.replace("  Loose: {", "  Unbound: {"));
    let path = |folder: &TempDir| folder.path().join("schema.yaml").display().to_string();
    let (old, new) = (path(&old), path(&new));
    for (arguments, status) in [
        (&[][..], 0),
        (&["--level", "typescript"], 1),
        (&["--level", "wire,rust"], 1),
        (&["--level", "rust", "--allow", "type-removed"], 0),
    ] {
        let (ended, text) = diff(Path::new("."), &[&[old.as_str(), new.as_str()], arguments].concat());
        assert_eq!(ended, status, "{arguments:?}: {text}");
    }
}

#[test]
fn a_revision_is_compared_with_the_file() {
    let folder = folder();
    let here = folder.path();
    git(here, &["init", "-q"]);
    git(here, &["add", "."]);
    git(here, &["commit", "-qm", "first"]);
    git(here, &["tag", "v1.4.0"]);
    write(
        here,
        &SCHEMA.replace("pattern: '^[a-z]+$' }", "pattern: '^[A-Z]+$' }").replace("maxLength: 80", "maxLength: 40"),
    );
    for arguments in [&["HEAD", "schema.yaml"][..], &["v1.4.0", "schema.yaml"], &["schema.yaml"]] {
        let (status, text) = diff(here, arguments);
        assert_eq!(status, 1, "{arguments:?}: {text}");
        assert!(text.contains("::: HEAD:schema.yaml:") || text.contains("::: v1.4.0:schema.yaml:"), "{text}");
        assert!(text.contains("more/words.yaml:2"), "an included file: {text}");
    }
    let (status, text) = diff(here, &["HEAD~1", "schema.yaml"]);
    assert_eq!(status, 2);
    assert!(text.contains("there is no revision `HEAD~1`"), "{text}");
}

#[test]
fn a_released_version_is_found_beside_the_schema() {
    let folder = folder();
    write(&folder.path().join("history/1.3.0"), &SCHEMA.replace("burst: 60", "burst: 90"));
    let (status, text) = diff(folder.path(), &["1.3.0", "schema.yaml"]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("::: history/1.3.0/schema.yaml:"), "{text}");
}

#[test]
fn schemas_that_cannot_be_compared_are_reported_with_a_remedy() {
    let folder = folder();
    fs::write(folder.path().join("wrong.yaml"), "accord: 1\n").unwrap();
    for (arguments, said) in [
        (&["1.0.0", "schema.yaml"][..], "`1.0.0` is not a file, a released version (history/1.0.0 does not exist)"),
        (&["1.0.0"], "`accord diff 1.0.0 SCHEMA` compares that version or revision"),
        (&["schema.yaml", "nothing.yaml"], "there is no file `nothing.yaml`\nhelp: the new schema must be a file; "),
        (&["wrong.yaml", "schema.yaml"], "error[missing-section]"),
        (&["schema.yaml", "schema.yaml", "--allow", "field-remove"], "did you mean `field-removed`?"),
    ] {
        let (status, text) = diff(folder.path(), arguments);
        assert_eq!(status, 2, "{arguments:?}: {text}");
        assert!(text.contains(said), "{arguments:?}: {text}");
    }
}
