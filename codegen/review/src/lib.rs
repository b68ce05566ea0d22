//! Judges a protocol schema and its changes: [`lint`] finds what could be better, [`diff`] what an edit breaks for clients
//! and servers, [`release`] what the next version has to be called, and [`explain`] says what an item or a rule means.
//!
//! It never reads YAML: everything is found in the [`Model`](accord_language::Model), whose items know their places. It
//! writes no files and changes no schema.
//!
//! Start reading at [`lint::rules`] and [`diff::compare`].
//!
//! ```
//! let schema = accord_review::load("../../schema/chat.yaml").unwrap();
//! assert!(accord_review::diff::compare(&schema, &schema).is_empty());
//! assert!(accord_review::lint::lint(&schema).list.is_empty());
//! ```

pub mod diff;
pub mod explain;
pub mod lint;
pub mod release;

use std::path::Path;

use accord_language::{Diagnostics, Schema};

/// Reads the schema at `path`, and checks what it says of the linter's rules besides.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: impl AsRef<Path>) -> Result<Schema, Diagnostics> {
    Schema::load(path).and_then(lint::check_settings)
}
