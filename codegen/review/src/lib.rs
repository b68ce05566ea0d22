//! Reviews a protocol schema and its changes: [`lint`] finds possible improvements, [`diff`] finds changes that break
//! clients or servers, [`release`] determines the next version, and [`explain`] explains declarations and rules.
//!
//! It never reads YAML: it uses the [`Model`](accord_language::Model), whose items know their places. It writes no
//! files and changes no schema.
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

/// Reads the schema at `path`, and also checks its settings of the linter's rules.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: impl AsRef<Path>) -> Result<Schema, Diagnostics> {
    Schema::load(path).and_then(lint::check_settings)
}
