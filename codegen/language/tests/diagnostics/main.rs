//! The diagnostics for mistakes in a schema, to the letter.

mod advice;
mod constraints;
mod events;
mod examples;
mod files;
mod http;
mod logs;
mod names;
mod receivers;
mod records;
mod renewals;
mod rooms;
mod rules;
mod sections;
mod types;
mod yaml;

use std::fs;

use tempfile::TempDir;

const BASE: &str = include_str!("base.yaml");
const LOGS: &str = include_str!("logs.yaml");

/// The output of `accord check` for `base.yaml` with `test.yaml`.
fn check(test: &str) -> String {
    report(&[("schema.yaml", BASE), ("test.yaml", test)])
}

/// The same, with `from` in `base.yaml` changed to `to`.
fn check_with(from: &str, to: &str, test: &str) -> String {
    assert!(BASE.contains(from), "base.yaml has no `{from}`");
    report(&[("schema.yaml", &BASE.replace(from, to)), ("test.yaml", test)])
}

/// `base.yaml`, with the errors that the gateway needs for `logs.yaml`, which it includes.
fn base_with_logs() -> String {
    let errors = "  admin_only: denied\n  position_lost: other\n  idempotency_conflict: other\n";
    BASE.replace("  admin_only: denied\n", errors).replace("[test.yaml]", "[test.yaml, logs.yaml]")
}

/// The output of `accord check` for `base.yaml` with `logs.yaml` and `test.yaml`.
fn check_logs(test: &str) -> String {
    report(&[("schema.yaml", &base_with_logs()), ("logs.yaml", LOGS), ("test.yaml", test)])
}

/// The same, with `from` in `logs.yaml` changed to `to`.
fn check_logs_with(from: &str, to: &str) -> String {
    assert!(LOGS.contains(from), "logs.yaml has no `{from}`");
    report(&[("schema.yaml", &base_with_logs()), ("logs.yaml", &LOGS.replace(from, to)), ("test.yaml", "types: {}\n")])
}

/// The output of `accord check` for a schema of this one file.
fn check_alone(schema: &str) -> String {
    report(&[("schema.yaml", schema)])
}

/// The output of `accord check` for a schema of these files, the first of which includes the others.
fn report(files: &[(&str, &str)]) -> String {
    let directory = TempDir::new().unwrap();
    for (name, text) in files {
        // The first line of a raw string is empty.
        fs::write(directory.path().join(name), text.strip_prefix('\n').unwrap_or(text)).unwrap();
    }
    let diagnostics = accord_language::load(directory.path().join(files[0].0)).expect_err("the schema has errors");
    diagnostics.to_string().replace(&format!("{}/", directory.path().display()), "")
}

#[test]
fn the_base_has_no_errors() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("schema.yaml"), BASE).unwrap();
    fs::write(directory.path().join("test.yaml"), "types: {}\n").unwrap();
    accord_language::load(directory.path().join("schema.yaml")).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    fs::write(directory.path().join("schema.yaml"), base_with_logs()).unwrap();
    fs::write(directory.path().join("logs.yaml"), LOGS).unwrap();
    accord_language::load(directory.path().join("schema.yaml")).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
}
