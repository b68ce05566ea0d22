//! Fuzz targets: the parsers that take arbitrary bytes, and the properties that hold for any input.
//!
//! Each [`Target`] is one function of an input, which panics if a property does not hold. It has two callers. The tests replay the
//! inputs in `corpus/`, and random mutations of them; `tests/fuzz/run` lets libFuzzer search for others, guided by code coverage.
//! Every input that it finds is added to the corpus with the fix. The inputs `learnt_…` are small ones of its own, which reach code
//! that the others do not.
//!
//! Start reading at [`TARGETS`]. Nothing here is part of what ships.

mod client;
mod judge;
mod server;
pub mod targets;
pub mod validators;

use std::sync::LazyLock;

use accord_language::Model;

/// Something that takes arbitrary input.
#[derive(Debug)]
pub struct Target {
    /// The name of its folder in `corpus/`, and of its dictionary.
    pub name: &'static str,
    /// Takes an input, and panics if a property does not hold.
    pub run: fn(&[u8]),
    /// The number of random inputs that a test makes.
    pub by_chance: usize,
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "schema", run: targets::schema, by_chance: 150 },
    Target { name: "flows", run: targets::flows, by_chance: 300 },
    Target { name: "validators", run: targets::validators, by_chance: 5000 },
    Target { name: "tokens", run: targets::tokens, by_chance: 3000 },
    Target { name: "requests", run: targets::requests, by_chance: 300 },
    Target { name: "packets", run: targets::packets, by_chance: 150 },
    Target { name: "multipart", run: targets::multipart, by_chance: 150 },
];

/// The target of this name.
///
/// # Panics
/// If there is none.
pub fn target(name: &str) -> &'static Target {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    let target = TARGETS.iter().find(|target| target.name == name);
    target.unwrap_or_else(|| panic!("there is no target {name:?}; there are {names:?}"))
}

/// The chat protocol.
static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema/chat.yaml");
    accord_language::load(schema).unwrap_or_else(|wrong| panic!("{wrong}"))
});
