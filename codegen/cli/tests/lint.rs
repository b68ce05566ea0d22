//! `accord lint`.

use std::{
    fs,
    process::{Command, Output},
};

use tempfile::TempDir;

fn accord(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_accord")).args(arguments).current_dir("../..").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The whiteboard without its exceptions, changed from `from` to `to`.
fn whiteboard(directory: &TempDir, from: &str, to: &str) -> String {
    let schema = fs::read_to_string("../../tests/whiteboard/history/1.0.0/whiteboard.yaml").unwrap();
    assert!(schema.contains(from), "{from}");
    let (schema, _) = schema.split_once("\nlint:").unwrap();
    let path = directory.path().join("whiteboard.yaml");
    fs::write(&path, schema.replace(from, to)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_schema_that_no_rule_finds_fault_with_passes() {
    let output = accord(&["lint", "schema/chat.yaml", "--deny", "advice"]);
    assert_eq!(text(&output.stdout), "0 errors, 0 warnings, 0 pieces of advice\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn warnings_fail_where_they_are_denied() {
    let directory = TempDir::new().unwrap();
    let path = whiteboard(&directory, "version: 1.0.0", "version: 1.1.0");
    let output = accord(&["lint", &path]);
    let report = text(&output.stdout);
    assert!(
        report.contains("warning[silent-request]: the sender of `move_cursor` does not learn the result\n"),
        "{report}"
    );
    assert!(report.lines().last().unwrap().starts_with("0 errors, 3 warnings, "), "{report}");
    assert!(!report.contains('\u{1b}'), "{report}");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(accord(&["lint", &path, "--deny", "warnings"]).status.code(), Some(1));
}

#[test]
fn errors_fail_always() {
    let directory = TempDir::new().unwrap();
    let path = whiteboard(&directory, "userId", "password");
    let output = accord(&["lint", &path, "--format", "github"]);
    assert!(
        text(&output.stdout).contains("title=secret-sent::the server sends `password`%0A"),
        "{}",
        text(&output.stdout)
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn findings_are_written_for_programs() {
    let directory = TempDir::new().unwrap();
    let path = whiteboard(&directory, "version: 1.0.0", "version: 0.4.0");
    let output = accord(&["lint", &path, "--format", "json"]);
    let report = text(&output.stdout);
    assert!(
        report.starts_with(
            "[\n  {\n    \"rule\": \"unstable-version\",\n    \"level\": \"advice\",\n    \"at\": \"protocol\","
        ),
        "{report}"
    );
}

#[test]
fn a_schema_that_does_not_compile_is_reported() {
    let directory = TempDir::new().unwrap();
    let path = whiteboard(&directory, "limit: pointing", "limit: pointin");
    let output = accord(&["lint", &path]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert_eq!(text(&output.stderr), text(&accord(&["check", &path]).stderr));
}
