//! Code to copy: connecting, sending, receiving and calling, in JavaScript and in TypeScript with the generated package.

mod literal;
mod rest;
mod socket;

pub(super) use rest::{call, client};
pub(super) use socket::{connect, receive, send};

use super::page::Sample;
use literal::Notation;

/// A value as it is on the wire.
pub(super) fn json(title: &'static str, value: &serde_json::Value) -> Sample {
    Sample { title, language: "json", text: Notation::Json.value(value, 0, 0) }
}

/// A value as JavaScript has it, that begins at `column` of a line that is indented by `indent`.
fn value(value: &serde_json::Value, indent: usize, column: usize) -> String {
    Notation::JavaScript.value(value, indent, column)
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
