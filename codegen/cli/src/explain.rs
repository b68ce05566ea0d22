//! `accord explain`.

use std::path::PathBuf;

use accord_review::explain;
use clap::Args;

use crate::{schema::report, terminal::print};

/// The arguments of `accord explain`.
#[derive(Args)]
pub struct Explain {
    /// A rule of `accord check`, `accord lint` or `accord diff`, or the name of an error, an error code, an event, an operation or a type.
    name: String,
    /// The schema's main file.
    #[arg(long, value_name = "SCHEMA", default_value = "schema/chat.yaml")]
    schema: PathBuf,
}

impl Explain {
    /// Explains a name; if several things have it, all of them.
    pub fn run(&self) -> Result<(), String> {
        // Rules are mostly looked up while a schema has errors, and need no schema.
        let schema = accord_language::load(&self.schema);
        let found = explain::explain(&self.name, schema.as_ref().ok());
        match (found, schema) {
            (Ok(pages), _) => print(&pages.join("\n\n")),
            (Err(_), Err(diagnostics)) => {
                let report = report(&diagnostics);
                Err(format!(
                    "{report}\nerror: no rule is named `{}`, and the schema cannot be read for other names\n",
                    self.name
                ))
            }
            (Err(help), Ok(_)) => Err(format!("error: nothing is named `{}`\n  = help: {help}\n", self.name)),
        }
    }
}
