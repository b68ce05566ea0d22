//! The schema compiler: reads a protocol's YAML, checks it, and makes what follows from it, like Rust code and JSON Schema.
//!
//! It never runs a protocol, opens no sockets, and writes no files but the one that it is asked for. Emitters never see
//! YAML or each other's output: everything goes through the [`Model`].
//!
//! Start reading at [`load`]: [`source`] reads files into what is written, `lower` turns that into what is meant (the
//! [`model`]), and [`emit`] makes text of it. What is wrong on the way is a [`diagnostic`]; what could be better is found by
//! [`lint`], what an edit breaks by [`diff`], and what a [`release`] has to be called by both.

pub mod build;
pub mod case;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod explain;
pub mod lint;
mod lower;
pub mod model;
pub mod release;
pub mod source;

use std::path::Path;

pub use build::build;
pub use diagnostic::Diagnostics;
use diagnostic::Sources;
pub use lower::{Unportable, lower, pattern_to_rust};
pub use model::Model;
use source::{Disk, LoadedFile, Origin};

/// A schema that has no errors, as it is written and as it is meant.
#[derive(Clone, Debug)]
pub struct Schema {
    /// What it means.
    pub model: Model,
    /// The files that it is written in, the first of which includes the others.
    pub files: Vec<LoadedFile>,
    /// What was read from them.
    pub sources: Sources,
}

impl Schema {
    /// Reads the schema at `path` with all that it includes.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Diagnostics> {
        Self::load_from(&Disk, path)
    }

    /// Like [`Schema::load`], from somewhere else than the disk.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load_from(origin: &dyn Origin, path: impl AsRef<Path>) -> Result<Self, Diagnostics> {
        let mut cx = source::Context::default();
        let read = source::load_from(origin, path.as_ref(), &mut cx)
            .and_then(|files| lower::lower(&files, &mut cx).map(|model| (files, model)))
            .and_then(|(files, mut model)| {
                model.older = lower::older::load(origin, &files, &model, &mut cx)?;
                Some((files, model))
            });
        if let Some((files, model)) = &read {
            lint::check_settings(model, files, &mut cx);
        }
        match read {
            Some((files, model)) if cx.diagnostics.is_empty() => Ok(Schema { model, files, sources: cx.sources }),
            _ => Err(Diagnostics::new(cx.sources, cx.diagnostics)),
        }
    }
}

/// The model of the schema at `path`.
///
/// # Errors
/// Everything that is wrong with the schema.
pub fn load(path: impl AsRef<Path>) -> Result<Model, Diagnostics> {
    Schema::load(path).map(|schema| schema.model)
}

/// Like [`load`], with the files that were read.
///
/// # Errors
/// Everything that is wrong with the schema.
pub fn load_with_sources(path: impl AsRef<Path>) -> Result<(Model, Sources), Diagnostics> {
    Schema::load(path).map(|schema| (schema.model, schema.sources))
}
