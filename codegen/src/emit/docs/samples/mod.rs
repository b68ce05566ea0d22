//! Code to copy: connecting, sending, receiving and calling, in JavaScript and in TypeScript with the generated package.

mod javascript;
mod rest;
mod socket;

pub(super) use rest::call;
pub(super) use socket::{connect, receive, send};

use super::page::Sample;
use crate::emit::pretty;

/// A value as it is on the wire.
pub(super) fn json(title: &'static str, value: &serde_json::Value) -> Sample {
    Sample { title, language: "json", text: pretty(value) }
}

fn javascript(text: String) -> Sample {
    Sample { title: "JavaScript", language: "js", text }
}

fn typescript(text: String) -> Sample {
    Sample { title: "TypeScript", language: "ts", text }
}

/// The import of types from the package of a protocol; nothing where there are none.
fn import_types(package: &str, names: &[String]) -> String {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return String::new();
    }
    format!("import type {{ {} }} from '{package}';\n\n", names.join(", "))
}
