//! The schema compiler: reads a protocol's YAML, checks it, and makes what follows from it, like Rust code and JSON Schema.
//!
//! It never runs a protocol, opens no sockets, and writes no files but the one that it is asked for. Emitters never see
//! YAML or each other's output: everything goes through the [`Model`].
//!
//! Start reading at [`load`]: [`source`] reads files into what is written, `lower` turns that into what is meant (the
//! [`model`]), and [`emit`] makes text of it. What is wrong on the way is a [`diagnostic`].

pub mod build;
pub mod case;
pub mod diagnostic;
pub mod emit;
mod lower;
pub mod model;
pub mod source;

use std::path::Path;

pub use build::build;
pub use diagnostic::Diagnostics;
pub use lower::{Unportable, lower, pattern_to_rust};
pub use model::Model;

/// Reads the schema at `path` with all that it includes.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: impl AsRef<Path>) -> Result<Model, Diagnostics> {
    load_with_sources(path).map(|(model, _)| model)
}

/// Like [`load`], with the files that were read.
///
/// # Errors
/// Everything that is wrong with the schema.
pub fn load_with_sources(path: impl AsRef<Path>) -> Result<(Model, diagnostic::Sources), Diagnostics> {
    let mut cx = source::Context::default();
    let model = source::load(path.as_ref(), &mut cx).and_then(|files| lower::lower(&files, &mut cx));
    match model {
        Some(model) if cx.diagnostics.is_empty() => Ok((model, cx.sources)),
        _ => Err(Diagnostics::new(cx.sources, cx.diagnostics)),
    }
}
