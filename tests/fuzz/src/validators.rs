//! The validators that are generated from the chat schema.

use accord_runtime::{Fault, Path, Validate, Violations, convert};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The chat protocol, as generated from its schema.
#[expect(dead_code, reason = "the whole protocol is generated; its types are what is judged")]
mod chat {
    include!(concat!(env!("OUT_DIR"), "/chat.rs"));
}

/// A type of the protocol.
#[derive(Debug)]
pub struct Generated {
    /// Its name.
    pub name: &'static str,
    /// The violations of a document.
    pub violations: fn(&Value) -> Violations,
    /// Reads a valid document as the server does: the reason why that failed, if it did.
    pub read: fn(&Value) -> Result<(), Fault>,
}

/// Every type, in the order of the model.
pub const TYPES: &[Generated] = include!(concat!(env!("OUT_DIR"), "/validators.rs"));

impl Generated {
    const fn of<T: Validate + DeserializeOwned>(name: &'static str) -> Self {
        Generated { name, violations: violations::<T>, read: read::<T> }
    }
}

fn violations<T: Validate>(document: &Value) -> Violations {
    let mut violations = Violations::default();
    T::validate(document, Path::Root, &mut violations);
    violations
}

fn read<T: DeserializeOwned>(document: &Value) -> Result<(), Fault> {
    convert::valid::<T>(document.clone()).map(drop)
}
