//! The Rust code of a protocol of corner cases, `rust/sample.yaml`, is `rust/sample.rs`, which a test of
//! `accord-runtime` compiles. After a change, `ACCORD_UPDATE=1 cargo test -p accord-codegen --test rust` writes it anew.

use std::{env, fs};

use accord_codegen::{emit, load};

fn code(schema: &str) -> String {
    emit::rust::emit(&load(schema).unwrap_or_else(|diagnostics| panic!("{diagnostics}")))
}

#[test]
fn corner_cases_make_the_code_that_is_checked_in() {
    let made = code("tests/rust/sample.yaml");
    if env::var_os("ACCORD_UPDATE").is_some() {
        fs::write("tests/rust/sample.rs", &made).unwrap();
    }
    let expected = fs::read_to_string("tests/rust/sample.rs").unwrap();
    assert!(made == expected, "tests/rust/sample.rs is stale: look at what changes with ACCORD_UPDATE=1 and git diff");
}

#[test]
fn the_same_schema_makes_the_same_code() {
    assert_eq!(code("../schema/chat.yaml"), code("../schema/chat.yaml"));
}
