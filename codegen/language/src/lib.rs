//! The language of protocol schemas: turns YAML files into the [`Model`] of a protocol, or a list of errors.
//!
//! It never runs a protocol, opens no sockets and writes no files. All emitters start from the model alone; no other
//! crate reads the YAML.
//!
//! Start reading at [`Schema::load`]: [`source`] reads files into records, with the place of every value, and `lower`
//! turns these into the [`model`]. Both report errors as [`diagnostic`]s.
//!
//! ```
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("schema.yaml");
//! std::fs::write(&path, "accord: 2\n").unwrap();
//! let diagnostics = accord_language::load(&path).unwrap_err();
//! assert!(diagnostics.to_string().contains("schema.yaml:1:9"));
//! ```

pub mod case;
pub mod diagnostic;
pub mod limits;
mod lower;
pub mod model;
pub mod source;

use std::path::Path;

pub use diagnostic::Diagnostics;
use diagnostic::Sources;
pub use lower::{Unportable, lower, pattern_to_rust};
pub use model::Model;
use source::{Disk, LoadedFile, Origin};

/// A schema without errors: its files and its model.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The model.
    pub model: Model,
    /// The files that it is written in, the first of which includes the others.
    pub files: Vec<LoadedFile>,
    /// The text of those files.
    pub sources: Sources,
}

impl Schema {
    /// Reads the schema at `path` with all that it includes.
    ///
    /// # Errors
    /// All errors in it.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Diagnostics> {
        Self::load_from(&Disk, path)
    }

    /// Like [`Schema::load`], from another source than the disk.
    ///
    /// # Errors
    /// All errors in it.
    pub fn load_from(origin: &dyn Origin, path: impl AsRef<Path>) -> Result<Self, Diagnostics> {
        let mut cx = source::Context::default();
        let read = source::load_from(origin, path.as_ref(), &mut cx)
            .and_then(|files| lower::lower(&files, &mut cx).map(|model| (files, model)))
            .and_then(|(files, mut model)| {
                model.older = lower::older::load(origin, &files, &model, &mut cx)?;
                Some((files, model))
            });
        match read {
            Some((files, model)) if cx.diagnostics.is_empty() => Ok(Schema { model, files, sources: cx.sources }),
            _ => Err(Diagnostics::new(cx.sources, cx.diagnostics)),
        }
    }
}

/// The model of the schema at `path`.
///
/// # Errors
/// All errors in the schema.
pub fn load(path: impl AsRef<Path>) -> Result<Model, Diagnostics> {
    Schema::load(path).map(|schema| schema.model)
}
