//! The schema argument of a command.

use std::path::PathBuf;

use accord_language::{Diagnostics, Model};
use clap::Args;

use crate::terminal;

/// The schema argument of a command.
#[derive(Args)]
pub struct SchemaPath {
    /// The schema's first file, for example `schema/chat.yaml`.
    #[arg(value_name = "SCHEMA")]
    pub schema: PathBuf,
}

impl SchemaPath {
    /// The schema's model, or the report of its errors.
    pub fn load(&self) -> Result<Model, String> {
        accord_review::load(&self.schema).map(|schema| schema.model).map_err(|diagnostics| report(&diagnostics))
    }
}

/// The report of a schema's errors, for standard error.
pub fn report(diagnostics: &Diagnostics) -> String {
    diagnostics.render(terminal::is_colourful(&std::io::stderr()))
}
