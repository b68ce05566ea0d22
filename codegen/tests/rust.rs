//! The Rust code of the chat protocol.

use accord_codegen::{emit, load};

const CHAT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/chat.yaml");

#[test]
fn the_same_schema_makes_the_same_code() {
    let code = || emit::rust::emit(&load(CHAT).unwrap_or_else(|diagnostics| panic!("{diagnostics}")));
    let first = code();
    std::fs::write("/tmp/chat.rs", &first).unwrap();
    assert_eq!(first, code());
}
