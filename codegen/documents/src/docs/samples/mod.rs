//! Code to copy: connecting, sending, receiving and calling, in JavaScript and in TypeScript with the generated package.

mod literal;
mod logs;
mod rest;
mod socket;

use std::ops::Range;

use super::page::Sample;
use literal::Notation;
pub(super) use logs::{catch_up, follow, send_once};
pub(super) use rest::{beside, call, client};
pub(super) use socket::{connect, receive, send};

/// A value as it is on the wire.
pub(super) fn json(title: &'static str, value: &serde_json::Value) -> Sample {
    Sample::new(title, "json", Notation::Json.value(value, 0, 0))
}

/// A value as JavaScript has it, that begins at `column` of a line that is indented by `indent`.
fn value(value: &serde_json::Value, indent: usize, column: usize) -> String {
    Notation::JavaScript.value(value, indent, column)
}

fn javascript(text: String) -> Sample {
    Sample::new("JavaScript", "js", text)
}

fn typescript(text: String) -> Sample {
    Sample::new("TypeScript", "ts", text)
}

/// Code in both languages: TypeScript, which is JavaScript without its types.
#[derive(Default)]
struct Typed {
    text: String,
    types: Vec<Range<usize>>,
}

impl Typed {
    /// Goes on with what both languages have.
    fn code(mut self, code: &str) -> Self {
        self.text += code;
        self
    }

    /// Goes on with what TypeScript has alone.
    fn types(mut self, types: &str) -> Self {
        let start = self.text.len();
        self.text += types;
        self.types.push(start..self.text.len());
        self
    }

    fn sample(self) -> Sample {
        Sample { types: Some(self.types), ..typescript(self.text) }
    }
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
