//! The files beside the flows that hold none.

use std::path::Path;

/// The words that differ between the scopes.
pub const WORDS: &str = "words.yaml";

/// The cells of the protocol that no run can see.
pub const UNCOVERED: &str = "uncovered.yaml";

/// The acts of random sequences.
pub const ACTS: &str = "acts.yaml";

/// Returns whether a file is one of these, wherever it is.
pub(super) fn is_table(path: &str) -> bool {
    [WORDS, UNCOVERED, ACTS].iter().any(|table| is_named(path, table))
}

/// Returns whether a file has this name, wherever it is.
pub fn is_named(path: &str, name: &str) -> bool {
    Path::new(path).file_name().is_some_and(|file| file == name)
}
