//! The Rust code of a protocol of corner cases, `corner_cases/sample.yaml`, is `corner_cases/sample.rs`, and that of one which
//! serves an older version besides, `corner_cases/versions.yaml`, is `corner_cases/versions.rs`, and so is one with logs: tests of `accord-runtime`
//! compile them. After a change, `ACCORD_UPDATE=1 cargo test -p accord-codegen --test corner_cases` writes it anew.

use std::{env, fs};

use accord_language::load;

fn code(schema: &str) -> String {
    accord_codegen::emit(&load(schema).unwrap_or_else(|diagnostics| panic!("{diagnostics}")))
}

/// Holds the code of a schema to what is checked in beside it.
fn is_checked_in(name: &str) {
    let (schema, checked_in) = (format!("tests/corner_cases/{name}.yaml"), format!("tests/corner_cases/{name}.rs"));
    let made = code(&schema);
    if env::var_os("ACCORD_UPDATE").is_some() {
        fs::write(&checked_in, &made).unwrap();
    }
    let expected = fs::read_to_string(&checked_in).unwrap();
    assert!(made == expected, "{checked_in} is stale: look at what changes with ACCORD_UPDATE=1 and git diff");
}

#[test]
fn corner_cases_make_the_code_that_is_checked_in() {
    is_checked_in("sample");
}

#[test]
fn two_versions_make_the_code_that_is_checked_in() {
    is_checked_in("versions");
}

#[test]
fn logs_and_receivers_make_the_code_that_is_checked_in() {
    is_checked_in("logs");
}

#[test]
fn the_same_schema_makes_the_same_code() {
    assert_eq!(code("../../schema/chat.yaml"), code("../../schema/chat.yaml"));
}
